"""
Compares two systems on the same questions: paired verdicts in, differences with their chance out.

The paired randomisation test: were the two equal, swapping their answers to any conversation would
change nothing (Smucker, Allan and Carterette, CIKM 2007). For a mean, to swap is to flip a sign.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.evaluation.bootstrap import (
    SEED,
    Floats,
    Weights,
    cluster_numbers,
    interval,
    resample_weights,
)
from assistant.evaluation.formulas import Booleans
from assistant.evaluation.gold import conversations
from assistant.evaluation.judging import Judged
from assistant.evaluation.measures import Better, ConfidenceMeasure, MeanMeasure, Measure

PERMUTATIONS = 10_000
_AT_A_TIME = 1_000
_SAME = 1e-12
"""Differences that are equal but for the last bits of their sums."""


@dataclass(frozen=True, slots=True)
class Difference:
    """
    What changes from the other system to this one.

    Attributes:
        measure: The figure.
        this: Its value here.
        other: Its value there.
        effect: `this` less `other`: the mean difference.
        interval: The effect's 95% interval, by clustered bootstrap; None where it has none.
        p: Two-sided chance of so large a difference, were the two systems equal.
        wins: Questions on which this system is better; None where the figure is no mean.
        losses: Questions on which the other is better.
        ties: Questions on which they are equal.

    """

    measure: Measure
    this: float
    other: float
    effect: float
    interval: tuple[float, float] | None
    p: float
    wins: int | None
    losses: int | None
    ties: int | None


def compare(
    measures: Sequence[Measure], this: Sequence[Judged], other: Sequence[Judged]
) -> tuple[Difference, ...]:
    """
    Compare two systems by every figure that both have; times and lengths are not tested.

    Args:
        measures: The figures.
        this: Verdicts on this system.
        other: Verdicts on the other one, for the same questions in the same order.

    """
    clusters = conversations([row.question for row in this])
    weights = resample_weights(clusters)
    found = (_compare_by(measure, this, other, clusters, weights) for measure in measures)
    return tuple(difference for difference in found if difference is not None)


def _compare_by(
    measure: Measure,
    this: Sequence[Judged],
    other: Sequence[Judged],
    clusters: Sequence[str],
    weights: Weights,
) -> Difference | None:
    if not measure.counted(this) or measure.counted(this) != measure.counted(other):
        return None
    counts: tuple[int | None, int | None, int | None] = (None, None, None)
    if isinstance(measure, MeanMeasure):
        gain = measure.values(this) - measure.values(other)
        p = sign_flip_p(gain, clusters)
        better = gain if measure.better is Better.HIGHER else -gain
        counts = (int(np.sum(better > 0)), int(np.sum(better < 0)), int(np.sum(better == 0)))
    elif isinstance(measure, ConfidenceMeasure):
        p = swap_p(measure, this, other, clusters)
    else:
        return None
    here, there = measure.value(this), measure.value(other)
    if math.isnan(here) or math.isnan(there):
        return None
    # Of one question there is no telling how far it would be another time.
    several = measure.counted(this) > 1
    spread = (
        interval(measure.resampled(this, weights) - measure.resampled(other, weights))
        if several
        else None
    )
    return Difference(measure, here, there, here - there, spread, p, *counts)


def sign_flip_p(gain: Floats, clusters: Sequence[str]) -> float:
    """
    Return the two-sided p of a mean difference, by flipping the signs of whole conversations.

    Args:
        gain: Difference of each question, float64, NaN where it does not count.
        clusters: For each question its conversation.

    """
    count, numbers = cluster_numbers(clusters)
    sums = np.bincount(numbers, weights=np.nan_to_num(gain), minlength=count)
    extreme = 0
    for swapped in _swaps(count):
        extreme += int(np.sum(np.abs((1 - 2.0 * swapped) @ sums) >= abs(sums.sum()) - _SAME))
    return _p(extreme)


def swap_p(
    measure: ConfidenceMeasure,
    this: Sequence[Judged],
    other: Sequence[Judged],
    clusters: Sequence[str],
) -> float:
    """
    Return the two-sided p of a difference in confidence, by swapping whole conversations.

    Where only the order counts, each system's confidences are first replaced by their ranks: two
    systems may mean different things by 0.6, and that alone is no difference.
    """
    count, numbers = cluster_numbers(clusters)
    (ours, our_target), (theirs, their_target) = measure.columns(this), measure.columns(other)
    if measure.ordering:
        ours, theirs = _ranks(ours), _ranks(theirs)
    one = np.ones((1, len(ours)))

    def difference(swapped: Booleans) -> float:
        first = measure.estimate(
            np.where(swapped, theirs, ours), np.where(swapped, their_target, our_target), one
        )
        second = measure.estimate(
            np.where(swapped, ours, theirs), np.where(swapped, our_target, their_target), one
        )
        return abs(float(first[0] - second[0]))

    seen = difference(np.zeros(len(ours), dtype=np.bool_))
    draws = (row[numbers] for block in _swaps(count) for row in block)
    return _p(sum(difference(row) >= seen - _SAME for row in draws))


def _swaps(clusters: int) -> Iterator[Booleans]:
    """Yield which clusters are swapped: bool, shape (1,000, clusters), ten times, always the same."""
    generator = np.random.default_rng(SEED)
    for _ in range(PERMUTATIONS // _AT_A_TIME):
        yield generator.integers(0, 2, size=(_AT_A_TIME, clusters)).astype(np.bool_)


def _p(extreme: int) -> float:
    """Return the share of swaps that are as extreme, with the one that was seen among them."""
    return (extreme + 1) / (PERMUTATIONS + 1)


def _ranks(confidence: Floats) -> Floats:
    """Return each confidence's rank among all, in (0, 1]; equal ones share the highest."""
    return np.searchsorted(np.sort(confidence), confidence, side="right") / len(confidence)
