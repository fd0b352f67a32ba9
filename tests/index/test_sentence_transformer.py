"""SentenceTransformerEmbedder: what only the real model can show, and folders that are no model."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus import Document
from index import BASE_MODEL, EmbedderError, ModelFiles, Query, Retriever, build_index, find_model
from index.embedding import Embedder

pytestmark = pytest.mark.model

Load = Callable[[ModelFiles], Embedder]


@pytest.fixture(scope="module")
def load() -> Load:
    """Load a model; the library is imported only when a test of this file is run."""
    from assistant.opening import load_embedder  # noqa: PLC0415

    return load_embedder


def found(folder: Path) -> ModelFiles:
    """Find a model as its folder now is."""
    return replace(find_model(str(folder)), name="my own")


@pytest.fixture
def own_model(tmp_path: Path) -> ModelFiles:
    """A copy of the public model's files that a test may change; the weights are a link."""
    shipped = find_model(BASE_MODEL)
    folder = tmp_path / "own"
    shutil.copytree(shipped.folder, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    (folder / "model.safetensors").symlink_to(shipped.folder / "model.safetensors")
    return found(folder)


def test_name_and_digest_are_those_of_the_files(own_model: ModelFiles, load: Load) -> None:
    """The embedder calls itself what the reader called the model, and vouches for its weights."""
    embedder = load(own_model)
    assert (embedder.name, embedder.digest) == ("my own", own_model.sha256)
    assert (embedder.dimension, embedder.max_tokens) == (384, 256)


NOT_LOADED = r"^model my own in .*/own cannot be loaded: "
NOT_ITS_FILES = r"^the files in .*/own are not those of my own: sha256 "


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("config.json", b"{]", rf"{NOT_LOADED}.*not a valid JSON file"),
        ("config.json", b"{}", rf"{NOT_LOADED}.*model_type"),
        ("tokenizer.json", b"{]", rf"{NOT_LOADED}\S"),
        ("modules.json", b"{]", f"{NOT_LOADED}Expecting property name"),
        ("modules.json", b"[]", rf"{NOT_LOADED}.*empty modules list"),
        (
            "modules.json",
            b'[{"idx":0,"name":"0","path":"","type":"os.system"}]',
            rf"{NOT_LOADED}.*third-party code",
        ),
        ("1_Pooling/config.json", b"{]", f"{NOT_LOADED}Expecting property name"),
        ("model.safetensors", b"", NOT_ITS_FILES),
        ("model.safetensors", b"\x10" + b"\0" * 7 + b"{}", NOT_ITS_FILES),
    ],
    ids=[
        "configuration", "kind of model", "tokenizer", "modules", "no modules", "strange module",
        "pooling", "no weights", "other weights",
    ],
)  # fmt: skip
def test_a_folder_that_is_no_model_is_told(
    own_model: ModelFiles, load: Load, name: str, raw: bytes, message: str
) -> None:
    """A damaged file of a model ends in one error that names the model and the cause."""
    (own_model.folder / name).unlink()
    (own_model.folder / name).write_bytes(raw)
    # Weights that changed since they were found are not even read; settings may have been so before.
    files = own_model if message == NOT_ITS_FILES else found(own_model.folder)
    with pytest.raises(EmbedderError, match=message):
        load(files)


def test_code_in_the_folder_is_never_run(own_model: ModelFiles, load: Load) -> None:
    """A module that the folder brings along is refused, and leaves no trace."""
    trace = own_model.folder / "trace"
    (own_model.folder / "evil.py").write_text(f"open({str(trace)!r}, 'w')\nclass Evil: pass\n")
    modules = b'[{"idx":0,"name":"0","path":"","type":"evil.Evil"}]'
    (own_model.folder / "modules.json").write_bytes(modules)
    with pytest.raises(EmbedderError, match="cannot be loaded"):
        load(found(own_model.folder))
    assert not trace.exists()


def test_progress_is_told_by_batches(embedder: Embedder) -> None:
    """Seventy texts are told at 32, 64 and 70."""
    told: list[tuple[str, int, int]] = []
    embedder.embed_documents([f"word {n}" for n in range(70)], progress=lambda *step: told.append(step))
    assert told == [("reading the document", done, 70) for done in (32, 64, 70)]


def test_tokens_are_counted_beyond_the_limit(embedder: Embedder) -> None:
    """The count does not stop at what the model reads, and rare names fall into pieces."""
    assert embedder.count_tokens("hair " * 1000) == 1002
    assert embedder.count_tokens("trastuzumab") > 3
    assert embedder.count_tokens("“It’s”") == embedder.count_tokens('"It\'s"')


def test_what_is_beyond_the_limit_is_ignored(embedder: Embedder) -> None:
    """Two texts that differ only after 256 tokens get the same vector: hence the windows."""
    beginning = "hair " * 254
    one, other = embedder.embed_queries([beginning + end for end in ("nausea", "a genetic counselor")])
    assert np.allclose(one, other, atol=1e-6)


@pytest.mark.parametrize("text", ["", " ", "\0", "😀" * 600, "x" * 10_000, "\u200b", "ﷺ"])
def test_odd_texts_have_vectors(embedder: Embedder, text: str) -> None:
    """Whatever the text, its vector is finite and of length 1."""
    assert np.linalg.norm(embedder.embed_queries([text])[0]) == pytest.approx(1, abs=1e-5)


def test_hair_is_a_side_effect_of_chemotherapy(document: Document, embedder: Embedder) -> None:
    """Even without the authored questions, "will I lose my hair?" finds the right passage."""
    page = replace(document, questions=(), gaps=())
    retriever = Retriever(build_index([page], embedder), embedder, {page.id: page})
    best = retriever.retrieve(Query("will I lose my hair?")).passages[0]
    assert "hair loss" in best.passage.text.lower()
    assert page.section(best.passage.section_id).path[0] == "Chemotherapy"
    assert "side effects" in best.passage.text.lower()
