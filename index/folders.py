"""Folders that are written whole: one writer at a time, beside the place, then renamed into it."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from errno import ENOTDIR
from pathlib import Path

from index.errors import IndexFolderError

LOCK_FILE = ".lock"

BUILDING = ".building-"
"""Beginning of the name of a folder that is being written; one that is left over was killed."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """
    Hold a folder's lock, waiting for another writer to finish; what a killed one left is cleared.

    Args:
        folder: Made where it is missing.

    Raises:
        IndexFolderError: The folder cannot be written.

    """
    # Who only reads needs no lock, and is spared the import.
    from filelock import FileLock  # noqa: PLC0415

    lock = FileLock(folder / LOCK_FILE)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except OSError as error:
        msg = (
            f"the index cannot be written to {folder} ({error.strerror or error}); "
            "choose another folder with --index-dir"
        )
        raise IndexFolderError(msg) from error
    try:
        # Only the holder of the lock writes here, so that nobody is at work on these.
        for path in folder.glob(f"{BUILDING}*"):
            shutil.rmtree(path, ignore_errors=True)
        yield
    finally:
        lock.release()


def put_in_place(folder: Path, finished: Path) -> None:
    """Put a finished folder in the place of an older one, which stays if that fails."""
    if not folder.exists():
        finished.rename(folder)
        return
    if not folder.is_dir():
        raise NotADirectoryError(ENOTDIR, "a file stands in its place")
    older = finished.with_name(f"{finished.name}-older")
    folder.rename(older)
    try:
        finished.rename(folder)
    except OSError:
        older.rename(folder)
        raise
    shutil.rmtree(older, ignore_errors=True)


def keep_newest(folders: Iterable[Path], kept: int) -> None:
    """Remove all of some folders but the newest few."""
    newest_first = sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True)
    for path in newest_first[kept:]:
        shutil.rmtree(path, ignore_errors=True)
