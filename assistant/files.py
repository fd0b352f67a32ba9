"""Writes files and folders whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from assistant.errors import OutputError


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """
    Open a file that appears under its name only when everything has been written.

    Raises:
        OutputError: The folder cannot be written to, or the disk is full. What stood there stays.

    """
    try:
        if path.exists() and not path.is_file():
            # A folder could not be replaced in the end; a pipe or a device must not be.
            msg = f"{path} is not a file"
            raise OutputError(msg)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    except OSError as error:
        raise _output_error(path, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        raise _output_error(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path, names: Collection[str]) -> Iterator[Path]:
    """
    Yield a new folder, which takes its name only when everything has been written into it.

    Args:
        path: The folder's name. A folder that stands there is replaced, but only if it holds no more
            than an earlier one of the same make.
        names: The files that such a folder holds.

    Raises:
        OutputError: It cannot be written, or holds something else. What stood there stays.

    """
    path = path.resolve()
    try:
        _refuse_strangers(path, names)
        temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    except OSError as error:
        raise _output_error(path, error) from error
    try:
        made = temporary / "made"
        made.mkdir()
        made.chmod(0o755)
        yield made
        if path.exists():
            path.rename(temporary / "replaced")
        made.rename(path)
    except OSError as error:
        if (temporary / "replaced").exists() and not path.exists():
            (temporary / "replaced").rename(path)
        raise _output_error(path, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _refuse_strangers(path: Path, names: Collection[str]) -> None:
    """Refuse to replace a file, or a folder with files that are not ours."""
    if not path.exists():
        return
    if not path.is_dir():
        raise OutputError(f"{path} is a file, not a folder")
    strangers = sorted(entry.name for entry in path.iterdir() if entry.name not in names)
    if strangers:
        raise OutputError(f"{path} holds other files ({', '.join(strangers[:3])}); name a new folder")


def _output_error(path: Path, error: OSError) -> OutputError:
    return OutputError(f"{path} cannot be written ({error.strerror or error})")
