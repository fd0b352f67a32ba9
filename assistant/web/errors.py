"""
Errors of a question that was asked of the server; the message is a sentence for the asker.

    AssistantError
    ├── BusyError           too many are asking
    ├── TooSlowError        the answer took too long
    ├── StartingError       the server is still getting ready
    ├── NotStartedError     it could not get ready
    └── AnswerFailedError   something broke that nobody foresaw
"""

from assistant.errors import AssistantError


class BusyError(AssistantError):
    """Too many questions wait already."""


class TooSlowError(AssistantError):
    """An answer took longer than it may."""


class StartingError(AssistantError):
    """The index is still being opened or built."""


class NotStartedError(AssistantError):
    """The index could not be opened, or the server stopped before it was."""


class AnswerFailedError(AssistantError):
    """An answer failed for a reason that nobody foresaw; only its kind and place are told."""
