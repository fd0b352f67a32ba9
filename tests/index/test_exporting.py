"""export_encoder: what it writes, which models it takes, and that a wrong export never counts."""

import errno
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from index import EmbedderError, ModelFiles, find_model
from index import exporting as exporting_module
from index.encoder_files import ENCODER_FILES
from index.exporting import PROBES, SAME_COSINE, ExportError, export_encoder
from index.onnx_encoder import INPUTS, OnnxEmbedder

pytestmark = pytest.mark.model

FILES = ModelFiles("a tiny model", Path("/nowhere"), "1" * 64)

Make = Callable[..., Any]


@pytest.fixture(scope="module")
def shipped() -> Any:
    """The shipped model, as sentence-transformers loads it."""
    from index.sentence_transformer import SentenceTransformerEmbedder  # noqa: PLC0415

    return SentenceTransformerEmbedder(find_model())._model


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    """A tokenizer of letters and a few words, for models whose weights are drawn by lot."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors  # noqa: PLC0415
    from transformers import PreTrainedTokenizerFast  # noqa: PLC0415

    letters = "abcdefghijklmnopqrstuvwxyz"
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "hair", "what", "of", *letters]
    pieces += [f"##{letter}" for letter in letters]
    vocabulary = {piece: at for at, piece in enumerate(pieces)}
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    words = Tokenizer(models.WordPiece(vocabulary, unk_token=special["unk_token"]))
    words.normalizer = normalizers.BertNormalizer()
    words.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    words.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return PreTrainedTokenizerFast(tokenizer_object=words, **special)


@pytest.fixture
def make(tokenizer: Any, tmp_path: Path) -> Make:
    """Make a small model: `make("Bert", pooling="cls")`."""
    import torch  # noqa: PLC0415
    import transformers  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.modules import (  # noqa: PLC0415
        Pooling,
        Transformer,
    )

    def build(
        architecture: str = "Bert",
        *,
        pooling: str = "mean",
        include_prompt: bool = True,
        prompts: dict[str, str] | None = None,
        activation: str = "gelu",
        more: tuple[Any, ...] = (),
    ) -> Any:
        torch.manual_seed(0)
        sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4}
        config = getattr(transformers, f"{architecture}Config")(
            **sizes,
            vocab_size=len(tokenizer),
            intermediate_size=64,
            max_position_embeddings=80,
            pad_token_id=0,
            **({"hidden_act": activation} if activation != "gelu" else {}),
        )
        folder = tmp_path / "made"
        transformers.AutoModel.from_config(config).save_pretrained(folder)
        tokenizer.model_input_names = ["input_ids", "attention_mask"]
        tokenizer.save_pretrained(folder)
        transformer = Transformer(str(folder), max_seq_length=64)
        pooled = Pooling(32, pooling_mode=pooling, include_prompt=include_prompt)
        modules = [transformer, pooled, *more]
        return SentenceTransformer(modules=modules, device="cpu", prompts=prompts)

    return build


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder."""
    (tmp_path / "encoder").mkdir()
    return tmp_path / "encoder"


def test_the_shipped_model_is_exported_whole(shipped: Any, folder: Path) -> None:
    """Four files, settings that say what the model is, and the model left as it was."""
    before = shipped.encode_query("hair loss", normalize_embeddings=True)
    export_encoder(shipped, find_model(), folder)
    assert {path.name for path in folder.iterdir()} == set(ENCODER_FILES)
    fields = orjson.loads((folder / "encoder.json").read_bytes())
    digests = fields.pop("files")
    assert set(digests) == set(ENCODER_FILES) - {"encoder.json"}
    assert fields == {
        "format": 2,
        "name": "signpost/all-MiniLM-L6-v2",
        "digest": find_model().sha256,
        "dimension": 384,
        "max_tokens": 256,
        "pad_id": 0,
        "query_prompt": "",
        "document_prompt": "",
    }
    # The weights must be in their own file, or nothing of them could be mapped.
    assert (folder / "encoder.onnx").stat().st_size < 1_000_000
    after = shipped.encode_query("hair loss", normalize_embeddings=True)
    assert np.array_equal(before, after)
    assert np.allclose(
        OnnxEmbedder(folder, find_model()).embed_queries(["hair loss"])[0], before, atol=1e-5
    )


