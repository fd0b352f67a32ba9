"""The `signpost` command: results go to stdout, all else to stderr."""

import io
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console

from assistant.as_json import answer_fields
from assistant.as_text import answer_text
from assistant.assistant import Assistant
from assistant.batch import write_run
from assistant.command_setup import (
    Corpus,
    Country,
    Debug,
    IndexDir,
    Model,
    open_setup,
    plain_errors,
    say,
)
from assistant.errors import ServerError
from assistant.evaluation.commands import evaluate
from assistant.opening import Setup, example_texts, open_assistant, open_index
from assistant.questions import checked_question
from assistant.questions_file import read_questions
from assistant.urgent.help import DEFAULT_COUNTRY, numbers_of
from assistant.web.settings import DEFAULT_RATE, ServerSettings
from assistant.web.warming import WarmingAssistant
from corpus import check_authored, check_document, nearly_among, read_corpus, shipped_corpus
from index import (
    DEFAULT_MODEL,
    IndexCache,
    IndexDamagedError,
    SearchIndexError,
    find_model,
)

SERVER_GROUP = "signpost.server"
"""Entry point group under which the chat registers; so the command line need not import it."""

app = typer.Typer(
    name="signpost",
    help="Answers questions about a patient-education page by quoting it, word for word.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
@plain_errors
def ask(
    question: Annotated[str, typer.Argument(help="A question in your own words.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    earlier: Annotated[
        list[str] | None,
        typer.Option(help="An earlier question of the conversation; repeat it, oldest first."),
    ] = None,
    exact: Annotated[bool, typer.Option("--exact", help="Search for exactly what was typed.")] = False,
    corpus: Corpus = None,
    model: Model = DEFAULT_MODEL,
    index_dir: IndexDir = None,
    country: Country = DEFAULT_COUNTRY,
    debug: Debug = False,
) -> None:
    """Answer one question with quotes from the document."""
    checked = checked_question(question)
    with open_setup(corpus, model, index_dir, country) as setup:
        assistant = open_assistant(setup)
    answer = assistant.answer(checked, earlier or (), exact=exact)
    if as_json:
        typer.echo(orjson.dumps(answer_fields(answer), option=orjson.OPT_INDENT_2).decode())
    else:
        Console(soft_wrap=False, highlight=False).print(answer_text(answer, assistant.documents))


@app.command()
@plain_errors
def batch(
    questions: Annotated[Path, typer.Argument(help="QUESTIONS.jsonl: a question a line.")],
    run: Annotated[Path, typer.Argument(help="RUN.jsonl: written whole, or not at all.")],
    corpus: Corpus = None,
    model: Model = DEFAULT_MODEL,
    index_dir: IndexDir = None,
    country: Country = DEFAULT_COUNTRY,
    debug: Debug = False,
) -> None:
    """Answer a file of questions, one line in, one line out, in order."""
    if run.resolve() == questions.resolve():
        msg = "holds the questions; name another file for the answers"
        raise typer.BadParameter(msg, param_hint="RUN")
    asked = read_questions(questions)
    with open_setup(corpus, model, index_dir, country) as setup:
        write_run(asked, lambda: open_assistant(setup), run, progress=setup.progress)
    say(f"{len(asked)} answers written to {run}")


app.command()(plain_errors(evaluate))


@app.command("index")
@plain_errors
def index_command(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build it even if it is there.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Verify index and documents; build nothing.")
    ] = False,
    against: Annotated[
        list[Path] | None,
        typer.Option(help="With --check: a file of measured questions, none of them to be authored."),
    ] = None,
    corpus: Corpus = None,
    model: Model = DEFAULT_MODEL,
    index_dir: IndexDir = None,
    debug: Debug = False,
) -> None:
    """Build the index, or verify it and report what is odd in the documents."""
    if against and not check:
        msg = "goes with --check alone"
        raise typer.BadParameter(msg, param_hint="--against")
    if rebuild and check:
        msg = "does not go with --check, which builds nothing"
        raise typer.BadParameter(msg, param_hint="--rebuild")
    with open_setup(corpus, model, index_dir) as setup:
        if check:
            _check(setup, [asked.question for file in against or () for asked in read_questions(file)])
            return
        index = open_index(setup, rebuild=rebuild)
    say(f"{len(index.passages)} passages in {setup.index_dir / index.recipe.fingerprint}")


@app.command()
@plain_errors
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 7860,
    root_path: Annotated[str, typer.Option(help="Where a proxy shows it, such as /signpost.")] = "",
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(help="Another website whose pages may use /api/ask; repeat it for more."),
    ] = None,
    embedded_by: Annotated[
        list[str] | None,
        typer.Option(help="Another website that may show /embed in a frame; repeat it for more."),
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option(help="File for a line an answer: ids and figures, no words, no address."),
    ] = None,
    log_questions: Annotated[
        bool, typer.Option("--log-questions", help="Write the questions into the log too.")
    ] = False,
    rate: Annotated[
        int, typer.Option(min=0, help="Questions a minute that one client may ask; 0: no limit.")
    ] = DEFAULT_RATE,
    mcp: Annotated[bool, typer.Option("--mcp", help="Serve a tool for other programs at /mcp.")] = False,
    corpus: Corpus = None,
    model: Model = DEFAULT_MODEL,
    index_dir: IndexDir = None,
    country: Country = DEFAULT_COUNTRY,
    debug: Debug = False,
) -> None:
    """Serve the chat and the reading view, the same as `python app.py`."""
    settings = ServerSettings(
        host=host,
        port=port,
        root_path=root_path,
        allow_origins=tuple(allow_origin or ()),
        frame_ancestors=tuple(embedded_by or ()),
        log=log,
        log_questions=log_questions,
        rate=rate,
        mcp=mcp,
    )
    servers = entry_points(group=SERVER_GROUP)
    if not servers:
        msg = "the chat is not installed; run `pip install -e .` in the project's folder"
        raise ServerError(msg)
    # What can be known to be wrong is told before the page opens.
    documents = read_corpus(corpus or shipped_corpus())
    find_model(model)
    numbers_of(country)

    def make() -> Assistant:
        with open_setup(corpus, model, index_dir, country) as setup:
            return open_assistant(replace(setup, together=True))

    server = next(iter(servers)).load()
    server(WarmingAssistant(documents, make), settings)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Quotes are full of signs that an old terminal lacks: a question mark is better than none.
            stream.reconfigure(errors="replace")
    # Ended from outside, what was half written is still taken away; the server has its own way.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    app()


def _check(setup: Setup, measured: Sequence[str]) -> None:
    """Hold the built index to the documents, and report what is odd in these."""
    documents = read_corpus(setup.corpus)
    try:
        index = IndexCache(setup.index_dir, report=say).check(
            documents, find_model(setup.model), examples=example_texts()
        )
    except FileNotFoundError as error:
        msg = f"there is no index of these documents in {setup.index_dir}; `signpost index` builds it"
        raise SearchIndexError(msg) from error
    except IndexDamagedError as error:
        msg = f"the index in {setup.index_dir} is damaged: {error}; `signpost index` builds it again"
        raise IndexDamagedError(msg) from error
    for document in documents:
        passages = [passage for passage in index.passages if passage.document_id == document.id]
        for finding in (*check_document(document), *check_authored(document, passages, measured)):
            typer.echo(f"{document.id}:{finding.line}: {finding.kind}: {finding.message}")
    for text in nearly_among(example_texts(), measured):
        typer.echo(f"examples: measured: nearly a question that figures are taken on: {text}")
    say(f"The index is whole: {len(index.passages)} passages, each word for word in its document.")
