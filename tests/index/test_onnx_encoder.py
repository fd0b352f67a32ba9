"""OnnxEmbedder: the same vectors as the model that was exported, and nothing from damaged files."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Document
from index import IndexDamagedError, find_model
from index.embedding import Embedder, plain
from index.encoder_files import ENCODER_FILES, write_settings
from index.onnx_encoder import MOST_TOKENS, OnnxEmbedder, _batches
from tests.index.tiny_encoder import MODEL, SETTINGS, WORDS, write_encoder, write_graph

Edit = Callable[[dict[str, Any]], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tiny encoder on the disk."""
    return write_encoder(tmp_path / "encoder")


@pytest.fixture
def tiny(folder: Path) -> OnnxEmbedder:
    """A tiny encoder, with two workers whatever the machine has."""
    return OnnxEmbedder(folder, MODEL, workers=2)


def test_it_says_what_it_is(folder: Path) -> None:
    """Name and digest are those of the model asked for; sizes are the encoder's."""
    embedder: Embedder = OnnxEmbedder(folder, replace(MODEL, name="called otherwise"))
    assert (embedder.name, embedder.digest) == ("called otherwise", "1" * 64)
    assert (embedder.dimension, embedder.max_tokens) == (4, 8)


def test_questions_and_documents_have_unit_rows(tiny: OnnxEmbedder) -> None:
    """A row of length 1 for each text, float32; none for none."""
    for embed in (tiny.embed_queries, tiny.embed_documents):
        rows = embed(["hair loss", "", "a port"])
        assert (rows.shape, rows.dtype) == ((3, 4), np.float32)
        assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
        assert embed([]).shape == (0, 4)


def test_padding_changes_nothing(tiny: OnnxEmbedder) -> None:
    """A short text beside a long one has the vector that it has alone."""
    texts = ["hair", "what is a bone scan a", "hair loss nausea"]
    alone = np.concatenate([tiny.embed_queries([text]) for text in texts])
    assert np.allclose(tiny.embed_queries(texts), alone, atol=1e-6)


def test_rows_come_in_the_order_of_the_texts(folder: Path) -> None:
    """Whatever the runs and their threads, row i belongs to text i."""
    draw = np.random.default_rng(0)
    texts = [" ".join(draw.choice(WORDS, size=draw.integers(9))) for _ in range(500)]
    one = OnnxEmbedder(folder, MODEL, workers=1).embed_documents(texts)
    many = OnnxEmbedder(folder, MODEL, workers=4).embed_documents(texts)
    alone = np.stack([OnnxEmbedder(folder, MODEL).embed_documents([text])[0] for text in texts[:20]])
    assert np.allclose(one, many, atol=1e-6)
    assert np.allclose(one[:20], alone, atol=1e-6)


def test_the_same_question_gives_the_same_vector(tiny: OnnxEmbedder) -> None:
    """To the last bit, from eight threads at once, while a document is being read."""
    first = tiny.embed_queries(["what is a port"])
    with ThreadPoolExecutor(9) as threads:
        reading = threads.submit(tiny.embed_documents, ["bone scan nausea"] * 2000)
        again = list(threads.map(lambda _: tiny.embed_queries(["what is a port"]), range(200)))
    assert all(np.array_equal(first, vector) for vector in again)
    assert reading.result().shape == (2000, 4)


def test_texts_are_made_plain(tiny: OnnxEmbedder) -> None:
    """Curly quotes, odd blanks and bullets make no difference to vectors and counts."""
    curly, straight = "• what’s\u00a0 a  port", "what's a port"
    assert np.array_equal(tiny.embed_queries([curly]), tiny.embed_queries([straight]))
    assert np.array_equal(tiny.embed_documents([curly]), tiny.embed_documents([straight]))
    assert tiny.count_tokens(curly) == tiny.count_tokens(straight) == 7


@pytest.mark.parametrize(("words", "tokens"), [(0, 2), (1, 3), (6, 8), (7, 9), (12, 14), (1000, 1002)])
def test_tokens_are_counted_beyond_the_limit(tiny: OnnxEmbedder, words: int, tokens: int) -> None:
    """The count does not stop at the eight tokens that the model reads."""
    assert tiny.count_tokens("hair " * words) == tokens


