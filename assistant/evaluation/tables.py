"""Figures as tables: for a terminal, and in Markdown for a page about the project."""

import math
from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from assistant.evaluation.baselines import Baseline
from assistant.evaluation.catalogue import UNITS
from assistant.evaluation.comparison import Comparison
from assistant.evaluation.evaluation import Evaluation
from assistant.evaluation.summary import Figure, Figures

GROUP_COLUMNS = (
    "hit@1",
    "hit@3",
    "MRR@10",
    "S@120w",
    "abstain AUROC",
    "useful",
    "declined | unanswerable",
)
ABLATION_COLUMNS = ("hit@3", "MRR@10", "nDCG@10", "S@120w", "abstain AUROC", "useful", "ms p50")


def shown(name: str, value: float) -> str:
    """Return a figure as it is written in tables: a share with three places; – where it has no value."""
    if math.isnan(value):
        return "–"
    if name not in UNITS:
        return f"{value:.3f}"
    return f"{value:.1f}" if name.startswith("ms") else f"{value:.0f}"


def shown_interval(figure: Figure) -> str:
    """Return a figure's interval as it is written in tables."""
    if figure.interval is None or math.isnan(figure.value):
        return ""
    return " to ".join(shown(figure.measure.name, end) for end in figure.interval)


def evaluation_tables(evaluation: Evaluation) -> RenderableType:
    """Draw all figures, by group and against another run, for a terminal."""
    parts: list[RenderableType] = [_overall(evaluation.summary.overall)]
    parts += [_groups(name, groups) for name, groups in evaluation.summary.groups.items()]
    if evaluation.baselines:
        parts.append(_baselines(evaluation.baselines))
    if evaluation.comparison:
        parts.append(_comparison(evaluation.comparison))
    return Group(*parts)


def ablation_markdown(evaluations: Sequence[Evaluation]) -> str:
    """Return one Markdown table, a line for each retriever."""
    header = ["retriever", "hit@1 (95% interval)", *ABLATION_COLUMNS]
    rows = [_ablation_row(evaluation) for evaluation in evaluations]
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _ablation_row(evaluation: Evaluation) -> list[str]:
    figures = evaluation.summary.overall.figures
    first = figures["hit@1"]
    return [
        evaluation.retriever,
        f"{shown('hit@1', first.value)} ({shown_interval(first)})",
        *(shown(name, figures[name].value) for name in ABLATION_COLUMNS),
    ]


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column(columns[0])
    for column in columns[1:]:
        table.add_column(column, justify="right")
    return table


def _overall(figures: Figures) -> Table:
    unanswerable = figures.questions - figures.answerable
    title = f"{figures.questions} questions, {figures.answerable} answerable, {unanswerable} not"
    table = _table(title, ("figure", "value", "95% interval", "n"))
    for name, figure in figures.figures.items():
        table.add_row(Text(name), shown(name, figure.value), shown_interval(figure), str(figure.counted))
    return table


def _groups(name: str, groups: Mapping[str, Figures]) -> Table:
    table = _table(f"\nBy {name}", (name, "n", *GROUP_COLUMNS))
    for key, found in groups.items():
        values = (shown(column, found.figures[column].value) for column in GROUP_COLUMNS)
        table.add_row(Text(key), str(found.questions), *values)
    return table


def _baselines(baselines: Sequence[Baseline]) -> Table:
    kinds = list(baselines[0].by_kind)
    table = _table("\nhit@1 of turns in conversations, by how they are asked", ("asked", "all", *kinds))
    for row in baselines:
        values = (shown("hit@1", row.by_kind[kind].value) for kind in kinds)
        table.add_row(row.name, shown("hit@1", row.overall.value), *values)
    return table


def _comparison(comparison: Comparison) -> Table:
    title = f"\nAgainst {comparison.name}, over {comparison.shared} questions that both answer"
    columns = ("figure", "this", "other", "difference", "95% interval", "p", "won/lost/tied")
    table = _table(title, columns)
    for found in comparison.differences:
        ends = found.interval
        table.add_row(
            Text(found.measure.name),
            f"{found.this:.3f}",
            f"{found.other:.3f}",
            f"{found.effect:+.3f}",
            "" if ends is None else f"{ends[0]:+.3f} to {ends[1]:+.3f}",
            f"{found.p:.4f}",
            "" if found.wins is None else f"{found.wins}/{found.losses}/{found.ties}",
        )
    return table
