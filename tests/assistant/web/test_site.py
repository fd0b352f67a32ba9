"""How the server is put together: what is open follows from what was set."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant import Assistant, Conversation, wording
from assistant.as_html import VIEWS
from assistant.errors import OutputError
from assistant.web.guard import HEADERS
from assistant.web.sentences import TOO_MANY
from assistant.web.settings import ServerSettings
from assistant.web.site import SENT_A_TURN, Site
from assistant.web.warming import WarmingAssistant
from corpus import Document
from tests.assistant.web.conftest import stop_clock

QUESTION = "Is yoga safe for me?"
FRIEND = "https://www.example.org"
TICKET = {"fn_index": 0, "data": [None], "session_hash": "one"}


def never() -> None:
    """Fail: nobody should call this."""
    raise AssertionError


@pytest.fixture
def client_of(fake_assistant: Assistant) -> Callable[..., TestClient]:
    """Return a client of all but the chat: `client_of(rate=1)`."""

    def make(**settings: object) -> TestClient:
        site = Site(fake_assistant, ServerSettings(**settings), never)
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        for router in site.routers():
            app.include_router(router)

        @app.post("/gradio_api/queue/join")
        def join() -> str:
            return "joined"

        @app.get("/")
        def page() -> str:
            return "the chat"

        site.stand_before(app, {0: 1}, never)
        return TestClient(app, base_url="http://localhost")

    return make


def test_what_is_not_set_is_closed(client_of: Callable) -> None:
    """No tool, no other website, no frame; the endpoint is there."""
    client = client_of()
    assert client.post("/mcp", json={}).status_code == 404
    reply = client.post("/api/ask", json={"question": QUESTION}, headers={"origin": FRIEND})
    assert reply.status_code == 200
    assert "access-control-allow-origin" not in reply.headers
    assert "frame-ancestors 'none'" in client.get("/embed").headers["content-security-policy"]


def test_what_is_set_is_open(client_of: Callable) -> None:
    """Each setting opens what it says, also to a refusal's reader, with every other header."""
    client = client_of(mcp=True, allow_origins=(FRIEND,), frame_ancestors=(FRIEND,))
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    assert client.post("/mcp", json=ping).json()["result"] == {}
    reply = client.post("/api/ask", content=b"{", headers={"origin": FRIEND})
    assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (400, FRIEND)
    assert reply.headers["x-content-type-options"] == HEADERS["x-content-type-options"]
    embedded = client.get("/embed")
    assert embedded.json() == "the chat"
    assert f"frame-ancestors {FRIEND};" in embedded.headers["content-security-policy"]


def test_below_a_root_path_everything_is_where_it_was(client_of: Callable, document: Document) -> None:
    """Whether or not the proxy takes the path off, links and pages lie below it."""
    client = client_of(root_path="/signpost")
    for prefix in ("", "/signpost"):
        reply = client.post(f"{prefix}/api/ask", json={"question": QUESTION})
        assert reply.json()["passages"][0]["link"].startswith("/signpost/read/")
        assert 'href="/signpost/"' in client.get(f"{prefix}/read/{document.id}").text
    assert client.get("/signpost", follow_redirects=False).headers["location"] == "/signpost/"


@pytest.mark.parametrize("view", [view.link for view in VIEWS])
def test_below_a_root_path_each_view_links_below_it(client_of: Callable, view: str) -> None:
    """Attributes of a page and what its scripts are given: all of it, and nothing twice."""
    client = client_of(root_path="/signpost")
    page = client.get(f"/signpost{view}").text
    addresses = re.findall(r'(?<=")(?:/[a-z][^" ]*)', page)
    assert any("/read/" in address for address in addresses)
    assert [address for address in addresses if not address.startswith("/signpost/")] == []
    assert "/signpost/signpost" not in page
    # What scripts are given is JSON in an attribute, with its quotation marks escaped.
    assert "&#34;/read/" not in page


def test_below_a_root_path_a_quote_is_found_again_below_it(
    client_of: Callable, document: Document
) -> None:
    """What was kept earlier is linked to where the reader is now."""
    start, end = next((b.start, b.end) for b in (block.span for block in document.blocks))
    reply = client_of(root_path="/signpost").get(f"/quotes/{document.id}/{start}-{end}").json()
    assert reply["text"] == document.source[start:end]
    assert reply["link"].startswith(f"/signpost/read/{document.id}?")


