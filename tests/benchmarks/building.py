"""Building the index, held to the model's own time for the same texts."""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import orjson
from benchmarks.processes import run
from benchmarks.rows import Row

from assistant.opening import example_texts
from corpus import read_corpus, shipped_corpus
from index import build_index, find_model
from index.embedding import Vectors

ENCODE = """\
import json, sys
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(sys.argv[1], device="cpu", local_files_only=True)
model.encode(json.load(open(sys.argv[2], encoding="utf-8")), batch_size=32, show_progress_bar=False)
"""


class Noting:
    """Stands in for a model, and notes what it is given to embed."""

    name, digest, dimension, max_tokens = "noting", "0" * 64, 4, 256

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed_documents(self, texts: Sequence[str], *, progress: object = None) -> Vectors:
        """Note the texts: float32, shape (len(texts), 4), unit rows."""
        self.texts += texts
        return np.eye(1, 4, dtype=np.float32).repeat(len(texts), axis=0)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return rows without noting anything."""
        return np.eye(1, 4, dtype=np.float32).repeat(len(texts), axis=0)

    def count_tokens(self, text: str) -> int:
        """Count four tokens to three words, as the shipped model does on the whole."""
        return len(text.split()) * 4 // 3 + 2


def index_build(_: Path, runs: int) -> list[Row]:
    """`index --rebuild` over a process that loads the model and embeds the same texts, and no more."""
    noting = Noting()
    build_index(read_corpus(shipped_corpus()), noting, examples=example_texts())
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as temporary:
        texts = Path(temporary) / "texts.json"
        texts.write_bytes(orjson.dumps(noting.texts))
        for number in range(min(runs, 3)):
            sys.stderr.write(f"building the index, {number + 1} of {min(runs, 3)}\n")
            folder = Path(temporary) / f"indexes-{number}"
            ours.append(run("-m", "assistant", "index", "--index-dir", folder).seconds)
            theirs.append(run("-c", ENCODE, find_model().folder, texts).seconds)
    name = f"index build over the model's own time for {len(noting.texts):,} texts"
    return [Row(name, ours, theirs, "s", 1.5)]
