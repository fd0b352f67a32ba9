"""Document folders: what is read, and what is refused with which words."""

import hashlib
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from corpus import (
    AuthoredQuestion,
    BlockKind,
    CorpusError,
    Document,
    DocumentFormatError,
    DocumentNotFoundError,
    Gap,
    Hidden,
    HiddenKind,
    Metadata,
    Span,
    collection,
    parse_document,
    read_corpus,
    read_document,
    shipped_corpus,
)

Folder = Callable[..., Path]


def change(folder: Path, **fields: object) -> Path:
    """Change fields of a document folder's metadata; one that is set to None is null."""
    path = folder / "metadata.json"
    path.write_bytes(orjson.dumps(orjson.loads(path.read_bytes()) | fields))
    return folder


def test_shipped_document() -> None:
    """The project comes with one document, whose metadata are those of its page."""
    (document,) = read_corpus(shipped_corpus())
    assert document.id == "treatment-for-metastatic-breast-cancer"
    assert replace(document.metadata, licence="", starters=(), caregiver_starters=()) == Metadata(
        title="Treatment for metastatic breast cancer",
        publisher="Living Beyond Breast Cancer",
        breadcrumb=(
            "About Breast Cancer",
            "Types of breast cancer",
            "Metastatic",
            "Treatment for metastatic breast cancer",
        ),
        reviewed="February 12, 2024",
        reviewer="Douglas Yee, MD",
        source_sha256="23879cb2e687ca1ab9d4bbef8118d305c723a8f84184aff493a2fd07669bdff3",
        source_url="",
        licence="",
    )


def test_source_is_the_file_unchanged(document: Document) -> None:
    """A document's source has the very bytes of the file, and the digest of its metadata."""
    path = shipped_corpus() / document.id / f"{document.id}.txt"
    assert document.source.encode() == path.read_bytes()
    assert hashlib.sha256(document.source.encode()).hexdigest() == document.metadata.source_sha256


def test_read_a_folder(document_folder: Folder) -> None:
    """A document has its folder's name as id, and all fields of its metadata."""
    folder = document_folder(
        "It helps.\n",
        title="Yoga",
        breadcrumb=["Home", "Yoga"],
        source_url="https://example.org/yoga",
        starters=["Does it help?"],
    )
    document = read_document(folder)
    assert (document.id, document.source) == ("a-page", "It helps.\n")
    assert document.metadata == Metadata(
        title="Yoga",
        publisher="A publisher",
        breadcrumb=("Home", "Yoga"),
        reviewed="May 1, 2024",
        reviewer="A. Reviewer",
        source_sha256=hashlib.sha256(b"It helps.\n").hexdigest(),
        source_url="https://example.org/yoga",
        licence="Theirs.",
        starters=("Does it help?",),
    )


def test_folder_of_one_document_or_of_several(document_folder: Folder) -> None:
    """A document's own folder and the folder around it read as the same document."""
    folder = document_folder("It helps.\n")
    assert read_corpus(folder) == (read_document(folder),)
    assert read_corpus(folder.parent) == (read_document(folder),)


