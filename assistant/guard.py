"""
The outermost layer of the server: what may be asked for, and the headers of every reply.

Gradio opens many routes that this chat has no use for (uploads, a file relay, monitoring, its API
description). Only the routes named here are let through; any other is answered 404, so that a new
release of Gradio cannot open one unseen.
"""

import re

from starlette.datastructures import MutableHeaders
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
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if not _cacheable(scope["path"]):
                    headers["cache-control"] = "no-store"
            await send(message)

        if not ALLOWED.fullmatch(scope["path"]):
            refusal = PlainTextResponse("Not found", status_code=404)
            await refusal(scope, receive, send_with_headers)
            return
        if _announced_length(scope) > MAX_BODY_BYTES:
            refusal = PlainTextResponse("The request is too large", status_code=413)
            await refusal(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)


def _cacheable(path: str) -> bool:
    return path.startswith(("/assets/", "/static/", "/svelte/"))


def _announced_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
