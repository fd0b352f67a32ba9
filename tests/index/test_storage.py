"""An index on disk: what is written, what is read again, and what is refused."""

import errno
import hashlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import AuthoredQuestion, Document, Gap, Metadata, PassageSettings, Span, parse_document
from index import IndexDamagedError, IndexFolderError, Query, Retriever, SearchIndex, build_index
from index import storage as storage_module
from index.embedding import Embedder
from index.storage import FORMAT, Recipe, read_index, write_index

SOURCE = "A page\n\nHair\n\nHair falls out. It grows back.\n\nNausea\n\nMedicine helps against nausea.\n"
FILES = {
    "manifest.json",
    "passages.json",
    "owners.json",
    "passages.faiss",
    "sentences.faiss",
    "questions.faiss",
    "gaps.faiss",
    "nameless-questions.faiss",
    "nameless-gaps.faiss",
    "examples.faiss",
}
SIZES = {
    "passages": 2,
    "sentences": 3,
    "questions": 3,
    "gaps": 1,
    "nameless-questions": 3,
    "nameless-gaps": 1,
    "examples": 2,
}
"""How many vectors of each sort the index of the small page has."""

Edit = Callable[[dict[str, Any]], object]


def make_page() -> Document:
    """Return a page of two passages with three authored questions and one gap."""
    digest = hashlib.sha256(SOURCE.encode()).hexdigest()
    metadata = Metadata("A page", "A publisher", (), "", "", digest, "", "")
    return replace(
        parse_document("a-page", SOURCE, metadata),
        questions=(
            AuthoredQuestion("will I go bald", Span(14, 29), "patient"),
            AuthoredQuestion("does it come back", Span(30, 44), "patient"),
            AuthoredQuestion("I feel sick", Span(54, 84), "caregiver"),
        ),
        gaps=(Gap("prices", "what does it cost"),),
    )


PAGE = make_page()
EXAMPLES = ("hello", "thanks")


def content(index: SearchIndex) -> tuple[object, ...]:
    """Return all that an index holds, in a form that can be compared."""
    sets = {name: (part.owners, part.vectors.to_bytes()) for name, part in index.sets.items()}
    return index.recipe, index.passages, sets


@pytest.fixture(scope="module")
def built(bag_of_words: Embedder) -> SearchIndex:
    """An index of the small page."""
    return build_index([PAGE], bag_of_words, examples=EXAMPLES)


