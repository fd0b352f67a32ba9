"""Gold questions are held to their form, line by line, before anything is asked."""

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from assistant.errors import QuestionsFileError
from assistant.evaluation.gold import GoldQuestion, conversations, read_gold
from corpus import Document

GOOD = {
    "id": "q1",
    "question": "does it work?",
    "persona": "patient",
    "kind": "plain",
    "answerable": True,
    "evidence": ["It’s a pill."],
    "history": [],
}


@pytest.fixture
def page(small_document: Callable[..., Document]) -> Document:
    """A document of one sentence."""
    return small_document("A heading\nIt’s a pill.\n")


def write(path: Path, *lines: object) -> Path:
    """Write objects as JSON lines."""
    path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    return path


def test_a_good_line_is_read(tmp_path: Path, page: Document) -> None:
    """Every field arrives as it stands in the file."""
    (question,) = read_gold([write(tmp_path / "g.jsonl", GOOD)], [page])
    assert question.id == "q1"
    assert question.asked.question == "does it work?"
    assert (question.persona, question.kind, question.answerable) == ("patient", "plain", True)
    assert question.evidence == ("It’s a pill.",)
    assert (question.turn, question.file) == (1, "g.jsonl")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"evidence": ["It's a pill."]}, r"line 2: evidence .* does not stand word for word"),
        ({"evidence": ["It’s  a pill."]}, r"line 2: evidence .* does not stand word for word"),
        ({"evidence": ["•"]}, r"line 2: evidence .* holds no word"),
        ({"evidence": []}, r"line 2: is answerable, but has no evidence"),
        ({"answerable": False}, r"line 2: is not answerable, but has evidence"),
        ({"answerable": 1}, r'line 2: needs "answerable", true or false'),
        ({"evidence": "It’s a pill."}, r'line 2: needs "evidence", a list of texts'),
        ({"evidence": [1]}, r'line 2: needs "evidence", a list of texts'),
        ({"persona": None}, r'line 2: needs "persona", a text'),
        ({"kind": 3}, r'line 2: needs "kind", a text'),
        ({"id": 7}, r'line 2: needs "id", a text'),
        ({"id": "q1"}, r'line 2: id "q1" stands in .*line 1, already'),
        ({"question": " ?! "}, r"line 2: The question holds no word"),
        ({"question": "a" * 5000}, r"line 2: The question has 5,000 characters"),
        ({"history": "before"}, r'line 2: "history" must be a list of texts'),
    ],
)
def test_a_wrong_line_is_named(
    tmp_path: Path, page: Document, change: dict[str, object], problem: str
) -> None:
    """The error says which line is wrong, and how."""
    path = write(tmp_path / "g.jsonl", GOOD, {**GOOD, "id": "q2", **change})
    with pytest.raises(QuestionsFileError, match=problem):
        read_gold([path], [page])


@pytest.mark.parametrize("name", ["id", "question", "persona", "kind", "answerable", "evidence"])
def test_a_missing_field_is_named(tmp_path: Path, page: Document, name: str) -> None:
    """A line without one of its fields is refused; `history` alone may be left out."""
    fields = {key: value for key, value in GOOD.items() if key not in (name, "history")}
    with pytest.raises(QuestionsFileError, match=f'line 1: needs "{name}"'):
        read_gold([write(tmp_path / "g.jsonl", fields)], [page])


def test_an_id_stands_once_in_all_files(tmp_path: Path, page: Document) -> None:
    """Two files with the same id cannot be evaluated together."""
    paths = [write(tmp_path / name, GOOD) for name in ("a.jsonl", "b.jsonl")]
    with pytest.raises(QuestionsFileError, match=r"b\.jsonl, line 1: id .*a\.jsonl, line 1, already"):
        read_gold(paths, [page])


def test_an_empty_file_is_refused(tmp_path: Path, page: Document) -> None:
    """A file without a question is a mistake, not a result of nothing."""
    with pytest.raises(QuestionsFileError, match="holds no question"):
        read_gold([write(tmp_path / "g.jsonl")], [page])


def test_turns_of_a_conversation_belong_together(dialogues: tuple[GoldQuestion, ...]) -> None:
    """109 turns are 24 conversations, the openers without a history among them."""
    assert len(dialogues) == 109
    assert len(set(conversations(dialogues))) == 24


def test_questions_without_history_stand_alone(gold: tuple[GoldQuestion, ...]) -> None:
    """Ids that look alike make no conversation where nobody has a history."""
    assert conversations(gold) == tuple(question.id for question in gold)
