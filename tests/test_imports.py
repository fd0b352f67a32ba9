"""What a question costs to import: with the index built, none of what builds, serves or evaluates."""

import subprocess
import sys
from pathlib import Path

import pytest

from assistant import Setup, open_assistant

ROOT = Path(__file__).parents[1]

NEVER_TO_ANSWER = {
    "bm25s",
    "filelock",
    "gradio",
    "httpx",
    "huggingface_hub",
    "ir_measures",
    "matplotlib",
    "onnx",
    "pandas",
    "py3langid",
    "scipy",
    "sentence_transformers",
    "sklearn",
    "torch",
    "transformers",
    "uvicorn",
}

ASK = """\
import sys
from assistant.command_line import app
try:
    app(sys.argv[1:])
finally:
    sys.stderr.write(" ".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""


@pytest.mark.model
def test_a_question_needs_no_heavy_library(model_index_dir: Path) -> None:
    """Once index and encoder are there, a question is answered without what made them."""
    open_assistant(Setup(index_dir=model_index_dir))
    done = subprocess.run(
        [sys.executable, "-c", ASK, "ask", "does chemo hurt?", "--index-dir", str(model_index_dir)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "chemotherapy" in done.stdout.lower()
    imported = set(done.stderr.split())
    assert imported & NEVER_TO_ANSWER == set()
    assert {"onnxruntime", "tokenizers", "faiss"} <= imported


@pytest.mark.parametrize("module", ["corpus", "index", "assistant", "assistant.command_line"])
def test_importing_us_imports_nothing_heavy(module: str) -> None:
    """Not even the packages' own names bring a model's library along."""
    code = f"import sys, {module}; print(*sorted({{n.partition('.')[0] for n in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert set(done.stdout.split()) & NEVER_TO_ANSWER == set()
