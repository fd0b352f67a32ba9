"""How many questions are worked on at a time, how many wait, and for how long."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from assistant.web.errors import BusyError, TooSlowError
from assistant.web.sentences import BUSY, TOO_SLOW

RETRY_SECONDS = 5
"""When a client is told to come back to a full queue."""

_Result = TypeVar("_Result")


class AnswerQueue:
    """
    Runs questions in threads: so many at a time, some waiting, each for a limited time.

    A thread cannot be stopped. One that takes too long keeps its place until it is done, so that slow
    questions cannot pile up; one that waits and is given up frees its place at once.
    """

    def __init__(self, *, places: int, waiting: int, seconds: float) -> None:
        """
        Make the queue.

        Args:
            places: Questions worked on at a time, at least 1.
            waiting: Questions that wait beside them.
            seconds: Longest time for a question, its waiting included.

        """
        self._threads = ThreadPoolExecutor(places, thread_name_prefix="answer")
        self._room = threading.BoundedSemaphore(places + waiting)
        self._seconds = seconds

    async def run(self, work: Callable[[], _Result]) -> _Result:
        """
        Return what `work` returns.

        Raises:
            BusyError: All places are taken and enough are waiting.
            TooSlowError: It took too long.

        """
        job = self._begun(work)
        result = asyncio.wrap_future(job)
        try:
            done, _ = await asyncio.wait([result], timeout=self._seconds)
            if not done:
                raise TooSlowError(TOO_SLOW)
            return result.result()
        finally:
            # Where nobody waits for it any more; one that is done stays as it is.
            result.cancel()

    def run_in_thread(self, work: Callable[[], _Result]) -> _Result:
        """
        Return what `work` returns, to a caller that is itself a thread and can wait.

        Raises:
            BusyError: All places are taken and enough are waiting.
            TooSlowError: It took too long.

        """
        job = self._begun(work)
        done, _ = wait([job], timeout=self._seconds)
        if not done:
            job.cancel()
            raise TooSlowError(TOO_SLOW)
        return job.result()

    def _begun(self, work: Callable[[], _Result]) -> "Future[_Result]":
        if not self._room.acquire(blocking=False):
            raise BusyError(BUSY)

        def in_place() -> _Result:
            try:
                return work()
            finally:
                self._room.release()

        job = self._threads.submit(in_place)
        job.add_done_callback(self._gave_up)
        return job

    def _gave_up(self, job: "Future[_Result]") -> None:
        """Free the place of a question that was given up before it was begun."""
        if job.cancelled():
            self._room.release()
