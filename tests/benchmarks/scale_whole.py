"""A whole question among so many passages: the retriever over an index of them, mapped from its file."""

import time
from dataclasses import replace
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np
from benchmarks.warm import questions

from assistant import Setup
from assistant.opening import open_retriever
from corpus import read_corpus, shipped_corpus
from index import Comparison, Retriever
from index.storage import PASSAGES, SENTENCES, VectorSet
from index.vectors import VectorIndex


def whole_question(index_dir: Path, file: Path) -> float:
    """
    Return the median milliseconds of one core for a question, once the model has read it.

    Each passage has the words of a shipped one, and one sentence, whose vector is its own. The questions
    and gaps that were written for the page stay as they are.
    """
    shipped = open_retriever(Setup(index_dir=index_dir))
    with file.open("rb") as opened:
        vectors = VectorIndex.from_bytes(mmap(opened.fileno(), 0, access=ACCESS_READ))
    few, count = shipped.passages, len(vectors)
    rows = VectorSet(vectors, tuple(range(count)))
    index = replace(
        shipped._index,
        passages=tuple(few[number % len(few)] for number in range(count)),
        sets={**shipped._index.sets, PASSAGES: rows, SENTENCES: rows},
    )
    documents = {document.id: document for document in read_corpus(shipped_corpus())}
    retriever = Retriever(index, shipped._embedder, documents)
    times = []
    for text in questions():
        (vector,) = retriever._embed([text])
        started = time.thread_time()
        # As if a medicine's name had been taken out: such a question is compared twice.
        look = retriever._look(text, vector, vector.copy())
        retriever.rank(Comparison(look, look, look.relevance))
        times.append(time.thread_time() - started)
    return 1000 * float(np.median(times))
