"""Which pages of other websites may read the JSON endpoint (CORS): none but those that are named."""

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SHARED_PATHS = {"/api/ask": "POST", "/healthz": "GET"}
"""What may be asked from other websites, and how. Nothing here knows who asks: no cookie is used."""

PREFLIGHT_SECONDS = 600
"""How long a browser may remember that it may ask; ten minutes, as Starlette does."""


class CrossOrigin:
    """
    ASGI middleware: lets named origins read the endpoint.

    Stands before the Guard, which takes off every such header that the application sets.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        """
        Stand before `app`.

        Args:
            app: The application.
            origins: Such as "https://www.example.org".

        """
        self._app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a browser's question beforehand, or pass on one request."""
        method = SHARED_PATHS.get(scope["path"]) if scope["type"] == "http" else None
        if method is None or not self._origins:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        allowed = headers.get("origin") in self._origins

        async def shared_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                reply = MutableHeaders(scope=message)
                # Also where it is not allowed: a cache must not hand one origin's reply to another.
                reply.add_vary_header("origin")
                if allowed:
                    reply["access-control-allow-origin"] = headers["origin"]
                    reply["access-control-expose-headers"] = "retry-after"
            await send(message)

        if allowed and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _preflight(method)(scope, receive, shared_send)
            return
        await self._app(scope, receive, shared_send)


def _preflight(method: str) -> Response:
    return Response(
        status_code=204,
        headers={
            "access-control-allow-methods": method,
            "access-control-allow-headers": "content-type",
            "access-control-max-age": str(PREFLIGHT_SECONDS),
        },
    )
