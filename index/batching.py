"""Embeds together what several threads ask for at the same time."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from index.embedding import Embedder, Progress, Vectors


@dataclass(eq=False, slots=True)
class _Asked:
    """
    What one thread waits for.

    Attributes:
        texts: To embed.
        vectors: Of these texts; None until they are made.

    """

    texts: tuple[str, ...]
    vectors: Vectors | None = None


class BatchingEmbedder:
    """
    Stands before an embedder and joins the questions of threads that would wait for one another.

    One thread at a time runs the model, for all that have come meanwhile; the others find their
    vectors made when their turn comes. Nobody waits for a batch to fill, so that a thread alone is
    served as fast as without. All methods may be called from several threads.
    """

    def __init__(self, embedder: Embedder) -> None:
        """Stand before an embedder."""
        self._embedder = embedder
        self._waiting: list[_Asked] = []
        self._list_lock = threading.Lock()
        self._model_lock = threading.Lock()

    @property
    def name(self) -> str:
        """The model's name, as the reader gave it."""
        return self._embedder.name

    @property
    def digest(self) -> str:
        """SHA-256 of the model's weights, in hexadecimal."""
        return self._embedder.digest

    @property
    def dimension(self) -> int:
        """Length of its vectors."""
        return self._embedder.dimension

    @property
    def max_tokens(self) -> int:
        """Most tokens of a text; the model ignores what is beyond."""
        return self._embedder.max_tokens

    def embed_documents(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Embed texts of the document, not joined with questions: as the embedder does."""
        return self._embedder.embed_documents(texts, progress=progress)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """
        Embed questions together: float32, shape (len(texts), dimension), unit rows.

        Whatever the embedder raises for one's own texts is raised; others' texts never matter.
        """
        asked = _Asked(tuple(texts))
        with self._list_lock:
            self._waiting.append(asked)
        with self._model_lock:
            if asked.vectors is None:
                self._run(self._taken())
            # Beside others something went wrong, and it may have been theirs.
            if asked.vectors is None:
                asked.vectors = self._embedder.embed_queries(asked.texts)
            return asked.vectors

    def count_tokens(self, text: str) -> int:
        """Count the tokens that the model makes of a text, special tokens included."""
        return self._embedder.count_tokens(text)

    def _taken(self) -> Sequence[_Asked]:
        """Return those who wait, who then do not any more."""
        with self._list_lock:
            taken, self._waiting = self._waiting, []
        return taken

    def _run(self, together: Sequence[_Asked]) -> None:
        """Embed what several ask for; where that fails, each is left to try alone."""
        texts = [text for asked in together for text in asked.texts]
        if not texts:
            return
        try:
            rows = self._embedder.embed_queries(texts)
        # Whatever it is, whoever's text it was meets it again, alone.
        except Exception:  # noqa: BLE001
            return
        start = 0
        for asked in together:
            asked.vectors = rows[start : start + len(asked.texts)]
            start += len(asked.texts)
