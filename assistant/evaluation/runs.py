"""What was answered, as RUN lines: asked of an assistant, or read from an earlier RUN file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.as_json import answer_fields
from assistant.assistant import Assistant
from assistant.errors import QuestionsFileError
from assistant.questions_file import AskedQuestion, json_objects
from corpus import Span
from index import Progress

ANSWERS_FILE = "answers.jsonl"
"""The RUN file in the folder of an evaluation."""


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """
    A passage of an answer.

    Attributes:
        text: Its words.
        document_id: The document that it stands in; empty where the RUN file does not say.
        span: Its range in that document; None where the RUN file does not say.
        section_path: The headings above it.

    """

    text: str
    document_id: str = ""
    span: Span | None = None
    section_path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunLine:
    """
    The answer to one question, as a RUN file holds it.

    Attributes:
        id: The question's id.
        question: The question; empty where the RUN file does not say.
        passages: Ranked passages, best first.
        answered: Whether the passages were given as an answer; None where unknown.
        confidence: In [0, 1]; None where unknown.
        ms: Time from question to answer, in milliseconds; None where unknown.

    """

    id: str
    question: str
    passages: tuple[RankedPassage, ...]
    answered: bool | None
    confidence: float | None
    ms: float | None


def ask(
    questions: Sequence[AskedQuestion],
    assistant: Assistant,
    *,
    stage: str = "answering questions",
    progress: Progress | None = None,
) -> tuple[dict[str, Any], ...]:
    """
    Ask questions, in order.

    Args:
        questions: What to ask.
        assistant: Who answers.
        stage: What `progress` is told that this is.
        progress: Told how many questions are answered.

    Returns:
        For each question the JSON object of its RUN line.

    """
    lines = []
    for number, asked in enumerate(questions, start=1):
        answer = assistant.answer(asked.question, asked.history)
        lines.append({"id": asked.id, **answer_fields(answer)})
        if progress is not None:
            progress(stage, number, len(questions))
    return tuple(lines)


def run_line(fields: dict[str, Any]) -> RunLine:
    """
    Return a RUN line as a value.

    Raises:
        TypeError: A field is missing or not of its type; the message is a phrase that says which.
        ValueError: A confidence is not in [0, 1], or a passage's range runs backwards.

    """
    if not isinstance(fields.get("id"), str) or not fields["id"]:
        msg = 'needs "id", a text'
        raise TypeError(msg)
    if not isinstance(fields.get("passages"), list):
        msg = 'needs "passages", a list'
        raise TypeError(msg)
    question, answered = fields.get("question", ""), fields.get("answered")
    if not isinstance(question, str) or not isinstance(answered, bool | None):
        msg = '"question" must be a text and "answered" true, false or null'
        raise TypeError(msg)
    confidence = _number(fields, "confidence")
    if confidence is not None and not 0 <= confidence <= 1:
        msg = '"confidence" must be in [0, 1]'
        raise ValueError(msg)
    return RunLine(
        fields["id"],
        question,
        tuple(_ranked(passage) for passage in fields["passages"]),
        answered,
        confidence,
        _number(fields, "ms"),
    )


def read_run(path: Path) -> tuple[RunLine, ...]:
    """
    Read a RUN file, or the one in the folder of an earlier evaluation.

    Raises:
        QuestionsFileError: The file is missing or empty, or a line of it is no answer.

    """
    file = path / ANSWERS_FILE if path.is_dir() else path
    lines: dict[str, RunLine] = {}
    for number, fields in json_objects(file):
        try:
            line = run_line(fields)
        except (TypeError, ValueError) as error:
            raise QuestionsFileError(file, str(error), line=number) from error
        if line.id in lines:
            raise QuestionsFileError(file, f'id "{line.id}" stands there twice', line=number)
        lines[line.id] = line
    if not lines:
        raise QuestionsFileError(file, "holds no answer")
    return tuple(lines.values())


def _number(fields: dict[str, Any], name: str) -> float | None:
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        msg = f'"{name}" must be a number or null'
        raise TypeError(msg)
    return float(value)


def _ranked(passage: Any) -> RankedPassage:
    if isinstance(passage, str):
        return RankedPassage(passage)
    if not isinstance(passage, dict) or not isinstance(passage.get("text"), str):
        msg = 'a passage must be a text, or an object with "text"'
        raise TypeError(msg)
    start, end = passage.get("start"), passage.get("end")
    span = Span(start, end) if isinstance(start, int) and isinstance(end, int) else None
    path = tuple(str(title) for title in passage.get("section_path") or ())
    return RankedPassage(passage["text"], str(passage.get("document", "")), span, path)
