"""
Runs and relevance judgements in the files of TREC, and nDCG from them by ir_measures.

Three traps, each measured with ir_measures 0.4.3: a question that is not in the qrels is left out of
every mean, one whose qrels hold only zeros counts as 0, and equal scores are put in the order of the
document ids, whatever order they were written in.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import ir_measures
from ir_measures import nDCG

from assistant.evaluation.gold import GoldQuestion
from assistant.evaluation.relevance import covered_share, covers, normalised
from assistant.evaluation.runs import RankedPassage, RunLine
from corpus import Passage, Span

Qrels = Mapping[str, Mapping[str, int]]
"""TREC question id, then TREC passage id, to 1 (relevant) or 0."""


def trec_id(name: str) -> str:
    """Return a name without blanks, which separate the columns of the files."""
    return quote(name, safe="/:+")


def passage_id(document_id: str, span: Span) -> str:
    """Return a passage's place as its id, for example `a-page:120-340` (characters)."""
    return f"{trec_id(document_id)}:{span.start}-{span.end}"


def build_qrels(questions: Sequence[GoldQuestion], passages: Sequence[Passage]) -> Qrels:
    """
    Judge every passage for every answerable question; the others are kept out.

    A question whose evidence no passage covers gets one line with a 0, for the passage that covers
    most: so it counts as 0 rather than being left out.
    """
    texts = {
        passage_id(passage.document_id, passage.span): normalised(passage.text) for passage in passages
    }
    qrels: dict[str, dict[str, int]] = {}
    for question in questions:
        spans = [normalised(span) for span in question.evidence]
        if not spans:
            continue
        found = {name: 1 for name, text in texts.items() if any(covers(text, span) for span in spans)}
        qrels[trec_id(question.id)] = found or _nearest(texts, spans)
    return qrels


def _nearest(texts: Mapping[str, str], spans: Sequence[str]) -> dict[str, int]:
    share = {name: max(covered_share(text, s) for s in spans) for name, text in texts.items()}
    return {max(share, key=share.__getitem__): 0}


def ranked_ids(passages: Sequence[RankedPassage]) -> list[str] | None:
    """Return the passages' ids in rank order, or None where one does not say where it stands."""
    if not all(passage.span for passage in passages):
        return None
    return [passage_id(passage.document_id, passage.span) for passage in passages if passage.span]


def ndcg_at_10(qrels: Qrels, lines: Iterable[RunLine]) -> dict[str, float]:
    """
    Return nDCG@10 by question id, for every judged question.

    Normalised discounted cumulative gain (Järvelin and Kekäläinen, 2002): relevant passages count
    1/log2(rank + 1), over what the best possible order of all passages would reach. 0 where nothing
    relevant is retrieved. Questions without an answer have none.
    """
    run = {trec_id(line.id): _scores(line) for line in lines}
    names = {trec_id(line.id): line.id for line in lines}
    judged = {name: dict(qrels[name]) for name in run if name in qrels}
    if not judged:
        return {}
    found = ir_measures.iter_calc([nDCG @ 10], judged, run)
    return {names[metric.query_id]: float(metric.value) for metric in found}


def write_run(path: Path, lines: Iterable[RunLine], tag: str) -> None:
    """Write a run: question, Q0, passage, rank, score, tag. Scores fall strictly with the rank."""
    rows = (
        f"{trec_id(line.id)} Q0 {name} {rank} {score:.0f} {trec_id(tag)}\n"
        for line in lines
        for rank, (name, score) in enumerate(_scores(line).items(), start=1)
    )
    path.write_text("".join(rows), encoding="ascii")


def write_qrels(path: Path, qrels: Qrels) -> None:
    """Write relevance judgements: question, 0, passage, grade."""
    rows = (
        f"{question} 0 {name} {grade}\n"
        for question, judged in qrels.items()
        for name, grade in judged.items()
    )
    path.write_text("".join(rows), encoding="ascii")


def read_qrels(path: Path) -> Qrels:
    """Read relevance judgements as `write_qrels` wrote them."""
    qrels: dict[str, dict[str, int]] = {}
    for line in path.read_text(encoding="ascii").splitlines():
        question, _, name, grade = line.split()
        qrels.setdefault(question, {})[name] = int(grade)
    return qrels


def _scores(line: RunLine) -> dict[str, float]:
    names = ranked_ids(line.passages) or []
    return {name: float(len(names) - rank) for rank, name in enumerate(names)}
