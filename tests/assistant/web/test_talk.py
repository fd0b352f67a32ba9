"""Turns of the chat: the message, the wait, the answer or one sentence."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant import Assistant, Conversation, Trail, Turn, wording
from assistant.conversation import KEPT_QUOTES
from assistant.errors import QuestionError, QuoteError
from assistant.web.answer_queue import AnswerQueue
from assistant.web.limits import TokenBuckets
from assistant.web.sentences import TOO_MANY, TOO_SLOW
from assistant.web.talk import Talk
from assistant.web.warming import WarmingAssistant
from corpus import Document
from index import EmbedderError
from tests.in_time import LONG

QUESTION = "Is yoga safe for me?"


def talk_of(assistant: Assistant, *, seconds: float = 3_600.0, **parts: object) -> Talk:
    """Return a talk with room for everybody."""
    return Talk(assistant, AnswerQueue(places=2, waiting=2, seconds=seconds), **parts)


def test_what_was_typed_is_shown_while_it_is_looked_for(fake_assistant: Assistant) -> None:
    """The message stands there with the word that it is looked for; the talk itself is not grown."""
    before = Conversation().with_turn(Turn("hello"))
    typed, waiting = talk_of(fake_assistant).begun(QUESTION, before)
    assert typed == QUESTION
    assert waiting.turns == (*before.turns, Turn(QUESTION, trouble=wording.LOOKING, pending=True))


def test_half_a_sign_is_replaced(fake_assistant: Assistant) -> None:
    """What no browser could be sent does not come so far."""
    typed, waiting = talk_of(fake_assistant).begun("yoga \ud83d?", Conversation())
    assert typed == waiting.turns[-1].question == "yoga ??"


def test_an_answer_grows_the_talk(fake_assistant: Assistant) -> None:
    """Turn and trail are those of the assistant; a follow-up knows what was before."""
    talk = talk_of(fake_assistant)
    once = talk.answered("What is a port?", Conversation())
    twice = talk.answered("Is it safe?", once)
    answer, trail = fake_assistant.converse("What is a port?", Trail())
    follow, grown = fake_assistant.converse("Is it safe?", trail)
    assert [turn.answer.quotes for turn in twice.turns] == [
        answer.quotes[:KEPT_QUOTES],
        follow.quotes[:KEPT_QUOTES],
    ]
    assert (once.trail, twice.trail) == (trail, grown)
    assert twice.turns[1].answer.carried == follow.carried


def test_a_question_can_be_asked_exactly(fake_assistant: Assistant) -> None:
    """Then nothing is taken over."""
    talk = talk_of(fake_assistant)
    once = talk.answered("What is a port?", Conversation())
    exactly = talk.answered("Is it safe?", once, exact=True)
    assert exactly.turns[-1].answer.resolved_question == "Is it safe?"


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (QuestionError("Please ask in words."), "Please ask in words."),
        (QuoteError("For the operator."), wording.FAILED),
        (EmbedderError("x"), wording.FAILED),
    ],
)
def test_trouble_is_one_sentence(scripted: Callable, error: Exception, trouble: str) -> None:
    """The turn says why there is no answer, and what was said before counts on."""

    def fail() -> None:
        raise error

    before = Conversation(trail=Trail())
    grown = talk_of(scripted(fail)).answered(QUESTION, before)
    assert grown.turns == (Turn(QUESTION, trouble=trouble),)
    assert grown.trail is before.trail


def test_an_empty_question_is_trouble(fake_assistant: Assistant) -> None:
    """As it is everywhere."""
    (turn,) = talk_of(fake_assistant).answered(" ", Conversation()).turns
    assert turn == Turn(" ", trouble="The question is empty. Please type a few words.")


def test_who_asks_too_fast_is_told_in_the_talk(scripted: Callable) -> None:
    """The page says so in words, the question is not asked, and others are not held up."""
    assistant = scripted()
    talk = talk_of(assistant, buckets=TokenBuckets(60, 1, clock=lambda: 0.0))
    said = [talk.answered(QUESTION, Conversation(), client).turns[-1].trouble for client in CLIENTS]
    assert said == ["", TOO_MANY, ""]
    assert len(assistant.asked) == 2


CLIENTS = ("192.0.2.1", "192.0.2.1", "192.0.2.2")


def test_an_answer_that_takes_too_long_is_told(scripted: Callable) -> None:
    """The reader is not kept waiting for it."""
    go_on = threading.Event()
    talk = talk_of(scripted(lambda: go_on.wait(LONG)), seconds=0.0)
    try:
        assert talk.answered(QUESTION, Conversation()).turns == (Turn(QUESTION, trouble=TOO_SLOW),)
    finally:
        go_on.set()


def test_a_question_waits_until_all_is_ready(fake_assistant: Assistant, document: Document) -> None:
    """Asked too early, it is told so, takes no place meanwhile, and is answered when it can be."""
    go_on, waiting = threading.Event(), threading.Semaphore(0)

    class Noticed(WarmingAssistant):
        def wait(self) -> Assistant:
            waiting.release()
            return super().wait()

    warming = Noticed([document], lambda: go_on.wait(LONG) and fake_assistant)
    warming.start(on_failure=lambda: None)
    talk = talk_of(warming, warming=warming)
    assert talk.begun(QUESTION, Conversation())[1].turns[-1].trouble == wording.GETTING_READY
    with ThreadPoolExecutor() as pool:
        try:
            asked = [pool.submit(talk.answered, QUESTION, Conversation()) for _ in range(4)]
            assert all(waiting.acquire(timeout=LONG) for _ in asked)
            assert talk.queue.run_in_thread(lambda: "there is room") == "there is room"
        finally:
            go_on.set()
        turns = [one.result(LONG).turns[-1] for one in asked]
    quotes = fake_assistant.answer(QUESTION).quotes[:KEPT_QUOTES]
    assert [turn.answer and turn.answer.quotes for turn in turns] == [quotes] * 4
    assert talk.begun(QUESTION, Conversation())[1].turns[-1].trouble == wording.LOOKING


def test_where_it_never_gets_ready_the_reader_is_told(document: Document) -> None:
    """One sentence for the reader; the operator's is not for the page."""

    def make() -> Assistant:
        raise EmbedderError("/secret/folder is broken")

    warming = WarmingAssistant([document], make)
    warming.start(on_failure=lambda: None)
    grown = talk_of(warming, warming=warming).answered(QUESTION, Conversation())
    assert grown.turns == (Turn(QUESTION, trouble=wording.NOT_STARTED),)


def test_a_new_topic_begins_with_an_empty_trail(fake_assistant: Assistant) -> None:
    """What was said stays on the screen and is carried over no more."""
    talk = talk_of(fake_assistant)
    grown = talk.new_topic(talk.answered("What is a port?", Conversation()))
    assert [turn.question for turn in grown.turns] == ["What is a port?", ""]
    assert grown.turns[-1].trouble == wording.NEW_TOPIC_BEGUN
    assert grown.trail == Trail()
