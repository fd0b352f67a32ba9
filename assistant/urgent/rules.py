"""Finds red-flag combinations in the sentences of a message, and weighs how they are framed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from assistant.urgent.reading import Range, Sentence, signs_file

REACH = 2
"""Sentences to either side whose signs count together."""

LEAST_TOGETHER = 2.0
"""Least points of the combinations themselves; below, no framing makes an emergency of them."""

LEAST_ALONE = 1.5
"""Rules with fewer points only add to others."""

BRIEF_WORDS = 12
"""A message of at most so many words has no room for much besides what is happening; chosen on the
examples."""

TIME_REACH = 12
"""Words up to which a time of the past is taken to be the time of a symptom."""

PRESENT_REACH = 3
PAST_REACH = 2
"""Words up to which a verb before a symptom is taken to be its verb."""

FAR = 99


@dataclass(frozen=True, slots=True)
class Rule:
    """
    A combination of words that is a sign.

    Attributes:
        part: What it tells; of matches that tell the same, the strongest counts.
        points: How strongly it speaks for an emergency, about 1 (adds to others) to 4 (says it).
        steps: Tags in their order, each with the most words between it and the one before.
        anywhere: The tags may stand in any order, anywhere in the sentence.
        unless: Tags that must not stand in the same sentence.
        event: It happens at a moment, so that it is told in the past even when it has just happened.
        sure: It is told of somebody, even where nobody is named.

    """

    part: str
    points: float
    steps: tuple[tuple[str, int], ...]
    anywhere: bool = False
    unless: tuple[str, ...] = ()
    event: bool = False
    sure: bool = False

    def matches(self, sentence: Sentence) -> Iterator[Range]:
        """Yield where the combination stands in a sentence."""
        found = sentence.found
        if any(tag not in found for tag, _ in self.steps) or any(tag in found for tag in self.unless):
            return
        if self.anywhere:
            firsts = [found[tag][0] for tag, _ in self.steps]
            yield min(start for start, _ in firsts), max(end for _, end in firsts)
            return
        for start, end in found[self.steps[0][0]]:
            last: int | None = end
            for tag, gap in self.steps[1:]:
                last = _next_end(found[tag], last, gap) if last is not None else None
            if last is not None:
                yield start, last

    def denied_between(self, sentence: Sentence, match: Range) -> bool:
        """Tell whether a "not" stands between the words of a match ("my legs are not weak")."""
        start, end = match
        if self.anywhere:
            return False
        own = {
            at
            for tag, _ in self.steps
            for first, last in sentence.found[tag]
            if start <= first and last <= end
            for at in range(first, last)
        }
        return any(start < at < end and at not in own for at, _ in sentence.found.get("GAPNOT", ()))


@dataclass(frozen=True, slots=True)
class Doubt:
    """
    A framing that speaks against a match: words that stand before it and reach up to it.

    Attributes:
        name: Of the framing; one of `framings` in the file of signs.
        tag: Of the words.
        within: Most words between them and the match.
        stops: Tags that end its reach.
        pause: A comma, bracket or dash ends its reach too.
        spares: Signs that it does not count for.
        only: Signs that it counts for alone; all, where empty.

    """

    name: str
    tag: str
    within: int
    stops: tuple[str, ...] = ()
    pause: bool = False
    spares: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    def concerns(self, sign: str) -> bool:
        """Tell whether it counts for a sign."""
        return sign not in self.spares and (not self.only or sign in self.only)

    def reaches(self, sentence: Sentence, start: int) -> bool:
        """Tell whether it reaches up to a place in a sentence."""
        return any(
            end <= start <= end + self.within and not self._stopped(sentence, end, start)
            for _, end in sentence.found.get(self.tag, ())
        )

    def _stopped(self, sentence: Sentence, end: int, start: int) -> bool:
        if self.pause and any(end < at <= start for at in sentence.pauses):
            return True
        return any(
            end <= first < start for tag in self.stops for first, _ in sentence.found.get(tag, ())
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What the rules find in a message.

    Attributes:
        sentences: The message's.
        points: By sign, framing included; 0 where nothing is found.
        strongest: Points of the strongest rule that matches, whatever the framing; 0 if none does.
        against: Framings that speak against that match.
        place: The sentence with most points; None where there are none.

    """

    sentences: Sequence[Sentence]
    points: Mapping[str, float]
    strongest: float
    against: frozenset[str]
    place: int | None

    @property
    def most(self) -> float:
        """Points of the sign that has most."""
        return max(self.points.values())

    @property
    def words(self) -> int:
        """Length of the message, in words."""
        return sum(len(sentence.words) for sentence in self.sentences)

    def around(self, reach: int) -> Sequence[Sentence]:
        """Return the sentence with most points, and so many to either side."""
        if self.place is None:
            return ()
        return self.sentences[max(0, self.place - reach) : self.place + reach + 1]


