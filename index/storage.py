"""
A built index on disk: written whole or not at all, and read only if every byte is as written.

An index is a folder of manifest.json (what it was made of, counts, and the digest of every other
file), passages.json, owners.json (which passage each vector belongs to) and one FAISS file for each set
of vectors. No pickle anywhere.

A large file is memory-mapped rather than read: what a search touches comes into memory, and stays
there only as long as there is room. Its digest is taken over the very bytes that are mapped, so that it
is held to what was written like any other file; nothing ever changes a file in place afterwards.
"""

import hashlib
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import orjson

from corpus import Document, Passage, Span
from index.errors import IndexDamagedError, IndexFolderError
from index.folders import BUILDING, put_in_place
from index.vectors import VectorIndex

FORMAT = 5
"""
Version of the form of an index folder; another version is not read. It is also raised when passages
are cut, or texts embedded, in another way: nothing else tells an old index from a new one then.
"""

PASSAGES = "passages"
SENTENCES = "sentences"
QUESTIONS = "questions"
GAPS = "gaps"
NAMELESS_QUESTIONS = "nameless-questions"
NAMELESS_GAPS = "nameless-gaps"
EXAMPLES = "examples"
SETS = (PASSAGES, SENTENCES, QUESTIONS, GAPS, NAMELESS_QUESTIONS, NAMELESS_GAPS, EXAMPLES)
"""The sorts of vectors in an index."""

OWNERLESS = frozenset({GAPS, NAMELESS_GAPS, EXAMPLES})
"""Sorts whose texts belong to no passage."""

MAPPED_FROM = 1024 * 1024
"""
Bytes from which on a file is memory-mapped, so that it is never in memory twice: of the shipped index
all but the passages and their sentences.
"""

MANIFEST_FILE = "manifest.json"
PASSAGES_FILE = "passages.json"
OWNERS_FILE = "owners.json"


