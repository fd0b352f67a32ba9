"""Each figure against values worked by hand."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from assistant.evaluation.catalogue import MEASURES
from assistant.evaluation.formulas import aurc, auroc, ece, weighted_quantile
from assistant.evaluation.judging import Judged
from assistant.evaluation.measures import Measure

BY_NAME = {measure.name: measure for measure in MEASURES}


def value(name: str, rows: list[Judged]) -> float:
    """Return a figure by its name."""
    return BY_NAME[name].value(rows)


@pytest.fixture
def rows(make_row: Callable[..., Judged]) -> list[Judged]:
    """Four answerable questions (ranks 1, 2, 4, none) and two that are not."""
    return [
        make_row("a", spans=(1, 3), words=40, confidence=0.95, ms=1.0, ndcg=1.0),
        make_row("b", spans=(2, None), words=100, confidence=0.85, ms=2.0, ndcg=0.5),
        make_row("c", spans=(4,), words=300, confidence=0.35, answered=False, ms=3.0, ndcg=0.5),
        make_row("d", spans=(None,), words=None, confidence=0.75, ms=4.0, ndcg=0.0),
        make_row("e", spans=None, confidence=0.15, answered=False, ms=5.0),
        make_row("f", spans=None, confidence=0.75, answered=True, ms=60.0, kind="near"),
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hit@1", 1 / 4),
        ("hit@3", 2 / 4),
        ("hit@5", 3 / 4),
        ("MRR@10", (1 + 1 / 2 + 1 / 4 + 0) / 4),
        ("nDCG@10", 2 / 4),
        # Spans found: both of a, one of two of b, none of c within three, none of d.
        ("evidence recall@3", (1 + 1 / 2 + 0 + 0) / 4),
        ("evidence recall@10", (1 + 1 / 2 + 1 + 0) / 4),
        ("S@60w", 1 / 4),
        ("S@120w", 2 / 4),
        ("S@250w", 2 / 4),
        # Pairs won against e: 4; against f: a and b win, d ties, c loses.
        ("abstain AUROC", (4 + 2.5) / 8),
        ("answered | answerable", 3 / 4),
        ("declined | unanswerable", 1 / 2),
        ("useful", 2 / 4),
        ("longest passage (words)", 1.0),
        ("ms p50", 4.0),
        ("ms p99", 60.0),
    ],
)
def test_a_figure_worked_by_hand(rows: list[Judged], name: str, expected: float) -> None:
    """The figure is what pencil and paper give."""
    assert value(name, rows) == pytest.approx(expected, abs=1e-15)


def test_risk_is_averaged_over_coverage(rows: list[Judged]) -> None:
    """In order a, b, d and f together, c, e: only a is right."""
    risks = [0, 1 / 2, 3 / 4, 3 / 4, 4 / 5, 5 / 6]
    assert value("AURC", rows) == pytest.approx(sum(risks) / 6)


def test_calibration_is_the_distance_in_each_bin(rows: list[Judged]) -> None:
    """Bins: a 0.95 right; b 0.85, c 0.35, e 0.15 wrong; d and f 0.75 wrong."""
    assert value("ECE", rows) == pytest.approx((0.05 + 0.85 + 0.35 + 0.15 + 1.5) / 6)


def test_calibration_against_answerable(rows: list[Judged]) -> None:
    """In the bin of d and f one of two is answerable: the distance is 0.25 for both."""
    expected = (0.05 + 0.15 + 0.65 + 0.15 + 2 * 0.25) / 6
    assert value("ECE (answerable)", rows) == pytest.approx(expected)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_resampling_each_question_once_gives_the_figure(measure: Measure, rows: list[Judged]) -> None:
    """The value and its resampled twin are the same definition."""
    (resampled,) = measure.resampled(rows, np.ones((1, len(rows))))
    if measure.name == "longest passage (words)":
        assert math.isnan(resampled)
    else:
        assert resampled == pytest.approx(measure.value(rows), abs=1e-12)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_a_weight_is_a_repeated_question(measure: Measure, rows: list[Judged]) -> None:
    """Weight 2 is the question twice, weight 0 is without it."""
    repeated = [rows[0], rows[0], rows[2], rows[3], rows[4], rows[4], rows[5]]
    (resampled,) = measure.resampled(rows, np.array([[2.0, 0.0, 1.0, 1.0, 2.0, 1.0]]))
    if measure.name != "longest passage (words)":
        assert resampled == pytest.approx(measure.value(repeated), abs=1e-12)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_where_no_question_counts_there_is_no_figure(measure: Measure) -> None:
    """Nothing is not zero."""
    assert math.isnan(measure.value([]))
    assert measure.counted([]) == 0


def test_an_unknown_confidence_leaves_confidence_unmeasured(make_row: Callable[..., Judged]) -> None:
    """One answer without a confidence, and the order of all is not known."""
    rows = [make_row("a"), make_row("b", spans=None, confidence=None)]
    for name in ("abstain AUROC", "AURC", "ECE", "ECE (answerable)"):
        assert math.isnan(value(name, rows))


def test_order_alone_decides_auroc() -> None:
    """Perfect order gives 1, its reverse 0, all equal one half."""
    target = np.array([True, True, False])
    one = np.ones((1, 3))
    assert auroc(np.array([0.9, 0.8, 0.1]), target, one)[0] == 1.0
    assert auroc(np.array([0.1, 0.2, 0.9]), target, one)[0] == 0.0
    assert auroc(np.array([0.5, 0.5, 0.5]), target, one)[0] == 0.5


def test_equal_confidences_are_answered_together() -> None:
    """However the questions are ordered, ties share their risk."""
    confidence, one = np.array([0.5, 0.5]), np.ones((1, 2))
    assert aurc(confidence, np.array([True, False]), one)[0] == 0.5
    assert aurc(confidence, np.array([False, True]), one)[0] == 0.5


def test_perfect_calibration_has_no_error() -> None:
    """Certain and right, certain and wrong at 0."""
    one = np.ones((1, 2))
    assert ece(np.array([1.0, 0.0]), np.array([True, False]), one)[0] == 0.0


def test_a_quantile_of_nothing_drawn_is_unknown() -> None:
    """A resample that holds none of the questions has no value."""
    assert math.isnan(weighted_quantile(np.array([1.0]), 0.5, np.zeros((1, 1)))[0])
