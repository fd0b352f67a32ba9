"""A build broken at each step that it takes in its folder: killed, half-written or refused."""

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from corpus import Document
from index import EncoderCache, IndexCache, ModelFiles, SearchIndex
from index.embedding import Embedder
from index.encoder_files import ENCODER_FILES
from tests.index.tiny_encoder import MODEL, SETTINGS, write_encoder

ROOT = Path(__file__).parents[2]

CHILD = """
import sys
from pathlib import Path

from tests_of_ours import breaking, conftest, tiny_encoder
from corpus import Metadata, parse_document
from index import EncoderCache, IndexCache, IndexDamagedError, ModelFiles, SearchIndexError, build_index
from index.onnx_encoder import OnnxEmbedder

what, how, before, place = sys.argv[1:]
folder = Path(place) / "indexes"
SOURCE = "A page\\n\\nHair\\n\\nHair falls out. It grows back.\\n\\nNausea\\n\\nMedicine helps.\\n"
page = parse_document("a-page", SOURCE, Metadata("A page", "A publisher", (), "", "", "0" * 64, "", ""))
stand_in = conftest.BagOfWordsEmbedder()
files = ModelFiles(stand_in.name, folder, stand_in.digest)
reports = []


class Model:
    name, digest, dimension, max_tokens = "a tiny model", "1" * 64, 4, 8

    def export(self, there):
        tiny_encoder.write_encoder(there)


def say(sentence):
    assert sentence and "\\n" not in sentence
    reports.append(sentence)


def content(index):
    sets = {name: (part.owners, part.vectors.to_bytes()) for name, part in index.sets.items()}
    return index.recipe, index.passages, sets


def open_index(rebuild=True):
    cache = IndexCache(folder, report=say)
    return cache.open([page], files, lambda: stand_in, rebuild=rebuild)


def check_index():
    return IndexCache(folder, report=say).check([page], files)


def open_encoder(rebuild=True):
    return EncoderCache(folder, report=say).open(tiny_encoder.MODEL, Model, renew=rebuild)


def check_encoder():
    return EncoderCache(folder, report=say).read(tiny_encoder.MODEL)


def shape(encoder):
    # In a fork onnxruntime is not run; the digests of the files were held when it was opened.
    return type(encoder).__name__


opened, checked, form = {
    "index": (open_index, check_index, content),
    "encoder": (open_encoder, check_encoder, shape),
}[what]
whole = content(build_index([page], stand_in)) if what == "index" else "OnnxEmbedder"
if before == "replacing":
    # In a fork of its own, like all that is opened here: threads do not survive one.
    breaking.apart(opened)


def look():
    try:
        assert form(checked()) == whole
        sys.stdout.write("whole ")
    except FileNotFoundError:
        sys.stdout.write("none ")
    except IndexDamagedError:
        sys.stdout.write("damaged ")
    sys.stdout.flush()


def mend():
    assert form(opened(rebuild=False)) == whole
    assert form(checked()) == whole


def clear_away():
    assert form(opened()) == whole
    assert not list(folder.glob(".building-*"))


def act():
    got = form(opened())
    assert got == whole or (got == "Model" and len(reports) == 1), got


for code in breaking.break_at_every_step(act, folder, how, (SearchIndexError,)):
    sys.stdout.write(f"{code} ")
    sys.stdout.flush()
    breaking.apart(look)
    breaking.apart(mend)
    if before == "first":
        breaking.apart(clear_away)
        breaking.clear(folder)
    sys.stdout.write("mended\\n")
    sys.stdout.flush()
# When it replaces, what a turn leaves is for the next to clear, which is broken at that as well.
breaking.apart(clear_away)
"""


