"""
Tells a question in another language from an English one.

A first look at letters and everyday words settles nearly every question: plain English never loads
the library. Only a text in Latin letters with few English words, or one in letters that several
languages share, goes to py3langid, which takes about half a second and 75 MB to load, once. In doubt
a question counts as English: to be answered in a language that nobody spoke is worse than a search
that finds nothing.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from functools import cache
from typing import TYPE_CHECKING

from assistant.languages.words import everyday_words, other_letters, telling_words, without_latin

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier  # type: ignore[import-untyped]

ENGLISH = "en"

OTHER = "other"
"""Stands for a language that is not English and that there is no reply in."""

LATIN_LANGUAGES = ("de", "es", "fr", "it", "nl", "pl", "pt", "tl", "vi")
"""Languages in Latin letters that there is a reply in, as ISO 639-1 codes."""

LANGUAGE_OF_LETTERS: Mapping[str, str] = {
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "HANGUL": "ko",
    "ARABIC": "ar",
    "CYRILLIC": "ru",
    "DEVANAGARI": "hi",
}
"""The language with a reply for other letters, by the first word of their Unicode names."""

SHARED_LETTERS = frozenset({"ARABIC", "CYRILLIC", "DEVANAGARI"})
"""Letters of languages without a reply too, such as Persian, Ukrainian and Nepali."""

LATIN_LETTERS_IN_A_SIGN = {"CJK": 3, "HIRAGANA": 2, "KATAKANA": 2, "HANGUL": 3}
"""How many Latin letters one sign is worth; a letter of the others stands for one."""

NOT_OTHER = frozenset(
    {
        *("an", "ext", "gl", "oc", "wa", "lb", "bcl"),  # neighbours of those with a reply
        *("ary", "arz", "wuu", "yue", "sa"),  # Arabic, Chinese and Hindi by other names
        *("pcm", "eo", "la", "vo", "zxx"),  # near to English, made up, dead, or no language
    }
)
"""Labels of py3langid that are never taken for a language without a reply."""

ENOUGH_ENGLISH = 0.5
"""Share of English words, in [0, 1], from which a text in Latin letters is English at once."""

LONG_LETTERS = 7
"""A single word in Latin letters must be so long to be taken for foreign: "Nebenwirkungen"."""

FEW_WORDS = 3
"""Texts of at most so many telling words need surer signs."""

MOST_ENGLISH = {"words": 0.3, "word": 0.1, "length": 0.01, "nothing": 0.003}
"""
Largest probability of English, among the languages that there is a reply in, of a foreign text, by
what else speaks against English: two foreign words and more than English ones; one and no English
one; a longer text without an English word; or nothing.
"""

LEAST_REPLIED = {"words": 0.0, "word": 0.0, "length": 0.25, "nothing": 0.35}
"""
Least probability, among all the languages that py3langid knows, that a text is in one of those with a
reply, by the same signs. A misspelt name is spread over all of them.
"""

WORD_WEIGHT = 4
"""How many times likelier each everyday word of a language makes it."""

LEAST_NAMED = 0.15
"""Least probability, among all languages, of those with a reply, for the reply to be in one."""

LEAST_SURE = 0.3
LEAST_SURE_FEW = 0.5
"""Least probability of a language, among those with a reply, for the reply to be in it."""

LEAST_OTHER = 0.7
LEAST_OTHER_IN_DOUBT = 0.9
LEAST_OTHER_SAME_LETTERS = 0.4
"""
Least probability, among all languages, of one without a reply: where no word is English, for a text of
few words or with English ones, and for one in Arabic, Cyrillic or Devanagari letters.

