"""An assistant that is still being made; events, not clocks, say when."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant import Assistant, Trail, wording
from assistant.web.errors import NotStartedError
from assistant.web.warming import WarmingAssistant
from corpus import Document
from index import EmbedderError
from tests.in_time import LONG

QUESTION = "Is yoga safe for me?"


def never() -> None:
    """Fail: nobody should call this."""
    raise AssertionError


def test_its_documents_are_there_at_once(document: Document) -> None:
    """The page can be drawn before anything is begun."""
    warming = WarmingAssistant([document], never)
    assert warming.documents == (document,)
    assert (warming.is_ready, warming.failure, warming.is_at_work) == (False, None, False)


def test_who_waits_is_answered(document: Document, fake_assistant: Assistant) -> None:
    """A question that came before it was ready is answered when it is; the way there is seen."""
    go_on, at_work = threading.Event(), threading.Event()

    def make() -> Assistant:
        at_work.set()
        assert go_on.wait(LONG)
        return fake_assistant

    warming = WarmingAssistant([document], make)
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(warming.answer, QUESTION, ["What is a port?"])
        passages = pool.submit(lambda: warming.passages)
        warming.start(on_failure=never)
        assert at_work.wait(LONG)
        assert (warming.is_ready, warming.is_at_work, answer.done()) == (False, True, False)
        go_on.set()
        assert answer.result(LONG).quotes == fake_assistant.answer(QUESTION, ["What is a port?"]).quotes
        assert passages.result(LONG) == fake_assistant.passages
    assert warming.wait() is fake_assistant
    assert (warming.is_ready, warming.failure) == (True, None)


def test_a_failure_is_told_to_all(document: Document) -> None:
    """Who waits gets a sentence for readers; the operator's reason is kept, and the server told."""
    error, failed = EmbedderError("the model is broken"), threading.Event()

    def make() -> Assistant:
        raise error

    warming = WarmingAssistant([document], make)
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(warming.converse, QUESTION, Trail())
        warming.start(on_failure=failed.set)
        assert failed.wait(LONG)
        with pytest.raises(NotStartedError, match=wording.NOT_STARTED) as raised:
            waiting.result(LONG)
    assert raised.value.__cause__ is error
    assert (warming.is_ready, warming.failure) == (False, error)


def test_even_an_exit_is_told(document: Document) -> None:
    """Whatever ends the thread, nobody waits forever."""
    failed = threading.Event()

    def make() -> Assistant:
        raise SystemExit(3)

    warming = WarmingAssistant([document], make)
    warming.start(on_failure=failed.set)
    assert failed.wait(LONG)
    with pytest.raises(NotStartedError):
        warming.wait()
    assert isinstance(warming.failure, SystemExit)


def test_when_the_server_stops_nobody_waits_on(document: Document, fake_assistant: Assistant) -> None:
    """Those who wait are sent away while it is at work, and what it makes later changes nothing."""
    go_on = threading.Event()

    def make() -> Assistant:
        assert go_on.wait(LONG)
        return fake_assistant

    warming = WarmingAssistant([document], make)
    warming.start(on_failure=never)
    warming.give_up()
    with pytest.raises(NotStartedError, match=wording.NOT_STARTED):
        warming.wait()
    assert (warming.is_ready, warming.is_at_work) == (False, True)
    go_on.set()
    warming._thread.join(LONG)
    assert (warming.is_ready, warming.is_at_work) == (False, False)
    with pytest.raises(NotStartedError):
        warming.answer(QUESTION)


def test_what_is_ready_stays_ready(document: Document, fake_assistant: Assistant) -> None:
    """To give up comes too late then."""
    warming = WarmingAssistant([document], lambda: fake_assistant)
    warming.start(on_failure=never)
    assert warming.wait() is fake_assistant
    warming.give_up()
    assert warming.is_ready is True
    assert warming.failure is None
