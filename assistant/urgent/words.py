"""
How urgent the words of a message sound: a linear machine over single words and pairs of them.

Sentence vectors blur what differs by one word ("coughing blood", "blood test"); words and pairs keep it.
The numbers stand with those of `assistant.urgent.likeness` and are made with them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from corpus.folding import fold

_WORD = re.compile(r"[a-z0-9']+")


@dataclass(frozen=True, slots=True)
class WordModel:
    """
    The numbers of the machine.

    Attributes:
        weights: Of each word and pair that it knows; above 0 for what sounds urgent.
        intercept: The score of a text without any that it knows.

    """

    weights: Mapping[str, float]
    intercept: float

    def score(self, texts: Sequence[str]) -> float:
        """Return the score of the most urgent of some texts: above 0 it is more like the urgent ones."""
        return max(map(self._score, texts), default=self.intercept)

    def _score(self, text: str) -> float:
        known = [self.weights[feature] for feature in word_features(text) if feature in self.weights]
        return self.intercept + (sum(known) / sqrt(len(known)) if known else 0.0)


def word_features(text: str) -> tuple[str, ...]:
    """
    Return the different words of a text, and the pairs of words that follow one another, in order.

    >>> word_features("No, no pain")
    ('no', 'pain', 'no no', 'no pain')
    """
    words = _WORD.findall(fold(text))
    return tuple(dict.fromkeys([*words, *(f"{one} {two}" for one, two in pairwise(words))]))
