"""Holds answers to gold questions: question and answer in, a verdict on each out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.evaluation.gold import GoldQuestion
from assistant.evaluation.relevance import covers, normalised, words_until_evidence
from assistant.evaluation.runs import RunLine


@dataclass(frozen=True, slots=True)
class Judged:
    """
    An answer and what is right about it.

    Attributes:
        question: The gold question.
        line: The answer.
        rank: Rank of the first relevant passage, from 1; None where there is none.
        span_ranks: For each evidence span the rank of the first passage that covers it, or None.
        words: Words read until the evidence is reached; None where it never is.
        longest: Length of the longest passage, in words.
        ndcg: nDCG@10, in [0, 1]; None where the question is not answerable or the pool of passages is
            not known.

    """

    question: GoldQuestion
    line: RunLine
    rank: int | None
    span_ranks: tuple[int | None, ...]
    words: int | None
    longest: int
    ndcg: float | None

    @property
    def first_is_right(self) -> bool:
        """Whether the first passage answers; never so for a question without an answer."""
        return self.rank == 1


def judge(question: GoldQuestion, line: RunLine, ndcg: float | None = None) -> Judged:
    """Judge one answer."""
    passages = [normalised(passage.text) for passage in line.passages]
    spans = [normalised(span) for span in question.evidence]
    span_ranks = tuple(_first(passages, span) for span in spans)
    rank = min((found for found in span_ranks if found is not None), default=None)
    return Judged(
        question=question,
        line=line,
        rank=rank,
        span_ranks=span_ranks,
        words=words_until_evidence(passages, spans, rank) if spans else None,
        longest=max((len(passage.split()) for passage in passages), default=0),
        ndcg=ndcg,
    )


def judge_all(
    questions: Sequence[GoldQuestion], lines: Sequence[RunLine], ndcg: Mapping[str, float]
) -> tuple[Judged, ...]:
    """
    Judge the answers to some questions, in the order of the questions.

    Args:
        questions: The questions.
        lines: Their answers, in any order.
        ndcg: nDCG@10 by question id, as far as it is known.

    Raises:
        KeyError: A question has no answer.

    """
    by_id = {line.id: line for line in lines}
    return tuple(judge(question, by_id[question.id], ndcg.get(question.id)) for question in questions)


def _first(passages: Sequence[str], span: str) -> int | None:
    return next((n for n, passage in enumerate(passages, start=1) if covers(passage, span)), None)
