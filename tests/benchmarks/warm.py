"""Warm questions: their time held to one run of the model, and the memory that many of them take."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from unittest import mock

import orjson
from benchmarks.processes import PRELUDE, ROOT, memory
from benchmarks.rows import Row

from assistant import Setup, open_assistant
from index import ModelFiles, find_model
from index.encoders import EncoderCache
from index.onnx_encoder import OnnxEmbedder

QUESTIONS = ROOT / "tests" / "development" / "questions.jsonl"
SHORT = 300
"""Characters of a question; the stories of forum posts are longer, and are embedded twice."""

MANY = 10_000
SETTLED = 3_000
"""Questions after which caches and buffers are filled: 10,000 more take hardly any memory."""

GROWTH = """\
from benchmarks.warm import memory_after
print(*memory_after(Path(sys.argv[1])))
"""


def questions() -> list[str]:
    """Return the development questions that are no stories."""
    lines = [orjson.loads(line) for line in QUESTIONS.read_bytes().splitlines()]
    return [line["question"] for line in lines if len(line["question"]) <= SHORT]


def warm_question(index_dir: Path, runs: int) -> list[Row]:
    """The median question, from words to Answer, over one run of the model on the same tokens."""
    assistant = open_assistant(Setup(index_dir=index_dir))
    model = find_model()
    ours = OnnxEmbedder(EncoderCache(index_dir, report=sys.stderr.write).folder_of(model), model)
    with tempfile.TemporaryDirectory() as made:
        theirs = _as_torch_exports_it(model, Path(made))
        # The run itself, without what is ours around it.
        tokens = {question: ours._tokens(question) for question in questions()}
        answers, traced, fused = _in_turn(
            runs,
            assistant.answer,
            lambda text: theirs._run([tokens[text]]),
            lambda text: ours._run([tokens[text]]),
        )
    name = "one run of the model as torch exports it: p50"
    return [
        Row(f"warm question over {name}", answers, traced, "ms", 1.3),
        Row(f"one run as it is shipped over {name}", fused, traced, "ms", 1.0),
    ]


def _as_torch_exports_it(model: ModelFiles, folder: Path) -> OnnxEmbedder:
    """Export the same weights with torch's exporter alone."""
    from index.sentence_transformer import SentenceTransformerEmbedder  # noqa: PLC0415

    with mock.patch("index.bert_graph.is_plain_bert", return_value=False):
        SentenceTransformerEmbedder(model).export(folder)
    return OnnxEmbedder(folder, model)


def against_langchain(index_dir: Path, runs: int) -> list[Row]:
    """The same questions over a vector store of LangChain's with the same model and passages."""
    name = "warm question over LangChain with FAISS: p50"
    try:
        from langchain_community.vectorstores import FAISS  # noqa: PLC0415
        from langchain_huggingface import HuggingFaceEmbeddings  # noqa: PLC0415
    except ImportError:
        note = "needs langchain-community and langchain-huggingface"
        return [Row(name, [], [], "ms", 0.5, note=note)]
    assistant = open_assistant(Setup(index_dir=index_dir))
    model = HuggingFaceEmbeddings(
        model_name=str(find_model().folder),
        model_kwargs={"device": "cpu"},
        encode_kwargs={"normalize_embeddings": True},
    )
    store = FAISS.from_texts([passage.text for passage in assistant.passages], model)
    ours, theirs = _in_turn(
        runs, assistant.answer, lambda text: store.similarity_search_with_score(text, k=3)
    )
    return [Row(name, ours, theirs, "ms", 0.5)]


def memory_growth(index_dir: Path, _: int) -> list[Row]:
    """What a process holds before and after ten thousand different questions."""
    open_assistant(Setup(index_dir=index_dir))
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + GROWTH, str(index_dir)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    first, last = map(float, done.stdout.split())
    return [Row(f"memory after {MANY:,} more questions over that before", [last], [first], "MB", 1.02)]


def memory_after(index_dir: Path) -> tuple[float, float]:
    """Return this process's memory in MB once it is settled, and after many more questions."""
    assistant = open_assistant(Setup(index_dir=index_dir))
    asked = questions()
    first = 0.0
    for number in range(SETTLED + MANY):
        if number == SETTLED:
            first = sum(memory())
        # Each is another text, so that nothing that is kept by text goes unseen.
        assistant.answer(f"{asked[number % len(asked)]} (for {number} days)")
    return first, sum(memory())


def _in_turn(runs: int, *works: Callable[[str], object]) -> list[list[float]]:
    """Return each run's median milliseconds of each work, taken in turn question by question."""
    medians: list[list[float]] = [[] for _ in works]
    for number in range(runs + 1):
        times: list[list[float]] = [[] for _ in works]
        for question in questions():
            for work, taken in zip(works, times, strict=True):
                started = time.perf_counter()
                work(question)
                taken.append(1000 * (time.perf_counter() - started))
        # The first run only warms up.
        if number:
            for kept, taken in zip(medians, times, strict=True):
                kept.append(median(taken))
    return medians
