"""IndexCache: when an index is read and when built, what is cleared away, and what survives a kill."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from corpus import AuthoredQuestion, Document, Gap, PassageSettings, Span, read_document
from index import IndexCache, IndexDamagedError, IndexFolderError, ModelFiles, SearchIndex, build_index
from index import storage as storage_module
from index.cache import KEPT, default_index_folder
from index.embedding import Embedder, Progress, Vectors
from tests.in_time import process_of

ROOT = Path(__file__).parents[2]
SOURCE = "A page\n\nHair\n\nHair falls out. It grows back.\n\nNausea\n\nMedicine helps against nausea.\n"
SETTINGS = [PassageSettings(max_words=words) for words in range(40, 60)]
"""Each makes another recipe."""

Make = Callable[..., Document]


def content(index: SearchIndex) -> tuple[object, ...]:
    """Return all that an index holds, in a form that can be compared."""
    sets = {name: (part.owners, part.vectors.to_bytes()) for name, part in index.sets.items()}
    return index.recipe, index.passages, sets


@dataclass
class Desk:
    """A cache with one document and one model, which notes loads and reports."""

    folder: Path
    document: Document
    embedder: Embedder
    files: ModelFiles
    loads: int = 0
    reports: list[str] = field(default_factory=list)

    def load(self) -> Embedder:
        """Hand out the stand-in for a model."""
        self.loads += 1
        return self.embedder

    @property
    def cache(self) -> IndexCache:
        """A cache of the folder, opened anew."""
        return IndexCache(self.folder, report=self.reports.append)

    def open(
        self,
        document: Document | None = None,
        *,
        settings: PassageSettings | None = None,
        rebuild: bool = False,
    ) -> SearchIndex:
        """Open the index of one document."""
        return self.cache.open(
            [document or self.document], self.files, self.load, settings=settings, rebuild=rebuild
        )

    def check(self) -> SearchIndex:
        """Read the index of the document without building it."""
        return self.cache.check([self.document], self.files)

    @property
    def names(self) -> set[str]:
        """What is in the folder, beside the lock."""
        return {path.name for path in self.folder.iterdir()} - {".lock"}


@pytest.fixture
def desk(tmp_path: Path, small_document: Make, bag_of_words: Embedder) -> Desk:
    """A cache in an empty place."""
    files = ModelFiles(bag_of_words.name, tmp_path, bag_of_words.digest)
    return Desk(tmp_path / "indexes", small_document(SOURCE), bag_of_words, files)


def test_a_missing_index_is_built(desk: Desk) -> None:
    """Without an index the model is loaded once, and what is built lies in the folder."""
    index = desk.open()
    assert content(index) == content(build_index([desk.document], desk.embedder))
    assert (desk.loads, desk.reports) == (1, [])
    assert desk.names == {index.recipe.fingerprint}


def test_an_index_that_is_there_is_read(desk: Desk) -> None:
    """With an index the model is never loaded, and nothing is written."""
    first = desk.open()
    before = {path: path.stat().st_mtime_ns for path in desk.folder.rglob("*")}
    second = desk.open()
    assert content(second) == content(first)
    assert (desk.loads, desk.reports) == (1, [])
    assert {path: path.stat().st_mtime_ns for path in desk.folder.rglob("*")} == before


def test_progress_reaches_the_builder(desk: Desk) -> None:
    """Whoever opens an index that must be built is told how far it has come."""
    told: list[tuple[str, int, int]] = []

    class Telling(type(desk.embedder)):
        def embed_documents(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
            assert progress is not None
            progress("telling", len(texts), len(texts))
            return super().embed_documents(texts)

    documents = [desk.document]
    desk.cache.open(documents, desk.files, Telling, progress=lambda *step: told.append(step))
    desk.cache.open(documents, desk.files, Telling, progress=lambda *step: told.append(step))
    # Two passages and three sentences, of which one says what its passage says, told once: the
    # second time there is nothing to build.
    assert told == [("telling", 4, 4)]


def ask(start: int, end: int) -> AuthoredQuestion:
    """Return an authored question bound to a range."""
    return AuthoredQuestion("will I go bald", Span(start, end), "patient")


@pytest.mark.parametrize(
    "change",
    [
        lambda make, page: make(SOURCE + "More.\n"),
        lambda make, page: replace(page, questions=(ask(14, 29),)),
        lambda make, page: replace(page, gaps=(Gap("prices", "what does it cost"),)),
        lambda make, page: replace(page, id="b-page"),
    ],
    ids=["source", "questions", "gaps", "id"],
)
def test_a_changed_document_is_indexed_beside_the_old(
    desk: Desk, small_document: Make, change: Callable[[Make, Document], Document]
) -> None:
    """Another source, or other questions beside it, make another index; the old one stays."""
    old = desk.open()
    new = desk.open(change(small_document, desk.document))
    assert desk.names == {old.recipe.fingerprint, new.recipe.fingerprint}
    assert (desk.loads, desk.reports) == (2, [])
    assert content(desk.open()) == content(old)
    assert desk.loads == 2


def test_other_settings_are_indexed_beside_the_old(desk: Desk) -> None:
    """Passages cut in another way make another index; the old one stays."""
    old, new = desk.open(), desk.open(settings=PassageSettings(max_words=4, min_words=1))
    assert len(desk.names) == 2
    assert [len(index.passages) for index in (old, new)] == [2, 3]
    assert content(desk.open()) == content(old)
    assert desk.loads == 2


@pytest.mark.parametrize("change", [{"sha256": "1" * 64}, {"name": "another"}], ids=str)
def test_another_model_is_indexed_beside_the_old(desk: Desk, change: dict[str, str]) -> None:
    """Other weights, or another name, make another index; the old one stays."""
    old = desk.open()

    class Another(type(desk.embedder)):
        name = change.get("name", desk.files.name)
        digest = change.get("sha256", desk.files.sha256)

    files = replace(desk.files, **change)
    new = desk.cache.open([desk.document], files, Another)
    assert desk.names == {old.recipe.fingerprint, new.recipe.fingerprint}
    assert len(desk.names) == 2
    assert content(desk.cache.open([desk.document], files, desk.load)) == content(new)
    assert desk.loads == 1


@pytest.mark.parametrize("name", ["manifest.json", "owners.json", "passages.json", "questions.faiss"])
def test_a_damaged_index_is_reported_and_built_again(desk: Desk, name: str) -> None:
    """Damage is told once, with the folder and the cause, and mended; then nothing more is said."""
    index = desk.open()
    folder = desk.folder / index.recipe.fingerprint
    (folder / name).write_bytes(b"garbled")
    assert content(desk.open()) == content(index)
    assert desk.loads == 2
    (report,) = desk.reports
    assert report.startswith(f"The index in {folder} is damaged: ")
    assert report.endswith("It is built again.")
    assert name in report or "its manifest is not JSON" in report
    assert content(desk.open()) == content(index)
    assert (desk.loads, len(desk.reports)) == (2, 1)


def test_rebuilding_builds_where_there_is_one(desk: Desk) -> None:
    """`rebuild` loads the model and replaces the index, without a report."""
    index = desk.open()
    (desk.folder / index.recipe.fingerprint / "old").write_text("of the old one")
    assert content(desk.open(rebuild=True)) == content(index)
    assert (desk.loads, desk.reports) == (2, [])
    assert not (desk.folder / index.recipe.fingerprint / "old").exists()
    assert content(desk.check()) == content(index)


def test_checking_never_builds(desk: Desk) -> None:
    """Where there is no index the check says so, makes no folder and loads nothing."""
    with pytest.raises(FileNotFoundError, match=r"manifest\.json"):
        desk.check()
    assert not desk.folder.exists()
    index = desk.open()
    assert content(desk.check()) == content(index)
    (desk.folder / index.recipe.fingerprint / "gaps.faiss").unlink()
    with pytest.raises(IndexDamagedError, match=r"gaps\.faiss cannot be read"):
        desk.check()
    assert (desk.loads, desk.reports) == (1, [])


def test_a_model_that_cannot_be_loaded_leaves_the_folder_usable(desk: Desk) -> None:
    """An error of the model comes through, leaves nothing behind and gives the lock back."""

    def fail() -> Embedder:
        msg = "no such model"
        raise RuntimeError(msg)

    with pytest.raises(RuntimeError, match="no such model"):
        desk.cache.open([desk.document], desk.files, fail)
    assert desk.names == set()
    assert len(desk.open().passages) == 2


@pytest.mark.parametrize("beyond", ["", "deeper"])
def test_a_file_in_place_of_the_folder_is_told(desk: Desk, beyond: str) -> None:
    """Where a file stands in the way, the reader is told so, and the file stays as it is."""
    desk.folder.write_text("mine")
    there = IndexCache(desk.folder / beyond, report=desk.reports.append)
    with pytest.raises(IndexFolderError, match=r"cannot be (read|written)"):
        there.open([desk.document], desk.files, desk.load)
    with pytest.raises(IndexFolderError, match="choose another folder with --index-dir"):
        there.open([desk.document], desk.files, desk.load, rebuild=True)
    assert desk.folder.read_text() == "mine"
    assert desk.loads == 0


def test_what_killed_builders_left_is_cleared(desk: Desk) -> None:
    """The next build removes half-written folders."""
    for number in range(3):
        left = desk.folder / f".building-{number}"
        left.mkdir(parents=True)
        (left / "passages.json").write_text("[")
    index = desk.open()
    assert desk.names == {index.recipe.fingerprint}


def test_what_is_not_ours_is_never_touched(desk: Desk) -> None:
    """Photos, files and folders that only look like indexes outlive every build."""
    foreign = [
        "photos/hair.jpg",
        "0123456789abcdef/notes.txt",
        "0123456789ABCDEF/manifest.json",
        "0123456789abcde/manifest.json",
        "0123456789abcdef0/manifest.json",
        "fedcba9876543210",
        "manifest.json",
        "building-mine/a.txt",
        ".hidden/manifest.json",
    ]
    for name in foreign:
        (desk.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (desk.folder / name).write_text(name)
    for settings in SETTINGS[: KEPT + 3]:
        desk.open(settings=settings)
    assert {name: (desk.folder / name).read_text() for name in foreign} == {n: n for n in foreign}
    ours = desk.names - {name.split("/")[0] for name in foreign}
    assert len(ours) == KEPT


def test_the_newest_few_stay(desk: Desk) -> None:
    """Of many indexes the newest stay, by the time of their build, and the one just built among them."""
    names = []
    for hour, settings in enumerate(SETTINGS[:KEPT]):
        names.append(desk.open(settings=settings).recipe.fingerprint)
        # In reverse: the one built first is the newest.
        time = 2_000_000_000 - 3600 * hour
        os.utime(desk.folder / names[-1], (time, time))
    assert desk.names == set(names)
    newest = desk.open(settings=SETTINGS[KEPT]).recipe.fingerprint
    assert desk.names == {*names[: KEPT - 1], newest}


def test_while_one_builds_another_reads_the_old_index_whole(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """During a rebuild, up to the last byte written, readers get the old index, whole."""
    index = desk.open()
    seen: list[bool] = []

    def look(*_: object) -> None:
        seen.append(content(desk.check()) == content(index))

    class Watched(type(desk.embedder)):
        def embed_documents(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
            look()
            return super().embed_documents(texts)

    monkeypatch.setattr(storage_module.os, "fsync", look)
    desk.cache.open([desk.document], desk.files, Watched, rebuild=True)
    # Before the embedding, and at each of ten files.
    assert seen == [True] * 11
    assert content(desk.check()) == content(index)


def test_while_one_is_replaced_no_reader_sees_damage(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At every step of the replacement a reader gets a whole index, or none: never half of one."""
    index = desk.open()
    seen: list[str] = []
    unlink, rename = os.unlink, Path.rename

    def look() -> None:
        try:
            seen.append("whole" if content(desk.check()) == content(index) else "another")
        except FileNotFoundError:
            seen.append("none")
        except IndexDamagedError:
            seen.append("damaged")

    def unlink_and_look(path: str, *, dir_fd: int | None = None) -> None:
        unlink(path, dir_fd=dir_fd)
        look()

    def rename_and_look(path: Path, target: Path) -> Path:
        renamed = rename(path, target)
        look()
        return renamed

    monkeypatch.setattr(os, "unlink", unlink_and_look)
    monkeypatch.setattr(Path, "rename", rename_and_look)
    desk.open(rebuild=True)
    # Only between the two renamings there is none; every file is removed after them.
    assert seen[:2] == ["none", "whole"]
    assert seen[2:] == ["whole"] * len(seen[2:])
    assert len(seen) >= 11


