"""A RUN file: a line for a line, in order, the same as one at a time; whole, or not there at all."""

import errno
import io
import os
from pathlib import Path

import orjson
import pytest

from assistant import Assistant
from assistant.as_json import answer_fields
from assistant.batch import write_run
from assistant.errors import OutputError
from assistant.questions_file import AskedQuestion

ASKED = (
    AskedQuestion("b", "Is yoga safe for me?"),
    AskedQuestion("a", "is it a pill?", ("What is tamoxifin?",)),
    AskedQuestion("ü/7 “x”", "will I lose\nmy hair?"),
)


def lines_of(path: Path) -> list[dict]:
    """Return the objects of a RUN file, and check that each stands on a line of its own."""
    raw = path.read_bytes()
    assert raw.endswith(b"\n")
    return [orjson.loads(line) for line in raw[:-1].split(b"\n")]


def test_a_line_for_a_line_in_order(fake_assistant: Assistant, tmp_path: Path) -> None:
    """Ids come back in the order of the questions, even where a question holds a line break."""
    run = tmp_path / "run.jsonl"
    write_run(ASKED, lambda: fake_assistant, run)
    found = lines_of(run)
    assert [line["id"] for line in found] == ["b", "a", "ü/7 “x”"]
    assert [line["question"] for line in found] == [asked.question for asked in ASKED]
    assert list(tmp_path.iterdir()) == [run]


def test_each_line_is_the_single_answer(fake_assistant: Assistant, tmp_path: Path) -> None:
    """A batch answers as if each question were asked alone; only the time differs."""
    run = tmp_path / "run.jsonl"
    write_run(ASKED, lambda: fake_assistant, run)
    for line, asked in zip(lines_of(run), ASKED, strict=True):
        single = {"id": asked.id, **answer_fields(fake_assistant.answer(asked.question, asked.history))}
        assert list(line) == list(single)
        assert {**line, "ms": 0} == {**single, "ms": 0}


def test_progress_is_told(fake_assistant: Assistant, tmp_path: Path) -> None:
    """After each question, how many are done and how many there are."""
    told: list[tuple[str, int, int]] = []
    write_run(
        ASKED,
        lambda: fake_assistant,
        tmp_path / "run.jsonl",
        progress=lambda stage, done, total: told.append((stage, done, total)),
    )
    assert told == [("answering questions", number, 3) for number in (1, 2, 3)]


def test_a_missing_folder_is_known_before_the_model_is_loaded(tmp_path: Path) -> None:
    """Nobody waits for an answer that cannot be written."""
    run = tmp_path / "missing" / "run.jsonl"
    with pytest.raises(OutputError, match=r"missing/run\.jsonl cannot be written \(No such file"):
        write_run(ASKED, lambda: pytest.fail("opened"), run)


def test_a_folder_is_no_run_file(fake_assistant: Assistant, tmp_path: Path) -> None:
    """A folder of that name stays as it is, and nothing is left beside it."""
    run = tmp_path / "run"
    run.mkdir()
    (run / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=rf"^{run} "):
        write_run(ASKED, lambda: fake_assistant, run)
    assert (run / "notes.txt").read_text() == "mine"
    assert list(tmp_path.iterdir()) == [run]


def test_a_folder_is_known_before_the_model_is_loaded(tmp_path: Path) -> None:
    """It is said before an hour's work, not after."""
    opened = []

    def open_it() -> Assistant:
        opened.append("opened")
        raise OutputError("opened")

    with pytest.raises(OutputError, match=r"\S"):
        write_run(ASKED, open_it, tmp_path)
    assert opened == []


class FullDisk(io.BytesIO):
    """A file on a disk that takes no more."""

    def write(self, content: bytes) -> int:
        """Refuse."""
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), len(content))


def test_a_full_disk_leaves_what_was_there(
    fake_assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The RUN file of yesterday stays, and nothing is left beside it."""
    run = tmp_path / "run.jsonl"
    run.write_text("yesterday")

    def full(handle: int, mode: str) -> FullDisk:
        os.close(handle)
        return FullDisk()

    with monkeypatch.context() as patched:
        patched.setattr("assistant.files.os.fdopen", full)
        with pytest.raises(
            OutputError, match=r"run\.jsonl cannot be written \(No space left on device\)"
        ):
            write_run(ASKED, lambda: fake_assistant, run)
    assert run.read_text() == "yesterday"
    assert list(tmp_path.iterdir()) == [run]


def test_an_index_that_cannot_be_read_is_not_the_run_files_fault(tmp_path: Path) -> None:
    """An error of the disk while the assistant is opened names what it was about."""
    run = tmp_path / "run.jsonl"

    def open_it() -> Assistant:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), "the index")

    with pytest.raises(PermissionError, match="the index"):
        write_run(ASKED, open_it, run)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_halfway_leaves_what_was_there(fake_assistant: Assistant, tmp_path: Path) -> None:
    """Half a RUN file would be taken for a whole one."""
    run = tmp_path / "run.jsonl"
    run.write_text("yesterday")

    def stop(stage: str, done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match=r"^$"):
        write_run(ASKED, lambda: fake_assistant, run, progress=stop)
    assert run.read_text() == "yesterday"
    assert list(tmp_path.iterdir()) == [run]


def test_an_earlier_run_is_replaced(fake_assistant: Assistant, tmp_path: Path) -> None:
    """A whole RUN takes the place of the one before."""
    run = tmp_path / "run.jsonl"
    run.write_text("yesterday")
    write_run(ASKED[:1], lambda: fake_assistant, run)
    assert [line["id"] for line in lines_of(run)] == ["b"]
