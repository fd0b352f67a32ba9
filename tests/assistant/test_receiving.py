"""What a message is taken for before it is searched for."""

import pytest

from assistant import Assistant, NoticeKind


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("hello", "hello"),
        ("ok thanks", "thanks"),
        ("can I trust this?", "trust"),
        ("are you a doctor?", "doctor"),
        ("¿Cuáles son los efectos secundarios de la quimioterapia?", "language"),
    ],
)
def test_what_asks_nothing_of_the_page_gets_a_reply(
    fake_assistant: Assistant, message: str, kind: str
) -> None:
    """A short fixed one, without a quote."""
    answer = fake_assistant.answer(message)
    assert answer.reply is not None
    assert (answer.reply.kind, answer.quotes) == (kind, ())


@pytest.mark.parametrize("message", ["when was this page updated?", "who reviewed this page?"])
def test_the_page_says_itself_how_old_it_is(fake_assistant: Assistant, message: str) -> None:
    """Its own words on its review are quoted, where it has them."""
    answer = fake_assistant.answer(message)
    assert answer.reply is None
    assert answer.answered is True
    assert any("Reviewed by: Douglas Yee, MD" in quote.excerpt.text for quote in answer.shown)


def test_an_emergency_comes_before_everything_else(fake_assistant: Assistant) -> None:
    """Even in a message with a greeting, and the words are searched for all the same."""
    answer = fake_assistant.answer("Hello, I can't breathe and my chest hurts, please help")
    assert answer.is_urgent
    assert next(n.kind for n in answer.notices) is NoticeKind.URGENT
    assert answer.reply is None
    assert answer.quotes


def test_a_greeting_is_not_searched_for(fake_assistant: Assistant) -> None:
    """What is left is the question."""
    answer = fake_assistant.answer("Hi there! What is a port? Thank you so much")
    assert answer.reply is None
    assert answer.resolved_question == "What is a port?"
