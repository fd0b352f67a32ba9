"""What a conversation has been about, as an immutable value of a few kilobytes."""

from dataclasses import dataclass

KEPT_TOPICS = 12
"""Questions that a later one may go back to; older ones are let go."""


KEPT_CHARACTERS = 400
"""Of a question; of a longer one what asks is kept, so that no story is carried along."""


@dataclass(frozen=True, slots=True)
class Said:
    """
    A question that was searched for, and what was shown.

    Attributes:
        question: As typed, with names put right; of a long one what asks, up to KEPT_CHARACTERS.
        focus: What it spoke of or carried over: label by slot, in the order of `things.SLOTS`.
        shown: The passages that came first, each as `DOCUMENT#PASSAGE`.
        words: The words that were marked as the best answer.
        headings: The headings above them, outermost first.
        names: Medicines in the order in which the first passage, or else its section, names them.

    """

    question: str
    focus: tuple[tuple[str, str], ...]
    shown: tuple[str, ...]
    words: str
    headings: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trail:
    """The questions of a conversation that were searched for, oldest first."""

    said: tuple[Said, ...] = ()

    def followed_by(self, said: Said) -> "Trail":
        """Return the trail with one more question."""
        return Trail((*self.said, said)[-KEPT_TOPICS:])
