"""One page about this installation, for the person who has to find out why something does not work."""

from __future__ import annotations

import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any
from zoneinfo import TZPATH, ZoneInfo

from dispatchwatch import __version__
from dispatchwatch.app import wire
from dispatchwatch.app.lock import is_running
from dispatchwatch.app.paths import Paths, resources
from dispatchwatch.dispatch.catalog import PLATFORMS
from dispatchwatch.domain.rules import RULES
from dispatchwatch.intake.catalog import FEEDS
from dispatchwatch.store.database import StoreError
from dispatchwatch.store.store import open_store

LIBRARIES = (
    "PySide6-Essentials",
    "qasync",
    "httpx",
    "aiohttp",
    "peewee",
    "APScheduler",
    "desktop-notifier",
    "plyer",
    "keyring",
)


def examine(
    paths: Paths, now: datetime, environment: dict[str, str], toasts: Callable[[], list[str]]
) -> dict[str, Any]:
    """Everything worth knowing, each as its own entry; what can't be found out says why. `toasts` finds out which ways
    there are to show one."""
    questions: dict[str, Callable[[], object]] = {
        "version": lambda: __version__,
        "python": lambda: f"{platform.python_version()} on {platform.platform()}",
        "frozen": lambda: bool(getattr(sys, "frozen", False)),
        "libraries": lambda: {name: metadata.version(name) for name in LIBRARIES},
        "qt_platform": lambda: environment.get("QT_QPA_PLATFORM") or "the system’s own",
        "display": lambda: environment.get("WAYLAND_DISPLAY") or environment.get("DISPLAY") or "none named",
        "time_zones": _time_zones,
        "clock": lambda: f"{wire.instant(now)} UTC, {now.astimezone():%Y-%m-%d %H:%M:%S %Z} here",
        "keyring": _keyring,
        "toasts": toasts,
        "sqlite": lambda: sqlite3.sqlite_version,
        "database": lambda: _database(paths.database, now),
        "disk": lambda: _disk(paths.data),
        "configuration": lambda: f"{paths.config} ({'there' if paths.config.exists() else 'not there'})",
        "data": lambda: str(paths.data),
        "running": lambda: is_running(paths.lock),
        "resources": lambda: f"{resources()} ({'there' if resources().is_dir() else 'missing'})",
        "platforms": lambda: [one.key for one in PLATFORMS],
        "feeds": lambda: list(FEEDS),
        "rules": lambda: [kind.value for rule in RULES for kind in rule.kinds],
    }
    return {name: _answer(question) for name, question in questions.items()}


def _answer(question: Callable[[], object]) -> object:
    try:
        return question()
    except Exception as error:  # noqa: BLE001 - one thing that is broken must not hide the others
        return f"can’t be found out: {error!r}"


def _time_zones() -> str:
    ZoneInfo("America/Chicago")
    version = metadata.version("tzdata")
    return f"tzdata {version}" + (f", and the system’s in {TZPATH[0]}" if TZPATH else "")


def _keyring() -> str:
    import keyring

    return str(keyring.get_keyring())


def _database(path: Path, now: datetime) -> str:
    if not path.exists():
        return f"{path} (not made yet)"
    try:
        store = open_store(path, now)
    except StoreError as error:
        return str(error)
    try:
        problems = store.database.problems()
        return f"{path}, {path.stat().st_size / 1e6:.1f} MB, {'; '.join(problems) or 'sound'}"
    finally:
        store.close()


def _disk(folder: Path) -> str:
    while not folder.exists():
        folder = folder.parent
    return f"{shutil.disk_usage(folder).free / 1e9:.1f} GB free"
