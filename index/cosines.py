"""One vector compared with the sets of an index: each set once, and only when it is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedding import Vectors
from index.storage import EXAMPLES, GAPS, NAMELESS_GAPS, NAMELESS_QUESTIONS, QUESTIONS, VectorSet
from index.vectors import VectorIndex

Nearest = tuple[NDArray[np.int64], Vectors]
"""Rows of a set and their cosines, both of shape (k,), nearest first; of equal rows the first."""

WHOLE = frozenset({GAPS, EXAMPLES})
"""Sets of which every cosine is asked for sooner or later, and of which the nearest come first."""

CANDIDATES = 1000
"""
Rows that are looked for in a set that is too large to be compared whole. Some ten of them belong to the
passages that are shown; what the others have is known well enough by the least near of a thousand.
"""

_TAKEN = -np.inf
"""In place of a cosine that was counted already."""

FEW = 16
"""Up to so many, picking the highest one by one is faster than parting them from the others."""


@dataclass(frozen=True, slots=True)
class Variant:
    """
    A set most of whose rows are those of another: three texts in four name no medicine.

    Attributes:
        base: Name of the other set.
        rows: The rows in which they differ.
        vectors: These rows.

    """

    base: str
    rows: NDArray[np.int64]
    vectors: VectorIndex


class Comparer:
    """Compares vectors with the sets of an index."""

    def __init__(self, sets: Mapping[str, VectorSet], candidates: int = CANDIDATES) -> None:
        """
        Take the sets of an index.

        Args:
            sets: The sets by name.
            candidates: Rows that are looked for in a set whose index is not exact.

        """
        self.sets = sets
        self.candidates = candidates
        self.variants = {
            name: Variant(base, *sets[name].vectors.other_than(sets[base].vectors))
            for name, base in ((NAMELESS_QUESTIONS, QUESTIONS), (NAMELESS_GAPS, GAPS))
            if sets[name].vectors.is_exact and sets[base].vectors.is_exact
        }
        for name in self.variants:
            # Never looked at whole again: of the shipped index, 13 MB.
            sets[name].vectors.release()

    def compare(self, vector: Vectors) -> "Cosines":
        """Return the cosines of a unit vector: float32, shape (d,)."""
        return Cosines(self, vector)


class Cosines:
    """
    The cosines of one vector with the rows of each set; each figure is worked out once.

    A set with an exact index is compared whole. Of a larger one, the nearest rows are searched for, and
    every other row counts as near as the last of these: it is hardly nearer, and a passage that is found
    by its sentences must not lose because nobody looked how near its whole text is.
    """

    def __init__(self, comparer: Comparer, vector: Vectors) -> None:
        """Compare nothing yet."""
        self._comparer = comparer
        self._vector = vector
        self._all: dict[str, Vectors] = {}
        self._nearest: dict[tuple[str, int], Nearest] = {}

    def all(self, name: str) -> Vectors:
        """Return the cosine with every row of a set, as the class says: float32, shape (rows,)."""
        if name not in self._all:
            vectors = self._comparer.sets[name].vectors
            variant = self._comparer.variants.get(name)
            if not vectors.is_exact:
                found = self._spread(name)
            elif variant is None:
                found = vectors.cosines(self._vector)
            else:
                found = self.all(variant.base).copy()
                found[variant.rows] = variant.vectors.cosines(self._vector)
            self._all[name] = found
        return self._all[name]

    def nearest(self, name: str, k: int) -> Nearest:
        """Return the `k` nearest rows of a set; fewer where it has fewer."""
        if (name, k) not in self._nearest:
            if not self._comparer.sets[name].vectors.is_exact:
                rows, cosines = self._candidates(name)
                found = rows[:k], cosines[:k]
            # What is needed whole, or for a variant, is not searched as well.
            elif name in self._all or name in self._comparer.variants or name in WHOLE:
                found = highest(self.all(name), k)
            else:
                found = self._comparer.sets[name].vectors.search(self._vector, k)
            self._nearest[name, k] = found
        return self._nearest[name, k]

    def at_least(self, name: str, least: float) -> Nearest:
        """Return the rows of a set that have this cosine or a higher one, as far as they were found."""
        if self._comparer.sets[name].vectors.is_exact:
            cosines = self.all(name)
            rows = np.flatnonzero(cosines >= least)
            return _sorted(rows, cosines)
        rows, cosines = self._candidates(name)
        near = cosines >= least
        return rows[near], cosines[near]

    def _candidates(self, name: str) -> Nearest:
        """Return the rows of a large set that are searched for, once."""
        key = name, self._comparer.candidates
        if key not in self._nearest:
            self._nearest[key] = self._comparer.sets[name].vectors.search(self._vector, key[1])
        return self._nearest[key]

    def _spread(self, name: str) -> Vectors:
        """Return the cosines of the rows that were found, and the lowest of them for all others."""
        rows, cosines = self._candidates(name)
        found = np.full(len(self._comparer.sets[name].vectors), cosines.min(initial=1.0), np.float32)
        found[rows] = cosines
        return found


class RowsByOwner:
    """Rows of a set brought together by the passage that they belong to."""

    def __init__(self, owners: Sequence[int], passages: int) -> None:
        """
        Sort rows by owner.

        Args:
            owners: For each row, the number of its passage.
            passages: How many passages there are; one may own no row.

        """
        numbers = np.asarray(owners, dtype=np.int64)
        self._passages = passages
        self._rows = np.argsort(numbers, kind="stable")
        self._owning, self._starts = np.unique(numbers[self._rows], return_index=True)
        self._segments = np.searchsorted(self._owning, numbers[self._rows])
        self._bounds = np.searchsorted(numbers[self._rows], np.arange(passages + 1))

    def best(self, cosines: Vectors) -> NDArray[np.float64]:
        """Return each passage's highest cosine, -1 where it owns no row: shape (passages,)."""
        best = np.full(self._passages, -1.0)
        if len(self._starts):
            best[self._owning] = np.maximum.reduceat(cosines[self._rows], self._starts)
        return best

    def mean_of_best(self, cosines: Vectors, count: int) -> NDArray[np.float64]:
        """
        Return the mean of each passage's `count` highest cosines, -1 where it owns no row.

        One that owns fewer is given the mean of these. Shape (passages,).
        """
        means = np.full(self._passages, -1.0)
        if not len(self._starts):
            return means
        left = cosines[self._rows].astype(np.float64)
        sums = np.zeros(len(self._owning))
        for _ in range(count):
            # The highest of each that is left is added and taken out, which is a third of a sort.
            best = np.maximum.reduceat(left, self._starts)
            sums += np.where(best > _TAKEN, best, 0.0)
            places = np.flatnonzero(left == best[self._segments])
            # Of equal ones the first.
            _, first = np.unique(self._segments[places], return_index=True)
            left[places[first]] = _TAKEN
        owned = np.append(self._starts[1:], len(left)) - self._starts
        means[self._owning] = sums / np.minimum(owned, count)
        return means

    def best_row(self, cosines: Vectors, passage: int) -> int | None:
        """Return a passage's row of the highest cosine, the first of equals; None where it owns none."""
        rows = self._rows[self._bounds[passage] : self._bounds[passage + 1]]
        return int(rows[np.argmax(cosines[rows])]) if len(rows) else None

    def first_row(self, passage: int) -> int:
        """Return a passage's first row; it must own one."""
        return int(self._rows[self._bounds[passage]])


def highest(values: NDArray[Any], k: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Return the places of the `k` highest values and these, highest first; of equal ones the first."""
    if 0 < k <= min(FEW, len(values)):
        left = values.astype(np.float64)
        picked = np.empty(k, np.int64)
        for at in range(k):
            picked[at] = left.argmax()
            left[picked[at]] = _TAKEN
        return picked, values[picked]
    places = np.arange(len(values))
    if len(values) > k > 0:
        least = np.partition(values, -k)[-k]
        places = np.flatnonzero(values >= least)
    places, found = _sorted(places, values)
    return places[:k], found[:k]


def _sorted(places: NDArray[np.int64], values: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Return some places and their values, highest first; of equal ones the first."""
    places = places[np.argsort(-values[places], kind="stable")]
    return places, values[places]
