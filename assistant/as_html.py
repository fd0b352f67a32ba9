"""Answers, the conversation and the reading view as HTML; every word passes through autoescaping."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup, escape

import assistant.wording as wording
from assistant.answer import Answer, NoticeKind, Quote
from assistant.conversation import KEPT_QUOTES, Conversation, Turn
from assistant.layout import Laid, lay_out_page, lay_out_quote
from assistant.links import READING_PATH, reading_link, section_link
from assistant.script_words import script_words
from assistant.templates import environment, page_file
from corpus import Document, Section, Span

SCRIPTS = ("signpost.js", "keep.js")
"""The scripts of the chat page: what it needs, and what keeps quotes for the visit."""


@dataclass(frozen=True, slots=True)
class View:
    """
    A page beside the chat.

    Attributes:
        link: Its address.
        label: What the way there is called.
        counted: Whether the number of things kept stands beside it.

    """

    link: str
    label: str
    counted: bool = False


VIEWS = (
    View("/side-effects", wording.SIDE_EFFECTS),
    View("/medicines", wording.MEDICINES),
    View("/take-with-you", wording.TAKE_WITH_YOU, counted=True),
)


@dataclass(frozen=True, slots=True)
class PlaceToLook:
    """A section near what was asked: its address and its heading."""

    link: str
    label: str


class HtmlRenderer:
    """Draws answers and documents."""

    def __init__(self, documents: Sequence[Document]) -> None:
        """
        Prepare to draw.

        Args:
            documents: The documents that answers quote.

        """
        self._documents: Mapping[str, Document] = {d.id: d for d in documents}
        self._templates = environment()
        self._templates.globals.update(wording=wording, reading_path=READING_PATH)
        self._templates.filters["one_line"] = _one_line
        self._templates.globals.update(layout=self._layout, announcement=self._announcement)
        self._templates.globals.update(document=self._documents.__getitem__)
        self._templates.globals.update(places_to_look=self._places_to_look)
        self._templates.globals.update(section_link=section_link)

    @cached_property
    def style(self) -> str:
        """The style sheet of every page."""
        return page_file("signpost.css")

    @cached_property
    def script(self) -> str:
        """The few lines of script that the chat page needs."""
        scripts = (page_file(name) for name in SCRIPTS)
        return "\n".join([script_words(), *scripts])

    def header(self) -> str:
        """Draw the head of the chat page: name, and the way to the documents."""
        return self._draw("header.html", documents=list(self._documents.values()), views=VIEWS)

    def welcome(self) -> str:
        """Draw what stands on the first screen."""
        documents = list(self._documents.values())
        starters = {
            "patient": [text for page in documents for text in page.metadata.starters],
            "caregiver": [text for page in documents for text in page.metadata.caregiver_starters],
        }
        return self._draw("welcome.html", documents=documents, starters=starters)

    def pane(self, document: Document) -> str:
        """Draw the pane beside the conversation, which shows a document; on a phone the whole screen."""
        return self._draw("pane.html", page=document, address=reading_link(document.id))

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
        """Return what a screen reader announces for a turn: what stands open on the screen, in short."""
        answer = turn.answer
        if answer is None:
            return turn.trouble
        said = [f"{n.heading}. {n.text}" for n in answer.notices if n.kind is NoticeKind.URGENT]
        if not said or answer.reply is not None:
            said.append(self._said(answer))
        return " ".join(said)

    def _said(self, answer: Answer) -> str:
        if answer.reply is not None:
            return answer.reply.text
        if not answer.answered or not answer.quotes:
            return wording.NONE_FOUND
        return wording.BEST_FOUND.format(path=", ".join(answer.quotes[0].section_path))

    def _places_to_look(self, answer: Answer) -> tuple[PlaceToLook, ...]:
        """Return the sections of the nearest passages, each once."""
        places = {
            (quote.document_id, quote.place.section_id): quote.section_path
            for quote in answer.quotes[:KEPT_QUOTES]
        }
        return tuple(
            PlaceToLook(section_link(document_id, section_id), path[-1])
            for (document_id, section_id), path in places.items()
        )

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
