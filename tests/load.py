"""
A served Signpost under mixed load, on this machine alone, for as long as is asked for.

    python tests/load.py --minutes 2 --index-dir FOLDER

It starts `signpost serve` on a free port of 127.0.0.1 and sends readers who ask and wait, slow ones,
programs that send nonsense, one that asks without pause, one that sends long talks along, and people
who go away. It prints what became of each request, how long the readers waited, and what the server
took; the exit code is 1 if a reader's question was lost, the server failed at anything, or it did not
end as it should.
"""

import argparse
import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import orjson

ROOT = Path(__file__).parents[1]
PAGE = "treatment-for-metastatic-breast-cancer"
DEVELOPMENT = ROOT / "tests" / "development" / "questions.jsonl"
SOURCE = ROOT / "corpus" / PAGE / f"{PAGE}.txt"
PAGES = ("/", f"/read/{PAGE}", "/healthz", "/api", "/api/openapi.json")
JSON = {"Content-Type": "application/json"}

READY = 240.0
"""Seconds that a server may take to get ready; it builds its index where there is none."""

LONGEST = 30.0
"""Seconds that one reply may take; the server gives up an answer after 20."""

MOST_GROWTH = 60.0
"""MB that the server may grow by, once it has warmed up."""

ENDED = (0, -signal.SIGTERM, 128 + signal.SIGTERM)
"""Exit codes of a server that was asked to end, and did when the last answer was given."""

SAYS = ("WARNING: Invalid HTTP request received.\n",)
"""What the server may write meanwhile: no words of anybody's."""

NONSENSE = (
    b"\x00\xff" * 500,
    b"GET / HTTP/x\r\n\r\n",
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nhost: localhost\r\n\r\n",
    b"POST /api/ask HTTP/1.1\r\nhost: localhost\r\ncontent-length: -5\r\n\r\n",
    b"POST /api/ask HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99999999\r\n\r\nx",
    b"POST /api/ask HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
    b"transfer-encoding: chunked\r\n\r\nzz\r\n",
    b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 20_000 + b"\r\n",
)
BAD_BODIES = (
    b"", b"{", b"[]", b'{"question": 5}', b'{"question": ""}', b"[" * 20_000, b'{"question": "\\ud800"}',
    b'{"question": "' + b"x" * 4_001 + b'"}', b"\xff\xfe", b'{"question": "x", "earlier": {}}',
)  # fmt: skip
BAD_PATHS = ("/.env", "/../../etc/passwd", "/gradio_api/file=/etc/passwd", "/read/nothing", "/api/ask")


@dataclass
class Tally:
    """What became of the requests, noted by many threads."""

    became: dict[str, Counter[str]] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, who: str, what: str, wait: float | None = None, wrong: str = "") -> None:
        """Note one request: who sent it, what became of it, and the seconds that a reader waited."""
        with self._lock:
            self.became.setdefault(who, Counter())[what] += 1
            if wait is not None:
                self.waits.append(wait)
            if wrong:
                self.wrong.append(f"{who}: {wrong}")


@dataclass(frozen=True)
class Load:
    """Where the server is, what is asked, and when it is to end."""

    port: int
    until: float
    source: str
    questions: tuple[str, ...]
    tally: Tally

    @property
    def goes_on(self) -> bool:
        """Whether the time is not up."""
        return time.monotonic() < self.until

    def send(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes, str]:
        """Send one request on a connection of its own; return status, body and how long to wait."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        try:
            connection.request(method, path, body, {**JSON, **headers})
            reply = connection.getresponse()
            return reply.status, reply.read(), reply.getheader("Retry-After", "")
        finally:
            connection.close()


def reader(load: Load, turn: random.Random) -> None:
    """Ask, wait and read, from an address of one's own, now and then with the page in between."""
    address = {"X-Forwarded-For": f"198.51.100.{turn.randrange(1, 255)}"}
    while load.goes_on:
        question, started = turn.choice(load.questions), time.monotonic()
        try:
            body = orjson.dumps({"question": question, "earlier": turn.sample(load.questions, 1)})
            status, raw, after = load.send("POST", "/api/ask", body, **address)
            if status == 200:
                answer = orjson.loads(raw)
                quoted = all(one["text"] in load.source for one in answer["passages"])
                sound = quoted and answer["question"] == question.strip()
                wait = time.monotonic() - started
                load.tally.note(
                    "reader", "answered", wait, "" if sound else "another answer, or other words"
                )
            else:
                told = status in (429, 503) and after and orjson.loads(raw)["error"]
                load.tally.note("reader", f"told {status}", wrong="" if told else f"{status} {raw!r}")
            if turn.random() < 0.3:
                status, _, _ = load.send("GET", turn.choice(PAGES), **address)
                load.tally.note("reader", f"page {status}", wrong="" if status == 200 else str(status))
        except (OSError, http.client.HTTPException, ValueError) as error:
            load.tally.note("reader", "lost", wrong=repr(error))
        time.sleep(turn.uniform(0.2, 1.0))


