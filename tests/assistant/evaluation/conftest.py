"""Fixtures: verdicts made by hand, and the gold questions answered by the stand-in."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.evaluation.evaluation import Evaluation, run_evaluation
from assistant.evaluation.gold import GoldQuestion, read_gold
from assistant.evaluation.judging import Judged
from assistant.evaluation.runs import RunLine
from assistant.questions_file import AskedQuestion
from corpus import Document

GOLD = Path(__file__).parents[2] / "gold"

MakeRow = Callable[..., Judged]


@pytest.fixture
def make_row() -> MakeRow:
    """Make a verdict: `make_row("q1", rank=2, confidence=0.8)`; `spans=None` is unanswerable."""

    def make(
        name: str,
        *,
        spans: Sequence[int | None] | None = (1,),
        words: int | None = None,
        confidence: float | None = 0.5,
        answered: bool | None = True,
        ms: float | None = 1.0,
        ndcg: float | None = None,
        kind: str = "plain",
        history: Sequence[str] = (),
    ) -> Judged:
        asked = AskedQuestion(name, f"{name}?", tuple(history))
        evidence = tuple(f"span {n}" for n in range(len(spans or ())))
        question = GoldQuestion(asked, "patient", kind, spans is not None, evidence, "gold.jsonl")
        line = RunLine(name, f"{name}?", (), answered, confidence, ms)
        ranks = tuple(spans or ())
        rank = min((found for found in ranks if found is not None), default=None)
        return Judged(question, line, rank, ranks, words, longest=len(name), ndcg=ndcg)

    return make


@pytest.fixture(scope="session")
def gold(document: Document) -> tuple[GoldQuestion, ...]:
    """The single gold questions."""
    return read_gold([GOLD / "questions.jsonl"], [document])


@pytest.fixture(scope="session")
def dialogues(document: Document) -> tuple[GoldQuestion, ...]:
    """The gold conversations."""
    return read_gold([GOLD / "dialogues.jsonl"], [document])


@pytest.fixture(scope="session")
def evaluation(gold: tuple[GoldQuestion, ...], fake_assistant: Assistant) -> Evaluation:
    """The single gold questions, answered by the stand-in and judged."""
    return run_evaluation(gold, fake_assistant, "full")
