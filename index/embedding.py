"""What the index asks of an embedding model, and the form in which texts are given to it."""

import unicodedata
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Unit rows, float32: shape (n, d) for n texts, (d,) for one."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many texts are done, and of how many."""


class Embedder(Protocol):
    """Turns texts into unit vectors whose inner product is their cosine similarity, in [-1, 1]."""

    @property
    def name(self) -> str:
        """The model's name, as the reader gave it."""

    @property
    def digest(self) -> str:
        """The model's digest, as `ModelFiles.sha256` has it."""

    @property
    def dimension(self) -> int:
        """Length of its vectors."""

    @property
    def max_tokens(self) -> int:
        """Most tokens of a text; the model ignores what is beyond."""

    def embed_documents(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Embed texts of the document: float32, shape (len(texts), dimension), unit rows."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions together: float32, shape (len(texts), dimension), unit rows."""

    def count_tokens(self, text: str) -> int:
        """Count the tokens that the model makes of a text, special tokens included."""


_SIGNS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "•": " "})


def plain(text: str) -> str:
    """
    Return a text as models see it: straight quotes, no bullet signs, single blanks.

    Question and document get the same treatment, so that a curly quote is never a difference.
    """
    # A text of plain signs alone, as most questions are, is in that form already.
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_SIGNS)
    return " ".join(folded.split())
