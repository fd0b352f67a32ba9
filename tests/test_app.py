"""The whole application without a browser: its pages, its doors, and what one turn does."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import gradio as gr
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import Mount

from app import build_app
from assistant import Assistant, Conversation, Trail, wording
from assistant.as_html import HtmlRenderer
from assistant.errors import QuestionError
from assistant.links import READING_PATH, quote_link
from assistant.questions import MAX_CHARACTERS
from assistant.web.guard import CONTENT_SECURITY_POLICY
from assistant.web.privacy import privacy_script
from corpus import Document, Passage, Span
from index import EmbedderError

QUESTION = "Is yoga safe for me?"
UNTOUCHED = {"__type__": "update"}
"""What Gradio sends for a component that stays as it is."""

pytestmark = [
    # Gradio counts its events with options that pandas has retired.
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]


def built_by(assistant: Assistant) -> FastAPI:
    """Return the application, built within an event loop: outside one, Gradio leaves one unclosed."""

    async def build() -> FastAPI:
        return build_app(assistant)

    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, build()).result()


def chat_of(app: FastAPI) -> gr.Blocks:
    """Return the chat that is mounted in an application."""
    (mounted,) = [route.app for route in app.routes if isinstance(route, Mount)]
    return mounted.get_blocks()


def function_of(app: FastAPI, name: str) -> Callable[..., tuple]:
    """Return the function of that name behind a part of the chat."""
    (function,) = {event.fn for event in chat_of(app).fns.values() if event.name == name}
    return function


@pytest.fixture(scope="module")
def app(fake_assistant: Assistant) -> FastAPI:
    """The application on the shipped document, without a model."""
    return built_by(fake_assistant)


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    """A browser's side of the application, started."""
    with TestClient(app) as client:
        yield client


@pytest.fixture
def reply(app: FastAPI) -> Callable[[str, Conversation], tuple]:
    """The function behind the question box."""
    return function_of(app, "reply")


class BrokenAssistant(Assistant):
    """An assistant that cannot answer."""

    def __init__(self, whole: Assistant, error: Exception) -> None:
        self._whole = whole
        self._error = error

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents of the whole assistant."""
        return self._whole.documents

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passages of the whole assistant."""
        return self._whole.passages

    def converse(self, question: str, trail: Trail, **_: object) -> None:
        """Fail."""
        raise self._error


def run(client: TestClient, ticket: dict) -> list:
    """Run one event of the page; return what its components are set to."""
    assert client.post("/gradio_api/queue/join", json=ticket).status_code == 200
    reply = client.get("/gradio_api/queue/data", params={"session_hash": ticket["session_hash"]})
    events = [json.loads(line[5:]) for line in reply.text.splitlines() if line.startswith("data:")]
    (done,) = [event for event in events if event["msg"] == "process_completed"]
    assert done["success"] is True
    return done["output"]["data"]


