"""
Puts the rows of a table of medicines into groups to choose from.

Rows in, groups out: by the class and its wider kind of treatment, by how a medicine is given, and by
the marks of the cancer that it is for.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.document import Document, Span
from corpus.folding import fold
from corpus.medicines.classes import singular
from corpus.medicines.phrases import cancer_marks
from corpus.medicines.table import Medicine


class Way(StrEnum):
    """How a medicine gets into the body."""

    PILL = "pill"
    INJECTION = "injection"
    VEIN = "vein"
    SKIN = "skin"
    OTHER = "other"


_WAYS = {
    # Before the injection: "an injection into a vein", "intravenous injection".
    Way.VEIN: re.compile(
        r"\b(?:iv|intravenous(?:ly)?|infus(?:ion|ions|ed)|veins?|drip|port|bloodstream)\b"
    ),
    Way.PILL: re.compile(
        r"\b(?:pills?|tablets?|capsules?|oral(?:ly)?|mouth|swallowed|liquid|syrup|lozenges?)\b"
    ),
    Way.INJECTION: re.compile(
        r"\b(?:inject(?:ion|ions|ed|able)|shots?|subcutaneous(?:ly)?|intramuscularly|muscles?|implants?)\b"
    ),
    Way.SKIN: re.compile(r"\b(?:creams?|patch(?:es)?|gel|ointment)\b"),
}

_ABBREVIATION = re.compile(r"\s*\([^()]*\)\s*$")


@dataclass(frozen=True, slots=True)
class Groups:
    """
    The groups of one medicine.

    Attributes:
        treatment: The main heading that its class stands for, or under which it is first named.
        kind: Its class, folded, in the singular, without an abbreviation; empty where it has none or
            the class is the main heading itself.
        ways: How it is given; none where the document does not say.
        cancers: The marks of the cancers that it is for, folded, in the order of the text.

    """

    treatment: str
    kind: str
    ways: tuple[Way, ...]
    cancers: tuple[str, ...]


def group_medicines(document: Document, table: Sequence[Medicine]) -> tuple[Groups, ...]:
    """
    Return the groups of each row of a document's table, in the order of the rows.

    A mark that every row bears with which a cancer is named tells nothing apart and is left out.
    """
    marks = [_marks(document, row) for row in table]
    of_all = set.intersection(*(set(each) for each in marks if each)) if any(marks) else set()
    return tuple(
        _groups(document, row, tuple(mark for mark in each if mark not in of_all))
        for row, each in zip(table, marks, strict=True)
    )


def mark_names(document: Document, table: Sequence[Medicine]) -> dict[str, str]:
    """Return for each mark of a cancer, folded, how the document writes it first."""
    names: dict[str, str] = {}
    for row in table:
        for span in row.treats:
            for mark in cancer_marks(span.of(document.source)):
                names.setdefault(_plain(mark), " ".join(mark.split()))
    return names


def ways_of(words: str) -> tuple[Way, ...]:
    """
    Return in which ways something is given, as its words say; `OTHER` where they say another.

    >>> ways_of("given as a pill")
    (<Way.PILL: 'pill'>,)
    """
    text = fold(words)
    if _WAYS[Way.VEIN].search(text):
        pill = _WAYS[Way.PILL].search(text)
        return (Way.VEIN, Way.PILL) if pill else (Way.VEIN,)
    found = tuple(way for way, pattern in _WAYS.items() if pattern.search(text))
    return found or (Way.OTHER,)


def _groups(document: Document, row: Medicine, cancers: tuple[str, ...]) -> Groups:
    kind = _plain(_ABBREVIATION.sub("", row.kind))
    headings = {fold(section.path[0]): section.path[0] for section in document.sections}
    own = headings.get(fold(_ABBREVIATION.sub("", row.kind)))
    ways = [way for span in row.given for way in ways_of(span.of(document.source))]
    return Groups(
        treatment=own or _heading_above(document, row),
        kind="" if own else kind,
        ways=tuple(dict.fromkeys(ways)),
        cancers=cancers,
    )


def _heading_above(document: Document, row: Medicine) -> str:
    named: tuple[Span, ...] = row.sentences or row.generic or row.brand
    blocks = document.blocks_within(named[0])
    return document.section(blocks[0].section_id).path[0] if blocks else document.title


def _marks(document: Document, row: Medicine) -> tuple[str, ...]:
    found = [_plain(mark) for span in row.treats for mark in cancer_marks(span.of(document.source))]
    return tuple(dict.fromkeys(found))


def _plain(words: str) -> str:
    """Return words folded and in the singular."""
    return singular(fold(words))
