"""Makes a self-contained question of a turn in a conversation, without a language model."""

import re
from collections.abc import Sequence

from corpus.folding import fold

_OPENERS = re.compile(r"(and|or|but|so|also|what about|how about|then|ok and|what if)\b")
_POINTERS = frozenset(
    [
        "it",
        "its",
        "that",
        "this",
        "these",
        "those",
        "them",
        "they",
        "one",
        "ones",
        "he",
        "she",
        "her",
        "his",
        "there",
        "same",
        "other",
        "others",
    ]
)
MAX_DEPENDENT_WORDS = 8
"""A longer turn is taken to stand alone."""


def resolved_question(question: str, earlier: Sequence[str]) -> str:
    """
    Return what to search for.

    A short turn that opens with a linking word ("and after menopause?") or holds a word that points
    back ("is it a pill?") is searched for together with the turn before it; any other turn alone.

    Args:
        question: The turn, as typed.
        earlier: Earlier turns of the same person, oldest first.

    """
    if not earlier:
        return question
    words = re.findall(r"[a-z']+", fold(question))
    dependent = len(words) <= MAX_DEPENDENT_WORDS and (
        _OPENERS.match(" ".join(words)) or _POINTERS.intersection(words)
    )
    return f"{earlier[-1]} {question}" if dependent else question