def test_what_is_beyond_the_limit_is_ignored(tiny: OnnxEmbedder) -> None:
    """Six words and two special tokens are read; a seventh word makes no difference, a sixth does."""
    beginning = "hair loss nausea port bone "
    six, seven, other = tiny.embed_queries([beginning + end for end in ("scan", "scan what", "is")])
    assert np.array_equal(six, seven)
    assert not np.allclose(six, other)


def test_prompts_come_before_texts_and_are_not_counted(tmp_path: Path) -> None:
    """Questions get theirs, documents theirs, and a count of tokens none."""
    settings = replace(SETTINGS, query_prompt="query: ", document_prompt="a ")
    prompted = OnnxEmbedder(write_encoder(tmp_path / "prompted", settings), MODEL)
    bare = OnnxEmbedder(write_encoder(tmp_path / "bare"), MODEL)
    assert np.array_equal(prompted.embed_queries(["hair"]), bare.embed_queries(["query: hair"]))
    assert np.array_equal(prompted.embed_documents(["hair"]), bare.embed_documents(["a hair"]))
    assert prompted.count_tokens("hair") == 3


def test_progress_is_told_to_the_end(tiny: OnnxEmbedder) -> None:
    """After each run, how many texts are done of all; the last time, all."""
    told: list[tuple[str, int, int]] = []
    tiny.embed_documents(["hair loss"] * 300, progress=lambda *step: told.append(step))
    assert {(stage, total) for stage, _, total in told} == {("reading the document", 300)}
    done = [step[1] for step in told]
    assert done == sorted(set(done))
    assert done[-1] == 300
    assert len(done) == -(-300 * 4 // MOST_TOKENS)


@given(
    lengths=st.lists(st.integers(min_value=1, max_value=2 * MOST_TOKENS), max_size=60),
    workers=st.integers(min_value=1, max_value=8),
)
def test_every_text_is_in_one_run(lengths: list[int], workers: int) -> None:
    """And no run is longer than the limit, unless it is one text's."""
    batches = _batches(lengths, workers)
    assert sorted(at for batch in batches for at in batch) == list(range(len(lengths)))
    sizes = [len(batch) * max(lengths[at] for at in batch) for batch in batches]
    assert all(
        size <= MOST_TOKENS or len(batch) == 1 for size, batch in zip(sizes, batches, strict=True)
    )


@pytest.mark.parametrize(
    ("texts", "workers", "runs"),
    [(1, 4, 1), (8, 4, 1), (9, 4, 2), (32, 4, 4), (32, 1, 1), (500, 2, 12)],
)
def test_a_few_questions_are_shared_by_the_workers(texts: int, workers: int, runs: int) -> None:
    """Questions of 12 tokens: up to eight are one run, more are shared, and many fill their runs."""
    assert len(_batches([12] * texts, workers)) == runs


def test_without_an_encoder_there_is_no_file(tmp_path: Path) -> None:
    """A folder that was never exported to is not damaged, so that a caller can tell them apart."""
    with pytest.raises(FileNotFoundError):
        OnnxEmbedder(tmp_path, MODEL)


def test_an_encoder_of_another_model_is_refused(folder: Path) -> None:
    """The digest of the weights decides, not the name."""
    with pytest.raises(IndexDamagedError, match="made from other files than those of a tiny model"):
        OnnxEmbedder(folder, replace(MODEL, sha256="2" * 64))


DAMAGES: dict[str, Callable[[bytes], bytes | None]] = {
    "missing": lambda _: None,
    "empty": lambda _: b"",
    "halved": lambda raw: raw[: len(raw) // 2],
    "longer": lambda raw: raw + b"\0",
    "one bit": lambda raw: raw[:-2] + bytes([raw[-2] ^ 1]) + raw[-1:],
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", ["encoder.onnx", "encoder.weights", "tokenizer.json"])
def test_a_damaged_file_is_told(
    folder: Path, capfd: pytest.CaptureFixture[str], name: str, damage: str
) -> None:
    """One error that names the file, and not a word from the libraries."""
    raw = DAMAGES[damage]((folder / name).read_bytes())
    (folder / name).unlink()
    if raw is not None:
        (folder / name).write_bytes(raw)
    said = "cannot be read" if raw is None else "is not as it was written"
    with pytest.raises(IndexDamagedError, match=f"{name} {said}"):
        OnnxEmbedder(folder, MODEL)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ENCODER_FILES)
def test_a_folder_in_a_files_place_is_told(folder: Path, name: str) -> None:
    """What cannot be read is damaged, whatever it is."""
    (folder / name).unlink()
    (folder / name).mkdir()
    with pytest.raises(IndexDamagedError, match=f"{name} cannot be read"):
        OnnxEmbedder(folder, MODEL)


@pytest.mark.parametrize("name", ["encoder.weights", "tokenizer.json", "encoder.onnx"])
def test_a_file_of_another_encoder_is_told(folder: Path, tmp_path: Path, name: str) -> None:
    """Weights of the same size from another encoder would give wrong answers, and are refused."""
    other = write_encoder(tmp_path / "other", seed=1)
    (other / "tokenizer.json").write_bytes((other / "tokenizer.json").read_bytes() + b"\n")
    (other / "encoder.onnx").write_bytes((other / "encoder.onnx").read_bytes() + b"\n")
    shutil.copy(other / name, folder / name)
    with pytest.raises(IndexDamagedError, match=f"{name} is not as it was written"):
        OnnxEmbedder(folder, MODEL)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda fields: fields.update(format=0), "of another version"),
        (lambda fields: fields.pop("format"), "KeyError"),
        (lambda fields: fields.pop("files"), "KeyError"),
        (lambda fields: fields["files"].pop("encoder.weights"), "KeyError"),
        (lambda fields: fields.update(files=None), "TypeError"),
        (lambda fields: fields.pop("dimension"), "TypeError"),
        (lambda fields: fields.update(more=1), "TypeError"),
        (lambda fields: fields.update(dimension="4"), "not sizes"),
        (lambda fields: fields.update(max_tokens=-1), "not sizes"),
        (lambda fields: fields.update(pad_id=True), "not sizes"),
        (lambda fields: fields.update(query_prompt=None), "not texts"),
        (lambda fields: fields.update(dimension=5), "not vectors of 5"),
    ],
)
def test_settings_that_are_none_are_told(folder: Path, edit: Edit, said: str) -> None:
    """Each field is held to what it must be."""
    fields = orjson.loads((folder / "encoder.json").read_bytes())
    edit(fields)
    (folder / "encoder.json").write_bytes(orjson.dumps(fields))
    with pytest.raises(IndexDamagedError, match=said):
        OnnxEmbedder(folder, MODEL)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"7", b"\xff\xfe"])