def test_an_export_replaces_another(make: Make, folder: Path) -> None:
    """Files that are there already are written anew."""
    for name in ENCODER_FILES:
        (folder / name).write_bytes(b"old")
    export_encoder(make(), FILES, folder)
    assert OnnxEmbedder(folder, FILES).dimension == 32


@pytest.mark.parametrize("architecture", ["Bert", "Roberta", "MPNet", "Electra", "ModernBert"])
def test_other_architectures_are_exported(make: Make, folder: Path, architecture: str) -> None:
    """What the library's better known models are made of works too."""
    model = make(architecture)
    export_encoder(model, FILES, folder)
    expected = model.encode_query("what of hair", normalize_embeddings=True)
    assert np.allclose(
        OnnxEmbedder(folder, FILES).embed_queries(["what of hair"])[0], expected, atol=1e-5
    )


@pytest.mark.parametrize("precision", ["float16", "bfloat16"])
@pytest.mark.parametrize("architecture", ["Bert", "Roberta"])
def test_weights_in_half_precision_are_exported(
    make: Make, folder: Path, tmp_path: Path, architecture: str, precision: str
) -> None:
    """A folder of such weights is read in single precision, by either way of making a graph."""
    import torch  # noqa: PLC0415
    from safetensors.torch import load_file  # noqa: PLC0415

    from index.sentence_transformer import SentenceTransformerEmbedder  # noqa: PLC0415

    saved, kind = tmp_path / "half", getattr(torch, precision)
    make(architecture).to(kind).save(str(saved))
    assert {weights.dtype for weights in load_file(saved / "model.safetensors").values()} == {kind}
    files = find_model(str(saved))
    embedder = SentenceTransformerEmbedder(files)
    assert {weights.dtype for weights in embedder._model.parameters()} == {torch.float32}
    embedder.export(folder)
    expected = embedder.embed_queries(["what of hair"])
    found = OnnxEmbedder(folder, files).embed_queries(["what of hair"])
    assert found.dtype == np.float32
    assert np.allclose(found, expected, atol=1e-5)


def operators(folder: Path) -> Counter[str]:
    """Return how often each operator stands in an exported graph."""
    import onnx  # noqa: PLC0415

    graph = onnx.load(folder / "encoder.onnx", load_external_data=False).graph
    return Counter(node.op_type for node in graph.node)


def test_a_plain_bert_is_made_of_whole_steps(make: Make, folder: Path) -> None:
    """Two layers: one operator for each attention, norm and activation, and the model's vectors."""
    model = make()
    export_encoder(model, FILES, folder)
    found = operators(folder)
    assert (found["Attention"], found["SkipLayerNormalization"], found["BiasGelu"]) == (2, 4, 2)
    assert found.total() < 30
    texts = ["what of hair", "", "hair " * 50, "what"]
    expected = model.encode_document(texts, normalize_embeddings=True)
    assert np.allclose(OnnxEmbedder(folder, FILES).embed_documents(texts), expected, atol=1e-5)


def test_types_of_tokens_are_read_where_there_are_any(shipped: Any, folder: Path) -> None:
    """The shipped model is told the type of each token, and its graph asks for it."""
    export_encoder(shipped, find_model(), folder)
    assert operators(folder)["Attention"] == 6
    assert OnnxEmbedder(folder, find_model())._inputs == set(INPUTS)


@pytest.mark.parametrize(
    "other",
    [{"activation": "relu"}, {"pooling": "cls"}, {"architecture": "Electra"}],
    ids=["activation", "pooling", "architecture"],
)
def test_what_is_no_plain_bert_is_left_to_torch(make: Make, folder: Path, other: dict[str, str]) -> None:
    """Such a graph would be another model's; torch's exporter knows them all."""
    model = make(**other)
    export_encoder(model, FILES, folder)
    assert operators(folder)["Attention"] == 0
    expected = model.encode_query("what of hair", normalize_embeddings=True)
    assert np.allclose(
        OnnxEmbedder(folder, FILES).embed_queries(["what of hair"])[0], expected, atol=1e-5
    )


