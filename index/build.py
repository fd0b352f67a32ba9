"""Builds an index: documents and an Embedder in, SearchIndex out."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from corpus import (
    Document,
    Passage,
    PassageSettings,
    build_passages,
    embedded_sentence,
    embedded_text,
)
from index.embedding import Embedder, Progress
from index.storage import PASSAGES, SENTENCES, Recipe, SearchIndex, VectorSet
from index.vectors import VectorIndex


def recipe_of(
    documents: Sequence[Document], *, model: str, model_sha256: str, settings: PassageSettings
) -> Recipe:
    """Return what an index of these documents, with this model, is made of."""
    sources = {document.id: document.metadata.source_sha256 for document in documents}
    return Recipe(sources, model, model_sha256, asdict(settings))


def build_index(
    documents: Sequence[Document],
    embedder: Embedder,
    *,
    settings: PassageSettings | None = None,
    progress: Progress | None = None,
) -> SearchIndex:
    """
    Cut documents into passages and embed them.

    Args:
        documents: At least one.
        embedder: The model; its limit on tokens is kept where it is lower than the settings'.
        settings: How passages are cut.
        progress: Told how far the embedding has come.

    """
    settings = settings or PassageSettings()
    limits = replace(settings, max_tokens=min(settings.max_tokens, embedder.max_tokens))
    passages: list[Passage] = []
    texts: list[str] = []
    sentences: list[str] = []
    owners: list[int] = []
    for document in documents:
        for passage in build_passages(document, count_tokens=embedder.count_tokens, settings=limits):
            owners += [len(passages)] * len(passage.sentences)
            passages.append(passage)
            texts.append(embedded_text(document, passage))
            sentences += [embedded_sentence(document, passage, span) for span in passage.sentences]
    vectors = embedder.embed_documents([*texts, *sentences], progress=progress)
    sets = {
        PASSAGES: VectorSet(VectorIndex.from_vectors(vectors[: len(texts)]), tuple(range(len(texts)))),
        SENTENCES: VectorSet(VectorIndex.from_vectors(vectors[len(texts) :]), tuple(owners)),
    }
    recipe = recipe_of(documents, model=embedder.name, model_sha256=embedder.digest, settings=settings)
    return SearchIndex(recipe, tuple(passages), sets)
