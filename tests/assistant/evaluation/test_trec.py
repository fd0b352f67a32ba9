"""TREC files that no tool can misread."""

from itertools import pairwise
from pathlib import Path

import pytest

from assistant.evaluation.evaluation import Evaluation
from assistant.evaluation.gold import GoldQuestion
from assistant.evaluation.runs import RankedPassage, RunLine
from assistant.evaluation.trec import (
    build_qrels,
    ndcg_at_10,
    passage_id,
    read_qrels,
    trec_id,
    write_qrels,
    write_run,
)
from assistant.questions_file import AskedQuestion
from corpus import Passage, Span


def question(name: str, *evidence: str) -> GoldQuestion:
    """Return a gold question."""
    return GoldQuestion(AskedQuestion(name, "so?"), "patient", "plain", bool(evidence), evidence, "g")


def passage(text: str, start: int) -> Passage:
    """Return a passage of a page."""
    span = Span(start, start + len(text))
    return Passage(f"s/{start}", "page", "s", span, text, None, (span,))


def ranked(*passages: Passage) -> tuple[RankedPassage, ...]:
    """Return passages as an answer ranks them."""
    return tuple(RankedPassage(p.text, p.document_id, p.span) for p in passages)


PILL, SHOT, WALK = (
    passage("it is a pill", 0),
    passage("a shot, or it is a pill", 20),
    passage("walk", 60),
)


def test_names_have_no_blank() -> None:
    """A blank would be a column; a readable name stays as it is."""
    assert trec_id("d03-1") == "d03-1"
    assert trec_id("a b\tc") == "a%20b%09c"
    assert passage_id("my page", Span(3, 9)) == "my%20page:3-9"


def test_every_passage_is_judged_not_only_the_retrieved() -> None:
    """All passages that cover half a span are relevant; unanswerable questions are kept out."""
    qrels = build_qrels([question("a", "it is a pill"), question("b")], [PILL, SHOT, WALK])
    assert qrels == {"a": {"page:0-12": 1, "page:20-43": 1}}


def test_evidence_that_no_passage_covers_counts_as_zero() -> None:
    """The question stays in the qrels with a 0, so that no tool leaves it out of its mean."""
    qrels = build_qrels([question("a", "it hurts badly today really")], [WALK, PILL])
    assert qrels == {"a": {"page:0-12": 0}}
    line = RunLine("a", "so?", ranked(PILL), None, None, None)
    assert ndcg_at_10(qrels, [line]) == {"a": 0.0}


def test_ndcg_by_hand() -> None:
    """Two relevant passages at ranks 1 and 3: (1 + 1/2) over (1 + 1/log2(3))."""
    qrels = build_qrels([question("a", "it is a pill")], [PILL, SHOT, WALK])
    line = RunLine("a", "so?", ranked(PILL, WALK, SHOT), None, None, None)
    assert ndcg_at_10(qrels, [line])["a"] == pytest.approx(1.5 / 1.6309297535714573)
    nothing = RunLine("a", "so?", (), None, None, None)
    assert ndcg_at_10(qrels, [nothing]) == {"a": 0.0}


def test_scores_fall_strictly(tmp_path: Path, evaluation: Evaluation) -> None:
    """Tools order equal scores by name, whatever the file says; so there are none."""
    write_run(tmp_path / "run.trec", [row.line for row in evaluation.rows], "signpost full")
    by_question: dict[str, list[tuple[int, float]]] = {}
    for line in (tmp_path / "run.trec").read_text().splitlines():
        name, q0, _, rank, score, tag = line.split(" ")
        assert (q0, tag) == ("Q0", "signpost%20full")
        by_question.setdefault(name, []).append((int(rank), float(score)))
    assert len(by_question) == 154
    for rows in by_question.values():
        assert [rank for rank, _ in rows] == list(range(1, len(rows) + 1))
        scores = [score for _, score in rows]
        assert all(before > after for before, after in pairwise(scores))


def test_qrels_come_back_as_they_were(tmp_path: Path, evaluation: Evaluation) -> None:
    """Written and read, the judgements are the same; only answerable questions are in them."""
    write_qrels(tmp_path / "qrels.trec", evaluation.qrels)
    assert read_qrels(tmp_path / "qrels.trec") == evaluation.qrels
    assert set(evaluation.qrels) == {r.question.id for r in evaluation.rows if r.question.answerable}
