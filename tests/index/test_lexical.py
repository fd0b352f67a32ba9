"""LexicalIndex: stems, stop words and scores."""

import numpy as np

from index.lexical import LexicalIndex, same_stem

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
