"""
A BERT model as a graph of ONNX Runtime's own operators: a loaded model in, the graph out.

torch's exporter takes each step of a model apart into a dozen operators, and going from one to the
next is a good part of the time that a short text takes. Here embeddings, attention, a sum with its
norm, and a bias with its GELU are one operator each, over the same weights. On two cores a text of 14
tokens takes 2.8 ms in place of 3.9, sixteen of 32 tokens 61 in place of 69.

This and `index.exporting` are the only importers of onnx.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from index.onnx_encoder import OUTPUT

OPSET, IR_VERSION = 17, 8
"""Of the ONNX form: what the operators below need, and no newer."""

FUSED = "com.microsoft"
"""Domain of the operators that are ONNX Runtime's own."""

Weights = Mapping[str, NDArray[np.float32]]


def is_plain_bert(model: Any, dimension: int) -> bool:
    """
    Return whether `bert_graph` does what a model does.

    Args:
        model: A SentenceTransformer that begins with a transformer and a pooling.
        dimension: Length of the vectors that are wanted of it.

    """
    bert = model[0].model
    if type(bert).__name__ != "BertModel" or not type(bert).__module__.startswith("transformers."):
        return False
    config = bert.config
    return (
        config.hidden_act == "gelu"
        and config.hidden_size == dimension
        and getattr(config, "position_embedding_type", "absolute") == "absolute"
        and not config.is_decoder
        and model[1].get_config_dict().get("pooling_mode") == "mean"
    )


def bert_graph(model: Any, inputs: Sequence[str]) -> ModelProto:
    """
    Return the graph of a model, from token numbers to unit vectors.

    Args:
        model: One for which `is_plain_bert` holds.
        inputs: Which of `index.onnx_encoder.INPUTS` it is given; token types may be missing.

    Returns:
        A model whose one output is named OUTPUT: float32, shape (texts, dimension).

    """
    bert = model[0].model
    config = bert.config
    weights = {name: values.numpy() for name, values in bert.state_dict().items()}
    graph = _Graph(config.layer_norm_eps)
    vectors = _embedded(graph, _below("embeddings.", weights), typed="token_type_ids" in inputs)
    mask = graph.add("Cast", "attention_mask", to=TensorProto.INT32)
    for layer in range(config.num_hidden_layers):
        own = _below(f"encoder.layer.{layer}.", weights)
        vectors = _layer(graph, own, vectors, mask, config.num_attention_heads)
    _add_mean(graph, vectors)
    return graph.finished(inputs, config.hidden_size)


class _Graph:
    """Operators and weights in the making."""

    def __init__(self, epsilon: float) -> None:
        """Begin with none; `epsilon` is that of the model's norms."""
        self._epsilon = epsilon
        self._nodes: list[NodeProto] = []
        self._weights: list[TensorProto] = []

    def weights(self, values: NDArray[Any]) -> str:
        """Add weights, and return their name."""
        name = f"weights{len(self._weights)}"
        self._weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add an operator of ONNX, and return the name of its output."""
        name = output or f"step{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def norm(self, operator: str, *inputs: str) -> str:
        """Add an operator that ends with a norm."""
        name = f"step{len(self._nodes)}"
        # What the second output of one of them would be good for is done without.
        outputs = [name, f"{name}unused"] if operator == "EmbedLayerNormalization" else [name]
        self._nodes.append(
            helper.make_node(operator, inputs, outputs, domain=FUSED, epsilon=self._epsilon)
        )
        return name

    def finished(self, inputs: Sequence[str], dimension: int) -> ModelProto:
        """Return the whole."""
        describe = helper.make_tensor_value_info
        graph = helper.make_graph(
            self._nodes,
            "encoder",
            [describe(name, TensorProto.INT64, ["texts", "tokens"]) for name in inputs],
            [describe(OUTPUT, TensorProto.FLOAT, ["texts", dimension])],
            self._weights,
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)


def _embedded(graph: _Graph, own: Weights, *, typed: bool) -> str:
    """Add what comes before the first layer: vectors of tokens, places and types, and a norm."""
    words, places, types = (
        own[f"{sort}_embeddings.weight"] for sort in ("word", "position", "token_type")
    )
    return graph.norm(
        "EmbedLayerNormalization",
        graph.add("Cast", "input_ids", to=TensorProto.INT32),
        graph.add("Cast", "token_type_ids", to=TensorProto.INT32) if typed else "",
        graph.weights(words),
        # Without types, every token is of the first.
        graph.weights(places if typed else places + types[0]),
        graph.weights(types) if typed else "",
        graph.weights(own["LayerNorm.weight"]),
        graph.weights(own["LayerNorm.bias"]),
    )


def _layer(graph: _Graph, own: Weights, vectors: str, mask: str, heads: int) -> str:
    """Add a layer: tokens look at each other, then each goes through two steps alone."""
    parts = [f"attention.self.{part}" for part in ("query", "key", "value")]
    attended = graph.add(
        "Attention",
        vectors,
        graph.weights(np.concatenate([own[f"{part}.weight"].T for part in parts], axis=1)),
        graph.weights(np.concatenate([own[f"{part}.bias"] for part in parts])),
        mask,
        domain=FUSED,
        num_heads=heads,
    )
    mixed = _added(graph, own, "attention.output", attended, vectors)
    wide = graph.add("MatMul", mixed, graph.weights(own["intermediate.dense.weight"].T))
    bias = graph.weights(own["intermediate.dense.bias"])
    return _added(graph, own, "output", graph.add("BiasGelu", wide, bias, domain=FUSED), mixed)


def _added(graph: _Graph, own: Weights, part: str, values: str, before: str) -> str:
    """Add a step whose outcome is added to what was before it, with the norm over both."""
    return graph.norm(
        "SkipLayerNormalization",
        graph.add("MatMul", values, graph.weights(own[f"{part}.dense.weight"].T)),
        before,
        graph.weights(own[f"{part}.LayerNorm.weight"]),
        graph.weights(own[f"{part}.LayerNorm.bias"]),
        graph.weights(own[f"{part}.dense.bias"]),
    )


def _add_mean(graph: _Graph, vectors: str) -> None:
    """Add the mean over the tokens that are the text's own, at length 1: their sum does as well."""
    middle = graph.weights(np.array([1]))
    own = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    summed = graph.add("MatMul", graph.add("Unsqueeze", own, middle), vectors)
    flat = graph.add("Squeeze", summed, middle)
    graph.add("LpNormalization", flat, output=OUTPUT, axis=-1, p=2)


def _below(prefix: str, weights: Weights) -> Weights:
    """Return the weights whose names begin so, by the rest of their names."""
    return {
        name.removeprefix(prefix): values for name, values in weights.items() if name.startswith(prefix)
    }