@pytest.fixture
def folder(tmp_path: Path, built: SearchIndex) -> Path:
    """The same index, freshly written."""
    write_index(built, tmp_path / "indexes" / "an-index")
    return tmp_path / "indexes" / "an-index"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, built: SearchIndex) -> dict[str, bytes]:
    """The bytes of each of its files."""
    folder = tmp_path_factory.mktemp("indexes") / "an-index"
    write_index(built, folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def read(folder: Path, recipe: Recipe) -> SearchIndex:
    """Read an index of the small page."""
    return read_index(folder, recipe, {PAGE.id: PAGE})


def edit_manifest(folder: Path, edit: Edit) -> None:
    """Change the manifest in place."""
    manifest = orjson.loads((folder / "manifest.json").read_bytes())
    edit(manifest)
    (folder / "manifest.json").write_bytes(orjson.dumps(manifest))


def edit_passages(folder: Path, edit: Callable[[list[dict[str, Any]]], object]) -> None:
    """Change the passages in place and have the manifest vouch for them."""
    passages = orjson.loads((folder / "passages.json").read_bytes())
    edit(passages)
    put_vouched(folder, "passages.json", orjson.dumps(passages))


def edit_owners(folder: Path, edit: Edit) -> None:
    """Change the owners in place and have the manifest vouch for them."""
    owners = orjson.loads((folder / "owners.json").read_bytes())
    edit(owners)
    put_vouched(folder, "owners.json", orjson.dumps(owners))


def put_vouched(folder: Path, name: str, raw: bytes) -> None:
    """Write a file and have the manifest vouch for it."""
    (folder / name).write_bytes(raw)
    digest = hashlib.sha256(raw).hexdigest()
    edit_manifest(folder, lambda manifest: manifest["files"].update({name: digest}))


def test_what_is_written_is_read_again(folder: Path, built: SearchIndex) -> None:
    """Recipe, passages, owners and every vector come back as they were."""
    assert content(read(folder, built.recipe)) == content(built)


def test_a_read_index_ranks_as_the_built_one(
    tmp_path: Path, document: Document, fake_index: SearchIndex, bag_of_words: Embedder
) -> None:
    """The shipped document gives the same ranking, to the last bit, from memory and from disk."""
    write_index(fake_index, tmp_path / "an-index")
    documents = {document.id: document}
    again = read_index(tmp_path / "an-index", fake_index.recipe, documents)
    old, new = (Retriever(index, bag_of_words, documents) for index in (fake_index, again))
    for text in ("will I lose my hair?", "what is a PICC line", "", "xyzzy"):
        assert old.retrieve(Query(text), k=20) == new.retrieve(Query(text), k=20)


def test_the_manifest_says_what_the_index_is_made_of(folder: Path, built: SearchIndex) -> None:
    """It holds the form's version, the recipe, the counts and every file's digest."""
    manifest = orjson.loads((folder / "manifest.json").read_bytes())
    authored = orjson.dumps(
        [
            [["will I go bald", 14, 29], ["does it come back", 30, 44], ["I feel sick", 54, 84]],
            [["prices", "what does it cost"]],
        ]
    )
    assert manifest == {
        "format": FORMAT,
        "recipe": {
            "documents": {
                "a-page": {
                    "source_sha256": hashlib.sha256(SOURCE.encode()).hexdigest(),
                    "authored_sha256": hashlib.sha256(authored).hexdigest(),
                }
            },
            "model": "bag-of-words",
            "model_sha256": "0" * 64,
            "settings": asdict(PassageSettings()),
            "examples_sha256": hashlib.sha256(b'["hello","thanks"]').hexdigest(),
        },
        "dimension": 512,
        "passages": 2,
        "vectors": SIZES,
        "files": {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
            for name in FILES - {"manifest.json"}
        },
    }
    assert asdict(built.recipe) == manifest["recipe"]


def test_the_owners_have_a_file_of_their_own(folder: Path) -> None:
    """It names the passage of each vector, set by set; gaps belong to none."""
    assert orjson.loads((folder / "owners.json").read_bytes()) == {
        "passages": [0, 1],
        "sentences": [0, 0, 1],
        "questions": [0, 0, 1],
        "gaps": [],
        "nameless-questions": [0, 0, 1],
        "nameless-gaps": [],
        "examples": [],
    }


def test_every_file_is_json_or_faiss(folder: Path) -> None:
    """Nothing in the folder is a pickle: JSON parses, and FAISS reads the rest."""
    assert {path.name for path in folder.iterdir()} == FILES
    for path in folder.glob("*.json"):
        assert orjson.loads(path.read_bytes())
    sizes = {path.stem: faiss.read_index(str(path)).ntotal for path in folder.glob("*.faiss")}
    assert sizes == SIZES


def test_a_folder_that_is_not_there_is_no_damage(tmp_path: Path, built: SearchIndex) -> None:
    """Where there is no index, the reader is told so, and not that one is damaged."""
    with pytest.raises(FileNotFoundError, match=r"manifest\.json"):
        read(tmp_path / "nowhere", built.recipe)


HARMS = [
    (name, harm)
    for name in sorted(FILES)
    for harm in ("truncated", "empty", "garbled", "longer", "missing", "a folder")
    # A manifest that cannot be opened is the folder's fault: see below.
    if (name, harm) != ("manifest.json", "a folder")
]


@pytest.mark.parametrize(("name", "harm"), HARMS)
def test_a_harmed_file_is_damage(folder: Path, built: SearchIndex, name: str, harm: str) -> None:
    """Each file, harmed in each way, makes the index a damaged one."""
    path = folder / name
    raw = path.read_bytes()
    path.unlink()
    if harm == "a folder":
        path.mkdir()
    elif harm != "missing":
        changed = {
            "truncated": raw[: len(raw) // 2],
            "empty": b"",
            "garbled": bytes([raw[0] ^ 255]) + raw[1:],
            "longer": raw + b"}",
        }
        path.write_bytes(changed[harm])
    said = "its manifest is" if name == "manifest.json" else rf"{name} (is not as|cannot be read)"
    with pytest.raises(IndexDamagedError, match=said):
        read(folder, built.recipe)


def test_swapped_files_are_damage(folder: Path, built: SearchIndex) -> None:
    """Two sound files under each other's names are not taken for one another."""
    first, second = folder / "sentences.faiss", folder / "questions.faiss"
    old, new = first.read_bytes(), second.read_bytes()
    first.write_bytes(new)
    second.write_bytes(old)
    with pytest.raises(IndexDamagedError, match="faiss is not as it was written"):
        read(folder, built.recipe)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"{" * 5000, "is not JSON"),
        (b"[]", "is not a JSON object"),
        (b'"manifest"', "is not a JSON object"),
        (b"null", "is not a JSON object"),
        (b"{}", "does not describe it"),
    ],
)
def test_a_manifest_of_another_shape_is_damage(
    folder: Path, built: SearchIndex, raw: bytes, said: str
) -> None:
    """A manifest that is no JSON, no object or empty makes the index a damaged one."""
    (folder / "manifest.json").write_bytes(raw)
    with pytest.raises(IndexDamagedError, match=f"its manifest {said}"):
        read(folder, built.recipe)


