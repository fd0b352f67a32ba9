"""Finds names of classes of medicines in a text: "CDK 4/6 inhibitors", "an aromatase inhibitor"."""

import re
from dataclasses import dataclass

from corpus.document import Span
from corpus.folding import fold
from corpus.medicines.words import ALONE, CLASS_HEAD, just_before

MOST_WORDS = 6
"""So many words before its head belong to a class's name at most."""

_STOP = re.compile(
    r"(?i)(?:the|an?|of|with|such|as|include[sd]?|including|take[ns]?|taking|using|used?|and|or|other|these|those"
    r"|this|that|one|two|three|four|several|some|many|both|all|any|most|is|are|was|were|called|fda-approved"
    r"|approved|available|new|newer|by|to|for|from|in|on|kinds?|types?|while|if|whether|when|also|known|your"
    r"|their|its|but|not|either|currently|common|different|effective|given|like|than|than|get|gets|getting|called"
    r"|sometimes|often|usually|via|plus|stop|stops|block|blocks|medicines?|drugs?|against|our|more|only|through|they|you|it|we|he|she|can|may|might|will|should|must|gives?"
    r"|have|has|had|be|been|need|needs|help|helps|work|works|receive|receives|prescribed?|recommends?|adds?|called)"
)
"""Words that end a class's name to the left."""

_BEFORE = re.compile(r"(?:(?P<bracket>\([^()\n]{1,60}\))|(?P<word>[\w’'‑-]+(?:\s?/\s?[\w‑-]+)*))\s+$")
_ACRONYM = re.compile(r"\s?\((?P<short>[A-Za-z0-9][A-Za-z0-9/]{1,7})\)")
_OTHER_NAME = re.compile(
    r"(?:,|\()?\s*(?:also|sometimes)\s+(?:called|known\s+as|referred\s+to\s+as)\s+(?:an?\s+)?$"
)


@dataclass(frozen=True, slots=True)
class ClassPhrase:
    """
    The name of a class of medicines in a text.

    Attributes:
        span: Its range, an abbreviation in brackets included.
        key: Its name folded, in the singular, without brackets.
        short: Its abbreviation as written in brackets behind it; empty where there is none.
        again: Whether the text gives it as another name of the class named before it.

    """

    span: Span
    key: str
    short: str
    again: bool


def class_phrases(text: str, *, offset: int = 0) -> tuple[ClassPhrase, ...]:
    """
    Return the classes that a text names, in order.

    Args:
        text: Any text.
        offset: Where `text` begins in its source; added to every range.

    """
    found = []
    for head in CLASS_HEAD.finditer(text):
        start = _beginning(text, head.start())
        if start == head.start() and not ALONE.fullmatch(head.group()):
            continue
        acronym = _ACRONYM.match(text, head.end())
        found.append(
            ClassPhrase(
                span=Span(start + offset, (acronym.end() if acronym else head.end()) + offset),
                key=_key(text[start : head.end()]),
                short=acronym["short"] if acronym else "",
                again=just_before(_OTHER_NAME, text, start) is not None,
            )
        )
    return tuple(found)


def class_keys(phrase: ClassPhrase) -> frozenset[str]:
    """
    Return every key under which a class may be spoken of.

    "Selective estrogen receptor degraders (SERDs)" may be a "SERD"; "gonadotropin-releasing hormone
    agonists (GnRH)" a "GnRH agonist"; "GnRH/LHRH agonists" are both.
    """
    keys = {phrase.key}
    *modifiers, head = phrase.key.split()
    if phrase.short:
        short = fold(singular(phrase.short))
        keys |= {short, f"{short} {head}"}
    if (
        modifiers
        and "/" in modifiers[-1]
        and not any(part.isdigit() for part in modifiers[-1].split("/"))
    ):
        keys |= {f"{part} {head}" for part in modifiers[-1].split("/")}
    return frozenset(keys)


def stands_alone(phrase: ClassPhrase) -> bool:
    """Tell whether an abbreviation names the class by itself, as "SERDs" does and "GnRH" does not."""
    return phrase.short.endswith("s")


def _beginning(text: str, head: int) -> int:
    """Return where the name of a class begins whose head begins at `head`."""
    start, words = head, 0
    while words < MOST_WORDS:
        before = just_before(_BEFORE, text, start)
        if before is None or (before["word"] and _STOP.fullmatch(before["word"])):
            break
        # A name never begins with a bracket: that one explains what stands before it.
        start = before.start()
        words += 1
    while text[start] == "(":
        after = re.compile(r"\([^()\n]*\)\s+").match(text, start)
        start = after.end() if after else head
    return start


def _key(name: str) -> str:
    plain = re.sub(r"\s*\([^()]*\)", "", fold(name))
    plain = re.sub(r"\s*/\s*", "/", plain)
    *modifiers, head = plain.split()
    return " ".join([*modifiers, singular(head)])


def singular(word: str) -> str:
    """Return a word in the singular: "antibodies" is "antibody", "AIs" is "AI"."""
    if word.casefold().endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") else word
