"""What the tests of the server share: an application behind a layer, and assistants that misbehave."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import Answer, Assistant, Trail
from assistant.web import site
from assistant.web.limits import TokenBuckets
from corpus import Document, Passage


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in a loop of its own, in a thread of its own."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, work).result()


def stop_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no time pass for what counts clients' questions, so that no bucket is filled again."""
    monkeypatch.setattr(site, "TokenBuckets", partial(TokenBuckets, clock=lambda: 0.0))


def request(path: str, *, method: str = "GET", client: str = "192.0.2.1", **headers: str) -> Scope:
    """Return the scope of a request; `_` in a header's name stands for `-`."""
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "headers": raw,
        "query_string": b"",
        "client": (client, 50_000),
    }


@dataclass
class Inner:
    """The application behind a layer: notes what reaches it and answers 200."""

    headers: dict[str, str] = field(default_factory=dict)
    body: tuple[bytes, ...] = (b"inside",)
    scopes: list[Scope] = field(default_factory=list)
    received: list[Message] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for."""
        return [scope["path"] for scope in self.scopes]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the whole body, then answer."""
        self.scopes.append(scope)
        if scope["type"] != "http":
            return
        while not self.received or self.received[-1].get("more_body"):
            self.received.append(await receive())
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for number, piece in enumerate(self.body, start=1):
            more = number < len(self.body)
            await send({"type": "http.response.body", "body": piece, "more_body": more})


@dataclass
class Reply:
    """What a client is sent."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def call(app: ASGIApp, scope: Scope) -> Reply:
    """Send one request without a body; return the reply."""
    reply = Reply()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            reply.status = message["status"]
            reply.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        reply.body += message.get("body", b"")

    run(app(scope, receive, send))
    return reply


class Scripted(Assistant):
    """An assistant that does what it is told instead of searching."""

    def __init__(self, whole: Assistant, act: Callable[[], None] = lambda: None) -> None:
        """Answer as `whole` does, after `act`, which may wait or fail."""
        self._whole = whole
        self._act = act
        self.asked: list[str] = []
        self.followed_up: list[str] = []

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents of the whole assistant."""
        return self._whole.documents

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passages of the whole assistant."""
        return self._whole.passages

    def followed(self, question: str, trail: Trail) -> Trail:
        """Act, note the earlier question, then follow it."""
        self.followed_up.append(question)
        self._act()
        return self._whole.followed(question, trail)

    def converse(self, question: str, trail: Trail, *, exact: bool = False) -> tuple[Answer, Trail]:
        """Act, then answer."""
        self.asked.append(question)
        self._act()
        return self._whole.converse(question, trail, exact=exact)


@pytest.fixture
def inner() -> Inner:
    """The application behind a layer."""
    return Inner()


@pytest.fixture
def scripted(fake_assistant: Assistant) -> Callable[..., Scripted]:
    """Make an assistant that acts before it answers: `scripted(act)`."""
    return lambda act=lambda: None: Scripted(fake_assistant, act)
