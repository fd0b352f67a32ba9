"""One question over the network: checked, queued, answered."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from assistant import Assistant
from assistant.errors import QuestionError
from assistant.web.answer_queue import AnswerQueue
from assistant.web.api_schema import EARLIER_READ, AskBody
from assistant.web.asking import Asking
from assistant.web.errors import BusyError, StartingError
from assistant.web.limits import TokenBuckets
from assistant.web.sentences import STARTING
from tests.assistant.web.conftest import run
from tests.in_time import LONG

QUESTION = "Is yoga safe for me?"


def asking_of(assistant: Assistant, *, room: int = 2, **options: object) -> Asking:
    """Return what asks an assistant, with room for some."""
    queue = AnswerQueue(places=1, waiting=room - 1, seconds=3_600)
    return Asking(assistant, queue, **options)


def test_a_body_becomes_an_answer(fake_assistant: Assistant) -> None:
    """Question, earlier questions and the wish for exactness reach the assistant."""
    body = AskBody(question="Is it safe?", earlier=["What is a port?"])
    answer = run(asking_of(fake_assistant).answer(body))
    assert answer.quotes == fake_assistant.answer("Is it safe?", ["What is a port?"]).quotes
    exactly = run(asking_of(fake_assistant).answer(AskBody(question="Is it safe?", exact=True)))
    assert exactly.resolved_question == "Is it safe?"


def test_exactly_means_without_what_was_before(scripted: Callable) -> None:
    """Earlier questions are not even read then, so that they may be anything."""
    body = AskBody(question=QUESTION, earlier=["\ud800"], exact=True)
    assistant = scripted()
    run(asking_of(assistant).answer(body))
    assert assistant.asked == [QUESTION]


def test_no_more_earlier_questions_are_looked_at_than_can_be_gone_back_to(scripted: Callable) -> None:
    """What stands before them may be anything."""
    body = AskBody(question=QUESTION, earlier=["\ud800", *["What is a port?"] * EARLIER_READ])
    run(asking_of(scripted()).answer(body))
    broken = AskBody(question=QUESTION, earlier=["\ud800", "What is a port?"])
    with pytest.raises(QuestionError, match="not valid UTF-8"):
        run(asking_of(scripted()).answer(broken))


@pytest.mark.parametrize(
    ("body", "owed"),
    [
        ({"earlier": ["What is a port?"] * 5}, 5),
        ({"earlier": ["What is a port?", " "] * 20}, EARLIER_READ // 2),
        ({"earlier": ["What is a port?"] * 5, "exact": True}, 0),
        ({}, 0),
    ],
)
def test_earlier_questions_count_as_questions(
    scripted: Callable, body: dict[str, object], owed: int
) -> None:
    """Each that is read takes a token of the asker's, beside the one that was taken at the door."""
    buckets = TokenBuckets(60, 1, clock=lambda: 0.0)
    asking = asking_of(scripted(), buckets=buckets)
    run(asking.answer(AskBody(question=QUESTION, **body), "192.0.2.1"))
    assert buckets.take("192.0.2.1") == owed
    assert buckets.take("192.0.2.2") == 0


def test_what_nobody_waits_for_ends_at_the_next_turn(scripted: Callable) -> None:
    """Its place is free then; neither the turns that are left nor the question are looked at."""
    begun, go_on = threading.Event(), threading.Event()

    def act() -> None:
        begun.set()
        assert go_on.wait(LONG)

    assistant = scripted(act)
    asking = asking_of(assistant)

    async def ask() -> None:
        body = AskBody(question="Is it safe?", earlier=["What is a port?", "Does it hurt?"])
        gone = asyncio.create_task(asking.answer(body))
        await asyncio.to_thread(begun.wait, LONG)
        gone.cancel()
        await asyncio.wait([gone])
        go_on.set()
        await asking.answer(AskBody(question=QUESTION))

    run(ask())
    assert (assistant.followed_up, assistant.asked) == (["What is a port?"], [QUESTION])


@pytest.mark.parametrize("question", ["", " ", "?", "x" * 4_001, "\ud800"])
def test_what_is_no_question_takes_nobodys_place(scripted: Callable, question: str) -> None:
    """It is refused before it would wait, even where there is no room."""
    assistant = scripted()
    with pytest.raises(QuestionError):
        run(asking_of(assistant, room=0).answer(AskBody(question=question)))
    with pytest.raises(BusyError):
        run(asking_of(assistant, room=0).answer(AskBody(question=QUESTION)))
    assert assistant.asked == []


def test_before_the_index_is_open_nothing_is_asked(scripted: Callable) -> None:
    """A program is told to come back."""
    assistant = scripted()
    with pytest.raises(StartingError, match=STARTING):
        run(asking_of(assistant, is_ready=lambda: False).answer(AskBody(question=QUESTION)))
    assert assistant.asked == []
