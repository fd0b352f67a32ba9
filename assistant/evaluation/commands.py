"""The command `signpost evaluate`: files of gold questions in; table, folder and exit code out."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from assistant.command_setup import Corpus, Debug, IndexDir, Model, open_setup
from assistant.opening import DEFAULT_RETRIEVER
from index import DEFAULT_MODEL, RETRIEVERS


def _known_retriever(name: str) -> str:
    if name not in RETRIEVERS:
        msg = f"there are {', '.join(RETRIEVERS)}"
        raise typer.BadParameter(msg)
    return name


def evaluate(
    questions: Annotated[list[Path], typer.Argument(help="QUESTIONS.jsonl, with what answers them.")],
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for report.html, summary.json, answers.jsonl and TREC files."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print summary.json, nothing else.")] = False,
    compare: Annotated[
        Path | None, typer.Option(help="Folder of an earlier evaluation, or its answers.jsonl.")
    ] = None,
    gate: Annotated[
        Path | None,
        typer.Option(help='Figures to reach, as {"min": {"hit@1": 0.87}, "max": {"ECE": 0.08}}.'),
    ] = None,
    retriever: Annotated[
        str, typer.Option(help=f"One of {', '.join(RETRIEVERS)}.", callback=_known_retriever)
    ] = DEFAULT_RETRIEVER,
    ablation: Annotated[
        bool, typer.Option("--ablation", help="Ask every retriever; print one Markdown table.")
    ] = False,
    corpus: Corpus = None,
    model: Model = DEFAULT_MODEL,
    index_dir: IndexDir = None,
    debug: Debug = False,
) -> None:
    """Measure how well gold questions are answered; exit code 1 if a figure is beyond the gate."""
    if ablation and (out or as_json or compare or gate):
        msg = "--ablation prints its table, and goes with none of --out, --json, --compare, --gate"
        raise typer.BadParameter(msg)
    # The libraries of evaluation cost every other command a tenth of a second at its start.
    from assistant.evaluation.evaluating import Request, carry_out  # noqa: PLC0415

    request = Request(tuple(questions), out, compare, gate, as_json=as_json, ablation=ablation)
    with open_setup(corpus, model, index_dir) as setup:
        outcome = carry_out(request, replace(setup, retriever=retriever))
    outcome.tell()
    if not outcome.passed:
        raise typer.Exit(1)