def test_settings_that_are_no_object_are_told(folder: Path, raw: bytes) -> None:
    """Whatever stands in the file, the error says which it is."""
    (folder / "encoder.json").write_bytes(raw)
    with pytest.raises(IndexDamagedError, match=r"encoder.json does not describe an encoder"):
        OnnxEmbedder(folder, MODEL)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("encoder.onnx", b""),
        ("encoder.onnx", b"no graph"),
        ("encoder.weights", b"short"),
        ("tokenizer.json", b"{}"),
        ("tokenizer.json", b"\xff"),
    ],
)
def test_what_the_libraries_cannot_read_is_told(
    folder: Path, capfd: pytest.CaptureFixture[str], name: str, raw: bytes
) -> None:
    """Files that are as written, but are not what they should be, end in the same sort of error."""
    (folder / name).write_bytes(raw)
    write_settings(SETTINGS, folder)
    shown = "encoder.onnx" if name == "encoder.weights" else name
    with pytest.raises(IndexDamagedError, match=f"{shown} cannot be used: ."):
        OnnxEmbedder(folder, MODEL)
    assert capfd.readouterr() == ("", "")


def test_a_graph_with_another_output_is_told(folder: Path) -> None:
    """A graph that makes something else is not run."""
    write_graph(folder, 4 + len(WORDS), output="logits")
    write_settings(SETTINGS, folder)
    with pytest.raises(IndexDamagedError, match=r"makes \{'logits': "):
        OnnxEmbedder(folder, MODEL)


def test_onnxruntime_has_nobody_to_report_to() -> None:
    """From 1.29 on its builds send what they run on to their maker; not one that is installed here."""
    libraries = [path for path in Path(onnxruntime.__file__).parent.rglob("*") if ".so" in path.name]
    assert sys.platform != "linux" or libraries
    assert [path.name for path in libraries if b"events.data.microsoft" in path.read_bytes()] == []


# With the real model from here on.


