"""Turns of the chat: a conversation and a message in, the grown conversation out."""

from dataclasses import dataclass

import assistant.wording as wording
from assistant.assistant import Assistant
from assistant.conversation import Conversation, Turn
from assistant.errors import AssistantError, QuoteError
from assistant.follow_ups.trail import Trail
from assistant.web.answer_queue import AnswerQueue
from assistant.web.limits import TokenBuckets, client_named
from assistant.web.sentences import TOO_MANY
from assistant.web.warming import WarmingAssistant
from index import SearchIndexError


@dataclass(frozen=True, slots=True)
class Talk:
    """
    Carries on conversations.

    Attributes:
        assistant: Answers the questions.
        queue: Holds how many are worked on at a time, and for how long.
        buckets: Counts each client's questions; None sets no limit.
        warming: What must be waited for before the first answer, if anything.

    """

    assistant: Assistant
    queue: AnswerQueue
    buckets: TokenBuckets | None = None
    warming: WarmingAssistant | None = None

    def begun(self, question: str, conversation: Conversation) -> tuple[str, Conversation]:
        """Return the message as it can be drawn, and the conversation while it is looked for."""
        # A lone surrogate could be neither drawn nor sent.
        typed = question.encode("utf-8", errors="replace").decode("utf-8")
        starting = self.warming is not None and not self.warming.is_ready
        said = wording.GETTING_READY if starting else wording.LOOKING
        return typed, conversation.with_turn(Turn(typed, trouble=said, pending=True))

    def answered(
        self, question: str, conversation: Conversation, client: str = "", *, exact: bool = False
    ) -> Conversation:
        """
        Return the conversation with an answer, or with one sentence on why there is none.

        Args:
            question: As typed.
            conversation: What was said before.
            client: The asker's address.
            exact: Search for exactly what was typed.

        """
        if self.buckets is not None and self.buckets.take(client_named(client)):
            return conversation.with_turn(Turn(question, trouble=TOO_MANY))
        try:
            if self.warming is not None:
                # Outside the queue: to wait for the index takes no place and no time of an answer's.
                self.warming.wait()
            answer, trail = self.queue.run_in_thread(
                lambda: self.assistant.converse(question, conversation.trail, exact=exact)
            )
        except (QuoteError, SearchIndexError):
            # What is wrong is the operator's to mend, and nothing to a reader.
            return conversation.with_turn(Turn(question, trouble=wording.FAILED))
        except AssistantError as error:
            return conversation.with_turn(Turn(question, trouble=str(error)))
        return conversation.with_turn(Turn(question, answer), trail)

    def new_topic(self, conversation: Conversation) -> Conversation:
        """Return the conversation with nothing to carry over from what was asked so far."""
        return conversation.with_turn(Turn("", trouble=wording.NEW_TOPIC_BEGUN), Trail())
