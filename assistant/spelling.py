"""Puts right the misspelt names in a question, against the documents' own words."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein

from corpus import Document
from corpus.folding import fold
from corpus.medicines.stems import medicine_names, stemmed_names
from index.lexical import same_stem

_WORD = re.compile(r"[^\W\d_]+")

LEAST_LETTERS = 5
"""Shorter words are never put right: too many of them are one letter from a name."""

MOST_SLIPS = 2
LONG_LETTERS = 8
LEAST_SIMILARITY = 0.83
LEAST_SIMILARITY_LONG = 0.75
"""
Damerau-Levenshtein similarity of word and name, in [0, 1]: one slip in a name of six or seven
letters, two in a longer one. Chosen on the misspelt authored questions; at these values no
word of the gap questions that names another medicine becomes one of ours (a test holds that).
"""


@dataclass(frozen=True, slots=True)
class Correction:
    """A word as it was typed, and the document's word that was taken to be meant."""

    typed: str
    meant: str


class Speller:
    """
    Knows the rare words of some documents: names of medicines and treatments above all.

    A word is put right only if no document has it, it is no everyday word, and a rare word of the
    documents begins with the same letter and differs by a slip or two.
    """

    def __init__(self, documents: Sequence[Document], is_common: Callable[[str], bool]) -> None:
        """
        Learn the words of documents.

        Args:
            documents: The documents.
            is_common: Tells whether a lower-case word is an everyday one.

        """
        self._is_common = is_common
        self._medicines = medicine_names(documents)
        self._surfaces: dict[str, str] = {}
        for document in documents:
            for block in document.blocks:
                for word in _WORD.findall(block.span.of(document.source)):
                    # "tamoxifen" at the beginning of a sentence is still written small.
                    known = self._surfaces.get(fold(word))
                    if known is None or word.islower():
                        self._surfaces[fold(word)] = word
        self._names = sorted(
            word for word in self._surfaces if len(word) > LEAST_LETTERS and not is_common(word)
        )

    def corrections(self, question: str) -> tuple[Correction, ...]:
        """Return what to put right in a question, in the order of its words."""
        words = dict.fromkeys(_WORD.findall(question))
        found = ((word, self._meant(fold(word))) for word in words)
        return tuple(Correction(word, self._surfaces[name]) for word, name in found if name)

    def corrected(self, question: str) -> str:
        """Return a question with its misspelt names put right."""
        for correction in self.corrections(question):
            pattern = rf"\b{re.escape(correction.typed)}\b"
            question = re.sub(pattern, correction.meant, question)
        return question

    def is_name(self, word: str) -> bool:
        """Tell whether a folded word is a rare word of the documents."""
        return word in self._surfaces and len(word) > LEAST_LETTERS and not self._is_common(word)

    def _meant(self, word: str) -> str | None:
        """Return the name that a word stands for, or None."""
        if len(word) < LEAST_LETTERS or word in self._surfaces or self._is_common(word):
            return None
        # A whole ending of generic names makes it likely that the rest is another medicine's.
        most_slips = 1 if stemmed_names(word) else MOST_SLIPS
        best, most = None, 0.0
        for name in self._names:
            if name[0] != word[0]:
                continue
            similarity = DamerauLevenshtein.normalized_similarity(word, name)
            least = LEAST_SIMILARITY_LONG if len(name) >= LONG_LETTERS else LEAST_SIMILARITY
            slips = DamerauLevenshtein.distance(word, name)
            if similarity >= least and similarity > most and slips <= most_slips:
                best, most = name, similarity
        if best is None or best in self._medicines:
            return best
        # Another form of a word is no misspelling of it.
        return None if same_stem(word, best) else best
