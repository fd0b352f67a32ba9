"""What the chat's page could have sent, and nothing else, reaches Gradio."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.web.sentences import NOT_A_TURN
from assistant.web.tickets import CHAT_PATH, Tickets, is_ticket
from tests.assistant.web.conftest import Inner, call, request

INPUTS = {0: 2, 3: 1}
TICKET = {
    "data": ["Is yoga safe for me?", None],
    "event_data": None,
    "fn_index": 0,
    "trigger_id": 12,
    "session_hash": "w0kp3v9a2bc",
}
FILE = {"path": "https://other.example/", "meta": {"_type": "gradio.FileData"}}


def test_what_the_page_sends_is_a_ticket() -> None:
    """A text or nothing for each input of an event that there is."""
    assert is_ticket(orjson.dumps(TICKET), INPUTS) is True
    assert is_ticket(orjson.dumps({**TICKET, "fn_index": 3, "data": [None]}), INPUTS) is True
    assert is_ticket(orjson.dumps({**TICKET, "data": [None, None]}), INPUTS) is True


@pytest.mark.parametrize(
    "wrong",
    [
        *(
            {"fn_index": 1},
            {"fn_index": None},
            {"fn_index": "0"},
            {"fn_index": False},
            {"fn_index": 0.0},
        ),
        *({"data": []}, {"data": ["words"]}, {"data": ["a", "b", "c"]}, {"data": "ab"}, {"data": None}),
        *({"data": [5, None]}, {"data": [FILE, None]}, {"data": [["words"], None]}, {"data": {}}),
        *({"session_hash": None}, {"session_hash": ""}, {"session_hash": "../a"}, {"session_hash": 5}),
        {"session_hash": "x" * 65},
    ],
)
def test_anything_else_is_none(wrong: dict[str, object]) -> None:
    """No other event, no other number of inputs, no file, no name that is none."""
    assert is_ticket(orjson.dumps({**TICKET, **wrong}), INPUTS) is False


@given(body=st.binary(max_size=200) | st.text().map(str.encode))
def test_any_bytes_can_be_looked_at(body: bytes) -> None:
    """Bytes of any kind are no ticket and no failure."""
    assert is_ticket(body, INPUTS) is False


def test_a_ticket_is_passed_on_whole(inner: Inner) -> None:
    """The application reads the same bytes."""
    body = orjson.dumps(TICKET)
    assert TestClient(Tickets(inner, INPUTS)).post(CHAT_PATH, content=body).text == "inside"
    assert b"".join(message["body"] for message in inner.received) == body


def test_what_is_none_is_refused_without_its_words(inner: Inner) -> None:
    """422 and a sentence; the application is not asked."""
    body = orjson.dumps({**TICKET, "data": ["secret words"]})
    reply = TestClient(Tickets(inner, INPUTS)).post(CHAT_PATH, content=body)
    assert (reply.status_code, reply.json()) == (422, {"error": NOT_A_TURN})
    assert inner.paths == []


def test_other_paths_are_left_alone(inner: Inner) -> None:
    """They are not Gradio's queue."""
    for path in ("/", "/api/ask", "/gradio_api/queue/data"):
        call(Tickets(inner, INPUTS), request(path))
    assert inner.paths == ["/", "/api/ask", "/gradio_api/queue/data"]
