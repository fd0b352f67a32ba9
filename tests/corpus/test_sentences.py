"""Where sentences begin and end."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus import Document, Span
from corpus.sentences import sentence_spans


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Take it, e.g. with food. Then rest.", ["Take it, e.g. with food.", "Then rest."]),
        ("Dr. Yee sees you. He asks.", ["Dr. Yee sees you.", "He asks."]),
        ("CDK 4/6 inhibitors. This type works.", ["CDK 4/6 inhibitors.", "This type works."]),
        ("It took 3.5 years. Yes.", ["It took 3.5 years.", "Yes."]),
        ("A score of 1+ or 2+, less than 3+. Why?", ["A score of 1+ or 2+, less than 3+.", "Why?"]),
        ("Instead of “agonist.” Then more.", ["Instead of “agonist.”", "Then more."]),
        ("What now? Go! Rest.", ["What now?", "Go!", "Rest."]),
        ("One.\n\nTwo.", ["One.", "Two."]),
        ("no end", ["no end"]),
    ],
)
def test_sentences_of_a_text(text: str, sentences: list[str]) -> None:
    """A sentence ends where a reader would say so, not at every full stop."""
    assert [span.of(text) for span in sentence_spans(text)] == sentences


@pytest.mark.parametrize("text", ["", "   ", "\n\u00a0\n"])
def test_no_sentence_in_white_space(text: str) -> None:
    """White space holds no sentence."""
    assert sentence_spans(text) == ()


def test_white_space_around_is_left_out() -> None:
    """A sentence's range has no white space at its ends."""
    assert sentence_spans("  Go home. \n Rest.  ") == (Span(2, 10), Span(13, 18))


def test_offset_is_added() -> None:
    """Ranges count from where the text begins in its source."""
    source = "Chemotherapy\n\nGo home. Rest."
    assert sentence_spans(source[14:], offset=14) == (Span(14, 22), Span(23, 28))


def test_ranges_count_characters_behind_an_emoji() -> None:
    """Signs of several bytes or code units do not move the ranges behind them."""
    text = "😀 Hello thére. The “pill” is 😀 small. Yes."
    assert [span.of(text) for span in sentence_spans(text)] == [
        "😀 Hello thére.",
        "The “pill” is 😀 small.",
        "Yes.",
    ]


def test_sentence_of_the_document_with_abbreviations(document: Document) -> None:
    """Names of studies, degrees and commas in the shipped document end no sentence."""
    start = document.source.index("Watch Talking about end of life")
    end = document.source.index("\n", start)
    assert sentence_spans(document.source[start:end], offset=start) == (Span(start, end),)


@pytest.mark.parametrize("blank", ["\u00a0", "\u2003", "\u2028", "\u202f"])
def test_wide_blank_before_a_full_stop(blank: str) -> None:
    """A blank of several bytes between a capital letter and a full stop does no harm."""
    text = f"Take vitamin B{blank}. Then rest."
    assert sentence_spans(text)[0].start == 0


@settings(max_examples=300)
@given(st.text(), st.integers(0, 50))
@example("B\u00a0. C", 0)
def test_every_character_is_in_one_sentence(text: str, offset: int) -> None:
    """Sentences come in order, and only white space stands outside them."""
    outside, at = "", 0
    for span in sentence_spans(text, offset=offset):
        assert at <= span.start - offset < span.end - offset
        outside += text[at : span.start - offset]
        at = span.end - offset
    assert (outside + text[at:]).strip() == ""
