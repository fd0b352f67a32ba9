"""
Bootstrap intervals that respect conversations: verdicts are resampled by cluster, not one by one.

Turns of one conversation stand or fall together, so that counting each as an independent draw would
make every interval too narrow (cluster bootstrap: Davison and Hinkley, 1997, section 3.8).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1_000
SEED = 20_260_501
LEVEL = 0.95

Floats = NDArray[np.float64]
"""Numbers: float64."""

Weights = NDArray[np.float64]
"""How often each question is drawn: float64, shape (resamples, questions), whole numbers."""


def cluster_numbers(clusters: Sequence[str]) -> tuple[int, NDArray[np.intp]]:
    """Return how many clusters there are, and for each question the number of its own."""
    names, numbers = np.unique(np.asarray(clusters, dtype=np.str_), return_inverse=True)
    return len(names), numbers


def resample_weights(
    clusters: Sequence[str], *, resamples: int = RESAMPLES, seed: int = SEED
) -> Weights:
    """
    Draw clusters with replacement, as many as there are.

    Args:
        clusters: For each question the cluster that it belongs to.
        resamples: How many times.
        seed: The same seed gives the same draws.

    """
    count, numbers = cluster_numbers(clusters)
    draws = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=resamples)
    return draws[:, numbers].astype(np.float64)


def interval(estimates: Floats, level: float = LEVEL) -> tuple[float, float] | None:
    """
    Return the percentile interval of a measure's resampled values.

    Args:
        estimates: Its value in each resample; NaN where a resample holds no question that counts.
        level: Share of the values inside the interval.

    Returns:
        Lower and upper end, or None where no resample has a value. A measure that is 1 for every
        question has the interval 1 to 1, which says nothing of how few they may be.

    """
    known = estimates[~np.isnan(estimates)]
    if not known.size:
        return None
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
