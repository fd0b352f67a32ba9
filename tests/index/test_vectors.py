"""VectorIndex: exact cosines, promised order, guarded edges."""

import mmap
from pathlib import Path

import faiss
import numpy as np
import pytest

from index.errors import IndexDamagedError
from index.vectors import VectorIndex

AXES = np.eye(3, dtype=np.float32)


def test_equal_and_orthogonal_vectors_give_one_and_zero() -> None:
    """A vector is at cosine 1 to itself and at cosine 0 to its orthogonals."""
    rows, cosines = VectorIndex.from_vectors(AXES).search(AXES[1], 3)
    assert rows.tolist() == [1, 0, 2]
    assert cosines.tolist() == [1.0, 0.0, 0.0]


def test_equal_rows_come_in_their_own_order() -> None:
    """Of rows at the same cosine the first comes first, whatever FAISS returns."""
    index = VectorIndex.from_vectors(np.stack([AXES[0]] * 5 + [AXES[1]]))
    rows, _ = index.search(AXES[0], 6)
    assert rows.tolist() == [0, 1, 2, 3, 4, 5]


def test_more_rows_than_there_are_is_no_padding() -> None:
    """Asking for more than the index holds returns what it holds, and no row -1."""
    rows, cosines = VectorIndex.from_vectors(AXES).search(AXES[0], 99)
    assert sorted(rows.tolist()) == [0, 1, 2]
    assert cosines.min() >= 0


def test_an_empty_index_finds_nothing() -> None:
    """An index without rows answers with no row."""
    rows, cosines = VectorIndex.from_vectors(np.zeros((0, 3), np.float32)).search(AXES[0], 2)
    assert (rows.tolist(), cosines.tolist()) == ([], [])


def test_bytes_and_back_keep_every_vector() -> None:
    """What is written and read again finds the same rows at the same cosines."""
    vectors = np.random.default_rng(7).normal(size=(20, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = VectorIndex.from_vectors(vectors)
    again = VectorIndex.from_bytes(index.to_bytes())
    assert len(again) == 20
    assert again.dimension == 8
    for old, new in zip(index.search(vectors[3], 20), again.search(vectors[3], 20), strict=True):
        assert np.array_equal(old, new)


def test_released_vectors_come_again(tmp_path: Path) -> None:
    """A mapped index whose memory was given back finds what it found before; one in memory is let be."""
    file = tmp_path / "vectors"
    file.write_bytes(VectorIndex.from_vectors(AXES).to_bytes())
    with file.open("rb") as opened:
        mapped = VectorIndex.from_bytes(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))
    for index in (mapped, VectorIndex.from_vectors(AXES)):
        index.release()
        assert index.cosines(AXES[2]).tolist() == [0.0, 0.0, 1.0]


@pytest.mark.parametrize("cut", [0, 1, 10, 40])
def test_truncated_bytes_are_refused(cut: int) -> None:
    """A file that ends early is called damaged, and nothing crashes."""
    raw = VectorIndex.from_vectors(AXES).to_bytes()
    with pytest.raises(IndexDamagedError, match="cannot be read"):
        VectorIndex.from_bytes(raw[:cut])


def test_another_kind_of_index_is_refused() -> None:
    """An index that is not one for inner products is called damaged."""
    raw = bytes(faiss.serialize_index(faiss.IndexFlatL2(3)).tobytes())
    with pytest.raises(IndexDamagedError, match="IndexFlatL2, which is no index of unit"):
        VectorIndex.from_bytes(raw)


@pytest.mark.parametrize("vector", [np.ones(2, np.float32), np.full(3, np.nan, np.float32)])
def test_a_wrong_query_vector_is_refused(vector: np.ndarray) -> None:
    """A vector of another length, or one that is not finite, is the caller's mistake."""
    with pytest.raises(ValueError, match=r"finite and of shape \(3,\)"):
        VectorIndex.from_vectors(AXES).search(vector, 1)


def test_vectors_must_have_length_one() -> None:
    """Rows that are no unit vectors would make the inner product no cosine."""
    with pytest.raises(ValueError, match="length 1"):
        VectorIndex.from_vectors(2 * AXES)


def test_every_cosine_is_that_of_the_search() -> None:
    """In the order of the rows; after bytes and back; and for an index without rows."""
    vectors = np.random.default_rng(3).normal(size=(50, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = VectorIndex.from_bytes(VectorIndex.from_vectors(vectors).to_bytes())
    rows, cosines = index.search(vectors[7], 50)
    assert np.allclose(index.cosines(vectors[7])[rows], cosines, atol=1e-6)
    assert VectorIndex.from_vectors(np.zeros((0, 3), np.float32)).cosines(AXES[0]).shape == (0,)
    with pytest.raises(ValueError, match=r"finite and of shape \(8,\)"):
        index.cosines(AXES[0])


def test_rows_that_differ_are_told() -> None:
    """Their numbers, and an index of them alone; indexes of different sizes cannot be compared."""
    changed = VectorIndex.from_vectors(AXES[[0, 2, 2]])
    rows, others = changed.other_than(VectorIndex.from_vectors(AXES))
    assert rows.tolist() == [1]
    assert others.cosines(AXES[2]).tolist() == [1.0]
    rows, others = changed.other_than(changed)
    assert (len(rows), len(others)) == (0, 0)
    with pytest.raises(ValueError, match="3 rows cannot be held against 2"):
        changed.other_than(VectorIndex.from_vectors(AXES[:2]))
