"""The whole program over a mishap: an engine that falls over, and a run that is cut off."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from dispatchwatch.desktop.last_run import MARK
from tests.desktop.test_run import start


@pytest.mark.process
def test_an_engine_that_falls_over_is_started_again(tmp_path: Path) -> None:
    program = start("--data", str(tmp_path), "--mortal")
    assert program.stdout is not None
    assert [program.stdout.readline() for _ in range(2)] == ["open\n", "open\n"]
    program.send_signal(signal.SIGTERM)
    program.communicate(timeout=30)
    assert program.returncode == 0
    assert not (tmp_path / "logs" / MARK).exists()


@pytest.mark.process
def test_a_run_that_is_cut_off_leaves_its_mark(tmp_path: Path) -> None:
    program = start("--data", str(tmp_path), "--say-when-open")
    assert program.stdout is not None
    assert program.stdout.readline() == "open\n"
    program.kill()
    program.communicate(timeout=30)
    assert (tmp_path / "logs" / MARK).exists()
