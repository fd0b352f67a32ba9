"""The whole server: the chat under its limits and below a path, a cold start, the log, and the end."""

import asyncio
import json
import logging
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import orjson
import pytest
from fastapi import FastAPI
from starlette.routing import Mount
from starlette.testclient import TestClient
from typer.testing import CliRunner

from app import _app_of, build_app
from assistant import Assistant, wording
from assistant.command_line import app as command_line
from assistant.web.guard import MAX_BODY_BYTES, Guard
from assistant.web.running import StoppingServer, listen, server_of
from assistant.web.sentences import BUSY, FAILED, TOO_MANY
from assistant.web.settings import ServerSettings
from assistant.web.site import Site
from assistant.web.warming import WarmingAssistant
from corpus import Document
from tests.assistant.web.conftest import Scripted, run, stop_clock
from tests.assistant.web.test_guard import PASSING_ROUTES, Inner, filled, routes_of
from tests.in_time import LONG, process_of, until

QUESTION = "Is yoga safe for me?"
PRIVATE = "Is my rare-secret-illness hereditary?"
FRIEND = "https://www.example.org"

BEGIN, REPLY = 0, 1
"""The events of a turn, in the order in which the page sends them."""

pytestmark = [
    # Gradio counts its events with options that pandas has retired.
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]


def built(assistant: Assistant, **settings: object) -> FastAPI:
    """Return the application, built within an event loop: outside one, Gradio leaves one unclosed."""

    async def build() -> FastAPI:
        return build_app(assistant, ServerSettings(**settings))

    return run(build())


def send(client: httpx.Client, event: int, data: list[object], session: str, root: str = "") -> list:
    """Send what the page sends for an event; return what it is told to show."""
    ticket = {"data": data, "fn_index": event, "session_hash": session}
    joined = client.post(f"{root}/gradio_api/queue/join", json=ticket)
    assert joined.status_code == 200, joined.text
    reply = client.get(f"{root}/gradio_api/queue/data", params={"session_hash": session})
    events = [json.loads(line[5:]) for line in reply.text.splitlines() if line.startswith("data:")]
    (done,) = [event for event in events if event["msg"] == "process_completed"]
    assert done["success"] is True
    return done["output"]["data"]


def ask_chat(client: httpx.Client, question: str, session: str, root: str = "") -> tuple[str, str]:
    """Ask as the page does; return what is shown while it is looked for, and then."""
    waiting = send(client, BEGIN, [question, None], session, root)[1]
    return waiting, send(client, REPLY, [None, None], session, root)[1]


