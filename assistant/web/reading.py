"""Serves the pages that show a whole document; they need no script."""

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from assistant.as_html import HtmlRenderer
from assistant.links import READING_PATH, parse_range
from corpus import Document


def reading_router(documents: Sequence[Document]) -> APIRouter:
    """
    Return the routes `/read/<document>`.

    Args:
        documents: The documents that answers quote.

    """
    router = APIRouter()
    renderer = HtmlRenderer(documents)
    by_id = {document.id: document for document in documents}

    @router.get(f"{READING_PATH}/{{document_id}}", response_class=HTMLResponse)
    def read(document_id: str, quote: str | None = None) -> HTMLResponse:
        document = by_id.get(document_id)
        if document is None:
            return HTMLResponse(renderer.not_found(), status_code=404)
        marked = parse_range(quote, length=len(document.source))
        return HTMLResponse(renderer.reading_view(document, marked))

    return router
