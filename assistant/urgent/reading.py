"""Reads a message as sentences of words, each word and phrase tagged with what it may be a sign of."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from rapidfuzz import process
from rapidfuzz.distance import OSA

from corpus.folding import fold

SIGNS_FILE = Path(__file__).parent / "signs.json"
"""
Words and phrases by tag ("words"; a * at the end stands for any ending), numbers by tag ("numbers"),
phrases that mean nothing here ("plain"), phrases that must not be taken for those ("keep"), everyday
words that are no misspelling of ours ("look_alikes"), words whose misspellings are put right ("mend"),
the rules, framings and doubts that `rules.py` reads, and the probabilities and points from which on
`detection.py` raises the alarm ("alarm").
"""

LEAST_LETTERS = 4
"""Shorter words are taken as typed: too many everyday words differ from them by one letter."""

LONG_LETTERS = 8
"""From here on a word may have two slips (a letter missing, wrong, too many or swapped), else one."""

_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_PIECE = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+|[.?!;,:()\-]")
_ENDS = frozenset(".?!;")
_PAUSES = frozenset(",:()-")
_QUESTION_WORDS = frozenset(
    [
        *("what", "whats", "how", "hows", "when", "why", "which", "who", "whos", "where"),
        *("can", "could", "do", "does", "did", "is", "are", "am", "will", "would", "should", "shall"),
        *("has", "have", "may", "might", "was", "were", "any", "anyone", "anybody"),
    ]
)
BLANK = "_"

DECIMAL = "DEC"
"""Ends the tags of numbers that must be written with a decimal: 38.5, and not the age of 38."""

MOST_LETTERS = 20
"""No word that is looked for is longer."""

MOST_WORDS = 60
"""Longer sentences are cut: people who set no full stops go on to something else by then, and time
grows with the square of a sentence."""

Range = tuple[int, int]
"""Positions of words: the first, and the one after the last."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """
    A sentence as it is read for signs.

    Attributes:
        words: In lower case, without apostrophes, misspelt signs put right; `BLANK` where a word
            belongs to a phrase that means nothing here.
        pauses: Positions of the words that come after a comma, colon, bracket or dash.
        asks: Ends with a question mark or begins like a question.
        found: Where each tag stands, in the order of the words.

    """

    words: tuple[str, ...]
    pauses: frozenset[int]
    asks: bool
    found: Mapping[str, tuple[Range, ...]]

    def has(self, tag: str) -> bool:
        """Tell whether a word of the sentence has a tag."""
        return tag in self.found


class Vocabulary:
    """The words and phrases that are looked for, ready to be found."""

    def __init__(
        self,
        words: Mapping[str, Iterable[str]],
        numbers: Mapping[str, Iterable[tuple[float, float]]],
        plain: Iterable[str],
        keep: Iterable[str],
        mend: Iterable[str],
        look_alikes: Iterable[str],
    ) -> None:
        """
        Arrange the words for finding.

        Args:
            words: Words and phrases by tag.
            numbers: Ranges by tag, both ends included.
            plain: Phrases that mean nothing here.
            keep: Phrases that hold one of `plain` and yet mean what they say.
            mend: Words whose misspellings are put right.
            look_alikes: Everyday words that are never taken for a misspelling.

        """
        self._phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._stems: dict[str, list[str]] = {}
        for tag, entries in words.items():
            for entry in entries:
                if entry.endswith("*"):
                    self._stems.setdefault(entry[:-1], []).append(tag)
                else:
                    phrase = tuple(entry.split())
                    self._phrases.setdefault(phrase[0], []).append((phrase, tag))
        self._stem_lengths = tuple(sorted({len(stem) for stem in self._stems}))
        self._numbers = tuple((tag, tuple(ranges)) for tag, ranges in numbers.items())
        self._plain = _by_first_word(plain)
        self._keep = _by_first_word(keep)
        ours = {
            word
            for entries in (*words.values(), plain, keep, mend)
            for entry in entries
            for word in entry.split()
        }
        self._known = ours | set(look_alikes)
        self._meant: dict[str, list[str]] = {}
        for word in mend:
            self._meant.setdefault(word[0], []).append(word)

    def sentences(self, text: str) -> tuple[Sentence, ...]:
        """Return the sentences of a message that hold a word."""
        return tuple(
            self._read(*parts) for line in re.split(r"[\r\n]+", text) for parts in _split(fold(line))
        )

    def _read(self, tokens: list[str], pauses: frozenset[int], asks: bool) -> Sentence:
        words = self._without_plain([self._put_right(token) for token in tokens])
        found: dict[str, list[Range]] = {}
        for start, word in enumerate(words):
            if word == BLANK:
                continue
            for tag, end in self._tags_at(words, start):
                found.setdefault(tag, []).append((start, end))
        return Sentence(
            tuple(words), pauses, asks, {tag: tuple(ranges) for tag, ranges in found.items()}
        )

    def _tags_at(self, words: list[str], start: int) -> Iterator[tuple[str, int]]:
        word = words[start]
        if word[0].isdecimal():
            yield from ((tag, start + 1) for tag in self._number_tags(word))
            return
        yield word, start + 1
        for phrase, tag in self._phrases.get(word, ()):
            if len(phrase) == 1 or tuple(words[start : start + len(phrase)]) == phrase:
                yield tag, start + len(phrase)
        for length in self._stem_lengths:
            for tag in self._stems.get(word[:length], ()):
                yield tag, start + 1

    def _number_tags(self, word: str) -> Iterator[str]:
        number = float(word)
        for tag, ranges in self._numbers:
            whole = "." not in word and tag.endswith(DECIMAL)
            if not whole and any(least <= number <= most for least, most in ranges):
                yield tag

    def _without_plain(self, words: list[str]) -> list[str]:
        at = 0
        while at < len(words):
            kept = _longest(self._keep, words, at)
            length = _longest(self._plain, words, at)
            if length > kept:
                words[at : at + length] = [BLANK] * length
            at += max(kept, length, 1)
        return words

    def _put_right(self, word: str) -> str:
        """Return the word that was meant, where it is one of ours with a slip or two."""
        if word in self._known:
            return word
        if word.endswith("s") and word[:-1] in self._known:
            # "my throat's gone tight" lost its apostrophe.
            return word[:-1]
        if not LEAST_LETTERS <= len(word) <= MOST_LETTERS:
            return word
        slips = 2 if len(word) >= LONG_LETTERS else 1
        meant = process.extractOne(
            word, self._meant.get(word[0], ()), scorer=OSA.distance, score_cutoff=slips
        )
        return meant[0] if meant else word


@cache
def signs_file() -> dict[str, Any]:
    """Read the file of signs once; it comes with the package."""
    content: dict[str, Any] = orjson.loads(SIGNS_FILE.read_bytes())
    return content


def _split(line: str) -> Iterator[tuple[list[str], frozenset[int], bool]]:
    """Yield words, pauses and whether it asks, for each sentence of a folded line."""
    words: list[str] = []
    pauses: set[int] = set()
    for piece in _PIECE.findall(_APOSTROPHE.sub("", line)):
        if piece in _PAUSES:
            pauses.add(len(words))
            continue
        ends = piece in _ENDS
        if words and (ends or len(words) == MOST_WORDS):
            yield words, frozenset(pauses), piece == "?" or words[0] in _QUESTION_WORDS
            words, pauses = [], set()
        if not ends:
            words.append(_plain_piece(piece))
    if words:
        yield words, frozenset(pauses), words[0] in _QUESTION_WORDS


def _plain_piece(piece: str) -> str:
    """Return a word without letters held ("heeelp"), a number with a decimal point ("38,5")."""
    return re.sub(r"(.)\1{2,}", r"\1", piece) if piece.isalpha() else piece.replace(",", ".")


def _by_first_word(phrases: Iterable[str]) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        words = tuple(phrase.split())
        found.setdefault(words[0], []).append(words)
    return found


def _longest(phrases: Mapping[str, list[tuple[str, ...]]], words: list[str], at: int) -> int:
    """Return the length of the longest of the phrases that stands at a place; 0 if none does."""
    return max(
        (
            len(phrase)
            for phrase in phrases.get(words[at], ())
            if tuple(words[at : at + len(phrase)]) == phrase
        ),
        default=0,
    )
