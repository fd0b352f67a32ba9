"""Vectors as a larger corpus would have them: those of the shipped index, with noise."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from benchmarks.warm import questions

from assistant import Setup
from assistant.opening import open_retriever
from index.embedding import Vectors
from index.vectors import VectorIndex

NOISE = 0.7
"""
Mean length of the noise, the vector's own being 1. A row then has cosine 0.82 with the text it was made
from, and 0.67 with another made from it: as near as the nearest text is in the shipped index, where the
median is 0.70.
"""

SEED = 20240212
CHUNK = 50_000
"""Rows that are made at a time."""

QUERIES = 500


@dataclass(frozen=True, slots=True)
class Noise:
    """
    Noise that points where near texts differ, and not evenly into all directions.

    Attributes:
        factor: Of its covariance: float64, shape (d, d).

    """

    factor: np.ndarray

    @classmethod
    def between_nearest(cls, vectors: Vectors) -> "Noise":
        """Take its directions from the differences of some vectors to their nearest."""
        index = VectorIndex.from_vectors(vectors)
        some = vectors[::8]
        nearest = [index.search(vector, 2)[0][1] for vector in some]
        covariance = np.cov((some - vectors[nearest]).T)
        values, directions = np.linalg.eigh(covariance / np.trace(covariance))
        return cls(directions * np.sqrt(np.maximum(values, 0)))

    def added(self, vectors: Vectors, random: np.random.Generator) -> Vectors:
        """Return the vectors with noise, at length 1 again."""
        noise = random.normal(size=vectors.shape).astype(np.float32) @ self.factor.T.astype(np.float32)
        noisy = vectors + NOISE * noise
        return np.asarray(noisy / np.linalg.norm(noisy, axis=1, keepdims=True), np.float32)


def texts_and_queries(index_dir: Path) -> tuple[Vectors, Vectors]:
    """Return the different vectors of the shipped index, and those of the development questions."""
    retriever = open_retriever(Setup(index_dir=index_dir))
    rows = [part.vectors._rows() for part in retriever._index.sets.values()]
    return np.unique(np.concatenate(rows), axis=0), np.stack(retriever._embed(questions()))


def passages(texts: Vectors, noise: Noise, count: int) -> Vectors:
    """Return so many noisy rows, each of a text drawn at random; fewer are the first of more."""
    rows = np.empty((count, texts.shape[1]), np.float32)
    for number, start in enumerate(range(0, count, CHUNK)):
        random = np.random.default_rng([SEED, number])
        made = noise.added(texts[random.integers(len(texts), size=CHUNK)], random)
        rows[start : start + CHUNK] = made[: count - start]
    return rows


def queries(asked: Vectors, noise: Noise) -> Vectors:
    """Return the vectors of real questions, filled up with noisy copies of them."""
    random = np.random.default_rng(SEED)
    more = asked[random.integers(len(asked), size=max(QUERIES - len(asked), 0))]
    return np.concatenate([asked, noise.added(more, random)])
