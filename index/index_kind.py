"""Chooses the FAISS index for a set of vectors by its size."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndexKind:
    """
    A sort of FAISS index.

    Attributes:
        factory: What it is, as `faiss.index_factory` reads it: "Flat" (exact), "IVF400,Flat" (rows in
            400 lists by their nearest centre) or "HNSW32" (a graph with 32 links a row).
        effort: How far a search goes: lists that it reads, or candidates that it keeps in the graph.
            An exact one has no choice.

    """

    factory: str
    effort: int = 0

    @property
    def is_exact(self) -> bool:
        """Whether a search misses nothing."""
        return self == EXACT


EXACT = IndexKind("Flat")

GRAPH = IndexKind("HNSW32", 1024)

EXACT_NUMBERS = 20_000_000
"""
Most numbers (rows times dimension) that are searched whole: 52,000 rows of the shipped model. From about
there on the graph is faster.
"""


def choose(rows: int, dimension: int, *, exact_numbers: int = EXACT_NUMBERS) -> IndexKind:
    """
    Return the kind of index for so many vectors of this length.

    As long as it is no slower, every row is compared and nothing is missed: 2 to 3 ms of one core for
    30,000 rows, 12 ms for 100,000. Beyond, the graph takes 4 to 5 ms up to a million rows, and finds
    0.988 of the ten nearest there, more below. Lists that find as many are built sooner and take about
    as long, but lean on texts that lie in clusters, as the noisy copies do that were measured
    (tests/benchmarks/results/scale.md). On the shipped vectors, reading a quarter of its lists, such an
    index changed the first passage of 1 development question in 20; the graph, with a quarter of this
    effort, of none in 560.

    Args:
        rows: How many vectors.
        dimension: Their length.
        exact_numbers: Most numbers that are searched whole.

    Raises:
        ValueError: A count is negative.

    """
    if rows < 0 or dimension < 0 or exact_numbers < 0:
        msg = "rows, dimension and exact_numbers must not be negative"
        raise ValueError(msg)
    if rows * dimension <= exact_numbers:
        return EXACT
    return GRAPH
