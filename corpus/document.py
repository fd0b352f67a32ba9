"""
What a document is made of: sections, blocks and passages, each by character range.

All offsets count characters (Unicode code points) of `Document.source`; every range is half-open,
so that `source[start:end]` is the text that it names.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters of a source text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse a range that runs backwards."""
        if not 0 <= self.start <= self.end:
            msg = f"not a character range: {self.start}..{self.end}"
            raise ValueError(msg)

    def of(self, text: str) -> str:
        """Return the characters of `text` in this range."""
        return text[self.start : self.end]

    def overlaps(self, other: "Span") -> bool:
        """Tell whether at least one character belongs to both."""
        return self.start < other.end and other.start < self.end


class BlockKind(StrEnum):
    """What a block is on the page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    INTRODUCTION = "introduction"
    BULLET = "bullet"


@dataclass(frozen=True, slots=True)
class Block:
    """
    A heading, a paragraph, the introduction of a list, or one bullet of a list.

    Attributes:
        kind: What it is. A bullet that introduces a deeper list stays a bullet.
        span: Its text, without a bullet's sign.
        section_id: The section that it stands in.
        depth: 0, or for a bullet its depth in the list, from 1.

    """

    kind: BlockKind
    span: Span
    section_id: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """
    A part of the document with a heading of its own.

    Attributes:
        id: Readable and stable, made of the heading path; fit for a URL fragment.
        title: The heading as shown.
        path: The headings from the first level down to this one, without the document's title
            (for the part above the first heading: the document's title alone).
        level: 0 above the first heading, 1 for a main heading, and so on.
        heading: Where the heading stands, or None where the page has no words for it.
        run_in: Whether the heading is the beginning of a paragraph or the line that opens a list,
            rather than a line of its own.

    """

    id: str
    title: str
    path: tuple[str, ...]
    level: int
    heading: Span | None
    run_in: bool = False


class HiddenKind(StrEnum):
    """Why a stretch of the source is never shown and never indexed."""

    LABEL = "label"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Hidden:
    """A stretch of the source that belongs to the page's template, not to the text."""

    kind: HiddenKind
    span: Span


@dataclass(frozen=True, slots=True)
class Metadata:
    """
    What is known about a document beside its text.

    Attributes:
        title: The document's title, as its page states it.
        publisher: Who publishes and owns the text.
        breadcrumb: Where the page stands in the publisher's site, outermost first.
        reviewed: Date of the last review, in the page's own words.
        reviewer: Who reviewed it, in the page's own words.
        source_sha256: Digest of the source file's bytes, in hexadecimal.
        source_url: The page's address; empty until somebody has verified one.
        licence: Whose the text is and how it may be used.
        starters: Questions that a patient may start with, and that the document answers.
        caregiver_starters: The same for somebody who cares for a patient.

    """

    title: str
    publisher: str
    breadcrumb: tuple[str, ...]
    reviewed: str
    reviewer: str
    source_sha256: str
    source_url: str
    licence: str
    starters: tuple[str, ...] = ()
    caregiver_starters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthoredQuestion:
    """
    A question that the document answers, in a reader's words.

    Attributes:
        text: The question.
        span: The range of the source that answers it; it survives a change of how passages are cut.
        voice: Whose words they are: `patient` or `caregiver`.

    """

    text: str
    span: Span
    voice: str


@dataclass(frozen=True, slots=True)
class Gap:
    """
    A question that the document leaves open.

    Attributes:
        topic: What it is about; fits "This page does not speak of <topic>."
        text: The question.

    """

    topic: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """
    A source text and its parts, in the order of the text.

    Attributes:
        id: The name of the document's folder; fit for a URL.
        source: The whole source text, unchanged.
        metadata: What is known beside the text.
        sections: Every section, in the order of their headings.
        blocks: Everything that is shown; none overlaps another.
        hidden: Template labels and page furniture.
        questions: Questions that it answers, written for retrieval; often none.
        gaps: Questions that it leaves open; often none.

    """

    id: str
    source: str
    metadata: Metadata
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]
    hidden: tuple[Hidden, ...]
    questions: tuple[AuthoredQuestion, ...] = ()
    gaps: tuple[Gap, ...] = ()
    _line_starts: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _sections_by_id: dict[str, Section] = field(init=False, repr=False, compare=False)
    _block_starts: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _block_ends: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note where the lines begin, where the blocks begin and end, and the sections by id."""
        starts = [0, *(match.end() for match in re.finditer("\n", self.source))]
        object.__setattr__(self, "_line_starts", tuple(starts))
        by_id = {section.id: section for section in self.sections}
        object.__setattr__(self, "_sections_by_id", by_id)
        spans = [block.span for block in self.blocks]
        object.__setattr__(self, "_block_starts", tuple(span.start for span in spans))
        object.__setattr__(self, "_block_ends", tuple(span.end for span in spans))

    @property
    def title(self) -> str:
        """The document's title."""
        return self.metadata.title

    def section(self, section_id: str) -> Section:
        """Return the section of that id; KeyError when there is none."""
        return self._sections_by_id[section_id]

    def line(self, offset: int) -> int:
        """Return the line, counted from 1, on which the character at `offset` stands."""
        return bisect_right(self._line_starts, offset)

    def blocks_within(self, span: Span) -> tuple[Block, ...]:
        """Return the blocks that share at least one character with `span`."""
        # Blocks stand one after the other, so that those in question are a run.
        first = bisect_right(self._block_ends, span.start)
        return self.blocks[first : max(first, bisect_left(self._block_starts, span.end))]


@dataclass(frozen=True, slots=True)
class Passage:
    """
    The unit of retrieval: a stretch of one section that reads on its own.

    Attributes:
        id: Section id and position in the section, for example `chemotherapy/5`.
        document_id: The document that it is quoted from.
        section_id: The section that it stands in.
        span: Its range in the document's source.
        text: Exactly `source[span.start:span.end]`.
        context: The sentence that introduces its list, where `text` does not hold it.
        sentences: Its sentences and list items, in order.
        also_at: Other ranges of the source that hold the same words.

    """

    id: str
    document_id: str
    section_id: str
    span: Span
    text: str
    context: Span | None
    sentences: tuple[Span, ...]
    also_at: tuple[Span, ...] = ()
