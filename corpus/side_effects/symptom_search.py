"""Understands what a reader types about symptoms: everyday words in, ids of symptoms out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from corpus.folding import fold
from corpus.likeness import likeness
from corpus.side_effects.symptoms import Symptom, symptoms

LEAST_TYPED = 3
"""So many letters of a word must be typed before it is completed (letters)."""

_WORD = re.compile(r"[a-z0-9]+")
ENDINGS = r"(?:ing|ed|es|s|ness)$"
STEM_LETTERS = 4
"""An ending is only taken off where so many letters remain (letters)."""

_ENDING = re.compile(ENDINGS)


def find_symptoms(typed: str) -> tuple[str, ...]:
    """
    Return the symptoms that a reader may mean, the likeliest first.

    Everyday words, slips of spelling and a word that is still being typed are understood. A symptom
    brings those that are kinds of it: "pain" brings joint pain, but "joint pain" is that alone.

    A page's script looks in the same way, over `search_words`; the browser's tests hold it to this.

    >>> find_symptoms("I'm always tired")
    ('fatigue',)
    >>> find_symptoms("throwing up")[0]
    'vomiting'
    """
    words = _words(typed)
    matched = {
        symptom.id: best
        for symptom in symptoms()
        if (best := max(_matches(symptom, words), key=_weight, default=frozenset()))
    }
    if not matched:
        return _completed(words)
    # A symptom that rests on fewer of the same words is less than what was typed.
    kept = [
        symptom
        for symptom, share in matched.items()
        if not any({at for at, _ in share} < {at for at, _ in other} for other in matched.values())
    ]
    kept.sort(key=lambda symptom: _weight(matched[symptom]), reverse=True)
    return tuple(dict.fromkeys(kind for symptom in kept for kind in (symptom, *_kinds(symptom))))


@dataclass(frozen=True, slots=True)
class SearchWords:
    """
    What a search elsewhere, as in a browser, must know of a symptom to find it in the same way.

    Attributes:
        id: The symptom's id.
        label: Its name for a reader.
        phrases: Its names and how people say it, folded, words divided by blanks.
        kinds: The ids of its kinds, which it brings with it.

    """

    id: str
    label: str
    phrases: tuple[str, ...]
    kinds: tuple[str, ...]


def search_words() -> tuple[SearchWords, ...]:
    """Return the words of every symptom, in the order of their ids."""
    return tuple(
        SearchWords(
            id=symptom.id,
            label=symptom.label,
            phrases=tuple(" ".join(words) for words in _phrases(symptom)),
            kinds=_kinds(symptom.id),
        )
        for symptom in symptoms()
    )


Share = frozenset[tuple[int, float]]
"""Places of typed words that a phrase rests on, with how like the phrase's words they are."""


def _weight(share: Share) -> tuple[int, float]:
    return len(share), sum(alike for _, alike in share)


def _matches(symptom: Symptom, words: Sequence[str]) -> list[Share]:
    """Return what each phrase of a symptom finds in the typed words, where it finds all of itself."""
    found = []
    for phrase in _phrases(symptom):
        shares = [_place(word, words) for word in phrase]
        places = [share for share in shares if share is not None]
        if len(places) == len(phrase) and len({at for at, _ in places}) == len(phrase):
            found.append(frozenset(places))
    return found


def _place(word: str, words: Sequence[str]) -> tuple[int, float] | None:
    """Return where a word stands among the typed ones, and how well, from 0 to 1."""
    exact = [at for at, typed in enumerate(words) if typed == word]
    if exact:
        return exact[0], 1.0
    same = [at for at, typed in enumerate(words) if _stem(typed) == _stem(word)]
    if same:
        return same[0], 0.95
    # A word that the vocabulary knows is no misspelling of another.
    alike = [(likeness(t, word), at) for at, t in enumerate(words) if t not in _vocabulary()]
    best, at = max(alike, default=(0.0, 0))
    return (at, best) if best else None


def _completed(words: Sequence[str]) -> tuple[str, ...]:
    """Return the symptoms that the last typed word may become."""
    if not words or len(words[-1]) < LEAST_TYPED:
        return ()
    *before, last = words
    return tuple(
        symptom.id
        for symptom in symptoms()
        if any(
            set(before) <= set(phrase) and any(word.startswith(last) for word in phrase)
            for phrase in _phrases(symptom)
        )
    )


@cache
def _kinds(symptom: str) -> tuple[str, ...]:
    """Return the symptoms that are kinds of one, theirs included."""
    direct = [other.id for other in symptoms() if other.broader == symptom]
    return tuple(kind for each in direct for kind in (each, *_kinds(each)))


@cache
def _phrases(symptom: Symptom) -> tuple[tuple[str, ...], ...]:
    """Return the phrases of a symptom, each as its words."""
    phrases = (symptom.label, *symptom.words, *symptom.everyday)
    return tuple(dict.fromkeys(words for phrase in phrases if (words := _words(phrase))))


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(word for symptom in symptoms() for phrase in _phrases(symptom) for word in phrase)


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded, "can't" as "cant"."""
    return tuple(_WORD.findall(fold(text).replace("'", "")))


@cache
def _stem(word: str) -> str:
    return _ENDING.sub("", word) if len(_ENDING.sub("", word)) >= STEM_LETTERS else word
