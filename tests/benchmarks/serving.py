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

import orjson
from benchmarks.processes import ROOT, run
from benchmarks.rows import Row
from benchmarks.warm import questions

from assistant import Setup, open_assistant

ASK_PATH = "/api/ask"
AT_ONCE = 32
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
    """The slowest of 32 questions sent together, over the 32 sent one after the other."""
    name = f"{AT_ONCE} questions at once over one after the other"
    open_assistant(Setup(index_dir=index_dir))
    asked = questions()[:AT_ONCE]
    with _server(index_dir) as address:
        try:
            _ask(address, asked[0])
        except urllib.error.HTTPError as error:
            return [Row(name, [], [], "s", 1.1, note=f"{ASK_PATH} answers {error.code}")]
        ours, theirs = [], []
        for _ in range(runs):
            started = time.perf_counter()
            for question in asked:
                _ask(address, question)
            between = time.perf_counter()
            with ThreadPoolExecutor(AT_ONCE) as askers:
                list(askers.map(lambda question: _ask(address, question), asked))
            theirs.append(between - started)
            ours.append(time.perf_counter() - between)
    return [Row(name, ours, theirs, "s", 1.1)]


def _ask(address: str, question: str) -> None:
    body = orjson.dumps({"question": question})
    headers = {"Content-Type": "application/json"}
    _fetch(urllib.request.Request(address + ASK_PATH, body, headers))  # noqa: S310 - our own address


def _fetch(request: urllib.request.Request) -> None:
    with urllib.request.urlopen(request, timeout=LONGEST) as reply:  # noqa: S310 - our own address
        reply.read()


@contextmanager
def _server(index_dir: Path) -> Iterator[str]:
    """Yield the address of a server, once it says that it listens, and end it afterwards."""
    command = [sys.executable, "app.py", "--port", "0", "--index-dir", str(index_dir)]
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
