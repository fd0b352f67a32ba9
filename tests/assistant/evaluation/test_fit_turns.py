"""How the completion of turns is fitted, on turns that are made up."""

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.evaluation.fit_turns import LEAST, LOOKS, NEAR, _conditional_logit, _fitted, _right, _Row
from assistant.evaluation.gold import GoldQuestion
from assistant.questions_file import AskedQuestion
from corpus import Document, build_passages

TURNS, WAYS, PASSAGES = 60, len(LOOKS) + len(NEAR), 12


def made_turns(telling: dict[int, float]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return what speaks for each passage of some turns; the right one gains in some of the ways."""
    chance = np.random.default_rng(5)
    ways = chance.normal(scale=0.5, size=(TURNS, WAYS, PASSAGES))
    right = np.zeros((TURNS, PASSAGES), bool)
    right[np.arange(TURNS), chance.integers(PASSAGES, size=TURNS)] = True
    for way, gain in telling.items():
        ways[:, way][right] += gain
    return ways, right


def test_the_ways_that_find_the_right_passage_count() -> None:
    """The more they tell the more they count; one that misleads counts against."""
    weights = _conditional_logit(*made_turns({0: 1.0, 1: 0.5, 2: -0.5}))
    assert weights.argmax() == 0
    assert weights.argmin() == 2
    assert weights[0] > weights[1] > np.abs(weights[3:]).mean()
    assert weights[2] < 0


def test_no_other_weights_make_the_right_passages_likelier() -> None:
    """Held to the loss as McFadden wrote it, with the ridge penalty, in a few lines of our own."""
    ways, right = made_turns({0: 1.0})

    def loss(weights: NDArray[np.float64]) -> float:
        chosen = []
        for turn, of_turn in zip(ways, right, strict=True):
            odds = np.exp(weights @ turn)
            chosen.append(odds[of_turn].sum() / odds.sum())
        return float(-np.log(chosen).mean() + 0.01 * weights @ weights)

    best = _conditional_logit(ways, right)
    for way in range(WAYS):
        for step in (-0.05, 0.05):
            assert loss(best) < loss(best + step * np.eye(WAYS)[way])


def test_a_turn_may_have_several_right_passages() -> None:
    """Any of them will do: a way that finds one of two counts as much."""
    ways, right = made_turns({0: 3.0})
    more = right | np.roll(right, 1, axis=1)
    assert _conditional_logit(ways, more).argmax() == 0


@pytest.fixture
def rows() -> list[_Row]:
    """Turns that depend where a pronoun stands in them, and whose right passage was glued on."""
    ways, right = made_turns({LOOKS.index("glued"): 1.0})
    return [
        *(
            _Row(True, 1.0, {"pointing": 1.0, "words": 0.3}, *turn)
            for turn in zip(ways, right, strict=True)
        ),
        *(_Row(False, 1.0, {"pointing": 0.0, "words": 0.3}, None, of_turn) for of_turn in right),
    ]


def test_both_models_are_fitted(rows: list[_Row]) -> None:
    """What sets the dependent turns apart counts, and the way that completes them."""
    model = _fitted(rows)
    assert model.weights["pointing"] > 1
    assert model.weights["words"] == pytest.approx(0, abs=1e-3)
    assert model.intercept == pytest.approx(-model.weights["pointing"] / 2, abs=0.01)
    assert (tuple(model.looks), tuple(model.near)) == (LOOKS, NEAR)
    assert max(model.looks, key=model.looks.get) == "glued"
    assert model.looks["glued"] > max(model.near.values())
    assert model.least == LEAST


def test_turns_without_a_right_passage_teach_no_way(rows: list[_Row]) -> None:
    """They still teach what depends."""
    nowhere = [
        _Row(True, 1.0, {"pointing": 1.0, "words": 0.3}, 9 * row.ways, np.zeros(PASSAGES, bool))
        for row in rows
        if row.ways is not None
    ]
    assert _fitted([*rows, *nowhere]).looks == _fitted(rows).looks
    assert _fitted([*rows, *nowhere]).intercept != _fitted(rows).intercept


def test_less_weight_teaches_less(rows: list[_Row]) -> None:
    """A single question set behind a conversation counts half."""
    odd = [
        _Row(False, weight, {"pointing": 1.0, "words": 0.3}, None, rows[0].right)
        for weight in (0.5, 5.0)
    ]
    light, heavy = (_fitted([*rows, *[each] * 20]).weights["pointing"] for each in odd)
    assert heavy < light < _fitted(rows).weights["pointing"]


def test_how_many_turns_depend_teaches_nothing(rows: list[_Row]) -> None:
    """How often people change the subject is not known."""
    others = [row for row in rows if not row.dependent]
    model = _fitted([*rows, *others * 9])
    assert model.intercept == pytest.approx(-model.weights["pointing"] / 2, abs=0.1)


def test_a_passage_is_right_that_covers_the_evidence(document: Document) -> None:
    """Half of a span is enough, as where answers are judged."""
    passages = build_passages(document, count_tokens=lambda text: len(text.split()))
    asked = AskedQuestion("a", "what are the goals?", ())
    wanted = passages[3].text
    turn = GoldQuestion(asked, "patient", "pronoun", True, (wanted, "words of nowhere"), "made.jsonl")
    right = _right(turn, passages)
    assert right.shape == (len(passages),)
    assert right[3]
    assert right.sum() == sum(wanted in passage.text for passage in passages)
