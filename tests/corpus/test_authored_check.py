"""The check of authored questions: what it finds, and that the shipped ones pass it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import orjson

from corpus import AuthoredQuestion, Document, Gap, Span, build_passages, check_authored
from index import SearchIndex

GOLD = Path(__file__).parents[1] / "gold"
DEVELOPMENT = Path(__file__).parents[1] / "development"
SOURCE = (
    "Yoga can ease stress for many people who like it, whatever their age, and it costs little or "
    "nothing where a friend can show how it is done.\n\n"
    "A port spares the arm, because medicines go through it into a larger vein, and so nobody has to "
    "look for a small one each time.\n"
)


def made(
    small_document: Callable[..., Document], questions: list[tuple[str, str]], gaps: list[str]
) -> Document:
    """Return a document of two paragraphs with questions bound to words of it, and gaps."""
    bound = tuple(
        AuthoredQuestion(text, Span(SOURCE.index(words), SOURCE.index(words) + len(words)), "patient")
        for text, words in questions
    )
    document = small_document(SOURCE)
    return replace(document, questions=bound, gaps=tuple(Gap("cost", text) for text in gaps))


def kinds(document: Document, measured: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Return kind and message of each finding."""
    passages = build_passages(document, count_tokens=lambda text: len(text.split()))
    return [(found.kind, found.message) for found in check_authored(document, passages, measured)]


def test_a_document_without_questions_has_nothing_to_find(
    small_document: Callable[..., Document],
) -> None:
    """Authored questions are optional."""
    assert kinds(made(small_document, [], [])) == []


def test_a_question_for_two_passages_and_for_none(small_document: Callable[..., Document]) -> None:
    """The same words, in whatever order, may be bound to one passage only, and none as left open."""
    questions = [
        ("does yoga help with stress", "Yoga can ease stress"),
        ("With stress, does yoga help?", "A port spares"),
        ("why do i need a port", "A port spares"),
    ]
    found = kinds(made(small_document, questions, ["Why do I need a port?"]))
    assert [kind for kind, _ in found if kind != "uncovered"] == ["two-answers", "both"]
    assert found[-1][1] == "authored as answered and as left open: Why do I need a port?"


def test_a_measured_question_may_not_be_authored(small_document: Callable[..., Document]) -> None:
    """Nearly the same words as a question that figures are taken on are reported."""
    document = made(small_document, [("does yoga help with all my stress", "Yoga can ease stress")], [])
    found = kinds(document, ("Does yoga help with my stress?", "what is a port"))
    assert (
        "measured",
        "nearly a question that figures are taken on: " + document.questions[0].text,
    ) in (found)
    assert [kind for kind, _ in kinds(document, ("what is a port for",))] == ["uncovered"]


def questions_of(path: Path) -> list[str]:
    """Return the questions of a gold file."""
    return [orjson.loads(line)["question"] for line in path.read_bytes().splitlines()]


def test_the_shipped_questions_cover_every_passage_and_no_measured_question(
    document: Document, fake_index: SearchIndex
) -> None:
    """Every passage has questions, evenly; none has two answers; none is measured with."""
    files = [*GOLD.glob("*.jsonl"), *DEVELOPMENT.glob("*.jsonl")]
    assert len(files) == 5
    measured = [question for path in files for question in questions_of(path)]
    assert check_authored(document, fake_index.passages, measured) == ()