def test_the_default_folder_is_in_the_users_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Indexes lie in the cache of whoever runs the program."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    if sys.platform != "linux":
        pytest.skip("other systems keep the cache elsewhere")
    assert default_index_folder() == tmp_path / "signpost" / "indexes"


CHILD = """
import importlib.util, itertools, os, signal, sys
from pathlib import Path

from corpus import read_document
from index import IndexCache, ModelFiles
from index import cache as cache_module, storage

root, document, folder, stage, turn = sys.argv[1:]
spec = importlib.util.spec_from_file_location("stand_in", Path(root) / "tests" / "conftest.py")
stand_in = importlib.util.module_from_spec(spec)
spec.loader.exec_module(stand_in)
Embedder = stand_in.BagOfWordsEmbedder


def die_at(owner, name, before=lambda *_: None):
    real, turns = getattr(owner, name), itertools.count(1)

    def hooked(*args, **kwargs):
        if next(turns) == int(turn):
            before(*args)
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)

    setattr(owner, name, hooked)


def write_half(path, content):
    raw = content if isinstance(content, bytes) else content.to_bytes()
    path.write_bytes(raw[: len(raw) // 2])


def say(line):
    sys.stdout.write(line + "\\n")
    sys.stdout.flush()


def load():
    say("building")
    if stage == "wait":
        sys.stdin.readline()
    return Embedder()


def at_the_lock(folder):
    say("at the lock")
    return locked(folder)


if stage == "embedding":
    die_at(Embedder, "embed_documents")
elif stage == "half a file":
    die_at(storage, "_write", write_half)
elif stage == "onto the disk":
    die_at(os, "fsync")
elif stage == "removing":
    die_at(os, "unlink")
elif stage == "renaming":
    die_at(Path, "rename")
elif stage == "renamed":
    die_at(IndexCache, "_forget_old")
if stage == "together":
    say("opening")
    sys.stdin.readline()
if stage == "wait":
    locked, cache_module.locked = cache_module.locked, at_the_lock
cache = IndexCache(Path(folder), report=lambda line: say("report: " + line))
files = ModelFiles(Embedder.name, Path(folder), Embedder.digest)
documents, rebuild = [read_document(Path(document))], stage not in ("wait", "together")
index = cache.open(documents, files, load, rebuild=rebuild)
say(" ".join([index.recipe.fingerprint, *(passage.id for passage in index.passages)]))
"""


