"""What answers is what built the index: the exported encoder ranks as sentence-transformers does."""

from pathlib import Path

import numpy as np
import orjson
import pytest

from assistant import Setup
from assistant.opening import load_embedder, open_index
from corpus import Document, embedded_text
from index import Embedder, EncoderCache, Query, Retriever, SearchIndex, find_model

QUESTIONS = Path(__file__).parent / "development" / "questions.jsonl"
RANKED = 10

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def index(model_index_dir: Path) -> SearchIndex:
    """The shipped document's index."""
    return open_index(Setup(index_dir=model_index_dir), rebuild=False)


@pytest.fixture(scope="module")
def theirs() -> Embedder:
    """The shipped model in sentence-transformers."""
    return load_embedder(find_model())


@pytest.fixture(scope="module")
def ours(index: SearchIndex, theirs: Embedder, model_index_dir: Path) -> Embedder:
    """The shipped model as it stands beside the index."""
    return EncoderCache(model_index_dir, report=pytest.fail).open(find_model(), lambda: theirs)


def test_vectors_are_the_same(
    document: Document, index: SearchIndex, theirs: Embedder, ours: Embedder
) -> None:
    """Every passage, and questions to make five hundred texts: no cosine below 0.9999."""
    texts = [embedded_text(document, passage) for passage in index.passages]
    texts += [question.text for question in document.questions[:: len(document.questions) // 500]]
    texts = texts[:500]
    assert len(texts) == 500
    for expected, found in (
        (theirs.embed_documents(texts), ours.embed_documents(texts)),
        (theirs.embed_queries(texts), ours.embed_queries(texts)),
    ):
        assert np.min(np.sum(expected * found, axis=1)) >= 0.9999


def test_rankings_are_the_same(
    document: Document, index: SearchIndex, theirs: Embedder, ours: Embedder
) -> None:
    """A hundred and fifty questions that were written for neither: the same passages, in one order."""
    by_id = {document.id: document}
    lines = [orjson.loads(line) for line in QUESTIONS.read_bytes().splitlines()]
    chosen = np.random.default_rng(0).choice(len(lines), 150, replace=False)
    one, other = (Retriever(index, embedder, by_id) for embedder in (theirs, ours))
    for at in chosen:
        query = Query(lines[at]["question"])
        expected, found = (retriever.retrieve(query, RANKED).passages for retriever in (one, other))
        assert [(s.passage.id, s.answering) for s in found] == [
            (s.passage.id, s.answering) for s in expected
        ]
