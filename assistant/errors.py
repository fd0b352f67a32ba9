"""
Errors of the assistant.

    AssistantError
    ├── QuestionError        a question cannot be searched for
    ├── QuestionsFileError   a line of a QUESTIONS file, or of a RUN file, is not what it should be
    ├── GateFileError        a file of figures to be reached is not what it should be
    ├── CountryError         there are no emergency numbers for a country
    ├── QuoteError           a quote is not what stands in the source
    ├── OutputError          a result cannot be written
    └── ServerError          the chat cannot be served
"""

from pathlib import Path


class AssistantError(Exception):
    """Something the asker or the operator can mend; the message says what."""


class QuestionError(AssistantError):
    """A question is empty, holds no word, is too long, or is not valid text."""


class QuestionsFileError(AssistantError):
    """A file of questions, or of answers, is missing, or a line of it is not what it should be."""

    def __init__(self, path: Path, problem: str, *, line: int | None = None) -> None:
        """
        Say which line is wrong, and how.

        Args:
            path: The file.
            problem: What is wrong, as a phrase.
            line: The line, counted from 1, where it is one line's fault.

        """
        place = f"{path}, line {line}" if line else f"{path}"
        super().__init__(f"{place}: {problem}")
        self.line = line


class GateFileError(AssistantError):
    """A file of figures to be reached is missing, or is not what it should be."""

    def __init__(self, path: Path, problem: str) -> None:
        """
        Say what is wrong.

        Args:
            path: The file.
            problem: What is wrong, as a phrase or sentence.

        """
        super().__init__(f"{path}: {problem}")


class CountryError(AssistantError):
    """There are no emergency numbers for a country."""


class QuoteError(AssistantError):
    """A quote's words are not those of the source at its offsets; it is never shown."""


class OutputError(AssistantError):
    """A result cannot be written where it should go."""


class ServerError(AssistantError):
    """The chat cannot be served as it was asked for."""
