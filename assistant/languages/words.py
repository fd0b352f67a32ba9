"""Takes a text apart for telling its language: words in Latin letters, other letters, everyday words."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import orjson

from corpus.folding import fold
from corpus.medicines.stems import stemmed_names

WORDS_FILE = Path(__file__).parent / "words.json"
"""
Everyday words of each language, folded: {code: "word word ..."}. No word is English and something else
too. The English ones stand five times or more in the page, its authored questions and its gaps, or
are small talk; words that other languages have as well ("hospital", "me", "was", "plan") were left
out. The others were written down: the commonest small words, and those that questions about treatment
are made of.
"""

SHORT = 5
SHORT_SHOUTED = 3
"""Letters up to which a word in capitals is an abbreviation, and where all the text is in capitals."""

_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ʯḀ-ỿ]+")
_LATIN_WORD = re.compile(rf"(?<!\w){_LATIN.pattern}(?!\w)")
_OTHER_LETTERS = re.compile(r"[^\W\d_]{2,}")


def telling_words(plain: str, is_known: Callable[[str], bool]) -> list[str]:
    """
    Return the words in Latin letters that may tell a language, folded, in their order.

    Args:
        plain: A text in Unicode's form NFKC.
        is_known: Tells whether a folded word is a name. Names, medicines by their endings and
            abbreviations tell nothing.

    >>> telling_words("Est-ce que HER2 ou ER change avec Xgeva ?", {"xgeva"}.__contains__)
    ['est', 'ce', 'que', 'ou', 'change', 'avec']
    """
    shouted = plain.isupper()
    found = []
    for typed in _LATIN_WORD.findall(plain):
        word = fold(typed)
        name = stemmed_names(word) or (word not in everyday_words("en") and is_known(word))
        abbreviation = 1 < len(typed) <= (SHORT_SHOUTED if shouted else SHORT) and typed.isupper()
        if not name and not abbreviation:
            found.append(word)
    return found


def other_letters(plain: str) -> Counter[str]:
    """
    Count the letters that are not Latin, by the first word of their Unicode names.

    Lone ones are left out: they are signs, as in "β-blocker".

    >>> other_letters("TGF-β и мама")
    Counter({'CYRILLIC': 4})
    """
    if plain.isascii():
        return Counter()
    # Vowel signs that stand above or below a letter would cut words into single letters.
    bare = "".join(sign for sign in plain if not unicodedata.category(sign).startswith("M"))
    runs = _OTHER_LETTERS.findall(without_latin(bare))
    return Counter(re.split("[ -]", unicodedata.name(sign, ""))[0] for run in runs for sign in run)


def without_latin(plain: str) -> str:
    """Return a text with a blank for each word in Latin letters."""
    return _LATIN.sub(" ", plain)


@cache
def everyday_words(language: str) -> frozenset[str]:
    """Return the everyday words of a language that the file has; others are a KeyError."""
    return frozenset(_words_by_language()[language].split())


@cache
def _words_by_language() -> Mapping[str, str]:
    """Read the words once; the file comes with the package."""
    words: dict[str, str] = orjson.loads(WORDS_FILE.read_bytes())
    return words
