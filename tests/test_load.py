"""A few seconds of the load that `python tests/load.py` puts on a server for minutes."""

import os
import signal
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
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, **pipes, text=True, start_new_session=True) as process:
        try:
            said, told = process.communicate(timeout=400)
        except BaseException:
            # The server that it has started is to end with it.
            os.killpg(process.pid, signal.SIGKILL)
            raise
    assert (process.returncode, told) == (0, ""), said
    assert "answered" in said