class TestChat:
    def test_a_turn_is_answered_below_a_path(self, fake_assistant: Assistant) -> None:
        """With the path taken off or not, the chat works, and its links lie below the path."""
        with TestClient(built(fake_assistant, root_path="/signpost")) as client:
            for root in ("", "/signpost"):
                waiting, shown = ask_chat(client, QUESTION, f"session{root[1:]}", root)
                assert wording.LOOKING in waiting
                assert 'href="/signpost/read/' in shown
                assert 'href="/read/' not in shown
                config = client.get(f"{root}/config").json()
                assert config["root"] == "http://testserver/signpost"

    def test_who_asks_too_fast_is_told_on_the_page(
        self, fake_assistant: Assistant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The turn says so, the question goes back into the box, and the answers before stay."""
        stop_clock(monkeypatch)
        with TestClient(built(fake_assistant, rate=6)) as client:
            for _ in range(2):
                ask_chat(client, QUESTION, "one")
            send(client, BEGIN, ["What is a port?", None], "one")
            _, shown, kept = send(client, REPLY, [None, None], "one")
        # The test's client has no address, so that it is one client as those behind one are.
        assert shown.count(TOO_MANY) == 2
        assert shown.count("<blockquote") >= 2
        assert kept == "What is a port?"

    def test_a_flood_is_refused_at_the_door(
        self, fake_assistant: Assistant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What no page sends does not get as far as the queue."""
        stop_clock(monkeypatch)
        with TestClient(built(fake_assistant, rate=3)) as client:
            ticket = {"data": [QUESTION, None], "fn_index": BEGIN, "session_hash": "one"}
            sent = [client.post("/gradio_api/queue/join", json=ticket) for _ in range(5)]
        assert [reply.status_code for reply in sent] == [200] * 4 + [429]
        assert sent[4].json() == {"error": TOO_MANY}

    def test_what_nobody_foresaw_is_one_sentence(
        self, fake_assistant: Assistant, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """The reader keeps the question, the operator learns kind and place, and no one the words."""

        def fail() -> None:
            raise KeyError(PRIVATE)

        with TestClient(built(Scripted(fake_assistant, fail))) as client:
            _, shown = ask_chat(client, PRIVATE, "one")
            reply = client.post("/api/ask", json={"question": PRIVATE})
        said = capfd.readouterr()
        assert FAILED in shown
        assert (reply.status_code, reply.json()) == (503, {"error": FAILED})
        assert "KeyError in test_served.py" in said.err
        assert "rare-secret-illness" not in said.out + said.err

    def test_what_no_page_sends_is_not_written_anywhere(
        self, fake_assistant: Assistant, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """Gradio would write words that do not fit an event to stderr; it does not get them."""
        with TestClient(built(fake_assistant)) as client:
            for data in ([PRIVATE], [{"words": PRIVATE}, None], [PRIVATE, None, None]):
                ticket = {"data": data, "fn_index": REPLY, "session_hash": "one"}
                assert client.post("/gradio_api/queue/join", json=ticket).status_code == 422
        said = capfd.readouterr()
        assert "rare-secret-illness" not in said.out + said.err

    def test_the_line_on_privacy_is_drawn(self, fake_assistant: Assistant, tmp_path: Path) -> None:
        """The page says what the operator's log keeps."""
        with TestClient(built(fake_assistant, log=tmp_path / "log", log_questions=True)) as client:
            shown = [part["props"].get("value") for part in client.get("/config").json()["components"]]
        assert f"<p>{wording.PRIVACY_QUESTIONS_KEPT}</p>" in shown


class TestDoors:
    def test_with_everything_open_only_the_tool_is_added(self, fake_assistant: Assistant) -> None:
        """Of all routes that the built application has, these and no others can be reached."""
        app = built(fake_assistant, mcp=True, allow_origins=(FRIEND,), frame_ancestors=(FRIEND,))
        passing = set()
        for method, template in set(routes_of(app.routes)):
            inner = Inner()
            guard = Guard(inner, embedded_by=(FRIEND,), mcp=True)
            TestClient(guard).request(method, filled(template))
            if inner.scopes:
                passing.add((method, template))
        assert passing == PASSING_ROUTES | {("POST", "/mcp")}

    def test_the_guard_of_the_page_is_the_guard_of_the_application(
        self, fake_assistant: Assistant
    ) -> None:
        """Every route that may not pass is answered 404 or 405 by the whole application too."""
        with TestClient(built(fake_assistant)) as client:
            closed = set(routes_of(client.app.routes)) - PASSING_ROUTES
            assert len(closed) > 30
            statuses = {
                (method, template): client.request(method, filled(template)).status_code
                for method, template in closed
            }
        assert {key: status for key, status in statuses.items() if status not in {404, 405}} == {}

    def test_the_embeddable_view_is_the_chats_page(self, fake_assistant: Assistant) -> None:
        """It answers with the page itself, which finds its parts beside it, for the named website."""
        with TestClient(built(fake_assistant, frame_ancestors=(FRIEND,))) as client:
            reply = client.get("/embed")
        assert reply.status_code == 200
        assert "window.gradio_config" in reply.text
        assert f"frame-ancestors {FRIEND};" in reply.headers["content-security-policy"]

    def test_no_other_website_may_read_the_chat(self, fake_assistant: Assistant) -> None:
        """Even one that may use the endpoint: Gradio's own permission is taken off."""
        with TestClient(built(fake_assistant, allow_origins=(FRIEND,))) as client:
            for path in ("/config", "/", "/gradio_api/info"):
                headers = client.get(path, headers={"origin": FRIEND}).headers
                assert "access-control-allow-origin" not in headers
            shared = client.get("/healthz", headers={"origin": FRIEND}).headers
        assert shared["access-control-allow-origin"] == FRIEND

    def test_the_longest_question_fits_and_no_more(self, fake_assistant: Assistant) -> None:
        """The limit on a request leaves room for every question that may be asked."""
        with TestClient(built(fake_assistant)) as client:
            widest = client.post("/api/ask", json={"question": "\N{CJK UNIFIED IDEOGRAPH-4E00}" * 4_000})
            larger = client.post("/api/ask", content=b" " * (MAX_BODY_BYTES + 1))
        assert (widest.status_code, larger.status_code) == (200, 413)


class Running:
    """A server in a thread of this process, on a free port."""

    def __init__(self, assistant: Assistant, settings: ServerSettings) -> None:
        self._listener = listen("127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.site: Site
        self.server: StoppingServer
        self._started = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(assistant, settings), daemon=True)
        self._thread.start()
        assert self._started.wait(LONG), "the server neither started nor failed"
        self._raise_failure()
        assert self.server.started, "the server ended before it had started"

    def _run(self, assistant: Assistant, settings: ServerSettings) -> None:
        try:
            with self._listener:
                asyncio.run(self._serve(assistant, settings))
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test is to show it
            self._failure = error
        finally:
            self._started.set()

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    async def _serve(self, assistant: Assistant, settings: ServerSettings) -> None:
        # Built within an event loop: outside one, Gradio leaves one unclosed.
        self.site = Site(assistant, settings, lambda sentence: None)
        self.app = _app_of(self.site)
        self.server = server_of(self.app, self.site.stop)
        asyncio.get_running_loop().call_later(0, self._watch)
        await self.server.serve(sockets=[self._listener])

    def _watch(self) -> None:
        if self.server.started:
            self._started.set()
        else:
            asyncio.get_running_loop().call_later(0.01, self._watch)

    def ended(self) -> bool:
        """Wait for the end; tell whether it came."""
        self._thread.join(LONG)
        self._raise_failure()
        return not self._thread.is_alive()


@contextmanager
def running(assistant: Assistant, **settings: object) -> Iterator[Running]:
    """Run a server, and stop it in the end; the logging of this process is put back."""
    root = logging.getLogger()
    kept, level = list(root.handlers), root.level
    server = Running(assistant, ServerSettings(**settings))
    try:
        yield server
    finally:
        server.server.stop()
        assert server.ended()
        root.handlers[:], root.level = kept, level


class TestLog:
    def test_it_holds_ids_and_figures(
        self, fake_assistant: Assistant, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """Whichever way it is asked: a line an answer, no address and no words; nor does stderr."""
        log = tmp_path / "log.jsonl"
        with (
            running(fake_assistant, log=log, mcp=True) as server,
            httpx.Client(base_url=server.address, timeout=LONG) as client,
        ):
            client.headers["user-agent"] = "agent-of-somebody"
            client.headers["x-forwarded-for"] = "203.0.113.77"
            client.post("/api/ask", json={"question": PRIVATE, "earlier": ["earlier-words?"]})
            call = {"name": "ask_signpost", "arguments": {"question": PRIVATE}}
            message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
            client.post("/mcp", json=message)
            ask_chat(client, PRIVATE, "one")
            client.post("/api/ask", json={"question": 5, "secret": PRIVATE})
            client.get("/nowhere", params={"question": PRIVATE})
        said = capfd.readouterr()
        written = log.read_text()
        for nobody in (written, said.out, said.err):
            for word in ("rare-secret", "earlier-words", "127.0.0.1", "203.0.113.77", "agent-of"):
                assert word not in nobody
        lines = [orjson.loads(line) for line in written.splitlines()]
        assert list(lines[0]) == ["time", "started"]
        assert [set(line) for line in lines[1:]] == [
            {"time", "passages", "answered", "confidence", "ms", "carried", "reply"}
        ] * 3
        assert lines[2]["passages"] == lines[3]["passages"] != []

    def test_questions_are_there_where_that_is_set(
        self, fake_assistant: Assistant, tmp_path: Path
    ) -> None:
        """Then the words of each question are, and still no address."""
        log = tmp_path / "log.jsonl"
        with running(fake_assistant, log=log, log_questions=True) as server:
            httpx.post(f"{server.address}/api/ask", json={"question": PRIVATE}, timeout=LONG)
        lines = [orjson.loads(line) for line in log.read_bytes().splitlines()]
        assert [line.get("question") for line in lines] == [None, PRIVATE]
        assert b"127.0.0.1" not in log.read_bytes()


class TestPlaces:
    def test_who_goes_away_frees_the_place(self, fake_assistant: Assistant) -> None:
        """A client that hangs up while it waits makes room for the next."""
        begun, go_on = threading.Event(), threading.Event()

        def act() -> None:
            begun.set()
            assert go_on.wait(LONG)

        with (
            running(Scripted(fake_assistant, act), places=1, waiting=1) as server,
            ThreadPoolExecutor() as pool,
        ):
            room = server.site._queue._room

            def ask() -> httpx.Response:
                return httpx.post(f"{server.address}/api/ask", json={"question": QUESTION}, timeout=LONG)

            first = pool.submit(ask)
            assert begun.wait(LONG)
            with socket.create_connection(server._listener.getsockname()) as gone:
                body = orjson.dumps({"question": QUESTION})
                gone.sendall(
                    b"POST /api/ask HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                    b"content-length: %d\r\n\r\n%s" % (len(body), body)
                )
                until(lambda: room._value == 0)
                assert ask().json() == {"error": BUSY}
            until(lambda: room._value == 1)
            next_one = pool.submit(ask)
            until(lambda: room._value == 0)
            go_on.set()
            assert [first.result(LONG).status_code, next_one.result(LONG).status_code] == [200, 200]

    def test_who_closes_the_page_frees_the_place(self, fake_assistant: Assistant) -> None:
        """A question of the chat that waits in Gradio's queue goes with its page, and is never asked."""
        begun, go_on = threading.Event(), threading.Event()

        def act() -> None:
            begun.set()
            assert go_on.wait(LONG)

        assistant = Scripted(fake_assistant, act)
        with (
            running(assistant, places=1) as server,
            httpx.Client(base_url=server.address, timeout=LONG) as client,
            ThreadPoolExecutor() as pool,
        ):
            (mounted,) = [route.app for route in server.app.routes if isinstance(route, Mount)]
            queue = mounted.get_blocks()._queue
            send(client, BEGIN, [QUESTION, None], "one")
            first = pool.submit(send, client, REPLY, [None, None], "one")
            assert begun.wait(LONG)
            send(client, BEGIN, [PRIVATE, None], "two")
            ticket = {"data": [None, None], "fn_index": REPLY, "session_hash": "two"}
            client.post("/gradio_api/queue/join", json=ticket)
            with client.stream("GET", "/gradio_api/queue/data?session_hash=two") as stream:
                # Kept by name: an iterator that nobody keeps closes its connection at once.
                told = stream.iter_text()
                assert "estimation" in next(told)
                until(lambda: len(queue) == 1)
            until(lambda: len(queue) == 0)
            go_on.set()
            assert "<blockquote" in first.result(LONG)[1]
            ask_chat(client, QUESTION, "three")
        assert assistant.asked == [QUESTION, QUESTION]


class TestColdStart:
    def test_the_page_is_there_and_the_question_waits(
        self, fake_assistant: Assistant, document: Document
    ) -> None:
        """Page, document and health answer at once; the chat’s question is answered when it can be."""
        go_on = threading.Event()
        warming = WarmingAssistant([document], lambda: go_on.wait(LONG) and fake_assistant)
        warming.start(on_failure=lambda: None)
        with (
            running(warming, answer_seconds=LONG) as server,
            httpx.Client(base_url=server.address, timeout=LONG) as client,
            ThreadPoolExecutor() as pool,
        ):
            assert client.get("/").status_code == 200
            assert client.get(f"/read/{document.id}").status_code == 200
            assert client.get("/healthz").status_code == 503
            assert client.post("/api/ask", json={"question": QUESTION}).status_code == 503
            waiting = send(client, BEGIN, [QUESTION, None], "one")[1]
            assert wording.GETTING_READY in waiting
            answered = pool.submit(send, client, REPLY, [None, None], "one")
            # Others may come while it waits.
            assert wording.GETTING_READY in send(client, BEGIN, [QUESTION, None], "two")[1]
            assert not answered.done()
            go_on.set()
            assert "<blockquote" in answered.result(LONG)[1]
            assert client.get("/healthz").json()["status"] == "ok"


class TestEnd:
    def test_answers_in_flight_are_finished(self, fake_assistant: Assistant) -> None:
        """Who was heard is answered; who only keeps a tab open does not hold the server up."""
        begun, go_on = threading.Event(), threading.Event()

        def act() -> None:
            begun.set()
            assert go_on.wait(LONG)

        with (
            running(Scripted(fake_assistant, act)) as server,
            ThreadPoolExecutor() as pool,
            httpx.Client(base_url=server.address, timeout=LONG) as client,
            client.stream("GET", "/gradio_api/heartbeat/one") as heartbeat,
        ):
            beats = heartbeat.iter_text()
            assert "ALIVE" in next(beats)
            asked = pool.submit(client.post, "/api/ask", json={"question": QUESTION})
            assert begun.wait(LONG)
            server.server.stop()
            assert list(beats) == []
            assert not asked.done()
            go_on.set()
            assert asked.result(LONG).status_code == 200
            assert server.ended()

    def command(self, make: str, *arguments: str) -> AbstractContextManager["subprocess.Popen[str]"]:
        """Run `signpost serve` with a way of one's own to open the assistant."""
        script = (
            # Tests that run in the background of a shell pass on that they ignore it.
            "import signal, sys, threading\n"
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
            "import assistant.command_line as command_line\n"
            "from index import EmbedderError\n"
            f"def make(setup): {make}\n"
            "command_line.open_assistant = make\n"
            "command_line.app(sys.argv[1:])\n"
        )
        return process_of(
            [sys.executable, "-W", "ignore", "-c", script, "serve", "--port", "0", *arguments],
            cwd=Path(__file__).parents[1],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def test_what_cannot_get_ready_ends(self) -> None:
        """The address first, then one sentence, and an exit code that a supervisor understands."""
        with self.command("raise EmbedderError('the model is broken')") as process:
            said, told = process.communicate(timeout=LONG)
        first, last = told.splitlines()
        assert first.startswith("Signpost is at http://127.0.0.1:")
        assert last == "signpost: the model is broken"
        assert (process.returncode, said) == (1, "")

    def test_it_can_be_stopped_before_it_is_ready(self) -> None:
        """Ctrl-C does not wait for an index, and is no failure."""
        with self.command("threading.Event().wait()") as process:
            assert process.stderr.readline().startswith("Signpost is at ")
            process.send_signal(signal.SIGINT)
            said, told = process.communicate(timeout=LONG)
        assert (process.returncode, said, told) == (0, "", "")

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--root-path", "x/"], "signpost: 'x/' is no root path"),
            (["--allow-origin", "*"], "signpost: '*' is no origin"),
            (["--embedded-by", "example.org"], "signpost: 'example.org' is no origin"),
            (["--log-questions"], "signpost: --log-questions says what the log holds"),
            (["--log", "/nowhere/log"], "signpost: the log /nowhere/log cannot be written"),
            (["--model", "nobody/nothing"], "signpost: there is no model nobody/nothing"),
            (["--host", "192.0.2.1"], "signpost: cannot listen on 192.0.2.1"),
        ],
    )
    def test_what_is_wrong_is_told_before_anything_is_served(
        self, arguments: list[str], message: str
    ) -> None:
        """One sentence, exit code 1, and no address that nobody answers at."""
        done = CliRunner().invoke(command_line, ["serve", "--port", "0", *arguments])
        assert done.stderr.startswith(message)
        assert len(done.stderr.splitlines()) == 1
        assert (done.exit_code, done.stdout) == (1, "")


def test_a_body_that_is_no_http_is_answered_once(
    fake_assistant: Assistant, capfd: pytest.CaptureFixture[str]
) -> None:
    """Headers of a question and a broken chunk in one piece: one answer, and no error in the log."""
    with (
        running(fake_assistant) as server,
        socket.create_connection(server._listener.getsockname(), LONG) as line,
    ):
        line.sendall(
            b"POST /api/ask HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
            b"transfer-encoding: chunked\r\n\r\nzz\r\n"
        )
        assert line.recv(4_096).startswith(b"HTTP/1.1 400 ")
        assert httpx.get(f"{server.address}/healthz").status_code == 200
    # Loggers that other tests have set up may keep uvicorn's warning back; no more may stand there.
    assert set(capfd.readouterr().err.splitlines()) <= {"WARNING: Invalid HTTP request received."}
