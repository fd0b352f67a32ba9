"""Which turns are searched for alone, and which together with the turn before."""

import pytest

from assistant.resolving import MAX_DEPENDENT_WORDS, resolved_question

EARLIER = ("What is a port?", "What is tamoxifen?")


@pytest.mark.parametrize(
    "question",
    [
        "and after menopause?",
        "What about men?",
        "HOW ABOUT side effects",
        "but why?",
        "or letrozole",
        "Then what?",
    ],
)
def test_an_opener_leans_on_the_turn_before(question: str) -> None:
    """A linking word at the beginning brings the last turn along, and no older one."""
    assert resolved_question(question, EARLIER) == f"What is tamoxifen? {question}"


@pytest.mark.parametrize(
    "question",
    ["is it a pill?", "Who takes THEM?", "does she need this", "are there others?", "What’s its use"],
)
def test_a_pointer_leans_on_the_turn_before(question: str) -> None:
    """A word that points back brings the last turn along, wherever it stands."""
    assert resolved_question(question, EARLIER) == f"What is tamoxifen? {question}"


@pytest.mark.parametrize(
    "question",
    [
        "Will I lose my hair?",
        "Android phones",
        "soft food",
        "orthopedic surgery",
        "theory of kites",
        "化疗会掉头发吗",
    ],
)
def test_other_turns_stand_alone(question: str) -> None:
    """A word that only begins like a linking or pointing one carries nothing over."""
    assert resolved_question(question, EARLIER) == question


def test_a_long_turn_stands_alone() -> None:
    """From nine words on, even a turn that points back says what it is about."""
    eight = "and is it one of the new medicines"
    assert len(eight.split()) == MAX_DEPENDENT_WORDS
    assert resolved_question(eight, EARLIER) == f"What is tamoxifen? {eight}"
    assert resolved_question(f"{eight} now", EARLIER) == f"{eight} now"


@pytest.mark.parametrize("question", ["is it a pill?", "and after menopause?", "What is a port?"])
def test_without_a_history_nothing_is_added(question: str) -> None:
    """The first turn is searched for as it stands."""
    assert resolved_question(question, ()) == question


def test_the_history_stays_as_it_was() -> None:
    """A list that is handed in is not changed."""
    earlier = list(EARLIER)
    resolved_question("is it a pill?", earlier)
    assert earlier == list(EARLIER)
