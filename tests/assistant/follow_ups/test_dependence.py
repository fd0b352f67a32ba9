"""Words by which a turn says that it returns to something earlier."""

import pytest

from assistant.follow_ups.dependence import goes_back, goes_to_the_first

FIRST = [
    "the first drug I asked about, how is it given",
    "what did you say at the very beginning",
    "going back to what I asked first",
    "My first question again: who takes it out",
]
EARLIER = [
    "back to the port, please",
    "and the shot we talked about, how often",
    "u mentioned a list of questions",
    "to circle back to the scans",
    "returning to radiation: how long",
]
NEITHER = [
    "it hurt from the start of chemo",
    "the doctor said no",
    "I started with tamoxifen in May",
    "they told me it is in my liver",
    "I told my kids, is that ok",
    "will it come back",
    "is it the first treatment that people get",
    "I asked my doctor and he does not know",
]


@pytest.mark.parametrize("turn", FIRST)
def test_what_was_asked_first_of_all_is_named(turn: str) -> None:
    """It is a way of going back, to one place."""
    assert (goes_back(turn), goes_to_the_first(turn)) == (True, True)


@pytest.mark.parametrize("turn", EARLIER)
def test_something_earlier_is_named(turn: str) -> None:
    """To what, the rest of the words must say."""
    assert (goes_back(turn), goes_to_the_first(turn)) == (True, False)


@pytest.mark.parametrize("turn", NEITHER)
def test_a_story_of_the_past_goes_nowhere(turn: str) -> None:
    """Treatments begin, and doctors are asked, outside of this conversation."""
    assert (goes_back(turn), goes_to_the_first(turn)) == (False, False)
