"""Answers a file of questions: QUESTIONS in, RUN out, a line for a line, in order."""

from collections.abc import Callable, Sequence
from pathlib import Path

import orjson

from assistant.as_json import answer_fields
from assistant.assistant import Assistant
from assistant.files import whole_file, writing
from assistant.questions_file import AskedQuestion
from index import Progress


def write_run(
    questions: Sequence[AskedQuestion],
    assistant: Callable[[], Assistant],
    path: Path,
    *,
    progress: Progress | None = None,
) -> None:
    """
    Answer questions into a RUN file.

    Args:
        questions: What to ask.
        assistant: Opens the assistant; called once the file is known to be writable.
        path: The RUN file; it appears only when the last line is written.
        progress: Told how many questions are answered.

    Raises:
        OutputError: The file cannot be written.

    """
    with whole_file(path) as file:
        opened = assistant()
        for number, asked in enumerate(questions, start=1):
            answer = opened.answer(asked.question, asked.history)
            line = orjson.dumps({"id": asked.id, **answer_fields(answer)}) + b"\n"
            with writing(path):
                file.write(line)
            if progress is not None:
                progress("answering questions", number, len(questions))
