"""
Tells how much a turn of a conversation depends on what was said before.

A logistic model of what is plain to see in the words (a pronoun, a linking word, few words of its own)
and of how much better known the turn is with what came before it than alone. Its weights stand in
resolving.json, with where they came from.
"""

import re
from collections.abc import Mapping, Sequence

from assistant.follow_ups.things import ASPECT, CANCER, PERSON, SITE, THING, Thing
from assistant.odds import probability
from corpus.folding import fold
from index import Evidence

_POINTING = re.compile(
    r"\b(?:it|its|it's|that|thats|this|these|those|them|they|they're|theyre|their|ones?|he|she|her|his|him"
    r"|there|same|others?|another|first|second|third|last|latter|former|both|two|either|neither|such"
    r"|else|then|instead|so)\b"
)
_POINTING_BACK = re.compile(
    r"\b(?:that one|this one|the (?:first|second|third|last|other|latter|former|next|same|middle|two)"
    r"|those|these|them|they|that|which (?:one|of)|it|both)\b"
)
_LINKING = re.compile(
    r"^(?:(?:ok|okay|right|so|oh|well|um|and then|yeah|yes|no|hm+) )*"
    r"(?:and|n|or|but|what about|how about|wat about|also for|even|only|still|with what|for|in|after"
    r"|before|why|names?|others?|which|who else|what else|anything else)\b"
)
_SPOKE = (
    r"(?:(?:you|u) (?:just |already )?(?:said|mentioned|told|listed|wrote|talked|spoke)"
    r"|we (?:just |already )?(?:talked|spoke|discussed|mentioned)"
    r"|i (?:just |already )?(?:said|named|listed|mentioned|brought up"
    r"|asked (?:you|about|first|before|earlier)))"
)
_AT_FIRST = (
    rf"(?:(?:{_SPOKE}|did you say|did i ask) |(?:the|that|those) (?:\w+ ){{1,3}}?)"
    r"(?:at|from) the (?:very )?(?:start|beginning|top)\b(?! of\b)"
    rf"|the (?:very )?first (?:\w+ )?(?:that )?{_SPOKE}"
    r"|i asked first|my (?:very )?first question|the first thing"
)
_FIRST_OF_ALL = re.compile(rf"\b(?:{_AT_FIRST})\b")
_RETURNING = re.compile(
    r"\b(?:(?:go|going|come|coming) back (?:to|on)|going back|back to|before that"
    rf"|from (?:before|earlier)|return(?:ing)? to|circl(?:e|ing) back|{_SPOKE}|{_AT_FIRST})\b"
)
_PERHAPS_RETURNING = re.compile(r"\b(?:earlier|again)\b")
_OWN = re.compile(r"\b(?:i|im|i'm|my|me|we)\b")
_WORD = re.compile(r"[a-z0-9']+")

_EMPTY_WORDS = frozenset(
    """
    a an the i im i'm me my we you your he she her his him it its is are am was were be been do does did
    can could will would should may might have has had of for in on at to with by from and or but so if
    then what which who whom whose when where why how that this these those they them there any some all
    no not n't just like get got give given take taken use used about into out up down off over as than
    too also very really please ok okay thanks thank well one ones thing things stuff kind sort way more
    else other others same
    """.split()  # noqa: SIM905
)
"""Words that name nothing by themselves."""

LONG_TURN = 20
MANY_WORDS = 8
"""Where the counts of all words, and of words that name something, are cut off."""


def goes_back(turn: str) -> bool:
    """Tell whether a turn seems to say that it returns to something earlier."""
    return leaves_the_last(turn) or bool(_PERHAPS_RETURNING.search(fold(turn)))


def leaves_the_last(turn: str) -> bool:
    """
    Tell whether a turn says for certain that it returns to something before the last question.

    >>> leaves_the_last("back to the port"), leaves_the_last("will it grow again")
    (True, False)
    """
    return bool(_RETURNING.search(fold(turn)))


def goes_to_the_first(turn: str) -> bool:
    """
    Tell whether a turn says that it returns to what was asked first of all.

    >>> goes_to_the_first("the first drug i asked about"), goes_to_the_first("back to the second")
    (True, False)
    """
    return bool(_FIRST_OF_ALL.search(fold(turn)))


def naming_words(text: str) -> list[str]:
    """Return the folded words of a text that name something."""
    return [word for word in _WORD.findall(fold(text)) if word not in _EMPTY_WORDS]


def dependence_features(
    turn: str, things: Sequence[Thing], alone: Evidence, carried: Evidence, glued: Evidence
) -> dict[str, float]:
    """
    Return the features of the model.

    Args:
        turn: The turn, as typed.
        things: What it speaks of.
        alone: The evidence for the turn by itself.
        carried: The same with what is carried over.
        glued: The same with the question before it.

    """
    folded = fold(turn)
    words = _WORD.findall(folded)
    naming = naming_words(turn)
    slots = {thing.slot for thing in things}
    return {
        "short": float(len(words) <= 4),
        "words": min(len(words), LONG_TURN) / LONG_TURN,
        "naming_words": min(len(naming), MANY_WORDS) / MANY_WORDS,
        "names_nothing": float(len(naming) <= 1),
        "names_little": float(len(naming) == 2),
        "linking": float(bool(_LINKING.search(folded))),
        "pointing": float(bool(_POINTING.search(folded))),
        "pointing_back": float(bool(_POINTING_BACK.search(folded))),
        "going_back": float(goes_back(turn)),
        "own": float(bool(_OWN.search(folded))),
        "thing": float(THING in slots),
        "cancer": float(bool(slots & {CANCER, SITE})),
        "person": float(PERSON in slots),
        "aspect": float(ASPECT in slots),
        "margin": alone.margin,
        "question_best": _known(alone),
        "question_mean": alone.questions.mean if alone.questions else alone.sentence,
        "carried_gain": _known(carried) - _known(alone),
        "glued_gain": _known(glued) - _known(alone),
    }


def _known(evidence: Evidence) -> float:
    """Return how well known a question is: its cosine with the nearest authored one, or sentence."""
    return evidence.questions.best if evidence.questions else evidence.sentence


def dependence(features: Mapping[str, float], weights: Mapping[str, float], intercept: float) -> float:
    """Return the probability that a turn depends on what was said before, in [0, 1]."""
    odds = intercept + sum(weight * features[name] for name, weight in weights.items())
    return probability(odds)
