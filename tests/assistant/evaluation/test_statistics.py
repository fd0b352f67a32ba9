"""Intervals and tests: repeatable, clustered, and right where the answer is known."""

from collections.abc import Callable

import numpy as np
import pytest

from assistant.evaluation.bootstrap import interval, resample_weights
from assistant.evaluation.catalogue import MEASURES
from assistant.evaluation.judging import Judged
from assistant.evaluation.significance import compare, sign_flip_p


def test_turns_are_drawn_with_their_conversation() -> None:
    """Questions of one cluster are drawn equally often, and as many clusters as there are."""
    weights = resample_weights(["d1", "d1", "d2", "q3"])
    assert weights.shape == (1000, 4)
    np.testing.assert_array_equal(weights[:, 0], weights[:, 1])
    np.testing.assert_array_equal(weights[:, 1:].sum(axis=1), 3)


def test_the_same_seed_draws_the_same() -> None:
    """An evaluator who repeats the run finds the same interval."""
    first, second = resample_weights(["a", "b", "c"]), resample_weights(["a", "b", "c"])
    np.testing.assert_array_equal(first, second)


def test_the_interval_leaves_out_five_in_a_hundred() -> None:
    """Of 0 to 1000, it reaches from 25 to 975; what has no value is left aside."""
    assert interval(np.array([*range(1001), np.nan], dtype=float)) == pytest.approx((25, 975))
    assert interval(np.array([np.nan])) is None


def test_a_mean_has_the_width_that_theory_says(make_row: Callable[..., Judged]) -> None:
    """Of 100 questions, half right: about 0.5 plus and minus 1.96 * 0.05."""
    rows = [make_row(f"q{n}", spans=(1 + n % 2,)) for n in range(100)]
    weights = resample_weights([row.question.id for row in rows])
    low, high = interval(MEASURES[0].resampled(rows, weights)) or (0, 0)
    assert low == pytest.approx(0.402, abs=0.015)
    assert high == pytest.approx(0.598, abs=0.015)


def test_no_difference_is_not_significant() -> None:
    """Where nothing changes, every swap is as extreme."""
    assert sign_flip_p(np.zeros(5), list("abcde")) == 1.0


def test_ten_wins_of_ten_are_as_rare_as_they_are() -> None:
    """Two of 1,024 sign patterns are as extreme: p is about 0.002."""
    assert sign_flip_p(np.ones(10), [str(n) for n in range(10)]) == pytest.approx(2 / 1024, abs=0.001)


def test_ten_wins_in_one_conversation_are_one_win() -> None:
    """Turns of one conversation are swapped together, which proves nothing."""
    assert sign_flip_p(np.ones(10), ["d"] * 10) == 1.0


def test_wins_losses_and_ties_are_counted(make_row: Callable[..., Judged]) -> None:
    """One question won, one lost, one tied; the mean does not change."""
    this = [make_row("a", spans=(1,)), make_row("b", spans=(2,)), make_row("c", spans=(1,))]
    other = [make_row("a", spans=(2,)), make_row("b", spans=(1,)), make_row("c", spans=(1,))]
    first = compare(MEASURES, this, other)[0]
    assert (first.measure.name, first.wins, first.losses, first.ties) == ("hit@1", 1, 1, 1)
    assert (first.effect, first.p) == (0.0, 1.0)


def test_one_question_has_no_interval(make_row: Callable[..., Judged]) -> None:
    """How far it would be another time is not known."""
    this, other = [make_row("q", spans=(1,))], [make_row("q", spans=(2,))]
    first = compare(MEASURES, this, other)[0]
    assert (first.measure.name, first.effect, first.interval) == ("hit@1", 1.0, None)


def test_a_separating_confidence_beats_a_constant_one(make_row: Callable[..., Judged]) -> None:
    """AUROC goes from 0.5 to 1, which swaps of confidences hardly ever reach."""
    spans = [(1,) if n % 2 else None for n in range(20)]
    this = [make_row(f"q{n}", spans=s, confidence=0.9 if s else 0.1) for n, s in enumerate(spans)]
    other = [make_row(f"q{n}", spans=s, confidence=0.5) for n, s in enumerate(spans)]
    found = {d.measure.name: d for d in compare(MEASURES, this, other)}["abstain AUROC"]
    assert (found.this, found.other, found.effect) == (1.0, 0.5, 0.5)
    assert found.p < 0.01
    assert found.wins is None


def test_another_scale_of_confidence_is_no_difference(make_row: Callable[..., Judged]) -> None:
    """The same order with all confidences halved: AUROC is equal and p is 1."""
    this = [make_row(f"q{n}", spans=(1,) if n > 4 else None, confidence=n / 10) for n in range(10)]
    other = [make_row(f"q{n}", spans=(1,) if n > 4 else None, confidence=n / 20) for n in range(10)]
    found = {d.measure.name: d for d in compare(MEASURES, this, other)}["abstain AUROC"]
    assert (found.effect, found.p) == (0.0, 1.0)


def test_times_are_not_tested(make_row: Callable[..., Judged]) -> None:
    """Times and lengths have no test: they belong to the machine and to the cut."""
    names = {d.measure.name for d in compare(MEASURES, [make_row("a")], [make_row("a")])}
    assert names.isdisjoint({"ms p50", "ms p99", "longest passage (words)"})
