"""The server: how soon its page can be used, and many questions at once."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import orjson
from benchmarks.processes import ROOT, run
from benchmarks.rows import Row
from benchmarks.warm import questions

from assistant import Setup, open_assistant

ASK_PATH = "/api/ask"
HEALTH_PATH = "/healthz"
AT_ONCE = 32
MOST_OF_IN_TURN = 1 / 1.5
"""Of the time that they take one after the other: 1.5 times as many questions a second."""

GRACE = 1.0
"""Seconds that the page may take beyond the import of its own library."""

LONGEST = 60
"""Seconds after which a server that says nothing is given up."""


def page_usable(index_dir: Path, runs: int) -> list[Row]:
    """From starting the server until its page is sent, over `import gradio` and a second."""
    open_assistant(Setup(index_dir=index_dir))
    ours, theirs = [], []
    for _ in range(runs):
        started = time.perf_counter()
        with _server(index_dir) as address:
            _fetch(urllib.request.Request(address))  # noqa: S310 - our own address
            ours.append(time.perf_counter() - started)
        theirs.append(run("-c", "import gradio").seconds + GRACE)
    return [Row("page usable over `import gradio` and 1 s", ours, theirs, "s", 1.0)]


def at_once(index_dir: Path, runs: int) -> list[Row]:
    """32 questions together: the slowest over 32 times a lone one, all over one after the other."""
    open_assistant(Setup(index_dir=index_dir))
    asked = questions()[:AT_ONCE]
    lone, slowest, in_turn, together = [], [], [], []
    with _server(index_dir) as address:
        _wait_until_ready(address)
        for number in range(runs + 1):
            one_by_one = [_ask(address, question) for question in asked]
            started = time.perf_counter()
            with ThreadPoolExecutor(AT_ONCE) as askers:
                each = list(askers.map(lambda question: _ask(address, question), asked))
            # The first turn only warms up.
            if number:
                together.append(time.perf_counter() - started)
                slowest.append(1000 * max(each))
                in_turn.append(sum(one_by_one))
                lone.append(1000 * AT_ONCE * median(one_by_one))
    return [
        Row(
            f"slowest of {AT_ONCE} questions at once over {AT_ONCE} x a lone one", slowest, lone, "ms", 1
        ),
        Row(
            f"{AT_ONCE} questions at once over one after the other",
            together,
            in_turn,
            "s",
            MOST_OF_IN_TURN,
        ),
    ]


def _ask(address: str, question: str) -> float:
    """Return the seconds that an answer took; an error is raised, so that none can fail unseen."""
    body = orjson.dumps({"question": question})
    headers = {"Content-Type": "application/json"}
    started = time.perf_counter()
    _fetch(urllib.request.Request(address + ASK_PATH, body, headers))  # noqa: S310 - our own address
    return time.perf_counter() - started


def _wait_until_ready(address: str) -> None:
    """Return once the server can answer; until then it answers 503."""
    end = time.perf_counter() + LONGEST
    while True:
        try:
            _fetch(urllib.request.Request(address + HEALTH_PATH))  # noqa: S310 - our own address
        except urllib.error.HTTPError:
            if time.perf_counter() > end:
                raise
            time.sleep(0.1)
        else:
            return


def _fetch(request: urllib.request.Request) -> None:
    with urllib.request.urlopen(request, timeout=LONGEST) as reply:  # noqa: S310 - our own address
        reply.read()


@contextmanager
def _server(index_dir: Path) -> Iterator[str]:
    """Yield the address of a server, once it says that it listens, and end it afterwards."""
    command = [sys.executable, "app.py", "--port", "0", "--index-dir", str(index_dir)]
    # All questions come from one client.
    command += ["--rate", "0"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as server:
        try:
            said = ""
            while "http://" not in said:
                said = server.stderr.readline()
                if not said:
                    msg = "the server ended without a word of its address"
                    raise RuntimeError(msg)
            yield said[said.index("http://") :].split()[0].rstrip(".")
        finally:
            server.terminate()
