"""Answers, the conversation and the reading view as HTML; every word passes through autoescaping."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

import assistant.wording as wording
from assistant.answer import Quote
from assistant.conversation import Conversation, Turn
from assistant.layout import Laid, lay_out_page, lay_out_quote
from assistant.links import READING_PATH
from corpus import Document, Section, Span

PAGES = Path(__file__).parent / "pages"


class HtmlRenderer:
    """Draws answers and documents."""

    def __init__(self, documents: Sequence[Document]) -> None:
        """
        Prepare to draw.

        Args:
            documents: The documents that answers quote.

        """
        self._documents: Mapping[str, Document] = {d.id: d for d in documents}
        self._templates = Environment(
            loader=FileSystemLoader(PAGES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(wording=wording, reading_path=READING_PATH)
        self._templates.filters["one_line"] = _one_line
        self._templates.globals.update(layout=self._layout, announcement=self._announcement)
        self._templates.globals.update(document=self._documents.__getitem__)

    @cached_property
    def style(self) -> str:
        """The style sheet of every page."""
        return (PAGES / "signpost.css").read_text(encoding="utf-8")

    @cached_property
    def script(self) -> str:
        """The few lines of script that the chat page needs."""
        return (PAGES / "signpost.js").read_text(encoding="utf-8")

    def header(self) -> str:
        """Draw the head of the chat page: name, and the way to the documents."""
        return self._draw("header.html", documents=list(self._documents.values()))

    def welcome(self) -> str:
        """Draw what stands on the first screen."""
        return self._draw("welcome.html", documents=list(self._documents.values()))

    def conversation(self, conversation: Conversation) -> str:
        """Draw every turn of a conversation, oldest first; the empty text for an empty one."""
        if not conversation.turns:
            return ""
        return self._draw("conversation.html", turns=conversation.turns)

    def reading_view(self, document: Document, marked: Span | None) -> str:
        """
        Draw a whole document, with its table of contents.

        Args:
            document: The document.
            marked: The range whose words are highlighted.

        """
        return self._draw(
            "reading.html",
            page=document,
            laid=lay_out_page(document, (marked,) if marked else ()),
            contents=_contents(document.sections),
            style=self.style,
        )

    def not_found(self) -> str:
        """Draw the page for an address that leads nowhere."""
        return self._draw("not_found.html", documents=list(self._documents.values()), style=self.style)

    def _draw(self, name: str, **values: object) -> str:
        """Fill in a template. Blank lines go: Markdown would take what follows one for its own."""
        drawn = self._templates.get_template(name).render(**values)
        return "\n".join(line.strip() for line in drawn.splitlines() if line.strip())

    def _announcement(self, turn: Turn) -> str:
        """Return the one sentence that a screen reader announces for a turn."""
        answer = turn.answer
        if answer is None:
            return turn.trouble
        if not answer.answered or not answer.quotes:
            return wording.NONE_FOUND
        return wording.BEST_FOUND.format(path=", ".join(answer.quotes[0].section_path))

    def _layout(self, quote: Quote) -> tuple[Laid, ...]:
        document = self._documents[quote.document_id]
        return lay_out_quote(document, quote.excerpt.span, quote.highlights)


def _one_line(text: str) -> Markup:
    """Escape a text and write its line breaks as references, so that it stays in one line."""
    return Markup(str(escape(text)).replace("\n", "&#10;").replace("\r", "&#13;"))  # noqa: S704


def _contents(sections: Sequence[Section]) -> list[tuple[Section, list[Section]]]:
    """Return the main sections, each with all that stands below it."""
    contents: list[tuple[Section, list[Section]]] = []
    for section in sections:
        if section.level == 1:
            contents.append((section, []))
        elif section.level > 1 and contents:
            contents[-1][1].append(section)
    return contents
