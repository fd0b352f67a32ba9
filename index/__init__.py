"""Embedding, the FAISS index, word search, fusion, and storage of a built index."""

from index.batching import BatchingEmbedder
from index.build import build_index
from index.cache import IndexCache, default_index_folder
from index.embedding import Embedder, Progress
from index.encoders import EncoderCache
from index.errors import EmbedderError, IndexDamagedError, IndexFolderError, SearchIndexError
from index.retriever import (
    RETRIEVERS,
    Comparison,
    Evidence,
    Look,
    Neighbours,
    Query,
    Ranking,
    Retriever,
    ScoredPassage,
    Weights,
)
from index.storage import SearchIndex
from index.weights import BASE_MODEL, DEFAULT_MODEL, ModelFiles, check_weights, find_model

__all__ = [
    "BASE_MODEL",
    "DEFAULT_MODEL",
    "RETRIEVERS",
    "BatchingEmbedder",
    "Comparison",
    "Embedder",
    "EmbedderError",
    "EncoderCache",
    "Evidence",
    "IndexCache",
    "IndexDamagedError",
    "IndexFolderError",
    "Look",
    "ModelFiles",
    "Neighbours",
    "Progress",
    "Query",
    "Ranking",
    "Retriever",
    "ScoredPassage",
    "SearchIndex",
    "SearchIndexError",
    "Weights",
    "build_index",
    "check_weights",
    "default_index_folder",
    "find_model",
]
