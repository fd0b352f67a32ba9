"""Answers a question: resolve, retrieve, decide, quote; nothing else."""

import time
from collections.abc import Sequence

from assistant.answer import SHOWN_AS_ANSWER, SHOWN_AS_NEAREST, Answer, Notice
from assistant.core_question import core_question
from assistant.decision import decide
from assistant.questions import checked_earlier, checked_question
from assistant.quoting import Quoter
from assistant.resolving import resolved_question
from assistant.selection import completed, folded
from assistant.spelling import Speller
from assistant.urgent import urgent_sign
from assistant.urgent_help import urgent_notice
from corpus import Document, Passage
from index import Query, Ranking, Retriever

RANKED = 10
"""Passages in an answer, of which a person is shown the first few."""


class Assistant:
    """Answers questions about some documents by quoting them."""

    def __init__(self, documents: Sequence[Document], retriever: Retriever, speller: Speller) -> None:
        """
        Make an assistant.

        Args:
            documents: The documents that the retriever's index was built from.
            retriever: Finds their passages.
            speller: Puts misspelt names right.

        """
        self._speller = speller
        self._documents = {document.id: document for document in documents}
        self._retriever = retriever
        self._quoter = Quoter(self._documents)

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
        started = time.perf_counter()
        asked = checked_question(question)
        turns = checked_earlier(earlier)
        resolved = asked if exact else self._resolved(asked, turns)
        ranking = self._rank(resolved)
        decision = decide(ranking.evidence)
        quotes = folded([self._quoter.quote(scored) for scored in ranking.passages])
        quotes = completed(quotes, resolved, self._speller.is_name)
        shown = quotes[: SHOWN_AS_ANSWER if decision.answered else SHOWN_AS_NEAREST]
        sign = urgent_sign(asked)
        urgent = () if sign is None else (urgent_notice(sign),)
        notices: dict[Notice, None] = dict.fromkeys(
            (*urgent, *(n for quote in shown for n in quote.notices))
        )
        return Answer(
            question=asked,
            resolved_question=resolved,
            answered=decision.answered,
            confidence=decision.confidence,
            quotes=quotes,
            notices=tuple(notices),
            gap_topic=None if decision.answered else ranking.evidence.gap_topic,
            ms=(time.perf_counter() - started) * 1000,
        )

    def _resolved(self, asked: str, turns: Sequence[str]) -> str:
        """Return what to search for: names put right, and the turn before it where it needs that."""
        alone = self._speller.corrected(asked)
        together = self._speller.corrected(resolved_question(asked, turns))
        if together != alone:
            evidence = self._rank(alone).evidence
            if evidence.gap_topic and not decide(evidence).answered:
                # "and what does it cost?" is known to be left open, whatever was asked before.
                return alone
        return together

    def _rank(self, text: str) -> Ranking:
        return self._retriever.retrieve(Query(text, core_question(text)), RANKED)
