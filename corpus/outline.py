"""
Puts the lines of a page into sections: lines in, sections and blocks out.

A heading right after a template label is a main heading; any other stands one level below the main
heading before it. Where the source has no labels, all headings are main ones. A list that opens with
a heading of its own ("Monoclonal antibodies. In breast cancer treatment, ...", "For men:") makes a
section one level deeper, which ends with its list.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

from corpus.document import Block, BlockKind, Section, Span
from corpus.page_text import ABOUT_TITLE, Line, LineKind, Region, heads_list
from corpus.sentences import sentence_spans

LEAD_IN_WORDS = 6
"""A first sentence of at most so many words, before a list and with text behind it, is a heading."""

_SHOWN = {LineKind.TITLE, LineKind.HEADING, LineKind.PARAGRAPH, LineKind.BULLET}


def build_outline(
    lines: Sequence[Line], source: str, *, title: str
) -> tuple[tuple[Section, ...], tuple[Block, ...]]:
    """
    Put the shown lines of a page into sections.

    Args:
        lines: The lines of the page, in order.
        source: The text that they are ranges of.
        title: The document's title; it names the part above the first heading.

    Returns:
        The sections and the blocks, each in the order of the text.

    """
    outline = _Outline(source, title, labelled=any(line.kind is LineKind.LABEL for line in lines))
    for line, following in zip_longest(lines, lines[1:]):
        if line.kind not in _SHOWN:
            continue
        # A label or furniture right behind a paragraph parts it from any list.
        opens_list = (
            line.kind is LineKind.PARAGRAPH
            and following is not None
            and following.kind is LineKind.BULLET
        )
        outline.add(line, opens_list=opens_list)
    return tuple(outline.sections), tuple(outline.blocks)


def slug(words: str) -> str:
    """Return `words` in lower-case ASCII letters, digits and single hyphens."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "section"


class _Outline:
    """The sections and blocks found so far, and the section that the next line falls into."""

    def __init__(self, source: str, title: str, *, labelled: bool) -> None:
        self.source = source
        self.labelled = labelled
        self.sections = [Section(slug(title), title, (title,), 0, None)]
        self.blocks: list[Block] = []
        self.open = self.sections[0]
        self.outside_list = self.open
        self._taken = {self.open.id}
        self._numbers: Counter[str] = Counter()

    def add(self, line: Line, *, opens_list: bool) -> None:
        """Put one shown line into its section, opening a new one where it heads it."""
        kind = BlockKind.PARAGRAPH
        if line.kind is LineKind.TITLE:
            root = self.sections[0]
            self.sections[0] = Section(root.id, root.title, root.path, root.level, line.span)
            kind = BlockKind.HEADING
        elif line.kind is LineKind.HEADING:
            main = line.after_label or not self.labelled or self.outside_list.level == 0
            self._enter(line.span.of(self.source), 1 if main else 2, line.span)
            kind = BlockKind.HEADING
        elif line.kind is LineKind.BULLET:
            kind = BlockKind.BULLET
        else:
            # A paragraph ends the section of the list before it.
            self.open = self.outside_list
            if line.region is Region.ABOUT and self.open.title != ABOUT_TITLE:
                self._enter(ABOUT_TITLE, 1, None)
            if opens_list:
                kind = BlockKind.INTRODUCTION
                self._enter_list(line.span)
        self.blocks.append(Block(kind, line.span, self.open.id, line.depth))

    def _enter(self, title: str, level: int, heading: Span | None, *, run_in: bool = False) -> None:
        """Open a section at `level` below the sections now open."""
        above = self.outside_list.path[: level - 1] if self.outside_list.level else ()
        path = (*above, title)
        section = Section(self._new_id(path), title, path, level, heading, run_in)
        self.sections.append(section)
        self.open = section
        if not run_in:
            self.outside_list = section

    def _enter_list(self, introduction: Span) -> None:
        """Open a section for a list whose introduction begins with, or is, a heading."""
        text = introduction.of(self.source)
        level = self.outside_list.level + 1
        if heads_list(text):
            self._enter(text.rstrip(":"), level, introduction, run_in=True)
            return
        first, *rest = sentence_spans(text, offset=introduction.start)
        heading = first.of(self.source)
        if rest and heading.endswith(".") and len(heading.split()) <= LEAD_IN_WORDS:
            self._enter(heading.rstrip("."), level, first, run_in=True)

    def _new_id(self, path: Sequence[str]) -> str:
        """Return an id for a heading path: the last heading alone where no other section has it."""
        stems = [slug(path[-1]), "--".join(slug(part) for part in path)]
        section_id = next((stem for stem in stems if stem not in self._taken), None)
        while section_id is None or section_id in self._taken:
            # Goes on from the last number, so that a thousand like headings take a thousand steps.
            self._numbers[stems[-1]] += 1
            section_id = f"{stems[-1]}-{self._numbers[stems[-1]] + 1}"
        self._taken.add(section_id)
        return section_id