class TestPages:
    def test_the_chat_page_has_our_script_and_style(
        self, client: TestClient, document: Document
    ) -> None:
        """The first page brings script and style of ours, whole, for Gradio to put in its head."""
        reply = client.get("/")
        config = re.search(r"window\.gradio_config = (.+?);?</script>", reply.text, re.DOTALL)
        renderer = HtmlRenderer([document])
        assert reply.status_code == 200
        assert reply.headers["content-type"] == "text/html; charset=utf-8"
        assert json.loads(config[1])["head"] == (
            '<meta name="referrer" content="no-referrer">'
            f"<style>{renderer.style}</style><script>{renderer.script}\n{privacy_script()}</script>"
        )

    def test_the_chat_page_names_no_other_host(self, client: TestClient) -> None:
        """No element of the first page fetches anything from elsewhere."""
        page = client.get("/").text
        addresses = re.findall(r"""(?:src|href|action)=["']([^"']+)""", page.partition("<body")[0])
        assert addresses
        assert [address for address in addresses if urlsplit(address).netloc] == []

    def test_the_first_screen_holds_welcome_starters_and_pane(
        self, client: TestClient, document: Document
    ) -> None:
        """The chat is set up with the head, the welcome, the starters and the page in its pane."""
        config = client.get("/config").json()
        shown = [component["props"].get("value") for component in config["components"]]
        renderer = HtmlRenderer([document])
        assert renderer.header() in shown
        assert renderer.welcome() in shown
        assert renderer.pane(document) in shown
        assert f'src="/read/{document.id}"' in renderer.pane(document)
        assert config["title"] == wording.NAME

    def test_the_reading_view_is_the_whole_page(self, client: TestClient, document: Document) -> None:
        """A document's address answers with the document, unmarked."""
        reply = client.get(f"{READING_PATH}/{document.id}")
        assert reply.status_code == 200
        assert reply.headers["content-type"] == "text/html; charset=utf-8"
        assert reply.text == HtmlRenderer([document]).reading_view(document, None)

    def test_a_quote_link_is_answered_with_its_words_marked(
        self, client: TestClient, document: Document
    ) -> None:
        """The address of a quote answers with exactly that range marked."""
        start = document.source.index("In general, yoga is safe")
        span = Span(start, start + 20)
        reply = client.get(quote_link(document.id, "yoga", span))
        assert reply.text == HtmlRenderer([document]).reading_view(document, span)
        assert "<mark>In general, yoga is </mark>" in reply.text

    @pytest.mark.parametrize("query", ["quote=", "quote=junk", "quote=9-1", "quote=0-999999", "q=1-2"])
    def test_a_damaged_quote_link_shows_the_page(
        self, client: TestClient, document: Document, query: str
    ) -> None:
        """A link that lost its range still opens the page, with nothing marked."""
        reply = client.get(f"{READING_PATH}/{document.id}?{query}")
        assert reply.status_code == 200
        assert "<mark>" not in reply.text

    @pytest.mark.parametrize("name", ["nowhere", "%3Cscript%3E", "a b", "treatment"])
    def test_an_unknown_document_is_a_page_of_its_own(
        self, client: TestClient, document: Document, name: str
    ) -> None:
        """An address that leads nowhere answers 404 with the way back, and echoes nothing."""
        reply = client.get(f"{READING_PATH}/{name}")
        assert reply.status_code == 404
        assert reply.text == HtmlRenderer([document]).not_found()

    def test_a_title_with_quotes_stays_a_title(
        self, fake_assistant: Assistant, small_document: Callable[..., Document]
    ) -> None:
        """Nothing in a document's title becomes markup of the chat page."""
        document = small_document("Words.\n", title='A "page" <b>of</b> ours')
        chat = chat_of(built_by(Titled(fake_assistant, document)))
        values = [str(getattr(block, "value", "")) for block in chat.blocks.values()]
        panes = [value for value in values if "<iframe" in value]
        assert len(panes) == 1
        assert "<b>" not in panes[0]


class Titled(BrokenAssistant):
    """An assistant with a document of one's own."""

    def __init__(self, whole: Assistant, document: Document) -> None:
        super().__init__(whole, RuntimeError())
        self._document = document

    @property
    def documents(self) -> tuple[Document, ...]:
        """The one document."""
        return (self._document,)


