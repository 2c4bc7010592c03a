#!/usr/bin/env python3
"""Prepares, opens and checks DispatchWatch from a bare checkout, with nothing but Python."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# A file stays whole, because its tests may share a server or a window. Files begin in the order of tests/conftest.py.
PARALLEL = ("--dist", "loadfile", "--no-loadscope-reorder")
ROOT = Path(__file__).resolve().parents[1]
UV_VERSION = "0.13.9"
SUPPORTED_PYTHONS = ((3, 13), (3, 12), (3, 11))

# Every system library that the locked Qt links to and that a bare Debian 12 may lack.
QT_PACKAGES = (
    "libbrotli1 libdbus-1-3 libegl1 libfontconfig1 libfreetype6 libgl1 libglib2.0-0 libgssapi-krb5-2 "
    "libwayland-client0 libwayland-cursor0 libwayland-egl1 libx11-6 libx11-xcb1 libxcb1 libxcb-cursor0 libxcb-glx0 "
    "libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render0 libxcb-render-util0 libxcb-shape0 "
    "libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xkb1 libxkbcommon0 libxkbcommon-x11-0"
)
APT_INSTALL = "apt-get install -y --no-install-recommends"

Environment = Mapping[str, str]
Run = Callable[[Sequence[str], Environment], int]
Installed = Callable[[Sequence[str]], set[str]]


class StepError(Exception):
    """A step that failed, told in a sentence that says what to do."""


def say(text: str) -> None:
    print(text, flush=True)


def run(command: Sequence[str], environment: Environment) -> int:
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        return process.wait()
    except SystemExit:
        process.terminate()
        raise
    finally:
        # Ctrl+C has reached the process as well; it may clean up in its own time.
        process.wait()


def replacement_python(running: tuple[int, int], which: Callable[[str], str | None]) -> str | None:
    """Another Python to go on with; None when the running one will do."""
    if running in SUPPORTED_PYTHONS:
        return None
    found = next((found for major, minor in SUPPORTED_PYTHONS if (found := which(f"python{major}.{minor}"))), None)
    if found is not None:
        return found
    raise StepError(
        f"This is Python {running[0]}.{running[1]}, and DispatchWatch needs Python 3.11, 3.12 or 3.13 "
        "(>=3.11,<3.14): install one of them, then run this again."
    )


def installed_packages(names: Sequence[str]) -> set[str]:
    query = ["dpkg-query", "-W", "-f=${Package} ${db:Status-Status}\n", *names]
    listing = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    return {line.split()[0] for line in listing.splitlines() if line.endswith(" installed")}


def missing_packages(wanted: Sequence[str], installed: Installed) -> list[str]:
    # Newer releases call some libraries NAMEt64; apt-get still takes the old name for them.
    present = installed([*wanted, *(f"{name}t64" for name in wanted)])
    return [name for name in wanted if not present & {name, f"{name}t64"}]


def ensure_packages(
    needed: Sequence[str], optional: Sequence[str], installed: Installed, *, is_root: bool, run_apt: Run
) -> None:
    """Stops only for what is needed; what is optional is worth one sentence."""
    if is_root:
        install_packages([missing_packages(group, installed) for group in (needed, optional)], run_apt)
    missing = missing_packages([*needed, *optional], installed)
    line = f"{'' if is_root else 'sudo '}{APT_INSTALL} {' '.join(missing)}"
    if set(missing) & set(needed):
        raise StepError(f"System packages are missing: run the next line, then this command again.\n{line}")
    if missing:
        say(f"This works without, but better with: {line}")


def install_packages(groups: Sequence[Sequence[str]], run_apt: Run) -> None:
    """One call for each group, so that an unknown name in one does not keep out another."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if any(groups):
        run_apt(["apt-get", "update"], environment)
    for packages in filter(None, groups):
        run_apt([*APT_INSTALL.split(), *packages], environment)