@pytest.mark.parametrize("pooling", ["cls", "max", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"])
def test_every_way_of_pooling_is_exported(make: Make, folder: Path, pooling: str) -> None:
    """Pooling is in the graph, and rows have length 1 without a normalising module, too."""
    model = make(pooling=pooling)
    export_encoder(model, FILES, folder)
    expected = model.encode_document(["what", "hair"], normalize_embeddings=True)
    found = OnnxEmbedder(folder, FILES).embed_documents(["what", "hair"])
    assert np.allclose(found, expected, atol=1e-5)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_prompts_are_kept(make: Make, folder: Path) -> None:
    """What the library puts before questions and documents is put there again."""
    model = make(prompts={"query": "what: ", "document": "of: "})
    export_encoder(model, FILES, folder)
    embedder = OnnxEmbedder(folder, FILES)
    query = model.encode("what: hair", prompt="", normalize_embeddings=True)
    passage = model.encode("of: hair", prompt="", normalize_embeddings=True)
    assert np.allclose(embedder.embed_queries(["hair"]), query, atol=1e-5)
    assert np.allclose(embedder.embed_documents(["hair"])[0], passage, atol=1e-5)
    assert not np.allclose(query, passage, atol=1e-3)


def test_vectors_that_are_cut_short_stay_so(make: Make, folder: Path) -> None:
    """A model of which only the first figures are kept has unit rows of that length."""
    model = make()
    model.truncate_dim = 8
    export_encoder(model, FILES, folder)
    embedder = OnnxEmbedder(folder, FILES)
    assert embedder.dimension == 8
    expected = model.encode_query("hair", normalize_embeddings=True)
    assert np.allclose(embedder.embed_queries(["hair"]), expected, atol=1e-5)


def refused(model: Any, folder: Path, said: str) -> None:
    """Expect an error of the index that says why, and an empty folder."""
    with pytest.raises(ExportError, match=f"model a tiny model cannot be exported: {said}"):
        export_encoder(model, FILES, folder)
    assert issubclass(ExportError, EmbedderError)
    assert list(folder.iterdir()) == []


def test_a_model_of_another_make_is_refused(make: Make, folder: Path) -> None:
    """A module that is not known might do anything to a vector."""
    from sentence_transformers.sentence_transformer.modules import Dense  # noqa: PLC0415

    refused(make(more=(Dense(32, 16),)), folder, "it is made of Transformer, Pooling, Dense")


def test_a_module_that_only_sounds_right_is_refused(make: Make, folder: Path) -> None:
    """Somebody's own class of the same name is somebody's own."""
    import torch  # noqa: PLC0415

    class Normalize(torch.nn.Module):
        def forward(self, features: Any) -> Any:
            return features

    refused(make(more=(Normalize(),)), folder, "it is made of Transformer, Pooling, Normalize")


def test_prompts_outside_the_pooling_are_refused(make: Make, folder: Path) -> None:
    """Leaving the prompt's tokens out would need to know where they end."""
    model = make(prompts={"query": "what: "}, include_prompt=False)
    refused(model, folder, "its prompts are left out of the pooling")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("padding_side", "left", "it reads texts from their end"),
        ("truncation_side", "left", "it reads texts from their end"),
        ("pad_token", None, "its tokenizer has no token to pad with"),
    ],
)
def test_tokenizers_that_work_otherwise_are_refused(
    make: Make, folder: Path, field: str, value: str | None, said: str
) -> None:
    """Only padding and cutting off at the end are done."""
    model = make()
    setattr(model.tokenizer, field, value)
    refused(model, folder, said)


