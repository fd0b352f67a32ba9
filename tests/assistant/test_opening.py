"""From folders to an assistant, with the stand-in for a model."""

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import opening
from assistant.errors import CountryError
from assistant.opening import (
    DEFAULT_RETRIEVER,
    Setup,
    is_everyday_word,
    open_assistant,
    open_index,
    open_retriever,
)
from corpus import CorpusError, DocumentNotFoundError, shipped_corpus
from index import DEFAULT_MODEL, RETRIEVERS, Embedder, EmbedderError, ModelFiles, default_index_folder

PAGE = "Yoga can help with sleep, and many people like it.\n"


@pytest.fixture
def loaded(bag_of_words: Embedder, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Load the stand-in in place of any model; returns the names of the models that were loaded."""
    names: list[str] = []

    def load(files: ModelFiles) -> Embedder:
        names.append(files.name)
        embedder = copy.copy(bag_of_words)
        embedder.name, embedder.digest = files.name, files.sha256
        return embedder

    monkeypatch.setattr(opening, "load_embedder", load)
    return names


@pytest.fixture
def setup(tmp_path: Path, document_folder: Callable[..., Path]) -> Setup:
    """A page of one sentence, a folder that passes for a model, and a place for the index."""
    model = tmp_path / "model"
    model.mkdir()
    (model / "model.safetensors").write_bytes(b"weights")
    return Setup(corpus=document_folder(PAGE), model=str(model), index_dir=tmp_path / "indexes")


def test_by_default_everything_is_what_is_shipped() -> None:
    """The shipped page, the shipped model, the user's cache, the full mixture, and silence."""
    setup = Setup()
    assert setup.corpus == shipped_corpus()
    assert setup.model == DEFAULT_MODEL
    assert setup.index_dir == default_index_folder()
    assert setup.retriever == DEFAULT_RETRIEVER == "full"
    assert DEFAULT_RETRIEVER in RETRIEVERS
    assert setup.report("something") is None
    assert setup.progress is None


def test_an_assistant_is_opened_and_answers(setup: Setup, loaded: list[str]) -> None:
    """Corpus, model and index come together; the model is loaded once."""
    assistant = open_assistant(setup)
    assert [document.id for document in assistant.documents] == ["a-page"]
    answer = assistant.answer("can yoga help with sleep?")
    assert answer.quotes[0].excerpt.text == "Yoga can help with sleep, and many people like it."
    assert loaded == [setup.model]


def test_the_country_is_that_of_the_setup(setup: Setup, loaded: list[str]) -> None:
    """Its emergency numbers are given, and without any nothing is opened."""
    (notice,) = open_assistant(replace(setup, country="gb")).answer("I can't breathe").notices
    assert "999" in notice.text
    with pytest.raises(CountryError, match="no emergency numbers for the country 'xx'"):
        open_assistant(replace(setup, country="xx"))


def test_the_index_is_built_once(setup: Setup, loaded: list[str]) -> None:
    """The second time it is read, without a model."""
    built = open_index(setup, rebuild=False)
    read = open_index(setup, rebuild=False)
    assert loaded == [setup.model]
    assert read.passages == built.passages
    open_index(setup, rebuild=True)
    assert loaded == [setup.model] * 2


def test_an_assistant_reads_the_index_that_is_there(setup: Setup, loaded: list[str]) -> None:
    """Nothing is written when there is an index."""
    index = open_index(setup, rebuild=False)
    manifest = setup.index_dir / index.recipe.fingerprint / "manifest.json"
    before = manifest.stat().st_mtime_ns
    assert open_assistant(setup).passages == index.passages
    assert manifest.stat().st_mtime_ns == before


def test_a_damaged_index_is_told_and_replaced(setup: Setup, loaded: list[str]) -> None:
    """The operator hears of it in one sentence; the asker gets an answer."""
    index = open_index(setup, rebuild=False)
    (setup.index_dir / index.recipe.fingerprint / "passages.json").write_text("[]")
    told: list[str] = []
    again = Setup(setup.corpus, setup.model, setup.index_dir, report=told.append)
    assert open_assistant(again).passages == index.passages
    (sentence,) = told
    assert "passages.json is not as it was written" in sentence


def test_progress_of_a_build_is_told(setup: Setup, loaded: list[str]) -> None:
    """The stand-in tells nothing itself; it is handed what to tell."""
    handed = []

    def build(*args: object, progress: object = None, **options: object) -> None:
        handed.append(progress)
        raise EmbedderError("seen enough")

    def tell(stage: str, done: int, total: int) -> None:
        """Tell nothing."""

    told = Setup(setup.corpus, setup.model, setup.index_dir, progress=tell)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("index.cache.build_index", build)
        with pytest.raises(EmbedderError, match="seen enough"):
            open_index(told, rebuild=False)
    assert handed == [tell]


@pytest.mark.parametrize("name", list(RETRIEVERS))
def test_each_mixture_can_be_opened(setup: Setup, loaded: list[str], name: str) -> None:
    """A retriever of every name finds the one passage."""
    named = Setup(setup.corpus, setup.model, setup.index_dir, retriever=name)
    (passage,) = open_retriever(named).passages
    assert passage.text == "Yoga can help with sleep, and many people like it."


def test_an_unknown_mixture_is_refused(setup: Setup, loaded: list[str]) -> None:
    """A name that is none is a mistake of the caller."""
    with pytest.raises(KeyError, match="magic"):
        open_retriever(Setup(setup.corpus, setup.model, setup.index_dir, retriever="magic"))


@pytest.mark.parametrize(
    "opener", [open_assistant, open_retriever, lambda s: open_index(s, rebuild=True)]
)
def test_a_missing_corpus_is_named(
    setup: Setup, loaded: list[str], opener: Callable, tmp_path: Path
) -> None:
    """Before a model is loaded."""
    missing = tmp_path / "nowhere"
    with pytest.raises(DocumentNotFoundError, match=str(missing)):
        opener(Setup(missing, setup.model, setup.index_dir))
    assert loaded == []
    assert issubclass(DocumentNotFoundError, CorpusError)


@pytest.mark.parametrize(
    "opener", [open_assistant, open_retriever, lambda s: open_index(s, rebuild=True)]
)
def test_an_unknown_model_is_named(setup: Setup, loaded: list[str], opener: Callable) -> None:
    """Nothing is downloaded, and no index folder is made."""
    with pytest.raises(EmbedderError, match="there is no model nobody/nothing on this machine"):
        opener(Setup(setup.corpus, "nobody/nothing", setup.index_dir))
    assert loaded == []
    assert not setup.index_dir.exists()


def test_everyday_words_are_those_of_one_piece() -> None:
    """As many tokens as "a" has, special ones included; each word is counted once."""
    counted = []

    class Pieces:
        """Counts a piece for every four letters, and two special tokens."""

        def count_tokens(self, text: str) -> int:
            counted.append(text)
            return 2 + -(-len(text) // 4)

    is_common = is_everyday_word(Pieces())
    assert [is_common(word) for word in ("pill", "tamoxifen", "pill")] == [True, False, True]
    assert counted == ["a", "pill", "tamoxifen"]
