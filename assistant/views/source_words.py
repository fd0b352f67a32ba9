"""Words of a document as views show them: ranges in, pieces and quotes with their addresses out."""

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.answer import Notice
from assistant.layout import Laid, lay_out_quote
from assistant.links import quote_link
from assistant.missing import Missing
from corpus import Document, Span


@dataclass(frozen=True, slots=True)
class Piece:
    """
    A few words of a document.

    Attributes:
        text: Exactly the source's characters.
        link: The address that shows them there.

    """

    text: str
    link: str


@dataclass(frozen=True, slots=True)
class SourceQuote:
    """
    A longer stretch of a document.

    Attributes:
        document_id: The document.
        span: The range of its source.
        text: Exactly the source's characters.
        path: The headings above it.
        link: The address that shows it there.
        laid: The same as it is drawn.
        context: The sentence that introduces its list; None without one.
        notices: What the copy lacks that the words announce.

    """

    document_id: str
    span: Span
    text: str
    path: tuple[str, ...]
    link: str
    laid: tuple[Laid, ...]
    context: str | None
    notices: tuple[Notice, ...]


class SourceWords:
    """Takes words out of one document."""

    def __init__(self, document: Document, *, root_path: str = "") -> None:
        """
        Prepare to take.

        Args:
            document: The document.
            root_path: What a proxy shows before each path; empty for nothing.

        """
        self.document = document
        self._root = root_path
        self._missing = Missing(document)

    def piece(self, span: Span) -> Piece:
        """Return a few words."""
        return Piece(span.of(self.document.source), self._link(span))

    def pieces(self, spans: Iterable[Span]) -> tuple[Piece, ...]:
        """Return a few words for each range."""
        return tuple(map(self.piece, spans))

    def quote(self, span: Span, context: Span | None = None) -> SourceQuote:
        """Return a longer stretch, with the range of the sentence that introduces it."""
        return SourceQuote(
            document_id=self.document.id,
            span=span,
            text=span.of(self.document.source),
            path=self.document.section(self._section_id(span)).path,
            link=self._link(span),
            laid=lay_out_quote(self.document, span, ()),
            context=context.of(self.document.source) if context else None,
            notices=self._missing.within(span),
        )

    def _section_id(self, span: Span) -> str:
        return self.document.blocks_within(span)[0].section_id

    def _link(self, span: Span) -> str:
        return self._root + quote_link(self.document.id, self._section_id(span), span)
