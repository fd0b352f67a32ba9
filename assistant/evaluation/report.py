"""Draws an evaluation as one page that needs nothing else: no request leaves it, no script runs."""

import math
from collections.abc import Mapping
from typing import Any

from assistant.answer import SHOWN_AS_ANSWER
from assistant.evaluation.catalogue import WORDS
from assistant.evaluation.charts import (
    HEIGHT,
    WIDTH,
    Chart,
    reliability_chart,
    risk_chart,
    words_chart,
)
from assistant.evaluation.curves import reliability, risk_coverage, success_by_words
from assistant.evaluation.evaluation import Evaluation
from assistant.evaluation.misses import find_misses
from assistant.evaluation.summary import Figures
from assistant.evaluation.tables import GROUP_COLUMNS, shown, shown_interval
from assistant.templates import environment, page_file

HEADLINES = {
    "hit@1": "the first passage answers",
    "S@120w": "answered within 120 words",
    "useful": "answered, and evidence in the first three",
    "abstain AUROC": "knows what the document leaves open",
}
"""The figures at the head of the page, in plain words."""


def draw_report(evaluation: Evaluation, fields: dict[str, Any]) -> str:
    """
    Draw the report.

    Args:
        evaluation: The evaluation.
        fields: The same as JSON; says how it was made.

    """
    templates = environment()
    templates.globals.update(shown=shown, shown_interval=shown_interval)
    style = "\n".join(page_file(name) for name in ("signpost.css", "report.css"))
    return templates.get_template("report.html").render(
        style=style,
        evaluation=evaluation,
        overall=evaluation.summary.overall,
        figures=evaluation.summary.overall.figures,
        headlines=HEADLINES,
        made=fields["made with"],
        intervals=fields["intervals"],
        charts=_charts(evaluation),
        size=(WIDTH, HEIGHT),
        group_columns={name: _columns(groups) for name, groups in evaluation.summary.groups.items()},
        decisions=_decisions(evaluation),
        misses=find_misses(evaluation.rows),
    )


def _charts(evaluation: Evaluation) -> list[Chart]:
    """Return the drawings for which there are values."""
    figures = evaluation.summary.overall.figures
    charts = []
    if bins := reliability(evaluation.rows):
        charts.append(reliability_chart(bins))
    if points := risk_coverage(evaluation.rows):
        charts.append(risk_chart(points))
    if reached := success_by_words(evaluation.rows):
        charts.append(words_chart(reached, [figures[f"S@{words}w"] for words in WORDS]))
    return charts


def _columns(groups: Mapping[str, Figures]) -> list[str]:
    """Return the figures that at least one group has."""
    return [
        name
        for name in GROUP_COLUMNS
        if not all(math.isnan(figures.figures[name].value) for figures in groups.values())
    ]


def _decisions(evaluation: Evaluation) -> dict[str, dict[str, int]]:
    """Count decisions: whether the documents answer, then what was done."""
    counts = {
        name: {"first right": 0, "among three": 0, "wrong": 0, "declined": 0}
        for name in ("answerable", "not answerable")
    }
    for row in evaluation.rows:
        name = "answerable" if row.question.answerable else "not answerable"
        if not row.line.answered:
            counts[name]["declined"] += 1
        elif row.first_is_right:
            counts[name]["first right"] += 1
        else:
            near = row.rank is not None and row.rank <= SHOWN_AS_ANSWER
            counts[name]["among three" if near else "wrong"] += 1
    return counts
