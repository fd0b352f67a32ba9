"""Looks up what a document says at a place, so that a quote kept earlier can be checked against it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.layout import Item, Laid, Run, Shape, lay_out_quote
from assistant.links import parse_range, quote_link
from corpus import Document, Span
from corpus.introductions import introducing_blocks, introducing_sentence

MOST_CHARACTERS = 4_000
"""Longest stretch that is looked up. The longest passage has some 1,100 characters, a question 4,000."""


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """
    A paragraph or a list item as a quote shows it.

    Attributes:
        text: Its words, without a bullet's sign.
        depth: 0 for a paragraph; for a list item its depth in the quote, from 1.

    """

    text: str
    depth: int


@dataclass(frozen=True, slots=True)
class WordsAt:
    """
    What a document says at a place.

    Attributes:
        text: Exactly the source's characters.
        blocks: The same as it is shown, in order.
        context: The sentence that introduces the list which the words stand in; None without one.
        path: The headings above, outermost first.
        link: The address that shows the words in their page.

    """

    text: str
    blocks: tuple[ShownBlock, ...]
    context: str | None
    path: tuple[str, ...]
    link: str


class PageWords:
    """Looks up places in some documents."""

    def __init__(self, documents: Sequence[Document]) -> None:
        """
        Prepare to look up.

        Args:
            documents: The documents that answers quote.

        """
        self._documents: Mapping[str, Document] = {document.id: document for document in documents}
        self._introducing = {d.id: introducing_blocks(d.blocks) for d in documents}

    def at(self, document_id: str, place: str) -> WordsAt | None:
        """
        Return what stands at a place.

        Args:
            document_id: The document.
            place: The range of its characters, for example `10-20`; at most 4,000 of them.

        Returns:
            The words, or None where there is no such document, or no such range in it, or nothing of
            the range is shown.

        """
        document = self._documents.get(document_id)
        if document is None:
            return None
        span = parse_range(place, length=len(document.source))
        if span is None or span.end - span.start > MOST_CHARACTERS:
            return None
        blocks = document.blocks_within(span)
        if not blocks:
            return None
        section_id = blocks[0].section_id
        return WordsAt(
            text=span.of(document.source),
            blocks=tuple(_shown(lay_out_quote(document, span, ()))),
            context=self._context(document, span),
            path=document.section(section_id).path,
            link=quote_link(document.id, section_id, span),
        )

    def _context(self, document: Document, span: Span) -> str | None:
        first = next(n for n, block in enumerate(document.blocks) if block.span.overlaps(span))
        introduced_by = self._introducing[document.id][first]
        if introduced_by is None:
            return None
        return introducing_sentence(document, document.blocks[introduced_by]).of(document.source)


def _shown(laid: Sequence[Laid]) -> Iterator[ShownBlock]:
    for block in laid:
        if block.shape is Shape.LIST:
            yield from _items(block.items, 1)
        else:
            yield ShownBlock(_words(block.runs), 0)


def _items(items: Sequence[Item], depth: int) -> Iterator[ShownBlock]:
    for item in items:
        yield ShownBlock(_words(item.runs), depth)
        yield from _items(item.items, depth + 1)


def _words(runs: Sequence[Run]) -> str:
    return "".join(run.text for run in runs)
