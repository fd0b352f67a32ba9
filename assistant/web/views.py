"""Serves the two views of the documents that can be browsed: side effects and medicines."""

from collections.abc import Sequence
from functools import cache
from threading import Lock

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from assistant.views.medicines import MEDICINES_PATH, medicines_page
from assistant.views.side_effects import SIDE_EFFECTS_PATH, side_effects_page
from corpus import Document


def views_router(documents: Sequence[Document], *, root_path: str = "") -> APIRouter:
    """
    Return the routes `/side-effects` and `/medicines`.

    Both pages are the same for everybody: what is searched for in them is searched in the browser. Each
    is made once, when it is first asked for: that takes a quarter of a second, which whoever opens the
    chat should not wait for.

    Args:
        documents: The documents that answers quote.
        root_path: What a proxy shows before each path; empty for nothing.

    """
    router = APIRouter()

    making = Lock()
    side_effects = cache(lambda: side_effects_page(documents, root_path=root_path))
    medicines = cache(lambda: medicines_page(documents, root_path=root_path))

    @router.get(SIDE_EFFECTS_PATH, response_class=HTMLResponse)
    def show_side_effects() -> HTMLResponse:
        with making:
            return HTMLResponse(side_effects())

    @router.get(MEDICINES_PATH, response_class=HTMLResponse)
    def show_medicines() -> HTMLResponse:
        with making:
            return HTMLResponse(medicines())

    return router
