"""Wires an assistant together: corpus folder, model and index folder in, Assistant out."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from assistant.assistant import Assistant
from assistant.examples import examples
from assistant.spelling import Speller
from assistant.urgent.help import DEFAULT_COUNTRY
from corpus import Document, read_corpus, shipped_corpus
from index import (
    DEFAULT_MODEL,
    RETRIEVERS,
    BatchingEmbedder,
    Embedder,
    EncoderCache,
    IndexCache,
    ModelFiles,
    Progress,
    Retriever,
    SearchIndex,
    check_weights,
    default_index_folder,
    find_model,
)

DEFAULT_RETRIEVER = "full"

WORDS_REMEMBERED = 1024
"""Words of questions of which it is remembered whether they are everyday ones."""


def _silent(_: str) -> None:
    """Report nothing."""


@dataclass(frozen=True, slots=True)
class Setup:
    """
    Where everything comes from.

    Attributes:
        corpus: A document's folder, or a folder of such folders.
        model: Name or folder of a sentence-transformers model on this machine.
        index_dir: Folder for built indexes.
        retriever: Name of a mixture in `index.RETRIEVERS`.
        report: Told in a sentence when a damaged index or encoder is replaced, or none can be made.
        progress: Told how far a build of the index has come.
        country: Whose emergency numbers are given, a code such as "us".
        together: Whether several threads will ask at a time, so that the model should read together
            what they ask.

    """

    corpus: Path = field(default_factory=shipped_corpus)
    model: str = DEFAULT_MODEL
    index_dir: Path = field(default_factory=default_index_folder)
    retriever: str = DEFAULT_RETRIEVER
    report: Callable[[str], None] = _silent
    progress: Progress | None = None
    country: str = DEFAULT_COUNTRY
    together: bool = False


def open_assistant(setup: Setup) -> Assistant:
    """
    Open an assistant, building its index where there is none.

    Raises:
        CorpusError: The documents cannot be read.
        SearchIndexError: The model or the index folder cannot be used.
        CountryError: There are no emergency numbers for the country.

    """
    documents, embedder, retriever = _open(setup)
    speller = Speller(documents, is_everyday_word(embedder))
    return Assistant(documents, retriever, speller, country=setup.country)


def open_retriever(setup: Setup) -> Retriever:
    """
    Open the retriever alone, building its index where there is none.

    Raises:
        CorpusError: The documents cannot be read.
        SearchIndexError: The model or the index folder cannot be used.

    """
    return _open(setup)[-1]


def is_everyday_word(embedder: Embedder) -> Callable[[str], bool]:
    """
    Return a test for everyday words: those that the model's vocabulary has as one piece.

    A word-piece vocabulary holds the commonest words of a large English text whole, and cuts rare
    ones, such as names of medicines, into pieces.
    """
    single = embedder.count_tokens("a")
    return lru_cache(maxsize=WORDS_REMEMBERED)(lambda word: embedder.count_tokens(word) <= single)


def open_index(setup: Setup, *, rebuild: bool) -> SearchIndex:
    """
    Open the index alone, building it where there is none or where `rebuild` says so.

    Raises:
        CorpusError: The documents cannot be read.
        SearchIndexError: The model or the index folder cannot be used.

    """
    documents = read_corpus(setup.corpus)
    files = find_model(setup.model, verify=False)
    load = cache(lambda: load_embedder(files))
    index = _open_index(setup, documents, files, load, rebuild=rebuild)
    # An index that stood already leaves its encoder, if it has none, to whoever answers first.
    if load.cache_info().currsize:
        _encoders(setup).open(files, load, renew=rebuild)
    return index


def example_texts() -> tuple[str, ...]:
    """Return the messages that questions are compared with."""
    return tuple(example.text for example in examples())


def _open(setup: Setup) -> tuple[tuple[Document, ...], Embedder, Retriever]:
    files = find_model(setup.model, verify=False)
    load = cache(lambda: load_embedder(files))
    encoders = _encoders(setup)
    # Documents and index are read while the libraries make their session: 0.15 s less to wait.
    with ThreadPoolExecutor(1) as beside:
        encoder = beside.submit(encoders.read, files)
        documents = read_corpus(setup.corpus)
        index = _open_index(setup, documents, files, load)
        embedder = encoders.open(files, load, read=encoder.result)
    if setup.together:
        embedder = BatchingEmbedder(embedder)
    by_id = {document.id: document for document in documents}
    retriever = Retriever(index, embedder, by_id, weights=RETRIEVERS[setup.retriever])
    return documents, embedder, retriever


def _open_index(
    setup: Setup,
    documents: Sequence[Document],
    files: ModelFiles,
    load: Callable[[], Embedder],
    *,
    rebuild: bool = False,
) -> SearchIndex:
    return IndexCache(setup.index_dir, report=setup.report).open(
        documents,
        files,
        load,
        examples=example_texts(),
        rebuild=rebuild,
        progress=setup.progress,
    )


def _encoders(setup: Setup) -> EncoderCache:
    return EncoderCache(setup.index_dir, report=setup.report)


def load_embedder(files: ModelFiles) -> Embedder:
    """Load a model. It takes seconds, so that it is imported only here, when one is needed."""
    from index.sentence_transformer import SentenceTransformerEmbedder  # noqa: PLC0415

    check_weights(files)
    return SentenceTransformerEmbedder(files)
