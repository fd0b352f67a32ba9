"""
The Embedder made of an exported model: only onnxruntime and tokenizers, no torch.

It answers in a quarter of a second from nothing, where importing sentence-transformers alone takes
five. This is the only importer of onnxruntime and of tokenizers.
"""

import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.embedding import Progress, Vectors, plain
from index.encoder_files import (
    GRAPH_FILE,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    EncoderSettings,
    check_digest,
    read_settings,
)
from index.errors import IndexDamagedError
from index.weights import ModelFiles

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
"""What a graph may ask for, each int64 of shape (texts, tokens)."""
OUTPUT = "vectors"

Tokens = NDArray[np.int64]
"""One text as the model reads it: shape (2, tokens), the token numbers and their types."""

MOST_TOKENS = 512
"""
Tokens in one run, padding included. Measured on one core, in tokens a second: 1 text of 12 tokens
2,200, 8 x 12 4,900, 8 x 32 5,500, 16 x 32 5,500, 32 x 32 5,300, 32 x 64 4,800; and memory grows with
the run.
"""

LEAST_TOKENS = 96
"""Tokens from which on texts are shared by several runs at a time; by the figures above."""

THREADS = 2
"""
Threads of a run; waiting, they sleep. Measured on two idle cores, a question of 12 tokens, median: one
thread 5.5 ms, two 4.4, two that spin 3.0. But beside one or two busy processes those that spin took 1.1
to 4 times as long as those that sleep (these figures scatter). Four questions together take 12.5 ms with
one thread and 9.4 with two; eight callers at once get 510 and 470 answers a second.
"""

MOST_WORKERS = 8
"""Most runs at a time. Beyond, memory and not cores would be the limit; not measured."""


