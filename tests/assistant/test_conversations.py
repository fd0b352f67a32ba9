"""Whole conversations, driven at random: nothing that was promised of one answer gives way in many."""

import pickle
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Answer, Assistant, Conversation, Trail, Turn
from assistant.conversation import KEPT_QUOTES
from assistant.errors import QuestionError
from corpus import Document
from tests.assistant.test_assistant import hold_together

MOST_BYTES = 12_000
"""Of a trail, however long the conversation: a few kilobytes."""

OPENERS = [
    "What are the side effects of tamoxifen?",
    "what is a CDK4/6 inhibitor",
    "how does radiation help with pain",
    "my mum is triple negative, what can she have",
    "I can't breathe and my chest hurts",
    "¿Qué es la quimioterapia?",
]
FOLLOW_UPS = [
    "is it a pill?",
    "and after menopause?",
    "side effects?",
    "going back to the hormone pills",
    "the second one",
    "what about letrozole",
    "thanks",
    "ok",
    "why",
]
TURNS = st.one_of(
    st.sampled_from(OPENERS),
    st.sampled_from(FOLLOW_UPS),
    st.text(st.characters(exclude_categories=()), max_size=40),
)


def talk(assistant: Assistant, turns: list[tuple[str, bool]]) -> tuple[list[Answer], Trail]:
    """Return the answers to turns, each exact or not, and the trail behind them."""
    answers, trail = [], Trail()
    for turn, exact in turns:
        try:
            answer, trail = assistant.converse(turn, trail, exact=exact)
        except QuestionError:
            continue
        answers.append(answer)
    return answers, trail


@settings(max_examples=60)
@given(turns=st.lists(st.tuples(TURNS, st.booleans()), min_size=2, max_size=8))
def test_any_conversation_keeps_every_promise(
    fake_assistant: Assistant, document: Document, turns: list[tuple[str, bool]]
) -> None:
    """Quotes are verbatim, links resolve, no turn raises, and it all comes out the same again."""
    answers, trail = talk(fake_assistant, turns)
    for answer in answers:
        hold_together(answer, document)
    again, same = talk(fake_assistant, turns)
    assert [replace(a, ms=0.0) for a in again] == [replace(a, ms=0.0) for a in answers]
    assert same == trail


def test_a_long_conversation_stays_small(fake_assistant: Assistant) -> None:
    """Thirty turns of any length leave a few kilobytes behind."""
    turns = [(f"{opener} {'really ' * 60}", False) for opener in OPENERS * 5]
    _, trail = talk(fake_assistant, turns)
    assert len(pickle.dumps(trail)) < MOST_BYTES


def test_the_screen_keeps_only_what_it_shows(fake_assistant: Assistant) -> None:
    """Of each answer the first few quotes stay in memory."""
    answer = fake_assistant.answer("Is yoga safe for me?")
    (turn,) = Conversation().with_turn(Turn("Is yoga safe for me?", answer)).turns
    assert len(answer.quotes) > KEPT_QUOTES
    assert turn.answer == replace(answer, quotes=answer.quotes[:KEPT_QUOTES])
    assert turn.answer.shown == answer.shown