def test_a_model_without_a_fast_tokenizer_is_refused(
    make: Make, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There would be nothing to write."""
    model = make()
    monkeypatch.setattr(type(model[0]), "tokenizer", None)
    refused(model, folder, "its tokenizer has no fast form")


def test_an_exporter_that_fails_is_told(
    make: Make, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever torch raises over a model whose graph it makes, its first line is in the one error."""
    import torch  # noqa: PLC0415

    def fail(*_: object, **__: object) -> None:
        msg = "Unsupported: aten::roll\nwith a page of advice"
        raise torch.onnx.errors.UnsupportedOperatorError("aten::roll", 18, None) from KeyError(msg)

    monkeypatch.setattr(torch.onnx, "export", fail)
    refused(make("Roberta"), folder, ".*aten::roll")


def test_a_graph_that_does_something_else_is_refused(
    make: Make, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An export with other weights has the right shape, and is found out by its vectors."""
    import torch  # noqa: PLC0415

    model, export = make("Roberta"), torch.onnx.export

    def spoil(graph: Any, *args: Any, **options: Any) -> None:
        export(graph, *args, **options)
        with torch.no_grad():
            next(model[0].model.parameters()).normal_()

    monkeypatch.setattr(torch.onnx, "export", spoil)
    refused(model, folder, r"a question has cosine -?0\.\d+ to its own")


def test_figures_that_are_none_are_refused(make: Make, folder: Path) -> None:
    """NaN is not alike anything."""
    import torch  # noqa: PLC0415

    model = make()
    with torch.no_grad():
        next(model[0].model.parameters()).fill_(float("nan"))
    refused(model, folder, "a question has cosine nan to its own")


def test_a_tokenizer_that_counts_otherwise_is_refused(
    make: Make, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows and passages are cut by token counts, so that these must be the model's."""
    model = make()
    monkeypatch.setattr(OnnxEmbedder, "count_tokens", lambda *_: 7)
    refused(model, folder, "its tokens come out differently")


@pytest.mark.parametrize("step", ["export", "save_model", "write_settings"])
def test_a_full_disk_leaves_nothing(
    make: Make, folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The error is the disk's own, for the caller to word, and no half-written file stays."""
    import onnx  # noqa: PLC0415
    import torch  # noqa: PLC0415

    def full(*_: object, **__: object) -> None:
        (folder / "encoder.weights").write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    owner = {"export": torch.onnx, "save_model": onnx, "write_settings": exporting_module}[step]
    monkeypatch.setattr(owner, step, full)
    with pytest.raises(OSError, match="No space left"):
        export_encoder(make("Roberta"), FILES, folder)
    assert list(folder.iterdir()) == []


def test_a_folder_that_is_not_there_is_the_disks_error(make: Make, tmp_path: Path) -> None:
    """A folder is not made: the caller's is temporary, and is the caller's to make."""
    with pytest.raises(FileNotFoundError):
        export_encoder(make(), FILES, tmp_path / "missing")


def test_files_can_be_moved_after_export(make: Make, folder: Path, tmp_path: Path) -> None:
    """Nothing in the files knows the folder they were written in, so that it may be renamed."""
    export_encoder(make(), FILES, folder)
    vector = OnnxEmbedder(folder, FILES).embed_queries(["hair"])
    moved = shutil.move(folder, tmp_path / "moved")
    assert np.array_equal(OnnxEmbedder(moved, FILES).embed_queries(["hair"]), vector)
    with pytest.raises(FileNotFoundError):
        OnnxEmbedder(folder, FILES)


def test_an_open_encoder_outlives_its_files(make: Make, folder: Path) -> None:
    """An index may be replaced while another process answers from it: its weights stay mapped."""
    export_encoder(make(), FILES, folder)
    embedder = OnnxEmbedder(folder, FILES)
    vector = embedder.embed_queries(["hair"])
    shutil.rmtree(folder)
    assert np.array_equal(embedder.embed_queries(["hair"]), vector)


def test_the_probes_ask_for_what_can_go_wrong() -> None:
    """Nothing, a word, other signs, and more than any model reads; and a high bar."""
    assert PROBES[0] == ""
    assert max(len(text.split()) for text in PROBES) > 512
    assert any(not text.isascii() for text in PROBES)
    assert SAME_COSINE >= 0.9999


def test_importing_the_exporter_imports_no_torch() -> None:
    """Only an export itself does."""
    script = "import sys, index.exporting\nprint({'torch', 'onnx', 'transformers'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "set()\n"


def test_the_name_is_the_readers(make: Make, folder: Path) -> None:
    """The settings carry the name and digest that the caller knows the model by."""
    export_encoder(make(), replace(FILES, name="my own"), folder)
    fields = orjson.loads((folder / "encoder.json").read_bytes())
    assert (fields["name"], fields["digest"]) == ("my own", "1" * 64)
