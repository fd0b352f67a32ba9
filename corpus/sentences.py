"""Sentences of a text, by character range; the only importer of sentencex."""

import re

from sentencex import get_sentence_boundaries

from corpus.document import Span

_WIDE_BLANK = re.compile(r"[^\S\x00-\x7f]")
"""sentencex 1.0.32 panics at one of these between a capital letter and a full stop ("B\u00a0.")."""


def sentence_spans(text: str, *, offset: int = 0) -> tuple[Span, ...]:
    """
    Return the range of every sentence of `text`, without the white space around it.

    Args:
        text: Running text, without bullet signs (a line that begins with one is taken whole).
        offset: Where `text` begins in its source; added to every range.

    """
    spans = []
    for boundary in get_sentence_boundaries("en", _WIDE_BLANK.sub(" ", text)):
        start, end = boundary["start_index"], boundary["end_index"]
        sentence = text[start:end]
        start += len(sentence) - len(sentence.lstrip())
        end -= len(sentence) - len(sentence.rstrip())
        if start < end:
            spans.append(Span(offset + start, offset + end))
    return tuple(spans)
