"""Carries out what `signpost evaluate` was asked for: all files are checked before anything runs."""

import hashlib
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from assistant.command_setup import say
from assistant.evaluation.comparison import OtherRun, read_other
from assistant.evaluation.evaluation import Evaluation, run_evaluation
from assistant.evaluation.fields import summary_fields
from assistant.evaluation.gate import beyond, read_gate
from assistant.evaluation.gold import GoldQuestion, read_gold
from assistant.evaluation.output import FILES, REPORT_FILE, summary_json, write_evaluation
from assistant.evaluation.tables import ablation_markdown, evaluation_tables
from assistant.files import whole_folder, writing
from assistant.opening import Setup, open_assistant
from corpus import read_corpus
from index import RETRIEVERS

NARROWEST = 110
"""Columns that the tables take where stdout is a file or a pipe."""


@dataclass(frozen=True, slots=True)
class Request:
    """
    What an evaluator asks for.

    Attributes:
        questions: Files of gold questions.
        out: Folder to write; None for the table alone.
        compare: An earlier evaluation's folder, or a RUN file.
        gate: File of figures to reach.
        as_json: Print the summary as JSON, and nothing else.
        ablation: Ask every retriever, and print one table.

    """

    questions: tuple[Path, ...]
    out: Path | None = None
    compare: Path | None = None
    gate: Path | None = None
    as_json: bool = False
    ablation: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What is to be told.

    Attributes:
        printed: For stdout: text as it stands, or an evaluation whose tables are drawn.
        said: Sentences for stderr.
        passed: Whether no figure is beyond the gate.

    """

    printed: str | Evaluation
    said: tuple[str, ...] = ()
    passed: bool = True

    def tell(self) -> None:
        """Print it."""
        if isinstance(self.printed, str):
            typer.echo(self.printed, nl=False)
        else:
            console = Console(highlight=False)
            if not console.is_terminal:
                console = Console(highlight=False, width=NARROWEST)
            console.print(evaluation_tables(self.printed))
        for sentence in self.said:
            say(sentence)


def carry_out(request: Request, setup: Setup) -> Outcome:
    """
    Evaluate.

    Args:
        request: What is asked for.
        setup: Where everything comes from.

    Raises:
        AssistantError: A file is not what it should be, or the folder cannot be written.
        CorpusError: The documents cannot be read.
        SearchIndexError: The model or the index folder cannot be used.

    """
    gate = read_gate(request.gate) if request.gate else None
    other = read_other(request.compare) if request.compare else None
    gold = read_gold(request.questions, read_corpus(setup.corpus))
    if request.ablation:
        found = [_run(gold, replace(setup, retriever=name), None) for name in RETRIEVERS]
        return Outcome(ablation_markdown(found) + "\n")
    evaluation, fields = _evaluated(gold, setup, other, request)
    failures = beyond(gate, evaluation.summary.overall) if gate else ()
    written = (f"Written to {request.out}; open its {REPORT_FILE} in a browser.",) if request.out else ()
    printed = summary_json(fields).decode() if request.as_json else evaluation
    return Outcome(printed, (*written, *failures), passed=not failures)


def _evaluated(
    gold: Sequence[GoldQuestion], setup: Setup, other: OtherRun | None, request: Request
) -> tuple[Evaluation, dict[str, Any]]:
    """Run an evaluation, and write its folder where one is asked for; that is tried first."""
    about = _about(request.questions, gold, setup.model)
    with whole_folder(request.out, FILES) if request.out else nullcontext() as folder:
        evaluation = _run(gold, setup, other)
        fields = summary_fields(evaluation, about)
        if request.out and folder:
            with writing(request.out):
                write_evaluation(folder, evaluation, fields)
    return evaluation, fields


def _run(gold: Sequence[GoldQuestion], setup: Setup, other: OtherRun | None) -> Evaluation:
    assistant = open_assistant(setup)
    return run_evaluation(gold, assistant, setup.retriever, other=other, progress=setup.progress)


def _about(paths: Sequence[Path], gold: Sequence[GoldQuestion], model: str) -> dict[str, Any]:
    """Return what an evaluator needs to repeat the figures: model, and digests of the questions."""
    files = [
        {
            "file": path.name,
            "n": sum(question.file == path.name for question in gold),
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in paths
    ]
    return {"model": model, "questions": files}
