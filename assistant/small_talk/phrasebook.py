"""The phrases of small talk, read from phrases.json, and how they cover the words of a message."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson
from rapidfuzz.distance import DamerauLevenshtein

from assistant.small_talk.phrases import Phrase, Slot, read_phrases
from corpus.folding import fold

PHRASES_FILE = Path(__file__).parent / "phrases.json"

LEAST_LETTERS = 4
LONG_LETTERS = 8
"""
A word of four letters or more is put right where one slip makes it a listed word, or two slips one of
eight letters or more. The everyday words of the model's vocabulary that this would change are listed as
not misspelt.
"""

LOOKED_AT = 40
"""Words at either end of a message among which pleasantries are looked for."""

BESIDE = "ok"
"""A kind that is taken away together with a pleasantry: "ok thanks. and radiation?"."""

FILLER = "filler"
JOINT = "joint"

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NO_WORD = re.compile(r"[\W_]+")
_SENTENCE_END = re.compile(r"[.!?;:\n]")
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")


@dataclass(frozen=True, slots=True)
class Token:
    """
    A word of a message.

    Attributes:
        word: As it is compared: folded, without apostrophes, put right.
        start: Where it stands.
        after: What stands between it and the next word.

    """

    word: str
    start: int
    after: str

    @property
    def ends_sentence(self) -> bool:
        """Whether a sentence may end with it."""
        return bool(_SENTENCE_END.search(self.after))


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a message that a phrase covers: from word `start` to before word `end`."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """
    What phrases.json holds.

    Attributes:
        by_first_word: Phrases of every kind, filler and joints included, by the words with which they
            may begin.
        order: Kinds; where a message has several, the first of these is the message's.
        pleasantries: Kinds that are taken away around a question.
        loose: Beginnings of pleasantries that need no sign between them and a question.
        clinging: Words that make a pleasantry part of the question beside them.
        known: Every word of a phrase.
        misspelt: Words that are put right where they are misspelt.
        not_misspelt: Everyday words that are a slip or two from one of those.
        subject: Words of medicine and daily life that make a message one to search for.
        addressed: Words of which a question about the assistant or its page has one.

    """

    by_first_word: Mapping[str, tuple[Phrase, ...]]
    order: tuple[str, ...]
    pleasantries: frozenset[str]
    loose: Slot
    clinging: frozenset[str]
    known: frozenset[str]
    misspelt: tuple[str, ...]
    not_misspelt: frozenset[str]
    subject: frozenset[str]
    addressed: frozenset[str]

    def tokens(self, text: str) -> tuple[Token, ...]:
        """Return the words of a message as they are compared."""
        found = list(_WORD.finditer(text))
        starts = [match.start() for match in found] + [len(text)]
        return tuple(
            Token(
                self._as_compared(match.group()),
                match.start(),
                text[match.end() : next_one],
            )
            for match, next_one in zip(found, starts[1:], strict=True)
        )

    def kind_of(self, tokens: Sequence[Token]) -> str | None:
        """Return the kind of a message whose every word belongs to a phrase, or None."""
        pieces = self._covers(tokens)[-1]
        if not pieces or pieces[-1].kind == JOINT:
            return None
        found = {piece.kind for piece in pieces}
        return next((kind for kind in self.order if kind in found), None)

    def pleasant_start(self, tokens: Sequence[Token]) -> int:
        """Return the number of words at the beginning that are pleasantries."""
        tokens = tokens[:LOOKED_AT]
        covers = self._covers(tokens, self._pleasant_kinds)
        fit = (end for end, pieces in enumerate(covers) if pieces and self._may_go(tokens, pieces, end))
        return max(fit, default=0)

    def pleasant_end(self, tokens: Sequence[Token]) -> int:
        """Return the position after the last word that is not part of pleasantries at the end."""
        kinds = self._pleasant_kinds
        for start in range(max(0, len(tokens) - LOOKED_AT), len(tokens)):
            pieces = self._covers(tokens[start:], kinds)[-1]
            if pieces and self._may_follow(tokens, pieces, start):
                return start
        return len(tokens)

    def _as_compared(self, typed: str) -> str:
        """Fold a word, and put it right: letters drawn out ("sooo"), then a slip or two."""
        word = _NO_WORD.sub("", fold(typed))
        if word in self.known:
            return word
        for fewer in (_DRAWN_OUT.sub(r"\1\1", word), _DRAWN_OUT.sub(r"\1", word)):
            if fewer in self.known:
                return fewer
        if word in self.not_misspelt or len(word) < LEAST_LETTERS:
            return word
        for meant in self.misspelt:
            slips = 1 if len(meant) < LONG_LETTERS else 2
            if word[0] == meant[0] and DamerauLevenshtein.distance(word, meant) <= slips:
                return meant
        return word

    @property
    def _pleasant_kinds(self) -> frozenset[str]:
        return self.pleasantries | {BESIDE, FILLER, JOINT}

    def _may_go(self, tokens: Sequence[Token], pieces: Sequence[Piece], end: int) -> bool:
        """Tell whether pieces at the beginning of a message are no part of what follows."""
        if self.pleasantries.isdisjoint(piece.kind for piece in pieces):
            return False
        last = tokens[end - 1]
        if re.search(r"[.!;\n]", last.after):
            return True
        if end < len(tokens) and tokens[end].word in self.clinging:
            return False
        if last.word in self.clinging and "," not in last.after:
            return False
        return self._is_loose(tokens, pieces[-1])

    def _may_follow(self, tokens: Sequence[Token], pieces: Sequence[Piece], start: int) -> bool:
        """Tell whether pieces at the end of a message are no part of what stands before."""
        if self.pleasantries.isdisjoint(piece.kind for piece in pieces):
            return False
        if start == 0 or tokens[start - 1].ends_sentence:
            return True
        if tokens[start - 1].word in self.clinging:
            return False
        return self._is_loose(tokens[start:], pieces[0])

    def _is_loose(self, tokens: Sequence[Token], piece: Piece) -> bool:
        words = tuple(token.word for token in tokens[piece.start : piece.end])
        return any(words[:count] in self.loose for count in range(1, len(words) + 1))

    def _covers(self, tokens: Sequence[Token], kinds: Collection[str] = ()) -> list[list[Piece] | None]:
        """Return for each count of words the fewest phrases (of `kinds`) that cover them, or None."""
        words = tuple(token.word for token in tokens)
        covers: list[list[Piece] | None] = [[], *[None] * len(words)]
        for start, word in enumerate(words):
            before = covers[start]
            if before is None:
                continue
            for phrase in self.by_first_word.get(word, ()):
                if kinds and phrase.kind not in kinds:
                    continue
                for end in phrase.ends(words, start):
                    reached = _sentence_end(tokens, end) if phrase.opening else end
                    known = covers[reached]
                    if known is None or len(known) > len(before) + 1:
                        covers[reached] = [*before, Piece(phrase.kind, start, reached)]
        return covers


def _sentence_end(tokens: Sequence[Token], position: int) -> int:
    """Return the position after the sentence whose word stands before `position`."""
    ends = (at + 1 for at in range(position - 1, len(tokens)) if tokens[at].ends_sentence)
    return next(ends, len(tokens))


@cache
def phrasebook() -> Phrasebook:
    """Read the phrases once; the file comes with the package."""
    content = orjson.loads(PHRASES_FILE.read_bytes())
    phrases = [
        *read_phrases(content["kinds"], content["words"]),
        *read_phrases(content["openings"], content["words"], opening=True),
        *read_phrases({FILLER: content["filler"], JOINT: content["joints"]}, content["words"]),
    ]
    by_first_word: dict[str, list[Phrase]] = defaultdict(list)
    for phrase in phrases:
        for word in phrase.first_words:
            by_first_word[word].append(phrase)
    return Phrasebook(
        by_first_word={word: tuple(found) for word, found in by_first_word.items()},
        order=tuple(content["order"]),
        pleasantries=frozenset(content["pleasantries"]),
        loose=frozenset(tuple(text.split()) for text in content["loose"]),
        clinging=frozenset(content["clinging"]),
        known=frozenset(w for p in phrases for slot in p.slots for words in slot for w in words),
        misspelt=tuple(content["misspelt"]),
        not_misspelt=frozenset(content["not_misspelt"]),
        subject=frozenset(content["subject"]),
        addressed=frozenset(content["addressed"]),
    )
