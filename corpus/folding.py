"""Folds text for matching: quotes stay as they stand, comparisons see one form of each sign."""

import re
import unicodedata

_SIGNS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-"})


def fold(text: str) -> str:
    """
    Return `text` in lower case, compatibility-normalised, with straight quotes and single blanks.

    >>> fold("Which  “Pill” – this one?")
    'which "pill" - this one?'
    """
    plain = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    return re.sub(r"\s+", " ", plain).strip().casefold()
