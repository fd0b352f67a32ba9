"""`/embed`: the chat's page for a frame in somebody else's page, and who may show it there."""

import re
from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

EMBED_PATH = "/embed"

_IN_FRAME = re.compile(r"/read/[^/]+|/side-effects|/medicines|/take-with-you")
"""Pages that open inside the embedded one: a frame is shown only if all pages around it are allowed."""


class EmbedView:
    """ASGI middleware: answers `/embed` with the page of the chat."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request."""
        if scope["type"] == "http" and scope["path"] == EMBED_PATH:
            # Gradio finds its parts relative to the page's address, and this one stands beside `/`.
            scope = {**scope, "path": "/", "raw_path": b"/"}
        await self._app(scope, receive, send)


def frame_ancestors(path: str, origins: Sequence[str]) -> str:
    """
    Return who may show a page in a frame, as the sources of `frame-ancestors`.

    Args:
        path: Of the page.
        origins: Other websites that may show the embeddable view.

    """
    if path == EMBED_PATH:
        return " ".join(origins) or "'none'"
    if origins and _IN_FRAME.fullmatch(path):
        return " ".join(["'self'", *origins])
    return "'self'"
