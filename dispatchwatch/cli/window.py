"""Starting the desk window: the one command that needs Qt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dispatchwatch.app.clock import SystemClock
from dispatchwatch.app.compose import Setting, build_engine_thread
from dispatchwatch.app.config import Config, ConfigError
from dispatchwatch.app.engine_thread import EngineThread
from dispatchwatch.app.logs import set_up_log
from dispatchwatch.app.paths import Paths
from dispatchwatch.cli.common import secret_source
from dispatchwatch.desktop.office_files import OfficeFiles
from dispatchwatch.desktop.run import run_window


def open_window(paths: Paths, read: Callable[[], Config], resources: Path, user: str, screenshots: Path | None) -> int:
    """Opens the window on its engine and returns the exit status once it is closed.

    `read` gives the configuration as it is now, for each engine anew. Where it can't be used the window opens all the
    same, to have it mended there; raises `ConfigError` where nobody is there to do it.
    """
    set_up_log(paths.logs)
    secrets = secret_source(paths.config)
    known: list[Config] = []
    try:
        known.append(read())
    except ConfigError:
        if screenshots is not None:
            raise
    office = known[0] if known else Config.empty(paths.config)

    def make_engine() -> EngineThread:
        config = known.pop() if known else read()
        setting = Setting(config=config, database=paths.database, clock=SystemClock(), secrets=secrets)
        return build_engine_thread(setting, paths.lock)

    return run_window(
        make_engine,
        resources=resources,
        data=paths.data,
        files=OfficeFiles(paths.config, secrets, paths.database),
        office_name=office.office_name,
        timezone=office.office.zone.key,
        user=user,
        screenshots=screenshots,
    )