@pytest.mark.parametrize("version", [FORMAT - 1, FORMAT + 1, str(FORMAT), None])
def test_another_version_of_the_form_is_refused(
    folder: Path, built: SearchIndex, version: object
) -> None:
    """An index in another form is not read."""
    edit_manifest(folder, lambda manifest: manifest.update(format=version))
    with pytest.raises(IndexDamagedError, match="built from something else"):
        read(folder, built.recipe)


@pytest.mark.parametrize(
    "change",
    [
        {"documents": {}},
        {"model": "another"},
        {"model_sha256": "1" * 64},
        {"settings": asdict(PassageSettings(max_words=60))},
        {"examples_sha256": "1" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_recipe_is_refused(folder: Path, built: SearchIndex, change: dict[str, Any]) -> None:
    """An index of other documents, of another model or other settings is not read."""
    other = replace(built.recipe, **change)
    assert other.fingerprint != built.recipe.fingerprint
    with pytest.raises(IndexDamagedError, match="built from something else"):
        read(folder, other)


def test_the_order_of_documents_does_not_change_the_name() -> None:
    """A recipe's name is sixteen hexadecimal digits, whatever the order of its fields."""
    one, two = {"source_sha256": "1", "authored_sha256": "2"}, {"source_sha256": "3"}
    forth, back = (
        Recipe(made_of, "m", "0", {}, "") for made_of in ({"a": one, "b": two}, {"b": two, "a": one})
    )
    assert forth.fingerprint == back.fingerprint
    assert set(forth.fingerprint) <= set("0123456789abcdef")
    assert len(forth.fingerprint) == 16


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Hair never falls out."},
        {"span": [15, 44]},
        {"span": [0, 9_999]},
        {"document_id": "another-page"},
        {"document_id": None},
    ],
    ids=str,
)
def test_a_passage_that_is_no_quote_is_damage(
    folder: Path, built: SearchIndex, change: dict[str, object]
) -> None:
    """Even if the manifest vouches for it, a passage must stand in its document word for word."""
    edit_passages(folder, lambda passages: passages[0].update(change))
    with pytest.raises(IndexDamagedError, match="passage hair/1 is not a quote of its document"):
        read(folder, built.recipe)


@pytest.mark.parametrize(
    "change",
    [
        {"span": [44, 14]},
        {"span": [14]},
        {"span": ["a", "b"]},
        {"sentences": 7},
        {"context": [1, 2, 3]},
    ],
    ids=str,
)
def test_a_passage_of_another_shape_is_damage(
    folder: Path, built: SearchIndex, change: dict[str, object]
) -> None:
    """A passage whose fields are not what they should be makes the index a damaged one."""
    edit_passages(folder, lambda passages: passages[0].update(change))
    with pytest.raises(IndexDamagedError, match="does not describe it"):
        read(folder, built.recipe)


def test_a_passage_without_a_field_is_damage(folder: Path, built: SearchIndex) -> None:
    """A passage that lacks its range makes the index a damaged one."""
    edit_passages(folder, lambda passages: passages[1].pop("span"))
    with pytest.raises(IndexDamagedError, match="KeyError: 'span'"):
        read(folder, built.recipe)


def test_a_document_id_that_is_no_text_is_damage(folder: Path, built: SearchIndex) -> None:
    """A list where a document's id should be makes the index a damaged one."""
    edit_passages(folder, lambda passages: passages[0].update(document_id=["a-page"]))
    with pytest.raises(IndexDamagedError, match="does not describe it"):
        read(folder, built.recipe)


def set_owners(name: str, owners: object) -> Edit:
    """Return an edit that gives a set other owners."""
    return lambda every: every.update({name: owners})


def set_count(name: str, count: object) -> Edit:
    """Return an edit that gives a set another number of vectors."""
    return lambda manifest: manifest["vectors"].update({name: count})


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(set_owners("passages", [0, 2]), id="beyond the last passage"),
        pytest.param(set_owners("sentences", [0, 1]), id="too few"),
        pytest.param(set_owners("sentences", [0, 0, 1, 1]), id="too many"),
        pytest.param(set_owners("nameless-questions", [0, 0]), id="too few without names"),
        pytest.param(set_owners("questions", None), id="none"),
        pytest.param(set_owners("questions", 3), id="a number"),
        pytest.param(set_owners("questions", [0, 0, -1]), id="below 0"),
        pytest.param(set_owners("questions", [0, 0, 0.5]), id="half a passage"),
        pytest.param(set_owners("questions", [0, 0, 1.0]), id="a whole one as a float"),
        pytest.param(set_owners("questions", [0, 0, True]), id="a truth value"),
        pytest.param(set_owners("questions", [0, 0, "1"]), id="a text"),
        pytest.param(set_owners("questions", "001"), id="all in a text"),
        pytest.param(set_owners("questions", [0, 0, None]), id="a null"),
        pytest.param(set_owners("questions", [0, 0, [1]]), id="a list"),
        pytest.param(set_owners("gaps", [7]), id="a gap beyond the last passage"),
        pytest.param(lambda owners: owners.pop("gaps"), id="no gaps"),
        pytest.param(lambda owners: owners.clear(), id="no sets"),
    ],
)
def test_owners_that_do_not_fit_are_damage(folder: Path, built: SearchIndex, edit: Edit) -> None:
    """Even if the manifest vouches for them, owners must fit the vectors and the passages."""
    edit_owners(folder, edit)
    with pytest.raises(IndexDamagedError, match=r"manifest|do not fit the passages"):
        read(folder, built.recipe)


