"""What several threads ask for is embedded together, and each gets its own."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index import BatchingEmbedder, Embedder
from index.embedding import Vectors
from tests.in_time import until

BAD = "no words"


class GatedEmbedder:
    """Notes what it is asked for together, and can be held at a gate; a bad text is refused."""

    name, digest, max_tokens = "gated", "0" * 64, 256

    def __init__(self, behind: Embedder) -> None:
        self.behind = behind
        self.dimension = behind.dimension
        self.runs: list[list[str]] = []
        self.begun = threading.Event()
        self.gate = threading.Event()
        self.gate.set()

    def embed_documents(self, texts: Sequence[str], *, progress: object = None) -> Vectors:
        """Embed texts, gate or no gate."""
        return self.behind.embed_documents(texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions, once the gate is open."""
        self.runs.append(list(texts))
        self.begun.set()
        assert self.gate.wait(30)
        if BAD in texts:
            raise ValueError(BAD)
        return self.behind.embed_queries(texts)

    def count_tokens(self, text: str) -> int:
        """Count as what is behind does."""
        return self.behind.count_tokens(text)


@pytest.fixture
def model(bag_of_words: Embedder) -> GatedEmbedder:
    """A model whose runs can be seen and held up."""
    return GatedEmbedder(bag_of_words)


def asked_behind_another(
    model: GatedEmbedder, groups: Sequence[Sequence[str]]
) -> list[Vectors | BaseException]:
    """Return what each group of texts gives, all asked for while another one holds the model."""
    batching = BatchingEmbedder(model)
    model.gate.clear()
    with ThreadPoolExecutor(len(groups) + 1) as threads:
        first = threads.submit(batching.embed_queries, ["first"])
        try:
            assert model.begun.wait(30)
            rest = [threads.submit(batching.embed_queries, group) for group in groups]
            until(lambda: len(batching._waiting) == len(groups))
        finally:
            model.gate.set()
        assert first.result(30).shape == (1, model.dimension)
        return [one.exception(30) or one.result() for one in rest]


def test_those_who_wait_are_embedded_together(model: GatedEmbedder) -> None:
    """While one runs, three come; they share the next run, and each has the rows of its own texts."""
    groups = [["hair loss"], ["bone scan", "port"], ["nausea"]]
    found = asked_behind_another(model, groups)
    assert model.runs[0] == ["first"]
    assert len(model.runs) == 2
    assert sorted(model.runs[1]) == ["bone scan", "hair loss", "nausea", "port"]
    for group, vectors in zip(groups, found, strict=True):
        assert np.array_equal(vectors, model.behind.embed_queries(group))


def test_an_error_reaches_only_whose_text_it_is(model: GatedEmbedder) -> None:
    """The others, whose run it spoilt, are run again alone."""
    good, bad = asked_behind_another(model, [["hair loss"], [BAD]])
    assert np.array_equal(good, model.behind.embed_queries(["hair loss"]))
    assert isinstance(bad, ValueError)


def test_after_an_error_the_next_is_served(model: GatedEmbedder) -> None:
    """Nothing of a failed run stays behind."""
    batching = BatchingEmbedder(model)
    with pytest.raises(ValueError, match=BAD):
        batching.embed_queries([BAD])
    assert batching.embed_queries(["port"]).shape == (1, batching.dimension)


def test_it_stands_for_the_embedder(model: GatedEmbedder) -> None:
    """What it is asked about the model is the model's; documents go straight to it."""
    batching = BatchingEmbedder(model)
    told = (batching.name, batching.digest, batching.dimension, batching.max_tokens)
    assert told == (model.name, model.digest, model.dimension, model.max_tokens)
    assert batching.count_tokens("hair loss") == model.count_tokens("hair loss")
    assert np.array_equal(batching.embed_documents(["port"]), model.embed_documents(["port"]))
    assert batching.embed_queries([]).shape == (0, model.dimension)
