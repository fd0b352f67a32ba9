"""Exact search over unit vectors; the only importer of faiss."""

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedding import Vectors
from index.errors import IndexDamagedError


class VectorIndex:
    """
    Unit vectors in a FAISS index for inner products, which for unit vectors are cosines.

    The search is exact (IndexFlatIP): for the few thousand rows of a page's index it takes
    microseconds, and an approximate index would add nothing but misses.
    """

    def __init__(self, index: faiss.IndexFlatIP) -> None:
        """Take a finished FAISS index; see `from_vectors` and `from_bytes`."""
        self._index = index

    @classmethod
    def from_vectors(cls, vectors: Vectors) -> "VectorIndex":
        """
        Build an index.

        Args:
            vectors: float32, shape (n, d), unit rows.

        Raises:
            ValueError: The rows are not finite unit vectors.

        """
        lengths = np.linalg.norm(vectors, axis=1)
        if not np.allclose(lengths, 1.0, atol=1e-3):
            msg = "vectors must be finite and of length 1"
            raise ValueError(msg)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def from_bytes(cls, raw: bytes) -> "VectorIndex":
        """
        Read an index that `to_bytes` wrote.

        Raises:
            IndexDamagedError: The bytes are not such an index.

        """
        try:
            index = faiss.deserialize_index(np.frombuffer(raw, dtype=np.uint8))
        except RuntimeError as error:
            msg = "the vectors cannot be read"
            raise IndexDamagedError(msg) from error
        if not isinstance(index, faiss.IndexFlatIP):
            msg = f"the vectors are in a {type(index).__name__}, not in an IndexFlatIP"
            raise IndexDamagedError(msg)
        return cls(index)

    def to_bytes(self) -> bytes:
        """Return the index in FAISS's own file form."""
        return bytes(faiss.serialize_index(self._index).tobytes())

    def __len__(self) -> int:
        """Return the number of vectors."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return int(self._index.d)

    def search(self, vector: Vectors, k: int) -> tuple[NDArray[np.int64], Vectors]:
        """
        Return the rows nearest to a vector.

        Args:
            vector: float32, shape (d,), unit length.
            k: Most rows wanted, at least 1.

        Returns:
            Row numbers (int64) and their cosines (float32), both of shape (min(k, n),), nearest
            first; of equal rows the first comes first.

        Raises:
            ValueError: The vector has another length than the index's, or is not finite.

        """
        self._check(vector)
        if len(self) == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        # k is held to the size: FAISS pads what is missing with row -1.
        found, rows = self._index.search(vector[np.newaxis], min(max(k, 1), len(self)))
        order = np.lexsort((rows[0], -found[0]))
        return rows[0][order], found[0][order]

    def cosines(self, vector: Vectors) -> Vectors:
        """
        Return the cosine of every row with a vector: float32, shape (n,), in the order of the rows.

        These are the figures of `search`, to the last bit, without its sorting, which takes as long
        again. They come from FAISS rather than from `@`: numpy shares so small a product among threads,
        and those spin; beside busy processes a question then took 45 ms in place of 18.

        Args:
            vector: float32, shape (d,), unit length.

        Raises:
            ValueError: The vector has another length than the index's, or is not finite.

        """
        self._check(vector)
        found = np.empty(len(self), np.float32)
        if len(self):
            query = np.ascontiguousarray(vector, dtype=np.float32)
            out, x = faiss.swig_ptr(found), faiss.swig_ptr(query)
            faiss.fvec_inner_products_ny(out, x, self._index.get_xb(), self.dimension, len(self))  # type: ignore[attr-defined]
        return found

    def other_than(self, base: "VectorIndex") -> tuple[NDArray[np.int64], "VectorIndex"]:
        """
        Return the rows that are not the same as another index's, and an index of these alone.

        Raises:
            ValueError: The other index has another number of rows.

        """
        if len(self) != len(base):
            msg = f"{len(self)} rows cannot be held against {len(base)}"
            raise ValueError(msg)
        own = self._rows()
        rows = np.flatnonzero((own != base._rows()).any(axis=1))
        return rows, VectorIndex.from_vectors(own[rows])

    def _rows(self) -> Vectors:
        """Return all rows as a view of what FAISS holds, which lives as long as the index does."""
        if not len(self):
            return np.zeros((0, self.dimension), np.float32)
        held = faiss.rev_swig_ptr(self._index.get_xb(), len(self) * self.dimension)
        return np.asarray(held).reshape(len(self), self.dimension)

    def _check(self, vector: Vectors) -> None:
        """Refuse a vector that cannot be compared."""
        if vector.shape != (self.dimension,) or not np.isfinite(vector).all():
            msg = f"a query vector must be finite and of shape ({self.dimension},), not {vector.shape}"
            raise ValueError(msg)
