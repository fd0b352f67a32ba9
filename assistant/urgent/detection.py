"""
Tells whether a message speaks of something that needs help now, and of what.

Rules look for red-flag combinations: words of a symptom that stand together in a sentence. How the
sentence is framed counts for or against each: happening now, to a person, getting worse; or in general,
supposed, past, denied, mild, long known. Messages that were written as examples, urgent and calm ones,
count where they are near: several urgent ones can raise an alarm, calm ones can take back a weak one.
A logistic model weighs all this; words and rules stand in signs.json, written by hand, its weights in
weights.json, fitted. Where it is known how like the urgent examples each piece of a message is
(likeness.py), that decides with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson

from assistant.examples import Near
from assistant.odds import probability
from assistant.urgent.likeness import LONG_WORDS, PREFIX, Likeness, LikenessModel
from assistant.urgent.reading import Sentence, Vocabulary, signs_file
from assistant.urgent.rules import BRIEF_WORDS, LEAST_ALONE, Reading, read_signs, rules

WEIGHTS_FILE = Path(__file__).parent / "weights.json"
"""`python -m assistant.evaluation.fit_urgent` makes it."""

SELF_HARM = "self-harm"

LEAST_COSINE = 0.3
"""Below, an example is about something else (cosine)."""

BEYOND = 0.02
"""An example that is not among the nearest counts as so much farther than their last (cosine)."""

LEAD_SCALE = 5.0
"""Brings a lead, a difference of cosines, to the size of the other features for the fit."""

FULL = 3.5
OVERFULL = 5.0
"""Points of a clear sign, and of more than one."""

HELD = 2.0
"""Points at which a rule matters, and below which its framing has taken it back."""

OVER = frozenset(["past_time", "past_verb", "resolved", "reaction"])
"""Framings of what is over."""


@dataclass(frozen=True, slots=True)
class Weights:
    """
    The logistic model over what rules and nearest examples say.

    Attributes:
        intercept: Log-odds of an emergency where no feature speaks.
        features: What each adds, by name; one that is not named adds nothing.

    """

    intercept: float
    features: Mapping[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        """Return how probable an emergency is, in (0, 1)."""
        added = (self.features.get(name, 0.0) * value for name, value in features.items())
        return probability(self.intercept + sum(added))


def urgent_signs(
    text: str,
    near: Sequence[Near] = (),
    likeness: Likeness | None = None,
    model: LikenessModel | None = None,
) -> tuple[str, ...]:
    """
    Return the signs of an emergency that a message speaks of, that to act on first before others.

    It is one or none, but for plain words of self-harm beside a bodily emergency: "I can't do this any
    more, I can't breathe" needs help for both.

    Args:
        text: The message, of any length; each sentence is read.
        near: The examples nearest to the whole message, best first, up to ten, of any kind.
        likeness: How like the urgent examples it is; without it the rules and `near` decide.
        model: What the likeness was worked out with.

    Returns:
        "breathing", "chest", "fever", "bleeding", "stroke" (weakness, confusion, seizure, fainting,
        the worst headache), "spine", "allergy", "overdose" or "self-harm".

    """
    reading, nearness = _read(text), _Nearness.of(near)
    if reading.points[SELF_HARM] >= _alarm()["self_harm_points"]:
        # Nothing that is near takes back plain words.
        return _beside_self_harm(reading.points)
    sign = max(rules(), key=lambda each: reading.points[each] + 2 * nearness.shares.get(each, 0.0))
    if likeness is not None and model is not None:
        by_rules = _probability(_features(reading, nearness))
        if not model.is_urgent(likeness, by_rules, reading.words):
            return ()
        return (sign if reading.strongest >= LEAST_ALONE else likeness.sign,)
    if reading.strongest < LEAST_ALONE:
        least = _alarm()["examples_alone"]
    else:
        least = _alarm()[SELF_HARM if sign == SELF_HARM else "other"]
    return (sign,) if _probability(_features(reading, nearness)) >= least else ()


def _beside_self_harm(points: Mapping[str, float]) -> tuple[str, ...]:
    """Return self-harm, and a clear sign of the body: before it where it is as clear, else after."""
    body = max((sign for sign in rules() if sign != SELF_HARM), key=lambda each: points[each])
    if points[body] >= max(FULL, points[SELF_HARM]):
        return (body, SELF_HARM)
    return (SELF_HARM, body) if points[body] >= OVERFULL else (SELF_HARM,)


def urgent_probability(text: str, near: Sequence[Near] = (), weights: Weights | None = None) -> float:
    """Return how probable the rules and the nearest examples find an emergency, in (0, 1)."""
    return (weights or shipped_weights()).probability(urgent_features(text, near))


def urgent_features(text: str, near: Sequence[Near] = ()) -> dict[str, float]:
    """
    Return what the model weighs, to fit it; a feature that is not named is 0.

    Args:
        text: The message.
        near: As for `urgent_signs`.

    """
    return _features(_read(text), _Nearness.of(near))


def _read(text: str) -> Reading:
    return read_signs(_vocabulary().sentences(text))


def _features(reading: Reading, nearness: "_Nearness") -> dict[str, float]:
    features = {
        "points": min(reading.most, 2 * FULL) / FULL,
        "full": reading.most >= FULL,
        "overfull": reading.most >= OVERFULL,
        "nothing": reading.strongest < LEAST_ALONE,
    }
    if reading.words > LONG_WORDS:
        features |= _features_of_long(reading)
    else:
        features |= _features_of_short(reading, nearness)
    return {name: float(value) for name, value in features.items() if value}


def _features_of_long(reading: Reading) -> dict[str, float]:
    here, beside, after = reading.around(0), reading.around(1), reading.around(2)
    return {
        "long": True,
        "long_now": _any_has(here, ["NOWSTRONG"]),
        "long_now_beside": _any_has(beside, ["NOWSTRONG"]),
        "long_past": _any_has(beside, ["PASTTIME", "YEAR"]),
        "long_over": _any_has(after, ["RESOLVED"]),
        "long_told": _any_has(here, ["OTHERS", "FEAR"]),
    }


def _features_of_short(reading: Reading, nearness: "_Nearness") -> dict[str, float]:
    features = {
        "share": nearness.share,
        "share_near": nearness.share * nearness.top,
        "lead": nearness.lead,
        "asks": bool(reading.sentences) and all(sentence.asks for sentence in reading.sentences),
        "brief": reading.words <= BRIEF_WORDS,
    }
    if reading.strongest >= LEAST_ALONE:
        for tag in ("NOW", "SEVERE", "HAPPENING"):
            features[f"tag_{tag}"] = _any_has(reading.sentences, [tag])
    for tag in ("IF", "FEAR", "CAUSE", "PASTTIME", "RESOLVED", "REACTION", "MILD", "TREATOBJ"):
        features[f"tag_{tag}"] = _any_has(reading.sentences, [tag])
    if reading.strongest >= HELD > reading.most:
        features["held"] = True
        features["held_denied"] = "denied" in reading.against
        features["held_over"] = not OVER.isdisjoint(reading.against)
    return features


def _any_has(sentences: Iterable[Sentence], tags: Iterable[str]) -> bool:
    tags = list(tags)
    return any(sentence.has(tag) for sentence in sentences for tag in tags)


@dataclass(frozen=True, slots=True)
class _Nearness:
    """
    How near a message is to the examples.

    Attributes:
        share: Of the urgent ones in what is near, in [0, 1].
        top: Cosine of the nearest.
        lead: Cosine of the nearest urgent one above that of the nearest other, times 5.
        shares: Of each sign in what is near, in [0, 1].

    """

    share: float
    top: float
    lead: float
    shares: Mapping[str, float]

    @classmethod
    def of(cls, near: Sequence[Near]) -> "_Nearness":
        """Sum up the nearest examples; where there are none, say that nothing speaks either way."""
        weights = [max(0.0, one.cosine - LEAST_COSINE) ** 2 for one in near]
        total = sum(weights)
        if not total:
            return cls(LEAST_COSINE, LEAST_COSINE, 0.0, {})
        shares: dict[str, float] = {}
        for one, weight in zip(near, weights, strict=True):
            if one.kind.startswith(PREFIX):
                sign = one.kind.removeprefix(PREFIX)
                shares[sign] = shares.get(sign, 0.0) + weight / total
        beyond = near[-1].cosine - BEYOND
        urgent = [one.cosine for one in near if one.kind.startswith(PREFIX)]
        other = [one.cosine for one in near if not one.kind.startswith(PREFIX)]
        lead = max(urgent, default=beyond) - max(other, default=beyond)
        return cls(sum(shares.values()), near[0].cosine, LEAD_SCALE * lead, shares)


def _probability(features: Mapping[str, float]) -> float:
    return shipped_weights().probability(features)


@cache
def shipped_weights() -> Weights:
    """Read the weights once; the file comes with the package."""
    content = orjson.loads(WEIGHTS_FILE.read_bytes())
    return Weights(content["intercept"], content["features"])


def _alarm() -> Mapping[str, float]:
    alarm: dict[str, float] = signs_file()["alarm"]
    return alarm


@cache
def _vocabulary() -> Vocabulary:
    """Arrange the words once; the file comes with the package."""
    content = signs_file()
    return Vocabulary(
        content["words"],
        content["numbers"],
        content["plain"],
        content["keep"],
        content["mend"],
        content["look_alikes"],
    )
