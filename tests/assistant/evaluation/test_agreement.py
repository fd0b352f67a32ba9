"""The figures are those of score.py, to the last digit, and those of ir_measures on the TREC files."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import ir_measures
import orjson
import pytest
from ir_measures import RR, Success, nDCG

from assistant import Assistant
from assistant.evaluation.evaluation import Evaluation, run_evaluation
from assistant.evaluation.gold import GoldQuestion
from assistant.evaluation.trec import write_qrels, write_run

TESTS = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def score() -> ModuleType:
    """The reference, as it is handed to everybody."""
    spec = importlib.util.spec_from_file_location("score", TESTS / "reference" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def reference(score: ModuleType, file: str, evaluation: Evaluation) -> list[dict[str, Any]]:
    """Judge the RUN lines, as they would stand in their file, by the reference."""
    gold = [orjson.loads(line) for line in (TESTS / "gold" / file).read_bytes().splitlines()]
    lines = [orjson.loads(orjson.dumps(line)) for line in evaluation.answers]
    return score.evaluate(gold, {line["id"]: line for line in lines})


@pytest.mark.parametrize("file", ["questions.jsonl", "dialogues.jsonl"])
def test_every_shared_figure_equals_the_reference(
    score: ModuleType,
    file: str,
    gold: tuple[GoldQuestion, ...],
    dialogues: tuple[GoldQuestion, ...],
    fake_assistant: Assistant,
) -> None:
    """Equal, not nearly equal: overall and for each kind and persona."""
    evaluation = run_evaluation(gold if file == "questions.jsonl" else dialogues, fake_assistant, "full")
    rows = reference(score, file, evaluation)
    summary = evaluation.summary
    assert len(score.summarise(rows)) == 17
    agree(score.summarise(rows), summary.overall)
    for division in ("kind", "persona"):
        for key, figures in summary.groups[division].items():
            agree(score.summarise([row for row in rows if row[division] == key]), figures)


def agree(expected: dict[str, Any], figures: Any) -> None:
    """Assert that every figure of the reference is ours."""
    assert expected.pop("n") == figures.questions
    assert expected.pop("answerable") == figures.answerable
    assert expected.pop("unanswerable") == figures.questions - figures.answerable
    for name, value in expected.items():
        ours = figures.figures[name].value
        assert ours == value or (ours != ours and value != value), name


def test_words_and_ranks_equal_the_reference(score: ModuleType, evaluation: Evaluation) -> None:
    """Each verdict agrees, not only their mean."""
    rows = reference(score, "questions.jsonl", evaluation)
    expected = [(row["id"], row.get("rank"), row.get("words"), row["longest"]) for row in rows]
    found = [(row.question.id, row.rank, row.words, row.longest) for row in evaluation.rows]
    assert found == expected


def test_trec_files_give_the_same_figures(tmp_path: Path, evaluation: Evaluation) -> None:
    """Read back from their files, run and qrels say what the summary says."""
    write_run(tmp_path / "run.trec", [row.line for row in evaluation.rows], "a tag")
    write_qrels(tmp_path / "qrels.trec", evaluation.qrels)
    found = ir_measures.calc_aggregate(
        [Success @ 1, Success @ 3, Success @ 5, RR @ 10, nDCG @ 10],
        list(ir_measures.read_trec_qrels(str(tmp_path / "qrels.trec"))),
        list(ir_measures.read_trec_run(str(tmp_path / "run.trec"))),
    )
    names = {"Success@1": "hit@1", "Success@3": "hit@3", "Success@5": "hit@5", "RR@10": "MRR@10"}
    assert len(found) == 5
    for measure, value in found.items():
        ours = evaluation.summary.overall.figures[names.get(str(measure), str(measure))].value
        assert ours == pytest.approx(value, abs=1e-12), str(measure)