def test_a_client_may_ask_so_often(client_of: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    """The endpoint and the tool share one count; the chat's page may send more, as it sends more."""
    stop_clock(monkeypatch)
    client = client_of(rate=3, mcp=True)
    assert client.post("/api/ask", json={"question": QUESTION}).status_code == 200
    for path in ("/api/ask", "/mcp"):
        reply = client.post(path, json={"question": QUESTION})
        assert (reply.status_code, reply.json()) == (429, {"error": TOO_MANY})
        assert reply.headers["retry-after"] == "20"
        assert reply.headers["cache-control"] == "no-store"
    sent = [
        client.post("/gradio_api/queue/join", json=TICKET).status_code for _ in range(SENT_A_TURN + 1)
    ]
    assert sent == [200] * SENT_A_TURN + [429]
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/healthz",
        "/api",
        "/api/openapi.json",
        "/medicines",
        "/side-effects",
        "/take-with-you",
        "/read/treatment-for-metastatic-breast-cancer",
        "/read/nowhere",
        "/quotes/nowhere/1-2",
        "/",
    ],
)
@pytest.mark.parametrize("root", ["", "/signpost"])
def test_what_may_be_read_may_be_asked_after(client_of: Callable, path: str, root: str) -> None:
    """HEAD has the status and the headers of GET, and no body: so a proxy sees whether it is up."""
    client = client_of(root_path=root)
    head, read = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (read.status_code, b"")
    assert head.headers == read.headers
    assert read.content


@pytest.mark.parametrize("path", ["/api/ask", "/mcp"])
def test_earlier_questions_count_too(
    client_of: Callable, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """A request that sends two along is three questions, by the endpoint or by the tool."""
    stop_clock(monkeypatch)
    client = client_of(rate=3, mcp=True)
    asked = {"question": QUESTION, "earlier": ["What is a port?", "Does it hurt?"]}
    called = {"name": "ask_signpost", "arguments": asked}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": called}
    assert client.post(path, json=message if path == "/mcp" else asked).status_code == 200
    reply = client.post("/api/ask", json={"question": QUESTION})
    assert (reply.status_code, reply.headers["retry-after"]) == (429, "60")


def test_without_a_rate_there_is_no_limit(client_of: Callable) -> None:
    """An operator may leave that to a proxy."""
    client = client_of(rate=0)
    replies = [client.post("/api/ask", content=b"{").status_code for _ in range(50)]
    assert replies == [400] * 50


def test_the_limits_hold_before_the_body_is_read(client_of: Callable) -> None:
    """Too large, or of unknown length: one sentence as JSON, and no question is counted."""
    client = client_of(rate=1)
    large = client.post("/api/ask", content=b"x" * 64_001)
    assert (large.status_code, large.json()) == (413, {"error": "The request is too large."})
    unknown = client.post("/api/ask", content=iter([b"x"]))
    assert unknown.status_code == 411
    assert unknown.json() == {"error": "The length of the request is missing."}
    assert client.post("/api/ask", json={"question": QUESTION}).status_code == 200


def test_another_way_to_ask_is_refused_in_words(client_of: Callable) -> None:
    """A question in an address would be written into logs; only POST is taken."""
    reply = client_of().get("/api/ask", params={"question": QUESTION})
    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")
    assert reply.json() == {"error": "This address is not used in this way. Ask with POST."}
    nowhere = client_of().get("/api/nowhere")
    assert (nowhere.status_code, nowhere.json()) == (404, {"error": "There is nothing at this address."})


def test_a_request_from_elsewhere_changes_what_is_said(fake_assistant: Assistant) -> None:
    """After a request under another name, “this computer” is no more said."""
    site = Site(fake_assistant, ServerSettings(), never)
    app = FastAPI()
    site.stand_before(app, {0: 1}, never)
    with TestClient(app, base_url="http://signpost.example") as client:
        assert site.privacy.line == wording.PRIVACY
        client.get("/")
    assert site.privacy.line == wording.PRIVACY_SERVED


def test_a_log_that_cannot_be_written_is_known_at_once(
    fake_assistant: Assistant, tmp_path: Path
) -> None:
    """Before anything is served."""
    with pytest.raises(OutputError, match="cannot be written"):
        Site(fake_assistant, ServerSettings(log=tmp_path / "no" / "log"), never)


def test_the_log_can_begin_before_the_index_is_there(
    fake_assistant: Assistant, document: Document, tmp_path: Path
) -> None:
    """Its first line needs no passages; they are looked up with the first answer."""
    warming = WarmingAssistant([document], lambda: fake_assistant)
    site = Site(warming, ServerSettings(log=tmp_path / "log"), never)
    assert site.is_ready() is False
    assert len((tmp_path / "log").read_bytes().splitlines()) == 1
    warming.start(on_failure=never)
    site.talk.answered(QUESTION, Conversation())
    assert site.is_ready() is True
    assert len((tmp_path / "log").read_bytes().splitlines()) == 2


def test_to_stop_sends_away_who_waits(fake_assistant: Assistant, document: Document) -> None:
    """A question that waits for the index is told that it will not come."""
    warming = WarmingAssistant([document], lambda: fake_assistant)
    site = Site(warming, ServerSettings(), never)
    site.stop()
    (turn,) = site.talk.answered(QUESTION, Conversation()).turns
    assert turn.trouble == wording.NOT_STARTED