@dataclass(frozen=True)
class Checkout:
    """A checkout with its .venv, and how commands are run for it."""

    root: Path
    environment: Environment
    run: Run
    platform: str = sys.platform
    version: tuple[int, int] = sys.version_info[:2]

    def tool(self, name: str) -> str:
        folder, ending = ("Scripts", ".exe") if self.platform == "win32" else ("bin", "")
        return str(self.root / ".venv" / folder / f"{name}{ending}")

    def fingerprint(self) -> str:
        """Changes with the lock, the project, the Python and the place, for .venv holds absolute paths."""
        files = [(self.root / name).read_bytes() for name in ("uv.lock", "pyproject.toml")]
        return hashlib.sha256(b"\0".join([f"{self.root} {self.version}".encode(), *files])).hexdigest()

    def prepare(self) -> None:
        """Fills .venv with the locked packages, unless that is done already."""
        stamp = self.root / ".venv" / "dispatchwatch-setup"
        fingerprint = self.fingerprint()
        if stamp.is_file() and stamp.read_text("utf-8") == fingerprint and self.has_module("PySide6"):
            return
        stamp.unlink(missing_ok=True)
        if not self.has_module("pip"):
            self.make_venv()
        self.install_locked_packages()
        stamp.write_text(fingerprint, "utf-8")

    def has_module(self, module: str) -> bool:
        """Whether .venv has a working Python of the right version, and this module in it."""
        probe = f"sys.version_info[:2] != {self.version} or util.find_spec({module!r}) is None"
        command = [self.tool("python"), "-c", f"import sys, importlib.util as util; sys.exit({probe})"]
        return Path(self.tool("python")).exists() and self.run(command, self.environment) == 0

    def make_venv(self) -> None:
        # The base interpreter, for sys.executable may lie in the very .venv that is about to be cleared.
        python = getattr(sys, "_base_executable", sys.executable)
        self.step(
            [python, "-m", "venv", "--clear", str(self.root / ".venv")],
            "Python could not make .venv: install its venv and ensurepip modules, then run this again.",
        )

    def install_locked_packages(self) -> None:
        pip = [self.tool("python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        self.step(
            [*pip, f"uv=={UV_VERSION}"],
            "uv could not be installed: check the network connection, then run this again.",
        )
        # --inexact spares uv and pip, which no lock names.
        sync = [self.tool("uv"), "sync", "--locked", "--inexact", "--extra", "dev"]
        self.step(
            [*sync, "--python", self.tool("python")],
            "The locked packages could not be installed: "
            "see uv's message above, check the network connection, then run this again.",
        )

    def step(self, command: Sequence[str], advice: str) -> None:
        settings = {
            # As pip does: a company's own certificate authority is known to the system alone.
            "UV_SYSTEM_CERTS": "true",
            **self.environment,
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_PROJECT_ENVIRONMENT": str(self.root / ".venv"),
            "VIRTUAL_ENV": str(self.root / ".venv"),
        }
        if self.run(command, settings) != 0:
            raise StepError(advice)


def has_display(platform: str, environment: Environment) -> bool:
    return platform != "linux" or bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


@contextlib.contextmanager
def window_environment(platform: str, environment: Environment) -> Iterator[Environment]:
    """Keeps test windows off a Linux desktop: they open on Xvfb where there is one, else nowhere."""
    server = shutil.which("Xvfb", path=environment.get("PATH")) if platform == "linux" else None
    if server is None:
        yield {**environment, "QT_QPA_PLATFORM": "offscreen"} if platform == "linux" else environment
        return
    command = [server, "-displayfd", "1", "-screen", "0", "1920x1200x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        number = process.stdout.readline().strip() if process.stdout else ""
        window = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{number}"}
        try:
            yield {**environment, **(window if number else {"QT_QPA_PLATFORM": "offscreen"})}
        finally:
            process.terminate()


def setup(checkout: Checkout, _extra: Sequence[str]) -> None:
    """make .venv and install the locked packages into it"""
    say(f"Ready: {checkout.root / '.venv'} holds the locked packages.")


def run_demo(checkout: Checkout, extra: Sequence[str]) -> None:
    """open the demo; further arguments go to dispatchwatch demo"""
    windowless: list[str] = []
    if not has_display(checkout.platform, checkout.environment):
        say("There is no display here, so the demo runs for a minute without its window.")
        windowless = ["--headless", "--seconds", "60"]
    command = [checkout.tool("dispatchwatch"), "demo", *windowless, *extra]
    if checkout.run(command, checkout.environment) != 0:
        raise StepError("The demo ended with an error: see its message above.")


def workers(cores: int) -> int:
    """One more than there are cores, for many a test waits for a process or a server; five are enough."""
    return min(cores + 1, 5)


def compiled_once(root: Path, environment: Environment) -> Environment:
    """Lets Python keep what it compiles, inside .venv, so that a checkout stays clean even where nothing may be written
    beside the sources. Otherwise every process of the suite compiles the tests and the program anew.
    """
    rest = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**rest, "PYTHONPYCACHEPREFIX": str(root / ".venv" / "bytecode")}


def test(checkout: Checkout, extra: Sequence[str]) -> None:
    """run every check, then the tests; further arguments go to pytest"""
    parallel = ["-n", str(workers(os.cpu_count() or 1)), *PARALLEL]
    checks = {
        "ruff check": [checkout.tool("ruff"), "check"],
        "ruff format": [checkout.tool("ruff"), "format", "--check"],
        "mypy": [checkout.tool("mypy")],
        "lint-imports": [checkout.tool("lint-imports")],
        "pytest": [checkout.tool("pytest"), "--ignore=tests/bench", *parallel, *extra],
    }
    failed = []
    environment = dict(compiled_once(checkout.root, checkout.environment))
    if checkout.platform == "linux":
        # Nowhere rather than on one display: there the windows of all workers take the keyboard from one another.
        environment["QT_QPA_PLATFORM"] = "offscreen"
    for name, command in checks.items():
        say(f"\n[{name}]")
        if checkout.run(command, environment) != 0:
            failed.append(name)
    if failed:
        raise StepError(f"Failed: {', '.join(failed)}; see what they say above.")
    say(f"All good: {', '.join(checks)}.")


def bench(checkout: Checkout, extra: Sequence[str]) -> None:
    """run the benchmarks; further arguments go to pytest"""
    command = [checkout.tool("python"), "-m", "pytest", "tests/bench", "-q", "-s", *extra]
    with window_environment(checkout.platform, checkout.environment) as environment:
        if checkout.run(command, environment) != 0:
            raise StepError("The benchmarks failed: see what pytest says above.")


COMMANDS = {"setup": setup, "run": run_demo, "test": test, "bench": bench}


def perform(name: str, extra: Sequence[str]) -> None:
    checkout = Checkout(ROOT, os.environ, run)
    if shutil.which("apt-get"):
        can_make_venv = importlib.util.find_spec("ensurepip") or checkout.has_module("pip")
        venv_package = [] if can_make_venv else [f"python3.{checkout.version[1]}-venv"]
        needed = [*venv_package, *QT_PACKAGES.split()]
        optional = ["fonts-inter", *{"bench": ["xvfb"], "test": ["dbus-daemon"]}.get(name, [])]
        is_root = sys.platform != "win32" and os.geteuid() == 0
        ensure_packages(needed, optional, installed_packages, is_root=is_root, run_apt=run)
    checkout.prepare()
    COMMANDS[name](checkout, extra)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    choices = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, command in COMMANDS.items():
        choices.add_parser(name, help=command.__doc__)
    # What follows any other command is not ours to understand.
    chosen = parser.parse_args(arguments if arguments[:1] == ["setup"] else arguments[:1]).command
    try:
        if python := replacement_python(sys.version_info[:2], shutil.which):
            return run([python, __file__, *arguments], os.environ)
        perform(chosen, arguments[1:])
    except (StepError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    # An exception lets whatever was started end as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