@dataclass(frozen=True, slots=True)
class Recipe:
    """
    What an index is made of; two indexes with the same recipe are the same.

    Attributes:
        documents: For each document's id, the sha256 of its source and that of the questions and
            gaps written beside it.
        model: Name of the embedding model.
        model_sha256: Its digest, as `ModelFiles.sha256` has it.
        settings: How passages are cut.
        examples_sha256: Digest of the example messages.

    """

    documents: dict[str, dict[str, str]]
    model: str
    model_sha256: str
    settings: dict[str, int]
    examples_sha256: str

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that name this recipe, under this version of the form."""
        content = orjson.dumps([FORMAT, asdict(self)], option=orjson.OPT_SORT_KEYS)
        return hashlib.sha256(content).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class VectorSet:
    """
    Vectors of one sort and the passages that they belong to.

    Attributes:
        vectors: One row for each text.
        owners: For each row, the number of its passage in `SearchIndex.passages`; empty where the
            rows belong to no passage.

    """

    vectors: VectorIndex
    owners: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """
    A built index, in memory or mapped from its files.

    Attributes:
        recipe: What it was made of.
        passages: Every passage, in the order of the text.
        sets: Vectors by sort: PASSAGES (heading path, context and text), SENTENCES (heading path
            and one sentence), QUESTIONS (the authored questions of all documents, in order) and
            GAPS (likewise; they belong to no passage). The NAMELESS sets are the same with a
            stand-in for each medicine's name. EXAMPLES are messages that the caller gave.

    """

    recipe: Recipe
    passages: tuple[Passage, ...]
    sets: dict[str, VectorSet]


def write_index(index: SearchIndex, folder: Path) -> None:
    """
    Write an index into a new folder beside `folder`, then rename it to `folder`.

    Raises:
        IndexFolderError: The disk does not take it; nothing is left behind.

    """
    temporary: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=BUILDING, dir=folder.parent))
        digests = {name: _write(temporary / name, content) for name, content in _files(index).items()}
        manifest = {
            "format": FORMAT,
            "recipe": asdict(index.recipe),
            "dimension": index.sets[PASSAGES].vectors.dimension,
            "passages": len(index.passages),
            "vectors": {name: len(part.vectors) for name, part in index.sets.items()},
            "files": digests,
        }
        _write(temporary / MANIFEST_FILE, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
        put_in_place(folder, temporary)
    except OSError as error:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
        msg = f"the index cannot be written to {folder.parent} ({error.strerror or error})"
        raise IndexFolderError(msg) from error


def read_index(
    folder: Path, recipe: Recipe, documents: dict[str, Document], *, mapped_from: int = MAPPED_FROM
) -> SearchIndex:
    """
    Read an index and hold it to its manifest, its recipe and the documents.

    Args:
        folder: Where it is.
        recipe: What it must be made of.
        documents: The documents by id.
        mapped_from: Bytes from which on a file is memory-mapped, at least 1.

    Raises:
        FileNotFoundError: There is no index in `folder`.
        IndexDamagedError: It is not what its manifest says, or not what was asked for.
        IndexFolderError: The folder cannot be read.

    """
    manifest = _read_manifest(folder)
    try:
        if manifest["format"] != FORMAT or manifest["recipe"] != asdict(recipe):
            msg = "it was built from something else"
            raise IndexDamagedError(msg)
        digests = manifest["files"]
        passages = tuple(
            _passage(fields)
            for fields in orjson.loads(memoryview(_read(folder, PASSAGES_FILE, digests, mapped_from)))
        )
        owners = orjson.loads(memoryview(_read(folder, OWNERS_FILE, digests, mapped_from)))
        # One after the other, so that only one file is in memory twice.
        sets = {
            name: VectorSet(
                VectorIndex.from_bytes(_read(folder, f"{name}.faiss", digests, mapped_from)),
                tuple(owners[name]),
            )
            for name in SETS
        }
        _check_manifest(manifest, passages, sets)
        _check(passages, sets, documents)
        for part in sets.values():
            # Taking the digest has brought the whole file into memory.
            part.vectors.release()
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        msg = f"its manifest does not describe it ({type(error).__name__}: {error})"
        raise IndexDamagedError(msg) from error
    return SearchIndex(recipe, passages, sets)


def _files(index: SearchIndex) -> dict[str, bytes | VectorIndex]:
    passages = [_fields(passage) for passage in index.passages]
    owners = {name: list(part.owners) for name, part in index.sets.items()}
    return {
        PASSAGES_FILE: orjson.dumps(passages, option=orjson.OPT_INDENT_2),
        OWNERS_FILE: orjson.dumps(owners),
        **{f"{name}.faiss": part.vectors for name, part in index.sets.items()},
    }


def _write(path: Path, content: bytes | VectorIndex) -> str:
    """
    Write a file and see it onto the disk, so that a rename never comes before its content.

    Returns:
        The digest of what was to be written, whatever the disk has made of it.

    """
    digest = hashlib.sha256()
    with path.open("wb") as file:

        def put(part: bytes) -> None:
            digest.update(part)
            file.write(part)

        if isinstance(content, bytes):
            put(content)
        else:
            content.write(put)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = orjson.loads((folder / MANIFEST_FILE).read_bytes())
    except orjson.JSONDecodeError as error:
        msg = "its manifest is not JSON"
        raise IndexDamagedError(msg) from error
    except FileNotFoundError:
        if folder.exists():
            msg = "its manifest is missing"
            raise IndexDamagedError(msg) from None
        raise
    except OSError as error:
        msg = f"{folder} cannot be read ({error.strerror})"
        raise IndexFolderError(msg) from error
    if not isinstance(manifest, dict):
        msg = "its manifest is not a JSON object"
        raise IndexDamagedError(msg)
    return manifest


def _read(folder: Path, name: str, digests: dict[str, str], mapped_from: int) -> bytes | mmap:
    """Return what is in a file, or where it is mapped, if it has its digest."""
    try:
        with (folder / name).open("rb") as file:
            large = os.fstat(file.fileno()).st_size >= mapped_from
            content = mmap(file.fileno(), 0, access=ACCESS_READ) if large else file.read()
    except OSError as error:
        msg = f"{name} cannot be read ({error.strerror})"
        raise IndexDamagedError(msg) from error
    if hashlib.sha256(content).hexdigest() != digests[name]:
        msg = f"{name} is not as it was written"
        raise IndexDamagedError(msg)
    return content


def _check_manifest(
    manifest: dict[str, Any], passages: tuple[Passage, ...], sets: dict[str, VectorSet]
) -> None:
    """Hold the figures of a manifest to what was read."""
    counts = {name: len(part.vectors) for name, part in sets.items()}
    dimensions = {part.vectors.dimension for part in sets.values()}
    if (
        manifest["passages"] != len(passages)
        or manifest["vectors"] != counts
        or dimensions != {manifest["dimension"]}
    ):
        msg = "its manifest names other counts than it has"
        raise IndexDamagedError(msg)


def _check(
    passages: tuple[Passage, ...], sets: dict[str, VectorSet], documents: dict[str, Document]
) -> None:
    """Hold passages to the documents, and vectors to the passages."""
    for passage in passages:
        document = documents.get(passage.document_id)
        if document is None or passage.span.of(document.source) != passage.text:
            msg = f"passage {passage.id} is not a quote of its document"
            raise IndexDamagedError(msg)
    for name, part in sets.items():
        fit = len(part.vectors) == len(part.owners) or name in OWNERLESS
        known = range(len(passages))
        if not fit or not all(type(owner) is int and owner in known for owner in part.owners):
            msg = f"the vectors of {name} do not fit the passages"
            raise IndexDamagedError(msg)


def _fields(passage: Passage) -> dict[str, Any]:
    return {
        "id": passage.id,
        "document_id": passage.document_id,
        "section_id": passage.section_id,
        "span": _pair(passage.span),
        "text": passage.text,
        "context": None if passage.context is None else _pair(passage.context),
        "sentences": [_pair(span) for span in passage.sentences],
        "also_at": [_pair(span) for span in passage.also_at],
    }


def _passage(fields: dict[str, Any]) -> Passage:
    context = fields["context"]
    return Passage(
        id=fields["id"],
        document_id=fields["document_id"],
        section_id=fields["section_id"],
        span=Span(*fields["span"]),
        text=fields["text"],
        context=None if context is None else Span(*context),
        sentences=tuple(Span(*pair) for pair in fields["sentences"]),
        also_at=tuple(Span(*pair) for pair in fields["also_at"]),
    )


def _pair(span: Span) -> list[int]:
    return [span.start, span.end]
