"""What the chat's page could have sent, and nothing else, reaches Gradio."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.web.sentences import NOT_A_TURN, NOT_FOUND
from assistant.web.tickets import (
    CANCEL_PATH,
    CHAT_PATH,
    EVENTS_PATH,
    Tickets,
    is_cancellation,
    is_ticket,
)
from tests.assistant.web.conftest import Inner, call, request

INPUTS = {0: 2, 3: 1}
TICKET = {
    "data": ["Is yoga safe for me?", None],
    "event_data": None,
    "fn_index": 0,
    "trigger_id": 12,
    "session_hash": "w0kp3v9a2bc",
}
JSON = {"content-type": "application/json"}
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
        *({"trigger_id": "my secret words"}, {"trigger_id": 1.5}, {"trigger_id": True}),
        *({"batched": "my secret words"}, {"batched": True}, {"simple_format": "my secret words"}),
        *({"event_id": 5}, {"oauth_token": 5}),
    ],
)
def test_anything_else_is_none(wrong: dict[str, object]) -> None:
    """No other event, no other number of inputs, no file, no name that is none."""
    assert is_ticket(orjson.dumps({**TICKET, **wrong}), INPUTS) is False


@given(body=st.binary(max_size=200) | st.text().map(str.encode))
def test_any_bytes_can_be_looked_at(body: bytes) -> None:
    """Bytes of any kind are no ticket and no failure."""
    assert is_ticket(body, INPUTS) is False


CANCELLATION = {"session_hash": "w0kp3v9a2bc", "fn_index": 0, "event_id": "0f3b"}


def test_what_the_page_sends_to_give_up_is_a_cancellation() -> None:
    """Names of a session and of an event, and the event's number."""
    assert is_cancellation(orjson.dumps(CANCELLATION)) is True


@pytest.mark.parametrize("name", list(CANCELLATION))
@pytest.mark.parametrize("value", ["my secret words", None, True, 1.5, ["0"], {}])
def test_anything_else_is_no_cancellation(name: str, value: object) -> None:
    """Each field is there, and of its form."""
    assert is_cancellation(orjson.dumps({**CANCELLATION, name: value})) is False
    assert is_cancellation(orjson.dumps({**CANCELLATION, name: value})[1:]) is False


def layered(inner: Inner, *asked: str) -> Tickets:
    """Return the layer before an application where some sessions have asked."""
    return Tickets(inner, INPUTS, lambda session: session in asked)


@pytest.mark.parametrize(("path", "fields"), [(CHAT_PATH, TICKET), (CANCEL_PATH, CANCELLATION)])
def test_what_the_page_sends_is_passed_on_whole(
    inner: Inner, path: str, fields: dict[str, object]
) -> None:
    """The application reads the same bytes."""
    body = orjson.dumps(fields)
    reply = TestClient(layered(inner)).post(path, content=body, headers=JSON)
    assert reply.text == "inside"
    assert b"".join(message["body"] for message in inner.received) == body


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (CHAT_PATH, {**TICKET, "data": ["secret words"]}),
        (CHAT_PATH, {**TICKET, "trigger_id": "secret words"}),
        (CANCEL_PATH, {**CANCELLATION, "fn_index": "secret words"}),
        (CANCEL_PATH, {"session_hash": "secret words"}),
    ],
)
def test_what_is_none_is_refused_without_its_words(
    inner: Inner, path: str, fields: dict[str, object]
) -> None:
    """422 and a sentence; the application is not asked."""
    reply = TestClient(layered(inner)).post(path, content=orjson.dumps(fields), headers=JSON)
    assert (reply.status_code, reply.json()) == (422, {"error": NOT_A_TURN})
    assert inner.paths == []


@pytest.mark.parametrize("kind", [{}, {"content-type": "text/plain"}])
@pytest.mark.parametrize(("path", "fields"), [(CHAT_PATH, TICKET), (CANCEL_PATH, CANCELLATION)])
def test_what_is_not_said_to_be_json_is_refused(
    inner: Inner, path: str, fields: dict[str, object], kind: dict[str, str]
) -> None:
    """Behind the layer it would be repeated."""
    reply = TestClient(layered(inner)).post(path, content=orjson.dumps(fields), headers=kind)
    assert (reply.status_code, reply.json()) == (422, {"error": NOT_A_TURN})
    assert inner.paths == []


def test_who_never_asked_has_nothing_to_listen_for(inner: Inner) -> None:
    """404 and a sentence, without the application; a session that has asked is listened to."""
    client = TestClient(layered(inner, "one"))
    for query in ("", "?session_hash=two", "?session_hash=one&session_hash=two"):
        reply = client.get(f"{EVENTS_PATH}{query}")
        assert (reply.status_code, reply.json()) == (404, {"error": NOT_FOUND})
    assert inner.paths == []
    assert client.get(f"{EVENTS_PATH}?session_hash=one").text == "inside"


def test_other_paths_are_left_alone(inner: Inner) -> None:
    """They are not Gradio's queue."""
    for path in ("/", "/api/ask", "/gradio_api/heartbeat/one"):
        call(layered(inner), request(path))
    assert inner.paths == ["/", "/api/ask", "/gradio_api/heartbeat/one"]
