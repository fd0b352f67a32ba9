"""EncoderCache: when a model is loaded, what stands in the folder, and what is told."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from index import EncoderCache, ModelFiles
from index.embedding import Embedder, Progress, Vectors
from index.encoder_files import ENCODER_FILES
from index.encoders import KEPT
from index.exporting import ExportError
from index.onnx_encoder import OnnxEmbedder
from tests.index.tiny_encoder import MODEL, SETTINGS, write_encoder


@dataclass
class Model:
    """A stand-in for a loaded model, which can write itself as a tiny encoder."""

    files: ModelFiles = MODEL
    failure: Exception | None = None
    exports: int = 0

    def __post_init__(self) -> None:
        self.name, self.digest = self.files.name, self.files.sha256
        self.dimension, self.max_tokens = 4, 8

    def export(self, folder: Path) -> None:
        """Write half of it before failing, as a full disk would."""
        self.exports += 1
        write_encoder(folder, replace(SETTINGS, digest=self.digest))
        if self.failure is not None:
            raise self.failure

    def embed_documents(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        return np.eye(1, 4, dtype=np.float32).repeat(len(texts), axis=0)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self.embed_documents(texts)

    def count_tokens(self, text: str) -> int:
        return len(text.split()) + 2


@dataclass
class Desk:
    """A folder and a model, noting loads and reports."""

    folder: Path
    model: Model = field(default_factory=Model)
    loads: int = 0
    reports: list[str] = field(default_factory=list)

    def load(self) -> Embedder:
        self.loads += 1
        return self.model

    def open(self, *, renew: bool = False) -> Embedder:
        cache = EncoderCache(self.folder, report=self.reports.append)
        return cache.open(self.model.files, self.load, renew=renew)

    @property
    def names(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()} - {".lock"}


NAME = f"encoder-{'1' * 32}"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk whose folder is not there yet."""
    return Desk(tmp_path / "indexes")


def test_a_model_is_exported_once(desk: Desk) -> None:
    """The first opening loads and exports it, the second reads what the first has written."""
    first, second = desk.open(), desk.open()
    assert isinstance(first, OnnxEmbedder)
    assert isinstance(second, OnnxEmbedder)
    assert (desk.loads, desk.model.exports, desk.reports) == (1, 1, [])
    assert desk.names == {NAME}
    assert {path.name for path in (desk.folder / NAME).iterdir()} == set(ENCODER_FILES)
    assert np.array_equal(first.embed_queries(["hair loss"]), second.embed_queries(["hair loss"]))


def test_renewing_exports_again(desk: Desk) -> None:
    """Where a rebuild is asked for, what stands there is replaced."""
    desk.open()
    assert isinstance(desk.open(renew=True), OnnxEmbedder)
    assert (desk.loads, desk.model.exports) == (2, 2)
    assert desk.names == {NAME}


@pytest.mark.parametrize("name", ENCODER_FILES)
@pytest.mark.parametrize("content", [b"", b"changed"])
def test_a_damaged_encoder_is_told_and_made_again(desk: Desk, name: str, content: bytes) -> None:
    """One sentence, then the same vectors as before."""
    expected = desk.open().embed_queries(["hair loss"])
    (desk.folder / NAME / name).write_bytes(content)
    assert np.array_equal(desk.open().embed_queries(["hair loss"]), expected)
    (sentence,) = desk.reports
    assert sentence.startswith("The model's copy for answering is damaged: ")
    assert sentence.endswith(" It is made again.")
    assert name in sentence
    desk.open()
    assert (desk.loads, len(desk.reports)) == (2, 1)


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (ExportError("model x cannot be exported: no"), "model x cannot be exported: no"),
        (OSError(28, "No space left on device"), "No space left on device"),
    ],
)
def test_a_model_that_cannot_be_exported_answers_itself(
    desk: Desk, failure: Exception, told: str
) -> None:
    """One sentence, nothing left in the folder, and it is tried again the next time."""
    desk.model.failure = failure
    assert desk.open() is desk.model
    (sentence,) = desk.reports
    assert sentence.startswith("Answers will be slow to begin: ")
    assert told in sentence
    assert desk.names == set()
    desk.model.failure = None
    assert isinstance(desk.open(), OnnxEmbedder)


def test_damage_that_cannot_be_mended_is_told_once(desk: Desk) -> None:
    """Not that it is damaged, and then that it cannot be made."""
    desk.open()
    (desk.folder / NAME / "encoder.weights").write_bytes(b"")
    desk.model.failure = ExportError("no")
    assert desk.open() is desk.model
    assert len(desk.reports) == 1


def test_a_model_without_an_export_answers_itself(desk: Desk, bag_of_words: Embedder) -> None:
    """And nothing is told: there is nothing that could be mended."""
    cache = EncoderCache(desk.folder, report=desk.reports.append)
    assert cache.open(MODEL, lambda: bag_of_words) is bag_of_words
    assert desk.reports == []


def test_a_folder_that_cannot_be_made_leaves_the_model(desk: Desk) -> None:
    """A file in the folder's place is told; answers come all the same."""
    desk.folder.write_text("")
    assert desk.open() is desk.model
    assert len(desk.reports) == 1


def test_an_encoder_of_other_weights_is_never_used(desk: Desk) -> None:
    """A folder by the right name with the wrong model's encoder is made again."""
    write_encoder(desk.folder / NAME, replace(SETTINGS, digest="2" * 64), seed=1)
    expected = OnnxEmbedder(write_encoder(desk.folder.with_name("right")), MODEL)
    assert np.array_equal(desk.open().embed_queries(["hair"]), expected.embed_queries(["hair"]))
    (sentence,) = desk.reports
    assert "other files" in sentence


def test_the_newest_few_stay(desk: Desk) -> None:
    """Models that were tried and left do not fill the disk."""
    for number in range(KEPT + 2):
        desk.model = Model(replace(MODEL, sha256=f"{number}" * 64))
        desk.open()
        os.utime(desk.folder / f"encoder-{f'{number}' * 32}", (number, number))
    assert desk.names == {f"encoder-{f'{n}' * 32}" for n in (KEPT, KEPT + 1)}


def test_what_a_killed_writer_left_is_cleared(desk: Desk) -> None:
    """Under the lock nobody else is writing."""
    (desk.folder / ".building-old").mkdir(parents=True)
    desk.open()
    assert desk.names == {NAME}
