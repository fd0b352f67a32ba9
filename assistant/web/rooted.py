"""
The server below a path of somebody else's site, such as `/signpost`: requests in, links out.

Everything inside is written for the root. A request's path loses the prefix on its way in, whether or
not the proxy took it off already; links in pages and answers get it on their way out.
"""

import re
from typing import Any

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.as_html import HtmlRenderer

_OWN_ADDRESS = re.compile(r'(?<= )(href|src|cite|action|data-address)="(?=/(?!/))')
"""An attribute with an address on this server; in text the quotation mark would be escaped."""


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
            await RedirectResponse(f"{self._root}/")(scope, receive, send)
        else:
            inside = path.removeprefix(self._root)
            raw = scope.get("raw_path") or path.encode()
            inner = {**scope, "path": inside, "raw_path": raw.removeprefix(self._root.encode())}
            await self._app(inner, receive, send)


class RootedRenderer(HtmlRenderer):
    """Draws pages whose addresses begin with the root path."""

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
        drawn = super()._draw(name, **values)
        return _OWN_ADDRESS.sub(rf'\1="{self._root}', drawn) if self._root else drawn


def rooted_fields(fields: dict[str, Any], root_path: str) -> dict[str, Any]:
    """Return an answer's JSON object with its links below the root path."""
    if not root_path:
        return fields
    return {name: _rooted(name, value, root_path) for name, value in fields.items()}


def _rooted(name: str, value: object, root_path: str) -> object:
    if isinstance(value, dict):
        return rooted_fields(value, root_path)
    if isinstance(value, list):
        return [_rooted("", each, root_path) for each in value]
    if name == "link" and isinstance(value, str) and value.startswith("/"):
        return root_path + value
    return value
