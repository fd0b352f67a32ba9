"""A document whose sets are too large to be searched whole: it is answered as if they were not."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest

from assistant import Setup
from assistant.opening import open_retriever
from corpus import Document
from index import IndexDamagedError, Query, Retriever, SearchIndex, build_index
from index.embedding import Embedder
from index.index_kind import choose
from index.storage import EXAMPLES, SENTENCES, read_index, write_index
from index.vectors import VectorIndex

QUESTIONS = Path(__file__).parents[1] / "development" / "questions.jsonl"
SAME = 0.98
"""Share of questions that must get the same first passage."""


@pytest.fixture(scope="module")
def asked() -> list[str]:
    """The development questions."""
    return [orjson.loads(line)["question"] for line in QUESTIONS.read_bytes().splitlines()]


@pytest.fixture(scope="module")
def large(document: Document, bag_of_words: Embedder) -> SearchIndex:
    """The shipped document with no set small enough to be searched whole."""
    return build_index([document], bag_of_words, examples=("hello", "thanks"), exact_numbers=0)


def firsts(retriever: Retriever, asked: list[str]) -> list[str]:
    """Return the first passage for each question."""
    return [retriever.retrieve(Query(text), k=1).passages[0].passage.id for text in asked]


def test_examples_alone_stay_exact(large: SearchIndex) -> None:
    """Each of them has a say, so that none may be missed."""
    assert {name for name, part in large.sets.items() if part.vectors.is_exact} == {EXAMPLES}


def test_the_first_passages_are_the_same(
    document: Document,
    bag_of_words: Embedder,
    fake_index: SearchIndex,
    large: SearchIndex,
    asked: list[str],
) -> None:
    """As with every set searched whole, for nearly every question."""
    exact, near = (
        firsts(Retriever(index, bag_of_words, {document.id: document}), asked)
        for index in (fake_index, large)
    )
    assert np.mean([one == other for one, other in zip(exact, near, strict=True)]) >= SAME


def test_a_mapped_index_ranks_as_the_built_one(
    tmp_path: Path, document: Document, bag_of_words: Embedder, large: SearchIndex, asked: list[str]
) -> None:
    """To the last bit, with every file mapped."""
    documents = {document.id: document}
    write_index(large, tmp_path / "an-index")
    again = read_index(tmp_path / "an-index", large.recipe, documents, mapped_from=1)
    assert all(part.vectors._mapped is not None for part in again.sets.values())
    old, new = (Retriever(index, bag_of_words, documents) for index in (large, again))
    for text in asked[:20]:
        assert old.retrieve(Query(text), k=20) == new.retrieve(Query(text), k=20)


def test_a_file_is_mapped_from_its_size_on(
    tmp_path: Path, document: Document, large: SearchIndex
) -> None:
    """A byte smaller, it is read."""
    folder = tmp_path / "an-index"
    write_index(large, folder)
    size = (folder / f"{SENTENCES}.faiss").stat().st_size
    for limit, is_mapped in ((size, True), (size + 1, False)):
        again = read_index(folder, large.recipe, {document.id: document}, mapped_from=limit)
        assert (again.sets[SENTENCES].vectors._mapped is not None) == is_mapped


@pytest.mark.parametrize("at", [0, 50, -1])
def test_a_mapped_file_is_held_to_its_digest(
    tmp_path: Path, document: Document, large: SearchIndex, at: int
) -> None:
    """One bit is enough, wherever it is."""
    write_index(large, tmp_path / "an-index")
    path = tmp_path / "an-index" / f"{SENTENCES}.faiss"
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)
    with pytest.raises(IndexDamagedError, match="not as it was written"):
        read_index(tmp_path / "an-index", large.recipe, {document.id: document}, mapped_from=1)


@pytest.mark.model
def test_the_model_finds_the_same_passages(
    model_index_dir: Path, document: Document, asked: list[str]
) -> None:
    """With the vectors that are shipped, all but the examples in an index that is not exact."""
    exact = open_retriever(Setup(index_dir=model_index_dir))
    sets = dict(exact._index.sets)
    for name, part in exact._index.sets.items():
        if name != EXAMPLES:
            rows = part.vectors._rows()
            kind = choose(*rows.shape, exact_numbers=0)
            sets[name] = replace(part, vectors=VectorIndex.from_vectors(rows, kind))
    near = Retriever(replace(exact._index, sets=sets), exact._embedder, {document.id: document})
    pairs = zip(firsts(exact, asked), firsts(near, asked), strict=True)
    assert np.mean([one == other for one, other in pairs]) >= SAME
