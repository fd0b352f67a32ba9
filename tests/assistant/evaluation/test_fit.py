"""How the decision model is fitted, with the stand-in for a model: figures, threshold and the file."""

from pathlib import Path

import numpy as np
import orjson
import pytest

from assistant import decision
from assistant.evaluation import fit
from assistant.opening import Setup
from corpus import Document
from index import RETRIEVERS, Embedder, Retriever, SearchIndex

GOLD = Path(__file__).parents[2] / "gold" / "questions.jsonl"


@pytest.fixture
def fitted(
    document: Document,
    fake_index: SearchIndex,
    bag_of_words: Embedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> dict:
    """The content of the file that is written; it is printed as well."""

    def open_fake(setup: Setup) -> Retriever:
        weights = RETRIEVERS[setup.retriever]
        return Retriever(fake_index, bag_of_words, {document.id: document}, weights=weights)

    path = tmp_path / "decision.json"
    monkeypatch.setattr(fit, "open_retriever", open_fake)
    monkeypatch.setattr(fit, "MODEL_FILE", path)
    fit.main([GOLD])
    assert capsys.readouterr().out == path.read_text(encoding="utf-8")
    return orjson.loads(path.read_bytes())


def test_the_figures_are_those_of_their_names() -> None:
    """Worked out by hand; of two equal confidences neither is above the other."""
    figures = fit._figures(
        np.array([0.9, 0.8, 0.5, 0.2, 0.5, 0.1]),
        np.array([True, True, True, True, False, False]),
        np.array([True, True, False, False, False, False]),
        threshold=0.5,
    )
    assert figures == {
        "auroc": 0.75,
        "answered_of_answerable": 0.75,
        "declined_of_unanswerable": 0.5,
        "mean_confidence": 0.5,
        "share_right": 0.333,
    }


def test_the_file_says_what_it_was_made_with(fitted: dict) -> None:
    """It has the form of the shipped one."""
    shipped = orjson.loads(decision.MODEL_FILE.read_bytes())
    lines = [orjson.loads(line) for line in GOLD.read_bytes().splitlines()]
    assert fitted["source"] == {
        "made_by": "python -m assistant.evaluation.fit",
        "questions": ["questions.jsonl"],
        "answerable": sum(line["answerable"] for line in lines),
        "unanswerable": sum(not line["answerable"] for line in lines),
    }
    assert set(fitted["models"]) == set(shipped["models"])
    for name, model in fitted["models"].items():
        assert set(model) == set(shipped["models"][name])
        assert list(model["weights"]) == list(shipped["models"][name]["weights"])
        assert set(model["cross_validated"]) == set(shipped["models"][name]["cross_validated"])


@pytest.mark.parametrize("name", list(fit.MODELS))
def test_the_threshold_lets_as_many_be_answered_as_it_must(fitted: dict, name: str) -> None:
    """And no more than a question or two beyond, so that the others are declined."""
    found = fitted["models"][name]
    least = fit.LEAST_ANSWERED[name]
    figures = found["cross_validated"]
    assert least <= figures["answered_of_answerable"] <= least + 0.02
    assert figures["auroc"] > 0.6
    assert 0 < found["threshold"] < 1


def test_what_is_near_questions_speaks_for_an_answer(fitted: dict) -> None:
    """What is near gaps speaks against it."""
    weights = fitted["models"]["authored"]["weights"]
    assert sum(weight for name, weight in weights.items() if "question" in name) > 0
    assert sum(weight for name, weight in weights.items() if "gap" in name) < 0
    plain = fitted["models"]["plain"]["weights"]
    assert plain["passage"] + plain["sentence"] > 0
