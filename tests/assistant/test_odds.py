"""Log-odds and probabilities."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.odds import log_odds, probability


@pytest.mark.parametrize(("odds", "share"), [(0.0, 0.5), (math.log(3), 0.75), (-math.log(9), 0.1)])
def test_one_is_the_other(odds: float, share: float) -> None:
    """Three to one is three quarters, and back."""
    assert probability(odds) == pytest.approx(share)
    assert log_odds(share) == pytest.approx(odds)


@given(st.floats(allow_nan=False))
def test_no_odds_are_too_long(odds: float) -> None:
    """Whatever a model says is a probability, the higher the odds the higher."""
    assert 0 <= probability(odds) <= 1
    assert probability(odds) <= probability(odds + 1)


def test_certainty_has_odds_too() -> None:
    """0 and 1 are as far as one in a thousand million."""
    assert [log_odds(0.0), log_odds(1.0)] == pytest.approx([-math.log(1e9), math.log(1e9)], rel=1e-6)
