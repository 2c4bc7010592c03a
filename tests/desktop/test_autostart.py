"""Starting with the system: what each system is told, and that it can be taken back."""

from __future__ import annotations

import plistlib
import subprocess
from pathlib import Path

import pytest

from dispatchwatch.desktop.autostart import NAME, Autostart, autostart_of, entry_text, own_command


class Values:
    """A key of the registry in memory."""

    def __init__(self) -> None:
        self.told: dict[str, str] = {}

    def read(self, name: str) -> str | None:
        return self.told.get(name)

    def write(self, name: str, value: str) -> None:
        self.told[name] = value

    def delete(self, name: str) -> None:
        del self.told[name]


COMMAND = ("/opt/my desk/dispatchwatch", "open", "--config", "/home/ana/100%/$office.toml")


@pytest.fixture
def registry() -> Values:
    return Values()


@pytest.fixture(params=["linux", "darwin", "win32"])
def autostart(request: pytest.FixtureRequest, tmp_path: Path, registry: Values) -> Autostart:
    return autostart_of(request.param, tmp_path, {}, registry, COMMAND)


def test_it_is_put_and_taken_again(autostart: Autostart) -> None:
    assert not autostart.is_on
    autostart.take()
    autostart.put()
    autostart.put()
    assert autostart.is_on
    autostart.take()
    assert not autostart.is_on


def test_linux_finds_it_where_the_user_has_his_settings(tmp_path: Path, registry: Values) -> None:
    autostart_of("linux", tmp_path, {"XDG_CONFIG_HOME": str(tmp_path / "own")}, registry, COMMAND).put()
    text = (tmp_path / "own" / "autostart" / "dispatchwatch.desktop").read_text(encoding="utf-8")
    assert text.startswith("[Desktop Entry]\nType=Application\n")


def test_the_words_of_a_command_stay_what_they_are_on_linux() -> None:
    line = next(one for one in entry_text(COMMAND).splitlines() if one.startswith("Exec="))
    assert line == 'Exec="/opt/my desk/dispatchwatch" open --config "/home/ana/100%%/\\\\$office.toml"'


def test_macos_is_told_by_an_agent(tmp_path: Path, registry: Values) -> None:
    autostart_of("darwin", tmp_path, {}, registry, COMMAND).put()
    agent = next((tmp_path / "Library" / "LaunchAgents").iterdir())
    told = plistlib.loads(agent.read_bytes())
    assert told["ProgramArguments"] == list(COMMAND)
    assert told["RunAtLoad"] is True


def test_windows_is_told_by_a_value_of_the_registry(tmp_path: Path, registry: Values) -> None:
    autostart_of("win32", tmp_path, {}, registry, COMMAND).put()
    assert registry.told == {NAME: subprocess.list2cmdline(COMMAND)}


@pytest.mark.parametrize("is_frozen", [True, False], ids=["installed", "from source"])
def test_it_starts_this_very_program(is_frozen: bool) -> None:
    command = own_command("/usr/bin/thing", Path("/etc/office.toml"), is_frozen=is_frozen)
    assert command[0] == "/usr/bin/thing"
    assert ("-m" in command) is not is_frozen
    assert command[-3:] == ("open", "--config", "/etc/office.toml")