@pytest.mark.parametrize("raw", [b"[]", b"null", b"{", b"[[0, 1]]"])
def test_owners_of_another_shape_are_damage(folder: Path, built: SearchIndex, raw: bytes) -> None:
    """Owners that are no JSON object make the index a damaged one, vouched for or not."""
    put_vouched(folder, "owners.json", raw)
    with pytest.raises(IndexDamagedError, match="does not describe it"):
        read(folder, built.recipe)


def test_another_owner_is_damage(folder: Path, built: SearchIndex) -> None:
    """A vector given to another passage, which would fit, is seen by the file's digest."""
    owners = orjson.loads((folder / "owners.json").read_bytes())
    set_owners("questions", [0, 1, 1])(owners)
    (folder / "owners.json").write_bytes(orjson.dumps(owners))
    with pytest.raises(IndexDamagedError, match=r"owners\.json is not as it was written"):
        read(folder, built.recipe)


@pytest.mark.parametrize(
    "edit",
    [
        *(
            pytest.param(set_count(name, count + step), id=f"{name} {step:+}")
            for name, count in SIZES.items()
            for step in (-1, 1)
        ),
        pytest.param(set_count("more", 0), id="unknown set"),
        pytest.param(set_count("gaps", None), id="a null"),
        pytest.param(lambda manifest: manifest["vectors"].pop("gaps"), id="no gaps"),
        pytest.param(lambda manifest: manifest.update(vectors=[]), id="counts in a list"),
        pytest.param(lambda manifest: manifest.pop("vectors"), id="no counts"),
        pytest.param(lambda manifest: manifest.update(passages=3), id="count"),
        pytest.param(lambda manifest: manifest.pop("passages"), id="no count"),
        pytest.param(lambda manifest: manifest.update(dimension=3), id="dimension"),
        pytest.param(lambda manifest: manifest.update(dimension=[512]), id="dimension in a list"),
        pytest.param(lambda manifest: manifest.update(files=[]), id="files in a list"),
        pytest.param(lambda manifest: manifest["files"].pop("owners.json"), id="no owners"),
    ],
)
def test_a_manifest_that_does_not_fit_is_damage(folder: Path, built: SearchIndex, edit: Edit) -> None:
    """Files, sets and counts that are not those of the vectors make the index a damaged one."""
    edit_manifest(folder, edit)
    with pytest.raises(IndexDamagedError, match="its manifest"):
        read(folder, built.recipe)


@settings(max_examples=200)
@given(data=st.data())
def test_changed_bytes_are_damage_and_nothing_worse(
    data: st.DataObject, written: dict[str, bytes], built: SearchIndex
) -> None:
    """Whatever bytes are changed: damage is named, and every other file but the manifest is sealed."""
    name = data.draw(st.sampled_from(sorted(written)), label="file")
    raw = bytearray(written[name])
    places = st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=3, unique=True)
    for place in data.draw(places, label="places"):
        raw[place] ^= data.draw(st.integers(1, 255), label="flip")
    with tempfile.TemporaryDirectory() as place:
        for other, content_of in written.items():
            (Path(place) / other).write_bytes(bytes(raw) if other == name else content_of)
        try:
            index = read(Path(place), built.recipe)
        except IndexDamagedError:
            return
    # The manifest's white space may change, and nothing else.
    assert name == "manifest.json"
    assert content(index) == content(built)


