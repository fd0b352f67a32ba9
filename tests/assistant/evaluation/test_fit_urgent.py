"""How the likeness to urgent examples is fitted, on few examples and with the stand-in for a model."""

from pathlib import Path

import numpy as np
import orjson
import pytest

from assistant.evaluation import fit_urgent
from assistant.evaluation.fit_urgent import (
    MOST_CALM,
    _by_rules,
    _fitted,
    _fitted_weights,
    _fitted_words,
    _near,
    _score,
)
from assistant.examples import Example, Near, examples
from assistant.urgent.detection import WEIGHTS_FILE, Weights, urgent_probability
from assistant.urgent.likeness import MODEL_FILE, pieces
from corpus import read_corpus, shipped_corpus
from index import Embedder

FEW = (
    Example("my legs went numb", "urgent/spine"),
    Example("both legs are numb now", "urgent/spine"),
    Example("the bleeding will not stop", "urgent/bleeding"),
    Example("there is bleeding again", "urgent/bleeding"),
    Example("what is a port", "calm"),
    Example("when is my next scan", "calm"),
    Example("thanks for the scan", "talk/thanks"),
    Example("is a port safe", "calm"),
)
URGENT = np.array([example.kind.startswith("urgent/") for example in FEW])


def vectors(embedder: Embedder, of: tuple[Example, ...] = FEW) -> np.ndarray:
    """Embed some examples."""
    return embedder.embed_documents([example.text for example in of])


def test_words_of_urgent_examples_sound_urgent() -> None:
    """Those that stand in one example alone are not known."""
    words = _fitted_words(FEW)
    assert words.weights["legs"] > 0 > words.weights["scan"]
    assert words.weights["a port"] < 0
    assert "thanks" not in words.weights
    assert words.score(["numb legs"]) > 0 > words.score(["a port"])


def test_the_machine_tells_its_examples_apart(bag_of_words: Embedder) -> None:
    """Urgent ones lie on the side above 0."""
    machine = _fitted(vectors(bag_of_words), URGENT)
    assert ((machine.decision_function(vectors(bag_of_words)) > 0) == URGENT).all()


def test_the_most_urgent_piece_is_the_score(bag_of_words: Embedder) -> None:
    """One of several pieces, or the whole where it is the most urgent."""
    machine = _fitted(vectors(bag_of_words), URGENT)

    def score(text: str) -> float:
        whole = bag_of_words.embed_documents([text])[0]
        return _score(machine, bag_of_words, whole, Example(text, "calm"))

    buried = "what is a port. my legs went numb. thanks for the scan"
    assert len(pieces(buried)) == 5
    assert score(buried) == pytest.approx(score("my legs went numb"))
    assert score("what is a port. thanks for the scan") < 0 < score("my legs went numb")


def test_only_what_was_not_held_out_is_near(bag_of_words: Embedder) -> None:
    """An example that is held out is never compared with itself."""
    rows = vectors(bag_of_words)
    known = [(at, example) for at, example in enumerate(FEW) if at not in (1, 4)]
    held = [(at, FEW[at]) for at in (1, 4)]
    weights = Weights(-1.0, {"points": 1.0, "share": 2.0})
    urgent, calm = _by_rules(rows, known, held, weights)
    assert 0 < calm < urgent < 1
    near = [Near("calm", float(rows[5] @ rows[1]))]
    alone = _by_rules(rows, [(5, FEW[5])], held[:1], weights)
    assert alone == [urgent_probability(FEW[1].text, near, weights)]


def test_what_urgent_examples_have_counts_for_an_alarm(bag_of_words: Embedder) -> None:
    """Points of the rules and urgent ones near by; no example speaks for itself."""
    asked = ["is a port safe for me", "which scan is next"]
    weights = _fitted_weights(FEW, vectors(bag_of_words), asked, bag_of_words.embed_documents(asked))
    assert weights.features["points"] > 0 > weights.features["asks"]
    assert weights.features["share"] > 0


def test_no_example_is_near_itself(bag_of_words: Embedder) -> None:
    """Else every urgent one would be among urgent ones."""
    kinds, found = [example.kind for example in FEW], vectors(bag_of_words)
    assert _near(kinds, found, found[0])[0].cosine == pytest.approx(1)
    others = _near(kinds, found, found[0], leaving_out=0)
    assert len(others) == len(FEW) - 1
    assert others[0] == Near("urgent/spine", pytest.approx(float(found[0] @ found[1])))


def test_the_file_is_one_that_is_read(
    bag_of_words: Embedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It has the form of the shipped one, with a coefficient for each example."""
    few = examples()[::40]
    monkeypatch.setattr(fit_urgent, "examples", lambda: few)
    monkeypatch.setattr(fit_urgent, "load_embedder", lambda files: bag_of_words)
    path, weights_path = tmp_path / "likeness.json", tmp_path / "weights.json"
    fit_urgent.main(path, weights_path)
    weighed, shipped_weighed = (orjson.loads(p.read_bytes()) for p in (weights_path, WEIGHTS_FILE))
    assert set(weighed) == set(shipped_weighed)
    assert set(weighed["features"]) <= set(shipped_weighed["features"])
    (authored,) = read_corpus(shipped_corpus())
    assert weighed["source"]["questions"] == len(authored.questions) + len(authored.gaps)
    made, shipped = orjson.loads(path.read_bytes()), orjson.loads(MODEL_FILE.read_bytes())
    assert {name: type(part) for name, part in made.items()} == {
        name: type(part) for name, part in shipped.items()
    }
    for part in ("source", "joint", "machine", "words"):
        assert set(made[part]) == set(shipped[part])
    assert made["embedder"] == bag_of_words.digest
    held = [example for example in few if example.held_out]
    assert (made["source"]["examples"], made["source"]["held_out"]) == (len(few), len(held))
    calm = sum(not example.kind.startswith("urgent/") for example in held)
    assert made["source"]["held_out_false"] <= MOST_CALM + 1 / calm
    urgent = np.array([example.kind.startswith("urgent/") for example in few])
    coefficients = np.array(made["coefficients"])
    assert coefficients.shape == urgent.shape
    assert (coefficients[urgent] >= 0).all()
    assert (coefficients[~urgent] <= 0).all()
    printed = orjson.loads(capsys.readouterr().out)
    assert printed == {
        name: part for name, part in made.items() if name not in ("coefficients", "words")
    }
