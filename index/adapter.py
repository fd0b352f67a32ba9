"""
Corrects a model's weights by what was learnt: a loaded model and an adapter's file in; nothing out.

An adapter holds, for some of the model's linear layers, two thin matrices whose product is added to the
layer's weights (LoRA: Hu and others, arXiv 2106.09685). It is a few megabytes where the model is ninety,
and once it is added the model is as fast as before. `assistant.evaluation.fit_encoder` makes it.
"""

from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file

from index.errors import EmbedderError

DOWN, UP = ".down", ".up"
"""Ends of the names under which a layer's two matrices stand: (rank, inputs) and (outputs, rank)."""


def add_adapter(model: Any, path: Path) -> None:
    """
    Add an adapter to a model's weights, for good.

    Args:
        model: A torch module with the layers that the adapter names.
        path: The adapter's file.

    Raises:
        EmbedderError: The file cannot be read, or does not fit the model, which is of no use then.

    """
    try:
        matrices = load_file(path)
        layers = sorted(name.removesuffix(DOWN) for name in matrices if name.endswith(DOWN))
        for layer in layers:
            weights = model.get_submodule(layer).weight.data
            # Halves are kept, and multiplied as whole floats.
            weights += matrices[layer + UP].float() @ matrices[layer + DOWN].float()
    except (OSError, SafetensorError, AttributeError, KeyError, RuntimeError) as error:
        msg = f"the adapter {path} does not fit the model: {error}"
        raise EmbedderError(msg) from error
    if not layers or len(matrices) != 2 * len(layers):
        msg = f"the adapter {path} does not fit the model: it has no matrices, or one without another"
        raise EmbedderError(msg)
