"""A real Chromium, and the chat on the shipped document served to it on a free port."""

import asyncio
import importlib
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NoReturn

import pytest
import uvicorn

from app import build_app
from assistant import Answer, Assistant, Trail
from corpus import Document, Passage
from tests.in_time import LONG, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Page

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

NOTE_ANNOUNCEMENTS = """
window.announced = [];
new MutationObserver((mutations) => {
  const regions = new Set(mutations.map(({ target }) =>
    (target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement)?.closest("[role=status]")));
  for (const region of regions) {
    const words = region?.isConnected && region.textContent.trim();
    if (words) { window.announced.push(words); }
  }
}).observe(document, { childList: true, characterData: true, subtree: true });
"""
"""Notes every text that a status region on the page is given, as a screen reader would say it."""


def do_without(reason: str) -> NoReturn:
    """Skip, or fail where SIGNPOST_REQUIRE_BROWSER=1 says that there must be a browser."""
    if os.environ.get("SIGNPOST_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


MARKS = (
    pytest.mark.browser,
    # Gradio counts its events with options that pandas has retired.
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
)
"""Of every test in this folder."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder; the hook is given all that were collected."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            for mark in MARKS:
                item.add_marker(mark)


@pytest.fixture(scope="session")
def playwright_api() -> ModuleType:
    """Playwright's module, where it is installed."""
    try:
        return importlib.import_module("playwright.sync_api")
    except ImportError:
        do_without("playwright is not installed (pip install 'signpost[test]')")


@pytest.fixture(scope="module")
def chromium(playwright_api: ModuleType) -> Iterator["Browser"]:
    """Chromium, started once for a module of tests."""
    executable = shutil.which("chromium")
    if executable is None:
        do_without("there is no program `chromium` on the path")
    with playwright_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


DECLINED = "How long is a parking ticket for the clinic?"
URGENT_DECLINED = "my mom is confused and her speech is slurred"
"""The questions that the assistant behind the page declines: one of them is urgent."""


class SureAssistant(Assistant):
    """
    Gives whatever it finds as an answer, but for two questions, so that there are always both to see.

    Fixed replies and urgent notices stay as they are; it holds nothing of an assistant's own.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that it quotes."""
        return self._assistant.documents

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Every passage that it may quote."""
        return self._assistant.passages

    def converse(self, question: str, trail: Trail, *, exact: bool = False) -> tuple[Answer, Trail]:
        """Return the assistant's answer to a turn, decided on."""
        answer, grown = self._assistant.converse(question, trail, exact=exact)
        is_declined = question in {DECLINED, URGENT_DECLINED}
        return replace(answer, answered=answer.reply is None and not is_declined), grown


@pytest.fixture(scope="session")
def sure_assistant(fake_assistant: Assistant) -> SureAssistant:
    """The assistant behind the page; it needs no model."""
    return SureAssistant(fake_assistant)


@pytest.fixture(scope="module")
def origin(sure_assistant: SureAssistant) -> Iterator[str]:
    """The address of the chat, served from a thread of this process."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    servers: list[uvicorn.Server] = []

    async def serve() -> None:
        # Built within an event loop: outside one, Gradio leaves one unclosed.
        app = build_app(sure_assistant)
        config = uvicorn.Config(app, log_level="error", access_log=False, timeout_graceful_shutdown=1)
        servers.append(uvicorn.Server(config))
        await servers[0].serve(sockets=[listener])

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    until(lambda: (servers and servers[0].started) or not thread.is_alive())
    assert thread.is_alive(), "the server ended before it had started"
    yield f"http://127.0.0.1:{port}"
    servers[0].should_exit = True
    thread.join(LONG)


@dataclass
class Visit:
    """One person's visit: a page of its own, and what it asked for and complained about."""

    page: "Page"
    context: "BrowserContext"
    expect: Callable
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def box(self) -> "Locator":
        """The question box, by the name that a screen reader says."""
        return self.page.get_by_role("textbox", name="Your question", exact=True)

    @property
    def turns(self) -> "Locator":
        """Every turn on the screen."""
        return self.page.locator(".sp-turn")

    @property
    def newest(self) -> "Locator":
        """The last turn."""
        return self.page.locator("#newest")

    @property
    def pane(self) -> "Frame":
        """The document beside the conversation."""
        return self.page.frame(name="page")

    @property
    def starters(self) -> "Locator":
        """The first questions that are offered to whoever is chosen."""
        return self.page.locator(".sp-starters button:visible")

    def ask(self, question: str) -> None:
        """Type a question, press Enter and wait for what comes of it."""
        before = self.turns.count()
        self.box.fill(question)
        self.box.press("Enter")
        self.expect_turns(before + 1)

    def expect_turns(self, count: int) -> None:
        """Wait until that many turns are on the screen and the last of them is not pending."""
        self.expect(self.turns).to_have_count(count)
        self.expect(self.turns.last).to_have_id("newest")

    def announced(self) -> list[str]:
        """Return what was announced so far."""
        return self.page.evaluate("window.announced")

    def focused(self) -> str:
        """Return the name of the element that has the focus."""
        return self.page.evaluate("document.activeElement.tagName")


@pytest.fixture
def visit(
    chromium: "Browser", origin: str, playwright_api: ModuleType
) -> Iterator[Callable[..., Visit]]:
    """Open a page of the application: `visit(width=390, color_scheme="dark")`."""
    contexts = []

    def open_page(path: str = "/", *, width: int = 1280, height: int = 800, **options: object) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            base_url=origin,
            **options,
        )
        contexts.append(context)
        context.add_init_script(NOTE_ANNOUNCEMENTS)
        opened = Visit(context.new_page(), context, playwright_api.expect)
        context.on("request", lambda request: opened.requests.append(request.url))
        context.on("weberror", lambda error: opened.errors.append(str(error.error)))
        context.on(
            "console",
            lambda said: opened.errors.append(said.text) if said.type in {"error", "warning"} else None,
        )
        opened.page.goto(path)
        if path == "/":
            opened.box.wait_for()
        return opened

    yield open_page
    for context in contexts:
        context.close()