@pytest.mark.parametrize("beyond", [".", "deeper"])
def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path, built: SearchIndex, beyond: str) -> None:
    """Where a file stands in the way, the index cannot be written, and the file stays as it is."""
    (tmp_path / "indexes").write_text("mine")
    with pytest.raises(IndexFolderError, match="the index cannot be written to"):
        write_index(built, tmp_path / "indexes" / beyond / "an-index")
    assert [path.name for path in tmp_path.iterdir()] == ["indexes"]
    assert (tmp_path / "indexes").read_text() == "mine"


def test_a_file_in_place_of_an_index_cannot_be_read(tmp_path: Path, built: SearchIndex) -> None:
    """A file where an index should be is the folder's fault, and is told as such."""
    (tmp_path / "an-index").write_text("mine")
    with pytest.raises(IndexFolderError, match=r"cannot be read \(Not a directory\)"):
        read(tmp_path / "an-index", built.recipe)


def test_a_manifest_that_cannot_be_opened_is_told(folder: Path, built: SearchIndex) -> None:
    """A folder where the manifest should be is the folder's fault, and is told as such."""
    (folder / "manifest.json").unlink()
    (folder / "manifest.json").mkdir()
    with pytest.raises(IndexFolderError, match=r"cannot be read \(Is a directory\)"):
        read(folder, built.recipe)


@pytest.fixture
def disk_full_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Make the disk full at the n-th file: `disk_full_at(3)`."""

    def fill(turn: int) -> None:
        turns: Iterator[int] = iter(range(1, 100))

        def refuse(_: int) -> None:
            if next(turns) == turn:
                raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(storage_module.os, "fsync", refuse)

    return fill


@pytest.mark.parametrize("turn", range(1, len(FILES) + 1))
def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, built: SearchIndex, disk_full_at: Callable[[int], None], turn: int
) -> None:
    """Whichever file does not fit any more, the folder is as empty as before."""
    disk_full_at(turn)
    with pytest.raises(IndexFolderError, match="No space left on device"):
        write_index(built, tmp_path / "indexes" / "an-index")
    assert list((tmp_path / "indexes").iterdir()) == []


@pytest.mark.parametrize("turn", [1, len(FILES)])
def test_a_full_disk_leaves_the_old_index(
    folder: Path, built: SearchIndex, disk_full_at: Callable[[int], None], turn: int
) -> None:
    """An index that cannot be replaced is still there, whole."""
    disk_full_at(turn)
    with pytest.raises(IndexFolderError, match="No space left on device"):
        write_index(built, folder)
    assert [path.name for path in folder.parent.iterdir()] == ["an-index"]
    assert content(read(folder, built.recipe)) == content(built)


def test_a_refused_renaming_leaves_the_old_index(
    folder: Path, built: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the last step fails, the old index is still there, whole."""
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if target == folder and not path.name.endswith("-older"):
            raise OSError(errno.EACCES, "Permission denied")
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refuse)
        with pytest.raises(IndexFolderError, match="Permission denied"):
            write_index(built, folder)
    assert content(read(folder, built.recipe)) == content(built)
    assert [path.name for path in folder.parent.iterdir()] == ["an-index"]


def test_an_old_index_that_cannot_be_moved_stays(
    folder: Path, built: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If not even the first step succeeds, the old index is there, and nothing beside it."""
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path == folder:
            raise OSError(errno.EACCES, "Permission denied")
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refuse)
        with pytest.raises(IndexFolderError, match="Permission denied"):
            write_index(built, folder)
    assert content(read(folder, built.recipe)) == content(built)
    assert [path.name for path in folder.parent.iterdir()] == ["an-index"]


def test_writing_replaces_the_old_index_whole(folder: Path, built: SearchIndex) -> None:
    """A file that the new index does not have is gone with the old one."""
    (folder / "old.faiss").write_bytes(b"old")
    write_index(built, folder)
    assert {path.name for path in folder.iterdir()} == FILES
    assert [path.name for path in folder.parent.iterdir()] == ["an-index"]


def test_an_index_without_questions_and_gaps_is_read(tmp_path: Path, bag_of_words: Embedder) -> None:
    """Sets of no vectors are written and read like others."""
    page = replace(PAGE, questions=(), gaps=())
    index = build_index([page], bag_of_words)
    write_index(index, tmp_path / "an-index")
    again = read_index(tmp_path / "an-index", index.recipe, {page.id: page})
    assert content(again) == content(index)
    assert np.array_equal([len(part.vectors) for part in again.sets.values()], [2, 3, 0, 0, 0, 0, 0])
