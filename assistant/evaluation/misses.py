"""Lists what went wrong, so that an evaluator can read every case."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.evaluation.judging import Judged


@dataclass(frozen=True, slots=True)
class Misses:
    """
    Answers with the same fault.

    Attributes:
        id: Unique in the page.
        fault: What went wrong.
        among: How many questions it could have happened to.
        by_kind: The verdicts by kind of question; kinds without one are left out.

    """

    id: str
    fault: str
    among: int
    by_kind: Mapping[str, tuple[Judged, ...]]

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(len(rows) for rows in self.by_kind.values())


def find_misses(rows: Sequence[Judged]) -> tuple[Misses, ...]:
    """Return every miss; a question may stand under more than one fault."""
    answerable = [row for row in rows if row.question.answerable]
    others = [row for row in rows if not row.question.answerable]
    return (
        _misses("not-first", "The first passage does not answer", answerable, _not_first),
        _misses("declined", "Declined, though the document answers", answerable, _declined),
        _misses("answered", "Answered, though the document does not", others, _answered),
    )


def _not_first(row: Judged) -> bool:
    return not row.first_is_right


def _declined(row: Judged) -> bool:
    return row.line.answered is False


def _answered(row: Judged) -> bool:
    return row.line.answered is True


def _misses(name: str, fault: str, rows: Sequence[Judged], of: Callable[[Judged], bool]) -> Misses:
    found: dict[str, list[Judged]] = {}
    for row in rows:
        if of(row):
            found.setdefault(row.question.kind, []).append(row)
    return Misses(name, fault, len(rows), {kind: tuple(found[kind]) for kind in sorted(found)})
