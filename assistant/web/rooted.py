"""
The server below a path of somebody else's site, such as `/signpost`: requests in, links out.

Everything inside is written for the root. A request's path loses the prefix on its way in, whether or
not the proxy took it off already; links in pages and answers get it on their way out.
"""

import re
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.as_html import VIEWS, HtmlRenderer
from assistant.web.embedding import EMBED_PATH
from assistant.web.guard import HEADERS

_OWN_ADDRESS = re.compile(r'(?<= )(href|src|cite|action|data-address)="(?=/(?!/))')
"""An attribute with an address on this server; in text the quotation mark would be escaped."""


ROOTED = frozenset({"/", EMBED_PATH, *(view.link for view in VIEWS)})
"""Pages that know the root path themselves: the chat's, which are Gradio's, and the views beside it."""


class RootPath:
    """ASGI middleware: takes the root path off the paths of requests."""

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        """
        Stand before `app`.

        Args:
            app: The application, written for the root.
            root_path: What a proxy shows before each path; empty for nothing.

        """
        self._app = app
        self._root = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request under the path that it has inside."""
        path = scope.get("path", "")
        if not self._root or not (path == self._root or path.startswith(f"{self._root}/")):
            await self._app(scope, receive, send)
        elif path == self._root:
            # The chat's page loads its parts from beside itself, so that its address ends in a slash.
            await RedirectResponse(f"{self._root}/", headers=HEADERS)(scope, receive, send)
        else:
            inside = path.removeprefix(self._root)
            raw = scope.get("raw_path") or path.encode()
            inner = {**scope, "path": inside, "raw_path": raw.removeprefix(self._root.encode())}
            await self._app(inner, receive, send)


class RootedPages:
    """ASGI middleware: whole pages of ours leave with addresses that begin with the root path."""

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        """
        Stand before `app`.

        Args:
            app: The application, whose pages are written for the root.
            root_path: What a proxy shows before each path; empty for nothing.

        """
        self._app = app
        self._root = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request."""
        if not self._root or scope["type"] != "http" or scope["path"] in ROOTED:
            await self._app(scope, receive, send)
            return
        start: Message = {}
        body = bytearray()

        async def rooted_send(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                start.update(message)
            elif not start:
                await send(message)
            else:
                body.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    whole = rooted_html(body.decode("utf-8"), self._root).encode("utf-8")
                    MutableHeaders(scope=start)["content-length"] = str(len(whole))
                    await send(start)
                    await send({**message, "body": whole})

        await self._app(scope, receive, rooted_send)


class RootedRenderer(HtmlRenderer):
    """Draws parts of the chat whose addresses begin with the root path."""

    def __init__(self, *args: Any, root_path: str) -> None:
        """
        Prepare to draw.

        Args:
            args: What an HtmlRenderer is made of.
            root_path: What a proxy shows before each path; empty for nothing.

        """
        super().__init__(*args)
        self._root = root_path

    def _draw(self, name: str, **values: object) -> str:
        return rooted_html(super()._draw(name, **values), self._root)


def rooted_html(drawn: str, root_path: str) -> str:
    """Return HTML with the addresses on this server below the root path."""
    return _OWN_ADDRESS.sub(rf'\1="{root_path}', drawn)


def rooted_fields(fields: dict[str, Any], root_path: str) -> dict[str, Any]:
    """Return an answer's JSON object with its links below the root path."""
    if not root_path:
        return fields
    return {name: _rooted(name, value, root_path) for name, value in fields.items()}


def _is_page(message: Message) -> bool:
    return MutableHeaders(scope=message).get("content-type", "").startswith("text/html")


def _rooted(name: str, value: object, root_path: str) -> object:
    if isinstance(value, dict):
        return rooted_fields(value, root_path)
    if isinstance(value, list):
        return [_rooted("", each, root_path) for each in value]
    if name == "link" and isinstance(value, str) and value.startswith("/"):
        return root_path + value
    return value
