"""A conversation is a value: turns are added by making a new one."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError

import pytest

from assistant import Assistant, Conversation, Trail, Turn
from assistant.conversation import KEPT_TURNS
from assistant.follow_ups.trail import Said


@pytest.fixture(scope="module")
def turn(fake_assistant: Assistant) -> Callable[[str], Turn]:
    """Make an answered turn of a question; the answer is the same for all."""
    answer = fake_assistant.answer("Is yoga safe for me?")
    return lambda question: Turn(question, answer)


def test_a_conversation_begins_empty() -> None:
    """Before the first question there are no turns and nothing to carry over."""
    assert Conversation().turns == ()
    assert Conversation().trail == Trail()


def test_adding_a_turn_leaves_the_conversation_as_it_was(turn: Callable[[str], Turn]) -> None:
    """A conversation that somebody else still holds never changes under their hands."""
    before = Conversation().with_turn(turn("first"))
    after = before.with_turn(turn("second"))
    assert [t.question for t in before.turns] == ["first"]
    assert [t.question for t in after.turns] == ["first", "second"]


def test_neither_turn_nor_conversation_can_be_changed(turn: Callable[[str], Turn]) -> None:
    """Writing to a turn or a conversation is refused."""
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'turns'"):
        Conversation().turns = ()
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'question'"):
        turn("first").question = "second"


def test_the_last_turns_are_kept(turn: Callable[[str], Turn]) -> None:
    """After many turns the oldest are let go, one for each new one, and the order stays."""
    conversation = Conversation()
    for number in range(KEPT_TURNS + 5):
        conversation = conversation.with_turn(turn(f"question {number}"))
    assert [t.question for t in conversation.turns] == [
        f"question {number}" for number in range(5, KEPT_TURNS + 5)
    ]


def test_as_many_turns_as_are_kept_are_all_there(turn: Callable[[str], Turn]) -> None:
    """Nothing is let go before the limit is passed."""
    conversation = Conversation()
    for number in range(KEPT_TURNS):
        conversation = conversation.with_turn(turn(f"question {number}"))
    assert len(conversation.turns) == KEPT_TURNS
    assert conversation.turns[0].question == "question 0"


def test_the_trail_goes_with_the_turns(turn: Callable[[str], Turn]) -> None:
    """A turn brings its trail; one without leaves it; a new topic leaves the turns and drops it."""
    trail = Trail().followed_by(
        Said("Is yoga safe for me?", (("thing", "yoga"),), ("yoga/1",), "Yoga", ("Yoga",), ())
    )
    conversation = Conversation().with_turn(turn("Is yoga safe for me?"), trail)
    refused = conversation.with_turn(Turn("???", trouble="The question holds no word."))
    assert refused.trail == trail
    assert len(refused.turns) == 2
    begun = refused.with_turn(Turn("", trouble="A new topic."), Trail())
    assert begun.trail == Trail()
    assert begun.turns[:2] == refused.turns
