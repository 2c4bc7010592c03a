"""What packaging/dev.py decides; what it installs is tried by whoever runs it."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

ROOT = Path(__file__).parents[2]


def load_dev() -> ModuleType:
    """By its path, for packaging/ is a folder of scripts and also the name of somebody else's package."""
    specification = importlib.util.spec_from_file_location("dispatchwatch_dev", ROOT / "packaging" / "dev.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


if TYPE_CHECKING:
    import dev
else:
    dev = load_dev()


@dataclass
class Shell:
    """Records commands instead of running them."""

    failing: tuple[str, ...] = ()
    commands: list[str] = field(default_factory=list)
    environments: list[Mapping[str, str]] = field(default_factory=list)

    def run(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        line = " ".join(command)
        self.commands.append(line)
        self.environments.append(environment)
        if "-m venv" in line:
            make_file(Path(command[-1]) / "bin" / "python")
        return int(any(part in line for part in self.failing))

    def has_run(self, part: str) -> bool:
        return any(part in command for command in self.commands)


@dataclass
class Debian:
    """A machine's packages; apt-get knows those in its archive."""

    packages: set[str]
    archive: set[str] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)

    def installed(self, names: Sequence[str]) -> set[str]:
        return self.packages & set(names)

    def run_apt(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        assert environment["DEBIAN_FRONTEND"] == "noninteractive"
        self.calls.append(" ".join(command))
        wanted = {name for name in command[2:] if not name.startswith("-")}
        if not wanted <= self.archive:
            return 100
        self.packages |= wanted
        return 0

    def ensure(self, needed: Sequence[str], optional: Sequence[str], *, is_root: bool) -> None:
        dev.ensure_packages(needed, optional, self.installed, is_root=is_root, run_apt=self.run_apt)


def make_file(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def shell() -> Shell:
    return Shell()


@pytest.fixture
def checkout(tmp_path: Path, shell: Shell) -> dev.Checkout:
    make_file(tmp_path / "uv.lock", "version = 1")
    make_file(tmp_path / "pyproject.toml", "[project]")
    return dev.Checkout(tmp_path, {"PATH": str(tmp_path)}, shell.run, "linux", (3, 11))


class TestPython:
    @pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
    def test_a_supported_one_goes_on_by_itself(self, version: tuple[int, int]) -> None:
        assert dev.replacement_python(version, lambda name: f"/usr/bin/{name}") is None

    @pytest.mark.parametrize("version", [(3, 9), (3, 14)])
    def test_another_one_hands_over_to_the_newest_supported(self, version: tuple[int, int]) -> None:
        there = {"python3.11": "/usr/bin/python3.11", "python3.12": "/usr/bin/python3.12"}
        assert dev.replacement_python(version, there.get) == "/usr/bin/python3.12"

    def test_without_a_supported_one_it_says_which_the_project_takes(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        with pytest.raises(dev.StepError, match=r"This is Python 3\.14") as caught:
            dev.replacement_python((3, 14), lambda _: None)
        assert project["requires-python"] in str(caught.value)


class TestSystemPackages:
    def test_a_renamed_library_counts_as_there(self) -> None:
        machine = Debian({"libgl1", "libglib2.0-0t64"})
        wanted = ["libgl1", "libglib2.0-0", "libegl1"]
        assert dev.missing_packages(wanted, machine.installed) == ["libegl1"]

    def test_who_is_not_root_gets_one_line_for_everything(self) -> None:
        machine = Debian({"libgl1"})
        with pytest.raises(dev.StepError) as caught:
            machine.ensure(["python3.11-venv", "libgl1", "libegl1"], ["xvfb"], is_root=False)
        *_, line = str(caught.value).splitlines()
        expected = "sudo apt-get install -y --no-install-recommends python3.11-venv libegl1 xvfb"
        assert line == expected
        assert machine.calls == []

    def test_root_installs_what_is_missing(self) -> None:
        machine = Debian({"libgl1"}, archive={"libegl1", "xvfb"})
        machine.ensure(["libgl1", "libegl1"], ["xvfb"], is_root=True)
        assert machine.packages == {"libgl1", "libegl1", "xvfb"}
        assert machine.calls[0] == "apt-get update"

    def test_root_calls_nothing_when_nothing_is_missing(self) -> None:
        machine = Debian({"libgl1", "xvfb"})
        machine.ensure(["libgl1"], ["xvfb"], is_root=True)
        assert machine.calls == []

    def test_an_unknown_optional_package_keeps_nothing_needed_out(self, capsys: pytest.CaptureFixture[str]) -> None:
        machine = Debian(set(), archive={"libegl1"})
        machine.ensure(["libegl1"], ["fonts-inter"], is_root=True)
        assert machine.packages == {"libegl1"}
        assert "fonts-inter" in capsys.readouterr().out

    def test_root_is_told_when_apt_brings_nothing(self) -> None:
        with pytest.raises(dev.StepError, match=r"\napt-get install -y .* libegl1$"):
            Debian(set()).ensure(["libegl1"], [], is_root=True)


class TestSetup:
    def test_a_bare_checkout_gets_the_locked_packages(self, checkout: dev.Checkout, shell: Shell) -> None:
        checkout.prepare()
        venv, uv, sync = shell.commands
        assert "-m venv --clear" in venv
        assert uv.endswith(f"uv=={dev.UV_VERSION}")
        assert "uv sync --locked --inexact --extra dev" in sync

    def test_the_second_time_there_is_nothing_to_do(self, checkout: dev.Checkout, shell: Shell) -> None:
        checkout.prepare()
        shell.commands.clear()
        checkout.prepare()
        assert not shell.has_run("install")
        assert not shell.has_run("sync")

    @pytest.mark.parametrize("name", ["uv.lock", "pyproject.toml"])
    def test_a_change_is_installed_into_the_same_venv(self, checkout: dev.Checkout, shell: Shell, name: str) -> None:
        checkout.prepare()
        shell.commands.clear()
        make_file(checkout.root / name, "changed = true")
        checkout.prepare()
        assert shell.has_run("uv sync")
        assert not shell.has_run("-m venv")

    def test_the_stamp_depends_on_python_and_place(self, checkout: dev.Checkout, tmp_path: Path) -> None:
        for name in ("uv.lock", "pyproject.toml"):
            make_file(tmp_path / "moved" / name, (checkout.root / name).read_text("utf-8"))
        moved = replace(checkout, root=tmp_path / "moved")
        newer = replace(checkout, version=(3, 13))
        assert len({checkout.fingerprint(), moved.fingerprint(), newer.fingerprint()}) == 3

    def test_a_broken_venv_is_made_anew(self, checkout: dev.Checkout) -> None:
        checkout.prepare()
        broken = Shell(failing=("find_spec",))
        replace(checkout, run=broken.run).prepare()
        assert broken.has_run("-m venv --clear")

    @pytest.mark.parametrize("step", ["-m venv", "pip install", "uv sync"])
    def test_a_failed_step_says_what_to_do_and_is_tried_again(
        self, checkout: dev.Checkout, shell: Shell, step: str
    ) -> None:
        shell.failing = (step,)
        with pytest.raises(dev.StepError, match="then run this again"):
            checkout.prepare()
        shell.failing = ()
        shell.commands.clear()
        checkout.prepare()
        assert shell.has_run("uv sync")

    def test_uv_keeps_to_this_venv_and_to_the_users_settings(self, checkout: dev.Checkout, shell: Shell) -> None:
        settings = {"UV_SYSTEM_CERTS": "false", "VIRTUAL_ENV": "/elsewhere"}
        replace(checkout, environment=settings).prepare()
        assert shell.environments[-1] == {
            "UV_SYSTEM_CERTS": "false",
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_PROJECT_ENVIRONMENT": str(checkout.root / ".venv"),
            "VIRTUAL_ENV": str(checkout.root / ".venv"),
        }


class TestDisplay:
    @pytest.mark.parametrize(
        ("platform", "environment", "expected"),
        [
            ("linux", {}, False),
            ("linux", {"DISPLAY": ""}, False),
            ("linux", {"DISPLAY": ":0"}, True),
            ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
            ("darwin", {}, True),
            ("win32", {}, True),
        ],
    )
    def test_only_linux_can_be_without(self, platform: str, environment: dict[str, str], expected: bool) -> None:
        assert dev.has_display(platform, environment) is expected

    def test_other_systems_test_on_their_own_desktop(self) -> None:
        with dev.window_environment("darwin", {"HOME": "/Users/ada"}) as environment:
            assert environment == {"HOME": "/Users/ada"}

    def test_without_xvfb_windows_open_nowhere(self, tmp_path: Path) -> None:
        with dev.window_environment("linux", {"PATH": str(tmp_path), "DISPLAY": ":0"}) as environment:
            assert environment["QT_QPA_PLATFORM"] == "offscreen"

    @pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for Xvfb is a shell script")
    @pytest.mark.parametrize(
        ("script", "expected"),
        [
            ("echo 77; exec /bin/sleep 600", {"QT_QPA_PLATFORM": "xcb", "DISPLAY": ":77"}),
            ("exit 1", {"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}),
        ],
    )
    def test_xvfb_lends_its_display_while_it_can(self, tmp_path: Path, script: str, expected: dict[str, str]) -> None:
        make_file(tmp_path / "Xvfb", f"#!/bin/sh\n{script}\n").chmod(0o755)
        with dev.window_environment("linux", {"PATH": str(tmp_path), "DISPLAY": ":0"}) as environment:
            assert environment == {"PATH": str(tmp_path), **expected}


class TestCommands:
    def test_every_check_runs_and_the_tests_come_last(self, checkout: dev.Checkout, shell: Shell) -> None:
        shell.failing = ("ruff check", "mypy")
        with pytest.raises(dev.StepError, match="Failed: ruff check, mypy;"):
            dev.test(checkout, ["-k", "late"])
        assert len(shell.commands) == 5
        assert "pytest --ignore=tests/bench -n " in shell.commands[-1]
        assert shell.commands[-1].endswith(" -k late")

    @pytest.mark.parametrize(("cores", "expected"), [(1, 2), (2, 3), (4, 5), (64, 5)])
    def test_there_is_one_worker_more_than_cores(self, cores: int, expected: int) -> None:
        assert dev.workers(cores) == expected

    def test_python_keeps_what_it_compiles_inside_the_venv(self, checkout: dev.Checkout, shell: Shell) -> None:
        dev.test(replace(checkout, environment={"PYTHONDONTWRITEBYTECODE": "1", "PATH": "", "HOME": "/ada"}), [])
        used = shell.environments[-1]
        assert used["PYTHONPYCACHEPREFIX"] == str(checkout.root / ".venv" / "bytecode")
        assert used["HOME"] == "/ada"
        assert "PYTHONDONTWRITEBYTECODE" not in used

    def test_all_good_is_said_in_the_end(self, checkout: dev.Checkout, capsys: pytest.CaptureFixture[str]) -> None:
        dev.test(checkout, [])
        assert capsys.readouterr().out.splitlines()[-1].startswith("All good: ruff check,")

    def test_the_benchmarks_get_the_arguments(self, checkout: dev.Checkout, shell: Shell) -> None:
        dev.bench(checkout, ["--rows", "10"])
        assert shell.commands[-1].endswith("-m pytest tests/bench -q -s --rows 10")

    def test_without_a_display_the_demo_goes_without_its_window(
        self, checkout: dev.Checkout, shell: Shell, capsys: pytest.CaptureFixture[str]
    ) -> None:
        dev.run_demo(checkout, ["--seconds", "5"])
        assert shell.commands[-1].endswith("dispatchwatch demo --headless --seconds 60 --seconds 5")
        assert "no display" in capsys.readouterr().out

    def test_with_a_display_the_demo_opens(self, checkout: dev.Checkout, shell: Shell) -> None:
        dev.run_demo(replace(checkout, environment={"DISPLAY": ":0"}), [])
        assert shell.commands[-1].endswith("dispatchwatch demo")

    def test_a_command_of_its_own_takes_no_further_arguments(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit):
            dev.main(["setup", "--fast"])
        assert "--fast" in capsys.readouterr().err