def read_signs(sentences: Sequence[Sentence]) -> Reading:
    """Look for every sign in the sentences of a message."""
    return _Reader(sentences).read()


@cache
def rules() -> Mapping[str, tuple[Rule, ...]]:
    """Return the rules by sign; the file comes with the package."""
    return {sign: tuple(map(_rule, fields)) for sign, fields in signs_file()["signs"].items()}


@dataclass(slots=True)
class _Reader:
    """Reads one message; keeps what is strongest so far."""

    sentences: Sequence[Sentence]
    strongest: float = 0.0
    against: set[str] = field(default_factory=set)
    most: float = 0.0
    place: int | None = None

    def read(self) -> Reading:
        points = {sign: self._points(sign) for sign in rules()}
        return Reading(self.sentences, points, self.strongest, frozenset(self.against), self.place)

    def _points(self, sign: str) -> float:
        """Add up what is said of a sign within a few sentences; the most, over the message."""
        found = [self._parts(sign, number) for number in range(len(self.sentences))]
        best = 0.0
        for number, (_, alone) in enumerate(found):
            if not alone:
                continue
            together: dict[str, float] = {}
            for parts, _ in found[max(0, number - REACH) : number + REACH + 1]:
                for part, points in parts.items():
                    together[part] = max(points, together.get(part, 0.0))
            total = sum(together.values())
            if total < LEAST_TOGETHER:
                continue
            total += self._in_favour(sign, number)
            best = max(best, total)
            if total > self.most:
                self.most, self.place = total, number
        return best

    def _parts(self, sign: str, number: int) -> tuple[dict[str, float], bool]:
        """Return the points of each part in one sentence, and whether one of them can stand alone."""
        sentence = self.sentences[number]
        weights = _framings()
        parts: dict[str, float] = {}
        alone = False
        for rule in rules()[sign]:
            # Most rules end here, for most sentences, before anything else is looked at.
            if rule.steps[0][0] not in sentence.found:
                continue
            for match in rule.matches(sentence):
                against = self._speaks_against(sign, number, rule, match)
                self._note(rule, against)
                points = rule.points + sum(weights[name] for name in against)
                if points > parts.get(rule.part, 0.0):
                    parts[rule.part] = points
                    alone = alone or rule.points >= LEAST_ALONE
        return parts, alone

    def _note(self, rule: Rule, against: set[str]) -> None:
        if rule.points > self.strongest:
            self.strongest, self.against = rule.points, set()
        if rule.points == self.strongest:
            self.against |= against

    def _in_favour(self, sign: str, number: int) -> float:
        """Return the points of the framings that make a sentence's signs more urgent."""
        sentence = self.sentences[number]
        beside = self.sentences[max(0, number - 1) : number + 2]
        holds = {
            "now": sentence.has("NOW"),
            "now_beside": not sentence.has("NOW") and any(other.has("NOW") for other in beside),
            "severe": sentence.has("SEVERE"),
            "help": self._asks_for_help(number),
            "person": sentence.has("PERSON"),
            "fragment": not sentence.has("PERSON") and not sentence.asks,
            "brief": sum(len(other.words) for other in self.sentences) <= BRIEF_WORDS,
            "treated": sign == "fever" and any(other.has("TREAT") for other in self.sentences),
        }
        weights = _framings()
        return sum(weights[name] for name, held in holds.items() if held)

    def _asks_for_help(self, number: int) -> bool:
        near = self.sentences[max(0, number - REACH) : number + REACH + 1]
        return any(sentence.has("HELP") for sentence in near)

    def _speaks_against(self, sign: str, number: int, rule: Rule, match: Range) -> set[str]:
        """Return the names of the framings that speak against a match."""
        sentence = self.sentences[number]
        against = {
            doubt.name
            for doubt in _doubts()
            if doubt.concerns(sign) and doubt.reaches(sentence, match[0])
        }
        if self._in_general(number, rule):
            against.add("general_self" if sign == "self-harm" else "general")
        if any(other.has("HAPPENING") for other in self.sentences):
            # "I was told to watch for it, and now I have it."
            against -= {"supposed", "possible", "feared", "caused", "general"}
        if rule.denied_between(sentence, match):
            against.add("denied")
        past = _past(sentence, rule, match)
        if past is not None:
            against.add(past)
        if self._resolved(number, match[1]):
            against.add("resolved")
        against |= {name for name, tag in _LOOSE.items() if sentence.has(tag)}
        if sentence.has("NOW"):
            against.discard("mild")
        return against

    def _in_general(self, number: int, rule: Rule) -> bool:
        sentence = self.sentences[number]
        if rule.sure or not sentence.asks or sentence.has("PERSON") or sentence.has("NOW"):
            return False
        return not self._asks_for_help(number)

    def _resolved(self, number: int, after: int) -> bool:
        """Tell whether it is over, by the words after it or by the next sentence."""
        sentence = self.sentences[number]
        if any(first >= after for first in _resolutions(sentence)):
            return True
        follows = self.sentences[number + 1 : number + 2]
        return not sentence.has("NOW") and any(_resolutions(other) for other in follows)


