"""
The outer layer of the server: what may be asked for, and the headers of every reply.

Gradio opens many routes that this chat has no use for (uploads, a file relay, monitoring, its API
description). Only the routes named here are let through; any other is answered 404, so that a new
release of Gradio cannot open one unseen.
"""

import re
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.embedding import frame_ancestors
from assistant.web.sentences import LENGTH_MISSING, NOT_FOUND, NOT_THIS_WAY, TOO_LARGE

MAX_BODY_BYTES = 64_000
"""
Longest request body. A question of 4,000 characters needs at most 48 KB as JSON, where each may be two
escapes.
"""

READ = re.compile(
    r"/"
    r"|/embed"
    r"|/read/[^/]+"
    r"|/side-effects|/medicines"
    r"|/take-with-you|/quotes/[^/]+/[0-9]+-[0-9]+"
    r"|/(?:assets|static|svelte)/.+"
    r"|/(?:config|theme\.css|favicon\.ico|robots\.txt|manifest\.json)"
    r"|/api|/api/openapi\.json|/healthz"
)
"""What may be read, by GET or HEAD."""

FETCHED = re.compile(r"/gradio_api/(?:queue/data|heartbeat/[^/]+|startup-events|info|app_id)")
"""What the chat's page fetches, by GET alone: two of these are streams, which have no end."""

ASKED = re.compile(r"/gradio_api/(?:queue/join|cancel)|/api/ask")
"""What may be sent to, by POST."""

MCP_PATH = "/mcp"
"""What may be sent to besides, where the tool is served."""

_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "frame-ancestors {ancestors}",
        "base-uri 'self'",
        "form-action 'self'",
        "object-src 'none'",
    )
)

CONTENT_SECURITY_POLICY = _POLICY.format(ancestors="'self'")
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

    def __init__(self, app: ASGIApp, *, embedded_by: Sequence[str] = (), mcp: bool = False) -> None:
        """
        Stand before `app`.

        Args:
            app: The application.
            embedded_by: Origins of other websites that may show the embeddable view in a frame.
            mcp: Whether the tool is served.

        """
        self._app = app
        self._embedded_by = tuple(embedded_by)
        self._mcp = mcp

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
                _set_headers(MutableHeaders(scope=message), scope["path"], self._embedded_by)
            await send(message)

        refusal = self._refusal(scope)
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

    def _refusal(self, scope: Scope) -> Response | None:
        """Return the answer to a request that is not let through, or None."""
        path: str = scope["path"]
        methods = self._methods(path)
        if not methods:
            return _refused(path, 404, "Not found", NOT_FOUND)
        if scope["method"] not in methods:
            refusal = _refused(path, 405, "Not this way", NOT_THIS_WAY)
            refusal.headers["allow"] = ", ".join(methods)
            return refusal
        headers = Headers(scope=scope)
        if "transfer-encoding" in headers:
            # A body in chunks would pass by the limit on its length.
            return _refused(path, 411, "The length is missing", LENGTH_MISSING)
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > MAX_BODY_BYTES:
            return _refused(path, 413, "The request is too large", TOO_LARGE)
        return None

    def _methods(self, path: str) -> tuple[str, ...]:
        """Return how a path may be used; nothing where it may not be used at all."""
        if READ.fullmatch(path):
            return ("GET", "HEAD")
        if FETCHED.fullmatch(path):
            return ("GET",)
        return ("POST",) if ASKED.fullmatch(path) or (self._mcp and path == MCP_PATH) else ()


def _refused(path: str, status: int, short: str, sentence: str) -> Response:
    """Return a refusal: a sentence as JSON to a program, a few words to anybody else."""
    if path == MCP_PATH or path.startswith("/api"):
        return JSONResponse({"error": sentence}, status_code=status)
    return PlainTextResponse(short, status_code=status)


def _set_headers(headers: MutableHeaders, path: str, embedded_by: Sequence[str]) -> None:
    # Gradio echoes any origin; no other website may read a reply.
    for name in [name for name in headers if name.startswith("access-control-")]:
        del headers[name]
    for name, value in HEADERS.items():
        headers[name] = value
    headers["content-security-policy"] = _POLICY.format(ancestors=frame_ancestors(path, embedded_by))
    if not _cacheable(path):
        headers["cache-control"] = "no-store"


def _cacheable(path: str) -> bool:
    return path.startswith(("/assets/", "/static/", "/svelte/"))