class TestDoors:
    @pytest.mark.parametrize(
        "path",
        [
            "/openapi.json",
            "/docs",
            "/redoc",
            "/monitoring",
            "/monitoring/summary",
            "/login",
            "/gradio_api/openapi.json",
            "/gradio_api/file=/etc/passwd",
            "/gradio_api/file=https://example.org/",
            "/gradio_api/proxy=https://example.org/",
            "/gradio_api/deep_link",
            "/gradio_api/queue/status",
            "/gradio_api/runs",
            "/nowhere",
        ],
    )
    def test_other_doors_are_closed(self, client: TestClient, path: str) -> None:
        """What Gradio offers beside the chat is answered 404, with the headers."""
        reply = client.get(path)
        assert (reply.status_code, reply.text) == (404, "Not found")
        assert reply.headers["content-security-policy"] == CONTENT_SECURITY_POLICY

    def test_nothing_can_be_uploaded(self, client: TestClient) -> None:
        """There is no door for files."""
        reply = client.post("/gradio_api/upload", files={"files": ("a.txt", b"words")})
        assert (reply.status_code, reply.text) == (404, "Not found")

    @pytest.mark.parametrize("path", ["/gradio_api/call/reply", "/gradio_api/run/reply"])
    def test_the_chat_is_no_programming_interface(self, client: TestClient, path: str) -> None:
        """A turn cannot be run by name."""
        reply = client.post(path, json={"data": [QUESTION, None]})
        assert (reply.status_code, reply.text) == (404, "Not found")

    def test_no_event_is_public(self, app: FastAPI, client: TestClient) -> None:
        """Every event of the chat is private, and the description of the interface is empty."""
        events = chat_of(app).fns.values()
        assert {event.api_visibility for event in events} == {"private"}
        assert {d["api_visibility"] for d in client.get("/config").json()["dependencies"]} == {"private"}
        assert client.get("/gradio_api/info").json() == {
            "named_endpoints": {},
            "unnamed_endpoints": {},
        }

    def test_each_way_to_go_on_has_one_event(self, app: FastAPI) -> None:
        """A question is shown at once and then answered; two taps undo what was carried over."""
        names = [event.name for event in chat_of(app).fns.values()]
        assert names == ["begin", "reply", "reply_exactly", "begin_new_topic"]

    def test_nothing_is_recorded(self, client: TestClient) -> None:
        """Run history, analytics, monitoring and error details are off."""
        config = client.get("/config").json()
        assert config["run_history"] is False
        assert config["analytics_enabled"] is False
        assert config["show_error"] is False
        assert config["footer_links"] == []

    @pytest.mark.parametrize(
        "path",
        [
            "/static/..%2f..%2froutes.py",
            "/assets/..%2f..%2f..%2froutes.py",
            "/svelte/..%2froutes.py",
            "/static/%2fetc%2fpasswd",
        ],
    )
    def test_program_files_are_no_way_to_others(self, client: TestClient, path: str) -> None:
        """The folders of program files hand out nothing from outside of them."""
        reply = client.get(path)
        assert reply.status_code in {403, 404}
        assert "import" not in reply.text
        assert "root:" not in reply.text

    @pytest.mark.parametrize("host", ["192.168.1.5:7860", "signpost.example"])
    def test_another_site_may_not_read_along(self, client: TestClient, host: str) -> None:
        """No reply tells a browser that another origin may read it."""
        for method, path in [("GET", "/config"), ("OPTIONS", "/gradio_api/queue/join")]:
            asked = {"origin": "https://other.example", "access-control-request-method": "POST"}
            reply = client.request(method, path, headers={"host": host, **asked})
            assert "access-control-allow-origin" not in reply.headers


