"""The socket, the log and the end of the server."""

import logging
import logging.config
import socket
import subprocess
import sys
from collections.abc import Iterator

import h11
import pytest
from uvicorn.lifespan.off import LifespanOff

from assistant.errors import ServerError
from assistant.web.running import CONNECTIONS, LOGGING, Wordless, listen, not_answered_twice, server_of
from tests.assistant.web.conftest import Inner, run

PRIVATE = "my secret illness"


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Put the logging of this process back: a server sets it up for itself."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:], root.level = handlers, level


class TestListen:
    def test_a_free_port_is_taken_at_once(self) -> None:
        """From the moment that the port is known nobody else can take it."""
        with listen("127.0.0.1", 0) as listener:
            assert listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 1
            assert listener.getsockname()[0] == "127.0.0.1"
            assert listener.getsockname()[1] > 0

    def test_a_taken_port_is_known_at_once(self) -> None:
        """The message names host and port and what to do."""
        with listen("127.0.0.1", 0) as taken:
            port = taken.getsockname()[1]
            message = (
                rf"cannot listen on 127\.0\.0\.1, port {port} \(Address already in use\); "
                "choose another with --host or --port"
            )
            with pytest.raises(ServerError, match=message):
                listen("127.0.0.1", port)

    @pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "a..b", "x" * 64])
    def test_an_address_of_another_machine_is_refused(self, host: str) -> None:
        """Where the address is not one of this machine, the message says which it was."""
        with pytest.raises(ServerError, match=rf"cannot listen on {host}, port 0"):
            listen(host, 0)

    def test_a_failure_leaves_no_socket_open(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What was opened before the address proved taken is closed again."""
        opened = []

        class Noted(socket.socket):
            def __init__(self, *args: int) -> None:
                super().__init__(*args)
                opened.append(self)

        with socket.create_server(("127.0.0.1", 0)) as taken:
            monkeypatch.setattr("assistant.web.running.socket.socket", Noted)
            with pytest.raises(ServerError, match="cannot listen"):
                listen("127.0.0.1", taken.getsockname()[1])
        assert [one.fileno() for one in opened] == [-1]


class TestServer:
    def test_nobody_is_written_down(self) -> None:
        """There is no access log, replies do not name the software, and connections are counted."""
        config = server_of(Inner(), lambda: None).config
        assert (config.access_log, config.server_header) == (False, False)
        assert config.limit_concurrency == CONNECTIONS == 2_000

    def test_an_answer_has_time_to_be_finished(self) -> None:
        """To stop takes longer than an answer may."""
        from assistant.web.settings import ServerSettings  # noqa: PLC0415

        config = server_of(Inner(), lambda: None).config
        assert config.timeout_graceful_shutdown > ServerSettings().answer_seconds

    def test_it_says_when_it_begins_to_stop(self) -> None:
        """Before it waits for requests in flight."""
        order = []
        server = server_of(Inner(), lambda: order.append("told"))

        async def wait() -> None:
            order.append("waits")

        server._wait_tasks_to_complete = wait
        server.lifespan = LifespanOff(server.config)
        server.servers = []
        run(server.shutdown())
        assert order == ["told", "waits"]

    def test_any_thread_may_wish_it_to_stop(self) -> None:
        """The wish is seen by the server's own loop."""
        server = server_of(Inner(), lambda: None)
        server.stop()
        assert run(server.on_tick(1)) is True


class TestLog:
    def record(self, message: str, error: BaseException | None = None) -> str:
        """Return how a record is written."""
        info = None if error is None else (type(error), error, error.__traceback__)
        record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, message, None, info)
        return Wordless().format(record)

    def test_an_error_is_kind_and_place(self) -> None:
        """Neither its message nor those of its causes are written."""
        try:
            try:
                int(PRIVATE)
            except ValueError as cause:
                raise KeyError(PRIVATE) from cause
        except KeyError as error:
            written = self.record("Exception in ASGI application", error)
        lines = written.splitlines()
        assert lines[0] == "ERROR: Exception in ASGI application"
        assert lines[1].startswith(f"  KeyError in {__file__}, line ")
        assert lines[2].startswith(f"  ValueError in {__file__}, line ")
        assert len(lines) == 3
        assert PRIVATE not in written

    @pytest.mark.parametrize(
        ("error", "worth"),
        [
            (None, True),
            (KeyError(PRIVATE), True),
            (h11.RemoteProtocolError("no HTTP"), True),
            (h11.LocalProtocolError("answered already"), False),
        ],
        ids=["no error", "ours", "the asker's", "answered twice"],
    )
    def test_all_but_answers_to_what_was_answered_is_written(
        self, error: BaseException | None, worth: bool
    ) -> None:
        """Whoever sends what is no HTTP must not fill the log."""
        info = None if error is None else (type(error), error, None)
        record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "Exception", None, info)
        assert not_answered_twice(record) is worth
        logging.config.dictConfig(LOGGING)
        (handler,) = logging.getLogger().handlers
        assert bool(handler.filter(record)) is worth

    def test_a_record_of_no_error_is_written(self) -> None:
        """A library may log a traceback where there is none."""
        nothing = (None, None, None)
        record = logging.LogRecord("other", logging.ERROR, "", 0, "Exception", None, nothing)
        assert not_answered_twice(record)

    def test_only_the_first_line_of_a_message_is_written(self) -> None:
        """What asyncio adds in the lines after it is the error itself."""
        message = f"Task exception was never retrieved\nfuture: <Task exception=KeyError('{PRIVATE}')>"
        assert self.record(message) == "ERROR: Task exception was never retrieved"

    def test_causes_in_a_circle_come_to_an_end(self) -> None:
        """Each of two errors may be the other's cause."""
        one, two = KeyError("a"), ValueError("b")
        one.__cause__, two.__cause__ = two, one
        assert len(self.record("x", one).splitlines()) == 11

    def test_everybody_writes_through_it(self) -> None:
        """The server's loggers and a library's come out without words; what is no warning does not."""
        script = (
            "import logging.config\n"
            "from assistant.web.running import LOGGING\n"
            "logging.config.dictConfig(LOGGING)\n"
            "logging.getLogger('chatty').setLevel(logging.DEBUG)\n"
            "logging.getLogger('chatty').debug('nothing')\n"
            "for name in ('uvicorn.error', 'asyncio', 'other'):\n"
            f"    try: raise KeyError({PRIVATE!r})\n"
            "    except KeyError: logging.getLogger(name).exception(name)\n"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert done.stderr.splitlines() == [
            line
            for name in ("uvicorn.error", "asyncio", "other")
            for line in (f"ERROR: {name}", "  KeyError in <string>, line 7")
        ]
        assert LOGGING["disable_existing_loggers"] is False
