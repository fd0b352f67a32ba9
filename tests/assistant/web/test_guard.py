"""The guard, called as the server calls it, and held against the routes that really exist."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from app import build_app
from assistant import Assistant
from assistant.questions import MAX_CHARACTERS
from assistant.web.guard import CONTENT_SECURITY_POLICY, MAX_BODY_BYTES, Guard

ALLOWED_PATHS = [
    "/",
    "/read/treatment-for-metastatic-breast-cancer",
    "/read/a page of another name",
    "/take-with-you",
    "/quotes/treatment-for-metastatic-breast-cancer/10-20",
    "/assets/index-Dx3.js",
    "/static/fonts/system-ui/system-ui-Regular.woff2",
    "/svelte/svelte.js",
    "/config",
    "/theme.css",
    "/favicon.ico",
    "/robots.txt",
    "/manifest.json",
    "/gradio_api/queue/data",
    "/gradio_api/heartbeat/w0kp3v",
    "/gradio_api/startup-events",
    "/gradio_api/info",
    "/gradio_api/app_id",
    "/embed",
    "/api",
    "/api/openapi.json",
    "/healthz",
]
"""What may be read."""

SENT_TO = ["/gradio_api/queue/join", "/gradio_api/cancel", "/api/ask"]
"""What may be sent to."""

REFUSED_PATHS = [
    "",
    "//",
    "/read",
    "/read/",
    "/read/one/two",
    "/read/one/",
    "/config/",
    "/CONFIG",
    "/config.json",
    "/assets",
    "/assets/",
    "/docs",
    "/redoc",
    "/openapi.json",
    "/login",
    "/logout",
    "/monitoring",
    "/monitoring/summary",
    "/monitoring/0123456789abcdef",
    "/pwa_icon",
    "/gradio_api",
    "/gradio_api/",
    "/gradio_api/upload",
    "/gradio_api/upload_progress",
    "/gradio_api/file=https://example.org/picture.png",
    "/gradio_api/file=/etc/passwd",
    "/gradio_api/file//etc/passwd",
    "/gradio_api/proxy=https://example.org/",
    "/gradio_api/deep_link",
    "/gradio_api/run/reply",
    "/gradio_api/call/reply",
    "/gradio_api/call/v2/reply",
    "/gradio_api/api/reply",
    "/gradio_api/queue/status",
    "/gradio_api/queue/join/",
    "/gradio_api/heartbeat/one/two",
    "/gradio_api/component_server",
    "/gradio_api/process_recording",
    "/gradio_api/vibe-code",
    "/gradio_api/runs",
    "/gradio_api/openapi.json",
    "/gradio_api/info/",
    "/gradio_api/app_id/",
    "/gradio_api/queue/joined",
    "/x/gradio_api/queue/join",
    "/api/",
    "/api/ask/",
    "/api/reply",
    "/embed/",
    "/healthz/",
    "/mcp",
    "/mcp/",
    "/config\n",
]

PASSING_ROUTES = {
    ("GET", "/"),
    ("HEAD", "/"),
    ("GET", "/read/{document_id}"),
    ("GET", "/side-effects"),
    ("GET", "/medicines"),
    ("GET", "/take-with-you"),
    ("GET", "/assets/{path:path}"),
    ("GET", "/static/{path:path}"),
    ("GET", "/svelte/{path:path}"),
    ("GET", "/config"),
    ("GET", "/theme.css"),
    ("GET", "/favicon.ico"),
    ("GET", "/robots.txt"),
    ("GET", "/manifest.json"),
    ("POST", "/gradio_api/queue/join"),
    ("GET", "/gradio_api/queue/data"),
    ("GET", "/gradio_api/heartbeat/{session_hash}"),
    ("GET", "/gradio_api/startup-events"),
    ("POST", "/gradio_api/cancel"),
    ("GET", "/gradio_api/info"),
    # Where its page asks, once a lost connection is back, whether it is still the same server.
    ("GET", "/gradio_api/app_id"),
    ("GET", "/api"),
    ("GET", "/api/openapi.json"),
    ("POST", "/api/ask"),
    ("GET", "/healthz"),
}
"""Every route of the application that a browser can reach; a change here is a decision."""


class Inner:
    """The application behind the guard: notes what reaches it and answers 200."""

    def __init__(self, headers: dict[str, str] | None = None) -> None:
        self.scopes: list[Scope] = []
        self.received = 0
        self.headers = headers or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the whole body, then answer."""
        self.scopes.append(scope)
        if scope["type"] != "http":
            return
        more = True
        while more:
            message = await receive()
            self.received += len(message.get("body", b""))
            more = message.get("more_body", False)
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"inside"})