@dataclass
class Children:
    """Starts builders in processes of their own, on the same folder."""

    script: Path
    document: Path
    folder: Path
    started: ExitStack

    def start(self, stage: str, turn: int = 0) -> subprocess.Popen[str]:
        """Start a builder that ends itself at the n-th turn of a stage, or waits."""
        places = map(str, (self.script, ROOT, self.document, self.folder))
        process = process_of(
            [sys.executable, *places, stage, str(turn)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        return self.started.enter_context(process)


@pytest.fixture
def children(tmp_path: Path, document_folder: Callable[..., Path], desk: Desk) -> Iterator[Children]:
    """Builders on the desk's folder and on the desk's document, as it is read from a folder."""
    script = tmp_path / "child.py"
    script.write_text(CHILD, encoding="utf-8")
    folder = document_folder(SOURCE)
    desk.document = read_document(folder)
    with ExitStack() as started:
        yield Children(script, folder, desk.folder, started)


KILLED = [
    ("embedding", 1, True),
    ("half a file", 2, True),
    ("onto the disk", 9, True),
    ("renaming", 1, True),
    ("renaming", 2, False),
    ("removing", 1, True),
    ("removing", 3, True),
    ("renamed", 1, True),
]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL on this system")
@pytest.mark.parametrize(("stage", "turn", "whole"), KILLED)
def test_a_build_killed_while_replacing_is_mended(
    desk: Desk, children: Children, stage: str, turn: int, whole: bool
) -> None:
    """Wherever a rebuild is killed, the next opening gives the whole index."""
    index = desk.open()
    child = children.start(stage, turn)
    assert child.communicate(timeout=60)[0] == "building\n"
    assert child.returncode == -signal.SIGKILL
    assert content(desk.open()) == content(index)
    # But for the moment between the two renamings, there is nothing to mend.
    assert desk.loads == (1 if whole else 2)
    assert content(desk.open(rebuild=True)) == content(index)
    assert desk.names == {index.recipe.fingerprint}


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL on this system")
@pytest.mark.parametrize(("stage", "turn"), [("embedding", 1), ("half a file", 6), ("renaming", 1)])
def test_a_first_build_killed_leaves_no_index(
    desk: Desk, children: Children, stage: str, turn: int
) -> None:
    """Wherever a first build is killed, there is no index yet, and the next opening builds one."""
    child = children.start(stage, turn)
    assert child.communicate(timeout=60)[0] == "building\n"
    assert child.returncode == -signal.SIGKILL
    with pytest.raises(FileNotFoundError, match=r"manifest\.json"):
        desk.check()
    index = desk.open()
    assert content(index) == content(build_index([desk.document], desk.embedder))
    assert desk.names == {index.recipe.fingerprint}
    assert (desk.loads, desk.reports) == (1, [])


def test_whoever_waits_for_a_builder_reads_its_index(desk: Desk, children: Children) -> None:
    """A second process that comes while the first one builds builds nothing itself."""
    first = children.start("wait")
    assert [first.stdout.readline() for _ in range(2)] == ["at the lock\n", "building\n"]
    second = children.start("wait")
    # It has looked for an index and found none.
    assert second.stdout.readline() == "at the lock\n"
    said = [child.communicate("\n", timeout=60)[0] for child in (first, second)]
    index = desk.check()
    line = f"{index.recipe.fingerprint} hair/1 nausea/1\n"
    assert said == [line, line]
    assert desk.names == {index.recipe.fingerprint}


def test_two_processes_at_once_end_with_one_index(desk: Desk, children: Children) -> None:
    """Of two processes let go together one builds, and both end with the same whole index."""
    both = [children.start("together") for _ in range(2)]
    assert [child.stdout.readline() for child in both] == ["opening\n"] * 2
    for child in both:
        child.stdin.write("\n")
        child.stdin.flush()
    said = [child.communicate(timeout=60)[0] for child in both]
    index = desk.check()
    line = f"{index.recipe.fingerprint} hair/1 nausea/1\n"
    assert sorted(said, key=len) == [line, f"building\n{line}"]
    assert content(index) == content(build_index([desk.document], desk.embedder))
    assert desk.names == {index.recipe.fingerprint}
