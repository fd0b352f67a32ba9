"""Puts the names of a sentence together that stand in one list, and finds those that it begins with."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from corpus.document import Span
from corpus.medicines.names import Mention
from corpus.medicines.sentences import MedicineText, Sentence

_OPENING = re.compile(
    r"(?i)\W*(?:(?:the|these|some|all|several|one|two|three|four|five|six|approved|common|other|sometimes"
    r"|there\s+(?:is|are)|called|fda-approved|newer|most|medicines?|drugs?)\b,?\s+)*"
)
"""What may stand before the subject of a sentence."""

_EXAMPLES = r",?\s+such\s+as\s+|\s*\((?:e\.?g\.?,?\s*|such\s+as\s+|including\s+)?"
_BETWEEN_CLASS_AND_EXAMPLE = re.compile(rf"(?i)(?:{_EXAMPLES})")
_GAP = re.compile(
    r"(?i)(?:\s*[(\[][^()\[\]]*)?[\])]*\s*(?:,\s*(?:and|or)\b|,|/|and/or\b|and\b|or\b|plus\b)\s*"
    rf"(?:(?:an?|the)\s+)?|{_EXAMPLES}"
)
"""What stands between two names of a list."""

Run = tuple[Mention, ...]


def runs(text: MedicineText, mentions: Sequence[Mention]) -> list[Run]:
    """Return mentions put together where they stand in one list, divided only by commas and "or"."""
    found: list[list[Mention]] = []
    for mention in mentions:
        before = found[-1][-1] if found else None
        if before is not None and _in_one_list(text, before, mention):
            found[-1].append(mention)
        else:
            found.append([mention])
    return [tuple(run) for run in found]


def opening(text: MedicineText, sentence: Sentence) -> Run:
    """Return the medicines or classes with which a sentence begins."""
    found = runs(text, sentence.mentions)
    if not found:
        return ()
    before = text.of(Span(sentence.span.start, found[0][0].span.start))
    return found[0] if _OPENING.fullmatch(before) else ()


def examples(text: MedicineText, run: Run) -> Iterator[tuple[Mention, Mention]]:
    """Yield each class of a list that has examples behind it, with each of them."""
    for at, (kind, following) in enumerate(pairwise(run)):
        between = text.of(Span(kind.span.end, following.span.start))
        stands_for = kind.is_class and not following.is_class
        if not stands_for or not _BETWEEN_CLASS_AND_EXAMPLE.fullmatch(between):
            continue
        closing = text.document.source.find(")", following.span.end) if "(" in between else -1
        for name in takewhile(lambda other: not other.is_class, run[at + 1 :]):
            if closing < 0 or name.span.start < closing:
                yield kind, name


def _in_one_list(text: MedicineText, before: Mention, mention: Mention) -> bool:
    if mention.span.start < before.span.end:
        return False
    return _GAP.fullmatch(text.of(Span(before.span.end, mention.span.start))) is not None
