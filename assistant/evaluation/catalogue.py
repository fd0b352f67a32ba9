"""
Every figure: its definition, its value when nothing is found, and what it is confused with.

Names and values of hit@k, MRR@10, S@Ww, abstain AUROC, the decision rates, the longest passage and
the times are those of tests/reference/score.py, to the last digit. Ranks count from 1.
"""

from collections.abc import Callable

from assistant.answer import SHOWN_AS_ANSWER
from assistant.evaluation.formulas import aurc, auroc, ece
from assistant.evaluation.judging import Judged
from assistant.evaluation.measures import (
    Better,
    ConfidenceMeasure,
    MeanMeasure,
    Measure,
    QuantileMeasure,
)

WORDS = (60, 120, 250)
"""Words that a reader may have read: half the first screen of a phone, the whole, two of them."""


def _hit(k: int) -> Callable[[Judged], float | None]:
    def of(row: Judged) -> float | None:
        if not row.question.answerable:
            return None
        return float(row.rank is not None and row.rank <= k)

    return of


def _reciprocal_rank(row: Judged) -> float | None:
    if not row.question.answerable:
        return None
    return 1 / row.rank if row.rank is not None and row.rank <= 10 else 0.0


def _evidence_recall(k: int) -> Callable[[Judged], float | None]:
    def of(row: Judged) -> float | None:
        if not row.question.answerable:
            return None
        return sum(rank is not None and rank <= k for rank in row.span_ranks) / len(row.span_ranks)

    return of


def _within_words(words: int) -> Callable[[Judged], float | None]:
    def of(row: Judged) -> float | None:
        if not row.question.answerable:
            return None
        return float(row.words is not None and row.words <= words)

    return of


def _answered(row: Judged) -> float | None:
    if not row.question.answerable or row.line.answered is None:
        return None
    return float(row.line.answered)


def _declined(row: Judged) -> float | None:
    if row.question.answerable or row.line.answered is None:
        return None
    return float(not row.line.answered)


def _useful(row: Judged) -> float | None:
    if not row.question.answerable or row.line.answered is None:
        return None
    return float(row.line.answered and row.rank is not None and row.rank <= SHOWN_AS_ANSWER)


def _answerable(row: Judged) -> bool:
    return row.question.answerable


def _first_is_right(row: Judged) -> bool:
    return row.first_is_right


def _longest(row: Judged) -> float | None:
    return float(row.longest)


def _ms(row: Judged) -> float | None:
    return row.line.ms


HIT_AT_1 = MeanMeasure(
    "hit@1",
    "Share of answerable questions whose first passage is relevant; TREC's Success@1, which others "
    "call recall@1. 0 where nothing is found.",
    _hit(1),
)
NDCG = MeanMeasure(
    "nDCG@10",
    "How near the order of the first ten comes to the best order of all passages (ir_measures); 0 "
    "where nothing relevant is found.",
    lambda row: row.ndcg,
)
MEASURES: tuple[Measure, ...] = (
    HIT_AT_1,
    *(
        MeanMeasure(
            f"hit@{k}",
            f"Share of answerable questions with a relevant passage among the first {k}; not the "
            "share of evidence that is found.",
            _hit(k),
        )
        for k in (3, 5)
    ),
    MeanMeasure(
        "MRR@10",
        "Mean of 1 / rank of the first relevant passage, over answerable questions; 0 where it is "
        "not among the first ten.",
        _reciprocal_rank,
    ),
    NDCG,
    *(
        MeanMeasure(
            f"evidence recall@{k}",
            f"Mean share of a question's evidence spans that one of the first {k} passages covers; "
            "low where an answer is partial.",
            _evidence_recall(k),
        )
        for k in (3, 10)
    ),
    *(
        MeanMeasure(
            f"S@{words}w",
            f"Share of answerable questions whose evidence is reached within the first {words} words "
            "shown; favours neither long passages nor short ones.",
            _within_words(words),
        )
        for words in WORDS
    ),
    ConfidenceMeasure(
        "abstain AUROC",
        "How often an answerable question gets more confidence than one that is not; 0.5 is chance.",
        _answerable,
        auroc,
        Better.HIGHER,
        ordering=True,
    ),
    ConfidenceMeasure(
        "AURC",
        "Mean share of wrong first passages among the questions of at least some confidence; a "
        "question without an answer is always wrong here.",
        _first_is_right,
        aurc,
        Better.LOWER,
        ordering=True,
    ),
    ConfidenceMeasure(
        "ECE",
        "Mean distance of confidence and share of right first passages, over ten equal-width bins.",
        _first_is_right,
        ece,
        Better.LOWER,
        ordering=False,
    ),
    ConfidenceMeasure(
        "ECE (answerable)",
        "Mean distance of confidence and share of answerable questions, over ten equal-width bins.",
        _answerable,
        ece,
        Better.LOWER,
        ordering=False,
    ),
    MeanMeasure(
        "answered | answerable",
        "Share of answerable questions that are answered, rightly or not.",
        _answered,
    ),
    MeanMeasure(
        "declined | unanswerable",
        "Share of the other questions that are declined; 1 less NoMIRACL's hallucination rate.",
        _declined,
    ),
    MeanMeasure(
        "useful",
        "Share of answerable questions that are answered, with evidence among the first three.",
        _useful,
    ),
    QuantileMeasure(
        "longest passage (words)",
        "Words of the longest passage of all answers; a largest value has no bootstrap interval.",
        _longest,
        1.0,
    ),
    QuantileMeasure("ms p50", "Median time from question to answer, in milliseconds.", _ms, 0.5),
    QuantileMeasure(
        "ms p99",
        "Time within which 99 of 100 answers came, in milliseconds; of few questions, the slowest.",
        _ms,
        0.99,
    ),
)
"""In the order in which they are shown."""

UNITS = frozenset(["longest passage (words)", "ms p50", "ms p99"])
"""Figures that are no share: in words or milliseconds."""
