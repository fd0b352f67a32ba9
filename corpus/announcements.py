"""
Finds sentences that announce something which this copy of a page may not hold.

A block that ends with a colon announces what follows it: a list, parts with headings of their own,
or, where the template says so, a video or picture. Where none of these follows, the announced list is
missing in the copy, and whoever is shown the sentence must be told.
"""

from dataclasses import dataclass
from enum import StrEnum

from corpus.document import Block, BlockKind, Document, Hidden, HiddenKind, Span
from corpus.page_text import MEDIA_LABELS
from corpus.sentences import sentence_spans


class Announced(StrEnum):
    """What follows a sentence that ends with a colon."""

    LIST = "list"
    SECTIONS = "sections"
    MEDIA = "media"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Announcement:
    """A sentence that ends with a colon, and what the copy has behind it."""

    sentence: Span
    followed_by: Announced


def announcements(document: Document) -> tuple[Announcement, ...]:
    """Return every announcing sentence of a document, in the order of the text."""
    sections = {section.id: section for section in document.sections}
    found = []
    for at, block in enumerate(document.blocks):
        text = block.span.of(document.source)
        if block.kind is BlockKind.HEADING or not text.endswith(":"):
            continue
        following = document.blocks[at + 1] if at + 1 < len(document.blocks) else None
        kind = Announced.NOTHING
        if following is not None:
            below = sections[following.section_id].level > sections[block.section_id].level
            if following.kind is BlockKind.BULLET and following.depth > block.depth:
                kind = Announced.LIST
            elif below:
                kind = Announced.SECTIONS
        # Above the first heading every main part is "below", also one behind a video.
        if kind is not Announced.LIST and _media_between(document, block, following):
            kind = Announced.MEDIA
        sentence = sentence_spans(text, offset=block.span.start)[-1]
        found.append(Announcement(sentence, kind))
    return tuple(found)


def _media_between(document: Document, block: Block, following: Block | None) -> bool:
    """Tell whether the template puts a video or picture right behind a block."""
    end = len(document.source) if following is None else following.span.start
    between = Span(block.span.end, max(end, block.span.end))
    return any(
        _is_media(hidden, document) for hidden in document.hidden if hidden.span.overlaps(between)
    )


def _is_media(hidden: Hidden, document: Document) -> bool:
    return hidden.kind is HiddenKind.LABEL and hidden.span.of(document.source) in MEDIA_LABELS
