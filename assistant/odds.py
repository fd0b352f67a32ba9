"""Log-odds and probabilities, as logistic models speak of them."""

import math

MOST_ODDS = 50.0
"""Log-odds beyond which a probability is 0 or 1 as far as anybody can tell; their power stays finite."""

LEAST_PROBABILITY = 1e-9


def probability(log_odds: float) -> float:
    """Return the probability of some log-odds, in [0, 1]."""
    return 1 / (1 + math.exp(-min(max(log_odds, -MOST_ODDS), MOST_ODDS)))


def log_odds(probability: float) -> float:
    """Return the log-odds of a probability in [0, 1]; those of 0 and 1 are finite too."""
    held = min(max(probability, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY)
    return math.log(held / (1 - held))
