"""
Lays out a range of a document for showing: blocks, nested lists, and which words are marked.

Both the quote in an answer and the reading view are drawn from this, by offsets alone.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from corpus import Block, BlockKind, Document, Span


@dataclass(frozen=True, slots=True)
class Run:
    """
    Words that look alike.

    Attributes:
        text: Exactly the source's characters.
        marked: They are to be emphasised.
        heading: They are a heading that begins a paragraph.

    """

    text: str
    marked: bool = False
    heading: bool = False


class Shape(StrEnum):
    """How a laid-out block is drawn."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list, with the deeper list below it."""

    runs: tuple[Run, ...]
    items: tuple["Item", ...] = ()


@dataclass(frozen=True, slots=True)
class Laid:
    """
    A block to draw.

    Attributes:
        shape: How.
        runs: Its words, where it is no list.
        items: Its items, where it is a list.
        anchor: The id of the section that begins here, if one does.
        level: For a heading, its level: 0 for the title.

    """

    shape: Shape
    runs: tuple[Run, ...] = ()
    items: tuple[Item, ...] = ()
    anchor: str | None = None
    level: int = 0


def lay_out_quote(document: Document, span: Span, marks: Sequence[Span]) -> tuple[Laid, ...]:
    """
    Lay out a range of a document as a quote.

    Args:
        document: The document.
        span: The range; a block that it cuts is drawn from or up to the cut.
        marks: Ranges whose words are emphasised.

    Returns:
        What to draw, in order, without anchors.

    """
    page = _Page(document, span, marks)
    for block in document.blocks_within(span):
        page.add(block)
    page.close_list()
    return tuple(page.laid)


def lay_out_page(document: Document, marks: Sequence[Span] = ()) -> tuple[Laid, ...]:
    """
    Lay out a whole document, with an anchor where each section begins.

    A section without words for its heading gets a heading with its title.
    """
    page = _Page(document, Span(0, len(document.source)), marks)
    page.begin_section(document.sections[0].id)
    for block in document.blocks:
        page.begin_section(block.section_id)
        page.add(block)
    page.close_list()
    return tuple(page.laid)


@dataclass(slots=True)
class _OpenItem:
    """An item of a list that is still growing."""

    depth: int
    runs: tuple[Run, ...]
    below: list["_OpenItem"] = field(default_factory=list)

    def closed(self) -> Item:
        """Return the finished item."""
        return Item(self.runs, tuple(item.closed() for item in self.below))


class _Page:
    """What is drawn so far."""

    def __init__(self, document: Document, span: Span, marks: Sequence[Span]) -> None:
        self.document = document
        self.span = span
        self.marks = marks
        self.laid: list[Laid] = []
        self.list: list[_OpenItem] = []
        self.sections = {section.id: section for section in document.sections}
        self.begun: set[str] = set()
        self.anchor: str | None = None

    def begin_section(self, section_id: str) -> None:
        """Set the anchor for the next block, where a section begins with it."""
        section = self.sections[section_id]
        if section.id in self.begun:
            return
        self.begun.add(section.id)
        if section.heading is None:
            self.close_list()
            heading = (Run(section.title),)
            self.laid.append(Laid(Shape.HEADING, heading, anchor=section.id, level=section.level))
        else:
            self.anchor = section.id

    def add(self, block: Block) -> None:
        """Draw a block, marked where marks overlap it."""
        runs = self._runs(block)
        if block.kind is BlockKind.BULLET:
            self._add_item(_OpenItem(block.depth, runs))
            return
        self.close_list()
        anchor, self.anchor = self.anchor, None
        if block.kind is BlockKind.HEADING:
            level = self.sections[block.section_id].level
            self.laid.append(Laid(Shape.HEADING, runs, anchor=anchor, level=level))
        else:
            self.laid.append(Laid(Shape.PARAGRAPH, runs, anchor=anchor))

    def close_list(self) -> None:
        """End the list that is being drawn."""
        if self.list:
            items = tuple(item.closed() for item in self.list)
            self.laid.append(Laid(Shape.LIST, items=items))
            self.list = []

    def _add_item(self, item: _OpenItem) -> None:
        level = self.list
        while level and level[-1].depth < item.depth:
            level = level[-1].below
        level.append(item)

    def _runs(self, block: Block) -> tuple[Run, ...]:
        """Cut a block where a mark or a run-in heading begins or ends."""
        start, end = max(block.span.start, self.span.start), min(block.span.end, self.span.end)
        section = self.sections[block.section_id]
        heading = section.heading if section.run_in else None
        ranges = [*self.marks, *([heading] if heading else [])]
        cuts = {start, end}
        cuts.update(at for part in ranges for at in (part.start, part.end) if start < at < end)
        edges = sorted(cuts)
        return tuple(
            Run(
                self.document.source[left:right],
                marked=any(mark.overlaps(Span(left, right)) for mark in self.marks),
                heading=heading is not None and heading.overlaps(Span(left, right)),
            )
            for left, right in itertools.pairwise(edges)
        )
