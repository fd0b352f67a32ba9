"""Puts a passage that names medicines before one that only introduces them, if names are asked for."""

import re
from collections.abc import Callable, Sequence

from corpus import Passage
from corpus.folding import fold
from index import ScoredPassage

LOOKED_AT = 3
"""
Passages among which one with names is looked for. Ten of the 1,600 questions and turns of
tests/development are given another first passage: four of them the right one in place of a wrong one,
six one that answers as well as the one before it, and none a wrong one.
"""

_WHAT_THERE_IS = (
    r"(?:drugs?|medicines?|meds?|medications?|pills?|tablets?|ones|shots?|injections?|antibod(?:y|ies)"
    r"|inhibitors?|blockers?|treatments?|therap(?:y|ies)|options?|chemos?|names?)"
)
_ANOTHER_QUESTION = (
    r"(?:s|is|are|do|does|did|if|when|about|after|before|during|happens?|helps?|causes?|makes?)\b"
)
# Possessive: a hyphen may belong to a word or part two, and a long row of them would be tried every way.
_NOT_WHAT_IT_IS = rf"(?:(?!{_ANOTHER_QUESTION})[\w/-]++\W++){{0,3}}?"
_ASKS_NAMES = re.compile(
    rf"\b(?:which|what|wat)\W++{_NOT_WHAT_IT_IS}{_WHAT_THERE_IS}\b"
    r"(?!\W+(?:do to|does|did|means?|works?)\b)"
    r"|\bwhich(?: ones?)?\W*$|\bnames?\W*$|\bcalled\W*$"
)


def asks_names(question: str) -> bool:
    """
    Tell whether a question asks which medicines or treatments there are, not what one is or does.

    >>> asks_names("which tablets are there for my mum"), asks_names("what do these tablets do")
    (True, False)
    """
    return bool(_ASKS_NAMES.search(fold(question)))


def names_first(
    question: str, passages: Sequence[ScoredPassage], names_any: Callable[[Passage], bool]
) -> tuple[ScoredPassage, ...]:
    """
    Return passages, best first, with one that names medicines before an introduction without any.

    Args:
        question: A self-contained question.
        passages: Best first.
        names_any: Whether a passage names a medicine.

    Returns:
        The same passages. Their order is another one if the question asks for names, the first passage
        has none, and one of the next few in the same section has some: that one comes first then.

    """
    if not passages or names_any(passages[0].passage) or not asks_names(question):
        return tuple(passages)
    section = passages[0].passage.document_id, passages[0].passage.section_id
    for at, scored in enumerate(passages[:LOOKED_AT]):
        passage = scored.passage
        if (passage.document_id, passage.section_id) == section and names_any(passage):
            return (scored, *passages[:at], *passages[at + 1 :])
    return tuple(passages)
