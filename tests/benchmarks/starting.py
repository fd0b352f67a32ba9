"""From nothing to an answer, held to importing the library that the index was built with."""

from pathlib import Path

from benchmarks.processes import run
from benchmarks.rows import Row


def cold_ask(index_dir: Path, runs: int) -> list[Row]:
    """Time and peak memory of `ask` in a new process, over those of the import alone."""
    # Not in this process: what it had at its peak would be counted as its children's.
    run("-m", "assistant", "index", "--index-dir", index_dir)
    ask = ("-m", "assistant", "ask", "does chemo make hair fall out?", "--index-dir", index_dir)
    library = ("-c", "import sentence_transformers")
    run(*ask)
    run(*library)
    ours, theirs = zip(*((run(*ask), run(*library)) for _ in range(runs)), strict=True)
    held_to = "cold `ask` over `import sentence_transformers`"
    return [
        Row(f"{held_to}: time", [f.seconds for f in ours], [f.seconds for f in theirs], "s", 0.25),
        Row(
            f"{held_to}: peak memory",
            [f.megabytes for f in ours],
            [f.megabytes for f in theirs],
            "MB",
            0.5,
        ),
    ]
