"""Below a path of somebody else's site: requests lose the prefix, links get it."""

import pytest

from assistant import Assistant, Conversation, Turn
from assistant.as_html import HtmlRenderer
from assistant.as_json import answer_fields
from assistant.web.guard import HEADERS
from assistant.web.rooted import RootedPages, RootedRenderer, RootPath, rooted_fields, rooted_html
from corpus import Document
from tests.assistant.web.conftest import Inner, call, request

ROOT = "/signpost"
QUESTION = "Is yoga safe for me?"


@pytest.mark.parametrize(
    ("asked", "inside"),
    [
        ("/signpost/", "/"),
        ("/signpost/api/ask", "/api/ask"),
        ("/api/ask", "/api/ask"),
        ("/", "/"),
        ("/signposts", "/signposts"),
        ("/signpost/signpost/", "/signpost/"),
    ],
)
def test_a_request_loses_the_prefix_once(inner: Inner, asked: str, inside: str) -> None:
    """Whether or not the proxy took it off already, the application sees a path of the root."""
    call(RootPath(inner, ROOT), request(asked))
    assert inner.paths == [inside]
    assert inner.scopes[0]["raw_path"] == inside.encode()


def test_the_bare_prefix_leads_to_its_page(inner: Inner) -> None:
    """Without its last slash the page would look for its parts in the wrong place."""
    reply = call(RootPath(inner, ROOT), request("/signpost"))
    assert (reply.status, reply.headers["location"]) == (307, "/signpost/")
    assert {name: reply.headers[name] for name in HEADERS} == HEADERS
    assert inner.paths == []


def test_without_a_prefix_nothing_changes(inner: Inner) -> None:
    """At the root every path is the application's own, even an empty one."""
    for path in ("", "/", "/signpost/"):
        call(RootPath(inner, ""), request(path))
    assert inner.paths == ["", "/", "/signpost/"]


@pytest.mark.parametrize(
    ("written", "rooted"),
    [
        ('<a href="/read/x#y">', '<a href="/signpost/read/x#y">'),
        ('<iframe id="p" src="/read/x">', '<iframe id="p" src="/signpost/read/x">'),
        ('<blockquote cite="/read/x">', '<blockquote cite="/signpost/read/x">'),
        ('<a href="//other.example/">', '<a href="//other.example/">'),
        ('<a href="https://other.example/">', '<a href="https://other.example/">'),
        ('<a href="#question">', '<a href="#question">'),
        ("say &#34; href=&#34;/read&#34;", "say &#34; href=&#34;/read&#34;"),
    ],
)
def test_addresses_of_ours_get_the_prefix(written: str, rooted: str) -> None:
    """Those on this server do, in attributes; other people's and places in a page do not."""
    assert rooted_html(written, ROOT) == rooted


def test_a_whole_page_gets_the_prefix() -> None:
    """A page's links, its length and its words in several pieces come out right."""
    page = 'ä<a href="/read/x">'.encode()
    inner = Inner(
        {"content-type": "text/html; charset=utf-8", "content-length": "20"}, (page[:1], page[1:])
    )
    reply = call(RootedPages(inner, ROOT), request("/read/x"))
    assert reply.body.decode() == 'ä<a href="/signpost/read/x">'
    assert reply.headers["content-length"] == str(len(reply.body))


@pytest.mark.parametrize(
    ("path", "kind"), [("/", "text/html"), ("/embed", "text/html"), ("/api", "text/plain")]
)
def test_what_is_no_page_of_ours_is_left_alone(path: str, kind: str) -> None:
    """The chat's page knows the prefix itself, and data has no links in attributes."""
    inner = Inner({"content-type": kind}, (b'<a href="/x">',))
    assert call(RootedPages(inner, ROOT), request(path)).body == b'<a href="/x">'


def test_the_parts_of_the_chat_get_the_prefix(fake_assistant: Assistant, document: Document) -> None:
    """Every address of an answer's drawing is below the prefix, and without one nothing changes."""
    conversation = Conversation().with_turn(Turn(QUESTION, fake_assistant.answer(QUESTION)))
    plain = HtmlRenderer([document]).conversation(conversation)
    assert 'href="/read/' in plain
    rooted = RootedRenderer([document], root_path=ROOT).conversation(conversation)
    assert rooted == plain.replace('="/read/', '="/signpost/read/')
    assert RootedRenderer([document], root_path="").conversation(conversation) == plain


def test_links_of_an_answers_fields_get_the_prefix(fake_assistant: Assistant) -> None:
    """Links do, those of other places too; no other word of the answer changes."""
    fields = answer_fields(fake_assistant.answer(QUESTION))
    rooted = rooted_fields(fields, ROOT)
    assert [one["link"] for one in rooted["passages"]] == [
        ROOT + one["link"] for one in fields["passages"]
    ]
    assert [one["text"] for one in rooted["passages"]] == [one["text"] for one in fields["passages"]]
    assert rooted_fields(fields, "") is fields
    assert rooted_fields({"link": "", "a": [{"link": "/b"}, "/c"], "text": "/d"}, ROOT) == {
        "link": "",
        "a": [{"link": "/signpost/b"}, "/c"],
        "text": "/d",
    }
