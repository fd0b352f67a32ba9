"""The Embedder made of a sentence-transformers model; the only importer of that library."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from index.adapter import add_adapter
from index.embedding import Progress, Vectors, plain
from index.errors import EmbedderError
from index.exporting import export_encoder, first_line
from index.weights import ModelFiles

BATCH = 32
"""Texts embedded at a time (the library's default)."""


class SentenceTransformerEmbedder:
    """
    Embeds with a sentence-transformers model from a local folder.

    Questions are embedded together; beside others a question's vector may differ from its vector alone
    by about 1e-7.
    """

    def __init__(self, files: ModelFiles) -> None:
        """
        Load a model.

        Args:
            files: Where it is; nothing is downloaded and no code from the folder is run.

        Raises:
            EmbedderError: The library cannot load it, or its adapter is none for it; the cause is kept.

        """
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            model = SentenceTransformer(
                str(files.folder),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
            msg = f"model {files.name} in {files.folder} cannot be loaded: {first_line(error)}"
            raise EmbedderError(msg) from error
        # Half-precision weights are widened: an exported graph takes and gives single precision alone.
        self._model = model.float()
        if files.adapter is not None:
            add_adapter(self._model, files.adapter)
        self._files = files

    @property
    def name(self) -> str:
        """The model's name, as the reader gave it."""
        return self._files.name

    @property
    def digest(self) -> str:
        """The model's digest, as `ModelFiles.sha256` has it."""
        return self._files.sha256

    @property
    def dimension(self) -> int:
        """Length of its vectors."""
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            msg = f"model {self.name} does not say how long its vectors are"
            raise EmbedderError(msg)
        return dimension

    @property
    def max_tokens(self) -> int:
        """Most tokens of a text; the model ignores what is beyond."""
        return int(self._model.get_max_seq_length() or 256)

    def embed_documents(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Embed texts of the document: float32, shape (len(texts), dimension), unit rows."""
        rows = np.zeros((len(texts), self.dimension), np.float32)
        # Texts of like length share a batch, so that little is wasted on padding.
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(texts), BATCH):
            batch = order[start : start + BATCH]
            rows[batch] = self._model.encode_document(
                [plain(texts[at]) for at in batch],
                normalize_embeddings=True,
                show_progress_bar=False,
            )
            if progress is not None:
                progress("reading the document", start + len(batch), len(texts))
        return rows

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions together: float32, shape (len(texts), dimension), unit rows."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        vectors = self._model.encode_query(
            [plain(text) for text in texts], normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    def count_tokens(self, text: str) -> int:
        """Count the tokens that the model makes of a text, special tokens included."""
        encoded = self._model.tokenizer(plain(text), truncation=False, verbose=False)
        return len(encoded["input_ids"])

    def export(self, folder: Path) -> None:
        """
        Write the model as an encoder that answers without torch; see `index.exporting`.

        Raises:
            ExportError: The model is of a make that cannot be exported.
            OSError: The disk does not take it.

        """
        export_encoder(self._model, self._files, folder)
