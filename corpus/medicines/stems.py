"""Finds names of medicines: a document's by the way they are written, any by their stems."""

import re
from collections.abc import Iterable
from functools import lru_cache

from corpus.document import Document
from corpus.folding import fold

_GENERIC_AND_BRAND = re.compile(
    r"\b([A-Za-z][a-z-]{4,}(?: [a-z]{4,})?) \(([A-Z][a-z]{3,})(?: and generic)?\)"
)
"""A generic name with a capitalised brand in brackets: "exemestane (Aromasin and generic)"."""

_BRAND_AND_BIOSIMILAR = re.compile(r"\b([A-Z][a-z]{3,}) \(([a-z]{5,}-[a-z]{4})\)")
"""A brand with the four-letter suffix that biosimilars bear: "Ogivri (trastuzumab-dkst)"."""

STEM = (
    r"\b[a-z]{2,}(?:mab|nib|ciclib|lisib|limus|parib|taxel|platin|rubicin|citabine|ribulin|tecan"
    r"|trozole|mestane|oxifene?|remifene|estrant|relin|relix|dronate|dronic|grastim|setron|pitant"
    r"|prazole|vastatin|floxacin|cillin|mycin|conazole|sartan|dipine|olol|gliptin|gliflozin|glutide"
    r"|xaban|parin|triptan|zepam|zolam|oxetine|faxine|pram|pentin|gabalin|codone|morphone"
    r"|dnisone|sone|solone|trexate)\b"
)
"""Endings of generic names (WHO, "The use of stems in the selection of INN", 2018), the common ones."""

_STEM = re.compile(STEM)

STAND_IN = "this medicine"
"""What stands for a medicine's name where only what is asked about it matters."""

_REPEATED = re.compile(rf"{STAND_IN}(?:(?: |/|,|&|-|and|plus|with|or)+{STAND_IN})+")


def medicine_names(documents: Iterable[Document]) -> frozenset[str]:
    """Return the names of medicines in documents, folded, word by word."""
    names: set[str] = set()
    for document in documents:
        for block in document.blocks:
            text = block.span.of(document.source)
            for pattern in (_GENERIC_AND_BRAND, _BRAND_AND_BIOSIMILAR):
                for match in pattern.finditer(text):
                    # Of two words before the brackets the first may be no name ("include ...").
                    generic, other = (fold(name).split()[-1] for name in match.groups())
                    names.update((generic, other))
            names.update(stemmed_names(text))
    return frozenset(names)


def generic_and_brand(document: Document) -> tuple[tuple[str, str], ...]:
    """Return each generic name that a document gives with a brand, both folded."""
    pairs = (
        tuple(fold(name).split()[-1] for name in match.groups())
        for block in document.blocks
        for match in _GENERIC_AND_BRAND.finditer(block.span.of(document.source))
    )
    return tuple((generic, brand) for generic, brand in pairs)


def stemmed_names(text: str) -> frozenset[str]:
    """Return the folded words of a text that end like a medicine's generic name."""
    return frozenset(match.group() for match in _STEM.finditer(fold(text)))


def without_names(text: str, names: Iterable[str]) -> str:
    """
    Return a text with a stand-in for each name, and one for names that stand together.

    >>> without_names("Does Herceptin help?", ["herceptin"])
    'Does this medicine help?'
    """
    pattern = _any_of(frozenset(names))
    return _REPEATED.sub(STAND_IN, pattern.sub(STAND_IN, text)) if pattern else text


@lru_cache(maxsize=16)
def _any_of(names: frozenset[str]) -> re.Pattern[str] | None:
    """Return what finds any of some names; None for none. It is asked for with every question."""
    if not names:
        return None
    alternatives = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return re.compile(rf"(?i)\b(?:{alternatives})\b")
