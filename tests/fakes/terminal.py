"""The program at a pseudo-terminal, and a person who types an answer whenever it asks."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PROMPT = (b"]: ", b"Answer: ", b"not shown: ")
SILENCE = 60.0
"""Seconds after which a program that says nothing has failed the test."""


def typed(
    arguments: Sequence[str], answers: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> tuple[str, int]:
    """What the terminal showed, and the exit status. Raises TimeoutError, and AssertionError where answers lack."""
    import pty  # not on Windows

    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        command = [sys.executable, "-m", "dispatchwatch", *arguments]
        os.execve(sys.executable, command, {**os.environ, **environment})  # noqa: S606 - ourselves
    try:
        shown = _conversation(terminal, list(answers))
    finally:
        os.close(terminal)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return shown.decode("utf-8", "replace").replace("\r\n", "\n"), status


def _conversation(terminal: int, answers: list[str]) -> bytes:
    shown, answered = b"", 0
    while True:
        if not select.select([terminal], [], [], SILENCE)[0]:
            raise TimeoutError(shown[-2000:].decode("utf-8", "replace"))
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the program has ended (Linux)
            return shown
        if not piece:
            return shown
        shown += piece
        if shown.endswith(PROMPT) and len(shown) > answered:
            assert answers, shown[-2000:].decode("utf-8", "replace")
            os.write(terminal, answers.pop(0).encode() + b"\n")
            answered = len(shown)
