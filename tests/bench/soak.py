"""The whole program for a long time at many times the speed, with somebody who presses everything.

    QT_QPA_PLATFORM=offscreen python -m tests.bench.soak --minutes 30 --speed 60 --seed 1

An office of 480 visits a day goes on by itself; the window is used at random by keys and the mouse. Prints how many
actions were taken, every error that reached a person or the log, and how memory grew: the slope of the last two thirds
in MB an hour, by least squares.
"""

from __future__ import annotations

import argparse
import csv
import gc
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from qasync import QEventLoop

from dispatchwatch.app import garbage
from dispatchwatch.app.compose import Setting, build_engine_thread
from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.paths import resources
from dispatchwatch.app.secrets import SecretSource, system_keyring
from dispatchwatch.desktop.last_resort import LastResort
from dispatchwatch.desktop.office_files import OfficeFiles
from dispatchwatch.desktop.rail import RAIL
from dispatchwatch.desktop.session import Session
from dispatchwatch.desktop.session import Setting as Room
from dispatchwatch.desktop.single_instance import SingleInstance
from dispatchwatch.desktop.theme import Density, Scheme
from tests.fakes.receiver import Receiver

TECHNICIANS, EVERY = 40, timedelta(minutes=3)
PER_DAY = timedelta(days=1) // EVERY
ACTIONS_APART = 120
"""Milliseconds."""
KEYS = "1234567890ACSRNLMF/?"
SPECIAL = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Return,
    Qt.Key.Key_Escape,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Space,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_F5,
    Qt.Key.Key_F11,
)
WORDS = ("late", "J-1", "Plant 4", "tech:ortiz", "zzz", "")


class FastClock:
    """Runs `speed` times as fast as the computer's."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._began, self._first = time.monotonic(), datetime.now(UTC)

    def now(self) -> datetime:
        return self._first + timedelta(seconds=self.steady())

    def steady(self) -> float:
        return (time.monotonic() - self._began) * self._speed


class Office:
    """The export of three days: each visit arrives, is late, cancelled or never reached, by its number."""

    def __init__(self, folder: Path, clock: FastClock) -> None:
        self._file = folder / "today.csv"
        self._clock = clock
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)

    def start(self) -> None:
        self.write()
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._over.wait(2.0):
            self.write()

    def write(self) -> None:
        now = self._clock.now()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        first = int((midnight - timedelta(days=1)).timestamp()) // int(EVERY.total_seconds())
        draft = self._file.with_suffix(".part")
        with draft.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("Appointment No", "Start", "Status", "Tech", "Customer", "Site", "Arrived At"))
            writer.writerows(_line(number, now) for number in range(first, first + 3 * PER_DAY))
        draft.replace(self._file)


def _line(number: int, now: datetime) -> tuple[str, ...]:
    chance = random.Random(number)  # noqa: S311 - a made-up office
    start = datetime.fromtimestamp(number * EVERY.total_seconds(), UTC)
    arrives = start + timedelta(minutes=chance.gauss(2, 12))
    fate, status, arrived = chance.random(), "Scheduled", ""
    if fate < 0.04 and now > start - timedelta(hours=3):
        status = "Cancelled"
    elif fate > 0.06 and now >= arrives:
        done = now >= arrives + timedelta(minutes=chance.uniform(20, 100))
        status, arrived = "Completed" if done else "On site", arrives.isoformat()
    name = f"T. Number {number % TECHNICIANS}" if fate < 0.98 else ""
    return f"J-{number}", start.isoformat(), status, name, f"Customer {number % 97}", f"Plant {number % 7}", arrived


@dataclass
class Somebody:
    """Presses keys, clicks, types and goes from page to page, as chance has it."""

    session: Session
    chance: random.Random
    actions: int = 0
    errors: list[str] = field(default_factory=list)

    def act(self) -> None:
        self.actions += 1
        try:
            self.chance.choice(list(self._ways()))()
        except Exception as error:  # noqa: BLE001 - counted, and the soak goes on
            self.errors.append(repr(error))

    def _ways(self) -> Iterator[Callable[[], object]]:
        window, theme = self.session._window, self.session._theme
        yield from [lambda: QTest.keyClicks(_focus(), self.chance.choice(KEYS))] * 4
        yield from [lambda: QTest.keyClick(_focus(), self.chance.choice(SPECIAL))] * 6
        yield from [self._click] * 4
        yield lambda: window.go(self.chance.choice(list(RAIL)))
        yield lambda: window.header.search.setText(self.chance.choice(WORDS))
        yield lambda: theme.choose(self.chance.choice(list(Scheme)))
        yield lambda: theme.pack(self.chance.choice(list(Density)))
        yield lambda: theme.enlarge(self.chance.choice((1.0, 1.25, 2.0)))
        yield lambda: window.resize(self.chance.randint(1024, 2000), self.chance.randint(640, 1200))
        yield self._leave_dialogs

    def _click(self) -> None:
        target = QApplication.activeWindow() or self.session._window
        place = QPoint(self.chance.randrange(max(target.width(), 1)), self.chance.randrange(max(target.height(), 1)))
        child = target.childAt(place) or target
        QTest.mouseClick(child, Qt.MouseButton.LeftButton, pos=child.mapFrom(target, place))

    def _leave_dialogs(self) -> None:
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog) and widget.isVisible():
                widget.reject()


def _focus() -> QWidget:
    return QApplication.focusWidget() or QApplication.activeWindow() or QApplication.topLevelWidgets()[0]


def resident() -> float:
    """Megabytes of memory in use."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 1e6


