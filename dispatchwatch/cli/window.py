"""Starting the desk window: the one command that needs Qt."""

from __future__ import annotations

from pathlib import Path

from dispatchwatch.app.clock import SystemClock
from dispatchwatch.app.compose import Setting, build_engine_thread
from dispatchwatch.app.config import Config
from dispatchwatch.app.logs import set_up_log
from dispatchwatch.app.paths import Paths
from dispatchwatch.cli.common import secret_source
from dispatchwatch.desktop.office_files import OfficeFiles
from dispatchwatch.desktop.run import run_window


def open_window(paths: Paths, settings: Config, resources: Path, user: str, screenshots: Path | None) -> int:
    """Opens the window on its engine and returns the exit status once it is closed."""
    set_up_log(paths.logs)
    secrets = secret_source(paths.config)
    setting = Setting(config=settings, database=paths.database, clock=SystemClock(), secrets=secrets)
    return run_window(
        lambda: build_engine_thread(setting, paths.lock),
        resources=resources,
        data=paths.data,
        files=OfficeFiles(paths.config, secrets, paths.database),
        office_name=settings.office_name,
        timezone=settings.office.zone.key,
        user=user,
        screenshots=screenshots,
    )
