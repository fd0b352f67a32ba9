"""Fixtures: the real document, a bag-of-words stand-in for the model, and the model itself."""

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from assistant import Assistant
from assistant.spelling import Speller
from corpus import Document, Metadata, parse_document, read_corpus, shipped_corpus
from corpus.folding import fold
from index import Retriever, SearchIndex, build_index, find_model

DIMENSION = 512

# The same examples in every run, however slow the machine; `HYPOTHESIS_PROFILE=default` takes others.
settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


class BagOfWordsEmbedder:
    """
    A deterministic stand-in for a model: each word falls into one of 512 buckets.

    Texts that share words are near, texts that share none are at right angles, so that retrieval
    without a model still means something.
    """

    name = "bag-of-words"
    digest = "0" * 64
    dimension = DIMENSION
    max_tokens = 256

    def embed_documents(self, texts: Sequence[str], *, progress: object = None) -> np.ndarray:
        """Embed texts: float32, shape (len(texts), 512), unit rows."""
        rows = [self.embed_query(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, DIMENSION), np.float32)

    def embed_queries(self, texts: Sequence[str]) -> np.ndarray:
        """Embed questions as documents are."""
        return self.embed_documents(texts)

    def embed_query(self, text: str) -> np.ndarray:
        """Embed one text: float32, shape (512,), unit length."""
        vector = np.zeros(DIMENSION, np.float32)
        for word in re.findall(r"[a-z0-9]+", fold(text)) or ["empty"]:
            bucket = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
            vector[bucket % DIMENSION] += 1
        return vector / np.linalg.norm(vector)

    def count_tokens(self, text: str) -> int:
        """Count words and signs, and two special tokens, as a word-piece model roughly does."""
        return len(re.findall(r"\w+|[^\w\s]", text)) + 2


@pytest.fixture(scope="session")
def document() -> Document:
    """The shipped document."""
    (document,) = read_corpus(shipped_corpus())
    return document


@pytest.fixture(scope="session")
def bag_of_words() -> BagOfWordsEmbedder:
    """The stand-in for a model."""
    return BagOfWordsEmbedder()


@pytest.fixture(scope="session")
def fake_index(document: Document, bag_of_words: BagOfWordsEmbedder) -> SearchIndex:
    """An index of the shipped document made with the stand-in."""
    return build_index([document], bag_of_words)


@pytest.fixture(scope="session")
def fake_assistant(
    document: Document, bag_of_words: BagOfWordsEmbedder, fake_index: SearchIndex
) -> Assistant:
    """An assistant on the shipped document that needs no model."""
    retriever = Retriever(fake_index, bag_of_words, {document.id: document})
    return Assistant([document], retriever, Speller([document], is_common=str.isdigit))


@pytest.fixture(scope="session")
def embedder() -> object:
    """The real model; use with the `model` marker."""
    from assistant.opening import load_embedder  # noqa: PLC0415

    return load_embedder(find_model())


@pytest.fixture(scope="session")
def model_index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for indexes made with the real model, built once for all tests (about a minute)."""
    return tmp_path_factory.mktemp("indexes")


@pytest.fixture
def small_document() -> Callable[..., Document]:
    """Make a document of a few lines: `small_document("text", title="A page")`."""

    def make(source: str, title: str = "A page") -> Document:
        metadata = Metadata(
            title=title,
            publisher="A publisher",
            breadcrumb=(),
            reviewed="May 1, 2024",
            reviewer="A. Reviewer",
            source_sha256=hashlib.sha256(source.encode()).hexdigest(),
            source_url="",
            licence="Theirs.",
        )
        return parse_document("a-page", source, metadata)

    return make


@pytest.fixture
def document_folder(tmp_path: Path) -> Callable[..., Path]:
    """Write a document folder: `document_folder("text")`; fields of the metadata by keyword."""

    def write(source: str | bytes, **fields: object) -> Path:
        import orjson  # noqa: PLC0415

        raw = source if isinstance(source, bytes) else source.encode()
        folder = tmp_path / "corpus" / "a-page"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "a-page.txt").write_bytes(raw)
        metadata = {
            "title": "A page",
            "publisher": "A publisher",
            "breadcrumb": [],
            "reviewed": "May 1, 2024",
            "reviewer": "A. Reviewer",
            "source": "a-page.txt",
            "source_sha256": hashlib.sha256(raw).hexdigest(),
            "source_url": "",
            "licence": "Theirs.",
            **fields,
        }
        (folder / "metadata.json").write_bytes(orjson.dumps(metadata))
        return folder

    return write
