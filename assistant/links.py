"""Addresses of quotes in the reading view, made and read back in one place."""

import re
from urllib.parse import quote

from corpus import Span

READING_PATH = "/read"
QUOTE_PARAMETER = "quote"

_RANGE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


def reading_link(document_id: str) -> str:
    """Return the address of a whole document."""
    return f"{READING_PATH}/{quote(document_id)}"


def section_link(document_id: str, section_id: str) -> str:
    """Return the address of a section."""
    return f"{reading_link(document_id)}#{quote(section_id)}"


def quote_link(document_id: str, section_id: str, span: Span) -> str:
    """
    Return the address that shows a range of a document in its section.

    >>> quote_link("page", "surgery", Span(10, 20))
    '/read/page?quote=10-20#surgery'
    """
    return f"{reading_link(document_id)}?{QUOTE_PARAMETER}={span.start}-{span.end}#{quote(section_id)}"


def parse_range(value: str | None, *, length: int) -> Span | None:
    """
    Read the range in a link.

    Args:
        value: What the link says, for example `10-20`.
        length: Length of the document's source, in characters.

    Returns:
        The range, or None where the link names none that lies in the source.

    """
    match = _RANGE.fullmatch(value or "")
    if match is None:
        return None
    start, end = int(match[1]), int(match[2])
    return Span(start, end) if start < end <= length else None
