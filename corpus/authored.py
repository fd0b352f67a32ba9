"""Reads the questions beside a document: those that it answers, and those that it leaves open."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from corpus.document import AuthoredQuestion, Gap, Span
from corpus.errors import DocumentFormatError

QUESTIONS_FILE = "questions.jsonl"
GAPS_FILE = "gaps.jsonl"

MAX_BYTES = 10_000_000
"""A larger file of questions is refused (bytes); the shipped ones have 1.3 million and 0.4."""


def read_authored_questions(folder: Path, source: str) -> tuple[AuthoredQuestion, ...]:
    """
    Read the questions beside a document; none where there is no such file.

    Raises:
        DocumentFormatError: A line is not a question bound to a range of the source.

    """
    path = folder / QUESTIONS_FILE
    questions = []
    for line, fields in _objects(path):
        text, voice = _text(path, line, fields, "question"), _text(path, line, fields, "voice")
        start, end = fields.get("start"), fields.get("end")
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(source)):
            raise DocumentFormatError(path, f"{start}..{end} is no range of the source", line=line)
        questions.append(AuthoredQuestion(text, Span(start, end), voice))
    return tuple(questions)


def read_gaps(folder: Path) -> tuple[Gap, ...]:
    """
    Read what a document is known to leave open; none where there is no such file.

    Raises:
        DocumentFormatError: A line is not a question with a topic.

    """
    path = folder / GAPS_FILE
    return tuple(
        Gap(_text(path, line, fields, "topic"), _text(path, line, fields, "question"))
        for line, fields in _objects(path)
    )


def _objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    if not path.is_file():
        return
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DocumentFormatError(path, f"is larger than {MAX_BYTES:,} bytes")
        content = path.read_bytes()
    except OSError as error:
        raise DocumentFormatError(path, f"cannot be read ({error.strerror})") from error
    for line, raw in enumerate(content.split(b"\n"), start=1):
        if not raw.strip():
            continue
        try:
            fields = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise DocumentFormatError(path, f"is not JSON ({error})", line=line) from error
        if not isinstance(fields, dict):
            raise DocumentFormatError(path, "is not a JSON object", line=line)
        yield line, fields


def _text(path: Path, line: int, fields: dict[str, Any], name: str) -> str:
    text = fields.get(name)
    if not isinstance(text, str) or not text.strip():
        raise DocumentFormatError(path, f'needs "{name}", a text', line=line)
    return text
