"""
How like the urgent examples a message is, and how much that and the rules count together.

A support vector machine with a radial kernel (Cortes and Vapnik, 1995) over sentence vectors: each
example pulls towards "urgent" or away from it, the more the nearer it is. The message counts as a whole,
by each of its pieces and by each two that follow one another; the most urgent of them decides. A
logistic model joins this with the probability by rules and with the score of the words
(`assistant.urgent.words`). `python -m assistant.evaluation.fit_urgent`
makes the numbers; they hold for the one model whose vectors they were made with.
"""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from assistant.examples import examples
from assistant.odds import log_odds, probability
from assistant.urgent.words import WordModel

MODEL_FILE = Path(__file__).parent / "likeness.json"

PREFIX = "urgent/"
"""Before the sign, in the kind of an example."""

LONG_WORDS = 45
"""
A longer message has many pieces, of which one sounds urgent by chance; the emergency may be one sentence
of many, and the nearness of the whole to an example says little.
"""

MOST_PIECES = 40
"""Pieces of a message that are looked at, the first ones of more; the rules read every sentence."""

LEAST_BY_RULES = 1e-4
"""No rules are surer than this of an emergency, nor of none (probability): the rest must have a say."""

PULLING = 20
"""Examples that say which sign it is: those that pull most."""

_BREAK = re.compile(r"(?<=[.!?])\s+|\n+|;\s|\s-\s")


@dataclass(frozen=True, slots=True)
class Likeness:
    """
    How like the urgent examples a message is.

    Attributes:
        score: Signed distance from the boundary; above 0 it is more like the urgent ones.
        sign: That of the urgent examples which pull most.
        words: How urgent its words sound, likewise.

    """

    score: float
    sign: str
    words: float


@dataclass(frozen=True, slots=True)
class LikenessModel:
    """
    The numbers of both models.

    Attributes:
        embedder: Digest of the model that they hold for.
        gamma: Of the kernel `exp(-gamma |x - y|^2)`.
        coefficients: One for each example, in the order of `examples()`; float32, shape (examples,).
        intercept: Of the machine.
        words: The machine over words.
        rules_weight: Of the log-odds by rules, in the joint model.
        score_weight: Of the score, in the joint model.
        words_weight: Of the score of the words, in the joint model.
        joint_intercept: Of the joint model.
        least: The least probability that raises the alarm.
        least_of_long: The same for a message of more than 45 words.

    """

    embedder: str
    gamma: float
    coefficients: NDArray[np.float32]
    intercept: float
    words: WordModel
    rules_weight: float
    score_weight: float
    words_weight: float
    joint_intercept: float
    least: float
    least_of_long: float

    def likeness(self, message: str, cosines: NDArray[np.float32]) -> Likeness:
        """
        Score a message.

        Args:
            message: As typed.
            cosines: Of the message and its pieces with every example, float32, shape (n, examples).

        """
        # Three examples in five pull nowhere.
        rows = np.flatnonzero(self.coefficients)
        # Of unit vectors |x - y|^2 is 2 - 2 cos.
        near = np.take(cosines, rows, axis=1)
        pulls = np.exp(-2 * self.gamma * (1 - near)) * self.coefficients[rows]
        scores = pulls.sum(axis=1) + self.intercept
        most = int(np.argmax(scores))
        by_words = self.words.score([message, *pieces(message)])
        return Likeness(float(scores[most]), _sign(rows, pulls[most]), by_words)

    def is_urgent(self, likeness: Likeness, by_rules: float, words: int) -> bool:
        """
        Join likeness and rules.

        Args:
            likeness: Of the message.
            by_rules: Probability by the rules, in (0, 1).
            words: Of the message.

        """
        odds = (
            self.joint_intercept
            + self.rules_weight * rules_odds(by_rules)
            + self.score_weight * likeness.score
            + self.words_weight * likeness.words
        )
        least = self.least_of_long if words > LONG_WORDS else self.least
        return probability(odds) >= least


def rules_odds(by_rules: float) -> float:
    """Return the log-odds of a probability by the rules, which are held to be wrong at times."""
    return log_odds(min(max(by_rules, LEAST_BY_RULES), 1 - LEAST_BY_RULES))


def pieces(message: str) -> tuple[str, ...]:
    """
    Return the pieces of a message and each two that follow one another; none where it is one piece.

    >>> pieces("ok so. he fell; he can't talk")
    ('ok so.', 'he fell', "he can't talk", 'ok so. he fell', "he fell he can't talk")
    """
    single = [part.strip() for part in _BREAK.split(message) if part.strip()]
    if len(single) < 2:
        return ()
    pairs = [f"{one} {two}" for one, two in pairwise(single)]
    different = dict.fromkeys([*single, *pairs])
    return tuple(part for part in different if part != message)[:MOST_PIECES]


def likeness_model(embedder: str) -> LikenessModel | None:
    """Return the numbers for the model with this digest, or None where there are none."""
    model = _shipped()
    return model if model is not None and model.embedder == embedder else None


def _sign(rows: NDArray[np.int64], pulls: NDArray[np.float32]) -> str:
    """Return the sign that the examples in these rows pull towards most."""
    totals: dict[str, float] = {}
    for at in np.argpartition(-pulls, min(PULLING, len(pulls) - 1))[:PULLING]:
        kind = examples()[int(rows[at])].kind
        if kind.startswith(PREFIX):
            sign = kind.removeprefix(PREFIX)
            totals[sign] = totals.get(sign, 0.0) + float(pulls[at])
    return max(totals, key=lambda sign: totals[sign])


@cache
def _shipped() -> LikenessModel | None:
    """Read the numbers once; None where they are not those of the examples that are there."""
    content = orjson.loads(MODEL_FILE.read_bytes())
    coefficients = np.array(content["coefficients"], dtype=np.float32)
    if len(coefficients) != len(examples()):
        return None
    joint, machine, words = content["joint"], content["machine"], content["words"]
    return LikenessModel(
        content["embedder"],
        machine["gamma"],
        coefficients,
        machine["intercept"],
        WordModel(words["weights"], words["intercept"]),
        joint["rules"],
        joint["score"],
        joint["words"],
        joint["intercept"],
        joint["least"],
        joint["least_of_long"],
    )
