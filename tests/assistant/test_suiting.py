"""Whether the documents name a medicine together with the sort of cancer that a question names."""

import pytest

from assistant.suiting import Suiting
from corpus import Document, Span, build_passages
from index import ScoredPassage


def words(text: str) -> int:
    """Count words for tokens."""
    return len(text.split())


@pytest.fixture(scope="module")
def suiting(document: Document) -> Suiting:
    """The shipped document's."""
    return Suiting([document], build_passages(document, count_tokens=words))


@pytest.mark.parametrize(
    "question",
    [
        "does ibrance work for triple negative",
        "kisqali: does it work for her2 positive",
        "can i have Herceptin if im tnbc",
        "is pembrolizumab for her2+",
        "can i take letrozole if im er negative",
    ],
)
def test_nothing_is_said_of_a_medicine_for_another_sort(suiting: Suiting, question: str) -> None:
    """By brand, by generic name, and with what is carried over."""
    assert suiting.is_unsaid(question, question) is True


@pytest.mark.parametrize(
    "question",
    [
        "is enhertu for triple negative",
        "does trodelvy work for hormone positive cancer",
        "can people with her2 negative take ibrance",
        "does ibrance work",
        "what is there for triple negative",
        "is aspirin good for triple negative",
        "",
    ],
)
def test_what_is_said_or_not_asked_is_left_alone(suiting: Suiting, question: str) -> None:
    """The sort may stand in a heading above; without a medicine or a sort nothing is asked."""
    assert suiting.is_unsaid(question, question) is False


@pytest.mark.parametrize(
    ("own", "unsaid"),
    [
        ("does it work for her2 positive", True),
        ("and kisqali?", True),
        ("is it a pill", False),
        ("", False),
    ],
)
def test_what_was_carried_over_asks_nothing(suiting: Suiting, own: str, unsaid: bool) -> None:
    """The turn itself names the medicine or the sort of cancer."""
    assert suiting.is_unsaid(f"kisqali, HER2-positive breast cancer: {own}", own) is unsaid


def test_the_medicine_comes_first(suiting: Suiting, document: Document) -> None:
    """The best passage that names it, the others in their order behind it."""
    scored = [
        ScoredPassage(passage, 1.0, 1.0, 1.0, Span(passage.span.start, passage.span.end))
        for passage in build_passages(document, count_tokens=words)
    ]
    ordered = suiting.medicine_first("is kisqali for triple negative", scored)
    at = scored.index(ordered[0])
    assert "Ribociclib (Kisqali)" in ordered[0].passage.text
    assert not any("Kisqali" in each.passage.text for each in scored[:at])
    assert list(ordered[1:]) == [*scored[:at], *scored[at + 1 :]]


def test_without_a_passage_on_it_the_order_stays(suiting: Suiting, document: Document) -> None:
    """Among those that were found."""
    first = build_passages(document, count_tokens=words)[0]
    scored = (ScoredPassage(first, 1.0, 1.0, 1.0, first.span),)
    assert suiting.medicine_first("is kisqali for triple negative", scored) == scored
