"""
Joins adapters into their mean: `python -m assistant.evaluation.join_adapters FILE FILE... --out FILE`.

What several lessons taught the same model, each by other draws, is added to its weights in equal shares:
the mean of models that began as one is often better than each of them, and no slower (model soups:
Wortsman and others, arXiv 2203.05482). The rank of the mean is the sum of theirs.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from index.adapter import DOWN
from index.weights import ADAPTER_FILE


def main(
    files: Annotated[list[Path], typer.Argument(help="Adapters of one model.")],
    out: Annotated[Path, typer.Option(help="Where to write their mean.")] = ADAPTER_FILE,
) -> None:
    """Write the mean of some adapters."""
    save_file(mean([load_file(path) for path in files]), out)


Matrices = dict[str, NDArray[np.float16]]


def mean(adapters: Sequence[Matrices]) -> Matrices:
    """
    Return the adapter whose correction of each layer is the mean of theirs.

    Args:
        adapters: The matrices of each, by name; at least one.

    Returns:
        Likewise, in half precision. Thin matrices side by side make the sum of their products.

    Raises:
        ValueError: They do not correct the same layers.

    """
    names = set(adapters[0])
    if any(set(adapter) != names for adapter in adapters):
        msg = "adapters that correct different layers have no mean"
        raise ValueError(msg)
    return {
        name: np.concatenate([adapter[name] for adapter in adapters])
        if name.endswith(DOWN)
        else np.concatenate([adapter[name] / np.float16(len(adapters)) for adapter in adapters], axis=1)
        for name in sorted(names)
    }


if __name__ == "__main__":
    typer.run(main)
