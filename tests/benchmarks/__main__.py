"""
Measures what a reader waits for, against libraries on the same machine in the same run.

    python tests/benchmarks                      all rows, a quarter of an hour
    python tests/benchmarks cold warm --runs 9   some of them
    python tests/benchmarks --index-dir FOLDER   with an index that stands there
    python tests/benchmarks scale --largest N    which index at which size: a report, half an hour

It prints one Markdown table. Each row is a ratio (what is ours over what it is held to), because the
times themselves say more about the machine than about the program: the two are measured in turn, and
the median counts. `scale` writes a page of its own (`results/scale.md`). Let nothing else run
meanwhile. No test of the suite times anything.
"""

import argparse
import sys
import tempfile
from pathlib import Path

# Run as a folder, Python looks here alone: the program is two folders up, these modules one.
sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from benchmarks.building import index_build
from benchmarks.rows import HEAD, Row
from benchmarks.scale import SIZES, measure_all
from benchmarks.scale_report import write
from benchmarks.serving import at_once, page_usable
from benchmarks.starting import cold_ask
from benchmarks.warm import against_langchain, memory_growth, warm_question

MEASURES = {
    "cold": cold_ask,
    "warm": warm_question,
    "langchain": against_langchain,
    "memory": memory_growth,
    "build": index_build,
    "page": page_usable,
    "at-once": at_once,
}

SCALE = "scale"
"""Has a report of its own, and takes long: measured only where it is asked for."""

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="python tests/benchmarks", description="See the top.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASURES))
    parser.add_argument("--runs", type=int, default=5, help="turns of each row (default 5)")
    parser.add_argument("--index-dir", type=Path, help="built there first if need be")
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="passages, for scale")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder, for scale")
    asked = parser.parse_args()
    unknown = set(asked.names) - {*MEASURES, SCALE}
    if unknown or asked.runs < 1 or asked.largest < 1:
        parser.error(f"there are {', '.join(MEASURES)} and {SCALE}, and at least one run")
    with tempfile.TemporaryDirectory() as temporary:
        index_dir = asked.index_dir or Path(temporary)
        if SCALE in asked.names:
            write(list(measure_all(index_dir, asked.largest)), asked.out)
            asked.names.remove(SCALE)
            if not asked.names:
                return
        sys.stdout.write(HEAD)
        for name in asked.names or MEASURES:
            rows: list[Row] = MEASURES[name](index_dir, asked.runs)
            sys.stdout.write("".join(row.markdown() for row in rows))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
