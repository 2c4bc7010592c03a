"""Where things are: the user's configuration, the user's data, and what the program brings along."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import platformdirs

APPLICATION = "DispatchWatch"


@dataclass(frozen=True, slots=True)
class Paths:
    """`config` is the configuration file, `data` the folder of database, logs and lock."""

    config: Path
    data: Path

    @property
    def database(self) -> Path:
        return self.data / "dispatchwatch.sqlite"

    @property
    def lock(self) -> Path:
        return self.data / "dispatchwatch.lock"

    @property
    def logs(self) -> Path:
        return self.data / "logs"


def user_paths(config: Path | None, data: Path | None) -> Paths:
    """The paths that were asked for, else those of the user."""
    folders = platformdirs.PlatformDirs(APPLICATION, appauthor=False)
    return Paths(
        config=config or folders.user_config_path / "dispatchwatch.toml",
        data=data or folders.user_data_path,
    )


def make_private(folder: Path) -> None:
    """Makes the folder, readable by its user alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)


def resources() -> Path:
    """The folder of icons, sounds, the sample day and help: inside an installed package, else beside its source."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent / "resources"
