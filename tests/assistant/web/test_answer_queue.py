"""How many questions are worked on at a time, and for how long; no test waits for a clock."""

import asyncio
import threading
from functools import partial

import pytest

from assistant.web.answer_queue import AnswerQueue
from assistant.web.errors import BusyError, TooSlowError
from assistant.web.sentences import BUSY, TOO_SLOW
from tests.assistant.web.conftest import run
from tests.in_time import LONG

FOREVER = 3_600.0


def queue_of(**limits: object) -> AnswerQueue:
    """Return a queue of one place and one that waits, unless told otherwise."""
    return AnswerQueue(**{"places": 1, "waiting": 1, "seconds": FOREVER, **limits})


def test_what_is_done_is_returned() -> None:
    """Asked in the loop or by a thread, work is done in a thread of the queue's."""
    queue = queue_of()
    names = [run(queue.run(thread_name)), queue.run_in_thread(thread_name)]
    assert names == ["answer_0", "answer_0"]


def thread_name() -> str:
    """Return who does this."""
    return threading.current_thread().name


def test_what_fails_fails_for_the_asker() -> None:
    """An error comes out as it is, and the place is free again, every time."""
    queue = queue_of(waiting=0)

    def fail() -> None:
        raise KeyError("x")

    for _ in range(3):
        with pytest.raises(KeyError, match="x"):
            run(queue.run(fail))
        with pytest.raises(KeyError, match="x"):
            queue.run_in_thread(fail)


def test_one_too_many_is_sent_away_at_once() -> None:
    """With all places taken and enough waiting, the next is told so, either way it asks."""
    queue, go_on = queue_of(), threading.Event()
    wait = partial(go_on.wait, LONG)

    async def ask() -> list[object]:
        asked = [asyncio.create_task(queue.run(wait)) for _ in range(2)]
        await asyncio.sleep(0)
        try:
            for attempt in (queue.run(wait), asyncio.to_thread(queue.run_in_thread, wait)):
                with pytest.raises(BusyError, match=BUSY):
                    await attempt
        finally:
            go_on.set()
        return await asyncio.gather(*asked)

    assert run(ask()) == [True, True]


def test_an_answer_that_takes_too_long_is_given_up() -> None:
    """The asker is told; the place is taken until the work is done, the waiting one is freed."""
    queue, go_on = queue_of(seconds=0.0), threading.Event()
    wait = partial(go_on.wait, LONG)
    try:
        with pytest.raises(TooSlowError, match=TOO_SLOW):
            run(queue.run(wait))
        with pytest.raises(TooSlowError, match=TOO_SLOW):
            queue.run_in_thread(wait)
        # Nobody waits any more, so that there is room to wait, however often.
        with pytest.raises(TooSlowError, match=TOO_SLOW):
            run(queue.run(wait))
    finally:
        go_on.set()


def test_who_goes_away_frees_the_place() -> None:
    """A question that waits and is given up is never begun, and the next may wait."""
    queue, go_on, begun = queue_of(), threading.Event(), []

    async def ask() -> object:
        first = asyncio.create_task(queue.run(partial(go_on.wait, LONG)))
        await asyncio.sleep(0)
        try:
            gone = asyncio.create_task(queue.run(lambda: begun.append("gone")))
            await asyncio.sleep(0)
            gone.cancel()
            await asyncio.wait([gone])
            third = asyncio.create_task(queue.run(lambda: begun.append("third")))
            await asyncio.sleep(0)
        finally:
            go_on.set()
        await asyncio.gather(first, third)
        return gone.cancelled()

    assert run(ask()) is True
    assert begun == ["third"]
