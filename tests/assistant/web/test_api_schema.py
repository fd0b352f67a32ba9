"""The description of the endpoint's bodies holds for what is really read and sent."""

import pytest
from fastapi import APIRouter
from pydantic import ValidationError

from assistant import Assistant
from assistant.as_json import answer_fields
from assistant.follow_ups.trail import KEPT_TOPICS
from assistant.questions import MAX_CHARACTERS
from assistant.web.api_schema import (
    EARLIER_READ,
    AnswerBody,
    AskBody,
    NoticeBody,
    PassageBody,
    ReplyBody,
    openapi,
)

SPANISH = "¿Perderé el cabello?"


def test_a_question_needs_only_its_words() -> None:
    """All else may be left out."""
    assert AskBody(question="a").model_dump() == {"question": "a", "earlier": [], "exact": False}


@pytest.mark.parametrize(
    "fields",
    [{}, {"question": 1}, {"question": "a", "exact": "yes"}, {"question": "a", "history": []}],
)
def test_nothing_is_guessed(fields: dict[str, object]) -> None:
    """A number is no text, a word no truth, and a field that is not known is no field."""
    with pytest.raises(ValidationError):
        AskBody.model_validate(fields)


def test_as_many_earlier_questions_are_read_as_the_chat_goes_back_to() -> None:
    """The endpoint and the chat remember alike; the limit on a question is named."""
    assert EARLIER_READ == KEPT_TOPICS == 12
    described = AskBody.model_json_schema()["properties"]
    assert str(EARLIER_READ) in described["earlier"]["description"]
    assert str(MAX_CHARACTERS) in described["question"]["description"]


def test_every_field_of_an_answer_is_described(fake_assistant: Assistant) -> None:
    """Those of an answer, of its passages, of a notice and of a reply: no more and no fewer."""
    fields = answer_fields(fake_assistant.answer("Is yoga safe for me?"))
    assert set(fields) == set(AnswerBody.model_fields)
    assert {name for passage in fields["passages"] for name in passage} == set(PassageBody.model_fields)
    urgent = answer_fields(fake_assistant.answer("i cant breathe"))
    assert set(urgent["notices"][0]) == set(NoticeBody.model_fields)
    foreign = answer_fields(fake_assistant.answer(SPANISH))
    assert set(foreign["reply"]) == set(ReplyBody.model_fields)


@pytest.mark.parametrize(("root_path", "server"), [("", "/"), ("/signpost", "/signpost")])
def test_the_description_says_where_the_server_is(root_path: str, server: str) -> None:
    """At the root, or below the path where a proxy shows it."""
    description = openapi(APIRouter(), root_path)
    assert description["servers"] == [{"url": server}]
    assert description["info"]["version"] == "1"
