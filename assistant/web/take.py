"""Serves the page of what a reader takes along, and lets it check its quotes."""

from collections.abc import Sequence
from dataclasses import asdict

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse

from assistant.views.page_words import PageWords
from assistant.views.take import TAKE_PATH, TakePage
from corpus import Document

QUOTES_PATH = "/quotes"
"""Where the words at a place of a document are asked for."""


def take_router(documents: Sequence[Document], *, root_path: str = "") -> APIRouter:
    """
    Return the routes `/take-with-you` and `/quotes/<document>/<start>-<end>`.

    Neither is told a question, a note, or the words of a quote: those stay in the browser.

    Args:
        documents: The documents that answers quote.
        root_path: What a proxy shows before each path; empty for nothing.

    """
    router = APIRouter()
    page = TakePage(documents, root_path=root_path).render()
    words = PageWords(documents)

    @router.get(TAKE_PATH, response_class=HTMLResponse)
    def take() -> HTMLResponse:
        return HTMLResponse(page)

    @router.get(f"{QUOTES_PATH}/{{document_id}}/{{place}}", response_class=JSONResponse)
    def quote(document_id: str, place: str) -> JSONResponse:
        found = words.at(document_id, place)
        if found is None:
            return JSONResponse({"text": None}, status_code=404)
        return JSONResponse({**asdict(found), "link": root_path + found.link})

    return router
