"""
Errors of the index.

    SearchIndexError
    ├── EmbedderError        a model is not on this machine, or is not the one expected
    │   └── ExportError      it cannot be written down for answering; `index.exporting`
    ├── IndexDamagedError    a built index cannot be read; building it again mends it
    └── IndexFolderError     the folder for built indexes cannot be used
"""


class SearchIndexError(Exception):
    """The index cannot be built or read; the message says why, and what to do."""


class EmbedderError(SearchIndexError):
    """An embedding model is missing on this machine, or its weights are not the expected ones."""


class IndexDamagedError(SearchIndexError):
    """A built index is incomplete, changed, or made of something else than its manifest says."""


class IndexFolderError(SearchIndexError):
    """The folder for built indexes cannot be read or written."""
