"""Says of a question that asks for a yes or a no that the words shown may be neither."""

import re

from assistant.answer import Notice, NoticeKind
from assistant.core_question import core_question
from assistant.decision import Decision
from assistant.wording import NOT_YES_OR_NO
from corpus.folding import fold

SURE = 0.9
"""Confidence from which no caution is needed: about nine such answers in ten are right."""

_ASKS_YES_OR_NO = re.compile(
    r"(?:^|[.!?;,:] ?)(?:(?:and|so|but|or|ok|okay|also|well|then|please|anyway|um|if so) )*"
    r"(?:is|are|am|was|were|can|could|do|does|did|will|would|should|shall|may|might|has|have|had"
    r"|isn't|aren't|can't|couldn't|doesn't|don't|didn't|won't|wouldn't|shouldn't|hasn't|haven't)"
    r" (?!there anything\b|you tell me (?:what|how|when|why|who|where)\b|you explain\b)\w+"
)

_FORETELLS = re.compile(
    r"\bwill (?:i|we|she|he|it|they|my \w+)\b|\b(?:am i|are we|is (?:she|he|it)) (?:going to|gonna)\b"
)
"""What will happen to one reader no page can say, however well its words fit."""


def asks_yes_or_no(question: str) -> bool:
    """
    Tell whether a question can be answered with yes or no.

    >>> asks_yes_or_no("Is tamoxifen a pill?"), asks_yes_or_no("What is tamoxifen?")
    (True, False)
    """
    return bool(_ASKS_YES_OR_NO.search(fold(core_question(question))))


def caution(question: str, decision: Decision, *, unsaid: bool = False) -> tuple[Notice, ...]:
    """
    Return the notice that the words are neither yes nor no, where they might be read as one.

    Args:
        question: A self-contained one.
        decision: What was decided on it.
        unsaid: Whether the documents never name its medicine with its sort of cancer: then no words on
            either are a yes, however sure it is that they are the nearest.

    """
    if not decision.answered or not asks_yes_or_no(question):
        return ()
    sure = decision.confidence >= SURE and not unsaid
    if sure and not _FORETELLS.search(fold(core_question(question))):
        return ()
    return (Notice(NoticeKind.NOT_YES_OR_NO, NOT_YES_OR_NO),)
