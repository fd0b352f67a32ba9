"""Runs Python in processes of their own, and notes time and memory."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRELUDE = """\
import sys
from pathlib import Path
sys.path[:0] = [str(Path.cwd()), str(Path.cwd() / "tests")]
"""
"""What a process that is given its program as words begins with, to find these modules from the root."""

KILOBYTES = 1024 if sys.platform != "darwin" else 1024 * 1024
"""What `ru_maxrss` is to be divided by for MB: it counts kilobytes, on macOS bytes."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What a process took: seconds from start to end, and MB at its peak."""

    seconds: float
    megabytes: float


def memory() -> tuple[float, float]:
    """Return the MB of its own, and of files, that this process holds; Linux alone tells it."""
    status = Path("/proc/self/status").read_text()
    own, files = (int(status.partition(name)[2].split()[0]) / 1024 for name in ("RssAnon:", "RssFile:"))
    return own, files


def run(*arguments: object) -> Finished:
    """
    Run Python with these arguments to its end.

    Raises:
        RuntimeError: It ended with an error.

    """
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        msg = f"python {' '.join(map(str, arguments))} ended with {process.returncode}"
        raise RuntimeError(msg)
    return Finished(seconds, used.ru_maxrss / KILOBYTES)
