"""A conversation as an immutable value: adding a turn makes a new one."""

from dataclasses import dataclass, replace

from assistant.answer import Answer

KEPT_TURNS = 30
"""Turns that stay on the screen and in memory; older ones are let go."""


@dataclass(frozen=True, slots=True)
class Turn:
    """
    One question and what came of it.

    Attributes:
        question: As typed.
        answer: The answer, or None where the question could not be searched for.
        trouble: Why not, in one sentence for the reader.

    """

    question: str
    answer: Answer | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns of one session, oldest first."""

    turns: tuple[Turn, ...] = ()

    def with_turn(self, turn: Turn) -> "Conversation":
        """Return the conversation with one more turn."""
        return replace(self, turns=(*self.turns, turn)[-KEPT_TURNS:])

    @property
    def questions(self) -> tuple[str, ...]:
        """What was asked and answered so far, oldest first."""
        return tuple(turn.question for turn in self.turns if turn.answer is not None)
