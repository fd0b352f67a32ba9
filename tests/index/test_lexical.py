"""LexicalIndex: stems, stop words and scores."""

import bm25s
import numpy as np
from bm25s.stopwords import STOPWORDS_EN_PLUS

from corpus import Document
from index.lexical import LexicalIndex, same_stem
from index.stop_words import STOP_WORDS

TEXTS = ["Common side effects include nausea", "Tumors in the bone", "Injections into a vein"]


def test_a_word_finds_its_other_forms() -> None:
    """Stemming makes "tumor" find "tumors", and nothing else."""
    scores = LexicalIndex(TEXTS).scores("a tumor?")
    assert scores[1] > 0
    assert (scores[0], scores[2]) == (0, 0)


def test_stop_words_alone_find_nothing() -> None:
    """A question of stop words, or of unknown words, scores 0 everywhere."""
    index = LexicalIndex(TEXTS)
    for question in ("what is the", "xyzzy", "", "?!"):
        assert np.array_equal(index.scores(question), np.zeros(3, np.float32))


def test_an_index_of_nothing_finds_nothing() -> None:
    """No texts, or texts without words, are no error."""
    assert LexicalIndex([]).scores("nausea").shape == (0,)
    assert LexicalIndex(["...", ""]).scores("nausea").tolist() == [0, 0]


def test_forms_of_a_word_have_one_stem() -> None:
    """Endings make no other word; a slip of the pen does."""
    assert same_stem("injecting", "injections")
    assert same_stem("metastases", "metastasis")
    assert not same_stem("tamoxifan", "tamoxifen")


def test_scores_are_those_of_bm25s(document: Document) -> None:
    """The library that stood here before gives every block the same score, to the last bit."""
    texts = [block.span.of(document.source) for block in document.blocks]
    index, theirs = LexicalIndex(texts), bm25s.BM25(method="lucene", k1=1.5, b=0.75)
    theirs.index([index.terms(text) for text in texts], show_progress=False)
    for question in document.questions[::10]:
        known = [term for term in index.terms(question.text) if term in theirs.vocab_dict]
        if known:
            assert np.array_equal(index.scores(question.text), theirs.get_scores(known))


def test_stop_words_are_those_of_bm25s() -> None:
    """Its longer English list."""
    assert frozenset(STOPWORDS_EN_PLUS) == STOP_WORDS
