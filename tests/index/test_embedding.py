"""What holds for every Embedder, the stand-in and the real one; and the form of texts."""

import numpy as np
import pytest

from index import find_model
from index.embedding import Embedder, plain


@pytest.fixture(params=["stand-in", pytest.param("model", marks=pytest.mark.model)])
def any_embedder(request: pytest.FixtureRequest) -> Embedder:
    """Each implementation in turn."""
    return request.getfixturevalue("bag_of_words" if request.param == "stand-in" else "embedder")


def test_vectors_have_length_one(any_embedder: Embedder) -> None:
    """Documents and questions become float32 rows of length 1 and of the stated dimension."""
    rows = any_embedder.embed_documents(["Hair loss", "A port or PICC line", "Nausea"])
    assert rows.shape == (3, any_embedder.dimension)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    queries = any_embedder.embed_queries(["will I lose my hair?", "what is a port?"])
    assert queries.shape == (2, any_embedder.dimension)
    assert queries.dtype == np.float32
    assert np.allclose(np.linalg.norm(queries, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows(any_embedder: Embedder) -> None:
    """Embedding nothing gives an array of no rows, not an error."""
    for embed in (any_embedder.embed_documents, any_embedder.embed_queries):
        assert embed([]).shape == (0, any_embedder.dimension)


def test_rows_come_in_the_order_of_the_texts(any_embedder: Embedder) -> None:
    """Whatever the batches, row i belongs to text i."""
    texts = [f"word{number} " * (1 + number % 7) for number in range(70)]
    rows = any_embedder.embed_documents(texts)
    for at in (0, 13, 69):
        assert np.allclose(rows[at], any_embedder.embed_documents([texts[at]])[0], atol=1e-5)


def test_the_same_question_gives_the_same_vector(any_embedder: Embedder) -> None:
    """A question's vector is the same to the last bit each time."""
    first, second = (any_embedder.embed_queries(["what is a port?"]) for _ in range(2))
    assert np.array_equal(first, second)


def test_curly_and_straight_quotes_are_one(any_embedder: Embedder) -> None:
    """A phone's curly quote makes no difference."""
    curly, straight = any_embedder.embed_queries(["what’s a port", "what's a port"])
    assert np.array_equal(curly, straight)


def test_a_text_of_like_meaning_is_nearer(any_embedder: Embedder) -> None:
    """A question is nearer to the text that answers it than to another."""
    (question,) = any_embedder.embed_queries(["hair loss from chemotherapy"])
    near, far = any_embedder.embed_documents(
        ["Chemotherapy side effects: hair loss", "A genetic counselor considers testing"]
    )
    assert question @ near > question @ far


def test_tokens_are_counted_with_the_special_ones(any_embedder: Embedder) -> None:
    """The empty text has the two special tokens, and every everyday word adds one."""
    assert any_embedder.count_tokens("") == 2
    assert any_embedder.count_tokens("hair") == 3


@pytest.mark.model
def test_the_model_says_what_it_is(embedder: Embedder) -> None:
    """The real model has the known dimension and token limit, and the digest of its files."""
    assert embedder.dimension == 384
    assert embedder.max_tokens == 256
    assert embedder.digest == find_model().sha256


def test_plain_text_has_straight_signs_and_single_blanks() -> None:
    """Quotes are straightened, bullets and odd blanks go, letters stay as they are."""
    assert plain("  • It’s\u00a0a  “Pill” –\n OK ") == 'It\'s a "Pill" - OK'
