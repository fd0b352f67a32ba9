"""Which index is chosen at which size."""

import pytest

from index.index_kind import EXACT, EXACT_NUMBERS, choose

DIMENSION = 384
"""Of the shipped model's vectors."""


@pytest.mark.parametrize("rows", [0, 1, 99, 9_675, 50_000, EXACT_NUMBERS // DIMENSION])
def test_a_page_is_searched_whole(rows: int) -> None:
    """Up to the limit, and so for every set of the shipped index, nothing can be missed."""
    assert choose(rows, DIMENSION) == EXACT


@pytest.mark.parametrize("rows", [EXACT_NUMBERS // DIMENSION + 1, 100_000, 1_000_000])
def test_more_is_searched_in_part(rows: int) -> None:
    """Beyond the limit no search reads every row."""
    kind = choose(rows, DIMENSION)
    assert not kind.is_exact
    assert kind.effort > 0


def test_longer_vectors_reach_the_limit_with_fewer_rows() -> None:
    """It is the numbers that are read which take time."""
    assert choose(30_000, 384).is_exact
    assert not choose(30_000, 1536).is_exact


def test_the_limit_can_be_given() -> None:
    """A test needs no million passages."""
    assert not choose(10, 8, exact_numbers=79).is_exact
    assert choose(10, 8, exact_numbers=80).is_exact


@pytest.mark.parametrize("counts", [(-1, 8, 0), (1, -8, 0), (1, 8, -1)])
def test_counts_below_zero_are_refused(counts: tuple[int, int, int]) -> None:
    """They are the caller's mistake."""
    rows, dimension, numbers = counts
    with pytest.raises(ValueError, match="must not be negative"):
        choose(rows, dimension, exact_numbers=numbers)
