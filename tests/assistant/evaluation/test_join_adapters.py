"""Several adapters as one: their mean."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from assistant.evaluation.join_adapters import main, mean


def adapter(seed: int, rank: int = 2) -> dict[str, np.ndarray]:
    """Matrices for two layers, drawn by chance."""
    drawn = np.random.default_rng(seed)
    shapes = {"a.down": (rank, 5), "a.up": (3, rank), "b.down": (rank, 4), "b.up": (4, rank)}
    return {name: drawn.normal(size=shape).astype(np.float16) for name, shape in shapes.items()}


def correction(matrices: dict[str, np.ndarray], layer: str) -> np.ndarray:
    """What is added to the weights of a layer."""
    return matrices[f"{layer}.up"].astype(float) @ matrices[f"{layer}.down"].astype(float)


@pytest.mark.parametrize("layer", ["a", "b"])
def test_the_correction_is_the_mean_of_theirs(layer: str) -> None:
    """Whatever their ranks are."""
    adapters = [adapter(1), adapter(2, rank=3), adapter(3)]
    joined = mean(adapters)
    expected = sum(correction(each, layer) for each in adapters) / 3
    assert joined[f"{layer}.down"].shape[0] == joined[f"{layer}.up"].shape[1] == 7
    assert {each.dtype for each in joined.values()} == {np.dtype(np.float16)}
    np.testing.assert_allclose(correction(joined, layer), expected, atol=0.01)


def test_files_are_joined(tmp_path: Path) -> None:
    """One file comes of several; of one alone, the same one."""
    for seed in (1, 2):
        save_file(adapter(seed), tmp_path / f"{seed}.safetensors")
    paths = [tmp_path / "1.safetensors", tmp_path / "2.safetensors"]
    main(paths, tmp_path / "out.safetensors")
    found = load_file(tmp_path / "out.safetensors")
    expected = mean([adapter(1), adapter(2)])
    assert all((found[name] == expected[name]).all() for name in expected)
    main(paths[:1], tmp_path / "out.safetensors")
    found = load_file(tmp_path / "out.safetensors")
    assert all((found[name] == matrices).all() for name, matrices in adapter(1).items())


def test_adapters_of_other_layers_are_refused() -> None:
    """They have no mean."""
    other = {name.replace("b.", "c."): matrices for name, matrices in adapter(2).items()}
    with pytest.raises(ValueError, match="different layers"):
        mean([adapter(1), other])
