"""An assistant that is still being made: its documents are there at once, its answers later."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from functools import partial

import assistant.wording as wording
from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.follow_ups.trail import Trail
from assistant.web.errors import NotStartedError
from corpus import Document, Passage


class WarmingAssistant(Assistant):
    """
    Stands for an assistant that a thread makes, and waits for it where it must.

    Loading the model takes seconds and building an index a minute; the page needs neither. It is an
    Assistant so that whatever is written for one can be given it, and it holds nothing of one's own.
    """

    def __init__(self, documents: Sequence[Document], make: Callable[[], Assistant]) -> None:
        """
        Prepare to make it; `start` begins.

        Args:
            documents: The documents that it will quote.
            make: Makes it, in a thread of its own.

        """
        self._shown = tuple(documents)
        self._make = make
        self._made: Future[Assistant] = Future()
        self._thread: threading.Thread | None = None

    def start(self, on_failure: Callable[[], None]) -> None:
        """
        Begin to make it.

        Args:
            on_failure: Called in the thread, where it cannot be made.

        """

        def run() -> None:
            try:
                made = self._make()
            except BaseException as error:  # noqa: BLE001 - whatever it is, those who wait must be told
                self._settle(partial(self._made.set_exception, error))
                on_failure()
            else:
                self._settle(partial(self._made.set_result, made))

        # A daemon: to stop the server must not take until an index is built.
        self._thread = threading.Thread(target=run, name="warming", daemon=True)
        self._thread.start()

    @property
    def is_ready(self) -> bool:
        """Whether it can answer."""
        return self._made.done() and self._made.exception() is None

    @property
    def failure(self) -> BaseException | None:
        """Why it could not be made; None where it could, or is still being made."""
        return self._made.exception() if self._made.done() else None

    @property
    def is_at_work(self) -> bool:
        """Whether the thread is still busy, even if nobody waits for it any more."""
        return self._thread is not None and self._thread.is_alive()

    def give_up(self) -> None:
        """Send away those who wait for what is not ready yet."""
        self._settle(partial(self._made.set_exception, NotStartedError(wording.NOT_STARTED)))

    def wait(self) -> Assistant:
        """
        Wait until it is made, and return it.

        Raises:
            NotStartedError: It could not be made; the reason is for the operator, in `failure`.

        """
        try:
            return self._made.result()
        except BaseException as error:
            raise NotStartedError(wording.NOT_STARTED) from error

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that it quotes; they are there at once."""
        return self._shown

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Every passage that it may quote, in the order of the text, once it is made."""
        return self.wait().passages

    def followed(self, question: str, trail: Trail) -> Trail:
        """Return the trail with one more question, once it is made."""
        return self.wait().followed(question, trail)

    def converse(self, question: str, trail: Trail, *, exact: bool = False) -> tuple[Answer, Trail]:
        """Answer a turn of a conversation, once it is made."""
        return self.wait().converse(question, trail, exact=exact)

    def _settle(self, settle: Callable[[], None]) -> None:
        """Say how it ended; what was said first stands."""
        try:
            settle()
        except InvalidStateError:
            return
