"""Reads a QUESTIONS file: one JSON object a line, each held to its form before anything runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from assistant.errors import QuestionError, QuestionsFileError
from assistant.questions import checked_question


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """
    A line of a QUESTIONS file.

    Attributes:
        id: Names the question in the RUN file.
        question: The question.
        history: Earlier questions of the same conversation, oldest first.

    """

    id: str
    question: str
    history: tuple[str, ...] = ()


def read_questions(path: Path) -> tuple[AskedQuestion, ...]:
    """
    Read a QUESTIONS file.

    Raises:
        QuestionsFileError: The file is missing or empty, or a line is not an object with an `id` of
            its own, a `question` that can be searched for and, if any, a `history` of texts.

    """
    questions: list[AskedQuestion] = []
    seen: dict[str, int] = {}
    for number, fields in json_objects(path):
        asked = asked_question(path, number, fields)
        if asked.id in seen:
            problem = f'id "{asked.id}" stands on line {seen[asked.id]} already'
            raise QuestionsFileError(path, problem, line=number)
        seen[asked.id] = number
        questions.append(asked)
    if not questions:
        raise QuestionsFileError(path, "holds no question")
    return tuple(questions)


def json_objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """
    Yield the line number and the object of every line that is not blank.

    Raises:
        QuestionsFileError: The file cannot be read, or a line is not a JSON object in UTF-8.

    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
        raise QuestionsFileError(path, problem) from error
    for number, line in enumerate(raw.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise QuestionsFileError(path, "is not valid UTF-8", line=number) from error
        try:
            fields = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise QuestionsFileError(path, f"is not JSON ({error})", line=number) from error
        if not isinstance(fields, dict):
            raise QuestionsFileError(path, "is not a JSON object", line=number)
        yield number, fields


def asked_question(path: Path, number: int, fields: dict[str, Any]) -> AskedQuestion:
    """
    Return what a line asks.

    Args:
        path: The file, for the message.
        number: The line, counted from 1.
        fields: The line's object.

    Raises:
        QuestionsFileError: A field is missing, not of its type, or nothing that can be searched for.

    """
    for name in ("id", "question"):
        if not isinstance(fields.get(name), str) or not fields[name]:
            raise QuestionsFileError(path, f'needs "{name}", a text', line=number)
    history = fields.get("history", [])
    if not isinstance(history, list) or not all(isinstance(turn, str) for turn in history):
        raise QuestionsFileError(path, '"history" must be a list of texts', line=number)
    try:
        question = checked_question(fields["question"])
    except QuestionError as error:
        raise QuestionsFileError(path, str(error), line=number) from error
    return AskedQuestion(fields["id"], question, tuple(history))
