"""Answers a turn of a conversation: recognise, resolve, retrieve, decide, quote; nothing else."""

import time
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import SHOWN_AS_ANSWER, SHOWN_AS_NEAREST, Answer, Notice, Reply
from assistant.asked_names import names_first
from assistant.core_question import core_question
from assistant.decision import decide_turn
from assistant.follow_ups.resolving import Resolved, Resolver
from assistant.follow_ups.trail import Said, Trail
from assistant.questions import checked_earlier, checked_question
from assistant.quoting import Quoter
from assistant.receiving import Receiver
from assistant.selection import completed, folded
from assistant.spelling import Speller
from assistant.suiting import Suiting
from assistant.urgent.help import DEFAULT_COUNTRY
from assistant.yes_or_no import asks_yes_or_no, caution
from corpus import Document, Passage
from index import Comparison, Evidence, Query, Ranking, Retriever, ScoredPassage

RANKED = 10
"""Passages in an answer, of which a person is shown the first few."""


class Assistant:
    """Answers questions about some documents by quoting them."""

    def __init__(
        self,
        documents: Sequence[Document],
        retriever: Retriever,
        speller: Speller,
        *,
        country: str = DEFAULT_COUNTRY,
    ) -> None:
        """
        Make an assistant.

        Args:
            documents: The documents that the retriever's index was built from.
            retriever: Finds their passages.
            speller: Puts misspelt names right.
            country: Whose emergency numbers are given, a code such as "us".

        Raises:
            CountryError: There are no numbers for this country.

        """
        self._speller = speller
        self._documents = {document.id: document for document in documents}
        self._retriever = retriever
        self._resolver = Resolver(documents, retriever)
        self._receiver = Receiver(documents, retriever, speller, country)
        self._quoter = Quoter(self._documents)
        self._suiting = Suiting(documents, retriever.passages)

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that it quotes."""
        return tuple(self._documents.values())

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Every passage that it may quote, in the order of the text."""
        return self._retriever.passages

    def answer(self, question: str, earlier: Sequence[str] = (), *, exact: bool = False) -> Answer:
        """
        Answer a question.

        Args:
            question: As typed.
            earlier: Earlier questions of the same conversation, oldest first.
            exact: Search for exactly what was typed: nothing is put right or carried over.

        Raises:
            QuestionError: The question is empty, without a word or too long, or it or an earlier one is
                not valid text.
            QuoteError: A passage is not what stands in the source.

        """
        return self.converse(question, self.trail(earlier), exact=exact)[0]

    def trail(self, earlier: Sequence[str]) -> Trail:
        """
        Return what a conversation has been about after some questions, oldest first.

        Raises:
            QuestionError: One of them is not valid text.

        """
        trail = Trail()
        for question in checked_earlier(earlier):
            trail = self.followed(question, trail)
        return trail

    def followed(self, question: str, trail: Trail) -> Trail:
        """
        Return the trail with one more question; what asks nothing of the documents leaves it as it is.

        Args:
            question: As typed, and checked as earlier ones are.
            trail: What was said before.

        """
        if not any(sign.isalnum() for sign in question):
            return trail
        typed = self._speller.corrected(question)
        alone = self._compared(typed)
        searched = self._receiver.searched(question, alone)
        if searched is None:
            return trail
        if searched != typed:
            alone = self._compared(searched)
        resolved = self._resolver.resolve(alone, trail)
        ranking = self._retriever.rank(resolved.compared, RANKED)
        return trail.followed_by(self._said(alone, resolved, ranking))

    def converse(self, question: str, trail: Trail, *, exact: bool = False) -> tuple[Answer, Trail]:
        """
        Answer a turn of a conversation.

        Args:
            question: As typed.
            trail: What was said before.
            exact: Search for exactly what was typed: nothing is put right or carried over.

        Returns:
            The answer, and the trail with this turn.

        Raises:
            QuestionError: The question is empty, without a word, too long or not valid text.
            QuoteError: A passage is not what stands in the source.

        """
        started = time.perf_counter()
        asked = checked_question(question)
        typed = asked if exact else self._speller.corrected(asked)
        alone = self._compared(typed)
        received = self._receiver.receive(asked, alone)
        if received.reply is not None and not exact:
            answer = _replied(asked, received.reply, received.notices)
            grown = trail
        else:
            if received.question != typed and not exact:
                alone = self._compared(received.question)
            resolved = self._resolver.resolve(alone, Trail() if exact else trail)
            answer, grown = self._searched(asked, resolved, alone, received.notices, trail)
        return replace(answer, ms=(time.perf_counter() - started) * 1000), grown

    def _searched(
        self,
        asked: str,
        resolved: Resolved,
        alone: Comparison,
        urgent: Sequence[Notice],
        trail: Trail,
    ) -> tuple[Answer, Trail]:
        ranking = self._retriever.rank(resolved.compared, RANKED)
        evidence = self._retriever.evidence(alone) if resolved.carried else ranking.evidence
        decision = decide_turn(evidence, ranking.evidence, resolved.share)
        passages = self._ordered(resolved, ranking)
        quotes = folded([self._quoter.quote(scored) for scored in passages])
        quotes = completed(quotes, resolved.text, self._speller.is_name)
        shown = quotes[: SHOWN_AS_ANSWER if decision.answered else SHOWN_AS_NEAREST]
        notices = (
            *urgent,
            *caution(resolved.text, decision, unsaid=self._is_unsaid(resolved)),
            *(notice for quote in shown for notice in quote.notices),
        )
        answer = Answer(
            question=asked,
            resolved_question=resolved.text,
            answered=decision.answered,
            confidence=decision.confidence,
            quotes=quotes,
            notices=tuple(dict.fromkeys(notices)),
            gap_topic=_topic(evidence, ranking.evidence) if not decision.answered else None,
            carried=resolved.carried,
        )
        return answer, trail.followed_by(self._said(alone, resolved, ranking))

    def _compared(self, text: str) -> Comparison:
        return self._retriever.compare(Query(text, core_question(text)))

    def _ordered(self, resolved: Resolved, ranking: Ranking) -> tuple[ScoredPassage, ...]:
        passages = names_first(resolved.text, ranking.passages, self._resolver.names_medicines)
        if asks_yes_or_no(resolved.text) and self._is_unsaid(resolved):
            return self._suiting.medicine_first(resolved.text, passages)
        return passages

    def _is_unsaid(self, resolved: Resolved) -> bool:
        return self._suiting.is_unsaid(resolved.text, resolved.compared.core.text)

    def _said(self, alone: Comparison, resolved: Resolved, ranking: Ranking) -> Said:
        return self._resolver.said(alone.whole.text, resolved, self._ordered(resolved, ranking))


def _topic(alone: Evidence, completed: Evidence) -> str | None:
    """Return what a turn asks that is left open, where it does so by itself and completed alike."""
    return alone.gap_topic if alone.gap_topic == completed.gap_topic else None


def _replied(asked: str, reply: Reply, notices: Sequence[Notice]) -> Answer:
    return Answer(
        question=asked,
        resolved_question=asked,
        answered=False,
        confidence=0.0,
        quotes=(),
        notices=tuple(notices),
        gap_topic=None,
        reply=reply,
    )