class OnnxEmbedder:
    """
    Embeds with a model that `export_encoder` wrote.

    Texts are run a few together, and runs side by side where there are cores to spare. All methods
    may be called from several threads.
    """

    def __init__(self, folder: Path, model: ModelFiles, *, workers: int | None = None) -> None:
        """
        Open an encoder; every byte is held to the digests in its settings.

        Args:
            folder: Where `export_encoder` wrote it.
            model: The model that it must have been exported from.
            workers: Most runs at a time when many texts are embedded; by default as many as keep the
                cores busy that this process may use, at most 8.

        Raises:
            FileNotFoundError: There is no encoder in the folder.
            IndexDamagedError: It is incomplete, changed, or exported from another model.

        """
        self._settings, digests = read_settings(folder)
        if self._settings.digest != model.sha256:
            msg = f"its encoder was made from other files than those of {model.name}"
            raise IndexDamagedError(msg)
        self._name = model.name
        with ThreadPoolExecutor(1) as beside:
            # Reading 90 MB takes as long as making the session; side by side they take it once.
            weights = beside.submit(check_digest, folder / WEIGHTS_FILE, digests[WEIGHTS_FILE])
            self._tokenizer = _read_tokenizer(folder, digests[TOKENIZER_FILE], self._settings)
            self._session = _read_session(folder, digests[GRAPH_FILE], weights)
        self._inputs = {node.name for node in self._session.get_inputs()}
        self._special = self._tokenizer.num_special_tokens_to_add(is_pair=False)
        _check_session(self._session, self._settings)
        self._workers = workers or min(max(_cores() // THREADS, 1), MOST_WORKERS)
        # Its threads are started with the first batch that is worth sharing.
        self._pool = ThreadPoolExecutor(self._workers, "embedding")

    @property
    def name(self) -> str:
        """The model's name, as the reader gave it."""
        return self._name

    @property
    def digest(self) -> str:
        """The digest of the model that it was exported from, as `ModelFiles.sha256` has it."""
        return self._settings.digest

    @property
    def dimension(self) -> int:
        """Length of its vectors."""
        return self._settings.dimension

    @property
    def max_tokens(self) -> int:
        """Most tokens of a text; the model ignores what is beyond."""
        return self._settings.max_tokens

    def embed_documents(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Embed texts of the document: float32, shape (len(texts), dimension), unit rows."""
        return self._embed(texts, self._settings.document_prompt, progress)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """
        Embed questions together: float32, shape (len(texts), dimension), unit rows.

        Beside others a question's vector may differ from its vector alone by about 1e-7.
        """
        return self._embed(texts, self._settings.query_prompt, None)

    def count_tokens(self, text: str) -> int:
        """Count the tokens that the model makes of a text, special tokens included."""
        encoded = self._tokenizer.encode(plain(text))
        # What is cut off comes in pieces of its own, each with special tokens again.
        beyond = sum(len(piece.ids) - self._special for piece in encoded.overflowing)
        return len(encoded.ids) + beyond

    def _embed(self, texts: Sequence[str], prompt: str, progress: Progress | None) -> Vectors:
        tokens = [self._tokens(prompt + plain(text)) for text in texts]
        batches = _batches([text.shape[1] for text in tokens], self._workers)
        rows = np.zeros((len(texts), self.dimension), np.float32)
        # A lone run stays in the caller's thread: a question must not queue behind a document.
        embed = self._pool.map if len(batches) > 1 and self._workers > 1 else map
        runs = embed(self._run, [[tokens[at] for at in batch] for batch in batches])
        done = 0
        for batch, vectors in zip(batches, runs, strict=True):
            rows[batch] = vectors
            done += len(batch)
            if progress is not None:
                progress("reading the document", done, len(texts))
        return rows

    def _tokens(self, text: str) -> Tokens:
        encoded = self._tokenizer.encode(text)
        return np.array([encoded.ids, encoded.type_ids], np.int64)

    def _run(self, texts: Sequence[Tokens]) -> Vectors:
        """Run the graph once: float32, shape (len(texts), dimension), unit rows."""
        shape = (len(texts), max(text.shape[1] for text in texts))
        filled = {
            "input_ids": np.full(shape, self._settings.pad_id, np.int64),
            "attention_mask": np.zeros(shape, np.int64),
            "token_type_ids": np.zeros(shape, np.int64),
        }
        for at, text in enumerate(texts):
            length = text.shape[1]
            filled["input_ids"][at, :length] = text[0]
            filled["attention_mask"][at, :length] = 1
            filled["token_type_ids"][at, :length] = text[1]
        feed = {name: values for name, values in filled.items() if name in self._inputs}
        vectors: Vectors = self._session.run([OUTPUT], feed)[0]
        return vectors


def _batches(lengths: Sequence[int], workers: int) -> list[list[int]]:
    """
    Share texts out into runs: texts of like length together, so that little is padding.

    Args:
        lengths: Tokens of each text.
        workers: How many runs can be made at a time.

    Returns:
        Numbers of texts, each once, shortest texts first. A run holds as many tokens as keep every
        worker busy, from LEAST_TOKENS to MOST_TOKENS; a longer text has its own.

    """
    share = -(-sum(lengths) // workers)
    limit = min(MOST_TOKENS, max(LEAST_TOKENS, share))
    batches: list[list[int]] = []
    for at in sorted(range(len(lengths)), key=lambda at: lengths[at]):
        if batches and (len(batches[-1]) + 1) * lengths[at] <= limit:
            batches[-1].append(at)
        else:
            batches.append([at])
    return batches


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _read_tokenizer(folder: Path, digest: str, settings: EncoderSettings) -> Tokenizer:
    """Return the tokenizer, cutting texts off at the model's limit and padding none."""
    path = folder / TOKENIZER_FILE
    check_digest(path, digest)
    try:
        tokenizer = Tokenizer.from_file(str(path))
        tokenizer.no_padding()
        tokenizer.enable_truncation(settings.max_tokens)
    # The library raises nothing narrower; the bytes are as written, so that its version is to blame.
    except Exception as error:
        msg = f"{TOKENIZER_FILE} cannot be used: {error}"
        raise IndexDamagedError(msg) from error
    return tokenizer


def _read_session(folder: Path, digest: str, weights: "Future[None]") -> onnxruntime.InferenceSession:
    """Return a session for the graph, once the check of its weights has passed."""
    check_digest(folder / GRAPH_FILE, digest)
    # On Windows it would hand events to the system; elsewhere pyproject.toml holds it below the
    # releases that send any.
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(THREADS, _cores())
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Kept buffers are for one shape each, and texts come in hundreds of shapes: a process
    # that had made 600 runs of differing shapes held 152 MB with them and 132 without.
    options.enable_mem_pattern = False
    # Errors are raised; what the library would print beside them helps nobody.
    options.log_severity_level = 4
    failure: Exception | None = None
    session: Any = None
    try:
        session = onnxruntime.InferenceSession(
            folder / GRAPH_FILE, options, providers=["CPUExecutionProvider"]
        )
    # The library's errors have no base of their own.
    except Exception as error:  # noqa: BLE001
        failure = error
    # A changed file is a better reason than whatever the session made of it.
    weights.result()
    if failure is not None:
        msg = f"{GRAPH_FILE} cannot be used: {str(failure).splitlines()[0]}"
        raise IndexDamagedError(msg) from failure
    return session


def _check_session(session: onnxruntime.InferenceSession, settings: EncoderSettings) -> None:
    """Hold a graph to its settings."""
    asked = {node.name for node in session.get_inputs()}
    given = {node.name: node.shape[-1:] for node in session.get_outputs()}
    if not asked <= set(INPUTS) or given != {OUTPUT: [settings.dimension]}:
        msg = f"{GRAPH_FILE} makes {given} of {asked}, not vectors of {settings.dimension}"
        raise IndexDamagedError(msg)
