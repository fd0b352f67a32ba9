"""Sorts of figures: a mean, a quantile, a property of all confidences; verdicts in, a number out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np

from assistant.evaluation.bootstrap import Floats, Weights
from assistant.evaluation.formulas import (
    Booleans,
    weighted_mean,
    weighted_quantile,
)
from assistant.evaluation.judging import Judged

NOTHING = float("nan")
"""Value of a measure where no question counts."""


class Better(StrEnum):
    """Which way is good."""

    HIGHER = "higher"
    LOWER = "lower"


class Measure(Protocol):
    """A figure."""

    @property
    def name(self) -> str:
        """What it is called in every file and table."""

    @property
    def meaning(self) -> str:
        """What it says, in one sentence."""

    @property
    def better(self) -> Better:
        """Which way is good."""

    def counted(self, rows: Sequence[Judged]) -> int:
        """Return how many questions count."""

    def value(self, rows: Sequence[Judged]) -> float:
        """Return the figure, NaN where no question counts."""

    def resampled(self, rows: Sequence[Judged], weights: Weights) -> Floats:
        """Return the figure in each resample, float64 of shape (resamples,)."""


@dataclass(frozen=True, slots=True)
class MeanMeasure:
    """The mean of one number a question; None where the question doesn't count."""

    name: str
    meaning: str
    of: Callable[[Judged], float | None]
    better: Better = Better.HIGHER

    def values(self, rows: Sequence[Judged]) -> Floats:
        """Return each question's number: float64, shape (questions,), NaN where it doesn't count."""
        return _column(rows, self.of)

    def counted(self, rows: Sequence[Judged]) -> int:
        """Return how many questions count."""
        return sum(self.of(row) is not None for row in rows)

    def value(self, rows: Sequence[Judged]) -> float:
        """Return the mean. Added up one by one, as score.py does, to agree to the last digit."""
        values = [value for row in rows if (value := self.of(row)) is not None]
        return sum(values) / len(values) if values else NOTHING

    def resampled(self, rows: Sequence[Judged], weights: Weights) -> Floats:
        """Return the mean in each resample."""
        return weighted_mean(self.values(rows), weights)


@dataclass(frozen=True, slots=True)
class QuantileMeasure:
    """A quantile of one number a question; `at` 1 is the largest."""

    name: str
    meaning: str
    of: Callable[[Judged], float | None]
    at: float
    better: Better = Better.LOWER

    def counted(self, rows: Sequence[Judged]) -> int:
        """Return how many questions count."""
        return sum(self.of(row) is not None for row in rows)

    def value(self, rows: Sequence[Judged]) -> float:
        """Return the quantile."""
        weights = np.ones((1, len(rows)))
        return float(weighted_quantile(_column(rows, self.of), self.at, weights)[0])

    def resampled(self, rows: Sequence[Judged], weights: Weights) -> Floats:
        """Return the quantile in each resample; NaN for the largest, which the bootstrap fails on."""
        if self.at == 1:
            return np.full(len(weights), np.nan)
        return weighted_quantile(_column(rows, self.of), self.at, weights)


@dataclass(frozen=True, slots=True)
class ConfidenceMeasure:
    """A property of all confidences together: how they stand to what they should foretell."""

    name: str
    meaning: str
    target: Callable[[Judged], bool]
    estimate: Callable[[Floats, Booleans, Weights], Floats]
    better: Better
    ordering: bool
    """Whether only the order of the confidences counts, not their size."""

    def counted(self, rows: Sequence[Judged]) -> int:
        """Return how many questions count: all, or none where one has no confidence."""
        return len(rows) if all(row.line.confidence is not None for row in rows) else 0

    def columns(self, rows: Sequence[Judged]) -> tuple[Floats, Booleans]:
        """Return confidence and target: float64 and bool, shape (questions,)."""
        confidence = _column(rows, lambda row: row.line.confidence)
        return confidence, np.array([self.target(row) for row in rows], dtype=np.bool_)

    def value(self, rows: Sequence[Judged]) -> float:
        """Return the figure."""
        return float(self.resampled(rows, np.ones((1, len(rows))))[0])

    def resampled(self, rows: Sequence[Judged], weights: Weights) -> Floats:
        """Return the figure in each resample."""
        if not self.counted(rows):
            return np.full(len(weights), np.nan)
        return self.estimate(*self.columns(rows), weights)


def _column(rows: Sequence[Judged], of: Callable[[Judged], float | None]) -> Floats:
    values = [of(row) for row in rows]
    return np.array([NOTHING if value is None else value for value in values], dtype=np.float64)
