"""
The exported encoders in the folder for indexes: each beside the indexes that its model built.

An encoder is exported once, from the loaded model; after that nothing that answers needs torch.
Where a model cannot be exported, it answers itself: as well, and seconds later.
"""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, runtime_checkable

from index.embedding import Embedder
from index.errors import IndexDamagedError, SearchIndexError
from index.folders import BUILDING, keep_newest, locked, put_in_place
from index.onnx_encoder import OnnxEmbedder
from index.weights import ModelFiles

ENCODER = "encoder-"
"""Beginning of the name of an encoder's folder; half the digest of the model follows."""

KEPT = 2
"""Encoders that stay in the folder, newest first; one takes as much room as its model."""


@runtime_checkable
class Exportable(Protocol):
    """A loaded model that can write itself as an encoder."""

    def export(self, folder: Path) -> None:
        """Write the files of an encoder into an existing folder; raises SearchIndexError or OSError."""


class EncoderCache:
    """
    Exported encoders in one folder, each in a folder named by its model's digest.

    A reader sees a whole encoder or none, as with indexes; see `index.cache`.
    """

    def __init__(self, folder: Path, *, report: Callable[[str], None]) -> None:
        """
        Use a folder for encoders.

        Args:
            folder: Made when first needed.
            report: Told, in one sentence, when an encoder is replaced or cannot be made.

        """
        self._folder = folder
        self._report = report

    def folder_of(self, model: ModelFiles) -> Path:
        """Return where the encoder of a model is, or would be."""
        return self._folder / f"{ENCODER}{model.sha256[:32]}"

    def read(self, model: ModelFiles) -> Embedder:
        """
        Return a model's encoder, if it is there.

        Raises:
            FileNotFoundError: There is none.
            IndexDamagedError: There is one, and it cannot be trusted.

        """
        return OnnxEmbedder(self.folder_of(model), model)

    def open(
        self,
        model: ModelFiles,
        load: Callable[[], Embedder],
        *,
        read: Callable[[], Embedder] | None = None,
        renew: bool = False,
    ) -> Embedder:
        """
        Return a model's encoder, exporting it where there is none; the model itself as a last resort.

        Args:
            model: The embedding model's files.
            load: Loads the model; called only if there is no whole encoder.
            read: Does what `read` does, for whoever has begun with it before.
            renew: Export even if there is one.

        Raises:
            EmbedderError: The model cannot be loaded.

        """
        report = self._report
        try:
            if not renew:
                return read() if read else self.read(model)
        except FileNotFoundError:
            pass
        except IndexDamagedError as error:
            report(f"The model's copy for answering is damaged: {error}. It is made again.")
            report = _silent
        source = load()
        if not isinstance(source, Exportable):
            return source
        try:
            with locked(self._folder):
                return self._exported(source, model, renew=renew)
        except SearchIndexError as error:
            report(f"Answers will be slow to begin: {error}.")
        except OSError as error:
            report(f"Answers will be slow to begin: {self._folder} is no use ({error.strerror}).")
        return source

    def _exported(self, source: Exportable, model: ModelFiles, *, renew: bool) -> Embedder:
        """Export a model under the lock, and open what was written."""
        folder = self.folder_of(model)
        if not renew:
            # Whoever held the lock before may have exported it meanwhile.
            try:
                return self.read(model)
            except (FileNotFoundError, IndexDamagedError):
                pass
        temporary = Path(tempfile.mkdtemp(prefix=BUILDING, dir=self._folder))
        try:
            source.export(temporary)
            put_in_place(folder, temporary)
            others = [path for path in self._folder.glob(f"{ENCODER}*") if path != folder]
            keep_newest(others, KEPT - 1)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        return self.read(model)


def _silent(_: str) -> None:
    """Report nothing: one sentence has been said."""
