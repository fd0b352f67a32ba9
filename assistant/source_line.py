"""The line under an answer and on each page that says what was quoted, how old it is, and by whom."""

import assistant.wording as wording
from corpus import Document


def source_line(document: Document) -> str:
    """Return title, review date, reviewer and publisher of a document in one line."""
    known = document.metadata
    reviewed = wording.REVIEWED.format(reviewed=known.reviewed, reviewer=known.reviewer)
    return f"{known.title}. {reviewed}, {known.publisher}."
