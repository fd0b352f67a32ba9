"""When a passage counts: it covers at least half of a span, however it is cut or quoted."""

import pytest

from assistant.evaluation.relevance import covered_share, covers, normalised, words_until_evidence


def test_signs_of_quotes_and_lists_do_not_matter() -> None:
    """Curly quotes become straight, bullets and white space become one blank."""
    assert normalised("•  It’s “here”\n* now") == 'It\'s "here" now'


@pytest.mark.parametrize(
    ("passage", "span", "share"),
    [
        ("take a pill twice daily", "a pill twice daily", 1.0),
        ("a pill or a shot", "a pill twice daily", 0.5),
        ("daily twice pill", "a pill twice daily", 0.25),
        ("nothing of it", "pill twice daily", 0.0),
    ],
)
def test_coverage_is_one_unbroken_run_of_words(passage: str, span: str, share: float) -> None:
    """Words count only where they follow each other as in the span."""
    assert covered_share(passage, span) == share


def test_half_of_a_span_is_enough() -> None:
    """Exactly half counts, less does not."""
    assert covers("a pill or a shot", "a pill twice daily")
    assert not covers("daily", "a pill twice daily")


def test_words_are_counted_to_the_end_of_the_evidence() -> None:
    """Two words in the first passage and three in the second are read, not what follows."""
    assert words_until_evidence(["one two", "three four five six"], ["four five"], 2) == 5


def test_without_a_whole_span_the_passage_is_read_to_its_end() -> None:
    """A span that is only half covered is reached where its passage ends."""
    assert words_until_evidence(["one two", "three four six"], ["three four five x"], 2) == 5


def test_evidence_that_never_comes_is_never_reached() -> None:
    """None is returned, which is more than any number of words."""
    assert words_until_evidence(["one two"], ["nine"], None) is None


def test_a_span_across_two_passages_is_reached() -> None:
    """Passages are read on, so that a span cut in two is whole to the reader."""
    assert words_until_evidence(["one two", "three four"], ["two three"], None) == 3
