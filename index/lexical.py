"""Word search over passages: BM25 with stemming; the only importer of bm25s and Stemmer."""

import re
from collections.abc import Sequence

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN_PLUS
from numpy.typing import NDArray

from corpus.folding import fold

_WORD = re.compile(r"[a-z0-9]+")
_STOP_WORDS = frozenset(STOPWORDS_EN_PLUS)


def same_stem(word: str, other: str) -> bool:
    """Tell whether two lower-case words are forms of one ("injecting", "injections")."""
    stem = Stemmer.Stemmer("english").stemWord
    # The stemmer parts the Greek plural from its singular: metastases, metastasis.
    stems = {stem(re.sub(r"[ei]s$", "", part)) for part in (word, other)}
    return len(stems) == 1 or stem(word) == stem(other)


class LexicalIndex:
    """BM25 (Robertson's, in Lucene's form, k1 = 1.5, b = 0.75) over stemmed words of texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Index texts; a few hundred take milliseconds, so they are never stored."""
        self._stem = Stemmer.Stemmer("english").stemWord
        self._size = len(texts)
        self._bm25 = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
        corpus = [self.terms(text) for text in texts]
        self._empty = not any(corpus)
        if not self._empty:
            self._bm25.index(corpus, show_progress=False)

    def terms(self, text: str) -> list[str]:
        """Return the stems of a text's words, without stop words."""
        words = _WORD.findall(fold(text))
        return [self._stem(word) for word in words if word not in _STOP_WORDS]

    def scores(self, question: str) -> NDArray[np.float32]:
        """Return the BM25 score of every text for a question: float32, shape (n,), from 0."""
        known = [] if self._empty else self._known(self.terms(question))
        if not known:
            return np.zeros(self._size, np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)

    def _known(self, terms: list[str]) -> list[str]:
        return [term for term in terms if term in self._bm25.vocab_dict]
