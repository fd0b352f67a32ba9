"""What the commands share: options, the setup with its progress bar, and errors in one line."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from assistant.errors import AssistantError
from assistant.opening import Setup
from assistant.urgent.help import DEFAULT_COUNTRY
from corpus import CorpusError, shipped_corpus
from index import SearchIndexError, default_index_folder

Corpus = Annotated[Path | None, typer.Option(help="A document's folder, or a folder of such folders.")]
Model = Annotated[str, typer.Option(help="A sentence-transformers model on this machine: id or folder.")]
IndexDir = Annotated[Path | None, typer.Option(help="Folder for built indexes.")]
Country = Annotated[str, typer.Option(help="Whose emergency numbers are given: us, gb, ca ...")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]


def plain_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Turn what a reader can mend into one line on stderr and exit code 1; `--debug` shows all."""

    @functools.wraps(command)
    def guarded(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except (CorpusError, SearchIndexError, AssistantError) as error:
            if options["debug"]:
                raise
            Console(stderr=True, soft_wrap=True).print(
                f"signpost: {error}", style="red", markup=False, highlight=False
            )
            raise typer.Exit(1) from error

    return guarded


@contextmanager
def open_setup(
    corpus: Path | None, model: str, index_dir: Path | None, country: str = DEFAULT_COUNTRY
) -> Iterator[Setup]:
    """Yield the setup, with a progress bar on stderr that shows only if an index is built."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    tasks: dict[str, Any] = {}

    def progress(stage: str, done: int, total: int) -> None:
        if stage not in tasks:
            # Started only now: a bar without a task would leave an empty line behind.
            bar.start()
            tasks[stage] = bar.add_task(stage, total=total)
        bar.update(tasks[stage], completed=done)

    try:
        yield Setup(
            corpus=corpus or shipped_corpus(),
            model=model,
            index_dir=index_dir or default_index_folder(),
            report=lambda sentence: bar.console.print(sentence, markup=False, highlight=False),
            progress=progress,
            country=country,
        )
    finally:
        if tasks:
            bar.stop()


def say(sentence: str) -> None:
    """Print a sentence on stderr."""
    Console(stderr=True, soft_wrap=True).print(sentence, markup=False, highlight=False)
