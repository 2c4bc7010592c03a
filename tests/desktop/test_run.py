"""The whole program, as a process of its own: it opens, paints, and ends by itself, with nothing to complain of."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dispatchwatch.desktop.pages import PLACES

ROOT = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONWARNINGS": "error"}


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.desktop.demo", *arguments],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.process
def test_pictures_of_every_page_are_taken_and_the_program_ends(tmp_path: Path) -> None:
    program = start("--screenshots", str(tmp_path / "shots"), "--data", str(tmp_path / "data"))
    _, errors = program.communicate(timeout=60)
    assert (program.returncode, errors) == (0, "")
    names = {path.stem for path in (tmp_path / "shots").iterdir()}
    pages = {"board", "visit", "alerts", "sent", "feeds", *(place.icon for place in PLACES)}
    assert names == {f"{page}{dark}" for page in pages for dark in ("", "-dark")}


@pytest.mark.process
def test_a_second_start_ends_at_once_and_a_signal_ends_the_first(tmp_path: Path) -> None:
    first = start("--data", str(tmp_path), "--say-when-open")
    assert first.stdout is not None
    assert first.stdout.readline() == "open\n"
    second = start("--data", str(tmp_path))
    assert second.communicate(timeout=30)[1] == ""
    assert second.returncode == 0
    first.send_signal(signal.SIGTERM)
    _, errors = first.communicate(timeout=30)
    told = [line for line in errors.splitlines() if not line.startswith("This plugin does not support")]
    assert (first.returncode, told) == (0, [])


@pytest.mark.process
def test_an_engine_that_does_not_start_is_said_in_one_sentence(tmp_path: Path) -> None:
    program = start("--screenshots", str(tmp_path / "shots"), "--data", str(tmp_path / "data"), "--broken")
    _, errors = program.communicate(timeout=60)
    assert program.returncode == 1
    assert errors == "DispatchWatch can’t start: the schedule is locked.\n"
