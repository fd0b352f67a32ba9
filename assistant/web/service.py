"""The assistant as it is served: failures are told without a question's words, answers are noted."""

import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import assistant.wording as wording
from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.follow_ups.trail import Trail
from assistant.web.errors import AnswerFailedError
from assistant.web.privacy import Privacy
from assistant.web.question_log import QuestionLog
from assistant.web.sentences import FAILED
from corpus import Document, Passage
from index import SearchIndexError

PRIVACY_KIND = "privacy"
"""Small talk of this kind asks what becomes of questions (`assistant/small_talk/phrases.json`)."""

_Result = TypeVar("_Result")


class ServedAssistant(Assistant):
    """
    Stands before an assistant; every way to ask the server goes through it.

    It is an Assistant so that whatever is written for one can be given it, and it holds nothing of an
    assistant's own.
    """

    def __init__(
        self,
        assistant: Assistant,
        privacy: Privacy,
        *,
        log: QuestionLog | None,
        report: Callable[[str], None],
    ) -> None:
        """
        Stand before an assistant.

        Args:
            assistant: Answers the questions.
            privacy: Knows what becomes of a question here.
            log: Notes the answers; None notes nothing.
            report: Told in a sentence what broke, and where in the program.

        """
        self._assistant = assistant
        self._privacy = privacy
        self._log = log
        self._report = report

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that it quotes."""
        return self._assistant.documents

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Every passage that it may quote, in the order of the text."""
        return self._assistant.passages

    def followed(self, question: str, trail: Trail) -> Trail:
        """
        Return the trail with one more question.

        Raises:
            AnswerFailedError: Something broke that nobody foresaw.

        """
        return self._guarded(lambda: self._assistant.followed(question, trail))

    def converse(self, question: str, trail: Trail, *, exact: bool = False) -> tuple[Answer, Trail]:
        """
        Answer a turn of a conversation, and note it.

        Raises:
            QuestionError: The question is empty, without a word, too long or not valid text.
            QuoteError: A passage is not what stands in the source.
            AnswerFailedError: Something broke that nobody foresaw.

        """
        answer, grown = self._guarded(lambda: self._assistant.converse(question, trail, exact=exact))
        if self._log is not None:
            self._log.note(answer)
        return self._truthful(answer), grown

    def _truthful(self, answer: Answer) -> Answer:
        """Say of privacy what is true here: the reply was written for a reader's own computer."""
        reply = answer.reply
        if reply is None or reply.kind != PRIVACY_KIND or self._privacy.line == wording.PRIVACY:
            return answer
        return replace(answer, reply=replace(reply, text=self._privacy.line))

    def _guarded(self, work: Callable[[], _Result]) -> _Result:
        try:
            return work()
        except (AssistantError, SearchIndexError):
            raise
        except Exception as error:
            # Its message may hold words of the question, and so may those of its causes.
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(frame.filename).name}, line {frame.lineno}"
            self._report(f"An answer failed: {type(error).__name__} in {place}.")
            raise AnswerFailedError(FAILED) from error
