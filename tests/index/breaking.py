"""
Breaks a process at each step that it takes in a folder, one step after the other.

    break_at_every_step(act, folder, how)

Python announces every opening, renaming and removing of a file (`sys.addaudithook`), so that the steps
are those that were taken, whatever the code looks like. A hook cannot be taken off again; therefore each
turn runs in a fork of its own, and the caller is a process without threads (`python -c`).
"""

import errno
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

KILLED, DONE, TOLD, BROKEN = 90, 91, 92, 93
"""Exit codes of a turn: killed at its step, got through, ended with an error it may, or another."""

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
STEPS = frozenset({"os.mkdir", "os.rename", "os.remove", "os.rmdir", "tempfile.mkdtemp"})
LETTING_GO = frozenset({"os.remove", "os.rmdir", "os.rename"})
LONGEST = 500
"""Steps after which something goes round in circles."""


def break_at_every_step(
    act: Callable[[], object], folder: Path, how: str, may: tuple[type[Exception], ...] = ()
) -> Iterator[int]:
    """
    Yield the exit code of each turn: `act` broken at its first step in `folder`, its second, and so on.

    Args:
        act: What is broken.
        folder: Only steps below it count.
        how: "killed", "killed with half a file" (what was being written is there in part), or the name
            of an error number, such as "ENOSPC", which then the step and all later ones that write get.
        may: Errors with which `act` may end; they must have been given a sentence.

    """
    for turn in range(1, LONGEST):
        child = os.fork()
        if child == 0:
            _one_turn(act, folder, how, may, turn)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        yield code
        if code == DONE and how.startswith("killed"):
            return
        if code == DONE and not (folder.parent / "reached").exists():
            return
        (folder.parent / "reached").unlink(missing_ok=True)
    raise AssertionError(LONGEST)


def apart(act: Callable[[], object]) -> None:
    """Run something in a fork of its own; AssertionError if it fails there."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException:  # noqa: BLE001 - the parent is to know of any
            traceback.print_exc()
            os._exit(BROKEN)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise AssertionError(act)


def clear(folder: Path) -> None:
    """Remove a folder with all that is in it."""
    shutil.rmtree(folder, ignore_errors=True)


def _one_turn(
    act: Callable[[], object], folder: Path, how: str, may: tuple[type[Exception], ...], turn: int
) -> None:
    """Run `act` in this process, broken at its n-th step, and end the process."""
    code = DONE
    try:
        sys.addaudithook(_Breaker(folder, how, turn))
        act()
    except may as error:
        code = TOLD if str(error) and "\n" not in str(error) else BROKEN
    except BaseException:  # noqa: BLE001 - whatever else it is, it is what is looked for
        traceback.print_exc()
        code = BROKEN
    os._exit(code)


class _Breaker:
    """Counts the steps in a folder and breaks the n-th."""

    def __init__(self, folder: Path, how: str, turn: int) -> None:
        self.folder, self.how, self.turn = folder, how, turn
        self.steps = 0

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        """Hear of an event of this process."""
        path = _written(event, arguments)
        if path is None or self.folder not in (path, *path.parents):
            return
        self.steps += 1
        if self.steps < self.turn:
            return
        if self.how.startswith("killed"):
            self._kill(path, opened=event == "open")
        if self.steps == self.turn:
            (self.folder.parent / "reached").touch()
        # A full disk still lets go of files; a folder that may not be written does not.
        if self.how != "ENOSPC" or event not in LETTING_GO or self.steps == self.turn:
            number = getattr(errno, self.how)
            raise OSError(number, os.strerror(number), str(path))

    def _kill(self, path: Path, *, opened: bool) -> None:
        """End the process, with half of a file where that is asked for."""
        if opened and self.how == "killed with half a file":
            # This opening is a step as well, and must not be heard.
            self.steps = -1
            path.write_bytes(b'{"half": [')
        os._exit(KILLED)


def _written(event: str, arguments: tuple[object, ...]) -> Path | None:
    """Return the path that an event writes to, if it writes."""
    if event == "open":
        path, _, flags = arguments
        writes = isinstance(path, str | os.PathLike) and isinstance(flags, int) and flags & WRITING
        return Path(path) if writes else None
    if event not in STEPS or not isinstance(arguments[0], str | os.PathLike):
        return None
    descriptor = arguments[-1]
    if event in {"os.remove", "os.rmdir"} and isinstance(descriptor, int) and descriptor >= 0:
        # A tree is removed from within: the name is relative to an open folder.
        return Path(os.readlink(f"/proc/self/fd/{descriptor}"), arguments[0])
    return Path(arguments[0])
