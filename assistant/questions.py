"""What counts as a question: one check at the door, for every way in."""

from collections.abc import Sequence

from assistant.core_question import core_question
from assistant.errors import QuestionError
from assistant.follow_ups.trail import KEPT_CHARACTERS, KEPT_TOPICS

MAX_CHARACTERS = 4_000
"""Longest question. Real people write some 60 words to a question; a long, frightened post of 500
words is about 2,700 characters."""


def checked_earlier(turns: Sequence[str]) -> tuple[str, ...]:
    """
    Return the earlier turns of a conversation that a later one may go back to.

    Returns:
        The last KEPT_TOPICS of them that are not blank; of one that is longer than KEPT_CHARACTERS what
        asks, up to as many. No more of them is remembered, and each is to be searched for again.

    Raises:
        QuestionError: One of them is not valid text.

    """
    for turn in turns:
        _check_text(turn)
    told = [turn.strip() for turn in turns if turn.strip()]
    return tuple(_shortened(turn) for turn in told[-KEPT_TOPICS:])


def checked_question(question: str) -> str:
    """
    Return a question without the white space around it.

    Raises:
        QuestionError: It is empty, has no letter or digit, is too long, or is not valid text.

    """
    text = question.strip()
    if not text:
        msg = "The question is empty. Please type a few words."
        raise QuestionError(msg)
    if len(text) > MAX_CHARACTERS:
        msg = (
            f"The question has {len(text):,} characters; the limit is {MAX_CHARACTERS:,}. "
            "Please shorten it."
        )
        raise QuestionError(msg)
    _check_text(text)
    if not any(sign.isalnum() for sign in text):
        msg = "The question holds no word. Please type a few words."
        raise QuestionError(msg)
    return text


def _shortened(turn: str) -> str:
    if len(turn) <= KEPT_CHARACTERS:
        return turn
    asking = core_question(turn[:MAX_CHARACTERS])
    return (asking or turn)[:KEPT_CHARACTERS]


def _check_text(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        msg = "The question is not valid UTF-8 text."
        raise QuestionError(msg) from error
