"""How urgent the words of a message sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.urgent.likeness import likeness_model
from assistant.urgent.words import WordModel, word_features
from index import find_model

MODEL = WordModel({"coughing": 0.6, "blood": 0.3, "coughing blood": 1.5, "blood test": -2.0}, -0.5)


@pytest.mark.parametrize(
    ("text", "features"),
    [
        ("", ()),
        ("?!", ()),
        ("Can’t breathe", ("can't", "breathe", "can't breathe")),
        ("no no no", ("no", "no no")),
        ("101.2 now", ("101", "2", "now", "101 2", "2 now")),
    ],
)
def test_words_and_pairs_are_the_features(text: str, features: tuple[str, ...]) -> None:
    """Folded, each once, the words first."""
    assert word_features(text) == features


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("", -0.5),
        ("my hair", -0.5),
        ("coughing", 0.1),
        ("coughing blood", -0.5 + (0.6 + 0.3 + 1.5) / 3**0.5),
        ("a blood test", -0.5 + (0.3 - 2.0) / 2**0.5),
    ],
)
def test_what_is_known_counts_by_its_number(text: str, score: float) -> None:
    """The sum over the root of how many are known, so that a long message is not the more urgent."""
    assert MODEL.score([text]) == pytest.approx(score)


def test_the_most_urgent_text_decides() -> None:
    """A calm sentence takes nothing back; without any text there is the intercept."""
    both = ["I had a blood test. Now she is coughing blood", "coughing blood", "a blood test"]
    assert MODEL.score(both) == MODEL.score(["coughing blood"])
    assert MODEL.score([]) == -0.5


@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    """Whatever was typed has a score, and only what is known can move it."""
    assert MODEL.score([text]) == -0.5 or not MODEL.weights.keys().isdisjoint(word_features(text))


def test_the_shipped_numbers_tell_an_emergency_from_its_words_in_general() -> None:
    """Fitted on the examples: the same word in another company counts for the other side."""
    model = likeness_model(find_model(verify=False).sha256)
    assert model is not None
    urgent = ["she is coughing up blood since this morning", "i cant breathe", "I want to end it all"]
    calm = ["what do the blood tests show", "does yoga help with breathing", "when does treatment end"]
    assert min(model.words.score([text]) for text in urgent) > 0
    assert max(model.words.score([text]) for text in calm) < 0
