"""
Puts what a document says of side effects together to quotes that read on their own.

Entries in, quotes out: sentences that stand side by side are one quote, and so are the items of a list
with the sentence that announces them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.document import BlockKind, Document, Span
from corpus.introductions import introducing_blocks
from corpus.sentences import sentence_spans
from corpus.side_effects.entries import SideEffectEntry, side_effect_entries

_LEANING = re.compile(
    r"(?:Or|And|But|So|Yet|Then|Also|However|These|They|This|That|Those|It|Its|Both|Such)\b"
)
"""How a sentence begins that cannot be understood without the one before it."""

_CONDITION = re.compile(r"(?:For|If|When|While|In|With|After|Before|During|Among)\b")
"""How a sentence begins that says of whom or when all of its list holds."""


@dataclass(frozen=True, slots=True)
class SideEffectQuote:
    """
    A stretch of a document that speaks of side effects, or of easing them.

    Attributes:
        span: Its exact range in the source.
        section_id: The section that it stands in.
        path: The headings down to that section.
        treatment: The main heading above it; the document's title above the first.
        symptoms: For each symptom that it is about, in the order of the text, the words that name it;
            none where these stand above the quote.
        easing: Whether it speaks of easing, managing or reducing them.
        context: The sentence that introduces its list, where the quote does not hold it, and where it
            is true of the quote: of the middle of an item only a condition is ("For women who ...:").
        entries: What it is made of, in order.

    """

    span: Span
    section_id: str
    path: tuple[str, ...]
    treatment: str
    symptoms: Mapping[str, tuple[Span, ...]]
    easing: bool
    context: Span | None
    entries: tuple[SideEffectEntry, ...]


def side_effect_quotes(document: Document) -> tuple[SideEffectQuote, ...]:
    """Return everything that a document says of side effects as quotes, in the order of the text."""
    joined: list[list[SideEffectEntry]] = []
    lists = _Lists(document)
    for entry in side_effect_entries(document):
        if joined and lists.belong_together(joined[-1][-1], entry):
            joined[-1].append(entry)
        else:
            joined.append([entry])
    return tuple(_quote(document, entries) for entries in joined)


class _Lists:
    """Knows which blocks of a document belong to one list."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.above = introducing_blocks(document.blocks)

    def belong_together(self, entry: SideEffectEntry, following: SideEffectEntry) -> bool:
        """Tell whether two entries stand side by side, in one block or in one list."""
        one, other = self._block(entry), self._block(following)
        between = Span(entry.span.end, following.span.start)
        if one == other:
            return not between.of(self.document.source).strip()
        if (
            self.document.blocks_within(between)
            or self.document.blocks[other].kind is not BlockKind.BULLET
        ):
            return False
        return one in self._all_above(other) or bool(self._all_above(one) & self._all_above(other))

    def _block(self, entry: SideEffectEntry) -> int:
        blocks = self.document.blocks
        return next(at for at, block in enumerate(blocks) if block.span.overlaps(entry.span))

    def _all_above(self, block: int) -> frozenset[int]:
        """Return the blocks that introduce a bullet, its own list's first."""
        found = []
        above = self.above[block]
        while above is not None:
            found.append(above)
            above = self.above[above]
        return frozenset(found)


def _quote(document: Document, entries: Sequence[SideEffectEntry]) -> SideEffectQuote:
    first = entries[0]
    span = Span(_beginning(document, first), entries[-1].span.end)
    return SideEffectQuote(
        span=span,
        section_id=first.section_id,
        path=first.path,
        treatment=first.treatment,
        symptoms=_symptoms(entries, span),
        easing=any(entry.easing for entry in entries),
        context=_context(document, first.context, span),
        entries=tuple(entries),
    )


def _context(document: Document, introducing: Span | None, span: Span) -> Span | None:
    """Return the sentence that introduces the list of a quote, where it is true of the quote."""
    if introducing is None or introducing.overlaps(span):
        return None
    begins_item = any(block.span.start == span.start for block in document.blocks_within(span))
    return introducing if begins_item or _CONDITION.match(document.source, introducing.start) else None


def _beginning(document: Document, entry: SideEffectEntry) -> int:
    """Return where a quote begins: with the sentence before, where its own leans on that."""
    start = entry.span.start
    if not _LEANING.match(document.source, start):
        return start
    (block, *_) = document.blocks_within(entry.span)
    sentences = sentence_spans(block.span.of(document.source), offset=block.span.start)
    before = [sentence for sentence in sentences if sentence.end <= start]
    return before[-1].start if before else start


def _symptoms(entries: Iterable[SideEffectEntry], span: Span) -> Mapping[str, tuple[Span, ...]]:
    named: dict[str, list[Span]] = defaultdict(list)
    for entry in entries:
        for mention in (*entry.symptoms, *entry.inherited):
            words = named[mention.symptom]
            if mention.span.overlaps(span) and mention.span not in words:
                words.append(mention.span)
    return {symptom: tuple(words) for symptom, words in named.items()}
