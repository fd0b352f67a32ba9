"""VectorIndex of each kind: what it finds, from bytes and from a mapped file, and damaged ones."""

import mmap
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.errors import IndexDamagedError
from index.index_kind import EXACT, IndexKind
from index.vectors import VectorIndex

ROWS, DIMENSION = 3000, 32
KINDS = {
    "exact": EXACT,
    "lists": IndexKind("IVF216,Flat", 54),
    "graph": IndexKind("HNSW32", 128),
}
APPROXIMATE = [kind for kind in KINDS.values() if kind != EXACT]
CUTS = (0, 1, 10, 40, 200, -10_000, -1)
"""Where files end early."""


def unit(count: int, seed: int) -> np.ndarray:
    """Return unit rows in clusters, as texts are: float32, shape (count, DIMENSION)."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(0).normal(size=(60, DIMENSION))
    rows = centres[random.integers(60, size=count)] + 0.7 * random.normal(size=(count, DIMENSION))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    """The rows that each kind is built of."""
    return unit(ROWS, 1)


@pytest.fixture(scope="module", params=KINDS.values(), ids=KINDS)
def kind(request: pytest.FixtureRequest) -> IndexKind:
    """Each kind in turn."""
    return request.param


@pytest.fixture(scope="module")
def index(kind: IndexKind, vectors: np.ndarray) -> VectorIndex:
    """An index of this kind."""
    return VectorIndex.from_vectors(vectors, kind)


@pytest.fixture
def mapped(tmp_path: Path) -> Callable[[bytes], mmap.mmap]:
    """Write bytes into a file and map it."""

    def map_them(raw: bytes) -> mmap.mmap:
        (tmp_path / "an.faiss").write_bytes(raw)
        with (tmp_path / "an.faiss").open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    return map_them


def test_nearly_all_of_the_nearest_are_found(index: VectorIndex, vectors: np.ndarray) -> None:
    """At least 98 of 100, nearest first, each at its true cosine."""
    shares = []
    for query in unit(100, 2):
        rows, cosines = index.search(query, 10)
        assert (np.diff(cosines) <= 0).all()
        assert np.allclose(cosines, vectors[rows] @ query, atol=1e-5)
        shares.append(np.isin(np.argsort(-(vectors @ query))[:10], rows).mean())
    assert np.mean(shares) >= 0.98


def test_the_same_vectors_make_the_same_bytes(
    kind: IndexKind, index: VectorIndex, vectors: np.ndarray
) -> None:
    """Whichever kind it is, and with it every answer."""
    assert VectorIndex.from_vectors(vectors, kind).to_bytes() == index.to_bytes()


def test_bytes_and_back_find_the_same(index: VectorIndex, mapped: Callable[[bytes], mmap.mmap]) -> None:
    """From memory, from bytes and from a mapped file, to the last bit, with the same effort."""
    raw = index.to_bytes()
    parts: list[bytes] = []
    index.write(parts.append)
    assert b"".join(parts) == raw
    for again in (VectorIndex.from_bytes(raw), VectorIndex.from_bytes(mapped(raw))):
        assert (len(again), again.dimension) == (ROWS, DIMENSION)
        assert again.is_exact == index.is_exact
        for query in unit(20, 3):
            for old, new in zip(index.search(query, 50), again.search(query, 50), strict=True):
                assert np.array_equal(old, new)


@pytest.mark.parametrize("cut", CUTS)
def test_truncated_bytes_of_each_kind_are_refused(index: VectorIndex, cut: int) -> None:
    """Wherever they end."""
    with pytest.raises(IndexDamagedError, match="cannot be read"):
        VectorIndex.from_bytes(index.to_bytes()[:cut])


@pytest.mark.parametrize("cut", [cut for cut in CUTS if cut])
def test_truncated_files_of_each_kind_are_refused(
    index: VectorIndex, mapped: Callable[[bytes], mmap.mmap], cut: int
) -> None:
    """Likewise where the file is mapped."""
    with pytest.raises(IndexDamagedError, match="cannot be read"):
        VectorIndex.from_bytes(mapped(index.to_bytes()[:cut]))


def test_an_error_of_who_writes_is_told(index: VectorIndex) -> None:
    """A full disk is not taken for a written index."""

    def full(_: bytes) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        index.write(full)


@pytest.mark.parametrize("other", APPROXIMATE)
def test_more_rows_than_are_looked_at_is_no_padding(other: IndexKind, vectors: np.ndarray) -> None:
    """Fewer rows come back, each once, and no row -1."""
    found = VectorIndex.from_vectors(vectors[:300], IndexKind(other.factory, 1))
    rows, cosines = found.search(vectors[0], 300)
    assert 0 < len(rows) == len(cosines) <= 300
    assert rows.min() >= 0
    assert len(set(rows.tolist())) == len(rows)


@pytest.mark.parametrize("other", APPROXIMATE)
def test_what_needs_every_row_refuses_them(other: IndexKind, vectors: np.ndarray) -> None:
    """An index without rows in order is never read as if it had them."""
    large, small = (VectorIndex.from_vectors(vectors[:300], each) for each in (other, EXACT))
    for act in (
        lambda: large.cosines(vectors[0]),
        lambda: large.other_than(small),
        lambda: small.other_than(large),
    ):
        with pytest.raises(ValueError, match="does not hold its rows in order"):
            act()
