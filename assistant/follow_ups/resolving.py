"""
Makes a self-contained question of a turn in a conversation, without a language model.

A turn may stand alone, continue what was said last, or go back to something earlier. What it lacks is
carried over: the treatment, the sort of cancer, whom it is about and what is asked; a named thing in the
turn beats anything carried over. How much the turn depends on what came before is a probability; with
that share, passages near what was said and shown count as well.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from assistant.asked_names import asks_names
from assistant.core_question import core_question
from assistant.follow_ups.dependence import (
    dependence,
    dependence_features,
    goes_back,
    goes_to_the_first,
    leaves_the_last,
    naming_words,
)
from assistant.follow_ups.things import ASPECT, SLOTS, THING, Thing, Vocabulary
from assistant.follow_ups.trail import KEPT_CHARACTERS, Said, Trail
from corpus import Document, Passage
from corpus.folding import fold
from index import Comparison, Evidence, Look, Retriever, ScoredPassage

MODEL_FILE = Path(__file__).parent / "resolving.json"

_PLACE = r"(first|1st|former|second|2nd|latter|third|3rd|middle|last|other)"
_ORDINAL = re.compile(
    rf"\b(?:the|that|this|which) (?:very )?{_PLACE}\b"
    r"(?! (?:time|place|line|resort|week|month|year|day|side|hand|people|options?|ways?|kinds?)\b)"
    rf"|\b{_PLACE} (?:one|drug|medicine|med|pill|tablet|shot)\b"
)
_PLACES = {"first": 0, "1st": 0, "former": 0, "second": 1, "2nd": 1, "latter": 1, "third": 2, "3rd": 2}

_MEANT = r"(?:it|they|them|these|those|(?:this|that) one)"
_BETWEEN = (
    r"(?:come|comes|go|goes|work|works|worked|get|got|take|took|have|had|use|be|being|been|is|are|given|taken"
    r"|used|combined|mixed|paired|done|any|the|a|bit|much|same|better|worse|stronger|weaker|safer|gentler"
    r"|harsher|more|less|different|similar|compare|compared|along|together|instead|only|also|always)"
)
_BESIDE = r"(?:with|without|than|as|like|from|to|before|after|alongside|plus|of|on top of)"
_MEANT_BESIDE = re.compile(rf"\b{_MEANT} (?:{_BETWEEN} )*{_BESIDE} (?:(?:a|an|the|my|her|his|other) )?$")
_BESIDE_MEANT = re.compile(rf"^ (?:{_BETWEEN} )*{_BESIDE} {_MEANT}\b")

SHOWN = 3
"""Passages of an answer that a later turn may mean."""

OWN_WORDS = 1
"""A turn that has more words of its own, beside the things it names, asks something new of them: what
was asked before is not carried over then. A judgement, made on conversations of tests/development."""

SHARED_THING = 0.5
SHARED_WORD = 0.3
"""What a common thing or word adds to an earlier question's claim to be the one that a turn goes back
to, beside the relevance of what was shown for it (about 1 to 6). By eye: a word
is less than a thing, and both less than what parts a right passage from a wrong one."""

STRONGER = 0.5
"""
By how much the claim of an earlier question must exceed that of the last one, where a turn does not
say that it goes back but has a thing or a word in common with the earlier one. In the conversations of
tests/development two turns of 82 that go back find their passage by it, and one of the 779 others loses
its own; with 0.25 it is the same, with 1 one turn less gains.
"""


@dataclass(frozen=True, slots=True)
class TurnModel:
    """
    How a turn is completed.

    Attributes:
        weights: Of the features of dependence.
        intercept: The log-odds where every feature is 0.
        least: Share below which nothing is carried over, in [0, 1].
        looks: How much each way of completing the turn counts, by name; "alone" is one of them.
        near: What a passage gains that was shown, or stands near what was shown, by name.

    """

    weights: Mapping[str, float]
    intercept: float
    least: float
    looks: Mapping[str, float]
    near: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Completions:
    """
    A turn in the ways in which what came before may complete it.

    Attributes:
        base: The earlier question that it is taken to follow.
        carried: What is carried over from there, in words.
        texts: Self-contained texts by name: "carried", "glued", "shown", "section", "part".

    """

    base: Said
    carried: tuple[str, ...]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Resolved:
    """
    What to search for.

    Attributes:
        text: A self-contained question.
        share: How much the turn depends on what came before, in [0, 1]; 0 where it stands alone.
        carried: What was carried over, in words; empty where nothing was.
        base: The earlier question that it follows, or None.
        compared: What ranks the passages. `whole` is the look at `text`; where the turn depends on what
            came before, `relevance` joins all ways of completing it, and `core` is the turn's own.

    """

    text: str
    share: float
    carried: tuple[str, ...]
    base: Said | None
    compared: Comparison


class Resolver:
    """Completes turns about some documents."""

    def __init__(
        self, documents: Sequence[Document], retriever: Retriever, model: TurnModel | None = None
    ) -> None:
        """
        Make a resolver.

        Args:
            documents: What the conversation is about.
            retriever: Searches them.
            model: How turns are completed; the shipped one by default.

        """
        self._documents = {document.id: document for document in documents}
        self._titles = frozenset(document.title for document in documents)
        self._vocabulary = Vocabulary(documents)
        self._retriever = retriever
        self._model = model or turn_model()
        self._numbers = {_key(passage): at for at, passage in enumerate(retriever.passages)}
        self._named = [
            frozenset(self._vocabulary.medicines(passage.text)) for passage in retriever.passages
        ]
        self._names_shown: dict[str, tuple[str, ...]] = {}

    def resolve(self, alone: Comparison, trail: Trail, *, share: float | None = None) -> Resolved:
        """
        Return what to search for.

        Args:
            alone: The turn by itself, compared with every passage.
            trail: What was said before.
            share: How much the turn depends on what came before, where that is known.

        """
        turn = alone.whole.text
        if not trail.said:
            return Resolved(turn, 0.0, (), None, alone)
        completed = self.completions(alone, trail)
        looks = self.looks(completed)
        if share is None:
            features = self.features(alone, looks)
            share = dependence(features, self._model.weights, self._model.intercept)
        if share < self._model.least:
            return Resolved(turn, 0.0, (), None, alone)
        in_context = self._in_context(alone, looks, completed)
        relevance = (1 - share) * alone.relevance + share * in_context
        return Resolved(
            completed.texts["carried"],
            share,
            completed.carried,
            completed.base,
            Comparison(looks["carried"], alone.core, relevance),
        )

    def said(self, turn: str, resolved: Resolved, passages: Sequence[ScoredPassage]) -> Said:
        """Return what to remember of a turn once it is answered."""
        things = self._vocabulary.things(turn)
        focus = dict(resolved.base.focus) if resolved.base else {}
        if resolved.base and (picked := self._picked(turn, resolved.base)):
            focus[THING] = picked
        keeps_thing = THING in focus and _is_beside_the_meant(turn, things)
        for thing in things:
            if not (keeps_thing and thing.slot == THING):
                focus[thing.slot] = thing.label
        first = passages[0].passage
        document = self._documents[first.document_id]
        return Said(
            question=_kept(turn),
            focus=tuple((slot, focus[slot]) for slot in SLOTS if slot in focus),
            shown=tuple(_key(scored.passage) for scored in passages[:SHOWN]),
            words=passages[0].answering.of(document.source),
            headings=document.section(first.section_id).path,
            names=self._names(first),
        )

    def names_medicines(self, passage: Passage) -> bool:
        """Tell whether a passage names a medicine."""
        return bool(self._named[self._numbers[_key(passage)]])

    def completions(self, alone: Comparison, trail: Trail) -> Completions:
        """
        Return the ways of completing a turn.

        Args:
            alone: The turn by itself.
            trail: What was said before; not empty.

        """
        turn = alone.whole.text
        base = self._base(alone, trail.said)
        carried = self._carried(turn, base)
        texts = {
            "carried": f"{', '.join(carried)}: {turn}" if carried else turn,
            "glued": f"{base.question} {turn}",
            "shown": f"{base.words} {turn}",
            "section": f"{base.headings[-1]} {turn}",
            "part": f"{base.headings[0]} {turn}",
        }
        return Completions(base, carried, texts)

    def looks(self, completed: Completions) -> dict[str, Look]:
        """Compare each way of completing a turn with every passage."""
        looks = self._retriever.looks([*completed.texts.values()])
        return dict(zip(completed.texts, looks, strict=True))

    def features(self, alone: Comparison, looks: Mapping[str, Look]) -> dict[str, float]:
        """Return the features of dependence."""
        carried, glued = looks["carried"], looks["glued"]
        return dependence_features(
            alone.whole.text,
            self._vocabulary.things(alone.whole.text),
            self._retriever.evidence(alone),
            self._evidence(carried),
            self._evidence(glued),
        )

    def nearness(self, completed: Completions) -> dict[str, NDArray[np.float64]]:
        """Return how each passage stands to what was said: 1 or 0, by name, shape (passages,)."""
        base = completed.base
        passages = self._retriever.passages
        shown = [self._numbers[key] for key in base.shown]
        first = passages[shown[0]]
        section, part = _section_key(first), self._path(first)[0]
        return {
            "same": np.isin(np.arange(len(passages)), shown[:1]).astype(np.float64),
            "beside": np.isin(np.arange(len(passages)), shown[1:]).astype(np.float64),
            "section": np.array([_section_key(p) == section for p in passages], dtype=np.float64),
            "part": np.array([self._path(p)[0] == part for p in passages], dtype=np.float64),
            "named": self._naming(self._vocabulary.medicines(completed.texts["carried"])),
        }

    def _in_context(
        self, alone: Comparison, looks: Mapping[str, Look], completed: Completions
    ) -> NDArray[np.float64]:
        """Return each passage's relevance for a turn that is completed: shape (passages,)."""
        found = self._model.looks["alone"] * alone.relevance
        for name, look in looks.items():
            found = found + self._model.looks[name] * look.relevance
        for name, near in self.nearness(completed).items():
            found = found + self._model.near[name] * near
        return np.asarray(found / sum(self._model.looks.values()))

    def _naming(self, medicines: Sequence[str]) -> NDArray[np.float64]:
        """Return 1 for each passage that names one of some medicines, shape (passages,)."""
        return np.array([not named.isdisjoint(medicines) for named in self._named], dtype=np.float64)

    def _carried(self, turn: str, base: Said) -> tuple[str, ...]:
        """Return what the turn lacks and the earlier question had, in words."""
        things = self._vocabulary.things(turn)
        named = {thing.slot for thing in things}
        if _is_beside_the_meant(turn, things):
            named.remove(THING)
        carried = {slot: label for slot, label in base.focus if slot not in named}
        if len(_left_over(turn, things)) > OWN_WORDS:
            # It says itself what it asks: "who looks at it", "I still get my period".
            carried.pop(ASPECT, None)
        if THING not in named and (picked := self._picked(turn, base)):
            carried[THING] = picked
        if THING not in carried and THING not in named:
            # Nothing was named: what the shown words name, or their heading. "What pills are there"
            # asks for others than those that happened to be shown.
            names = () if asks_names(turn) else base.names
            shown = [name for name in names if name in fold(base.words)][:2]
            named_above = base.headings[-1] if base.headings[-1] not in self._titles else ""
            if words := " ".join(shown) or named_above:
                carried[THING] = words
        return tuple(carried[slot] for slot in SLOTS if slot in carried)

    def _picked(self, turn: str, base: Said) -> str | None:
        """Return the medicine that "the first one" or "the other" means: of those named, else shown."""
        word, named = _ordinal(turn), self._vocabulary.medicines(base.question)
        names = named if len(named) > 1 else base.names
        # "Back to the first one" is the first of those asked about, not of those shown for it.
        if word is None or not names or goes_back(turn):
            return None
        if word == "last":
            return names[-1]
        if word == "middle":
            return names[len(names) // 2]
        if word == "other":
            spoken_of = self._vocabulary.medicines(dict(base.focus).get(THING, ""))
            asked = spoken_of if len(named) > 1 else (*spoken_of, *named)
            others = [name for name in names if name not in asked]
            return others[0] if others and not set(spoken_of).isdisjoint(names) else None
        return names[_PLACES[word]] if _PLACES[word] < len(names) else None

    def _base(self, alone: Comparison, said: Sequence[Said]) -> Said:
        """Return the question that a turn is taken to follow: the last, or one that it goes back to."""
        last, earlier = said[-1], said[:-1]
        turn = alone.whole.text
        if not earlier:
            return last
        if goes_to_the_first(turn):
            return earlier[0]
        if goes_back(turn) and (counted := _counted(turn, said)) is not None:
            return counted
        meant = max(reversed(earlier), key=lambda each: self._claim(alone, each))
        if leaves_the_last(turn):
            return meant
        claim = self._claim(alone, meant)
        in_common = claim > self._shown_relevance(alone, meant)
        least = self._claim(alone, last) + (0 if goes_back(turn) else STRONGER)
        return meant if in_common and claim >= least else last

    def _claim(self, alone: Comparison, said: Said) -> float:
        """Return how much speaks for a turn's going back to a question: its passages, things, words."""
        things = {
            thing.label for thing in self._vocabulary.things(alone.whole.text) if thing.slot != ASPECT
        }
        shared_things = len(things & {label for _, label in said.focus})
        shared_words = len({*naming_words(alone.whole.text)} & {*naming_words(said.question)})
        in_common = SHARED_THING * shared_things + SHARED_WORD * shared_words
        return self._shown_relevance(alone, said) + in_common

    def _shown_relevance(self, alone: Comparison, said: Said) -> float:
        return max(float(alone.relevance[self._numbers[name]]) for name in said.shown)

    def _names(self, passage: Passage) -> tuple[str, ...]:
        """Return the medicines that a passage names, or its section where it names at most one."""
        if _key(passage) not in self._names_shown:
            names = self._vocabulary.medicines(passage.text)
            if len(names) <= 1:
                passages = self._retriever.passages
                section = [p.text for p in passages if _section_key(p) == _section_key(passage)]
                names = self._vocabulary.medicines("\n".join(section))
            self._names_shown[_key(passage)] = names
        return self._names_shown[_key(passage)]

    def _path(self, passage: Passage) -> tuple[str, ...]:
        return self._documents[passage.document_id].section(passage.section_id).path

    def _evidence(self, look: Look) -> Evidence:
        return self._retriever.evidence(Comparison(look, look, look.relevance))


def _kept(question: str) -> str:
    """Return what is remembered of a question."""
    if len(question) <= KEPT_CHARACTERS:
        return question
    return (core_question(question) or question)[:KEPT_CHARACTERS]


def _key(passage: Passage) -> str:
    """Return what tells a passage from every other; its id does so within one document."""
    return f"{passage.document_id}#{passage.id}"


def _section_key(passage: Passage) -> tuple[str, str]:
    return passage.document_id, passage.section_id


def _counted(turn: str, said: Sequence[Said]) -> Said | None:
    """Return where the talk came to the first, second or third thing, if a turn counts its things."""
    began: dict[str, Said] = {}
    for each in said:
        began.setdefault(dict(each.focus).get(THING, ""), each)
    began.pop("", None)
    place = _PLACES.get(_ordinal(turn) or "")
    return [*began.values()][place] if place is not None and 1 < len(began) > place else None


def _ordinal(turn: str) -> str | None:
    """
    Return the word by which a turn counts things: not the verb "last", nor the "other" of "any other".

    >>> _ordinal("is the second one a pill"), _ordinal("other one?"), _ordinal("how long does it last")
    ('second', 'other', None)
    """
    match = _ORDINAL.search(fold(turn))
    return match.group(1) or match.group(2) if match else None


def _left_over(turn: str, things: Sequence[Thing]) -> list[str]:
    """Return the words of a turn that name something, without the things it speaks of."""
    folded = fold(turn)
    for thing in reversed(things):
        folded = f"{folded[: thing.start]} {folded[thing.end :]}"
    return naming_words(folded)


def _is_beside_the_meant(turn: str, things: Sequence[Thing]) -> bool:
    """
    Tell whether the one thing that a turn names only stands beside the thing that it means.

    "Is it given with chemo", "do I get chemo with it": asked about is what came before.
    """
    named = [thing for thing in things if thing.slot == THING]
    if len(named) != 1:
        return False
    folded, thing = fold(turn), named[0]
    before, after = folded[: thing.start], folded[thing.end :]
    return bool(_MEANT_BESIDE.search(before) or _BESIDE_MEANT.search(after))


@cache
def turn_model() -> TurnModel:
    """Read the shipped model once; the file comes with the package."""
    content = orjson.loads(MODEL_FILE.read_bytes())
    dependent = content["dependence"]
    return TurnModel(
        dependent["weights"],
        dependent["intercept"],
        content["least"],
        content["looks"],
        content["near"],
    )
