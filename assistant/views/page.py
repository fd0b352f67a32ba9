"""What the views of a document share: templates, style, scripts and the head of their pages."""

from collections.abc import Sequence

import assistant.wording as wording
from assistant.as_html import VIEWS
from assistant.script_words import script_words
from assistant.templates import environment, page_file
from corpus.likeness import LEAST_LETTERS, LEAST_LIKENESS, LEAST_LIKENESS_LONG, LONG_LETTERS

STYLES = ("signpost.css", "views.css")
SCRIPTS = ("keep.js", "filter.js")

CHAT_SELECTORS = (".gradio-container", "#ask", "#page-", "#panes", "#question", "#small-print", "#talk")
"""How selectors begin of what is in the chat alone."""

LIKENESS = {
    "leastLetters": LEAST_LETTERS,
    "longLetters": LONG_LETTERS,
    "least": LEAST_LIKENESS,
    "leastLong": LEAST_LIKENESS_LONG,
}
"""How like two words must be, for the script that compares them in the browser."""


class ViewPage:
    """Draws a page that shows the words of documents in an order of its own."""

    def __init__(
        self, template: str, *, here: str, scripts: Sequence[str] = (), root_path: str = ""
    ) -> None:
        """
        Prepare to draw.

        Args:
            template: The file of its template.
            here: The address of the page.
            scripts: The files of its own scripts.
            root_path: What a proxy shows before each path; empty for nothing.

        """
        templates = environment()
        templates.globals.update(wording=wording)
        self._template = templates.get_template(template)
        self._frame = {
            "here": here,
            "root": root_path,
            "views": VIEWS,
            "style": "\n".join(map(_read, STYLES)),
            "script": "\n".join([script_words(), *map(_read, (*SCRIPTS, *scripts))]),
        }

    def render(self, **values: object) -> str:
        """Draw the page."""
        drawn = self._template.render(**self._frame, **values)
        return "\n".join(line for line in drawn.splitlines() if line.strip())


def _read(name: str) -> str:
    """Return a style sheet or script without indentation, comments and what only the chat needs."""
    lines = page_file(name).splitlines()
    stripped = (line.strip() for line in lines)
    return "\n".join(
        line for line in stripped if line and not line.startswith("//") and not _is_chat_rule(line)
    )


def _is_chat_rule(line: str) -> bool:
    """Tell whether a line is a whole rule of style for nothing but parts of the chat."""
    selectors, brace, _ = line.partition("{")
    return (
        bool(brace)
        and line.endswith("}")
        and all(each.strip().startswith(CHAT_SELECTORS) for each in selectors.split(","))
    )
