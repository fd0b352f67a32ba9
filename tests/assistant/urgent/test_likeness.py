"""How like the urgent examples a message is, and how that joins with the rules."""

import numpy as np
import orjson
import pytest

from assistant.examples import examples
from assistant.urgent.likeness import (
    LONG_WORDS,
    MODEL_FILE,
    MOST_PIECES,
    Likeness,
    LikenessModel,
    likeness_model,
    pieces,
)
from index import find_model


@pytest.fixture(scope="module")
def model() -> LikenessModel:
    """The shipped numbers, for the shipped model."""
    found = likeness_model(find_model(verify=False).sha256)
    assert found is not None
    return found


def one_at(number: int) -> np.ndarray:
    """Return the cosines of a message that is one of the examples and far from all others."""
    cosines = np.full((1, len(examples())), -1.0, dtype=np.float32)
    cosines[0, number] = 1.0
    return cosines


def test_the_numbers_are_those_of_the_examples(model: LikenessModel) -> None:
    """One coefficient for each example; urgent ones never pull away, the others never towards."""
    urgent = np.array([example.kind.startswith("urgent/") for example in examples()])
    assert len(model.coefficients) == len(examples())
    assert orjson.loads(MODEL_FILE.read_bytes())["source"]["examples"] == len(examples())
    assert (model.coefficients[urgent] >= 0).all()
    assert (model.coefficients[~urgent] <= 0).all()


def test_another_model_has_no_numbers() -> None:
    """Its vectors lie elsewhere, so that the rules decide alone."""
    assert likeness_model("0" * 64) is None


def test_an_urgent_example_pulls_towards_its_sign(model: LikenessModel) -> None:
    """A message that is an example, and near no other, has that example's sign."""
    urgent = [n for n, e in enumerate(examples()) if e.kind.startswith("urgent/")]
    calm = [n for n, e in enumerate(examples()) if e.kind == "calm"]
    first = max(urgent, key=lambda number: model.coefficients[number])
    last = min(calm, key=lambda number: model.coefficients[number])
    assert model.likeness("", one_at(first)).sign == examples()[first].kind.removeprefix("urgent/")
    assert model.likeness("", one_at(first)).score > model.likeness("", one_at(last)).score


def test_the_most_urgent_piece_decides(model: LikenessModel) -> None:
    """One alarming sentence is not outvoted by calm ones."""
    urgent = max(range(len(examples())), key=lambda number: model.coefficients[number])
    calm = min(range(len(examples())), key=lambda number: model.coefficients[number])
    both = np.vstack([one_at(calm), one_at(urgent), one_at(calm)])
    assert model.likeness("", both) == model.likeness("", one_at(urgent))


def test_rules_and_likeness_count_together(model: LikenessModel) -> None:
    """Either can raise the alarm where it is sure; a long message needs more."""
    assert model.is_urgent(Likeness(1.0, "chest", 1.0), 0.5, words=5)
    assert not model.is_urgent(Likeness(-1.0, "chest", -1.0), 0.5, words=5)
    assert not model.is_urgent(Likeness(0.0, "chest", 0.0), 0.01, words=5)
    assert model.is_urgent(Likeness(0.0, "chest", 0.0), 0.99, words=5)
    scores = np.linspace(-1, 1, 400)
    short = [model.is_urgent(Likeness(score, "chest", score), 0.5, words=LONG_WORDS) for score in scores]
    long = [
        model.is_urgent(Likeness(score, "chest", score), 0.5, words=LONG_WORDS + 1) for score in scores
    ]
    assert 0 < sum(long) < sum(short) < len(scores)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("he fell", ()),
        ("", ()),
        ("one. two", ("one.", "two", "one. two")[:2]),
        ("he fell; he can't talk", ("he fell", "he can't talk", "he fell he can't talk")),
    ],
)
def test_a_message_is_looked_at_in_pieces(message: str, expected: tuple[str, ...]) -> None:
    """Each piece and each two in a row, the message itself left out."""
    assert pieces(message) == expected


def test_a_message_of_many_pieces_is_bounded() -> None:
    """However long it is, the model reads no more than so many."""
    assert len(pieces("a. " * 2_000 + "".join(f"b{n}. " for n in range(500)))) == MOST_PIECES
