"""Finds the question in a long post: the sentences that ask, without the story around them."""

import re

from corpus.folding import fold
from corpus.sentences import sentence_spans

_ASKS = re.compile(
    r"\?"
    r"|^(?:(?:and|so|but|ok|okay|also|well|please|anyway)\s+)*"
    r"(?:what|how|when|why|who|where|which|is|are|can|could|do|does|did|will|would|should|am|has|have)\b"
    r"|\b(?:wonder\w*|any(?:one|body) (?:else )?know|want(?:ed)? to know|like to know|need to know"
    r"|not sure|no idea|(?:do|does|did)(?:n't|nt| not) (?:know|understand|get|see)"
    r"|figure out|make sense|explain\w*|tell me|confus\w+|curious)\b"
)
"""Signs that a sentence asks: a question mark, a question word or turned-round verb at its beginning,
or words for wanting to know. General English; nothing in it is about a subject."""


def core_question(text: str) -> str:
    """
    Return the sentences of a post that ask something; where none seems to, its last one.

    >>> core_question("Mum started chemo in May. She is so tired. Will her hair fall out?")
    'Will her hair fall out?'
    """
    line = " ".join(text.split())
    sentences = [span.of(line) for span in sentence_spans(line)]
    asking = [sentence for sentence in sentences if _ASKS.search(fold(sentence))]
    return " ".join(asking or sentences[-1:])
