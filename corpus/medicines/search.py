"""Finds rows of a table of medicines by a name, however it is spelt."""

import re
from collections.abc import Sequence

from corpus.folding import fold
from corpus.likeness import likeness
from corpus.medicines.stems import stemmed_names
from corpus.medicines.table import Medicine

EXACT = 1.0
PART = 0.98
"""How well a name fits of which one whole word was typed, in [0, 1]."""

COMPLETED = 0.9
"""How well a name fits of which only the beginning was typed, in [0, 1]."""

LEAST_TYPED = 3
"""So many letters must be typed before a name is completed (letters)."""

LEAST_LETTERS = 5
"""A shorter word of a name does not stand for it: "acid", "ado" (letters)."""

LEAST_LIKENESS = 0.7
"""So like a name of the table must a misspelt one be, in [0, 1]: two slips in one of seven letters."""

LEAST_LIKENESS_OF_STEM = 0.85
"""A typed word that ends as generic names do is likely another medicine: it must be this like ours."""

OF_SEVERAL = 0.99
"""A factor for a name of several words of which only one was typed, or typed in part."""

NEAR = 0.05
"""Rows that fit this much less than the best are shown beside it."""

_WORD = re.compile(r"[^\W_]+")


def find_medicine(table: Sequence[Medicine], typed: str) -> tuple[Medicine, ...]:
    """
    Return the rows that a reader may mean, the likeliest first.

    A row is found by its generic name, its brand, a biosimilar of it or its class; by a word that is
    still being typed; and by a misspelt one. The exact name goes before all else. The table's script
    looks in the same way; the browser's tests hold it to this.

    Args:
        table: The rows.
        typed: What was typed: a name, or a question with one in it.

    """
    words = _words(typed)
    fits = [(_fit(row, words), row) for row in table]
    best = max((fit for fit, _ in fits), default=0.0)
    # Where a name was written right, what is merely like it is not meant.
    least = PART if best >= PART else best - NEAR
    found = [(fit, row) for fit, row in fits if fit > 0 and fit >= least]
    return tuple(row for _, row in sorted(found, key=lambda pair: -pair[0]))


def _fit(row: Medicine, words: Sequence[str]) -> float:
    """Return how well a row fits what was typed, in [0, 1]."""
    names = [_words(name) for each in (row, *row.biosimilars) for name in each.aliases]
    by_name = max((_fit_of_name(name, words) for name in names), default=0.0)
    return max(by_name, _fit_of_kind(_words(row.kind), words))


def _fit_of_name(name: Sequence[str], words: Sequence[str]) -> float:
    if name and all(word in words for word in name):
        return EXACT
    long = [word for word in name if len(word) >= LEAST_LETTERS]
    if set(long) & set(words):
        return PART
    share = OF_SEVERAL if len(name) > 1 else 1.0
    if words and len(words[-1]) >= LEAST_TYPED and any(word.startswith(words[-1]) for word in long):
        return COMPLETED * share
    alike = max((_alike(word, other) for word in words for other in long), default=0.0)
    return COMPLETED * share * alike


def _alike(typed: str, word: str) -> float:
    least = LEAST_LIKENESS_OF_STEM if stemmed_names(typed) else LEAST_LIKENESS
    return likeness(typed, word, least=least)


def _fit_of_kind(kind: Sequence[str], words: Sequence[str]) -> float:
    """Return how well a class fits: all that was typed, or all of its name, must be the other's."""
    one, other = [_singular(word) for word in kind], [_singular(word) for word in words]
    if not one or not other:
        return 0.0
    if set(one) <= set(other) or set(other) <= set(one):
        return PART
    spelt = all(any(likeness(word, known) for known in one) for word in other)
    begun = len(other[-1]) >= LEAST_TYPED and any(known.startswith(other[-1]) for known in one)
    return COMPLETED * OF_SEVERAL if spelt or (begun and set(other[:-1]) <= set(one)) else 0.0


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(text)))


def _singular(word: str) -> str:
    return word.removesuffix("s") if len(word) > LEAST_TYPED else word