@pytest.fixture(scope="module")
def theirs() -> Any:
    """The shipped model in sentence-transformers."""
    from index.sentence_transformer import SentenceTransformerEmbedder  # noqa: PLC0415

    return SentenceTransformerEmbedder(find_model())


@pytest.fixture(scope="module")
def exported(theirs: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped model as it is exported."""
    from index.exporting import export_encoder  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("encoder")
    export_encoder(theirs._model, find_model(), folder)
    return folder


@pytest.fixture(scope="module")
def ours(exported: Path) -> OnnxEmbedder:
    """The shipped model in onnxruntime."""
    return OnnxEmbedder(exported, find_model())


@pytest.fixture(scope="module")
def questions(document: Document) -> list[str]:
    """Five hundred authored questions, the same each time."""
    chosen = np.random.default_rng(0).choice(len(document.questions), 500, replace=False)
    return [document.questions[at].text for at in chosen]


def least_cosine(some: np.ndarray, others: np.ndarray) -> float:
    """Return the least cosine of two arrays' rows."""
    return float(np.min(np.sum(some * others, axis=1)))


@pytest.mark.model
def test_five_hundred_questions_have_the_models_vectors(
    theirs: Any, ours: OnnxEmbedder, questions: list[str]
) -> None:
    """Alone, together, and as texts of a document: no cosine below 0.9999, no figure off by 1e-5."""
    expected = np.concatenate([theirs.embed_queries([question]) for question in questions])
    alone = np.concatenate([ours.embed_queries([question]) for question in questions])
    together = ours.embed_queries(questions)
    assert np.max(np.abs(alone - together)) < 1e-6
    for found in (alone, together):
        assert least_cosine(expected, found) >= 0.9999
        assert np.max(np.abs(expected - found)) < 1e-5
    documents = theirs.embed_documents(questions)
    assert np.max(np.abs(documents - ours.embed_documents(questions))) < 1e-5


@pytest.mark.model
def test_tokens_are_counted_as_the_model_counts(
    theirs: Any, ours: OnnxEmbedder, questions: list[str], document: Document
) -> None:
    """Questions, every paragraph, and the whole document, far beyond the limit."""
    texts = [*questions, *document.source.split("\n\n"), document.source]
    assert [ours.count_tokens(text) for text in texts] == [theirs.count_tokens(text) for text in texts]
    assert (ours.dimension, ours.max_tokens) == (theirs.dimension, theirs.max_tokens) == (384, 256)
    assert (ours.name, ours.digest) == (theirs.name, theirs.digest)


@pytest.mark.model
def test_long_texts_are_cut_off_where_the_model_cuts_them(
    theirs: Any, ours: OnnxEmbedder, document: Document
) -> None:
    """At the limit, one token to either side of it, and far beyond, alone and beside short ones."""
    texts = [*("hair " * words for words in (253, 254, 255, 2000)), document.source, "hair"]
    expected = theirs.embed_documents(texts)
    assert least_cosine(expected, ours.embed_documents(texts)) >= 0.9999
    assert least_cosine(expected, np.concatenate([ours.embed_queries([t]) for t in texts])) >= 0.9999


ODD = [
    "",
    " ",
    "\0",
    "😀" * 600,
    "x" * 10_000,
    "\u200b",
    "ﷺ",
    "e\u0301" * 300,
    "乳がん " * 300,
    "\u202ea",
]


@pytest.mark.model
@pytest.mark.parametrize("text", ODD, ids=lambda text: ascii(text[:6]))
def test_odd_texts_have_the_models_vectors(theirs: Any, ours: OnnxEmbedder, text: str) -> None:
    """Nothing, controls, signs, scripts and endless words come out as from the model."""
    assert (
        least_cosine(theirs.embed_queries([text])[0][None], ours.embed_queries([text])[0][None])
        >= 0.9999
    )
    assert ours.count_tokens(text) == theirs.count_tokens(text) == ours.count_tokens(plain(text))


@pytest.mark.model
def test_answering_imports_no_torch(exported: Path) -> None:
    """A new process embeds a question without any of the libraries that the model was exported with."""
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from index import find_model\n"
        "from index.onnx_encoder import OnnxEmbedder\n"
        "embedder = OnnxEmbedder(Path(sys.argv[1]), find_model())\n"
        "assert embedder.embed_queries(['hair']).shape == (1, 384)\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'sklearn', 'onnx'}\n"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(exported)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
