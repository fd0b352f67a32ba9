"""The operator's log: a line of JSON an answer, never an address, and no question unless asked for."""

import os
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from assistant.answer import Answer
from assistant.errors import OutputError
from assistant.web.sentences import LOG_LOST
from corpus import Passage, Span

OWNER_ONLY = 0o600
"""Nobody but the server's own user reads what people looked for."""


class QuestionLog:
    """
    Notes what came of each question.

    The file is opened anew for each line, so that it may be moved away or cut while the server runs.
    """

    def __init__(
        self,
        path: Path,
        passages: Callable[[], Sequence[Passage]],
        *,
        with_questions: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        report: Callable[[str], None],
    ) -> None:
        """
        Begin the log with a line that says so.

        Args:
            path: The file; lines are added to what stands there.
            passages: Returns those that may be quoted, once there is an answer; their ids are noted.
            with_questions: Whether the question as typed is noted too.
            clock: Returns the time.
            report: Told in a sentence when lines begin to be lost.

        Raises:
            OutputError: The file cannot be written to.

        """
        self._path = path
        self._passages = passages
        self._with_questions = with_questions
        self._clock = clock
        self._report = report
        self._lock = threading.Lock()
        self._losing = False
        self._broken = False
        if path.exists() and not path.is_file():
            # A pipe would keep the server waiting for a reader.
            msg = f"the log {path} is not a file"
            raise OutputError(msg)
        try:
            self._append({"time": self._minute(), "started": True})
        except OSError as error:
            msg = f"the log {path} cannot be written ({error.strerror or error})"
            raise OutputError(msg) from error

    def note(self, answer: Answer) -> None:
        """Note an answer. A line that cannot be written is lost, and the answer goes on its way."""
        line = self._line(answer)
        with self._lock:
            try:
                self._append(line)
            except OSError:
                if not self._losing:
                    self._report(LOG_LOST)
                self._losing = True
            else:
                self._losing = False

    @cached_property
    def _ids(self) -> dict[tuple[str, Span], str]:
        return {
            (passage.document_id, passage.span): f"{passage.document_id}#{passage.id}"
            for passage in self._passages()
        }

    def _line(self, answer: Answer) -> dict[str, Any]:
        shown = [(quote.document_id, quote.excerpt.span) for quote in answer.shown]
        return {
            "time": self._minute(),
            "passages": [self._ids[place] for place in shown if place in self._ids],
            "answered": answer.answered,
            "confidence": round(answer.confidence, 6),
            "ms": round(answer.ms, 3),
            "carried": bool(answer.carried),
            "reply": None if answer.reply is None else answer.reply.kind,
            **({"question": answer.question} if self._with_questions else {}),
        }

    def _minute(self) -> str:
        # To the minute: a second would tell two people's questions apart from outside.
        return self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")

    def _append(self, fields: dict[str, Any]) -> None:
        """Write a line in one piece; a piece that a full disk left is closed off first."""
        line = (b"\n" if self._broken else b"") + orjson.dumps(fields) + b"\n"
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, OWNER_ONLY)
        try:
            written = os.write(handle, line)
            self._broken = 0 < written < len(line) or (self._broken and not written)
            if written < len(line):
                msg = "the disk is full"
                raise OSError(msg)
        finally:
            os.close(handle)
