"""Draws the view of medicines: documents in, a page with a row for each medicine out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import assistant.wording as wording
from assistant.source_line import source_line
from assistant.views.page import LIKENESS, ViewPage
from assistant.views.source_words import Piece, SourceQuote, SourceWords
from corpus import Document, Span
from corpus.folding import fold
from corpus.introductions import introducing_blocks, introducing_sentence
from corpus.medicines.groups import Groups, Way, group_medicines, mark_names
from corpus.medicines.search import (
    COMPLETED,
    EXACT,
    LEAST_LETTERS,
    LEAST_LIKENESS,
    LEAST_LIKENESS_OF_STEM,
    LEAST_TYPED,
    NEAR,
    OF_SEVERAL,
    PART,
)
from corpus.medicines.stems import STEM
from corpus.medicines.table import Medicine, medicine_table

MEDICINES_PATH = "/medicines"
"""The address of the page."""

WAYS = {
    Way.PILL: wording.GIVEN_PILL,
    Way.INJECTION: wording.GIVEN_INJECTION,
    Way.VEIN: wording.GIVEN_VEIN,
    Way.SKIN: wording.GIVEN_SKIN,
    Way.OTHER: wording.GIVEN_OTHER,
}

NOT_SAID = "not-said"
"""Stands for how a medicine is given where the document does not say."""


@dataclass(frozen=True, slots=True)
class Row:
    """
    A medicine on the page; every piece is words of the document.

    Attributes:
        number: Its number on the page, from 1.
        name: Its generic name, in parts; the words of its class where no medicine of it is named.
        is_class: Whether `name` is that of a class.
        brand: Its brands.
        kind: Its class; None where the document names none, and for a class itself.
        given: How it is given.
        treats: For which cancer.
        partners: With which partners.
        biosimilars: The same for each biosimilar.
        quotes: The passages about it.
        source: What it is quoted from, in one line.
        find: What the script finds it by: its names, its class, and its groups.
        sorts: For each column, by what it is sorted; empty for last.

    """

    number: int
    name: tuple[Piece, ...]
    is_class: bool
    brand: tuple[Piece, ...]
    kind: Piece | None
    given: tuple[Piece, ...]
    treats: tuple[Piece, ...]
    partners: tuple[Piece, ...]
    biosimilars: tuple["Row", ...]
    quotes: tuple[SourceQuote, ...]
    source: str
    find: Mapping[str, object]
    sorts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose in a filter, with what is chosen more closely below it."""

    value: str
    label: str
    below: tuple["Choice", ...] = ()


def medicines_page(documents: Sequence[Document], *, root_path: str = "") -> str:
    """
    Draw the page; it is the same for everybody.

    Args:
        documents: The documents that it quotes.
        root_path: What a proxy shows before each path; empty for nothing.

    """
    page = ViewPage("medicines.html", here=MEDICINES_PATH, scripts=["medicines.js"], root_path=root_path)
    tables = [_Table(document, root_path) for document in documents]
    numbers = iter(range(1, 1 + sum(len(table.rows) for table in tables)))
    rows = [row for table in tables for row in table.drawn(numbers)]
    return page.render(
        documents=documents,
        rows=rows,
        counted=wording.MEDICINES_SHOWN.format(shown=len(rows), count=len(rows)),
        kinds=_kinds(tables),
        ways=_ways(tables),
        cancers=_cancers(tables),
        known=_known(),
    )