def broken(what: str, how: str, before: str, place: Path) -> list[tuple[str, str]]:
    """Return the exit code of each turn, and what stood in the folder after it."""
    package = place / "tests_of_ours"
    package.mkdir()
    (package / "__init__.py").touch()
    for source in ("tests/conftest.py", "tests/index/breaking.py", "tests/index/tiny_encoder.py"):
        (package / Path(source).name).write_bytes((ROOT / source).read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", CHILD, what, how, before, str(place)],
        env={**os.environ, "PYTHONPATH": f"{place}:{ROOT}", "OMP_NUM_THREADS": "1"},
        cwd=place,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    turns = [line.split() for line in done.stdout.splitlines()]
    assert {turn[-1] for turn in turns} == {"mended"}
    return [(turn[0], turn[1]) for turn in turns]


KILLED, DONE, TOLD = "90", "91", "92"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
class TestEveryStep:
    @pytest.mark.parametrize("how", ["killed", "killed with half a file"])
    @pytest.mark.parametrize("what", ["index", "encoder"])
    def test_a_first_build_killed_leaves_none_or_a_whole_one(
        self, what: str, how: str, tmp_path: Path
    ) -> None:
        """Whichever step was the last: nothing, or all of it; and the next opening has all of it."""
        *killed, last = broken(what, how, "first", tmp_path)
        assert {code for code, _ in killed} == {KILLED}
        assert last == (DONE, "whole")
        assert len(killed) >= 5
        assert Counter(state for _, state in killed).keys() <= {"none", "whole"}

    @pytest.mark.parametrize("how", ["killed", "killed with half a file"])
    @pytest.mark.parametrize("what", ["index", "encoder"])
    def test_a_rebuild_killed_leaves_the_old_one(self, what: str, how: str, tmp_path: Path) -> None:
        """But for the moment between two renamings, when there is none and the next opening builds."""
        *killed, last = broken(what, how, "replacing", tmp_path)
        assert {code for code, _ in killed} == {KILLED}
        assert last == (DONE, "whole")
        states = Counter(state for _, state in killed)
        assert states.keys() <= {"none", "whole"}
        # Clearing what the turn before has left takes steps too, so that one place may come twice.
        assert states["none"] in {1, 2}

    @pytest.mark.parametrize("how", ["ENOSPC", "EROFS"])
    @pytest.mark.parametrize("before", ["first", "replacing"])
    @pytest.mark.parametrize("what", ["index", "encoder"])
    def test_a_disk_that_refuses_is_one_sentence(
        self, what: str, before: str, how: str, tmp_path: Path
    ) -> None:
        """Full or read-only from any step on: it is told, and what stood there stays or is put back."""
        *turns, last = broken(what, how, before, tmp_path)
        # The model stands in for an encoder that cannot be written, and the child holds that it is told.
        assert {code for code, _ in turns} - {DONE} == ({TOLD} if what == "index" else set())
        assert last == (DONE, "whole")
        assert len(turns) >= 4
        assert what == "encoder" or (DONE, "none") not in turns
        states = Counter(state for _, state in turns)
        assert states.keys() <= {"none", "whole"}
        if before == "replacing":
            # Between two renamings nothing can be put back where nothing may be renamed any more.
            assert states["none"] <= (2 if how == "EROFS" else 0)


def content(index: SearchIndex) -> tuple[object, ...]:
    """Return all that an index holds, in a form that can be compared."""
    sets = {name: (part.owners, part.vectors.to_bytes()) for name, part in index.sets.items()}
    return index.recipe, index.passages, sets


class TestExchanged:
    """Files that are sound, and somebody else's."""

    @pytest.mark.parametrize(
        "name",
        ["manifest.json", "passages.json", "passages.faiss", "sentences.faiss", ""],
    )
    def test_two_indexes_that_exchange_a_file_are_both_mended(
        self, tmp_path: Path, small_document: Callable[..., Document], bag_of_words: Embedder, name: str
    ) -> None:
        """One file of each, or all of them, under the other's name: each opens as it was built."""
        pages = [small_document("Hair falls out.\n"), small_document("Nausea passes.\n")]
        files = ModelFiles(bag_of_words.name, tmp_path, bag_of_words.digest)
        reports: list[str] = []
        cache = IndexCache(tmp_path / "indexes", report=reports.append)

        def open_all() -> list[SearchIndex]:
            return [cache.open([page], files, lambda: bag_of_words) for page in pages]

        built = open_all()
        one, other = (tmp_path / "indexes" / index.recipe.fingerprint / name for index in built)
        one.rename(tmp_path / "between")
        other.rename(one)
        (tmp_path / "between").rename(other)
        assert [content(index) for index in open_all()] == [content(index) for index in built]
        assert len(reports) == 2
        assert all(sentence.endswith("It is built again.") for sentence in reports)

    @pytest.mark.parametrize("name", [*ENCODER_FILES, ""])
    def test_another_models_encoder_is_never_used(self, tmp_path: Path, name: str) -> None:
        """One file of it, or all of them: it is told and made again from the right model."""

        class Model:
            name, digest, dimension, max_tokens = MODEL.name, MODEL.sha256, 4, 8

            def export(self, folder: Path) -> None:
                write_encoder(folder)

        reports: list[str] = []
        cache = EncoderCache(tmp_path / "indexes", report=reports.append)
        right = cache.open(MODEL, Model).embed_queries(["hair loss"])
        theirs = write_encoder(tmp_path / "theirs", replace(SETTINGS, digest="2" * 64), seed=1)
        tokenizer = (theirs / "tokenizer.json").read_text()
        (theirs / "tokenizer.json").write_text(tokenizer.replace("hair", "eyes"))
        for path in theirs.iterdir():
            if name in ("", path.name):
                (cache.folder_of(MODEL) / path.name).write_bytes(path.read_bytes())
        assert (cache.open(MODEL, Model).embed_queries(["hair loss"]) == right).all()
        # The tiny graph is the same for both: only what differs must be found.
        assert len(reports) == (0 if name == "encoder.onnx" else 1)


def test_two_that_export_at_once_end_with_one_encoder(tmp_path: Path) -> None:
    """Of two that find none, one exports and the other waits for it; both answer alike."""
    exports = []
    together = threading.Barrier(2)

    class Model:
        name, digest, dimension, max_tokens = MODEL.name, MODEL.sha256, 4, 8

        def __init__(self) -> None:
            together.wait(60)

        def export(self, folder: Path) -> None:
            exports.append(folder)
            write_encoder(folder)

    def open_one(_: int) -> list[float]:
        encoder = EncoderCache(tmp_path / "indexes", report=pytest.fail).open(MODEL, Model)
        return encoder.embed_queries(["hair loss"]).tolist()

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(open_one, range(2))
    assert one == other
    assert len(exports) == 1
