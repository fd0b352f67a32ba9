"""Writes what `scale` has measured: a page of tables, and the curves beside it."""

import os
import platform
from collections.abc import Callable, Sequence
from pathlib import Path

import faiss
from benchmarks.scale import WANTED, Measured
from benchmarks.scale_chart import Drawing, svg
from benchmarks.scale_data import NOISE, QUERIES

from index.index_kind import choose

DIMENSION = 384
NAMES = {"Flat": "exact", "IVF": "inverted file", "HNSW": "graph"}

HEAD = (
    "| passages | index | effort | built in | 10 nearest | recall | 1,000 nearest | recall "
    "| file | memory, read | mapped | of the file |\n"
    "|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n"
)

PAGE = """\
# Which index at which size

Made by `python tests/benchmarks scale` ({machine}; FAISS {faiss}, one thread).
Each index is searched by {queries} vectors: the development questions, and noisy copies of them.
The passages are vectors of the shipped index with Gaussian noise (length {noise} to the vector's 1, in
the directions in which near texts differ): each is as near to its nearest as texts of the page are.

![Time, recall, build and memory over the number of passages](scale.svg)

## Each kind with the least effort that finds {wanted} of the ten nearest

In bold, what `index/index_kind.py` chooses at this size; its graph has at every size the effort that
a million needs, and stands below where that is not the least. Effort is how many lists an inverted file
reads, or how many candidates a graph keeps. Times are medians, of one core; recall is the share of the
ten, or thousand, truly nearest that are found. Memory is what a process has of its own after 500
searches: with the file read, and with the file mapped, where pages of the file come in as they are
touched and can be given back at any time.

{head}{best}
## A whole question

What `index/retriever.py` does once the model has read the question, with the chosen index for the
passages and the same again for a sentence of each: searches, word search, the sum and its sorting.
Milliseconds of one core.

| passages | index | time |
|---:|---|---:|
{whole}
## With every effort

{head}{all}"""


def write(measured: Sequence[Measured], folder: Path) -> None:
    """Write the page and its drawing into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    best = least_efforts(measured)
    page = PAGE.format(
        machine=f"{_processor()}, {os.cpu_count()} cores",
        faiss=faiss.__version__,
        queries=QUERIES,
        noise=NOISE,
        wanted=WANTED,
        head=HEAD,
        best="".join(_line(one) for one in best),
        whole="".join(
            f"| {one.rows:,} | {one.kind.factory} | {one.whole:.1f} ms |\n"
            for one in measured
            if one.whole
        ),
        all="".join(_line(one) for one in measured),
    )
    (folder / "scale.md").write_text(page, encoding="utf-8")
    (folder / "scale.svg").write_text(svg(_drawings(best)), encoding="utf-8")


def least_efforts(measured: Sequence[Measured]) -> list[Measured]:
    """Return, for each kind at each size, the least effort that finds enough, or else the greatest."""
    found: dict[tuple[int, str], Measured] = {}
    for one in measured:
        earlier = found.get((one.rows, one.family))
        if earlier is None or earlier.recall < WANTED:
            found[one.rows, one.family] = one
    return list(found.values())


def _drawings(best: Sequence[Measured]) -> list[Drawing]:
    def curves(figure: Callable[[Measured], float]) -> dict[str, list[tuple[float, float]]]:
        return {
            name: [(one.rows, figure(one)) for one in best if one.family == family]
            for family, name in NAMES.items()
        }

    return [
        Drawing("Ten nearest, ms", curves(lambda one: one.few)),
        Drawing("A thousand nearest, ms", curves(lambda one: one.many)),
        Drawing("Share of the ten nearest that is found", curves(lambda one: one.recall), False, 0.9),
        Drawing("Share of the thousand nearest", curves(lambda one: one.recall_of_many), False, 0.0),
        Drawing("To build it, s", curves(lambda one: one.build)),
        Drawing("Memory of its own where the file is read, MB", curves(lambda one: one.read)),
    ]


def _line(one: Measured) -> str:
    chosen = choose(one.rows, DIMENSION) == one.kind
    name = f"**{one.kind.factory}**" if chosen else one.kind.factory
    return (
        f"| {one.rows:,} | {name} | {one.kind.effort or ''} | {one.build:.3g} s "
        f"| {one.few:.2f} ms | {one.recall:.3f} | {one.many:.2f} ms | {one.recall_of_many:.3f} "
        f"| {one.file:,.0f} MB | {one.read:,.0f} MB | {one.mapped:,.0f} MB | {one.touched:,.0f} MB |\n"
    )


def _processor() -> str:
    """Return the name of the processor; Linux alone tells it."""
    path = Path("/proc/cpuinfo")
    told = path.read_text().partition("model name")[2] if path.exists() else ""
    return told.partition(":")[2].partition("\n")[0].strip() or platform.machine()
