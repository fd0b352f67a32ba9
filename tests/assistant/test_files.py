"""Files and folders appear whole or not at all."""

import errno
import os
import resource
import signal
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from assistant.errors import OutputError
from assistant.files import whole_file, whole_folder, writing

NAMES = frozenset({"a.txt", "b.txt"})


def stop_after(_: int) -> NoReturn:
    """Stop as somebody does who presses Ctrl-C."""
    raise KeyboardInterrupt


@pytest.fixture(autouse=True, params=[0o022, 0o077], ids=["usual", "private"])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """What the process denies others of new files, the usual and all of it."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


class TestWholeFile:
    def test_it_appears_when_all_is_written(self, tmp_path: Path, umask: int) -> None:
        """While it is written, its name is not there; then it may be read by whom the umask lets."""
        path = tmp_path / "out.jsonl"
        with whole_file(path) as file:
            file.write(b"words")
            file.flush()
            assert not path.exists()
        assert path.read_bytes() == b"words"
        assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask
        assert list(tmp_path.iterdir()) == [path]

    def test_what_was_kept_from_others_stays_so(self, tmp_path: Path) -> None:
        """A file that is replaced keeps its permissions."""
        path = tmp_path / "out.jsonl"
        path.write_text("earlier")
        path.chmod(0o600)
        with whole_file(path) as file:
            file.write(b"words")
        assert path.read_bytes() == b"words"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_a_link_leads_where_it_led(self, tmp_path: Path) -> None:
        """What it leads to is written, there or not; a link to a pipe or to nowhere is refused."""
        target, link = tmp_path / "target", tmp_path / "link"
        link.symlink_to(target)
        for words in (b"one", b"two"):
            with whole_file(link) as file:
                file.write(words)
            assert link.is_symlink()
            assert target.read_bytes() == words
        os.mkfifo(tmp_path / "pipe")
        for name, problem in (("pipe", "is not a file"), ("nowhere/file", "No such file")):
            other = tmp_path / f"to-{name.split('/')[0]}"
            other.symlink_to(tmp_path / name)
            with pytest.raises(OutputError, match=f"{other.name}.*{problem}"), whole_file(other):
                pass
            assert other.is_symlink()

    def test_a_failure_leaves_what_was_there(self, tmp_path: Path) -> None:
        """An error inside passes through, and the earlier file stays."""
        path = tmp_path / "out.jsonl"
        path.write_text("earlier")
        with pytest.raises(KeyboardInterrupt, match=r"^$"), whole_file(path) as file:
            stop_after(file.write(b"half"))
        assert path.read_text() == "earlier"
        assert list(tmp_path.iterdir()) == [path]

    def test_a_file_that_cannot_take_its_name_is_an_error(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What was written is cleared away."""

        def refuse(self: Path, target: Path) -> Path:
            raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))

        monkeypatch.setattr(Path, "replace", refuse)
        failure = pytest.raises(OutputError, match=r"out cannot be written \(Disk quota exceeded\)")
        with failure, whole_file(tmp_path / "out") as file:
            file.write(b"words")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("name", ["missing/out", "file/out", "x" * 300])
    def test_a_folder_that_is_none_is_an_error(self, tmp_path: Path, name: str) -> None:
        """Nothing inside is run."""
        (tmp_path / "file").write_text("words")
        failure = pytest.raises(OutputError, match=rf"{name} cannot be written \(")
        with failure, whole_file(tmp_path / name):
            pytest.fail("was opened")

    def test_what_is_no_file_is_not_replaced(self, tmp_path: Path) -> None:
        """A pipe stays a pipe, as /dev/null must stay /dev/null."""
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        with pytest.raises(OutputError, match="is not a file"), whole_file(pipe) as file:
            file.write(b"words")
        assert pipe.is_fifo()

    def test_an_error_of_something_else_is_not_the_outputs(self, tmp_path: Path) -> None:
        """What cannot be read inside keeps its own error, and what stood there stays."""
        path = tmp_path / "out"
        path.write_text("earlier")
        failure = pytest.raises(FileNotFoundError, match="another")
        with failure, whole_file(path) as file:
            file.write(b"half")
            (tmp_path / "another").read_bytes()
        assert path.read_text() == "earlier"
        assert list(tmp_path.iterdir()) == [path]

    def test_what_is_left_to_write_may_fail_too(self, tmp_path: Path) -> None:
        """The last words meet the full disk only when the file is closed."""
        path = tmp_path / "out"
        failure = pytest.raises(OutputError, match=r"out cannot be written \(File too large\)$")
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        try:
            with failure, whole_file(path) as file:
                file.write(b"words")
                resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, handler)
        assert list(tmp_path.iterdir()) == []