def test_folder_given_as_the_current_one(
    document_folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document read from the current folder still has that folder's name."""
    monkeypatch.chdir(document_folder("It helps.\n"))
    assert [document.id for document in read_corpus(Path())] == ["a-page"]


def test_documents_come_in_the_order_of_their_ids(document_folder: Folder) -> None:
    """Several documents are read in the order of their ids; other folders are passed by."""
    folder = document_folder("It helps.\n")
    for name in ("surgery", "breaks"):
        shutil.copytree(folder, folder.parent / name)
    (folder.parent / "__pycache__").mkdir()
    found = read_corpus(folder.parent)
    assert [document.id for document in found] == ["a-page", "breaks", "surgery"]


def test_links_to_folders_of_one_name_are_two_documents(document_folder: Folder) -> None:
    """Each has the name of its link."""
    folder = document_folder("It helps.\n")
    linked = folder.parent.parent / "linked"
    linked.mkdir()
    for name in ("two", "one"):
        (linked / name).symlink_to(folder, target_is_directory=True)
    assert [document.id for document in read_corpus(linked)] == ["one", "two"]


def test_a_folder_of_no_valid_name_is_named(document_folder: Folder) -> None:
    """Its name is to be a document's id, which is text."""
    folder = document_folder("It helps.\n")
    folder.rename(folder.parent / os.fsdecode(b"\xff\xfe"))
    with pytest.raises(DocumentFormatError, match="has a name that is not valid text"):
        read_corpus(folder.parent)


def test_missing_folder(tmp_path: Path) -> None:
    """A folder that is not there is named."""
    missing = tmp_path / "nowhere"
    with pytest.raises(DocumentNotFoundError, match=f"there is no folder {re.escape(str(missing))}"):
        read_corpus(missing)


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    """A file in place of a folder is no folder."""
    path = tmp_path / "page.txt"
    path.write_text("It helps.")
    with pytest.raises(DocumentNotFoundError, match=r"there is no folder .*page\.txt"):
        read_corpus(path)


def test_folder_without_documents(tmp_path: Path) -> None:
    """A folder that holds no document says what it would need."""
    with pytest.raises(
        DocumentNotFoundError, match=r"holds no document \(a folder with a metadata\.json\)"
    ):
        read_corpus(tmp_path)


def test_missing_metadata(tmp_path: Path) -> None:
    """A document folder without metadata names the file that it lacks."""
    with pytest.raises(DocumentNotFoundError, match=r"there is no file .*metadata\.json"):
        read_document(tmp_path)


def test_missing_source(document_folder: Folder) -> None:
    """A document folder without its source names the file that it lacks."""
    folder = change(document_folder("It helps.\n"), source="other.txt")
    with pytest.raises(DocumentNotFoundError, match=r"there is no file .*other\.txt"):
        read_document(folder)


def test_source_that_is_not_the_one_of_the_metadata(document_folder: Folder) -> None:
    """A source that was changed is refused with both digests."""
    folder = document_folder("It helps.\n")
    (folder / "a-page.txt").write_bytes(b"It hurts.\n")
    stated, found = (hashlib.sha256(raw).hexdigest() for raw in (b"It helps.\n", b"It hurts.\n"))
    message = rf"a-page\.txt: has sha256 {found}, but metadata\.json was written for {stated}$"
    with pytest.raises(DocumentFormatError, match=message):
        read_document(folder)


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"\xffIt helps.\n", 1),
        (b"It helps.\n\nIt\x80 does.\n", 3),
        (b"It helps.\r\nIt d\xc3\xa9.\r\n\xc3\n", 3),
        ("It helps.\n".encode("utf-16"), 1),
    ],
    ids=["first line", "third line", "cut sign", "UTF-16"],
)
def test_source_that_is_not_utf_8(document_folder: Folder, raw: bytes, line: int) -> None:
    """A source that is not UTF-8 is refused with the line of the first wrong byte."""
    with pytest.raises(
        DocumentFormatError, match=rf"a-page\.txt, line {line}: is not valid UTF-8$"
    ) as caught:
        read_document(document_folder(raw))
    assert caught.value.line == line
    assert caught.value.path.name == "a-page.txt"


@pytest.mark.parametrize("raw", [b"", b" \r\n\t\n"])
def test_empty_source(document_folder: Folder, raw: bytes) -> None:
    """A source without anything but white space is refused."""
    with pytest.raises(DocumentFormatError, match=r"a-page\.txt: is empty$"):
        read_document(document_folder(raw))


def test_source_over_the_limit(document_folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source over the limit is refused with the limit, and one at the limit is read."""
    folder = document_folder("It helps.\n")
    monkeypatch.setattr(collection, "MAX_SOURCE_BYTES", 10)
    assert read_document(folder).source == "It helps.\n"
    monkeypatch.setattr(collection, "MAX_SOURCE_BYTES", 9)
    with pytest.raises(DocumentFormatError, match=r"a-page\.txt: is larger than 9 bytes$"):
        read_document(folder)


def test_limit_is_written_with_commas(document_folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long limit is readable in the message."""
    folder = document_folder("word " * 300)
    monkeypatch.setattr(collection, "MAX_SOURCE_BYTES", 1234)
    with pytest.raises(DocumentFormatError, match=r"is larger than 1,234 bytes$"):
        read_document(folder)


@pytest.mark.parametrize("text", ["", "{", "title: A page", '{"title": "A page",}'])
def test_metadata_that_are_not_json(document_folder: Folder, text: str) -> None:
    """Metadata that are not JSON are refused."""
    folder = document_folder("It helps.\n")
    (folder / "metadata.json").write_text(text)
    with pytest.raises(DocumentFormatError, match=r"metadata\.json: is not JSON \("):
        read_document(folder)


@pytest.mark.parametrize("text", ["[]", "null", '"A page"'])
def test_metadata_that_are_no_object(document_folder: Folder, text: str) -> None:
    """Metadata that are JSON, and no object, are refused."""
    folder = document_folder("It helps.\n")
    (folder / "metadata.json").write_text(text)
    with pytest.raises(DocumentFormatError, match=r"metadata\.json: must hold one JSON object$"):
        read_document(folder)


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("title", "str"),
        ("publisher", "str"),
        ("breadcrumb", "list"),
        ("reviewed", "str"),
        ("reviewer", "str"),
        ("source", "str"),
        ("source_sha256", "str"),
        ("source_url", "str"),
        ("licence", "str"),
    ],
)
@pytest.mark.parametrize("value", [None, 5, {"a": "b"}])
def test_metadata_with_a_wrong_field(
    document_folder: Folder, field: str, kind: str, value: object
) -> None:
    """A field that is not of its kind is named with its kind."""
    folder = change(document_folder("It helps.\n"), **{field: value})
    with pytest.raises(DocumentFormatError, match=rf'metadata\.json: needs "{field}" \({kind}\)$'):
        read_document(folder)


