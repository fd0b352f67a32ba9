"""Draws the page of what a reader takes along; what she kept is in her browser, never on the server."""

from collections.abc import Sequence
from dataclasses import dataclass

import assistant.wording as wording
from assistant.as_html import VIEWS
from assistant.links import quote_link
from assistant.script_words import script_words
from assistant.source_line import source_line
from assistant.templates import environment, page_file
from assistant.views.own_questions import OwnQuestions, own_questions
from corpus import Document, Span

TAKE_PATH = "/take-with-you"
"""The address of the page."""

STYLES = ("signpost.css", "take.css")
SCRIPTS = ("keep.js", "take_check.js", "take_draw.js", "take.js")
FILE_STYLE = "take_file.css"
"""The style sheet of the file that the page makes."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """
    A question in a document's own words.

    Attributes:
        text: The question.
        span: Where it stands.
        link: The address that shows it there.

    """

    text: str
    span: Span
    link: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """A list of questions that a document suggests, with the sentence that introduces it."""

    document: Document
    introduction: str
    path: tuple[str, ...]
    questions: tuple[Suggested, ...]


class TakePage:
    """Draws the page of what a reader takes along."""

    def __init__(self, documents: Sequence[Document], *, root_path: str = "") -> None:
        """
        Prepare to draw.

        Args:
            documents: The documents that answers quote.
            root_path: What a proxy shows before each path; empty for nothing.

        """
        self._documents = tuple(documents)
        self._root = root_path
        self._templates = environment()
        self._templates.globals.update(wording=wording)

    def render(self) -> str:
        """Draw the page; it is the same for everybody."""
        return self._templates.get_template("take.html").render(
            here=TAKE_PATH,
            root=self._root,
            views=VIEWS,
            suggestions=[
                self._suggestions(document, found)
                for document in self._documents
                for found in own_questions(document)
            ],
            known={"sources": _sources(self._documents), "style": page_file(FILE_STYLE)},
            style="\n".join(page_file(name) for name in STYLES),
            script="\n".join([script_words(), *(page_file(name) for name in SCRIPTS)]),
        )

    def _suggestions(self, document: Document, found: OwnQuestions) -> Suggestions:
        return Suggestions(
            document=document,
            introduction=found.introduction.of(document.source) if found.introduction else "",
            path=document.section(found.section_id).path,
            questions=tuple(
                Suggested(
                    text=span.of(document.source),
                    span=span,
                    link=self._root + quote_link(document.id, found.section_id, span),
                )
                for span in found.questions
            ),
        )


def _sources(documents: Sequence[Document]) -> dict[str, str]:
    """Return for each document the line that says what it is, how old, by whom."""
    return {document.id: source_line(document) for document in documents}
