"""
A phrase of small talk, and the notation in which phrases.json writes it.

Words stand as they are compared: small letters, no apostrophes. `(a|b c)` is one of these, `[a|b]` one
of these or none, `{name}` one of the words that are listed under that name.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

Words = tuple[str, ...]

Slot = frozenset[Words]
"""Alternatives of which a phrase takes one; the empty one says that it may do without."""

_PART = re.compile(r"\((?P<one>[^)]*)\)|\[(?P<maybe>[^\]]*)\]|(?P<plain>\S+)")
_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Phrase:
    """
    A phrase of small talk.

    Attributes:
        kind: Such as "thanks".
        slots: One alternative of each makes the phrase.
        opening: Whether it takes the rest of its sentence with it.

    """

    kind: str
    slots: tuple[Slot, ...]
    opening: bool = False
    _lengths: tuple[frozenset[int], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note how many words each slot may take."""
        lengths = tuple(frozenset(map(len, slot)) for slot in self.slots)
        object.__setattr__(self, "_lengths", lengths)

    @property
    def first_words(self) -> frozenset[str]:
        """The words with which it may begin."""
        found: set[str] = set()
        for slot in self.slots:
            found.update(words[0] for words in slot if words)
            if () not in slot:
                break
        return frozenset(found)

    def ends(self, words: Words, start: int) -> set[int]:
        """Return the positions at which it may end, if it begins at `start`."""
        positions = {start}
        for slot, lengths in zip(self.slots, self._lengths, strict=True):
            positions = {
                position + count
                for position in positions
                for count in lengths
                if position + count <= len(words) and words[position : position + count] in slot
            }
        return positions - {start}


def read_phrases(
    written: Mapping[str, Sequence[str]], names: Mapping[str, str], *, opening: bool = False
) -> Iterator[Phrase]:
    """
    Read phrases.

    Args:
        written: Phrases by kind, in the notation of this module.
        names: The words of each name, with "|" between them.
        opening: Whether they take the rest of their sentence with them.

    """
    for kind, texts in written.items():
        for text in texts:
            yield Phrase(kind, tuple(_slots(text, names)), opening)


def _slots(text: str, names: Mapping[str, str]) -> Iterator[Slot]:
    for part in _PART.finditer(text):
        maybe = part["maybe"]
        alternatives = (part["one"] or maybe or part["plain"]).split("|")
        spelled_out = {tuple(way.split()) for text in alternatives for way in _ways(text, names)}
        yield frozenset(spelled_out | {()} if maybe else spelled_out)


def _ways(text: str, names: Mapping[str, str]) -> Iterator[str]:
    """Yield a text with every choice of the words that its names stand for."""
    parts = _NAME.split(text)
    choices = [[part] if at % 2 == 0 else names[part].split("|") for at, part in enumerate(parts)]
    yield from map("".join, product(*choices))
