"""Writes files and folders whole or not at all."""

import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from assistant.errors import OutputError


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """
    Blame an output for the disk's errors: put around what is written to it, and nothing else.

    Args:
        path: The output, as the error is to name it.

    Raises:
        OutputError: Something within raised an OSError.

    """
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror or error})") from error


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """
    Open a file that appears under its name only when everything has been written.

    An error within passes through as it is; `writing` is for the steps that write.

    Args:
        path: The file. Where it is a link, what it leads to is written, and the link stays. A file that
            stands there keeps its permissions, a new one has those that the umask leaves.

    Raises:
        OutputError: The folder cannot be written to, or the disk is full. What stood there stays.

    """
    named, path = path, path.resolve()
    with writing(named):
        if path.exists() and not path.is_file():
            # A folder could not be replaced in the end; a pipe or a device must not be.
            msg = f"{named} is not a file"
            raise OutputError(msg)
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else None
        temporary = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
        # Not `tempfile`: its files are the owner's alone whatever the umask says.
        handle = os.open(
            temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else mode
        )
    file = os.fdopen(handle, "wb")
    try:
        yield file
        with writing(named):
            file.close()
            if mode is not None:
                temporary.chmod(mode)
            temporary.replace(path)
    finally:
        # Where something has failed, what is still to be written is of no use.
        with suppress(OSError):
            file.close()
        temporary.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path, names: Collection[str]) -> Iterator[Path]:
    """
    Yield a new folder, which takes its name only when everything has been written into it.

    An error within passes through as it is; `writing` is for the steps that write.

    Args:
        path: The folder's name. A folder that stands there is replaced, but only if it holds no more
            than an earlier one of the same make.
        names: The files that such a folder holds.

    Raises:
        OutputError: It cannot be written, or holds something else. What stood there stays.

    """
    path = path.resolve()
    with writing(path):
        _refuse_strangers(path, names)
        temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    made, replaced = temporary / "made", temporary / "replaced"
    try:
        with writing(path):
            made.mkdir()
        yield made
        with writing(path):
            _put(made, path, replaced)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _put(made: Path, path: Path, replaced: Path) -> None:
    """Give a folder its name; what bears it goes to `replaced`, and comes back where that fails."""
    try:
        if path.exists():
            path.rename(replaced)
        made.rename(path)
    except OSError:
        if replaced.exists() and not path.exists():
            replaced.rename(path)
        raise


def _refuse_strangers(path: Path, names: Collection[str]) -> None:
    """Refuse to replace a file, or a folder with files that are not ours."""
    if not path.exists():
        return
    if not path.is_dir():
        raise OutputError(f"{path} is a file, not a folder")
    strangers = sorted(entry.name for entry in path.iterdir() if entry.name not in names)
    if strangers:
        raise OutputError(f"{path} holds other files ({', '.join(strangers[:3])}); name a new folder")
