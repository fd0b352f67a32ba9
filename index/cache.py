"""Opens the index for some documents and a model: from its folder, or built there first."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from platformdirs import user_cache_path

from corpus import Document, PassageSettings
from index.build import build_index, recipe_of
from index.embedding import Embedder, Progress
from index.errors import IndexDamagedError
from index.folders import keep_newest, locked
from index.storage import MANIFEST_FILE, SearchIndex, read_index, write_index
from index.weights import ModelFiles

KEPT = 4
"""Built indexes that stay in the folder, newest first: a few models or documents side by side."""

_FINGERPRINT = re.compile(r"[0-9a-f]{16}")


def default_index_folder() -> Path:
    """Return the folder in the user's cache that holds built indexes."""
    return user_cache_path("signpost", appauthor=False) / "indexes"


class IndexCache:
    """
    Built indexes in one folder, each in a folder named by its recipe.

    A reader sees a whole index or none: one is written beside and renamed. Builders take turns by a
    file lock, and clear away what a killed one has left.
    """

    def __init__(self, folder: Path, *, report: Callable[[str], None]) -> None:
        """
        Use a folder for built indexes.

        Args:
            folder: Made when first needed.
            report: Told, in one sentence, when a damaged index is replaced.

        """
        self._folder = folder
        self._report = report

    def open(
        self,
        documents: Sequence[Document],
        model: ModelFiles,
        load: Callable[[], Embedder],
        *,
        examples: Sequence[str] = (),
        settings: PassageSettings | None = None,
        rebuild: bool = False,
        progress: Progress | None = None,
    ) -> SearchIndex:
        """
        Read the index for these documents and this model, building it where there is none.

        Args:
            documents: The documents.
            model: The embedding model's files.
            load: Loads the model; called only if something must be built.
            examples: Messages to compare questions with.
            settings: How passages are cut.
            rebuild: Build even if there is one.
            progress: Told how far a build has come.

        Raises:
            IndexFolderError: The folder cannot be read or written.
            EmbedderError: The model cannot be loaded.

        """
        settings = settings or PassageSettings()
        recipe = recipe_of(
            documents,
            examples=examples,
            model=model.name,
            model_sha256=model.sha256,
            settings=settings,
        )
        by_id = {document.id: document for document in documents}
        folder = self._folder / recipe.fingerprint
        if not rebuild:
            try:
                return read_index(folder, recipe, by_id)
            except FileNotFoundError:
                pass
            except IndexDamagedError as error:
                self._report(f"The index in {folder} is damaged: {error}. It is built again.")
        with locked(self._folder):
            if not rebuild:
                # Whoever held the lock before may have built it meanwhile.
                try:
                    return read_index(folder, recipe, by_id)
                except (FileNotFoundError, IndexDamagedError):
                    pass
            index = build_index(
                documents, load(), examples=examples, settings=settings, progress=progress
            )
            write_index(index, folder)
            self._forget_old(folder)
        return index

    def check(
        self,
        documents: Sequence[Document],
        model: ModelFiles,
        *,
        examples: Sequence[str] = (),
        settings: PassageSettings | None = None,
    ) -> SearchIndex:
        """
        Read the index without ever building it.

        Raises:
            FileNotFoundError: There is none.
            IndexDamagedError: There is one, and it cannot be trusted.
            IndexFolderError: The folder cannot be read.

        """
        recipe = recipe_of(
            documents,
            examples=examples,
            model=model.name,
            model_sha256=model.sha256,
            settings=settings or PassageSettings(),
        )
        by_id = {document.id: document for document in documents}
        return read_index(self._folder / recipe.fingerprint, recipe, by_id)

    def _forget_old(self, newest: Path) -> None:
        """Remove all but the newest few indexes; whatever else is in the folder is not ours."""
        others = [
            path
            for path in self._folder.iterdir()
            if _FINGERPRINT.fullmatch(path.name) and (path / MANIFEST_FILE).is_file() and path != newest
        ]
        keep_newest(others, KEPT - 1)
