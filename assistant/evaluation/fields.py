"""An evaluation as JSON: the form of `--json` and of summary.json."""

import math
import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from assistant.evaluation.baselines import Baseline
from assistant.evaluation.bootstrap import LEVEL, RESAMPLES, SEED
from assistant.evaluation.comparison import Comparison
from assistant.evaluation.curves import reliability, risk_coverage, success_by_words
from assistant.evaluation.evaluation import Evaluation
from assistant.evaluation.significance import PERMUTATIONS, Difference
from assistant.evaluation.summary import Figure, Figures

FORMAT = 1


def summary_fields(evaluation: Evaluation, about: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the figures as a JSON object; a figure that has no value is null.

    Only the times differ between two runs of the same version on the same machine.

    Args:
        evaluation: The evaluation.
        about: What else to say of how it was made.

    """
    summary, rows = evaluation.summary, evaluation.rows
    return {
        "format": FORMAT,
        "made with": {
            "signpost": version("signpost"),
            "python": platform.python_version(),
            "retriever": evaluation.retriever,
            "passages": evaluation.passages,
            "documents": evaluation.documents,
            **about,
        },
        "intervals": {
            "level": LEVEL,
            "resamples": RESAMPLES,
            "seed": SEED,
            "clusters": summary.conversations,
        },
        "overall": _figures(summary.overall),
        "by": {
            name: {key: _figures(figures) for key, figures in groups.items()}
            for name, groups in summary.groups.items()
        },
        "conversation baselines": [_baseline(row) for row in evaluation.baselines],
        "comparison": _comparison(evaluation.comparison) if evaluation.comparison else None,
        "curves": {
            "reliability": [
                {
                    "from": found.low,
                    "to": found.high,
                    "n": found.questions,
                    "confidence": found.confidence,
                    "first passage right": found.right,
                    "answerable": found.answerable,
                }
                for found in reliability(rows)
            ],
            "risk and coverage": [
                {"confidence": point.threshold, "coverage": point.coverage, "risk": point.risk}
                for point in risk_coverage(rows)
            ],
            "success by words": [
                {"words": point.words, "share": point.share} for point in success_by_words(rows)
            ],
        },
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "n": figures.questions,
        "answerable": figures.answerable,
        "unanswerable": figures.questions - figures.answerable,
        "figures": {name: _figure(figure) for name, figure in figures.figures.items()},
    }


def _figure(figure: Figure) -> dict[str, Any]:
    value = None if math.isnan(figure.value) else figure.value
    return {"value": value, **_ends(figure.interval), "n": figure.counted}


def _ends(ends: tuple[float, float] | None) -> dict[str, float | None]:
    low, high = ends or (None, None)
    return {"low": low, "high": high}


def _baseline(row: Baseline) -> dict[str, Any]:
    return {
        "asked": row.name,
        "hit@1": _figure(row.overall),
        "by kind": {kind: _figure(figure) for kind, figure in row.by_kind.items()},
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "with": comparison.name,
        "questions": comparison.shared,
        "only here": comparison.only_here,
        "permutations": PERMUTATIONS,
        "differences": {found.measure.name: _difference(found) for found in comparison.differences},
    }


def _difference(found: Difference) -> dict[str, Any]:
    return {
        "this": found.this,
        "other": found.other,
        "difference": found.effect,
        **_ends(found.interval),
        "p": found.p,
        "wins": found.wins,
        "losses": found.losses,
        "ties": found.ties,
    }
