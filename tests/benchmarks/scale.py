"""
Which index at which size: every kind at every size, up to a million passages, and a report of it.

Vectors are synthetic (see `scale_data`). Everything runs in one thread, and its time is what that
thread has computed, so that other programs count less. A kind is measured in a process of its own, which
maps the file that was written; what it finds is held to the exact search.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isqrt
from mmap import ACCESS_READ, mmap
from pathlib import Path

import faiss
import numpy as np
import orjson
from benchmarks.processes import PRELUDE, ROOT, memory
from benchmarks.scale_data import Noise, passages, queries, texts_and_queries
from benchmarks.scale_whole import whole_question

from index.cosines import CANDIDATES
from index.embedding import Vectors
from index.index_kind import EXACT, IndexKind, choose
from index.vectors import VectorIndex

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
KEPT = 10
"""Rows of the exact search that are to be found again."""

WANTED = 0.98
"""Share of them that an index must find to be compared with others by its time."""

SHARES = (64, 32, 16, 8, 4)
"""Of the lists of an inverted file, one in so many is read."""

POOLS = (64, 128, 256, 512, 1024)
"""Candidates that a search of a graph keeps."""

MEASURE = """\
from benchmarks.scale import measure_in_this_process
measure_in_this_process(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "mapped")
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """
    One index with one effort.

    Attributes:
        rows: How many vectors it holds.
        kind: What it is, and how far its search goes.
        build: Seconds to build it.
        file: MB of its file.
        few: Median milliseconds of a search for ten rows.
        many: Median milliseconds of a search for a thousand.
        recall: Share of the ten nearest that are found.
        recall_of_many: Share of the thousand nearest that are found, where a thousand are wanted.
        mapped: MB of memory that the process has of its own once it has searched the mapped file.
        touched: MB of the file that its searches have brought into memory.
        read: MB of its own where the file is read instead.
        whole: Milliseconds for a whole question, the model aside; 0 where it was not asked.

    """

    rows: int
    kind: IndexKind
    build: float
    file: float
    few: float = 0.0
    many: float = 0.0
    recall: float = 0.0
    recall_of_many: float = 0.0
    mapped: float = 0.0
    touched: float = 0.0
    read: float = 0.0
    whole: float = 0.0

    @property
    def family(self) -> str:
        """The sort of index without its figures: Flat, IVF or HNSW."""
        return self.kind.factory.partition(",")[0].rstrip("0123456789")


def measure_all(index_dir: Path, largest: int) -> Iterator[Measured]:
    """Build each kind at each size up to the largest, and measure it with every effort."""
    faiss.omp_set_num_threads(1)
    texts, asked = texts_and_queries(index_dir)
    noise = Noise.between_nearest(texts)
    wanted = queries(asked, noise)
    sizes = [size for size in SIZES if size < largest] + [largest]
    everything = passages(texts, noise, largest)
    for size in sizes:
        vectors = everything[:size]
        with tempfile.TemporaryDirectory(dir=index_dir) as temporary:
            folder = Path(temporary)
            np.save(folder / "queries.npy", wanted)
            np.save(folder / "truth.npy", _truth(vectors, wanted))
            for efforts in _kinds(size):
                yield from _measure_kind(vectors, efforts, folder)


def measure_in_this_process(folder: Path, effort: int, mapped: bool) -> None:
    """Search the index of a folder for every query, and print the figures as JSON."""
    faiss.omp_set_num_threads(1)
    wanted, truth = np.load(folder / "queries.npy"), np.load(folder / "truth.npy")
    own, files = memory()
    with (folder / "index.faiss").open("rb") as file:
        raw = mmap(file.fileno(), 0, access=ACCESS_READ) if mapped else file.read()
    index = VectorIndex.from_bytes(raw)
    del raw
    if not index.is_exact:
        name = "nprobe" if isinstance(index._index, faiss.IndexIVFFlat) else "efSearch"
        faiss.ParameterSpace().set_index_parameter(index._index, name, effort)
    figures: dict[str, float] = {}
    for k, time_name, recall_name in ((KEPT, "few", "recall"), (CANDIDATES, "many", "recall_of_many")):
        times, shares = [], []
        for query, nearest in zip(wanted, truth, strict=True):
            started = time.thread_time()
            rows, _ = index.search(query, k)
            times.append(time.thread_time() - started)
            shares.append(len(np.intersect1d(rows, nearest[:k])) / k)
        figures[time_name] = 1000 * float(np.median(times))
        figures[recall_name] = float(np.mean(shares))
        if k == KEPT:
            own_now, files_now = memory()
            own, files = own_now - own, files_now - files
            figures.update({"mapped": own, "touched": files} if mapped else {"read": own})
    sys.stdout.buffer.write(orjson.dumps(figures))


def _kinds(size: int) -> Iterator[tuple[IndexKind, ...]]:
    """Yield the kinds that are held against each other, each with all its efforts."""
    yield (EXACT,)
    lists = 4 * isqrt(size)
    yield tuple(IndexKind(f"IVF{lists},Flat", lists // share) for share in SHARES)
    yield tuple(IndexKind("HNSW32", pool) for pool in POOLS)


def _measure_kind(vectors: Vectors, efforts: tuple[IndexKind, ...], folder: Path) -> Iterator[Measured]:
    started = time.thread_time()
    index = VectorIndex.from_vectors(vectors, efforts[0])
    built = time.thread_time() - started
    path = folder / "index.faiss"
    with path.open("wb") as file:
        index.write(file.write)
    del index
    size = path.stat().st_size / 2**20
    read = _apart(folder, efforts[0], "read")["read"]
    for kind in efforts:
        measured = Measured(len(vectors), kind, built, size, **_apart(folder, kind, "mapped"))
        measured = replace(measured, read=read)
        if kind == choose(*vectors.shape):
            measured = replace(measured, whole=whole_question(folder.parent, path))
        sys.stderr.write(f"{measured}\n")
        yield measured


def _apart(folder: Path, kind: IndexKind, how: str) -> dict[str, float]:
    """Measure in a process that has nothing else in memory."""
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + MEASURE, str(folder), str(kind.effort), how],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return dict(orjson.loads(done.stdout))


def _truth(vectors: Vectors, wanted: Vectors) -> np.ndarray:
    """Return the rows that an exact search finds: int64, shape (queries, candidates)."""
    index = VectorIndex.from_vectors(vectors, EXACT)
    return np.stack([index.search(query, CANDIDATES)[0] for query in wanted])
