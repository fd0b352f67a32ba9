"""
How verdicts become one number: a mean, a quantile, or a property of all confidences together.

Every function takes weights, float64 of shape (resamples, questions), and returns one value a
resample, float64 of shape (resamples,), NaN where nothing counts; weights of one give the value
itself.
"""

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation.bootstrap import Floats, Weights

Booleans = NDArray[np.bool_]

BINS = 10
"""Equal-width bins of confidence for reliability and its error."""


def weighted_mean(values: Floats, weights: Weights) -> Floats:
    """Return the mean of the values that are not NaN."""
    counts = ~np.isnan(values)
    total = weights @ np.where(counts, values, 0.0)
    return _ratio(total, weights @ counts.astype(np.float64))


def weighted_quantile(values: Floats, at: float, weights: Weights) -> Floats:
    """Return the value at position `int(n * at)` of the n sorted values that are not NaN."""
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    reached = np.cumsum(weights[:, order], axis=1)
    if not order.size:
        return np.full(len(weights), np.nan)
    count = reached[:, -1]
    position = np.minimum(np.floor(count * at), count - 1)
    found = values[order][np.argmax(reached > position[:, None], axis=1)]
    return np.where(count > 0, found, np.nan)


def auroc(confidence: Floats, target: Booleans, weights: Weights) -> Floats:
    """
    Return how often a target question has more confidence than another one, a tie counting half.

    The area under the ROC curve: 1 where confidence separates the two, 0.5 where it is a coin.
    """
    positive, negative = confidence[target], confidence[~target]
    above = positive[:, None] > negative[None, :]
    tied = positive[:, None] == negative[None, :]
    wins = above + 0.5 * tied
    w_positive, w_negative = weights[:, target], weights[:, ~target]
    total = np.sum((w_positive @ wins) * w_negative, axis=1)
    return _ratio(total, w_positive.sum(axis=1) * w_negative.sum(axis=1))


def aurc(confidence: Floats, target: Booleans, weights: Weights) -> Floats:
    """
    Return the area under the risk-coverage curve; 0 is best, lower is better.

    For each question: the share that is wrong among all questions with at least its confidence; then
    the mean of these (Geifman and others, ICLR 2019, arXiv 1805.08206). Equal confidences are taken
    together, so that their order never matters. Not to be taken for AUGRC (arXiv 2407.01032).
    """
    order = np.argsort(-confidence, kind="stable")
    drawn = weights[:, order]
    covered = np.cumsum(drawn, axis=1)
    wrong = np.cumsum(drawn * ~target[order], axis=1)
    last = np.searchsorted(-confidence[order], -confidence[order], side="right") - 1
    risk = wrong[:, last] / np.maximum(covered[:, last], 1.0)
    return _ratio(np.sum(drawn * risk, axis=1), drawn.sum(axis=1))


def ece(confidence: Floats, target: Booleans, weights: Weights) -> Floats:
    """
    Return the expected calibration error; 0 is best, lower is better.

    In each of ten equal-width bins of confidence, the distance of mean confidence and share of
    targets; then the mean of these, weighted by questions (Naeini and others, AAAI 2015). Chance alone
    moves every bin off, so that it is never quite 0, and its bootstrap interval lies rather high.
    """
    bins = confidence_bins(confidence)[:, None] == np.arange(BINS)[None, :]
    surplus: Floats = np.abs(weights @ (bins * (confidence - target)[:, None]))
    return _ratio(surplus.sum(axis=1), weights.sum(axis=1))


def confidence_bins(confidence: Floats) -> NDArray[np.intp]:
    """Return each confidence's bin, from 0; a confidence of 1 belongs to the last."""
    return np.minimum((confidence * BINS).astype(np.intp), BINS - 1)


def _ratio(total: Floats, count: Floats) -> Floats:
    share: Floats = np.full(len(total), np.nan)
    np.divide(total, count, out=share, where=count > 0)
    return share
