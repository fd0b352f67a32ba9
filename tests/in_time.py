"""What tests wait for comes in time, or they fail; none waits forever."""

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Timer
from typing import Any

import pytest

LONG = 60.0
"""Seconds after which a test has failed; none waits so long."""


def until(true: Callable[[], object]) -> None:
    """Wait until something is true; a test that waits for long fails."""
    deadline = time.monotonic() + LONG
    while not true():
        if time.monotonic() > deadline:
            pytest.fail(f"nothing came in {LONG:.0f} seconds")
        time.sleep(0.01)


@contextmanager
def process_of(command: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Start a process that speaks text; it is killed when it takes too long, and in the end."""
    with subprocess.Popen(command, text=True, **options) as process:
        # Whoever reads from it then reads its end.
        timer = Timer(LONG, process.kill)
        timer.start()
        try:
            yield process
        finally:
            timer.cancel()
            process.kill()
