"""One question that came over the network: its checked body in, a place in the queue, the Answer out."""

import threading
from collections.abc import Callable

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.follow_ups.trail import Trail
from assistant.questions import checked_earlier, checked_question
from assistant.web.answer_queue import AnswerQueue
from assistant.web.api_schema import EARLIER_READ, AskBody
from assistant.web.errors import StartingError, TooSlowError
from assistant.web.limits import TokenBuckets
from assistant.web.sentences import STARTING, TOO_SLOW


class Asking:
    """Answers bodies of the JSON endpoint and of the tool, by way of the queue."""

    def __init__(
        self,
        assistant: Assistant,
        queue: AnswerQueue,
        buckets: TokenBuckets | None = None,
        *,
        is_ready: Callable[[], bool] = lambda: True,
    ) -> None:
        """
        Prepare to answer.

        Args:
            assistant: Answers the questions.
            queue: Holds how many are worked on at a time, and for how long.
            buckets: Are charged for earlier questions; None sets no limit.
            is_ready: Tells whether the assistant's index is open.

        """
        self._assistant = assistant
        self._queue = queue
        self._buckets = buckets
        self._is_ready = is_ready

    async def answer(self, body: AskBody, client: str = "") -> Answer:
        """
        Answer a question; the work ends at the next turn once nobody waits for it any more.

        Args:
            body: What is asked.
            client: Who asks, as `limits.client_of` tells; the question itself was counted at the door.

        Raises:
            StartingError: The index is not open yet; a program can ask again later.
            QuestionError: It, or an earlier one, cannot be searched for.
            BusyError: Too many questions wait already.
            TooSlowError: It took too long.
            AssistantError: It cannot be answered for another reason.
            SearchIndexError: The model failed.

        """
        if not self._is_ready():
            raise StartingError(STARTING)
        # Before it waits: what is no question takes nobody's place.
        question = checked_question(body.question)
        earlier = () if body.exact else checked_earlier(body.earlier[-EARLIER_READ:])
        if self._buckets is not None:
            self._buckets.charge(client, len(earlier))
        given_up = threading.Event()

        def work() -> Answer:
            trail = Trail()
            for turn in earlier:
                trail = self._assistant.followed(turn, trail)
                if given_up.is_set():
                    # Only this thread sees it; it is free for the next question.
                    raise TooSlowError(TOO_SLOW)
            return self._assistant.converse(question, trail, exact=body.exact)[0]

        try:
            return await self._queue.run(work)
        finally:
            given_up.set()
