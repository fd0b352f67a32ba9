"""Document folders on disk: finds them, checks their files and reads them into Documents."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from corpus.authored import read_authored_questions, read_gaps
from corpus.document import Document, Hidden, HiddenKind, Metadata
from corpus.errors import DocumentFormatError, DocumentNotFoundError
from corpus.outline import build_outline
from corpus.page_text import LineKind, read_lines

METADATA_FILE = "metadata.json"
MAX_SOURCE_BYTES = 1_000_000
"""A larger source is refused (bytes): a book of 400 pages has as much, the shipped page 33,000."""

MAX_METADATA_BYTES = 100_000
"""A larger file of metadata is refused (bytes); the shipped one has 1,200."""

MAX_BLOCKS = 10_000
"""A source of more headings, paragraphs and list items is refused; the shipped page has 179."""

_FIELDS: dict[str, type] = {
    "title": str,
    "publisher": str,
    "breadcrumb": list,
    "reviewed": str,
    "reviewer": str,
    "source": str,
    "source_sha256": str,
    "source_url": str,
    "licence": str,
}


def shipped_corpus() -> Path:
    """Return the folder of the documents that come with the project."""
    return Path(__file__).parent


def read_corpus(folder: Path) -> tuple[Document, ...]:
    """
    Read every document of a folder.

    Args:
        folder: A document's folder (it holds metadata.json), or a folder of such folders.

    Returns:
        At least one document, in the order of their ids.

    Raises:
        DocumentNotFoundError: The folder does not exist, or holds no document.
        DocumentFormatError: A file of a document cannot be read as what it should be.

    """
    if not folder.is_dir():
        msg = f"there is no folder {folder}"
        raise DocumentNotFoundError(msg)
    if (folder / METADATA_FILE).is_file():
        return (read_document(folder),)
    found = sorted(
        (path.parent for path in folder.glob(f"*/{METADATA_FILE}")), key=lambda path: path.name
    )
    if not found:
        msg = f"{folder} holds no document (a folder with a {METADATA_FILE})"
        raise DocumentNotFoundError(msg)
    return tuple(read_document(path) for path in found)


def read_document(folder: Path) -> Document:
    """
    Read one document folder.

    Raises:
        DocumentNotFoundError: Its metadata or its source is missing.
        DocumentFormatError: One of them cannot be read, or the source is not the one that the
            metadata was written for.

    """
    fields = _read_fields(folder / METADATA_FILE)
    path = folder / fields["source"]
    raw = _read_source(path)
    digest = hashlib.sha256(raw).hexdigest()
    if digest != fields["source_sha256"]:
        problem = f"has sha256 {digest}, but {METADATA_FILE} was written for {fields['source_sha256']}"
        raise DocumentFormatError(path, problem)
    try:
        # Decoded as it stands: newlines are not translated, or offsets would move.
        source = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DocumentFormatError(path, "is not valid UTF-8", line=line) from error
    metadata = Metadata(
        title=fields["title"],
        publisher=fields["publisher"],
        breadcrumb=tuple(fields["breadcrumb"]),
        reviewed=fields["reviewed"],
        reviewer=fields["reviewer"],
        source_sha256=digest,
        source_url=fields["source_url"],
        licence=fields["licence"],
        starters=tuple(fields.get("starters", ())),
        caregiver_starters=tuple(fields.get("caregiver_starters", ())),
    )
    # A link keeps its own name: two may lead to folders of one name.
    name = folder.name if folder.name not in ("", "..") else folder.resolve().name
    if not name.isprintable():
        raise DocumentFormatError(folder, "has a name that is not valid text")
    document = parse_document(name, source, metadata)
    if len(document.blocks) > MAX_BLOCKS:
        raise DocumentFormatError(path, f"has more than {MAX_BLOCKS:,} paragraphs and list items")
    questions = read_authored_questions(folder, source)
    return replace(document, questions=questions, gaps=read_gaps(folder))


def parse_document(document_id: str, source: str, metadata: Metadata) -> Document:
    """Take a source text apart into a Document, without touching a file."""
    lines = read_lines(source, title=metadata.title)
    sections, blocks = build_outline(lines, source, title=metadata.title)
    hidden = tuple(
        Hidden(HiddenKind.LABEL if line.kind is LineKind.LABEL else HiddenKind.FURNITURE, line.span)
        for line in lines
        if line.kind in {LineKind.LABEL, LineKind.FURNITURE}
    )
    return Document(document_id, source, metadata, sections, blocks, hidden)


def _read_source(path: Path) -> bytes:
    """Read a source file, within the size limit."""
    raw = _read_bytes(path, MAX_SOURCE_BYTES)
    if not raw.strip():
        raise DocumentFormatError(path, "is empty")
    return raw


def _read_bytes(path: Path, most: int) -> bytes:
    """Read a file of at most so many bytes."""
    try:
        if not path.is_file():
            msg = f"there is no file {path}"
            raise DocumentNotFoundError(msg)
        if path.stat().st_size > most:
            raise DocumentFormatError(path, f"is larger than {most:,} bytes")
        return path.read_bytes()
    except OSError as error:
        raise DocumentFormatError(path, f"cannot be read ({error.strerror})") from error


def _read_fields(path: Path) -> dict[str, Any]:
    """Read a metadata file and hold it to its fields."""
    try:
        fields = orjson.loads(_read_bytes(path, MAX_METADATA_BYTES))
    except orjson.JSONDecodeError as error:
        raise DocumentFormatError(path, f"is not JSON ({error})") from error
    if not isinstance(fields, dict):
        raise DocumentFormatError(path, "must hold one JSON object")
    for name, kind in _FIELDS.items():
        if not isinstance(fields.get(name), kind):
            raise DocumentFormatError(path, f'needs "{name}" ({kind.__name__})')
    if not all(isinstance(text, str) for text in fields["breadcrumb"]):
        raise DocumentFormatError(path, '"breadcrumb" must be a list of headings')
    for name in ("starters", "caregiver_starters"):
        _check_questions(path, name, fields.get(name, []))
    return fields


def _check_questions(path: Path, name: str, starters: object) -> None:
    if not isinstance(starters, list) or not all(isinstance(text, str) for text in starters):
        raise DocumentFormatError(path, f'"{name}" must be a list of questions')