def _resolutions(sentence: Sentence) -> list[int]:
    """Return where it is said that something is over, and not that it is not ("has not gone away")."""
    nots = {last for _, last in sentence.found.get("GAPNOT", ())}
    return [first for first, _ in sentence.found.get("RESOLVED", ()) if first not in nots]


_LOOSE = {"reaction": "REACTION", "mild": "MILD", "others": "OTHERS"}
"""Framings that hold wherever their words stand in the sentence."""


def _past(sentence: Sentence, rule: Rule, match: Range) -> str | None:
    """Return the framing of something long past, or None."""
    start, end = match
    found = sentence.found
    present = any(start - PRESENT_REACH <= first < end for first, _ in found.get("PRESENT", ()))
    told = any(start - PAST_REACH <= last <= start for _, last in found.get("PASTVERB", ()))
    now = min((_distance(at, match) for at in found.get("NOW", ())), default=FAR)
    for time in (*found.get("PASTTIME", ()), *found.get("YEAR", ())):
        # "Fever of 39, chemo last week": the time is the treatment's.
        of_treatment = any(_distance(at, time) <= PRESENT_REACH for at in found.get("TREAT", ()))
        if _distance(time, match) < min(now, TIME_REACH + 1) and (told or not of_treatment):
            return "past_time"
    if rule.event or sentence.has("NOW") or present:
        return None
    return "past_verb" if told else None


def _distance(one: Range, other: Range) -> int:
    """Return the number of words between two places; 0 where they touch."""
    return max(other[0] - one[1], one[0] - other[1], 0)


def _next_end(ranges: Sequence[Range], after: int, gap: int) -> int | None:
    """Return where the first of the ranges ends that begins at most `gap` words after a place."""
    return next((end for start, end in ranges if after <= start <= after + gap), None)


@cache
def _framings() -> Mapping[str, float]:
    framings: dict[str, float] = signs_file()["framings"]
    return framings


@cache
def _doubts() -> tuple[Doubt, ...]:
    return tuple(Doubt(**_with_tuples(fields)) for fields in signs_file()["doubts"])


def _rule(fields: Mapping[str, Any]) -> Rule:
    """Make a rule of its fields; "A 3 B" is A and then B after at most 3 words, "A & B" any order."""
    others = {name: value for name, value in fields.items() if name != "say"}
    steps: list[tuple[str, int]] = []
    gap = 0
    for word in fields["say"].replace("&", " ").split():
        if word.isdigit():
            gap = int(word)
        else:
            steps.append((word, gap))
            gap = 0
    return Rule(**_with_tuples(others), steps=tuple(steps), anywhere="&" in fields["say"])


def _with_tuples(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
