"""The assistant as it is served: trouble is told without words, what is said of privacy is true."""

import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import Assistant, Trail, wording
from assistant.errors import QuestionError
from assistant.web.errors import AnswerFailedError
from assistant.web.privacy import Privacy
from assistant.web.sentences import FAILED
from assistant.web.service import ServedAssistant
from assistant.web.settings import ServerSettings
from index import EmbedderError

PRIVATE = "Is yoga safe with my secret illness?"


class NoteBook:
    """Stands in for the log."""

    def __init__(self) -> None:
        self.noted: list[str] = []

    def note(self, answer: object) -> None:
        """Note a question."""
        self.noted.append(answer.question)


def served(
    assistant: Assistant, *, notes: object = None, told: list[str] | None = None, **settings: object
) -> ServedAssistant:
    """Return an assistant as it is served."""
    report = [].append if told is None else told.append
    return ServedAssistant(assistant, Privacy(ServerSettings(**settings)), log=notes, report=report)


def test_it_is_what_it_stands_before(fake_assistant: Assistant) -> None:
    """Documents, passages, trails and answers are those of the assistant behind it."""
    service = served(fake_assistant)
    assert service.documents == fake_assistant.documents
    assert service.passages == fake_assistant.passages
    earlier = ["What is a port?"]
    assert service.trail(earlier) == fake_assistant.trail(earlier) != Trail()
    answer, behind = service.answer(PRIVATE, earlier), fake_assistant.answer(PRIVATE, earlier)
    assert (answer.quotes, answer.resolved_question) == (behind.quotes, behind.resolved_question)


def test_each_answer_is_noted_once(fake_assistant: Assistant) -> None:
    """The question that was asked, not the earlier ones that are read again for it."""
    log = NoteBook()
    service = served(fake_assistant, notes=log)
    service.answer("Is it safe?", ["What is a port?", "Will I lose my hair?"])
    service.converse("What is a port?", Trail())
    assert log.noted == ["Is it safe?", "What is a port?"]


@pytest.mark.parametrize("error", [QuestionError("Too long."), EmbedderError("broken")])
def test_errors_with_a_sentence_pass(scripted: Callable, error: Exception) -> None:
    """What the asker or the operator can mend is told as it is, and nothing is noted."""

    def fail() -> None:
        raise error

    log, told = NoteBook(), []
    with pytest.raises(type(error), match=str(error)):
        served(scripted(fail), notes=log, told=told).converse(PRIVATE, Trail())
    assert (log.noted, told) == ([], [])


def test_what_nobody_foresaw_is_told_without_its_words(scripted: Callable) -> None:
    """The operator learns the kind and the place; the asker one sentence; nobody the question."""

    def fail() -> None:
        raise KeyError(PRIVATE)

    told: list[str] = []
    with pytest.raises(AnswerFailedError, match=FAILED) as raised:
        served(scripted(fail), told=told).converse(PRIVATE, Trail())
    (sentence,) = told
    line = fail.__code__.co_firstlineno + 1
    assert sentence == f"An answer failed: KeyError in {Path(__file__).name}, line {line}."
    assert PRIVATE not in str(raised.value)
    assert PRIVATE in "".join(traceback.format_exception(raised.value.__cause__))


def test_on_ones_own_computer_the_reply_is_as_written(fake_assistant: Assistant) -> None:
    """“Is this private?” is answered as it stands among the replies."""
    reply = served(fake_assistant).answer("Is this private?").reply
    assert reply == fake_assistant.answer("Is this private?").reply
    assert reply.text.startswith(wording.PRIVACY)


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"host": "192.0.2.7"}, wording.PRIVACY_SERVED),
        ({"log": Path("log")}, wording.PRIVACY_FIGURES_KEPT),
        ({"log": Path("log"), "log_questions": True}, wording.PRIVACY_QUESTIONS_KEPT),
    ],
)
def test_elsewhere_the_reply_is_true_too(
    fake_assistant: Assistant, settings: dict[str, object], line: str
) -> None:
    """Where others are served, or something is kept, the reply says that instead; the rest stays."""
    answer = served(fake_assistant, **settings).answer("Is this private?")
    assert answer.reply.text == line
    assert answer.reply.suggestions == fake_assistant.answer("Is this private?").reply.suggestions
    thanks = served(fake_assistant, **settings).answer("thank you").reply
    assert thanks == fake_assistant.answer("thank you").reply