def slow(load: Load, turn: random.Random) -> None:
    """Send a question letter by letter, for longer than the server waits for it."""
    while load.goes_on:
        what = "gave up"
        with suppress(OSError), socket.create_connection(("127.0.0.1", load.port), LONGEST) as line:
            line.sendall(
                b"POST /api/ask HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                b"x-forwarded-for: 203.0.113.5\r\ncontent-length: 1000\r\n\r\n"
            )
            for _ in range(turn.randrange(5, 40)):
                line.sendall(b" ")
                line.settimeout(0.5)
                with suppress(TimeoutError):
                    what = _status_of(line.recv(4_096)) or "closed"
                    break
                if not load.goes_on:
                    break
        load.tally.note("slow", what, wrong="the server failed" if what.startswith("5") else "")


def broken(load: Load, turn: random.Random) -> None:
    """Send what is no request, no question or no page of ours."""
    while load.goes_on:
        try:
            pick = turn.random()
            if pick < 0.4:
                what = _raw(load.port, turn.choice(NONSENSE))
            elif pick < 0.8:
                sender = {"X-Forwarded-For": f"203.0.113.{turn.randrange(100, 250)}"}
                what = str(load.send("POST", "/api/ask", turn.choice(BAD_BODIES), **sender)[0])
            else:
                what = str(load.send("GET", turn.choice(BAD_PATHS))[0])
        except (OSError, http.client.HTTPException):
            what = "closed"
        fine = what == "closed" or what.startswith("4")
        load.tally.note("broken", what, wrong="" if fine else what)
        time.sleep(turn.uniform(0.0, 0.3))


def flood(load: Load, turn: random.Random) -> None:
    """Ask without a pause, from one address."""
    while load.goes_on:
        body = orjson.dumps({"question": turn.choice(load.questions)})
        try:
            status, _, _ = load.send("POST", "/api/ask", body, **{"X-Forwarded-For": "203.0.113.9"})
        except (OSError, http.client.HTTPException) as error:
            load.tally.note("flood", "lost", wrong=repr(error))
            continue
        load.tally.note("flood", str(status), wrong="" if status in (200, 429) else str(status))
        time.sleep(0.02)


def goes_away(load: Load, turn: random.Random) -> None:
    """Ask, and hang up before the answer is there."""
    while load.goes_on:
        body = orjson.dumps({"question": turn.choice(load.questions)})
        with suppress(OSError), socket.create_connection(("127.0.0.1", load.port), LONGEST) as line:
            line.sendall(
                b"POST /api/ask HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                b"x-forwarded-for: 192.0.2.%d\r\ncontent-length: %d\r\n\r\n%s"
                % (turn.randrange(1, 255), len(body), body)
            )
            time.sleep(turn.uniform(0.0, 0.1))
        load.tally.note("goes away", "gone")
        time.sleep(turn.uniform(0.1, 0.6))


def long_talk(load: Load, turn: random.Random) -> None:
    """Send thirty long earlier questions along, as many as a body holds, from one address."""
    while load.goes_on:
        earlier = [" ".join(turn.sample(load.questions, 60))[:2_000] for _ in range(30)]
        body = orjson.dumps({"question": turn.choice(load.questions), "earlier": earlier})
        try:
            status, _, _ = load.send("POST", "/api/ask", body, **{"X-Forwarded-For": "203.0.113.10"})
        except (OSError, http.client.HTTPException) as error:
            load.tally.note("long talk", "lost", wrong=repr(error))
            continue
        wrong = "" if status in (200, 413, 429, 503) else str(status)
        load.tally.note("long talk", str(status), wrong=wrong)
        time.sleep(0.5)


CLIENTS: tuple[tuple[Callable[[Load, random.Random], None], int], ...] = (
    (reader, 4),
    (slow, 2),
    (broken, 2),
    (flood, 1),
    (long_talk, 1),
    (goes_away, 2),
)


def _raw(port: int, content: bytes) -> str:
    """Send bytes as they are; return the status of the reply, or that there was none."""
    with socket.create_connection(("127.0.0.1", port), 12) as line:
        with suppress(OSError):
            line.sendall(content)
        line.settimeout(12)
        return _status_of(line.recv(4_096)) or "closed"


