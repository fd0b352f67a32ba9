"""Reads gold questions: files in, checked questions out, or the first line that is wrong."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import QuestionsFileError
from assistant.evaluation.relevance import normalised
from assistant.questions_file import AskedQuestion, asked_question, json_objects
from corpus import Document

_TURN = re.compile(r"(.+)-\d+")
"""Ids of a conversation's turns: d03-1, d03-2."""


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """
    A question with what answers it.

    Attributes:
        asked: What is asked, and after which earlier questions.
        persona: Who asks, for example `patient`.
        kind: What sort of question it is, for example `typo`.
        answerable: Whether the documents answer it.
        evidence: Verbatim spans of a document, any of which answers the question or an essential part
            of it; none where it is not answerable.
        file: The name of the file that it was read from.

    """

    asked: AskedQuestion
    persona: str
    kind: str
    answerable: bool
    evidence: tuple[str, ...]
    file: str

    @property
    def id(self) -> str:
        """Names the question in every result."""
        return self.asked.id

    @property
    def turn(self) -> int:
        """Where it stands in its conversation, from 1."""
        return len(self.asked.history) + 1


def read_gold(paths: Sequence[Path], documents: Sequence[Document]) -> tuple[GoldQuestion, ...]:
    """
    Read files of gold questions, all of them before anything is asked.

    Args:
        paths: The files; an id may stand only once in all of them.
        documents: The documents that the evidence is quoted from.

    Raises:
        QuestionsFileError: A file is missing or empty, or a line is not a question with a persona, a
            kind, whether it is answerable, and evidence that stands word for word in a document.

    """
    questions: list[GoldQuestion] = []
    seen: dict[str, str] = {}
    for path in paths:
        before = len(questions)
        for line, fields in json_objects(path):
            question = _gold(path, line, fields, documents)
            if question.id in seen:
                problem = f'id "{question.id}" stands in {seen[question.id]} already'
                raise QuestionsFileError(path, problem, line=line)
            seen[question.id] = f"{path}, line {line},"
            questions.append(question)
        if len(questions) == before:
            raise QuestionsFileError(path, "holds no question")
    return tuple(questions)


def conversations(questions: Sequence[GoldQuestion]) -> tuple[str, ...]:
    """
    Return for each question the conversation that it belongs to.

    Questions whose ids differ only in a number at the end (d03-1, d03-2) are one conversation if at
    least one of them has a history; any other question is a conversation of its own.
    """
    stems = [_stem(question.id) for question in questions]
    talked = {stem for stem, question in zip(stems, questions, strict=True) if question.asked.history}
    return tuple(
        stem if stem in talked else question.id for stem, question in zip(stems, questions, strict=True)
    )


def _stem(question_id: str) -> str:
    match = _TURN.fullmatch(question_id)
    return match[1] if match else question_id


def _gold(path: Path, line: int, fields: dict[str, Any], documents: Sequence[Document]) -> GoldQuestion:
    asked = asked_question(path, line, fields)
    for name in ("persona", "kind"):
        if not isinstance(fields.get(name), str) or not fields[name]:
            raise QuestionsFileError(path, f'needs "{name}", a text', line=line)
    # `1` is an int to JSON, and `isinstance(True, int)` holds: only a real bool will do.
    if not isinstance(fields.get("answerable"), bool):
        raise QuestionsFileError(path, 'needs "answerable", true or false', line=line)
    evidence = fields.get("evidence")
    if not isinstance(evidence, list) or not all(isinstance(span, str) for span in evidence):
        raise QuestionsFileError(path, 'needs "evidence", a list of texts', line=line)
    if fields["answerable"] and not evidence:
        raise QuestionsFileError(path, "is answerable, but has no evidence", line=line)
    if evidence and not fields["answerable"]:
        raise QuestionsFileError(path, "is not answerable, but has evidence", line=line)
    for span in evidence:
        _check_span(path, line, span, documents)
    return GoldQuestion(
        asked, fields["persona"], fields["kind"], fields["answerable"], tuple(evidence), path.name
    )


def _check_span(path: Path, line: int, span: str, documents: Sequence[Document]) -> None:
    """Refuse a span without a word, and one that stands in no document exactly as it is written."""
    if not any(sign.isalnum() for sign in normalised(span)):
        raise QuestionsFileError(path, f'evidence "{span}" holds no word', line=line)
    if not any(span in document.source for document in documents):
        shown = span if len(span) <= 80 else f"{span[:80]}…"
        problem = f'evidence "{shown}" does not stand word for word in any document'
        raise QuestionsFileError(path, problem, line=line)
