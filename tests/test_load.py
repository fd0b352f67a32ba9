"""A few seconds of the load that `python tests/load.py` puts on a server for minutes."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.model
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="it counts memory as Linux does")
def test_nothing_is_lost_under_mixed_load(model_index_dir: Path) -> None:
    """Readers are answered or told, whoever else is there; the server neither fails nor grows."""
    command = [sys.executable, "tests/load.py", "--minutes", "0.1", "--index-dir", str(model_index_dir)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=400)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "answered" in done.stdout
