"""Documents that nobody should hand in, of any bytes and any size: told, or read within bounds."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from corpus import (
    CorpusError,
    Document,
    DocumentFormatError,
    Passage,
    build_passages,
    collection,
    read_corpus,
)
from index.embedding import Embedder

Folder = Callable[..., Path]
ANY = settings(suppress_health_check=list(HealthCheck))

LINES = st.one_of(
    st.sampled_from(
        [b"\n", b"\r\n", b"general_content\n", "• ".encode(), b"  ", b"A page\n\n", b"For x:\n"]
    ),
    st.binary(max_size=20),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(str.encode),
)
PAGES = st.lists(LINES, max_size=20).map(b"".join)
TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 10**9)
    | st.floats(allow_nan=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def check_passages(document: Document, passages: tuple[Passage, ...]) -> None:
    """Each passage is its range of the source, and each shown word stands in exactly one."""
    for passage in passages:
        assert passage.text == passage.span.of(document.source)
        assert passage.text.strip() == passage.text != ""
    spans = sorted(passage.span for passage in passages)
    for one, following in pairwise(spans):
        assert one.end <= following.start
    for block in document.blocks:
        if block.kind == "heading" or block.span in {section.heading for section in document.sections}:
            continue
        inside = [span for span in spans if span.overlaps(block.span)]
        kept = "".join(
            document.source[max(span.start, block.span.start) : min(span.end, block.span.end)]
            for span in inside
        )
        assert "".join(kept.split()) == "".join(block.span.of(document.source).split())


class TestAnything:
    @given(raw=PAGES)
    @example(raw=b"\x00")
    @example(raw=b"\xff\xfeA\x00")
    @ANY
    def test_any_source(self, document_folder: Folder, bag_of_words: Embedder, raw: bytes) -> None:
        """Any bytes are a document whose passages hold every word, or one sentence."""
        folder = document_folder(raw)
        try:
            (document,) = read_corpus(folder)
        except DocumentFormatError as error:
            assert str(error).startswith(str(folder))  # noqa: PT017 - either is right
            assert "\n" not in str(error)  # noqa: PT017
            return
        assert document.source.encode() == raw
        check_passages(document, build_passages(document, count_tokens=bag_of_words.count_tokens))

    @given(st.sampled_from(["questions.jsonl", "gaps.jsonl", "metadata.json"]), st.binary(max_size=60))
    @ANY
    def test_any_bytes_beside_it(self, document_folder: Folder, name: str, raw: bytes) -> None:
        """Any bytes in another file of the folder are what they should be, or one sentence."""
        check_file(document_folder("It helps.\n"), name, raw)

    @given(st.sampled_from(["questions.jsonl", "gaps.jsonl", "metadata.json"]), TREES)
    @ANY
    def test_any_json_beside_it(self, document_folder: Folder, name: str, tree: object) -> None:
        """Any JSON in another file of the folder is what it should be, or one sentence."""
        check_file(document_folder("It helps.\n"), name, orjson.dumps(tree))

    @given(
        name=st.sampled_from([*collection._FIELDS, "starters", "caregiver_starters"]),
        value=TREES,
    )
    @example(name="source", value="x" * 5_000)
    @example(name="source", value="\x00")
    @example(name="source", value="..")
    @ANY
    def test_any_field(self, document_folder: Folder, name: str, value: object) -> None:
        """Any value of a field of the metadata is usable, or one sentence."""
        folder = document_folder("It helps.\n")
        fields = orjson.loads((folder / "metadata.json").read_bytes())
        check_file(folder, "metadata.json", orjson.dumps(fields | {name: value}))

    @given(
        st.fixed_dictionaries(
            {},
            optional={
                name: TREES | st.sampled_from(["hair", "patient", 0, 1, 3, -1, True])
                for name in ("question", "voice", "topic", "start", "end")
            },
        )
    )
    @ANY
    def test_any_authored_question(self, document_folder: Folder, fields: dict[str, object]) -> None:
        """Any fields of a question are a question bound to the source, or one sentence."""
        folder = document_folder("It helps.\n")
        for name in ("questions.jsonl", "gaps.jsonl"):
            check_file(folder, name, orjson.dumps(fields))


def check_file(folder: Path, name: str, raw: bytes) -> None:
    """Read a folder with one file replaced, and no questions but those."""
    # All examples of a test share one folder; what an earlier one left would be read first.
    for kept in ("questions.jsonl", "gaps.jsonl"):
        (folder / kept).unlink(missing_ok=True)
    (folder / name).write_bytes(raw)
    try:
        documents = read_corpus(folder)
    except CorpusError as error:
        assert str(error)  # noqa: PT017 - either is right
        assert "\n" not in str(error).replace(str(raw), "")  # noqa: PT017
        return
    for question in documents[0].questions:
        assert question.span.of(documents[0].source)


def test_the_shipped_page_in_one_passage_each(document: Document, bag_of_words: Embedder) -> None:
    """What is held of any text is held of the shipped one."""
    check_passages(document, build_passages(document, count_tokens=bag_of_words.count_tokens))


class TestSizes:
    def test_fifty_megabytes_are_refused_unread(
        self, document_folder: Folder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The size of the file is enough to say so."""
        folder = document_folder("word ")
        with (folder / "a-page.txt").open("r+b") as file:
            file.truncate(50_000_000)
        monkeypatch.setattr(Path, "read_bytes", only_metadata(Path.read_bytes))
        with pytest.raises(DocumentFormatError, match=r"a-page\.txt: is larger than 1,000,000 bytes$"):
            read_corpus(folder)

    @pytest.mark.parametrize("name", ["questions.jsonl", "gaps.jsonl", "metadata.json"])
    def test_fifty_megabytes_beside_it_are_refused(self, document_folder: Folder, name: str) -> None:
        """So are the other files of the folder."""
        folder = document_folder("It helps.\n")
        with (folder / name).open("a+b") as file:
            file.truncate(50_000_000)
        with pytest.raises(DocumentFormatError, match=rf"{name}: is larger than [01,]+ bytes$"):
            read_corpus(folder)

    def test_a_million_bullets_are_refused(self, document_folder: Folder) -> None:
        """By the size of their file; those that fit into it by their number."""
        with pytest.raises(DocumentFormatError, match="is larger than 1,000,000 bytes"):
            read_corpus(document_folder("• a\n" * 1_000_000))
        with pytest.raises(DocumentFormatError, match="more than 10,000 paragraphs and list items"):
            read_corpus(document_folder("• a\n" * 100_000))

    @pytest.mark.parametrize(
        "source",
        [
            "It helps well. " * 30_000,
            "it helps " * 40_000,
            "x" * 1_000_000,
            "." * 1_000_000,
            "\n" * 999_999 + "x",
            "Hair\n\n" * 9_000,
            "For women:\n\n• a bullet\n\n" * 4_500,
            "general_content\n" * 60_000,
            "".join(f"{' ' * min(2 * depth, 60)}• a\n" for depth in range(9_000)),
        ],
        ids=["sentences", "words", "word", "stops", "lines", "headings", "lists", "labels", "deep"],
    )
    def test_what_is_within_the_limits_is_read(
        self, document_folder: Folder, bag_of_words: Embedder, source: str
    ) -> None:
        """One line or many, a page at the limit takes seconds: no work grows with its square."""
        (document,) = read_corpus(document_folder(source))
        passages = build_passages(document, count_tokens=bag_of_words.count_tokens)
        assert all(passage.text == passage.span.of(document.source) for passage in passages)

    def test_a_list_of_a_thousand_levels(self, document_folder: Folder, bag_of_words: Embedder) -> None:
        """What is deeper than anybody writes counts as the deepest level that is told apart."""
        source = "".join(f"{'  ' * depth}• level {depth}\n" for depth in range(900))
        (document,) = read_corpus(document_folder(source))
        check_passages(document, build_passages(document, count_tokens=bag_of_words.count_tokens))
        assert max(block.depth for block in document.blocks) == 20


def only_metadata(read: Callable[[Path], bytes]) -> Callable[[Path], bytes]:
    """Return a reader that fails on a source."""

    def checked(path: Path) -> bytes:
        assert path.name == "metadata.json"
        return read(path)

    return checked


def test_a_source_that_may_not_be_read(document_folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails is told as such."""
    folder = document_folder("It helps.\n")

    def fail(path: Path) -> bytes:
        raise OSError(5, "Input/output error", str(path))

    monkeypatch.setattr(Path, "read_bytes", fail)
    with pytest.raises(DocumentFormatError, match="Input/output error"):
        read_corpus(folder)


@pytest.mark.parametrize("name", ["questions.jsonl", "gaps.jsonl"])
def test_a_file_beside_it_that_may_not_be_read(
    document_folder: Folder, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A disk that fails at the questions is told as well."""
    folder = document_folder("It helps.\n")
    (folder / name).write_bytes(b"{}")
    read = Path.read_bytes

    def fail(path: Path) -> bytes:
        if path.name == name:
            raise OSError(5, "Input/output error", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", fail)
    with pytest.raises(DocumentFormatError, match="Input/output error"):
        read_corpus(folder)
