"""
The files of an exported encoder: what they are called, and reading and writing its settings.

An encoder is a graph, its weights, a tokenizer, and settings that hold the digests of the other
three; so whoever vouches for the settings vouches for all.
"""

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from index.errors import IndexDamagedError

GRAPH_FILE = "encoder.onnx"
WEIGHTS_FILE = "encoder.weights"
"""
The weights are not in the graph's file because onnxruntime can then map them: a process that has
answered one question peaks at 106 MB instead of 192, and its session is ready in 80 ms instead of 175.
"""
TOKENIZER_FILE = "tokenizer.json"
SETTINGS_FILE = "encoder.json"
ENCODER_FILES = (GRAPH_FILE, WEIGHTS_FILE, TOKENIZER_FILE, SETTINGS_FILE)

FORMAT = 2
"""Version of the form of these files; another version is not read."""


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """
    What an exported encoder is, beside its graph and tokenizer.

    Attributes:
        name: The model's name, as the reader gave it when it was exported.
        digest: That of the model that it was exported from, as `ModelFiles.sha256` has it.
        dimension: Length of its vectors.
        max_tokens: Most tokens of a text, special ones included; what is beyond is cut off.
        pad_id: Token that fills up shorter texts of a run; the mask hides it.
        query_prompt: Put before every question; mostly empty.
        document_prompt: Put before every text of a document; mostly empty.

    """

    name: str
    digest: str
    dimension: int
    max_tokens: int
    pad_id: int
    query_prompt: str
    document_prompt: str


def write_settings(settings: EncoderSettings, folder: Path) -> None:
    """Write the settings of an encoder whose other files are there."""
    digests = {name: _digest(folder / name) for name in ENCODER_FILES if name != SETTINGS_FILE}
    fields = {"format": FORMAT, **asdict(settings), "files": digests}
    (folder / SETTINGS_FILE).write_bytes(orjson.dumps(fields, option=orjson.OPT_INDENT_2))


def read_settings(folder: Path) -> tuple[EncoderSettings, dict[str, str]]:
    """
    Return an encoder's settings, and the digests of its other files.

    Raises:
        FileNotFoundError: There is no encoder in the folder.
        IndexDamagedError: What is there are no settings.

    """
    try:
        fields = orjson.loads((folder / SETTINGS_FILE).read_bytes())
        if fields.pop("format") != FORMAT:
            msg = "its encoder is of another version"
            raise IndexDamagedError(msg)
        files = fields.pop("files")
        digests = {name: str(files[name]) for name in ENCODER_FILES if name != SETTINGS_FILE}
        return _checked(EncoderSettings(**fields)), digests
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        msg = f"{SETTINGS_FILE} does not describe an encoder ({type(error).__name__}: {error})"
        raise IndexDamagedError(msg) from error
    except FileNotFoundError:
        raise
    except OSError as error:
        msg = f"{SETTINGS_FILE} cannot be read ({error.strerror})"
        raise IndexDamagedError(msg) from error


def check_digest(path: Path, digest: str) -> None:
    """
    Hold a file to its digest, without holding it in memory.

    Raises:
        IndexDamagedError: It cannot be read, or is not as it was written.

    """
    try:
        found = _digest(path)
    except OSError as error:
        msg = f"{path.name} cannot be read ({error.strerror})"
        raise IndexDamagedError(msg) from error
    if found != digest:
        msg = f"{path.name} is not as it was written"
        raise IndexDamagedError(msg)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checked(settings: EncoderSettings) -> EncoderSettings:
    """Return settings whose values are of the right sort."""
    texts = (settings.name, settings.digest, settings.query_prompt, settings.document_prompt)
    if not all(isinstance(text, str) for text in texts):
        msg = f"{texts} are not texts"
        raise ValueError(msg)
    sizes = (settings.dimension, settings.max_tokens, settings.pad_id)
    if not all(type(size) is int and size >= 0 for size in sizes):
        msg = f"{sizes} are not sizes"
        raise ValueError(msg)
    return settings
