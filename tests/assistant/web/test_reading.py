"""The pages that show a whole document."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.as_html import HtmlRenderer
from assistant.web.reading import reading_router
from corpus import Document, Span


@pytest.fixture
def client(document: Document) -> TestClient:
    """A client of these pages alone."""
    app = FastAPI()
    app.include_router(reading_router([document]))
    return TestClient(app)


def test_a_document_is_shown_whole(client: TestClient, document: Document) -> None:
    """Its address answers with its drawing, unmarked."""
    reply = client.get(f"/read/{document.id}")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert reply.text == HtmlRenderer([document]).reading_view(document, None)


def test_a_quote_is_marked(client: TestClient, document: Document) -> None:
    """The range in the address is what is marked; one that is damaged marks nothing."""
    start = document.source.index("In general, yoga is safe")
    marked = client.get(f"/read/{document.id}", params={"quote": f"{start}-{start + 20}"}).text
    assert marked == HtmlRenderer([document]).reading_view(document, Span(start, start + 20))
    for damaged in ("", "9-1", "x", "0-99999999"):
        assert "<mark>" not in client.get(f"/read/{document.id}", params={"quote": damaged}).text


def test_another_address_leads_nowhere(client: TestClient, document: Document) -> None:
    """404 with the way back, and nothing of the address is repeated."""
    reply = client.get("/read/%3Cscript%3E")
    assert (reply.status_code, reply.text) == (404, HtmlRenderer([document]).not_found())
