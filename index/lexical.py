"""Word search over passages: BM25 with stemming; the only importer of Stemmer."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import Stemmer
from numpy.typing import NDArray

from corpus.folding import fold
from index.stop_words import STOP_WORDS

K1 = 1.5
B = 0.75
"""Robertson's constants, as bm25s has them by default: how soon a repeated word counts no more, and how
much a long text loses."""

_WORD = re.compile(r"[a-z0-9]+")
_GREEK_ENDING = re.compile(r"[ei]s$")


def same_stem(word: str, other: str) -> bool:
    """Tell whether two lower-case words are forms of one ("injecting", "injections")."""
    stem = Stemmer.Stemmer("english").stemWord
    # The stemmer parts the Greek plural from its singular: metastases, metastasis.
    stems = {stem(_GREEK_ENDING.sub("", part)) for part in (word, other)}
    return len(stems) == 1 or stem(word) == stem(other)


class LexicalIndex:
    """
    BM25 in Lucene's form over stemmed words of texts; the same figures as the library bm25s.

    That library needs scipy, which alone takes a tenth of a second to import; for the few hundred
    passages of a page, a row of scores for each word is all there is to it.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        """Index texts; a few hundred take milliseconds, so they are never stored."""
        self._stemmer = Stemmer.Stemmer("english")
        counts = [Counter(self.terms(text)) for text in texts]
        self._rows = {term: row for row, term in enumerate(dict.fromkeys(t for c in counts for t in c))}
        self._scores = self._word_scores(counts)

    def terms(self, text: str) -> list[str]:
        """Return the stems of a text's words, without stop words."""
        words = [word for word in _WORD.findall(fold(text)) if word not in STOP_WORDS]
        return list(self._stemmer.stemWords(words))

    def scores(self, question: str) -> NDArray[np.float32]:
        """Return the BM25 score of every text for a question: float32, shape (n,), from 0."""
        rows = [self._rows[term] for term in self.terms(question) if term in self._rows]
        return np.asarray(self._scores[rows].sum(axis=0, dtype=np.float32))

    def _word_scores(self, counts: Sequence[Counter[str]]) -> NDArray[np.float32]:
        """Return what each word adds to each text's score: float32, shape (words, texts)."""
        found = np.zeros((len(self._rows), len(counts)), np.float32)
        for at, count in enumerate(counts):
            found[[self._rows[term] for term in count], at] = list(count.values())
        lengths = np.array([count.total() for count in counts], np.float64)
        mean = max(lengths.mean() if counts else 0.0, 1.0)
        holding = np.count_nonzero(found, axis=1)
        # Rounded where bm25s rounds, so that the figures are the same to the last bit.
        rarity = np.log(1 + (len(counts) - holding + 0.5) / (holding + 0.5)).astype(np.float32)
        repeated = found / (K1 * ((1 - B) + B * lengths / mean) + found)
        scores: NDArray[np.float32] = (rarity[:, np.newaxis] * repeated).astype(np.float32)
        return scores
