"""
Errors of the corpus.

    CorpusError
    ├── DocumentNotFoundError   the folder or a file in it is missing
    └── DocumentFormatError     a file is there and cannot be read as what it should be
"""

from pathlib import Path


class CorpusError(Exception):
    """Something is wrong with the documents; the message says what, and where."""


class DocumentNotFoundError(CorpusError):
    """A document folder, or a file that it must hold, is missing."""


class DocumentFormatError(CorpusError):
    """A document's file cannot be read as the text or the metadata that it should be."""

    def __init__(self, path: Path, problem: str, *, line: int | None = None) -> None:
        """
        Say which file is wrong, where, and how.

        Args:
            path: The file.
            problem: What is wrong with it, as a phrase.
            line: Its line, counted from 1, where one can be named.

        """
        place = f"{path}, line {line}" if line else f"{path}"
        super().__init__(f"{place}: {problem}")
        self.path = path
        self.line = line
