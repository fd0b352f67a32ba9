"""
Tells small talk from questions: a message in; its kind, or None where it is to be searched for, out.

A message is small talk only if the whole of it is. Its words are covered, phrase by phrase, with those
of phrases.json; where words are left over, authored examples that are near in meaning may still tell.
"""

import re
from collections.abc import Sequence

from assistant.examples import Near
from assistant.small_talk.phrasebook import Token, phrasebook
from corpus.folding import fold

PREFIX = "talk/"
"""Before the kind of an example that is small talk; any other but a calm one speaks for a search."""

CALM = "calm"
"""The kind of an example that only says that nothing is urgent; it may be a question or small talk."""

MOST_WORDS = 40
"""A longer message is searched for: nobody needs that many words for small talk alone."""

FEWEST_WORDS_BY_EXAMPLE = 3
MOST_WORDS_BY_EXAMPLE = 20
"""Words of a message that examples may judge. One or two words are too little for the model ("old age"
comes near "how old is this page"), and a long message mostly has a question somewhere."""

LEAST_COSINE = 0.5
LEAST_LEAD = 0.1
NEARLY_AS_NEAR = 0.02
VOTERS = 5
LEAST_VOTES = 4
ALIKE = 0.85
"""
A message is of the nearest example's kind (or a feeling, if one of these is nearly as near) at this
cosine at least, if no example that speaks for a search comes nearer than the lead, and if most of the
nearest five are small talk of some kind or the nearest is quite alike.

Phrases and examples together, on the last round of messages of tests/development: of 104 that are small
talk 101 are told, 98 with their kind, and of 179 questions none is taken. Of 26 turns of conversations
that are small talk 21 are told, and of 779 others five are taken (two numbers to call, a year, and twice
who checked the page). The votes, and the cosine of those quite alike, were chosen in sight of these
figures, which therefore flatter. With a lead of 0.05 five more questions would be taken of the 853 of
earlier rounds; with three votes none, and one more of the 560 single ones.
"""

_ASKS = re.compile(
    r"\?"
    r"|(?:^|[,.;:!] ?|\b(?:and|so|but|ok|well|then|or) )"
    r"(?:what|whats|how|hows|why|who|when|where|which"
    r"|is|are|am|can|could|do|does|did|will|would|should)\b"
    r"|\bwhat (?:if|about|is|are|can|do|does|helps?|happens|next)\b"
    r"|\bhow (?:about|do|does|can|to|long|much|many)\b"
    r"|\b(?:and if|is (?:it|there|that|this)|are there|(?:can|should|do|will|am) i|can you)\b"
)
"""Signs that a message asks."""

FEELING = "feeling"
"""The kind that comes before others: "thanks. sat here crying" is no mere thanks."""

_NEVER_ASKING = frozenset(["hello", "thanks", "ok", "bye", "feeling", "insult"])
"""Kinds that a message which asks is never taken for by its nearness to an example."""

_ABOUT_US = frozenset(["who", "doctor", "trust", "age", "privacy", "can"])
"""Kinds that ask about the assistant or its page, and so name it in some way."""


def small_talk(text: str, near: Sequence[Near] = ()) -> str | None:
    """
    Return the kind of a message that is small talk and nothing else, or None.

    Ask only once nothing urgent was found in the message.

    Args:
        text: The message, as typed.
        near: The ten or so examples that are nearest to the whole message, best first, of whatever
            kind. Without them only the phrases decide.

    Returns:
        "hello", "thanks", "ok", "bye", "who", "doctor", "trust", "age", "privacy", "can", "feeling",
        "insult", "inject" or "other".

    """
    book = phrasebook()
    tokens = book.tokens(text)
    if not tokens or len(tokens) > MOST_WORDS:
        return None
    return book.kind_of(tokens) or _kind_by_examples(text, tokens, near)


def without_pleasantries(text: str) -> str:
    """
    Return a text without the greetings and thanks at its beginning and end.

    A text of which nothing would be left stays as it is.

    >>> without_pleasantries("hi! thanks for that. what about radiation?")
    'what about radiation?'
    """
    book = phrasebook()
    tokens = book.tokens(text)
    first, after_last = book.pleasant_start(tokens), book.pleasant_end(tokens)
    if first >= after_last:
        return text
    start = tokens[first].start if first else 0
    if after_last == len(tokens):
        return text[start:]
    return text[start : tokens[after_last].start].rstrip(" \t\r\n,-–—(")


def _kind_by_examples(text: str, tokens: Sequence[Token], near: Sequence[Near]) -> str | None:
    """Return the kind of a message whose words no phrases cover, by the examples that are near."""
    near = [each for each in near if each.kind != CALM]
    if not near or not near[0].kind.startswith(PREFIX) or len(tokens) > MOST_WORDS_BY_EXAMPLE:
        return None
    book, words = phrasebook(), {token.word for token in tokens}
    best, kind = near[0].cosine, _kind_of_nearest(near)
    searched = max((each.cosine for each in near if not each.kind.startswith(PREFIX)), default=-1.0)
    if best < LEAST_COSINE or best - searched < LEAST_LEAD or words & book.subject:
        return None
    if kind in _NEVER_ASKING and _ASKS.search(fold(text)):
        return None
    if best >= ALIKE:
        return kind
    votes = sum(each.kind.startswith(PREFIX) for each in near[:VOTERS])
    unnamed = kind in _ABOUT_US and not words & book.addressed
    return None if len(tokens) < FEWEST_WORDS_BY_EXAMPLE or votes < LEAST_VOTES or unnamed else kind


def _kind_of_nearest(near: Sequence[Near]) -> str:
    """Return the kind of the nearest example; of one that asks nothing, "feeling" if nearly as near."""
    first = near[0].kind.removeprefix(PREFIX)
    nearly = {each.kind for each in near if each.cosine >= near[0].cosine - NEARLY_AS_NEAR}
    return FEELING if first in _NEVER_ASKING and PREFIX + FEELING in nearly else first
