"""The program's own log: what went wrong inside it, for whoever has to find out why."""

from __future__ import annotations

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path

from dispatchwatch.app.paths import make_private

LARGEST = 1_000_000
KEPT = 5


def set_up_log(folder: Path) -> None:
    """Warnings and worse go to a file in `folder`, readable by its user alone; nothing is written anywhere else."""
    make_private(folder)
    file = folder / "dispatchwatch.log"
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
    handler = RotatingFileHandler(file, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    # That a poll is left out because the one before still runs is as it should be.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
