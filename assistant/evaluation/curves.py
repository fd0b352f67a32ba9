"""The three curves of an evaluation: reliability, risk against coverage, success by words read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.evaluation.formulas import BINS, confidence_bins
from assistant.evaluation.judging import Judged

WORD_STEPS = tuple(range(0, 401, 10))
"""Words read, for the curve of success."""


@dataclass(frozen=True, slots=True)
class Bin:
    """
    Questions of like confidence.

    Attributes:
        low: Least confidence in it.
        high: The bin's upper end.
        questions: How many there are.
        confidence: Their mean confidence.
        right: Share of them whose first passage is relevant.
        answerable: Share of them that are answerable.

    """

    low: float
    high: float
    questions: int
    confidence: float
    right: float
    answerable: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """
    What happens if only questions of at least some confidence are answered.

    Attributes:
        threshold: The confidence.
        coverage: Share of all questions that are answered then.
        risk: Share of these whose first passage is not right.

    """

    threshold: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Reached:
    """Share of answerable questions whose evidence is reached within some words."""

    words: int
    share: float


def reliability(rows: Sequence[Judged]) -> tuple[Bin, ...]:
    """Return the bins of confidence that hold questions; none where a confidence is unknown."""
    known = [(row.line.confidence, row) for row in rows if row.line.confidence is not None]
    if len(known) < len(rows):
        return ()
    confidence = np.array([value for value, _ in known])
    found = []
    for number in range(BINS):
        inside = [known[at] for at in np.flatnonzero(confidence_bins(confidence) == number)]
        if inside:
            found.append(
                Bin(
                    number / BINS,
                    (number + 1) / BINS,
                    len(inside),
                    float(np.mean([value for value, _ in inside])),
                    float(np.mean([row.first_is_right for _, row in inside])),
                    float(np.mean([row.question.answerable for _, row in inside])),
                )
            )
    return tuple(found)


def risk_coverage(rows: Sequence[Judged]) -> tuple[Coverage, ...]:
    """Return risk and coverage at each confidence, highest first; none where one is unknown."""
    known = [
        (row.line.confidence, row.first_is_right) for row in rows if row.line.confidence is not None
    ]
    if len(known) < len(rows):
        return ()
    points = []
    known.sort(key=lambda pair: -pair[0])
    wrong = 0
    for taken, (confidence, right) in enumerate(known, start=1):
        wrong += not right
        # Equal confidences are answered together or not at all.
        if taken == len(known) or known[taken][0] < confidence:
            points.append(Coverage(confidence, taken / len(known), wrong / taken))
    return tuple(points)


def success_by_words(rows: Sequence[Judged]) -> tuple[Reached, ...]:
    """Return the share of answerable questions whose evidence is reached, by words read."""
    words = [row.words for row in rows if row.question.answerable]
    if not words:
        return ()
    return tuple(
        Reached(step, sum(reached is not None and reached <= step for reached in words) / len(words))
        for step in WORD_STEPS
    )