def test_metadata_without_a_field(document_folder: Folder) -> None:
    """Of the fields that are missing, the first is named."""
    folder = document_folder("It helps.\n")
    (folder / "metadata.json").write_text('{"title": "A page"}')
    with pytest.raises(DocumentFormatError, match=r'metadata\.json: needs "publisher" \(str\)$'):
        read_document(folder)


@pytest.mark.parametrize("starters", ["Does it help?", [1], {"a": "b"}])
def test_starters_that_are_no_questions(document_folder: Folder, starters: object) -> None:
    """Questions to start with are a list of texts, where they are given."""
    folder = document_folder("It helps.\n", starters=starters)
    with pytest.raises(DocumentFormatError, match='"starters" must be a list of questions'):
        read_document(folder)


def test_breadcrumb_of_other_things(document_folder: Folder) -> None:
    """The breadcrumb is a list of texts."""
    folder = document_folder("It helps.\n", breadcrumb=["Home", 5])
    with pytest.raises(DocumentFormatError, match=r'metadata\.json: .*"breadcrumb"'):
        read_document(folder)


def test_errors_of_the_corpus_have_one_base(document_folder: Folder, tmp_path: Path) -> None:
    """Whoever catches the base catches what is missing and what cannot be read."""
    broken = document_folder("It helps.\n")
    (broken / "metadata.json").write_text("{")
    with pytest.raises(CorpusError, match="there is no folder"):
        read_corpus(tmp_path / "nowhere")
    with pytest.raises(CorpusError, match=r"metadata\.json: is not JSON"):
        read_document(broken)


def test_byte_order_mark(document_folder: Folder) -> None:
    """A byte order mark stays in the source, is no part of the title and moves no offset."""
    document = read_document(document_folder("\ufeffA page\n\nIt helps.\n".encode()))
    assert document.source == "\ufeffA page\n\nIt helps.\n"
    assert [(block.kind, block.span) for block in document.blocks] == [
        (BlockKind.HEADING, Span(1, 7)),
        (BlockKind.PARAGRAPH, Span(9, 18)),
    ]


def test_windows_line_ends(document_folder: Folder) -> None:
    """A source with CRLF line ends keeps them, and every offset counts them."""
    source = "general_content\r\n\r\nYoga\r\n\r\nIt helps:\r\n\r\n  • Tree\r\n  • Rest\r\n"
    document = read_document(document_folder(source.encode()))
    assert document.source == source
    assert document.hidden == (Hidden(HiddenKind.LABEL, Span(0, 15)),)
    assert [(block.kind, block.span.of(source), block.span.start) for block in document.blocks] == [
        (BlockKind.HEADING, "Yoga", 19),
        (BlockKind.INTRODUCTION, "It helps:", 27),
        (BlockKind.BULLET, "Tree", 44),
        (BlockKind.BULLET, "Rest", 54),
    ]
    assert document.line(44) == 7


def test_line_ends_change_no_structure(document: Document) -> None:
    """The shipped document with CRLF line ends has the same sections and the same words."""
    source = document.source.replace("\n", "\r\n")
    other = parse_document(document.id, source, document.metadata)
    assert [(s.id, s.level, s.path) for s in other.sections] == [
        (s.id, s.level, s.path) for s in document.sections
    ]
    assert [(b.kind, b.section_id, b.depth, b.span.of(source)) for b in other.blocks] == [
        (b.kind, b.section_id, b.depth, b.span.of(document.source)) for b in document.blocks
    ]


