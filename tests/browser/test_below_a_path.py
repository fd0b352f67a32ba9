"""The chat in a real browser behind a proxy that takes a path off, and in a frame of another website."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import uvicorn
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app import build_app
from assistant import Assistant, wording
from assistant.web.settings import ServerSettings
from corpus import Document
from tests.in_time import LONG, until

if TYPE_CHECKING:
    from types import ModuleType

    from playwright.sync_api import Browser, FrameLocator, Page

ROOT = "/signpost"
QUESTION = "Will I lose my hair?"


class Proxy:
    """Shows an application below a path, and beside it a page of the publisher's own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.outside: list[str] = []
        self.framed = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on one request, the path taken off."""
        path = scope.get("path", "")
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif path.startswith(f"{ROOT}/"):
            inside = path.removeprefix(ROOT)
            await self.app({**scope, "path": inside, "raw_path": inside.encode()}, receive, send)
        elif path == "/publisher":
            frame = f'<iframe title="Ask" width="600" height="700" src="{self.framed}"></iframe>'
            await HTMLResponse(f"<!doctype html><title>P</title>{frame}")(scope, receive, send)
        else:
            self.outside.append(path)
            await PlainTextResponse("outside", status_code=404)(scope, receive, send)


@pytest.fixture(scope="module")
def ports() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two addresses: to a browser they are two websites."""
    with (
        socket.create_server(("127.0.0.1", 0)) as ours,
        socket.create_server(("127.0.0.1", 0)) as theirs,
    ):
        yield ours, theirs


@pytest.fixture(scope="module")
def proxy(fake_assistant: Assistant, ports: tuple[socket.socket, socket.socket]) -> Iterator[Proxy]:
    """The proxy, served at both addresses from a thread of this process."""
    started: list[tuple[Proxy, list[uvicorn.Server]]] = []
    ours, theirs = (f"http://127.0.0.1:{port.getsockname()[1]}" for port in ports)

    async def serve() -> None:
        # Built within an event loop: outside one, Gradio leaves one unclosed.
        settings = ServerSettings(root_path=ROOT, frame_ancestors=(theirs,))
        proxy = Proxy(build_app(fake_assistant, settings))
        proxy.framed = f"{ours}{ROOT}/embed"
        options = {"log_level": "error", "access_log": False, "timeout_graceful_shutdown": 1}
        first = uvicorn.Server(uvicorn.Config(proxy, **options))
        # The application is started once, by the first.
        second = uvicorn.Server(uvicorn.Config(proxy, **options, lifespan="off"))
        started.append((proxy, [first, second]))
        await asyncio.gather(first.serve(sockets=[ports[0]]), second.serve(sockets=[ports[1]]))

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    until(lambda: (started and all(server.started for server in started[0][1])) or not thread.is_alive())
    assert thread.is_alive(), "the server ended before it had started"
    yield started[0][0]
    for server in started[0][1]:
        server.should_exit = True
    thread.join(LONG)


def ask(place: "Page | FrameLocator", playwright_api: "ModuleType") -> None:
    """Ask, and wait for the answer."""
    box = place.get_by_role("textbox", name=wording.QUESTION_LABEL, exact=True)
    box.fill(QUESTION)
    box.press("Enter")
    playwright_api.expect(place.locator("#newest blockquote").first).to_be_attached()


def test_a_question_is_answered_and_its_page_opened(
    chromium: "Browser", playwright_api: "ModuleType", proxy: Proxy, document: Document
) -> None:
    """Below the path the chat answers, its links open the document, and nothing outside is needed."""
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(proxy.framed.replace("/embed", "/"))
    ask(page, playwright_api)
    line = page.locator("#small-print")
    playwright_api.expect(line).to_have_text(wording.PRIVACY)
    link = page.locator("#newest .sp-place a").first
    assert link.get_attribute("href").startswith(f"{ROOT}/read/{document.id}?quote=")
    page.locator("#newest details summary").first.click()
    link.click()
    page.frame(name="page").locator("mark").first.wait_for()
    assert f"{ROOT}/read/{document.id}?quote=" in page.frame(name="page").url
    page.close()
    assert errors == []
    # Gradio's page names a manifest at the root, which it does without.
    assert set(proxy.outside) <= {"/manifest.json", "/favicon.ico"}


def test_the_publishers_page_shows_the_chat(
    chromium: "Browser", playwright_api: "ModuleType", proxy: Proxy, ports: tuple[socket.socket, ...]
) -> None:
    """In a frame of the named website the chat answers, and its links open the document inside."""
    page = chromium.new_page(viewport={"width": 700, "height": 800})
    page.goto(f"http://127.0.0.1:{ports[1].getsockname()[1]}/publisher")
    inside = page.frame_locator("iframe[title=Ask]")
    ask(inside, playwright_api)
    inside.locator("#newest details summary").first.click()
    inside.locator("#newest .sp-place a").first.click()
    page.frame(name="page").locator("mark").first.wait_for()
    page.close()


def test_another_page_may_not_show_it(
    chromium: "Browser", proxy: Proxy, ports: tuple[socket.socket, ...]
) -> None:
    """The chat's own address stays out of a frame of the same named website."""
    page = chromium.new_page()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text))
    page.goto(f"http://127.0.0.1:{ports[1].getsockname()[1]}/publisher")
    page.evaluate(
        "address => new Promise(done => { const frame = document.createElement('iframe');"
        "frame.onload = done; frame.src = address; document.body.append(frame); })",
        proxy.framed.replace("/embed", "/"),
    )
    page.close()
    assert any("frame-ancestors" in said for said in refused)
