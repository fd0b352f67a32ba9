"""Runs an application on a socket: the address first, a quiet log, and an end that finishes answers."""

import logging
import os
import socket
import sys
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any, NoReturn

import uvicorn
from starlette.types import ASGIApp

from assistant.errors import ServerError

BACKLOG = 128
"""Connections that wait to be accepted."""

CONNECTIONS = 2_000
"""Connections and requests at a time; a tab holds two. One more is answered 503."""

STOP_SECONDS = 25
"""Longest time from the wish to stop until the end: more than an answer may take."""

MOST_CAUSES = 10
"""Causes that are told: they may run in a circle."""

ANSWERED_TWICE = frozenset({"h11._util.LocalProtocolError", "h11.LocalProtocolError"})
"""Errors, by the name of their class, of an answer to a request that has been answered."""

_ExceptionInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class Wordless(logging.Formatter):
    """
    Writes the first line of a message, and of an error its kinds and places.

    An error's own message, and what follows the first line, may hold words of a question.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return one record as text."""
        first = record.getMessage().partition("\n")[0]
        lines = [f"{record.levelname}: {first}"]
        if record.exc_info:
            lines.append(self.formatException(record.exc_info))
        return "\n".join(lines)

    def formatException(self, ei: _ExceptionInfo) -> str:
        """Return the kinds of an error and its causes, each with its place."""
        told: list[str] = []
        error = ei[1]
        while error is not None and len(told) < MOST_CAUSES:
            frames = traceback.extract_tb(error.__traceback__)
            place = f" in {frames[-1].filename}, line {frames[-1].lineno}" if frames else ""
            told.append(f"  {type(error).__name__}{place}")
            error = error.__cause__ or error.__context__
        return "\n".join(told)


def not_answered_twice(record: logging.LogRecord) -> bool:
    """
    Tell whether a record is worth writing: all but one are.

    uvicorn (0.54) itself answers a request whose body is no HTTP, and then lets our own answer fail,
    with an error of h11's: nothing is wrong, and whoever sends such requests would fill the log.
    """
    error = record.exc_info[0] if record.exc_info else None
    return f"{error.__module__}.{error.__name__}" not in ANSWERED_TWICE if error else True


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"wordless": {"()": Wordless}},
    "filters": {"once": {"()": lambda: not_answered_twice}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "wordless",
            "filters": ["once"],
            "level": "WARNING",
        }
    },
    # uvicorn's loggers, asyncio's and everybody's else come together here.
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}


class StoppingServer(uvicorn.Server):
    """A server that says when it begins to stop."""

    def __init__(self, config: uvicorn.Config, on_stop: Callable[[], None]) -> None:
        """
        Prepare to serve.

        Args:
            config: What is served, and how.
            on_stop: Called in the event loop, before requests in flight are waited for.

        """
        super().__init__(config)
        self._on_stop = on_stop

    def stop(self) -> None:
        """Wish the server to stop; any thread may."""
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        self._on_stop()
        await super().shutdown(sockets)


def server_of(app: ASGIApp, on_stop: Callable[[], None]) -> StoppingServer:
    """
    Return a server for an application.

    Args:
        app: The application.
        on_stop: Called in the event loop when the server begins to stop.

    """
    config = uvicorn.Config(
        app,
        log_config=LOGGING,
        log_level="warning",
        # No access log: a log of addresses and times is more than anybody needs to know.
        access_log=False,
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    return StoppingServer(config, on_stop)


def leave() -> NoReturn:
    """
    End the process with success and without tidying up, while a thread is inside a native library.

    Python's own end would stop such a thread where its C++ code does not expect it, which aborts. An
    index that is being built is written elsewhere first, so that nothing half done is left in place.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def listen(host: str, port: int) -> socket.socket:
    """
    Open the listening socket, before anything else, so that a taken port is known at once.

    Args:
        host: Address to listen on.
        port: Port; 0 takes a free one.

    Raises:
        ServerError: The address cannot be listened on.

    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    # A name that cannot be one ("a..b") is refused before anything is looked up.
    except (OSError, UnicodeError) as error:
        raise _cannot_listen(host, port, error) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise _cannot_listen(host, port, error) from error
    return listener


def _cannot_listen(host: str, port: int, error: OSError | UnicodeError) -> ServerError:
    reason = getattr(error, "strerror", None) or str(error)
    return ServerError(
        f"cannot listen on {host}, port {port} ({reason}); choose another with --host or --port"
    )
