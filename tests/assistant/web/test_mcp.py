"""The tool: what the Model Context Protocol wants of a server without sessions."""

from collections.abc import Callable

import orjson
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant import Assistant
from assistant.as_json import answer_fields
from assistant.web.answer_queue import AnswerQueue
from assistant.web.api_schema import AskBody
from assistant.web.asking import Asking
from assistant.web.mcp import TOOL_NAME, VERSIONS, build_mcp
from assistant.web.sentences import FAILED, OTHER_ORIGIN, STARTING
from index import EmbedderError

QUESTION = "Is yoga safe for me?"
FRIEND = "https://www.example.org"


def client_of(assistant: Assistant, *, ready: bool = True, **options: object) -> TestClient:
    """Return a client of the tool alone."""
    queue = AnswerQueue(places=2, waiting=2, seconds=3_600)
    app = FastAPI()
    app.include_router(build_mcp(Asking(assistant, queue, is_ready=lambda: ready), **options))
    return TestClient(app)


@pytest.fixture
def client(fake_assistant: Assistant) -> TestClient:
    """A client of the tool."""
    return client_of(fake_assistant, origins=[FRIEND])


def say(method: str, **params: object) -> dict[str, object]:
    """Return a request."""
    return {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}


def call(client: TestClient, arguments: object) -> dict[str, object]:
    """Call the tool; return the result."""
    reply = client.post("/mcp", json=say("tools/call", name=TOOL_NAME, arguments=arguments)).json()
    assert (reply["jsonrpc"], reply["id"]) == ("2.0", 7)
    return reply["result"]


@pytest.mark.parametrize("asked", [*VERSIONS, "1999-01-01", None, 5])
def test_it_introduces_itself(client: TestClient, asked: object) -> None:
    """It speaks the revision that is asked for, or says which is its newest."""
    result = client.post("/mcp", json=say("initialize", protocolVersion=asked)).json()["result"]
    assert result["protocolVersion"] == (asked if asked in VERSIONS else "2025-11-25")
    assert result["capabilities"] == {"tools": {}}
    assert result["serverInfo"]["name"] == "signpost"
    assert "word for word" in result["instructions"]


def test_there_is_one_tool(client: TestClient) -> None:
    """It takes the fields of the endpoint, and changes nothing."""
    (tool,) = client.post("/mcp", json=say("tools/list")).json()["result"]["tools"]
    assert tool["name"] == "ask_signpost"
    assert tool["inputSchema"] == AskBody.model_json_schema()
    assert tool["annotations"]["readOnlyHint"] is True


def test_it_answers_as_the_endpoint_does(client: TestClient, fake_assistant: Assistant) -> None:
    """The answer's fields come as text and as an object, the same in both."""
    result = call(client, {"question": "Is it safe?", "earlier": ["What is a port?"]})
    fields = answer_fields(fake_assistant.answer("Is it safe?", ["What is a port?"]))
    assert result["isError"] is False
    assert {**result["structuredContent"], "ms": 0} == {**fields, "ms": 0}
    (content,) = result["content"]
    assert content["type"] == "text"
    assert orjson.loads(content["text"]) == result["structuredContent"]


def test_its_links_are_below_the_root_path(fake_assistant: Assistant) -> None:
    """As the endpoint's are."""
    result = call(client_of(fake_assistant, root_path="/signpost"), {"question": QUESTION})
    assert result["structuredContent"]["passages"][0]["link"].startswith("/signpost/read/")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({}, "“question” is missing."),
        ({"question": 5}, "“question” must be text."),
        ({"question": " "}, "The question is empty. Please type a few words."),
        ([], "The request is not a JSON object with a question."),
    ],
)
def test_what_a_caller_can_mend_is_a_result(
    client: TestClient, arguments: object, sentence: str
) -> None:
    """The sentence goes to the model that called, as the protocol wants it."""
    assert call(client, arguments) == {"content": [{"type": "text", "text": sentence}], "isError": True}


def test_trouble_of_ours_is_told_without_details(scripted: Callable) -> None:
    """A broken model and a server that is starting are sentences too."""

    def fail() -> None:
        raise EmbedderError("secret")

    broken = call(client_of(scripted(fail)), {"question": QUESTION})
    starting = call(client_of(scripted(fail), ready=False), {"question": QUESTION})
    assert [broken["content"][0]["text"], starting["content"][0]["text"]] == [FAILED, STARTING]
    assert broken["isError"] is starting["isError"] is True


def test_other_methods(client: TestClient) -> None:
    """A ping is answered; what is not there is said not to be, with JSON-RPC's own codes."""
    assert client.post("/mcp", json=say("ping")).json() == {"jsonrpc": "2.0", "id": 7, "result": {}}
    unknown = client.post("/mcp", json=say("resources/list")).json()["error"]
    assert unknown == {"code": -32601, "message": "There is no such method here."}
    other = client.post("/mcp", json=say("tools/call", name="delete")).json()["error"]
    assert other == {"code": -32602, "message": "There is one tool here: ask_signpost."}


@pytest.mark.parametrize(
    "message",
    [
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 3, "result": {}},
    ],
)
def test_what_wants_no_answer_gets_none(client: TestClient, message: dict[str, object]) -> None:
    """A notification is received, and that is all."""
    reply = client.post("/mcp", json=message)
    assert (reply.status_code, reply.content) == (202, b"")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", -32700),
        (b"\xff", -32700),
        (b"[]", -32600),
        (b"5", -32600),
        (b"{}", -32600),
        (b'{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":5}', -32600),
        (b'{"jsonrpc":"2.0","id":[1],"method":"ping"}', -32600),
        (b'{"jsonrpc":"2.0","id":true,"method":"ping"}', -32600),
        (b'{"jsonrpc":"2.0","id":false,"method":"ping"}', -32600),
    ],
)
def test_what_is_no_message_is_refused(client: TestClient, body: bytes, code: int) -> None:
    """400 with JSON-RPC's code."""
    reply = client.post("/mcp", content=body, headers={"content-type": "application/json"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, code)


@pytest.mark.parametrize("params", [None, [], "x", {"name": [TOOL_NAME]}])
def test_odd_parameters_are_no_failure(client: TestClient, params: object) -> None:
    """Parameters of another shape count as none."""
    message = {"jsonrpc": "2.0", "id": "a", "method": "tools/call", "params": params}
    reply = client.post("/mcp", json=message)
    assert (reply.status_code, reply.json()["error"]["code"]) == (200, -32602)


def test_a_later_revision_is_told_which_are_spoken(client: TestClient) -> None:
    """A client that speaks another can begin again with one of ours."""
    headers = {"mcp-protocol-version": "2099-01-01"}
    reply = client.post("/mcp", json=say("tools/list"), headers=headers)
    assert reply.status_code == 400
    assert reply.json()["error"]["data"] == {"supported": list(VERSIONS), "requested": "2099-01-01"}
    spoken = {"mcp-protocol-version": VERSIONS[1]}
    assert client.post("/mcp", json=say("ping"), headers=spoken).status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"), [(FRIEND, 200), ("https://other.example", 403), ("null", 403), ("", 403)]
)
def test_a_page_of_another_website_may_not_call(client: TestClient, origin: str, status: int) -> None:
    """Unless it is named; what is no page sends no origin."""
    reply = client.post("/mcp", json=say("ping"), headers={"origin": origin})
    assert reply.status_code == status
    assert status == 200 or reply.json() == {"error": OTHER_ORIGIN}
