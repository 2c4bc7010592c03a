"""Starting with the system, for this user alone: an entry where the system looks when somebody signs in.

Linux: a file in `autostart` (freedesktop.org, Desktop Application Autostart Specification). macOS: a LaunchAgent
(launchd.plist(5)). Windows: a value under HKCU's `Run` key (Microsoft, “Run and RunOnce Registry Keys”).
"""

from __future__ import annotations

import plistlib
import re
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

NAME = "DispatchWatch"
RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
LABEL = "org.dispatchwatch.desk"


class Autostart(ABC):
    """`is_on`, `put` and `take` block. All raise OSError where the system does not allow it."""

    @property
    @abstractmethod
    def is_on(self) -> bool: ...

    @abstractmethod
    def put(self) -> None:
        """From now on it starts with the system."""

    @abstractmethod
    def take(self) -> None:
        """From now on it does not."""


@dataclass(frozen=True, slots=True)
class FileAutostart(Autostart):
    """`text` is what the file holds."""

    path: Path
    text: str

    @property
    def is_on(self) -> bool:
        return self.path.is_file()

    def put(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.text, encoding="utf-8")

    def take(self) -> None:
        self.path.unlink(missing_ok=True)


class Registry(Protocol):
    """The values below one key of the Windows registry."""

    def read(self, name: str) -> str | None: ...

    def write(self, name: str, value: str) -> None: ...

    def delete(self, name: str) -> None: ...


@dataclass(frozen=True, slots=True)
class RegistryAutostart(Autostart):
    registry: Registry
    command: Sequence[str]

    @property
    def is_on(self) -> bool:
        return self.registry.read(NAME) is not None

    def put(self) -> None:
        self.registry.write(NAME, subprocess.list2cmdline(self.command))

    def take(self) -> None:
        if self.is_on:
            self.registry.delete(NAME)


class RunKey:
    """HKCU's `Run` key."""

    def read(self, name: str) -> str | None:
        if sys.platform != "win32":
            raise OSError("there is no registry here")
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, RUN_KEY) as key:
                return str(winreg.QueryValueEx(key, name)[0])
        except FileNotFoundError:
            return None

    def write(self, name: str, value: str) -> None:
        if sys.platform != "win32":
            raise OSError("there is no registry here")
        import winreg

        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, RUN_KEY) as key:
            winreg.SetValueEx(key, name, 0, winreg.REG_SZ, value)

    def delete(self, name: str) -> None:
        if sys.platform != "win32":
            raise OSError("there is no registry here")
        import winreg

        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, RUN_KEY, 0, winreg.KEY_SET_VALUE) as key:
            winreg.DeleteValue(key, name)


def autostart_of(
    system: str, home: Path, environment: Mapping[str, str], registry: Registry, command: Sequence[str]
) -> Autostart:
    """`system` is what `sys.platform` calls it; `command` starts the program."""
    if system == "win32":
        return RegistryAutostart(registry, command)
    if system == "darwin":
        return FileAutostart(home / "Library" / "LaunchAgents" / f"{LABEL}.plist", agent_text(command))
    config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    return FileAutostart(config / "autostart" / "dispatchwatch.desktop", entry_text(command))


def entry_text(command: Sequence[str]) -> str:
    starts = " ".join(map(_quoted, command))
    lines = ("[Desktop Entry]", "Type=Application", f"Name={NAME}", f"Exec={starts}", "Terminal=false")
    return "\n".join(lines) + "\n"


def agent_text(command: Sequence[str]) -> str:
    told = {"Label": LABEL, "ProgramArguments": list(command), "RunAtLoad": True, "ProcessType": "Interactive"}
    return plistlib.dumps(told).decode("utf-8")


def own_command(executable: str, config: Path, *, is_frozen: bool) -> tuple[str, ...]:
    """What starts this very program with this configuration."""
    program = (executable,) if is_frozen else (executable, "-m", "dispatchwatch")
    return (*program, "open", "--config", str(config))


def _quoted(word: str) -> str:
    """As the key Exec of a desktop entry wants it: quotes, and twice escaped what it would read otherwise."""
    escaped = re.sub(r'(["`$\\])', r"\\\1", word).replace("\\", "\\\\").replace("%", "%%")
    return escaped if re.fullmatch(r"[\w@+=:,./-]+", word) else f'"{escaped}"'