def http(path: str, headers: dict[str, str] | None = None, *, method: str = "GET") -> Scope:
    """Return the scope of a request."""
    raw = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    return {"type": "http", "method": method, "path": path, "headers": raw, "query_string": b""}


def call(
    inner: Inner, scope: Scope, body: tuple[bytes, ...] = (b"",), **options: object
) -> list[Message]:
    """Send one request through the guard; return what it sends back."""
    sent: list[Message] = []
    chunks = list(body)

    async def receive() -> Message:
        chunk = chunks.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(chunks)}

    async def send(message: Message) -> None:
        sent.append(message)

    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(asyncio.run, Guard(inner, **options)(scope, receive, send)).result()
    return sent


def headers_of(sent: list[Message]) -> dict[str, str]:
    """Return the headers of a reply; one that is there twice fails."""
    pairs = [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]
    assert len(pairs) == len(dict(pairs))
    return dict(pairs)


@pytest.fixture(scope="module")
def built(fake_assistant: Assistant) -> FastAPI:
    """The whole application, built within an event loop: outside one, Gradio leaves one unclosed."""

    async def build() -> FastAPI:
        return build_app(fake_assistant)

    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, build()).result()


def routes_of(routes: list, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield method and path of every route, those of mounted and included applications too."""
    for route in routes:
        if hasattr(route, "effective_route_contexts"):
            # Newer releases of FastAPI keep an included router as one route.
            for context in route.effective_route_contexts():
                yield from ((method, prefix + context.path) for method in context.methods)
        elif hasattr(getattr(route, "app", None), "routes"):
            yield from routes_of(route.app.routes, prefix + route.path)
        else:
            # A route of a kind unknown to this test (a WebSocket, say) fails here.
            assert isinstance(route, Route), f"{type(route).__name__} {route}"
            yield from ((method, prefix + route.path) for method in route.methods or ())


@pytest.mark.parametrize("path", ALLOWED_PATHS)
def test_what_the_chat_needs_is_let_through(path: str) -> None:
    """A path that the chat or the reading view needs reaches the application unchanged."""
    inner = Inner()
    posted = path in ("/gradio_api/queue/join", "/gradio_api/cancel")
    sent = call(inner, http(path, method="POST" if posted else "GET"))
    assert [scope["path"] for scope in inner.scopes] == [path]
    assert (sent[0]["status"], sent[1]["body"]) == (200, b"inside")


@pytest.mark.parametrize("path", SENT_TO)
def test_what_is_sent_is_let_through(path: str) -> None:
    """What the chat and the endpoint need reaches the application unchanged."""
    inner = Inner()
    assert call(inner, http(path, method="POST"))[0]["status"] == 200
    assert [scope["path"] for scope in inner.scopes] == [path]


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        *((path, "POST", "GET, HEAD") for path in ("/", "/config", "/read/page", "/healthz", "/embed")),
        *((path, method, "POST") for path in SENT_TO for method in ("GET", "HEAD", "OPTIONS", "PUT")),
        ("/", "DELETE", "GET, HEAD"),
        *(("/gradio_api/queue/data", method, "GET") for method in ("DELETE", "HEAD")),
        *((f"/gradio_api/{name}", "HEAD", "GET") for name in ("heartbeat/w0kp3v", "info", "app_id")),
    ],
)
def test_another_way_is_refused(path: str, method: str, allowed: str) -> None:
    """A path is used in its own way or not at all, and the reply says which that is."""
    inner = Inner()
    sent = call(inner, http(path, method=method))
    assert inner.scopes == []
    assert sent[0]["status"] == 405
    assert headers_of(sent)["allow"] == allowed


def test_the_tool_is_there_where_it_is_served() -> None:
    """It may be sent to then, and read never."""
    inner = Inner()
    assert call(inner, http("/mcp", method="POST"), mcp=True)[0]["status"] == 200
    assert call(inner, http("/mcp"), mcp=True)[0]["status"] == 405
    assert len(inner.scopes) == 1


def test_a_program_is_refused_in_a_sentence() -> None:
    """Below `/api` a refusal is JSON, so that a program need not guess."""
    sent = call(Inner(), http("/api/nowhere"))
    assert (sent[0]["status"], headers_of(sent)["content-type"]) == (404, "application/json")
    assert json.loads(sent[1]["body"]) == {"error": "There is nothing at this address."}


@pytest.mark.parametrize(
    ("path", "sources"),
    [("/embed", "https://www.example.org"), ("/", "'self'"), ("/nowhere", "'self'")],
)
def test_the_embeddable_view_has_a_policy_of_its_own(path: str, sources: str) -> None:
    """Named websites may show that view in a frame, and no other page."""
    sent = call(Inner(), http(path), embedded_by=["https://www.example.org"])
    assert f"; frame-ancestors {sources};" in headers_of(sent)["content-security-policy"]


@pytest.mark.parametrize("length", ["64001", "-1", "x", "", "1e3", "１"])
def test_a_length_that_is_none_is_refused(length: str) -> None:
    """Only digits that stay under the limit are a length."""
    inner = Inner()
    scope = http("/api/ask", method="POST")
    scope["headers"] = [(b"content-length", length.encode())]
    assert call(inner, scope)[0]["status"] == 413
    assert inner.scopes == []


@pytest.mark.parametrize("path", REFUSED_PATHS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_the_chat_does_not_need_is_refused(path: str, method: str) -> None:
    """Any other path is answered 404 without asking the application."""
    inner = Inner()
    sent = call(inner, http(path, method=method))
    assert inner.scopes == []
    assert sent[0]["status"] == 404
    assert sent[1]["body"] in {b"Not found", b'{"error":"There is nothing at this address."}'}


@pytest.mark.parametrize("path", ["/", "/read/page", "/gradio_api/upload", "/nowhere"])
def test_every_reply_has_the_headers(path: str) -> None:
    """Answered or refused, a reply carries every security header and is not to be stored."""
    headers = headers_of(call(Inner(), http(path)))
    wanted = {
        "content-security-policy": CONTENT_SECURITY_POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
        "cross-origin-opener-policy": "same-origin",
        "cache-control": "no-store",
    }
    assert {name: headers.get(name) for name in wanted} == wanted


def test_the_policy_allows_no_other_host() -> None:
    """The content security policy names this origin and inline code of ours, never a host or eval."""
    directives = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    allowed = {source for sources in directives.values() for source in sources.split()}
    assert allowed == {"'self'", "'none'", "'unsafe-inline'", "data:"}
    assert directives["default-src"] == "'self'"
    assert directives["script-src"] == "'self' 'unsafe-inline'"
    assert directives["connect-src"] == "'self'"
    assert directives["frame-ancestors"] == "'self'"
    assert directives["object-src"] == "'none'"


def test_the_headers_replace_those_of_the_application() -> None:
    """A header that the application sets otherwise is overruled, and there once."""
    inner = Inner({"content-security-policy": "default-src *", "cache-control": "public"})
    headers = headers_of(call(inner, http("/config")))
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/assets/index.js", "/static/fonts/a.woff2", "/svelte/svelte.js"])
def test_program_files_may_be_cached(path: str) -> None:
    """Files that hold no words of anybody keep the application's own caching."""
    headers = headers_of(call(Inner({"cache-control": "max-age=60"}), http(path)))
    assert headers["cache-control"] == "max-age=60"
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY


def test_a_body_up_to_the_limit_is_let_through() -> None:
    """The longest body that is allowed reaches the application whole."""
    inner = Inner()
    body = b"x" * MAX_BODY_BYTES
    announced = {"content-length": str(len(body))}
    sent = call(inner, http("/gradio_api/queue/join", announced, method="POST"), (body,))
    assert (sent[0]["status"], inner.received) == (200, MAX_BODY_BYTES)


def test_a_larger_body_is_refused_before_it_is_read() -> None:
    """One byte more is answered 413, with the headers, and no application is asked."""
    inner = Inner()
    announced = {"content-length": str(MAX_BODY_BYTES + 1)}
    sent = call(inner, http("/gradio_api/queue/join", announced, method="POST"))
    assert inner.scopes == []
    assert (sent[0]["status"], sent[1]["body"]) == (413, b"The request is too large")
    assert headers_of(sent)["content-security-policy"] == CONTENT_SECURITY_POLICY


def test_a_body_of_unknown_length_is_held_to_the_limit() -> None:
    """A body that comes in pieces, its length unannounced, is refused, or cut off at the limit."""
    inner = Inner()
    pieces = (b"x" * 32_000,) * 10
    unannounced = {"transfer-encoding": "chunked"}
    sent = call(inner, http("/gradio_api/queue/join", unannounced, method="POST"), pieces)
    assert sent[0]["status"] in {411, 413}
    assert inner.received <= MAX_BODY_BYTES


def test_the_longest_question_fits() -> None:
    """The longest question of the widest characters, as JSON, stays under the limit."""
    question = "\N{GRINNING FACE}" * MAX_CHARACTERS
    body = json.dumps({"data": [question, None], "fn_index": 0, "session_hash": "x" * 100})
    assert len(body) <= MAX_BODY_BYTES


def test_starting_and_stopping_are_let_through() -> None:
    """What is no request of a browser (the server's own start and stop) reaches the application."""
    inner = Inner()
    call(inner, {"type": "lifespan"})
    assert [scope["type"] for scope in inner.scopes] == ["lifespan"]


@pytest.mark.parametrize("path", ["/gradio_api/upload", "/anything"])
def test_a_websocket_is_refused(path: str) -> None:
    """No WebSocket reaches the application: the chat has no use for one."""
    inner = Inner()
    call(inner, {"type": "websocket", "path": path, "headers": []})
    assert inner.scopes == []


def test_a_failure_has_the_headers_too() -> None:
    """The 500 page that the framework sends for an error carries the headers."""
    app = FastAPI()
    app.add_middleware(Guard)

    @app.get("/config")
    def fail() -> None:
        raise RuntimeError

    reply = TestClient(app, raise_server_exceptions=False).get("/config")
    assert reply.status_code == 500
    assert reply.headers.get("content-security-policy") == CONTENT_SECURITY_POLICY


def test_exactly_these_routes_pass(built: FastAPI) -> None:
    """Of all the routes that the built application has, these and no others can be reached."""
    every = set(routes_of(built.routes))
    passing = set()
    for method, template in every:
        inner = Inner()
        call(inner, http(filled(template), method=method))
        if inner.scopes:
            passing.add((method, template))
    assert passing == PASSING_ROUTES
    # The walk saw Gradio's own routes, those of its included router among them.
    assert {("POST", "/gradio_api/upload"), ("GET", "/monitoring/summary")} <= every


def filled(template: str) -> str:
    """Return a path that a route's template matches."""
    before, _, rest = template.partition("{")
    name, _, after = rest.partition("}")
    value = name.partition(":")[0]
    return before + value + (filled(after) if "{" in after else after)
