"""Source documents, and the code that turns one into sections, blocks and passages."""

from corpus.authored_check import check_authored, nearly_among
from corpus.check import Finding, check_document
from corpus.collection import parse_document, read_corpus, read_document, shipped_corpus
from corpus.document import (
    AuthoredQuestion,
    Block,
    BlockKind,
    Document,
    Gap,
    Hidden,
    HiddenKind,
    Metadata,
    Passage,
    Section,
    Span,
)
from corpus.errors import CorpusError, DocumentFormatError, DocumentNotFoundError
from corpus.passages import PassageSettings, build_passages, embedded_sentence, embedded_text, owner

__all__ = [
    "AuthoredQuestion",
    "Block",
    "BlockKind",
    "CorpusError",
    "Document",
    "DocumentFormatError",
    "DocumentNotFoundError",
    "Finding",
    "Gap",
    "Hidden",
    "HiddenKind",
    "Metadata",
    "Passage",
    "PassageSettings",
    "Section",
    "Span",
    "build_passages",
    "check_authored",
    "check_document",
    "embedded_sentence",
    "embedded_text",
    "nearly_among",
    "owner",
    "parse_document",
    "read_corpus",
    "read_document",
    "shipped_corpus",
]
