"""Writes an evaluation's folder, whole or not at all."""

from pathlib import Path
from typing import Any

import orjson

from assistant.evaluation.comparison import QRELS_FILE
from assistant.evaluation.evaluation import Evaluation
from assistant.evaluation.report import draw_report
from assistant.evaluation.runs import ANSWERS_FILE
from assistant.evaluation.trec import write_qrels, write_run

RUN_FILE = "run.trec"
SUMMARY_FILE = "summary.json"
REPORT_FILE = "report.html"
FILES = frozenset([ANSWERS_FILE, RUN_FILE, QRELS_FILE, SUMMARY_FILE, REPORT_FILE])
"""What the folder of an evaluation holds."""


def write_evaluation(folder: Path, evaluation: Evaluation, fields: dict[str, Any]) -> None:
    """
    Write an evaluation into an empty folder.

    Args:
        folder: The folder; it exists.
        evaluation: The evaluation.
        fields: Its summary as a JSON object.

    Raises:
        OSError: A file cannot be written.

    """
    answers = b"".join(orjson.dumps(line) + b"\n" for line in evaluation.answers)
    (folder / ANSWERS_FILE).write_bytes(answers)
    write_run(
        folder / RUN_FILE, [row.line for row in evaluation.rows], f"signpost-{evaluation.retriever}"
    )
    write_qrels(folder / QRELS_FILE, evaluation.qrels)
    (folder / SUMMARY_FILE).write_bytes(summary_json(fields))
    (folder / REPORT_FILE).write_text(draw_report(evaluation, fields), encoding="utf-8")


def summary_json(fields: dict[str, Any]) -> bytes:
    """Return a summary as it stands in its file and is printed by `--json`."""
    return orjson.dumps(fields, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