def _status_of(reply: bytes) -> str:
    found = re.match(rb"HTTP/1\.[01] (\d{3})", reply)
    return found[1].decode() if found else ""


class Server:
    """A server in a process of its own."""

    def __init__(self, index_dir: Path | None) -> None:
        """Start it; it counts clients by the address that they are forwarded for, as behind a proxy."""
        where = ["--index-dir", str(index_dir)] if index_dir else []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "serve", "--port", "0", *where],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "FORWARDED_ALLOW_IPS": "127.0.0.1"},
        )
        self.said: list[str] = []
        self.port = 0
        while not self.port:
            line = self._process.stderr.readline()
            if not line:
                msg = "the server ended without a word of its address"
                raise RuntimeError(msg)
            found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
            self.port = int(found[1]) if found else 0
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        for line in self._process.stderr:
            self.said.append(line)

    def wait_until_ready(self) -> None:
        """Wait until it answers; RuntimeError if that takes too long."""
        deadline = time.monotonic() + READY
        while time.monotonic() < deadline and self._process.poll() is None:
            with suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.5)
        msg = "the server did not get ready"
        raise RuntimeError(msg)

    def holds(self) -> tuple[float, int, int]:
        """Return its memory in MB, its threads and its open files, as Linux counts them."""
        place = Path(f"/proc/{self._process.pid}")
        status = (place / "status").read_text()
        (memory,) = re.findall(r"VmRSS:\s+(\d+) kB", status)
        (threads,) = re.findall(r"Threads:\s+(\d+)", status)
        return int(memory) / 1024, int(threads), len(list((place / "fd").iterdir()))

    def end(self) -> int:
        """Ask it to end as a supervisor does; return its exit code, or -9 where it had to be killed."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(LONGEST)
        except subprocess.TimeoutExpired:
            self._process.kill()
        code = self._process.wait()
        # All that it wrote is to be heard.
        self._listener.join(LONGEST)
        return code


def put_under_load(server: Server, minutes: float, seed: int) -> Tally:
    """Send all clients for some minutes; return what became of their requests."""
    source = SOURCE.read_bytes().decode()
    lines = DEVELOPMENT.read_bytes().splitlines()
    questions = tuple(orjson.loads(line)["question"] for line in lines)
    load = Load(server.port, time.monotonic() + minutes * 60, source, questions, Tally())
    threads = [
        threading.Thread(target=client, args=(load, random.Random(f"{seed} {client} {number}")))  # noqa: S311
        for client, many in CLIENTS
        for number in range(many)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return load.tally


def main() -> int:
    """Run the load and print what became of it; return the exit code."""
    parser = argparse.ArgumentParser(prog="python tests/load.py", description="See the top.")
    parser.add_argument("--minutes", type=float, default=2.0, help="of load (default 2)")
    parser.add_argument("--index-dir", type=Path, help="where the index is, or is built first")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    server = Server(asked.index_dir)
    try:
        server.wait_until_ready()
        put_under_load(server, min(asked.minutes, 0.2), asked.seed)
        before = server.holds()
        tally = put_under_load(server, asked.minutes, asked.seed + 1)
        # Whoever is slow has 10 seconds for a body; then everything must have been let go.
        time.sleep(12)
        server.wait_until_ready()
        after = server.holds()
    finally:
        code = server.end()
    report(tally, before, after)
    wrong = list(tally.wrong)
    wrong += [] if code in ENDED else [f"it ended with {code}"]
    wrong += [f"it wrote {line!r}" for line in server.said if line not in SAYS]
    wrong += ["it grew"] if after[0] - before[0] > MOST_GROWTH else []
    sys.stdout.writelines(f"WRONG {line}\n" for line in wrong[:20])
    return 1 if wrong else 0


def report(tally: Tally, before: tuple[float, int, int], after: tuple[float, int, int]) -> None:
    """Print what became of everything."""
    for who, became in sorted(tally.became.items()):
        counts = ", ".join(f"{count} {what}" for what, count in became.most_common())
        sys.stdout.write(f"{who}: {counts}\n")
    waits = sorted(tally.waits) or [0.0]
    middle, late = waits[len(waits) // 2], waits[min(len(waits) - 1, len(waits) * 99 // 100)]
    sys.stdout.write(f"a reader waited {middle:.2f} s (p50), {late:.2f} s (p99), ")
    sys.stdout.write(f"at most {waits[-1]:.2f} s\n")
    for name, first, last in zip(("MB", "threads", "open files"), before, after, strict=True):
        sys.stdout.write(f"{name}: {first:.0f} at the start, {last:.0f} at the end\n")


if __name__ == "__main__":
    sys.exit(main())
