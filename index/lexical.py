"""Word search over passages: BM25 with stemming; the only importer of Stemmer."""

import re
import threading
from array import array
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

    That library needs scipy, which alone takes a tenth of a second to import. What it does for one
    question is little: for each word, the texts that hold it and what it adds to the score of each.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        """Index texts; nothing is stored, as a page's few hundred take milliseconds."""
        self._stemmer = Stemmer.Stemmer("english")
        # The library asks that one thread at a time uses it; a new one for each text would lack what
        # it remembers of words, and take twice as long.
        self._stemming = threading.Lock()
        self._size = len(texts)
        self._rows: dict[str, int] = {}
        rows, numbers, counts = array("i"), array("i"), array("i")
        for number, text in enumerate(texts):
            for term, count in Counter(self.terms(text)).items():
                rows.append(self._rows.setdefault(term, len(self._rows)))
                numbers.append(number)
                counts.append(count)
        self._weigh(*(np.array(column, np.int32) for column in (rows, numbers, counts)))

    def terms(self, text: str) -> list[str]:
        """Return the stems of a text's words, without stop words."""
        words = [word for word in _WORD.findall(fold(text)) if word not in STOP_WORDS]
        with self._stemming:
            return list(self._stemmer.stemWords(words))

    def scores(self, question: str) -> NDArray[np.float32]:
        """Return the BM25 score of every text for a question: float32, shape (n,), from 0."""
        found = np.zeros(self._size, np.float32)
        for row in (self._rows[term] for term in self.terms(question) if term in self._rows):
            held = slice(self._starts[row], self._starts[row + 1])
            found[self._numbers[held]] += self._scores[held]
        return found

    def _weigh(
        self, rows: NDArray[np.int32], numbers: NDArray[np.int32], counts: NDArray[np.int32]
    ) -> None:
        """Keep, word by word, the texts that hold it and what it adds to the score of each."""
        lengths = np.bincount(numbers, counts, minlength=self._size)
        mean = max(lengths.mean() if self._size else 0.0, 1.0)
        holding = np.bincount(rows, minlength=len(self._rows))
        # Rounded where bm25s rounds, so that the figures are the same to the last bit.
        rarity = np.log(1 + (self._size - holding + 0.5) / (holding + 0.5)).astype(np.float32)
        often = counts.astype(np.float32)
        repeated = often / (K1 * ((1 - B) + B * lengths / mean)[numbers] + often)
        by_word = np.argsort(rows, kind="stable")
        self._numbers = numbers[by_word]
        self._scores = (rarity[rows] * repeated).astype(np.float32)[by_word]
        self._starts = [0, *np.cumsum(holding).tolist()]
