"""Cosines and RowsByOwner: the figures of a plain search, each worked out once."""

import numpy as np
import pytest

from index.cosines import Comparer, RowsByOwner
from index.storage import GAPS, NAMELESS_GAPS, NAMELESS_QUESTIONS, QUESTIONS, SETS, VectorSet
from index.vectors import VectorIndex


def unit(count: int, seed: int) -> np.ndarray:
    """Return random unit rows: float32, shape (count, 8)."""
    rows = np.random.default_rng(seed).normal(size=(count, 8)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def rows() -> dict[str, np.ndarray]:
    """Twenty rows of each set; those without names differ in every third row."""
    found = {name: unit(20, seed) for seed, name in enumerate(SETS)}
    for name, base in ((NAMELESS_QUESTIONS, QUESTIONS), (NAMELESS_GAPS, GAPS)):
        same = np.arange(20) % 3 > 0
        found[name][same] = found[base][same]
    return found


@pytest.fixture
def comparer(rows: dict[str, np.ndarray]) -> Comparer:
    """A comparer of these sets."""
    return Comparer({name: VectorSet(VectorIndex.from_vectors(part), ()) for name, part in rows.items()})


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("whole_first", [True, False])
def test_figures_are_those_of_a_search(
    comparer: Comparer, rows: dict[str, np.ndarray], name: str, whole_first: bool
) -> None:
    """Whether all or the nearest are asked for first, and for more than there are."""
    vector = unit(1, 99)[0]
    cosines = comparer.compare(vector)
    if whole_first:
        assert np.allclose(cosines.all(name), rows[name] @ vector, atol=1e-6)
    for k in (1, 5, 20, 50):
        expected, figures = comparer.sets[name].vectors.search(vector, k)
        found = cosines.nearest(name, k)
        assert found[0].tolist() == expected.tolist()
        assert np.allclose(found[1], figures, atol=1e-6)
    assert np.allclose(cosines.all(name), rows[name] @ vector, atol=1e-6)


def test_each_set_is_compared_once(comparer: Comparer, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often its figures are asked for; a variant has only its own rows compared."""
    compared: list[int] = []
    real = VectorIndex.cosines

    def counted(index: VectorIndex, vector: np.ndarray) -> np.ndarray:
        compared.append(len(index))
        return real(index, vector)

    monkeypatch.setattr(VectorIndex, "cosines", counted)
    cosines = comparer.compare(unit(1, 99)[0])
    for _ in range(3):
        cosines.all(QUESTIONS)
        cosines.nearest(QUESTIONS, 5)
        cosines.nearest(NAMELESS_QUESTIONS, 5)
    assert compared == [20, 7]


def test_of_equal_rows_the_first_comes_first() -> None:
    """Also where only some of the equal ones are wanted."""
    same = VectorIndex.from_vectors(unit(1, 0).repeat(6, axis=0))
    comparer = Comparer({name: VectorSet(same, ()) for name in SETS})
    found, _ = comparer.compare(unit(1, 0)[0]).nearest(GAPS, 4)
    assert found.tolist() == [0, 1, 2, 3]


def test_rows_are_brought_together_by_owner() -> None:
    """The best of each, -1 for a passage without any, and the first of equal rows."""
    owned = RowsByOwner([2, 0, 2, 0, 2], 4)
    cosines = np.array([0.5, 0.1, 0.9, 0.4, 0.9], np.float32)
    assert np.allclose(owned.best(cosines), [0.4, -1.0, 0.9, -1.0])
    assert [owned.best_row(cosines, passage) for passage in range(4)] == [3, None, 2, None]
    assert (owned.first_row(0), owned.first_row(2)) == (1, 0)


def test_passages_without_rows_have_no_best() -> None:
    """As with a document for which nobody wrote questions."""
    owned = RowsByOwner([], 2)
    assert owned.best(np.zeros(0, np.float32)).tolist() == [-1.0, -1.0]
    assert owned.best_row(np.zeros(0, np.float32), 1) is None