All these numbers were chosen on 518 foreign questions and on the 5,336 English texts in corpus/ and
tests/development with misspelt copies. Of 194 questions written afterwards, 163 of the 165 with four
words or more were known, and 20 of the 29 shorter ones; of 2,300 other English messages none was taken
for foreign, of 272 odd scraps nine ("ciao bella", "tui na").
"""


def foreign_language(text: str, is_known: Callable[[str], bool]) -> str | None:
    """
    Return the language of a text that is mostly not English, or None.

    Args:
        text: As typed, or with its misspelt names put right, which is better.
        is_known: Tells whether a folded word is a name known from the documents. Names speak for no
            language, so that they hide neither a foreign sentence nor an English one.

    Returns:
        An ISO 639-1 code that there is a reply in, or `OTHER`.

    >>> foreign_language("¿Qué es trastuzumab y cómo funciona?", {"trastuzumab"}.__contains__)
    'es'
    """
    plain = unicodedata.normalize("NFKC", text)
    words = telling_words(plain, is_known)
    letters = other_letters(plain)
    weight = sum(LATIN_LETTERS_IN_A_SIGN.get(name, 1) * count for name, count in letters.items())
    if weight > sum(len(word) for word in words if word in everyday_words(ENGLISH)):
        return _by_letters(letters, plain)
    return _by_words(words)


def _by_letters(letters: Counter[str], plain: str) -> str:
    """Return the language of a text by its letters, most of which are not Latin."""
    most = letters.most_common(1)[0][0]
    if most in SHARED_LETTERS:
        probabilities = _probabilities(without_latin(plain))
        if _likeliest_other(probabilities) >= LEAST_OTHER_SAME_LETTERS:
            return OTHER
    if most == "CJK" and letters["HIRAGANA"] + letters["KATAKANA"]:
        return "ja"
    return LANGUAGE_OF_LETTERS.get(most, OTHER)


def _by_words(words: Sequence[str]) -> str | None:
    """Return the language of a text by its words in Latin letters; None for English."""
    counted = {word for word in words if len(word) > 1}
    english = len(counted & everyday_words(ENGLISH))
    short = len(counted) <= 1 and len("".join(counted)) < LONG_LETTERS
    if short or english >= ENOUGH_ENGLISH * len(counted):
        return None
    # The blanks around it tell the model where the first word begins and the last one ends.
    probabilities = _probabilities(f" {' '.join(words)} ")
    doubt = english or len(counted) <= FEW_WORDS
    if _likeliest_other(probabilities) >= (LEAST_OTHER_IN_DOUBT if doubt else LEAST_OTHER):
        return OTHER
    replied = sum(probabilities[name] for name in LATIN_LANGUAGES)
    sign = _sign(counted, english)
    most = MOST_ENGLISH[sign] * (replied + probabilities[ENGLISH])
    if probabilities[ENGLISH] > most or replied < LEAST_REPLIED[sign]:
        return None
    return _named(probabilities, counted) if replied >= LEAST_NAMED else OTHER


def _sign(words: Set[str], english: int) -> str:
    """Return what speaks against English in words, of which so many are English."""
    foreign = len(words & frozenset().union(*map(everyday_words, LATIN_LANGUAGES)))
    if foreign > max(english, 1):
        return "words"
    if english or len(words) == 1:
        return "nothing"
    if foreign:
        return "word"
    return "length" if len(words) > FEW_WORDS else "nothing"


def _named(probabilities: Mapping[str, float], words: Set[str]) -> str:
    """Return the likeliest of the languages in Latin letters that there is a reply in."""
    weights = {
        name: probabilities[name] * WORD_WEIGHT ** len(words & everyday_words(name))
        for name in LATIN_LANGUAGES
    }
    language = max(weights, key=weights.__getitem__)
    sure = weights[language] / sum(weights.values())
    return language if sure >= (LEAST_SURE_FEW if len(words) <= FEW_WORDS else LEAST_SURE) else OTHER


def _likeliest_other(probabilities: Mapping[str, float]) -> float:
    """Return the probability of the likeliest language if there is no reply in it, else 0."""
    language = max(probabilities, key=probabilities.__getitem__)
    not_other = {ENGLISH, *LATIN_LANGUAGES, *LANGUAGE_OF_LETTERS.values(), *NOT_OTHER}
    return 0.0 if language in not_other else probabilities[language]


def _probabilities(text: str) -> dict[str, float]:
    """Return the probability of each language that py3langid knows; they add up to 1."""
    return dict(_identifier().rank(text))


@cache
def _identifier() -> "LanguageIdentifier":
    """Load the library and its model once, and only when a text is in doubt."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
