"""How like two words are, slips of the finger allowed; the only importer of rapidfuzz in `corpus`."""

from rapidfuzz.distance import DamerauLevenshtein

LEAST_LETTERS = 5
"""Shorter words must be written right: too many of them are one letter apart."""

LONG_LETTERS = 8
LEAST_LIKENESS = 0.8
LEAST_LIKENESS_LONG = 0.7
"""
Damerau-Levenshtein similarity in [0, 1]: one slip in a word of five to seven letters, two in one of
eight or nine, three in one of ten to thirteen, four from there on. More than the speller of questions
allows, because what is looked for here is a name or a symptom and a wrong one costs a glance, not a
wrong answer.
"""


def likeness(typed: str, word: str, *, least: float | None = None) -> float:
    """
    Return how like two folded words are, in [0, 1]; 0 where they are too different to be the same.

    Args:
        typed: A word as somebody typed it.
        word: A word that may be meant.
        least: What counts as the same; without it, what the length of `word` allows.

    >>> likeness("nausia", "nausea") > 0.8
    True
    >>> likeness("nausia", "fatigue")
    0.0
    """
    if typed == word:
        return 1.0
    if min(len(typed), len(word)) < LEAST_LETTERS or typed[0] != word[0]:
        return 0.0
    alike = DamerauLevenshtein.normalized_similarity(typed, word)
    if least is None:
        least = LEAST_LIKENESS_LONG if len(word) >= LONG_LETTERS else LEAST_LIKENESS
    return alike if alike >= least else 0.0