def test_plain_text_without_labels(document_folder: Folder) -> None:
    """A text that no template has touched is read with all that stands in it."""
    source = "Yoga helps.\n\nTreatment breaks\n\nThey help too.\n"
    document = read_document(document_folder(source))
    assert document.hidden == ()
    assert [(b.kind, b.section_id, b.span.of(source)) for b in document.blocks] == [
        (BlockKind.PARAGRAPH, "a-page", "Yoga helps."),
        (BlockKind.HEADING, "treatment-breaks", "Treatment breaks"),
        (BlockKind.PARAGRAPH, "treatment-breaks", "They help too."),
    ]


def test_source_that_shows_nothing(document_folder: Folder) -> None:
    """A source of labels alone is read, and all of it is hidden."""
    document = read_document(document_folder("general_content\n"))
    assert document.blocks == ()
    assert document.hidden == (Hidden(HiddenKind.LABEL, Span(0, 15)),)


def test_questions_beside_a_document(document_folder: Folder) -> None:
    """Questions that a document answers are bound to its words, and open ones to a topic."""
    folder = document_folder("It helps. It does.\n")
    lines = [
        {"question": "Does it?", "start": 10, "end": 18, "voice": "patient"},
        {"question": "Will it help her?", "start": 0, "end": 9, "voice": "caregiver"},
    ]
    (folder / "questions.jsonl").write_bytes(b"\n\n".join(orjson.dumps(line) for line in lines))
    (folder / "gaps.jsonl").write_text('{"topic": "costs", "question": "What is the price?"}\n')
    document = read_document(folder)
    assert document.questions == (
        AuthoredQuestion("Does it?", Span(10, 18), "patient"),
        AuthoredQuestion("Will it help her?", Span(0, 9), "caregiver"),
    )
    assert document.gaps == (Gap("costs", "What is the price?"),)


def test_document_without_questions(document_folder: Folder) -> None:
    """A document needs neither kind of questions beside it."""
    document = read_document(document_folder("It helps.\n"))
    assert (document.questions, document.gaps) == ((), ())


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"question": "Does it?", "voice": "patient"}', r"None\.\.None is no range of the source$"),
        (
            '{"question": "Does it?", "voice": "patient", "start": 0, "end": 11}',
            r"0\.\.11 is no range of the source$",
        ),
        (
            '{"question": "Does it?", "voice": "patient", "start": 3, "end": 3}',
            r"3\.\.3 is no range of the source$",
        ),
        (
            '{"question": "Does it?", "voice": "patient", "start": -1, "end": 3}',
            r"-1\.\.3 is no range of the source$",
        ),
        (
            '{"question": "Does it?", "voice": "patient", "start": "0", "end": 3}',
            r"0\.\.3 is no range of the source$",
        ),
        ('{"question": " ", "voice": "patient", "start": 0, "end": 3}', 'needs "question", a text$'),
        ('{"question": "Does it?", "start": 0, "end": 3}', 'needs "voice", a text$'),
        ('["Does it?"]', "is not a JSON object$"),
        ("Does it?", r"is not JSON \("),
    ],
)
def test_wrong_line_of_questions(document_folder: Folder, line: str, problem: str) -> None:
    """A line that is no question bound to words of the source is refused by its number."""
    folder = document_folder("It helps.\n")
    right = '{"question": "Does it?", "voice": "patient", "start": 0, "end": 10}'
    (folder / "questions.jsonl").write_text(f"{right}\n\n{line}\n")
    with pytest.raises(DocumentFormatError, match=rf"questions\.jsonl, line 3: {problem}"):
        read_document(folder)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"question": "What is the price?"}', 'needs "topic", a text$'),
        ('{"topic": "costs"}', 'needs "question", a text$'),
        ('{"topic": 5, "question": "What is the price?"}', 'needs "topic", a text$'),
        ("null", "is not a JSON object$"),
    ],
)
def test_wrong_line_of_gaps(document_folder: Folder, line: str, problem: str) -> None:
    """A line that is no question with a topic is refused by its number."""
    folder = document_folder("It helps.\n")
    (folder / "gaps.jsonl").write_text(f"{line}\n")
    with pytest.raises(DocumentFormatError, match=rf"gaps\.jsonl, line 1: {problem}"):
        read_document(folder)


def test_questions_of_the_shipped_document_are_bound_to_shown_words(document: Document) -> None:
    """Each authored question is bound to words that are shown, with none of the template between."""
    source = document.source
    assert document.questions != ()
    assert [
        question.text
        for question in document.questions
        if question.span.of(source).strip() != question.span.of(source)
        or any(hidden.span.overlaps(question.span) for hidden in document.hidden)
        or len({block.section_id for block in document.blocks_within(question.span)}) != 1
    ] == []
