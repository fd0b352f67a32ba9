"""Search over unit vectors, exact unless they are very many; the only importer of faiss."""

import mmap
from collections.abc import Callable

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedding import Vectors
from index.errors import IndexDamagedError
from index.index_kind import EXACT, IndexKind, choose

TRAINED_ON = 40
"""Rows for each list that its centre is found from; of more a sample is drawn, always the same."""

_KINDS = (faiss.IndexFlatIP, faiss.IndexIVFFlat, faiss.IndexHNSWFlat)


class VectorIndex:
    """
    Unit vectors in a FAISS index for inner products, which for unit vectors are cosines.

    The search is exact (IndexFlatIP) up to the size that `index.index_kind` names: for a page's few
    thousand rows an approximate index would add nothing but misses.
    """

    def __init__(self, index: faiss.Index, mapped: mmap.mmap | None = None) -> None:
        """
        Take a finished FAISS index; see `from_vectors` and `from_bytes`.

        Args:
            index: The index.
            mapped: The file whose bytes it uses where they lie; it stays open as long as this does.

        """
        self._index = index
        self._mapped = mapped

    @classmethod
    def from_vectors(cls, vectors: Vectors, kind: IndexKind | None = None) -> "VectorIndex":
        """
        Build an index; of the same vectors always the same one.

        Args:
            vectors: float32, shape (n, d), unit rows.
            kind: Of which sort; by default the one for this size.

        Raises:
            ValueError: The rows are not finite unit vectors.

        """
        lengths = np.linalg.norm(vectors, axis=1)
        if not np.allclose(lengths, 1.0, atol=1e-3):
            msg = "vectors must be finite and of length 1"
            raise ValueError(msg)
        index = _empty(kind or choose(*vectors.shape), vectors.shape[1])
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        threads = faiss.omp_get_max_threads()
        # Several threads would link a graph in another order each time.
        faiss.omp_set_num_threads(1)
        try:
            index.train(rows)
            index.add(rows)
        finally:
            faiss.omp_set_num_threads(threads)
        return cls(index)

    @classmethod
    def from_bytes(cls, raw: bytes | mmap.mmap) -> "VectorIndex":
        """
        Read an index that `to_bytes` or `write` wrote; of a mapped file, without a copy.

        Raises:
            IndexDamagedError: The bytes are not such an index.

        """
        held = np.frombuffer(raw, dtype=np.uint8)
        try:
            index = faiss.deserialize_index(held) if isinstance(raw, bytes) else _in_place(held)
        except RuntimeError as error:
            msg = "the vectors cannot be read"
            raise IndexDamagedError(msg) from error
        if not isinstance(index, _KINDS) or index.metric_type != faiss.METRIC_INNER_PRODUCT:
            msg = f"the vectors are in a {type(index).__name__}, which is no index of unit vectors"
            raise IndexDamagedError(msg)
        return cls(index, None if isinstance(raw, bytes) else raw)

    def to_bytes(self) -> bytes:
        """Return the index in FAISS's own file form."""
        return bytes(faiss.serialize_index(self._index).tobytes())

    def write(self, put: Callable[[bytes], object]) -> None:
        """Give the same bytes to `put`, a part at a time; an error that it raises ends the writing."""
        writer = faiss.PyCallbackIOWriter(put)  # type: ignore[attr-defined]
        faiss.write_index(self._index, writer)

    def __len__(self) -> int:
        """Return the number of vectors."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return int(self._index.d)

    @property
    def is_exact(self) -> bool:
        """Whether a search misses nothing."""
        return isinstance(self._index, faiss.IndexFlat)

    def search(self, vector: Vectors, k: int) -> tuple[NDArray[np.int64], Vectors]:
        """
        Return the rows nearest to a vector.

        Args:
            vector: float32, shape (d,), unit length.
            k: Most rows wanted, at least 1.

        Returns:
            Row numbers (int64) and their cosines (float32), both of shape (min(k, n),), nearest
            first; of equal rows the first comes first. They are fewer where an index that is not
            exact has looked at fewer.

        Raises:
            ValueError: The vector has another length than the index's, or is not finite.

        """
        self._check(vector)
        if len(self) == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        # k is held to the size: FAISS pads what is missing with row -1.
        found, rows = self._index.search(vector[np.newaxis], min(max(k, 1), len(self)))
        order = np.lexsort((rows[0], -found[0]))
        order = order[rows[0][order] >= 0]
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
            ValueError: The vector has another length than the index's, or is not finite; or the index
                is not exact, and would have to be read whole.

        """
        self._check(vector)
        self._must_be_exact()
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
            ValueError: The other index has another number of rows, or one of them is not exact.

        """
        if len(self) != len(base):
            msg = f"{len(self)} rows cannot be held against {len(base)}"
            raise ValueError(msg)
        own = self._rows()
        rows = np.flatnonzero((own != base._rows()).any(axis=1))
        return rows, VectorIndex.from_vectors(own[rows], EXACT)

    def release(self) -> None:
        """Let the system take back the memory that a mapped file fills; what is touched comes again."""
        # Not every system has the call, and none needs it.
        if self._mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
            self._mapped.madvise(mmap.MADV_DONTNEED)

    def _rows(self) -> Vectors:
        """Return all rows as a view of what FAISS holds, which lives as long as the index does."""
        self._must_be_exact()
        if not len(self):
            return np.zeros((0, self.dimension), np.float32)
        held = faiss.rev_swig_ptr(self._index.get_xb(), len(self) * self.dimension)  # type: ignore[attr-defined]
        return np.asarray(held).reshape(len(self), self.dimension)

    def _check(self, vector: Vectors) -> None:
        """Refuse a vector that cannot be compared."""
        if vector.shape != (self.dimension,) or not np.isfinite(vector).all():
            msg = f"a query vector must be finite and of shape ({self.dimension},), not {vector.shape}"
            raise ValueError(msg)

    def _must_be_exact(self) -> None:
        """Refuse what only an exact index has: its rows one after the other."""
        if not self.is_exact:
            msg = f"a {type(self._index).__name__} does not hold its rows in order"
            raise ValueError(msg)


def _in_place(raw: NDArray[np.uint8]) -> faiss.Index:
    """
    Read an index that goes on using the bytes where they lie.

    Raises:
        RuntimeError: They are no index, or end too early or too late.

    """
    reader = faiss.ZeroCopyIOReader(faiss.swig_ptr(raw), raw.size)  # type: ignore[attr-defined]
    index = faiss.read_index(reader)
    # FAISS reads lists of an inverted file up to seven bytes beyond the end.
    if reader.rp_ != raw.size:
        msg = f"the index ends at byte {reader.rp_} of {raw.size}"
        raise RuntimeError(msg)
    return index


def _empty(kind: IndexKind, dimension: int) -> faiss.Index:
    """Return an index of this kind without rows; lists are there to be held against the graph."""
    if kind == EXACT:
        return faiss.IndexFlatIP(dimension)
    index = faiss.index_factory(dimension, kind.factory, faiss.METRIC_INNER_PRODUCT)
    if isinstance(index, faiss.IndexIVFFlat):
        index.nprobe = kind.effort
        index.cp.max_points_per_centroid = TRAINED_ON
        # A few rows a list will do for a test; FAISS would write a warning.
        index.cp.min_points_per_centroid = 1
    else:
        index.hnsw.efSearch = kind.effort  # type: ignore[attr-defined]
    return index
