"""A conversation as an immutable value: adding a turn makes a new one."""

from dataclasses import dataclass, field, replace

from assistant.answer import Answer
from assistant.follow_ups.trail import Trail

KEPT_TURNS = 30
"""Turns that stay on the screen and in memory; older ones are let go."""

KEPT_QUOTES = 5
"""Of each answer: those that are shown, and those whose sections are named as places to look."""


@dataclass(frozen=True, slots=True)
class Turn:
    """
    One question and what came of it.

    Attributes:
        question: As typed.
        answer: The answer, or None where the question could not be searched for.
        trouble: Why not, in one sentence for the reader; of a pending turn, what is going on.
        pending: Whether it is still being looked for.

    """

    question: str
    answer: Answer | None = None
    trouble: str = ""
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """
    The turns of one session.

    Attributes:
        turns: What the reader sees, oldest first.
        trail: What it has been about since the topic was begun.

    """

    turns: tuple[Turn, ...] = ()
    trail: Trail = field(default_factory=Trail)

    def with_turn(self, turn: Turn, trail: Trail | None = None) -> "Conversation":
        """Return the conversation with one more turn, and with the trail behind it."""
        if turn.answer is not None:
            kept = replace(turn.answer, quotes=turn.answer.quotes[:KEPT_QUOTES])
            turn = replace(turn, answer=kept)
        turns = (*self.turns, turn)[-KEPT_TURNS:]
        return Conversation(turns, self.trail if trail is None else trail)
