"""Builds an index: documents and an Embedder in, SearchIndex out."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, replace

import orjson

from corpus import (
    Document,
    Passage,
    PassageSettings,
    build_passages,
    embedded_sentence,
    embedded_text,
    owner,
)
from corpus.medicines.stems import medicine_names, without_names
from index.embedding import Embedder, Progress, Vectors
from index.errors import SearchIndexError
from index.index_kind import EXACT, EXACT_NUMBERS, choose
from index.storage import (
    EXAMPLES,
    GAPS,
    NAMELESS_GAPS,
    NAMELESS_QUESTIONS,
    PASSAGES,
    QUESTIONS,
    SENTENCES,
    SETS,
    Recipe,
    SearchIndex,
    VectorSet,
)
from index.vectors import VectorIndex


def recipe_of(
    documents: Sequence[Document],
    *,
    examples: Sequence[str] = (),
    model: str,
    model_sha256: str,
    settings: PassageSettings,
) -> Recipe:
    """Return what an index of these documents and examples, with this model, is made of."""
    made_of = {
        document.id: {
            "source_sha256": document.metadata.source_sha256,
            "authored_sha256": _authored_digest(document),
        }
        for document in documents
    }
    return Recipe(made_of, model, model_sha256, asdict(settings), _digest(list(examples)))


def build_index(
    documents: Sequence[Document],
    embedder: Embedder,
    *,
    examples: Sequence[str] = (),
    settings: PassageSettings | None = None,
    progress: Progress | None = None,
    exact_numbers: int = EXACT_NUMBERS,
) -> SearchIndex:
    """
    Cut documents into passages and embed them, with the questions written beside them.

    Args:
        documents: At least one.
        embedder: The model; its limit on tokens is kept where it is lower than the settings'.
        examples: Messages that a question is compared with, to tell of what sort it is.
        settings: How passages are cut.
        progress: Told how far the embedding has come.
        exact_numbers: Most numbers in a set that is searched whole; see `index.index_kind`.

    Raises:
        SearchIndexError: The documents hold no text, or one that has authored questions holds none.

    """
    settings = settings or PassageSettings()
    limits = replace(settings, max_tokens=min(settings.max_tokens, embedder.max_tokens))
    passages: list[Passage] = []
    texts: dict[str, list[str]] = {name: [] for name in SETS}
    owners: dict[str, list[int]] = {name: [] for name in SETS}
    for document in documents:
        first = len(passages)
        passages += build_passages(document, count_tokens=embedder.count_tokens, settings=limits)
        for number, passage in enumerate(passages[first:], start=first):
            texts[PASSAGES].append(embedded_text(document, passage))
            owners[PASSAGES].append(number)
            texts[SENTENCES] += [embedded_sentence(document, passage, s) for s in passage.sentences]
            owners[SENTENCES] += [number] * len(passage.sentences)
        if document.questions and len(passages) == first:
            msg = f"document {document.id} has authored questions, and no text that could answer them"
            raise SearchIndexError(msg)
        for question in document.questions:
            texts[QUESTIONS].append(question.text)
            owners[QUESTIONS].append(first + owner(question.span, passages[first:]))
        texts[GAPS] += [gap.text for gap in document.gaps]
    if not passages:
        msg = "the documents hold no text to search"
        raise SearchIndexError(msg)
    names = medicine_names(documents)
    texts[NAMELESS_QUESTIONS] = [without_names(text, names) for text in texts[QUESTIONS]]
    owners[NAMELESS_QUESTIONS] = owners[QUESTIONS]
    texts[NAMELESS_GAPS] = [without_names(text, names) for text in texts[GAPS]]
    texts[EXAMPLES] = list(examples)
    recipe = recipe_of(
        documents,
        examples=examples,
        model=embedder.name,
        model_sha256=embedder.digest,
        settings=settings,
    )
    sets = _embedded(texts, owners, embedder, progress, exact_numbers)
    return SearchIndex(recipe, tuple(passages), sets)


def _embedded(
    texts: dict[str, list[str]],
    owners: dict[str, list[int]],
    embedder: Embedder,
    progress: Progress | None,
    exact_numbers: int,
) -> dict[str, VectorSet]:
    """Embed each different text once, in one go, so that there is one progress bar."""

    def indexed(name: str, rows: Vectors) -> VectorIndex:
        # Every example has a say in what sort of message one is: none may be missed.
        exact = name == EXAMPLES
        return VectorIndex.from_vectors(
            rows, EXACT if exact else choose(*rows.shape, exact_numbers=exact_numbers)
        )

    different = list(dict.fromkeys(text for part in texts.values() for text in part))
    vectors = embedder.embed_documents(different, progress=progress)
    row = {text: at for at, text in enumerate(different)}
    return {
        name: VectorSet(indexed(name, vectors[[row[text] for text in part]]), tuple(owners[name]))
        for name, part in texts.items()
    }


def _authored_digest(document: Document) -> str:
    content = [
        [[question.text, question.span.start, question.span.end] for question in document.questions],
        [[gap.topic, gap.text] for gap in document.gaps],
    ]
    return _digest(content)


def _digest(content: object) -> str:
    return hashlib.sha256(orjson.dumps(content)).hexdigest()