class TestReply:
    def test_an_answer_empties_the_box(
        self, reply: Callable, fake_assistant: Assistant, document: Document
    ) -> None:
        """A turn returns the grown conversation and its drawing, and leaves the box alone."""
        conversation, shown, kept = reply(QUESTION, Conversation())
        (turn,) = conversation.turns
        assert turn.question == QUESTION
        assert turn.answer.shown == fake_assistant.answer(QUESTION).shown
        assert turn.trouble == ""
        assert shown == HtmlRenderer([document]).conversation(conversation)
        assert kept == UNTOUCHED

    def test_what_was_asked_is_shown_before_it_is_answered(self, app: FastAPI) -> None:
        """The box is emptied at once, and the question stands there while it is looked for."""
        asked, shown, kept = function_of(app, "begin")("what \ud83d is this", Conversation())
        assert asked == "what ? is this"
        assert f"{wording.YOU_ASKED}: </span>what ? is this</h2>" in shown
        assert wording.LOOKING in shown
        assert kept == ""

    def test_a_follow_up_knows_the_turn_before(self, reply: Callable) -> None:
        """What was spoken of before is part of what is searched for next."""
        before, *_ = reply(QUESTION, Conversation())
        after, *_ = reply("is it safe at home?", before)
        assert [turn.question for turn in after.turns] == [QUESTION, "is it safe at home?"]
        assert after.turns[1].answer.resolved_question == "yoga: is it safe at home?"
        assert len(before.turns) == 1

    def test_what_was_changed_can_be_asked_exactly(self, app: FastAPI, reply: Callable) -> None:
        """After a follow-up its own words can be searched for alone, and then no more is offered."""
        before, *_ = reply(QUESTION, Conversation())
        changed, offered, _ = reply("is it safe at home?", before)
        assert 'data-press="exactly"' in offered
        after, shown, kept = function_of(app, "reply_exactly")(changed)
        assert [turn.question for turn in after.turns] == [QUESTION] + ["is it safe at home?"] * 2
        assert after.turns[-1].answer.resolved_question == "is it safe at home?"
        assert shown.count("sp-searched") == 1
        assert kept == UNTOUCHED
        assert 'data-press="exactly"' not in shown

    def test_without_a_question_there_is_nothing_to_ask_exactly(self, app: FastAPI) -> None:
        """A press before the first question changes nothing."""
        empty = Conversation()
        assert function_of(app, "reply_exactly")(empty) == (empty, UNTOUCHED, UNTOUCHED)

    def test_a_new_topic_drops_what_was_spoken_of(self, app: FastAPI, reply: Callable) -> None:
        """The turns stay on the screen; the next question stands alone."""
        before, *_ = reply(QUESTION, Conversation())
        begun, shown = function_of(app, "begin_new_topic")(before)
        assert wording.NEW_TOPIC_BEGUN in shown
        assert begun.turns[0] == before.turns[0]
        after, *_ = reply("is it safe at home?", begun)
        assert after.turns[-1].answer.resolved_question == "is it safe at home?"

    @pytest.mark.parametrize(
        ("question", "trouble"),
        [
            pytest.param("", "The question is empty. Please type a few words.", id="empty"),
            pytest.param(" \t\n ", "The question is empty. Please type a few words.", id="blank"),
            pytest.param(
                "?!…", "The question holds no word. Please type a few words.", id="without a word"
            ),
            pytest.param(
                "a" * (MAX_CHARACTERS + 1),
                "The question has 4,001 characters; the limit is 4,000. Please shorten it.",
                id="too long",
            ),
        ],
    )
    def test_a_question_that_cannot_be_searched_for_stays_in_the_box(
        self, reply: Callable, question: str, trouble: str
    ) -> None:
        """The reason is told in the conversation, and nothing that was typed is lost."""
        conversation, shown, kept, *_ = reply(question, Conversation())
        (turn,) = conversation.turns
        assert (turn.answer, turn.trouble) == (None, trouble)
        assert f'<p class="sp-none">{trouble}</p>' in shown
        assert kept == question

    def test_the_longest_question_is_answered(self, reply: Callable) -> None:
        """A question of exactly the limit is no error."""
        conversation, _, kept = reply("word " * (MAX_CHARACTERS // 5 - 1) + "words", Conversation())
        assert conversation.turns[0].answer is not None
        assert kept == UNTOUCHED

    def test_trouble_is_not_the_end(self, reply: Callable) -> None:
        """After a refused question the next one is answered, and does not lean on it."""
        conversation, *_ = reply("", Conversation())
        conversation, *_ = reply("is it safe?", conversation)
        assert conversation.turns[1].answer.resolved_question == "is it safe?"

    def test_an_error_of_the_assistant_is_told(self, fake_assistant: Assistant) -> None:
        """An error of ours is told in its own sentence, with the question kept."""
        broken = BrokenAssistant(fake_assistant, QuestionError("Ask in <words>."))
        conversation, shown, kept, *_ = function_of(built_by(broken), "reply")(QUESTION, Conversation())
        assert conversation.turns[0].trouble == "Ask in <words>."
        assert "Ask in &lt;words&gt;." in shown
        assert kept == QUESTION

    def test_a_failure_is_told_in_our_words(self, fake_assistant: Assistant) -> None:
        """A failing model is told in one plain sentence, and the question stays in the box."""
        broken = BrokenAssistant(fake_assistant, EmbedderError("the model is gone"))
        conversation, shown, kept, *_ = function_of(built_by(broken), "reply")(QUESTION, Conversation())
        assert conversation.turns[0].trouble == wording.FAILED
        assert wording.FAILED in shown
        assert "the model is gone" not in shown
        assert kept == QUESTION


class TestOverHttp:
    """One turn as the browser makes it."""

    @staticmethod
    def ask(client: TestClient, question: str, session: str) -> list:
        """Ask in a session; return what the components of the page are set to."""
        ticket = {"data": [question, None], "fn_index": 0, "session_hash": session}
        begun = run(client, ticket)
        # As the page does: what was begun is then answered, with the state that the server keeps.
        ticket = {"data": [None, None], "fn_index": 1, "session_hash": session}
        return [*begun, *run(client, ticket)]

    def test_a_turn_sends_words_and_no_state(self, client: TestClient) -> None:
        """The browser is sent the drawing and an empty box; the conversation stays on the server."""
        asked, waiting, emptied, state, shown, kept = self.ask(client, QUESTION, "one")
        assert asked is state is None
        assert wording.LOOKING in waiting
        assert f"{wording.YOU_ASKED}: </span>{QUESTION}</h2>" in shown
        assert wording.LOOKING not in shown
        assert (emptied, kept) == ("", UNTOUCHED)

    def test_sessions_do_not_see_each_other(self, client: TestClient) -> None:
        """Each session has a conversation of its own."""
        self.ask(client, "What is a port?", "two")
        *_, shown, _ = self.ask(client, "Will I lose my hair?", "three")
        *_, again, _ = self.ask(client, "Is it fatigue?", "two")
        assert "port" not in shown
        assert shown.count("sp-turn") == 1
        assert again.count("sp-turn") == 2
        assert "lose my hair" not in again

    def test_what_the_browser_says_of_the_conversation_counts_for_nothing(
        self, client: TestClient
    ) -> None:
        """A conversation that a client makes up is refused, and never taken for the real one."""
        made_up = {"turns": [{"question": "made up", "answer": None, "trouble": "made up"}]}
        ticket = {"data": [QUESTION, made_up], "fn_index": 0, "session_hash": "four"}
        assert client.post("/gradio_api/queue/join", json=ticket).status_code == 422
        *_, shown, _ = self.ask(client, QUESTION, "four")
        assert QUESTION in shown
        assert "made up" not in shown

    def test_who_listens_without_having_asked_writes_no_error(
        self, client: TestClient, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """404, and not a word on stderr."""
        assert client.get("/gradio_api/queue/data?session_hash=six").status_code == 404
        assert capfd.readouterr() == ("", "")

    def test_a_body_that_is_too_large_is_refused(self, client: TestClient) -> None:
        """No question of 100,000 characters gets as far as the queue."""
        ticket = {"data": ["x" * 100_000, None], "fn_index": 0, "session_hash": "five"}
        reply = client.post("/gradio_api/queue/join", json=ticket)
        assert reply.status_code == 413


class TestServe:
    def test_importing_the_application_starts_nothing(self) -> None:
        """Importing it opens no connection, listens nowhere, starts no process and writes no line."""
        script = (
            "import socket, subprocess, sys, threading\n"
            "def refuse(*args, **kwargs): raise AssertionError(args)\n"
            "for name in ('connect', 'connect_ex', 'bind', 'listen', 'sendto'):\n"
            "    setattr(socket.socket, name, refuse)\n"
            "socket.getaddrinfo = socket.create_connection = subprocess.Popen.__init__ = refuse\n"
            "import app\n"
            "print([t.name for t in threading.enumerate()], 'sentence_transformers' in sys.modules)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        assert done.stdout == "['MainThread'] False\n"
        assert done.returncode == 0
