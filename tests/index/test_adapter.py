"""Adapters: thin corrections of a model's weights, read from a file."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from index import EmbedderError
from index.adapter import add_adapter
from index.weights import ADAPTER_FILE


@pytest.fixture
def model() -> torch.nn.Module:
    """Two linear layers, one inside another module, with weights of 0."""
    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Sequential(torch.nn.Linear(2, 2)))
    for weights in model.parameters():
        torch.nn.init.zeros_(weights)
    return model


def written(path: Path, **matrices: torch.Tensor) -> Path:
    """Write matrices in half precision, the names with a dot for each double underline."""
    save_file({name.replace("__", "."): each.half() for name, each in matrices.items()}, path)
    return path


def test_the_product_is_added_to_the_weights(model: torch.nn.Module, tmp_path: Path) -> None:
    """Each layer that is named gains up times down; others stay."""
    down, up = torch.tensor([[1.0, 2.0, 3.0]]), torch.tensor([[1.0], [-0.5]])
    path = written(tmp_path / "a.safetensors", **{"0__down": down, "0__up": up})
    add_adapter(model, path)
    assert model.get_submodule("0").weight.tolist() == [[1.0, 2.0, 3.0], [-0.5, -1.0, -1.5]]
    assert model.get_submodule("1.0").weight.tolist() == [[0.0, 0.0], [0.0, 0.0]]
    add_adapter(model, path)
    assert model.get_submodule("0").weight.tolist() == [[2.0, 4.0, 6.0], [-1.0, -2.0, -3.0]]


def test_inner_layers_are_found_by_their_path(model: torch.nn.Module, tmp_path: Path) -> None:
    """A layer is named as in the module tree."""
    square = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    add_adapter(
        model, written(tmp_path / "a.safetensors", **{"1__0__down": square, "1__0__up": 2 * square})
    )
    assert model.get_submodule("1.0").weight.tolist() == [[2.0, 0.0], [0.0, 2.0]]


@pytest.mark.parametrize(
    "matrices",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"0__down": torch.zeros(1, 3)}, id="one without the other"),
        pytest.param({"0__up": torch.zeros(2, 1)}, id="the other without the one"),
        pytest.param({"0__down": torch.zeros(1, 4), "0__up": torch.zeros(2, 1)}, id="another shape"),
        pytest.param({"0__down": torch.zeros(1, 3), "0__up": torch.zeros(2, 2)}, id="another rank"),
        pytest.param({"7__down": torch.zeros(1, 3), "7__up": torch.zeros(2, 1)}, id="no such layer"),
        pytest.param({"1__down": torch.zeros(1, 2), "1__up": torch.zeros(2, 1)}, id="no weights"),
    ],
)
def test_an_adapter_of_another_model_is_refused(
    model: torch.nn.Module, tmp_path: Path, matrices: dict[str, torch.Tensor]
) -> None:
    """What does not fit is refused in a sentence."""
    path = written(tmp_path / "a.safetensors", **matrices)
    with pytest.raises(EmbedderError, match="does not fit the model"):
        add_adapter(model, path)


@pytest.mark.parametrize("raw", [None, b"", b"no adapter"])
def test_a_broken_file_is_refused(model: torch.nn.Module, tmp_path: Path, raw: bytes | None) -> None:
    """A file that is missing, or is none, is refused in a sentence."""
    path = tmp_path / "a.safetensors"
    if raw is not None:
        path.write_bytes(raw)
    with pytest.raises(EmbedderError, match="does not fit the model"):
        add_adapter(model, path)


def test_the_shipped_adapter_is_small() -> None:
    """Two matrices for each of 36 layers, in half precision: 2.7 MB beside the model's 90."""
    assert 2_500_000 < ADAPTER_FILE.stat().st_size < 3_000_000
