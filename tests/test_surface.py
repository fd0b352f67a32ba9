"""The names that each package offers; a change of them is a change of the interface."""

import assistant
import corpus
import index


def test_corpus_offers_its_nouns() -> None:
    """`corpus` exports documents, passages and their errors, and every name exists."""
    assert corpus.__all__ == sorted(corpus.__all__)
    assert {"Document", "Section", "Passage", "Span", "CorpusError"} <= set(corpus.__all__)
    assert all(hasattr(corpus, name) for name in corpus.__all__)


def test_index_offers_its_nouns_without_the_model_adapter() -> None:
    """`index` exports the Retriever and its types; the adapter that loads torch is not among them."""
    assert {"Retriever", "Query", "Ranking", "Embedder", "SearchIndex"} <= set(index.__all__)
    assert all(hasattr(index, name) for name in index.__all__)
    assert "SentenceTransformerEmbedder" not in index.__all__


def test_assistant_offers_its_nouns() -> None:
    """`assistant` exports the Assistant, its Answer and the Conversation."""
    assert {"Assistant", "Answer", "Quote", "Conversation", "Turn"} <= set(assistant.__all__)
    assert all(hasattr(assistant, name) for name in assistant.__all__)
