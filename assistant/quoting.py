"""Makes quotes of retrieved passages: ScoredPassage in, Quote with checked offsets and links out."""

from collections.abc import Mapping

from assistant.answer import Excerpt, Place, Quote
from assistant.errors import QuoteError
from assistant.links import quote_link
from assistant.missing import Missing
from corpus import Block, BlockKind, Document, Passage, Span
from corpus.sentences import sentence_spans
from index import ScoredPassage


class Quoter:
    """Quotes passages of some documents, and knows what their copies lack."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        """
        Prepare to quote.

        Args:
            documents: The indexed documents, by id.

        """
        self._documents = documents
        self._missing = {name: Missing(document) for name, document in documents.items()}

    def quote(self, scored: ScoredPassage) -> Quote:
        """
        Return a passage as it is shown.

        Raises:
            QuoteError: The passage's words are not those of the source at its offsets.

        """
        passage = scored.passage
        document = self._documents[passage.document_id]
        if passage.span.of(document.source) != passage.text:
            msg = f"passage {passage.id} is not what stands in {document.id}; rebuild the index"
            raise QuoteError(msg)
        return Quote(
            excerpt=Excerpt(passage.text, passage.span),
            highlights=_highlights(document, passage, scored.answering),
            context=_context(document, passage),
            document_id=document.id,
            section_path=document.section(passage.section_id).path,
            place=_place(document, passage.span),
            similarity=scored.similarity,
            also_at=tuple(_place(document, span) for span in passage.also_at),
            notices=self._missing[document.id].within(passage.span),
        )


def _context(document: Document, passage: Passage) -> Excerpt | None:
    if passage.context is None:
        return None
    return Excerpt(passage.context.of(document.source), passage.context)


def _highlights(document: Document, passage: Passage, answering: Span) -> tuple[Span, ...]:
    """Return the best words; for an item of a list, those that introduce the list too."""
    blocks = document.blocks_within(passage.span)
    at = next((n for n, block in enumerate(blocks) if block.span.overlaps(answering)), 0)
    if blocks[at].kind is BlockKind.BULLET:
        opening = next((block for block in reversed(blocks[:at]) if _opens(block, blocks[at])), None)
        if opening is not None and opening.span.start >= passage.span.start:
            text = opening.span.of(document.source)
            return (sentence_spans(text, offset=opening.span.start)[-1], answering)
    return (answering,)


def _opens(block: Block, bullet: Block) -> bool:
    """Tell whether `block`, which stands before `bullet`, introduces its list."""
    return block.depth < bullet.depth


def _place(document: Document, span: Span) -> Place:
    section_id = document.blocks_within(span)[0].section_id
    return Place(span, section_id, quote_link(document.id, section_id, span))