def slope(samples: list[tuple[float, float]]) -> float:
    """Megabytes an hour, by least squares."""
    times, sizes = [at / 3600 for at, _ in samples], [size for _, size in samples]
    middle, mean = sum(times) / len(times), sum(sizes) / len(sizes)
    spread = sum((at - middle) ** 2 for at in times)
    return sum((at - middle) * (size - mean) for at, size in zip(times, sizes, strict=True)) / spread


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--speed", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, Receiver() as receiver:
        return _soak(Path(name), receiver, given)


def _soak(folder: Path, receiver: Receiver, given: argparse.Namespace) -> int:
    clock = FastClock(given.speed)
    office = Office(folder, clock)
    office.start()
    config = folder / "office.toml"
    config.write_text(
        '[[feed]]\nname = "today"\nkind = "csv"\npath = "today.csv"\nevery = "2s"\n'
        f'[[channel]]\nname = "ops"\nplatform = "slack"\nwebhook_url = "{receiver.url}/services/T/B/x"\nrate = "off"\n'
        '[[route]]\nchannels = ["ops"]\n',
        encoding="utf-8",
    )
    secrets = SecretSource({}, folder, system_keyring)
    database = folder / "data" / "dispatchwatch.sqlite"
    setting = Setting(config=read_config(config, secrets), database=database, clock=clock)
    application = QApplication(["soak"])
    application.setQuitOnLastWindowClosed(False)
    garbage.search_seldom()
    instance = SingleInstance(folder / "data")
    instance.claim()
    last_resort = LastResort(folder / "data" / "logs")
    room = Room(
        resources=resources(), data=folder / "data", office_name="Soak", timezone="UTC", user="soak", title_suffix="",
        now=clock.now, files=OfficeFiles(config, secrets, database),
    )  # fmt: skip
    session = Session(application, instance, last_resort, room)
    samples: list[tuple[float, float]] = []
    began = time.monotonic()
    somebody = Somebody(session, random.Random(given.seed))  # noqa: S311 - made-up fingers
    sys.excepthook = lambda _kind, error, _trace: somebody.errors.append(repr(error))

    def look() -> None:
        gc.collect()
        samples.append((time.monotonic() - began, resident()))
        if samples[-1][0] > given.minutes * 60:
            session.quit()

    acting, looking = QTimer(), QTimer()
    acting.timeout.connect(somebody.act)
    looking.timeout.connect(look)
    QTimer.singleShot(5000, lambda: (acting.start(ACTIONS_APART), looking.start(10_000)))
    with QEventLoop(application) as loop:
        loop.run_until_complete(session.run(loop, lambda: build_engine_thread(setting, folder / "lock"), None))
    office.stop()
    log = "".join(path.read_text("utf-8", "replace") for path in (folder / "data" / "logs").glob("*"))
    faults = [line for line in log.splitlines() if "ERROR" in line or "Traceback" in line]
    later = samples[len(samples) // 3 :]
    print(f"{somebody.actions} actions in {given.minutes:g} min at {given.speed:g} times the speed")
    print(
        f"{len(receiver.received)} messages sent; errors: {len(somebody.errors)} in actions, {len(faults)} in the log"
    )
    print(f"memory: {samples[0][1]:.0f} MB at first, {later[0][1]:.0f} after a third, {samples[-1][1]:.0f} at the end")
    print(f"slope of the last two thirds: {slope(later):+.1f} MB an hour")
    for line in [*dict.fromkeys(somebody.errors), *faults][:20]:
        print(" ", line)
    return 1 if somebody.errors or faults else 0


if __name__ == "__main__":
    sys.exit(main())
