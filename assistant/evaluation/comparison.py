"""Holds an evaluation against an earlier run of the same questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import QuestionsFileError
from assistant.evaluation.catalogue import MEASURES
from assistant.evaluation.judging import Judged, judge_all
from assistant.evaluation.runs import RunLine, read_run
from assistant.evaluation.significance import Difference, compare
from assistant.evaluation.trec import Qrels, ndcg_at_10, passage_id, ranked_ids, read_qrels
from corpus import Passage

QRELS_FILE = "qrels.trec"
"""The relevance judgements in the folder of an evaluation."""


@dataclass(frozen=True, slots=True)
class OtherRun:
    """
    An earlier run.

    Attributes:
        path: Where it was read from.
        lines: Its answers, by question id.
        qrels: Its own relevance judgements, where it is a whole evaluation.

    """

    path: Path
    lines: dict[str, RunLine]
    qrels: Qrels | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    This run against another.

    Attributes:
        name: The other's file or folder.
        shared: Questions that both answer, over which alone they are compared.
        only_here: Questions that the other doesn't answer, or asks in other words.
        differences: What changes, by figure.

    """

    name: str
    shared: int
    only_here: int
    differences: tuple[Difference, ...]


def read_other(path: Path) -> OtherRun:
    """
    Read an earlier run: the folder of an evaluation, or a RUN file.

    Raises:
        QuestionsFileError: There is no run, or a line of it is no answer.

    """
    lines = {line.id: line for line in read_run(path)}
    qrels = path / QRELS_FILE
    if not path.is_dir() or not qrels.is_file():
        return OtherRun(path, lines, None)
    try:
        return OtherRun(path, lines, read_qrels(qrels))
    except ValueError as error:
        raise QuestionsFileError(qrels, "is not a file of relevance judgements") from error


def compare_with(
    rows: Sequence[Judged], other: OtherRun, qrels: Qrels, passages: Sequence[Passage]
) -> Comparison:
    """
    Compare verdicts with those on another run.

    Args:
        rows: The verdicts here.
        other: The other run.
        qrels: The relevance judgements here.
        passages: The passages here.

    Raises:
        QuestionsFileError: The other run answers none of these questions.

    """
    shared = [row for row in rows if _same_question(row, other)]
    if not shared:
        raise QuestionsFileError(other.path, "answers none of these questions")
    lines = [other.lines[row.question.id] for row in shared]
    judged = _qrels_for(lines, other, qrels, passages)
    ndcg = {} if judged is None else ndcg_at_10(judged, lines)
    theirs = judge_all([row.question for row in shared], lines, ndcg)
    return Comparison(
        str(other.path), len(shared), len(rows) - len(shared), compare(MEASURES, shared, theirs)
    )


def _same_question(row: Judged, other: OtherRun) -> bool:
    line = other.lines.get(row.question.id)
    return line is not None and line.question in ("", row.question.asked.question)


def _qrels_for(
    lines: Sequence[RunLine], other: OtherRun, qrels: Qrels, passages: Sequence[Passage]
) -> Qrels | None:
    """
    Return judgements on the pool that the other run chose from, or None where that isn't known.

    nDCG holds an order against the best order of all passages. A run that cut the documents in another
    way chose from others, so that the judgements here don't fit it.
    """
    pool = {passage_id(passage.document_id, passage.span) for passage in passages}
    ranked = [ranked_ids(line.passages) for line in lines]
    if all(names is not None and pool.issuperset(names) for names in ranked):
        return qrels
    return other.qrels
