"""
Measures what a reader waits for, against libraries on the same machine in the same run.

    python tests/benchmarks                      all rows, a quarter of an hour
    python tests/benchmarks cold warm --runs 9   some of them
    python tests/benchmarks --index-dir FOLDER   with an index that stands there

It prints one Markdown table. Each row is a ratio (what is ours over what it is held to), because the
times themselves say more about the machine than about the program: the two are measured in turn, and
the median counts. Let nothing else run meanwhile. No test of the suite times anything.
"""

import argparse
import sys
import tempfile
from pathlib import Path

# Run as a folder, Python looks here alone: the program is two folders up, these modules one.
sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from benchmarks.building import index_build
from benchmarks.rows import HEAD, Row
from benchmarks.serving import at_once, page_usable
from benchmarks.starting import cold_ask
from benchmarks.warm import memory_growth, warm_question

MEASURES = {
    "cold": cold_ask,
    "warm": warm_question,
    "memory": memory_growth,
    "build": index_build,
    "page": page_usable,
    "at-once": at_once,
}


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="python tests/benchmarks", description="See the top.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASURES))
    parser.add_argument("--runs", type=int, default=5, help="turns of each row (default 5)")
    parser.add_argument("--index-dir", type=Path, help="built there first if need be")
    asked = parser.parse_args()
    unknown = set(asked.names) - set(MEASURES)
    if unknown or asked.runs < 1:
        parser.error(f"there are {', '.join(MEASURES)}, and at least one run")
    with tempfile.TemporaryDirectory() as temporary:
        index_dir = asked.index_dir or Path(temporary)
        sys.stdout.write(HEAD)
        for name in asked.names or MEASURES:
            rows: list[Row] = MEASURES[name](index_dir, asked.runs)
            sys.stdout.write("".join(row.markdown() for row in rows))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