class _Table:
    """The medicines of one document, with their groups."""

    def __init__(self, document: Document, root_path: str) -> None:
        self.document = document
        self.words = SourceWords(document, root_path=root_path)
        self.rows = medicine_table(document)
        self.groups = group_medicines(document, self.rows)
        self.marks = mark_names(document, self.rows)
        self._above = introducing_blocks(document.blocks)

    def drawn(self, numbers: Iterator[int]) -> Iterator[Row]:
        """Yield the rows of the page."""
        order = list(self.marks)
        for row, groups in zip(self.rows, self.groups, strict=True):
            yield self._drawn(row, next(numbers), _find(row, groups), self._sorts(row, groups, order))

    def _drawn(
        self, row: Medicine, number: int, find: Mapping[str, object], sorts: Mapping[str, str]
    ) -> Row:
        words = self.words
        is_class = not row.generic and not row.brand
        kind = words.piece(row.medicine_class) if row.medicine_class else None
        own_name = (kind,) if is_class and kind else ()
        return Row(
            number=number,
            name=words.pieces(row.generic) or own_name,
            is_class=is_class,
            brand=words.pieces(row.brand),
            kind=None if is_class else kind,
            given=words.pieces(row.given),
            treats=words.pieces(row.treats),
            partners=words.pieces(row.partners),
            biosimilars=tuple(self._drawn(each, 0, {}, {}) for each in row.biosimilars),
            quotes=tuple(words.quote(span, self._context(span)) for span in row.passages),
            source=source_line(self.document),
            find=find,
            sorts=sorts,
        )

    def _context(self, span: Span) -> Span | None:
        """Return the sentence that introduces the list in which a passage stands."""
        blocks = self.document.blocks
        at = next(at for at, block in enumerate(blocks) if block.span.overlaps(span))
        above = self._above[at]
        return introducing_sentence(self.document, blocks[above]) if above is not None else None

    def _sorts(self, row: Medicine, groups: Groups, order: Sequence[str]) -> Mapping[str, str]:
        source = self.document.source
        return {
            "name": row.name,
            "brand": fold(row.brand[0].of(source)) if row.brand else "",
            "kind": row.kind,
            "given": " ".join(WAYS[way] for way in groups.ways),
            # Cancers with the same marks stand together, in the order of the text.
            "treats": " ".join(f"{order.index(mark):03}" for mark in groups.cancers),
        }


def _find(row: Medicine, groups: Groups) -> Mapping[str, object]:
    return {
        "names": list(dict.fromkeys(name for each in (row, *row.biosimilars) for name in each.aliases)),
        "words": row.kind,
        "kind": [groups.treatment, *([groups.kind] if groups.kind else [])],
        "given": list(groups.ways) or [NOT_SAID],
        "treats": list(groups.cancers),
    }


def _kinds(tables: Iterable[_Table]) -> tuple[Choice, ...]:
    """Return the treatments to choose, each with its classes as they are written first."""
    found: dict[str, dict[str, str]] = {}
    for table in tables:
        for row, groups in zip(table.rows, table.groups, strict=True):
            below = found.setdefault(groups.treatment, {})
            if groups.kind and row.medicine_class:
                below.setdefault(groups.kind, row.medicine_class.of(table.document.source))
    return tuple(
        Choice(title, title, tuple(Choice(value, label) for value, label in below.items()))
        for title, below in found.items()
    )


def _ways(tables: Iterable[_Table]) -> tuple[Choice, ...]:
    groups = [each for table in tables for each in table.groups]
    named = {way for each in groups for way in each.ways}
    silent = [Choice(NOT_SAID, wording.VIEW_NOT_SAID)] if not all(each.ways for each in groups) else []
    return (*(Choice(way, label) for way, label in WAYS.items() if way in named), *silent)


def _cancers(tables: Iterable[_Table]) -> tuple[Choice, ...]:
    names: dict[str, str] = {}
    for table in tables:
        used = {mark for groups in table.groups for mark in groups.cancers}
        names |= {mark: name for mark, name in table.marks.items() if mark in used - names.keys()}
    return tuple(Choice(mark, name) for mark, name in names.items())


def _known() -> dict[str, object]:
    """Return what the script must know to find names however they are spelt, and our sentences."""
    return {
        "leastTyped": LEAST_TYPED,
        "leastLetters": LEAST_LETTERS,
        "least": LEAST_LIKENESS,
        "leastOfStem": LEAST_LIKENESS_OF_STEM,
        "stem": STEM,
        "fits": {
            "exact": EXACT,
            "part": PART,
            "completed": COMPLETED,
            "ofSeveral": OF_SEVERAL,
            "near": NEAR,
        },
        "likeness": LIKENESS,
        "shown": wording.MEDICINES_SHOWN,
        "none": wording.VIEW_NONE,
    }
