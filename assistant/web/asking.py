"""One question that came over the network: its checked body in, a place in the queue, the Answer out."""

from collections.abc import Callable

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.questions import checked_earlier, checked_question
from assistant.web.answer_queue import AnswerQueue
from assistant.web.api_schema import EARLIER_READ, AskBody
from assistant.web.errors import StartingError
from assistant.web.sentences import STARTING


class Asking:
    """Answers bodies of the JSON endpoint and of the tool, by way of the queue."""

    def __init__(
        self,
        assistant: Assistant,
        queue: AnswerQueue,
        *,
        is_ready: Callable[[], bool] = lambda: True,
    ) -> None:
        """
        Prepare to answer.

        Args:
            assistant: Answers the questions.
            queue: Holds how many are worked on at a time, and for how long.
            is_ready: Tells whether the assistant's index is open.

        """
        self._assistant = assistant
        self._queue = queue
        self._is_ready = is_ready

    async def answer(self, body: AskBody) -> Answer:
        """
        Answer a question.

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
        return await self._queue.run(lambda: self._assistant.answer(question, earlier, exact=body.exact))
