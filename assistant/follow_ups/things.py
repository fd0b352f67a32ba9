"""
Finds what a text speaks of: treatments, medicines, sorts of cancer, whom it is about, and what is asked.

What is general stands in things.json, as everyday words; names of medicines and headings come from the
documents.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson

from corpus import Document
from corpus.folding import fold
from corpus.medicines.stems import generic_and_brand, medicine_names

THINGS_FILE = Path(__file__).parent / "things.json"

THING = "thing"
CANCER = "cancer"
PERSON = "person"
SITE = "site"
ASPECT = "aspect"
SLOTS = (THING, CANCER, PERSON, SITE, ASPECT)
"""What a question has one of at a time: a new one takes the place of what was spoken of before."""


@dataclass(frozen=True, slots=True)
class Thing:
    """
    Something that a text speaks of.

    Attributes:
        slot: One of `SLOTS`.
        label: How it is called in a query.
        start: Where it stands in the folded text.
        end: Just behind it.

    """

    slot: str
    label: str
    start: int
    end: int


class Vocabulary:
    """Knows the words for what some documents speak of."""

    def __init__(self, documents: Sequence[Document]) -> None:
        """
        Gather the words.

        Args:
            documents: Their medicines and headings are known beside the general words.

        """
        self._patterns = [
            (slot, label, re.compile(rf"\b(?:{'|'.join(words)})(?![a-z0-9])"))
            for slot, labels in _general().items()
            for label, words in labels.items()
        ]
        names = sorted(medicine_names(documents), key=len, reverse=True)
        self._generic = {brand: name for d in documents for name, brand in generic_and_brand(d)}
        if names:
            self._medicine = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})(?![a-z0-9])")
        else:
            self._medicine = re.compile(r"(?!)")
        for document in documents:
            for section in document.sections:
                heading = fold(re.sub(r"\(.*?\)", "", section.title)).strip()
                if section.level > 0 and heading and len(heading.split()) <= LONGEST_HEADING:
                    pattern = re.compile(rf"\b{re.escape(heading)}(?![a-z0-9])")
                    self._patterns.append((THING, section.title, pattern))

    def things(self, text: str) -> tuple[Thing, ...]:
        """Return what a text speaks of, in its order; of two that overlap, the longer."""
        folded = fold(text)
        found = [
            Thing(slot, label, *match.span())
            for slot, label, pattern in self._patterns
            for match in pattern.finditer(folded)
        ]
        found += [
            Thing(THING, match.group(), *match.span()) for match in self._medicine.finditer(folded)
        ]
        found.sort(key=lambda thing: (thing.start - thing.end, thing.start))
        kept: list[Thing] = []
        for thing in found:
            if all(thing.end <= other.start or other.end <= thing.start for other in kept):
                kept.append(thing)
        return tuple(sorted(kept, key=lambda thing: thing.start))

    def medicines(self, text: str) -> tuple[str, ...]:
        """Return the medicines that a text names, each once and by its generic name, in its order."""
        found = (match.group() for match in self._medicine.finditer(fold(text)))
        return tuple(dict.fromkeys(self._generic.get(name, name) for name in found))


LONGEST_HEADING = 4
"""A longer heading is a description, not a name (words)."""


@cache
def _general() -> dict[str, dict[str, list[str]]]:
    """Read the general words once; the file comes with the package."""
    content: dict[str, dict[str, list[str]]] = orjson.loads(THINGS_FILE.read_bytes())
    return content
