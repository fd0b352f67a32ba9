"""Ranges of characters, and what a document tells about its parts."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError

import pytest

from corpus import Block, BlockKind, Document, Section, Span

Make = Callable[..., Document]


def test_span_of_text() -> None:
    """A span names the characters from its start up to, but not with, its end."""
    assert Span(2, 5).of("pain relief") == "in "


def test_span_counts_characters_not_bytes() -> None:
    """Offsets count code points, so that an emoji is one character."""
    assert Span(2, 6).of("😀 pill") == "pill"


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        (Span(0, 3), Span(2, 4), True),
        (Span(0, 3), Span(3, 4), False),
        (Span(0, 9), Span(4, 5), True),
        (Span(4, 5), Span(4, 5), True),
        (Span(0, 3), Span(5, 9), False),
    ],
)
def test_span_overlap(first: Span, second: Span, together: bool) -> None:
    """Two spans overlap when one character is in both, in whichever order they are asked."""
    assert (first.overlaps(second), second.overlaps(first)) == (together, together)


@pytest.mark.parametrize(("start", "end"), [(3, 2), (-1, 2), (-2, -1)])
def test_span_refuses_what_is_no_range(start: int, end: int) -> None:
    """A span that runs backwards or begins before the text is refused with both numbers."""
    with pytest.raises(ValueError, match=rf"not a character range: {start}\.\.{end}"):
        Span(start, end)


def test_spans_sort_by_place() -> None:
    """Spans sort in the order of the text, the shorter first where two begin together."""
    assert sorted([Span(5, 6), Span(0, 9), Span(0, 3)]) == [Span(0, 3), Span(0, 9), Span(5, 6)]


def test_span_is_frozen() -> None:
    """A span never changes, since links and quotes are made of it."""
    with pytest.raises(FrozenInstanceError, match="start"):
        Span(0, 1).start = 5  # type: ignore[misc]


@pytest.mark.parametrize(("offset", "line"), [(0, 1), (5, 1), (6, 2), (7, 3), (11, 3)])
def test_line_of_an_offset(small_document: Make, offset: int, line: int) -> None:
    """Lines count from 1, and a newline belongs to the line that it ends."""
    assert small_document("First\n\nThird").line(offset) == line


def test_section_by_id(small_document: Make) -> None:
    """A section is found by its id."""
    document = small_document("Chemotherapy\n\nIt helps.")
    assert document.section("chemotherapy") == Section(
        "chemotherapy", "Chemotherapy", ("Chemotherapy",), 1, Span(0, 12)
    )


def test_section_of_unknown_id(small_document: Make) -> None:
    """Asking for a section that is not there names the id that was asked for."""
    with pytest.raises(KeyError, match="surgery"):
        small_document("It helps.").section("surgery")


def test_blocks_within_a_range(small_document: Make) -> None:
    """A range has the blocks that it cuts, and not those that it only touches."""
    document = small_document("One.\n\nTwo.\n\nThree.")
    assert document.blocks_within(Span(4, 9)) == (Block(BlockKind.PARAGRAPH, Span(6, 10), "a-page"),)


def test_title_is_that_of_the_metadata(small_document: Make) -> None:
    """A document has the title that its metadata gives, whatever the text says."""
    assert small_document("It helps.", title="Treatment breaks").title == "Treatment breaks"
