"""An encoder of a few kilobytes, written whole, whose texts are sums of the vectors of their words."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from index import ModelFiles
from index.encoder_files import EncoderSettings, write_settings

WORDS = ["hair", "loss", "nausea", "port", "bone", "scan", "what", "is", "a", "'", "s", "query", ":"]
MODEL = ModelFiles("a tiny model", Path("/nowhere"), "1" * 64)
SETTINGS = EncoderSettings(MODEL.name, MODEL.sha256, 4, 8, pad_id=0, query_prompt="", document_prompt="")


def write_graph(folder: Path, size: int, *, seed: int = 0, output: str = "vectors") -> None:
    """Write a graph that adds up a vector for each token and brings the sum to length 1."""
    table = np.random.default_rng(seed).normal(size=(size, 4)).astype(np.float32)
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["embedded"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["wide"]),
        helper.make_node("Mul", ["embedded", "wide"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "middle"], ["sum"], keepdims=0),
        helper.make_node("ReduceL2", ["sum", "middle"], ["length"], keepdims=1),
        helper.make_node("Div", ["sum", "length"], [output]),
    ]
    constants = {"table": table, "last": np.array([-1]), "middle": np.array([1])}
    graph = helper.make_graph(
        nodes,
        "tiny",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"])
            for name in ("input_ids", "attention_mask")
        ],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["texts", 4])],
        [numpy_helper.from_array(values, name) for name, values in constants.items()],
    )
    onnx.save_model(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10),
        folder / "encoder.onnx",
        save_as_external_data=True,
        location="encoder.weights",
        size_threshold=100,
    )


def write_encoder(folder: Path, settings: EncoderSettings = SETTINGS, *, seed: int = 0) -> Path:
    """Write a whole encoder whose texts are sums of the vectors of their words."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {word: at for at, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS])}
    unknown = "[UNK]"
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=unknown))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    # What an exported tokenizer may bring along, and must not have its way with.
    tokenizer.enable_padding(length=128)
    tokenizer.enable_truncation(3)
    tokenizer.save(str(folder / "tokenizer.json"))
    write_graph(folder, len(vocabulary), seed=seed)
    write_settings(settings, folder)
    return folder
