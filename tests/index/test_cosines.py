"""Cosines and RowsByOwner: the figures of a plain search, each worked out once."""

import numpy as np
import pytest

from index.cosines import Comparer, RowsByOwner
from index.index_kind import IndexKind
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


@pytest.mark.parametrize("count", [1, 2, 3, 100])
def test_the_mean_of_the_best_is_that_of_each_passage_alone(count: int) -> None:
    """Passages with many rows, with few and with none; equal cosines among them."""
    chance = np.random.default_rng(5)
    owners = chance.integers(0, 12, 60)
    owners = owners[(owners != 4) & (owners != 11)]
    owners = np.append(owners, 11)
    cosines = chance.uniform(-1, 1, len(owners)).round(1).astype(np.float32)
    expected = [
        np.sort(cosines[owners == passage])[::-1][:count].mean() if passage in owners else -1.0
        for passage in range(13)
    ]
    owned = RowsByOwner(owners.tolist(), 13)
    assert np.allclose(owned.mean_of_best(cosines, count), expected, atol=1e-6)


def test_passages_without_rows_have_no_best() -> None:
    """As with a document for which nobody wrote questions."""
    owned = RowsByOwner([], 2)
    assert owned.best(np.zeros(0, np.float32)).tolist() == [-1.0, -1.0]
    assert owned.mean_of_best(np.zeros(0, np.float32), 3).tolist() == [-1.0, -1.0]
    assert owned.best_row(np.zeros(0, np.float32), 1) is None


def test_rows_of_a_cosine_or_more(comparer: Comparer, rows: dict[str, np.ndarray]) -> None:
    """Nearest first, and none where none is so near."""
    vector = unit(1, 99)[0]
    cosines = rows[QUESTIONS] @ vector
    found, figures = comparer.compare(vector).at_least(QUESTIONS, 0.1)
    assert found.tolist() == [row for row in np.argsort(-cosines) if cosines[row] >= 0.1]
    assert np.allclose(figures, cosines[found], atol=1e-6)
    assert len(comparer.compare(vector).at_least(QUESTIONS, 1.1)[0]) == 0


class TestALargeSet:
    """Sets whose index is not exact: five rows are searched for."""

    CANDIDATES = 5

    @pytest.fixture
    def comparer(self, rows: dict[str, np.ndarray]) -> Comparer:
        """A comparer of sets that are all searched by a graph."""
        graphs = {
            name: VectorIndex.from_vectors(part, IndexKind("HNSW8", 20)) for name, part in rows.items()
        }
        return Comparer({name: VectorSet(graph, ()) for name, graph in graphs.items()}, self.CANDIDATES)

    @pytest.mark.parametrize("name", SETS)
    def test_what_is_not_found_counts_as_the_last_that_is(
        self, comparer: Comparer, rows: dict[str, np.ndarray], name: str
    ) -> None:
        """No row counts as nearer than it may be, and none as if it were opposite."""
        vector = unit(1, 99)[0]
        true = rows[name] @ vector
        fifth = np.sort(true)[-self.CANDIDATES]
        assert np.allclose(comparer.compare(vector).all(name), np.maximum(true, fifth), atol=1e-6)

    @pytest.mark.parametrize("name", SETS)
    def test_the_nearest_are_those_that_are_found(
        self, comparer: Comparer, rows: dict[str, np.ndarray], name: str
    ) -> None:
        """Never a row that only counts as the last of them."""
        vector = unit(1, 99)[0]
        best = np.argsort(-(rows[name] @ vector)).tolist()
        cosines = comparer.compare(vector)
        cosines.all(name)
        assert cosines.nearest(name, 3)[0].tolist() == best[:3]
        assert cosines.nearest(name, 20)[0].tolist() == best[: self.CANDIDATES]
        assert cosines.at_least(name, -1)[0].tolist() == best[: self.CANDIDATES]

    def test_it_is_searched_once(self, comparer: Comparer, monkeypatch: pytest.MonkeyPatch) -> None:
        """However often its figures are asked for."""
        searched: list[int] = []
        real = VectorIndex.search

        def counted(index: VectorIndex, vector: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
            searched.append(k)
            return real(index, vector, k)

        monkeypatch.setattr(VectorIndex, "search", counted)
        cosines = comparer.compare(unit(1, 99)[0])
        for _ in range(3):
            cosines.all(QUESTIONS)
            cosines.nearest(QUESTIONS, 3)
            cosines.at_least(QUESTIONS, 0.1)
        assert searched == [self.CANDIDATES]
