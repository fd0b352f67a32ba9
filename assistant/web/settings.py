"""What an operator may set about the server, checked once."""

import re
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ServerError

_ROOT_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"
_ORIGIN = re.compile(rf"https?://(?:{_HOST}|\[[0-9A-Fa-f:.]+\])(?::[0-9]{{1,5}})?")

DEFAULT_RATE = 60
"""Questions that one client may ask in a minute. A person reads an answer for longer than a second."""

BURST_SHARE = 1 / 3
"""Of a minute's questions, how many may come at once."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """
    How the server is reached, by whom, and what it keeps.

    Attributes:
        host: Address to listen on.
        port: Port; 0 takes a free one.
        root_path: Where a proxy shows the server, such as "/signpost"; empty at the root.
        allow_origins: Other websites whose pages may ask `/api/ask` and `/healthz`.
        frame_ancestors: Other websites that may show `/embed` in a frame.
        log: File for a line of JSON an answer; None keeps nothing.
        log_questions: Whether these lines hold the questions.
        rate: Questions that one client may ask in a minute, earlier ones that a program sends along
            included; 0 sets no limit.
        mcp: Whether `/mcp` is served.
        places: Questions worked on at a time. The model reads together what they ask at the same moment;
            of 32 sent at once, two cores answer with 16 places 1.67 times as many a second as one by
            one, with four 1.55 times.
        waiting: Questions that wait for a place; one more is told to try again.
        answer_seconds: Longest time from a question to its answer. A lone answer takes some
            hundredths of a second, each earlier question that a program sends along about as long if it
            is short; the last 12 are read, 400 characters of each, which takes 5 seconds at most (two
            cores, at work on other things as well).

    Raises:
        ServerError: One of them is not what it should be; the message says which.

    """

    host: str = "127.0.0.1"
    port: int = 7860
    root_path: str = ""
    allow_origins: tuple[str, ...] = ()
    frame_ancestors: tuple[str, ...] = ()
    log: Path | None = None
    log_questions: bool = False
    rate: int = DEFAULT_RATE
    mcp: bool = False
    places: int = 16
    waiting: int = 64
    answer_seconds: float = 20.0

    def __post_init__(self) -> None:
        """Refuse what would open more than was meant, or nothing at all."""
        if not _ROOT_PATH.fullmatch(self.root_path):
            msg = (
                f"{self.root_path!r} is no root path; one looks like /signpost, with no slash at its end"
            )
            raise ServerError(msg)
        for origin in (*self.allow_origins, *self.frame_ancestors):
            if not _ORIGIN.fullmatch(origin):
                msg = f"{origin!r} is no origin; one looks like https://www.example.org, without a path"
                raise ServerError(msg)
        if self.log_questions and self.log is None:
            msg = "--log-questions says what the log holds; --log says where it is"
            raise ServerError(msg)
        if self.rate < 0:
            msg = f"a rate of {self.rate} questions a minute cannot be kept; 0 sets no limit"
            raise ServerError(msg)

    @property
    def burst(self) -> int:
        """Questions that one client may ask at once."""
        return max(1, round(self.rate * BURST_SHARE))
