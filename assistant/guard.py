"""
The outermost layer of the server: what may be asked for, and the headers of every reply.

Gradio opens many routes that this chat has no use for (uploads, a file relay, monitoring, its API
description). Only the routes named here are let through; any other is answered 404, so that a new
release of Gradio cannot open one unseen.
"""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 64_000
"""Longest request body. A question of 4,000 characters needs at most 24 KB as JSON."""

ALLOWED = re.compile(
    r"/"
    r"|/read/[^/]+"
    r"|/(?:assets|static|svelte)/.+"
    r"|/(?:config|theme\.css|favicon\.ico|robots\.txt|manifest\.json)"
    r"|/gradio_api/(?:queue/(?:join|data)|heartbeat/[^/]+|startup-events|cancel|info)"
)

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "frame-ancestors 'self'",
        "base-uri 'self'",
        "form-action 'self'",
        "object-src 'none'",
    )
)
"""Nothing is loaded from another host. Gradio needs inline scripts and styles."""

HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "cross-origin-opener-policy": "same-origin",
}


class Guard:
    """ASGI middleware: refuses what the chat does not need and sets the headers."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def guarded_send(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _set_headers(MutableHeaders(scope=message), scope["path"])
            await send(message)

        refusal = _refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, guarded_send)
            return
        try:
            await self._app(scope, receive, guarded_send)
        except Exception:
            if not started:
                failure = PlainTextResponse("Something went wrong", status_code=500)
                await failure(scope, receive, guarded_send)
            raise


def _refusal(scope: Scope) -> PlainTextResponse | None:
    """Return the answer to a request that is not let through, or None."""
    if not ALLOWED.fullmatch(scope["path"]):
        return PlainTextResponse("Not found", status_code=404)
    headers = Headers(scope=scope)
    if "transfer-encoding" in headers:
        # A body in chunks would pass by the limit on its length.
        return PlainTextResponse("The length is missing", status_code=411)
    length = headers.get("content-length", "0")
    if not length.isascii() or not length.isdigit() or int(length) > MAX_BODY_BYTES:
        return PlainTextResponse("The request is too large", status_code=413)
    return None


def _set_headers(headers: MutableHeaders, path: str) -> None:
    # Gradio echoes any origin; no other website may read a reply.
    for name in [name for name in headers if name.startswith("access-control-")]:
        del headers[name]
    for name, value in HEADERS.items():
        headers[name] = value
    if not _cacheable(path):
        headers["cache-control"] = "no-store"


def _cacheable(path: str) -> bool:
    return path.startswith(("/assets/", "/static/", "/svelte/"))