class TestWriting:
    def test_an_error_of_the_disk_is_the_outputs(self, tmp_path: Path) -> None:
        """It is named as it was given, with the cause behind it."""
        failure = pytest.raises(OutputError, match=r"^my run cannot be written \(No such file")
        with failure as raised, writing(Path("my run")):
            (tmp_path / "missing" / "out").write_text("words")
        assert isinstance(raised.value.__cause__, FileNotFoundError)

    def test_any_other_error_passes_through(self) -> None:
        """A mistake of ours is none of the disk's."""
        with pytest.raises(ValueError, match="ours"), writing(Path("out")):
            raise ValueError("ours")


class TestWholeFolder:
    def test_it_appears_when_all_is_written(self, tmp_path: Path, umask: int) -> None:
        """While it is written, its name is not there; then it may be entered by whom the umask lets."""
        path = tmp_path / "out"
        with whole_folder(path, NAMES) as folder:
            (folder / "a.txt").write_text("words")
            assert not path.exists()
        assert (path / "a.txt").read_text() == "words"
        assert stat.S_IMODE(path.stat().st_mode) == 0o777 & ~umask
        assert list(tmp_path.iterdir()) == [path]

    def test_an_earlier_one_is_replaced_whole(self, tmp_path: Path) -> None:
        """No file of the earlier folder stays beside the new ones; an empty folder counts as earlier."""
        path = tmp_path / "out"
        path.mkdir()
        for name in ("a.txt", "b.txt"):
            with whole_folder(path, NAMES) as folder:
                (folder / name).write_text(name)
        assert [found.name for found in path.iterdir()] == ["b.txt"]
        assert list(tmp_path.iterdir()) == [path]

    def test_a_failure_leaves_what_was_there(self, tmp_path: Path) -> None:
        """An error inside passes through, and the earlier folder stays."""
        path = tmp_path / "out"
        path.mkdir()
        (path / "a.txt").write_text("earlier")
        with pytest.raises(KeyboardInterrupt, match=r"^$"), whole_folder(path, NAMES) as folder:
            stop_after((folder / "a.txt").write_text("half"))
        assert (path / "a.txt").read_text() == "earlier"
        assert list(tmp_path.iterdir()) == [path]

    def test_an_error_of_something_else_is_not_the_outputs(self, tmp_path: Path) -> None:
        """What cannot be read inside keeps its own error, and what stood there stays."""
        path = tmp_path / "out"
        path.mkdir()
        (path / "a.txt").write_text("earlier")
        failure = pytest.raises(FileNotFoundError, match="another")
        with failure, whole_folder(path, NAMES) as folder:
            (folder / "a.txt").write_text("half")
            (tmp_path / "another").read_bytes()
        assert (path / "a.txt").read_text() == "earlier"
        assert list(tmp_path.iterdir()) == [path]

    def test_a_folder_that_cannot_take_its_name_gives_it_back(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where the last step fails, the earlier folder returns to its name."""
        path = tmp_path / "out"
        path.mkdir()
        (path / "a.txt").write_text("earlier")
        rename = Path.rename

        def refuse(self: Path, target: Path) -> Path:
            if self.name == "made":
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return rename(self, target)

        monkeypatch.setattr(Path, "rename", refuse)
        failure = pytest.raises(OutputError, match=r"out cannot be written \(Input/output error\)")
        with failure, whole_folder(path, NAMES) as folder:
            (folder / "a.txt").write_text("new")
        assert (path / "a.txt").read_text() == "earlier"
        assert list(tmp_path.iterdir()) == [path]

    def test_other_files_are_never_lost(self, tmp_path: Path) -> None:
        """A folder with anything that is not ours is refused at once; three names are told."""
        for name in ("a.txt", "w", "x", "y", "z"):
            (tmp_path / name).write_text("mine")
        message = r"holds other files \(w, x, y\); name a new folder$"
        with pytest.raises(OutputError, match=message), whole_folder(tmp_path, NAMES):
            pytest.fail("was opened")
        assert {found.name for found in tmp_path.iterdir()} == {"a.txt", "w", "x", "y", "z"}

    def test_a_file_is_no_folder(self, tmp_path: Path) -> None:
        """It is refused by name."""
        path = tmp_path / "out"
        path.write_text("mine")
        with (
            pytest.raises(OutputError, match=r"out is a file, not a folder$"),
            whole_folder(path, NAMES),
        ):
            pytest.fail("was opened")
        assert path.read_text() == "mine"

    def test_a_missing_folder_above_is_an_error(self, tmp_path: Path) -> None:
        """It is not made."""
        failure = pytest.raises(OutputError, match=r"missing/out cannot be written \(No such file")
        with failure, whole_folder(tmp_path / "missing" / "out", NAMES):
            pytest.fail("was opened")
        assert list(tmp_path.iterdir()) == []
