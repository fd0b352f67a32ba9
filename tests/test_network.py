"""Nothing leaves the machine: with every way out shut, index, question and chat work, and try none."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

ROOT = Path(__file__).parents[1]
PAGE = "Yoga can help with sleep, and many people like it.\n"

GUARD = '''\
"""Shuts every way to another machine, and notes who tries."""

import ipaddress
import os
import socket


def refuse(what):
    with open(os.environ["GUARD_NOTES"], "a", encoding="utf-8") as notes:
        notes.write(f"{what}\\n")
    raise OSError(f"shut: {what}")


def is_local(host):
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def shut_socket(name):
    real = getattr(socket.socket, name)

    def guarded(self, *args):
        address = args[-1]
        if self.family != socket.AF_UNIX and not (isinstance(address, tuple) and is_local(address[0])):
            refuse(f"{name} {address!r}")
        return real(self, *args)

    setattr(socket.socket, name, guarded)


def shut_look_up(name):
    real = getattr(socket, name)

    def guarded(host, *args, **options):
        if not is_local(host):
            refuse(f"{name} {host!r}")
        return real(host, *args, **options)

    setattr(socket, name, guarded)


for name in ("connect", "connect_ex", "sendto"):
    shut_socket(name)
for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr"):
    shut_look_up(name)
'''

CHAT = """\
import asyncio, json, sys
from pathlib import Path
from fastapi.testclient import TestClient
from app import build_app
from assistant import Setup, open_assistant

corpus, index_dir = map(Path, sys.argv[1:])

async def build():
    return build_app(open_assistant(Setup(corpus=corpus, index_dir=index_dir)))

with TestClient(asyncio.run(build())) as client:
    assert client.get("/").status_code == 200
    assert client.get("/config").status_code == 200
    assert client.get("/read/a-page").status_code == 200
    # The page sends a turn in two steps: what was typed, then the wish for its answer.
    for event, data in enumerate([["can yoga help with sleep?", None], [None, None]]):
        ticket = {"data": data, "fn_index": event, "session_hash": "one"}
        assert client.post("/gradio_api/queue/join", json=ticket).status_code == 200
        reply = client.get("/gradio_api/queue/data", params={"session_hash": "one"})
        events = [json.loads(line[5:]) for line in reply.text.splitlines() if line.startswith("data:")]
        (done,) = [event for event in events if event["msg"] == "process_completed"]
    print(json.dumps({"success": done["success"], "shown": done["output"]["data"][1]}))
"""


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Where each try to reach another machine is noted."""
    return tmp_path / "notes.txt"


@pytest.fixture
def shut_in(tmp_path: Path, notes: Path) -> Callable[..., subprocess.CompletedProcess]:
    """Run Python with the guard in place, without the settings that would keep libraries silent."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD)
    spoken = ("OFFLINE", "TELEMETRY", "ANALYTICS")
    environment = {name: value for name, value in os.environ.items() if not name.endswith(spoken)}
    environment |= {
        "PYTHONPATH": os.pathsep.join([str(tmp_path / "guard"), str(ROOT)]),
        "GUARD_NOTES": str(notes),
        "HOME": str(tmp_path),
        "HF_HOME": str(tmp_path / "hugging-face"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }

    def run(*arguments: object) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=590,
        )

    return run


@pytest.mark.parametrize(
    ("attempt", "noted"),
    [
        ("socket.socket().connect(('192.0.2.1', 80))", "connect ('192.0.2.1', 80)"),
        ("socket.getaddrinfo('signpost.invalid', 80)", "getaddrinfo 'signpost.invalid'"),
        ("socket.gethostbyname('signpost.invalid')", "gethostbyname 'signpost.invalid'"),
        ("urllib.request.urlopen('http://signpost.invalid')", "getaddrinfo 'signpost.invalid'"),
    ],
)
def test_the_guard_guards(shut_in: Callable, notes: Path, attempt: str, noted: str) -> None:
    """A connection and a look-up are refused and noted, or the tests below would prove nothing."""
    done = shut_in("-c", f"import socket, urllib.request\n{attempt}")
    assert done.returncode == 1
    assert "shut: " in done.stderr
    assert noted in notes.read_text()


def test_the_guard_lets_this_machine_be_reached(shut_in: Callable, notes: Path) -> None:
    """Loopback is no other machine."""
    script = (
        "import socket\n"
        "with socket.create_server(('127.0.0.1', 0)) as server:\n"
        "    socket.create_connection(('localhost', server.getsockname()[1])).close()\n"
    )
    done = shut_in("-c", script)
    assert done.returncode == 0, done.stderr
    assert not notes.exists()


@pytest.mark.model
def test_index_question_and_chat_need_no_network(
    shut_in: Callable, notes: Path, document_folder: Callable[..., Path], tmp_path: Path
) -> None:
    """Built, asked and served with the real model: not one connection, not one look-up of a name."""
    page, indexes = document_folder(PAGE), tmp_path / "indexes"
    where = ("--corpus", page, "--index-dir", indexes)

    built = shut_in("-m", "assistant", "index", *where)
    assert built.returncode == 0, built.stderr

    asked = shut_in("-m", "assistant", "ask", "can yoga help with sleep?", "--json", *where)
    assert asked.returncode == 0, asked.stderr
    assert orjson.loads(asked.stdout)["passages"][0]["text"] == PAGE.strip()

    chat = shut_in("-W", "ignore", "-c", CHAT, page, indexes)
    assert chat.returncode == 0, chat.stderr
    reply = orjson.loads(chat.stdout.splitlines()[-1])
    assert reply["success"] is True
    assert "Yoga can help with sleep" in reply["shown"]

    assert not notes.exists(), notes.read_text()


@pytest.mark.model
def test_a_model_that_is_not_there_is_not_fetched(
    shut_in: Callable, notes: Path, document_folder: Callable[..., Path]
) -> None:
    """An unknown model is an error at once; nobody is asked for it."""
    asked = shut_in(
        *("-m", "assistant", "ask", "yoga", "--model", "nobody/nothing"),
        *("--corpus", document_folder(PAGE)),
    )
    assert asked.returncode == 1
    assert "there is no model nobody/nothing on this machine" in asked.stderr
    assert not notes.exists()
