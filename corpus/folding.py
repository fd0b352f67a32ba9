"""Folds text for matching: quotes stay as they stand, comparisons see one form of each sign."""

import unicodedata

_SIGNS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-"})


def fold(text: str) -> str:
    """
    Return `text` in lower case, compatibility-normalised, with straight quotes and single blanks.

    >>> fold("Which  “Pill” – this one?")
    'which "pill" - this one?'
    """
    # A text of plain signs alone, as most are, is in that form already.
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_SIGNS)
    return " ".join(plain.split()).casefold()
