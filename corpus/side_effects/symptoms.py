"""The symptoms that cancer treatments can cause, as data, and where a text names them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from pathlib import Path

import orjson

from corpus.document import Span

SYMPTOMS_FILE = Path(__file__).with_name("symptoms.json")

_JOINING = frozenset({"in", "of", "to", "with", "at", "on"})


@dataclass(frozen=True, slots=True)
class Symptom:
    """
    Something that a treatment can make a person feel or have.

    Attributes:
        id: Its name in code and addresses, for example `hair-loss`.
        label: Its name for a reader.
        words: How patient-education documents name it, in the singular.
        everyday: How people say it, for searching only.
        broader: The id of the symptom that it is a kind of; empty where there is none.

    """

    id: str
    label: str
    words: tuple[str, ...]
    everyday: tuple[str, ...]
    broader: str


@dataclass(frozen=True, slots=True)
class SymptomMention:
    """A place where a text names a symptom."""

    symptom: str
    span: Span


@cache
def symptoms() -> tuple[Symptom, ...]:
    """Return every symptom of the vocabulary, in the order of their ids."""
    return tuple(
        Symptom(
            id=fields["id"],
            label=fields["label"],
            words=tuple(fields["words"]),
            everyday=tuple(fields["everyday"]),
            broader=fields.get("broader", ""),
        )
        for fields in orjson.loads(SYMPTOMS_FILE.read_bytes())
    )


def symptom_mentions(text: str, *, offset: int = 0) -> tuple[SymptomMention, ...]:
    """
    Return where a text names symptoms, in the order of the text.

    "Joint pain" is one mention, not also one of pain. "Vaginal dryness or discharge" names two
    symptoms: the mention of the second holds the words that it shares with the first.

    Args:
        text: Any text.
        offset: Where `text` begins in its source; added to every range.

    """
    named = list(_named(text, shared=False))
    # Inside a longer name the shorter one is no mention: "pain" in "joint pain".
    alone = [
        (symptom, span)
        for symptom, span in named
        if not any(_within(span, other) for _, other in named if other != span)
    ]
    known = set(alone)
    for symptom, span in _named(text, shared=True):
        same = {place for other, place in known if other == symptom and place.overlaps(span)}
        if any(place.start < span.start or place.end == span.end for place in same):
            continue
        # "changes in thinking and memory" says more than "changes in thinking".
        known -= {(symptom, place) for place in same}
        if not any(_within(span, place) for _, place in alone):
            known.add((symptom, span))
    found = sorted(known, key=lambda pair: (pair[1].start, pair[1].end, pair[0]))
    return tuple(
        SymptomMention(symptom, Span(span.start + offset, span.end + offset)) for symptom, span in found
    )


def _within(span: Span, other: Span) -> bool:
    return other.start <= span.start and span.end <= other.end


def _named(text: str, *, shared: bool) -> Iterator[tuple[str, Span]]:
    for symptom, plain, sharing in _patterns():
        pattern = sharing if shared else plain
        for match in pattern.finditer(text) if pattern else ():
            yield symptom, Span(match.start(), match.end())


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None], ...]:
    """Return each symptom's id, the pattern of its words, and that of words shared with another."""
    return tuple(
        (
            symptom.id,
            _any_of(_plain(words) for words in symptom.words),
            _any_of(chain.from_iterable(_sharing(words) for words in symptom.words)),
        )
        for symptom in symptoms()
    )


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    alternatives = sorted(patterns, key=len, reverse=True) or ["(?!)"]
    return re.compile(rf"(?i)(?<![\w-])(?:{'|'.join(alternatives)})(?![\w-])")


def _plain(words: str) -> str:
    last = words.split()[-1]
    return r"\s+".join([*_first_words(words), _singular_or_plural(last)])


def _first_words(words: str) -> Iterator[str]:
    """Yield patterns of all words but the last; "change in taste" is also "changes in taste"."""
    for word, following in pairwise(words.split()):
        yield f"{_word(word)}s?" if following in _JOINING else _word(word)


def _sharing(words: str) -> Iterator[str]:
    """Yield patterns of a name that shares a word with another: "dryness or discharge"."""
    *first, last = words.split()
    if not first:
        return
    before, behind = r"\s+".join(_first_words(words)), _singular_or_plural(last)
    # "vaginal dryness or discharge", "changes in thinking and memory", "weight gain or loss"
    yield rf"{before}\s+[\w-]+\s+(?:and|or|and/or)\s+{behind}"
    # "muscle or joint pain", "muscle, bone and joint pain"
    yield rf"{before}(?:,\s+[\w-]+){{0,2}},?\s+(?:and|or|and/or)\s+[\w-]+\s+{behind}"


def _word(word: str) -> str:
    return re.escape(word).replace("'", "['’]").replace(r"\-", r"[-‑–\s]?")


def _singular_or_plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{_word(word[:-1])}(?:y|ies)"
    return f"{_word(word)}(?:s|es)?"
