"""One question over the network: checked, queued, answered."""

from collections.abc import Callable

import pytest

from assistant import Assistant
from assistant.errors import QuestionError
from assistant.web.answer_queue import AnswerQueue
from assistant.web.api_schema import EARLIER_READ, AskBody
from assistant.web.asking import Asking
from assistant.web.errors import BusyError, StartingError
from assistant.web.sentences import STARTING
from tests.assistant.web.conftest import run

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


def test_no_more_earlier_questions_are_looked_at_than_the_chat_keeps(scripted: Callable) -> None:
    """What stands before them may be anything."""
    body = AskBody(question=QUESTION, earlier=["\ud800", *["What is a port?"] * EARLIER_READ])
    run(asking_of(scripted()).answer(body))
    broken = AskBody(question=QUESTION, earlier=["\ud800", "What is a port?"])
    with pytest.raises(QuestionError, match="not valid UTF-8"):
        run(asking_of(scripted()).answer(broken))


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
