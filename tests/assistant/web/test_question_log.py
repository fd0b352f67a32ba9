"""The operator's log: which passages, never who asked, and what was asked only where that is set."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import orjson
import pytest

from assistant import Answer, Assistant
from assistant.errors import OutputError
from assistant.web.question_log import QuestionLog
from assistant.web.sentences import LOG_LOST

QUESTION = "Is yoga safe for me?"
NOON = datetime(2026, 5, 4, 13, 0, 59, 999_999, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture
def answer(fake_assistant: Assistant) -> Answer:
    """An answer."""
    return fake_assistant.answer(QUESTION)


@pytest.fixture
def make_log(tmp_path: Path, fake_assistant: Assistant) -> Callable[..., QuestionLog]:
    """Begin the log `log.jsonl`, which tells what it loses to a list."""

    def make(
        told: list[str] | None = None, *, path: str = "log.jsonl", **options: object
    ) -> QuestionLog:
        return QuestionLog(
            tmp_path / path,
            lambda: fake_assistant.passages,
            clock=lambda: NOON,
            report=[].append if told is None else told.append,
            **options,
        )

    return make


def lines_of(path: Path) -> list[dict[str, object]]:
    """Return the lines of a log."""
    return [orjson.loads(line) for line in path.read_bytes().splitlines() if line]


def test_it_begins_with_a_line_of_its_own(make_log: Callable, tmp_path: Path) -> None:
    """A file that only its owner can read says when the server was started."""
    make_log()
    assert lines_of(tmp_path / "log.jsonl") == [{"time": "2026-05-04T12:00Z", "started": True}]
    assert (tmp_path / "log.jsonl").stat().st_mode & 0o777 == 0o600


def test_an_answer_is_noted_by_ids_and_figures(
    make_log: Callable, tmp_path: Path, answer: Answer, fake_assistant: Assistant
) -> None:
    """The passages that were shown, by id, and figures; the time to the minute, in UTC; not a word."""
    make_log().note(answer)
    ids = {f"{p.document_id}#{p.id}": p.span for p in fake_assistant.passages}
    line = lines_of(tmp_path / "log.jsonl")[1]
    assert [ids[one] for one in line.pop("passages")] == [q.excerpt.span for q in answer.shown]
    assert line == {
        "time": "2026-05-04T12:00Z",
        "answered": answer.answered,
        "confidence": round(answer.confidence, 6),
        "ms": round(answer.ms, 3),
        "carried": False,
        "reply": None,
    }
    assert b"yoga safe" not in (tmp_path / "log.jsonl").read_bytes()


def test_a_question_is_noted_where_that_is_set(
    make_log: Callable, tmp_path: Path, answer: Answer
) -> None:
    """The words as typed, and nothing else besides."""
    make_log(with_questions=True).note(answer)
    line = lines_of(tmp_path / "log.jsonl")[1]
    assert line["question"] == QUESTION
    assert set(line) == {
        *("time", "passages", "answered", "confidence", "ms", "carried", "reply", "question")
    }


def test_small_talk_is_noted_by_its_kind(
    make_log: Callable, tmp_path: Path, fake_assistant: Assistant
) -> None:
    """A reply of ours is a kind, without passages."""
    make_log().note(fake_assistant.answer("thank you"))
    line = lines_of(tmp_path / "log.jsonl")[1]
    assert (line["reply"], line["passages"], line["answered"]) == ("thanks", [], False)


def test_lines_are_added(make_log: Callable, tmp_path: Path, answer: Answer) -> None:
    """What stands in the file stays there, when it is begun again and after each answer."""
    (tmp_path / "log.jsonl").write_bytes(b'{"older":1}\n')
    make_log()
    log = make_log()
    log.note(answer)
    log.note(answer)
    assert [list(line)[:2] for line in lines_of(tmp_path / "log.jsonl")] == [
        ["older"],
        *[["time", "started"]] * 2,
        *[["time", "passages"]] * 2,
    ]


def test_it_may_be_moved_away(make_log: Callable, tmp_path: Path, answer: Answer) -> None:
    """After a rotation the next line begins a new file."""
    log = make_log()
    (tmp_path / "log.jsonl").rename(tmp_path / "log.1")
    log.note(answer)
    assert len(lines_of(tmp_path / "log.1")) == len(lines_of(tmp_path / "log.jsonl")) == 1


def test_a_place_that_cannot_be_written_is_known_at_once(make_log: Callable, tmp_path: Path) -> None:
    """The server does not start with a log that is none."""
    with pytest.raises(
        OutputError, match=r"nowhere/log cannot be written \(No such file or directory\)"
    ):
        make_log(path="nowhere/log")
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_is_no_log(make_log: Callable, tmp_path: Path) -> None:
    """Nobody reads it, and the server would wait for somebody."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputError, match=r"pipe is not a file"):
        make_log(path="pipe")


def test_lost_lines_are_told_once(make_log: Callable, tmp_path: Path, answer: Answer) -> None:
    """When the file cannot be written, answers go on; the operator is told once for each trouble."""
    told: list[str] = []
    log = make_log(told)
    path = tmp_path / "log.jsonl"
    path.unlink()
    path.mkdir()
    log.note(answer)
    log.note(answer)
    assert told == [LOG_LOST]
    path.rmdir()
    log.note(answer)
    assert len(path.read_bytes().splitlines()) == 1
    path.unlink()
    path.mkdir()
    log.note(answer)
    assert told == [LOG_LOST, LOG_LOST]


def test_a_full_disk_is_trouble(
    make_log: Callable, tmp_path: Path, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that fits only in part counts as lost, and does not spoil the one after it."""
    import os  # noqa: PLC0415

    told: list[str] = []
    log = make_log(told)
    write = os.write
    with monkeypatch.context() as full:
        full.setattr("os.write", lambda handle, line: write(handle, line[:10]))
        log.note(answer)
    log.note(answer)
    assert told == [LOG_LOST]
    first, partly, whole = (tmp_path / "log.jsonl").read_bytes().splitlines()
    assert len(partly) == 10
    assert orjson.loads(first)["started"] is True
    assert orjson.loads(whole)["answered"] is answer.answered


def test_the_clock_is_the_worlds(tmp_path: Path) -> None:
    """Without a clock of one's own the time is now, in UTC."""
    before = datetime.now(UTC).replace(second=0, microsecond=0)
    QuestionLog(tmp_path / "log", list, report=[].append)
    noted = datetime.strptime(lines_of(tmp_path / "log")[0]["time"], "%Y-%m-%dT%H:%M%z")
    assert before <= noted <= datetime.now(UTC)
