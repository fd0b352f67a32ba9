"""Sums up an evaluation: verdicts in, figures with intervals out, overall and by group."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.evaluation.bootstrap import Weights, interval, resample_weights
from assistant.evaluation.catalogue import MEASURES
from assistant.evaluation.gold import conversations
from assistant.evaluation.judging import Judged
from assistant.evaluation.measures import Measure


@dataclass(frozen=True, slots=True)
class Figure:
    """
    A measure's value.

    Attributes:
        measure: What is measured.
        value: NaN where no question counts.
        interval: 95% interval by clustered bootstrap; None where there is none.
        counted: How many questions count.

    """

    measure: Measure
    value: float
    interval: tuple[float, float] | None
    counted: int


@dataclass(frozen=True, slots=True)
class Figures:
    """
    All figures of some questions.

    Attributes:
        questions: How many questions there are.
        answerable: How many of them are answerable.
        figures: By name, in the order in which they are shown.

    """

    questions: int
    answerable: int
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Summary:
    """
    The figures of an evaluation.

    Attributes:
        overall: Those of all questions.
        groups: By what the questions are divided (`kind`, `persona`, `turn`, `file`), then by group.
        conversations: How many independent units the intervals rest on.

    """

    overall: Figures
    groups: Mapping[str, Mapping[str, Figures]]
    conversations: int


def summarise(rows: Sequence[Judged], measures: Iterable[Measure] = MEASURES) -> Summary:
    """
    Sum up verdicts.

    Questions are divided by turn only if one of them has a history, and by file only if there are two.
    A group's interval comes from the resamples of all questions.
    """
    chosen = tuple(measures)
    clusters = conversations([row.question for row in rows])
    weights = resample_weights(clusters)
    groups: dict[str, Mapping[str, Figures]] = {}
    for name, of in _DIVISIONS.items():
        inside: dict[str, list[int]] = {}
        for at, row in enumerate(rows):
            inside.setdefault(of(row), []).append(at)
        if len(inside) > 1 or name not in _NEEDS_TWO:
            groups[name] = {
                key: _figures([rows[at] for at in found], chosen, weights[:, found])
                for key, found in sorted(inside.items())
            }
    return Summary(_figures(rows, chosen, weights), groups, len(set(clusters)))


_DIVISIONS: Mapping[str, Callable[[Judged], str]] = {
    "kind": lambda row: row.question.kind,
    "persona": lambda row: row.question.persona,
    "turn": lambda row: str(row.question.turn),
    "file": lambda row: row.question.file,
}
_NEEDS_TWO = frozenset(["turn", "file"])


def _figures(rows: Sequence[Judged], measures: Sequence[Measure], weights: Weights) -> Figures:
    return Figures(
        questions=len(rows),
        answerable=sum(row.question.answerable for row in rows),
        figures={measure.name: _figure(measure, rows, weights) for measure in measures},
    )


def _figure(measure: Measure, rows: Sequence[Judged], weights: Weights) -> Figure:
    counted = measure.counted(rows)
    # One question has no spread; an interval of no width would pass for certainty.
    ends = interval(measure.resampled(rows, weights)) if counted > 1 else None
    return Figure(measure, measure.value(rows), ends, counted)
