"""The window on a canned day: `python -m tests.desktop.demo --visits 40 [--screenshots DIR]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.desktop.office_files import OfficeFiles
from dispatchwatch.desktop.run import now_in_utc, run_window
from tests.desktop import pictures
from tests.desktop.fake_engine import FakeEngine
from tests.fakes.keyring_box import KeyringBox


class BrokenEngine(FakeEngine):
    def start(self) -> None:
        raise RuntimeError("the schedule is locked")


class TalkingEngine(FakeEngine):
    async def show_everything(self) -> None:
        await super().show_everything()
        sys.stdout.write("open\n")
        sys.stdout.flush()


class MortalEngine(TalkingEngine):
    """The first of them ends by a fault as soon as it was shown."""

    made = 0

    def start(self) -> None:
        type(self).made += 1
        super().start()

    async def show_everything(self) -> None:
        await super().show_everything()
        if self.made == 1:
            self.fault = RuntimeError("a lane fell over")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=40)
    parser.add_argument("--no-feed", action="store_true")
    parser.add_argument("--screenshots", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--broken", action="store_true", help="the engine does not start")
    parser.add_argument("--say-when-open", action="store_true", help='prints "open" once the board was shown')
    parser.add_argument("--mortal", action="store_true", help="as --say-when-open, and the first engine falls over")
    parser.add_argument("--running", action="store_true", help="the real time instead of a fixed one")
    given = parser.parse_args()
    now = now_in_utc if given.running else lambda: pictures.NOW

    def make_engine() -> FakeEngine:
        kinds = {BrokenEngine: given.broken, MortalEngine: given.mortal, TalkingEngine: given.say_when_open}
        kind = next((one for one, wanted in kinds.items() if wanted), FakeEngine)
        return kind(given.visits, with_feed=not given.no_feed, now=now)

    data = given.data or Path(tempfile.mkdtemp(prefix="dispatchwatch-demo-"))
    secrets = SecretSource({}, data, KeyringBox)
    return run_window(
        make_engine,
        resources=Path(__file__).parents[2] / "resources",
        data=data,
        files=OfficeFiles(data / "dispatchwatch.toml", secrets, data / "dispatchwatch.sqlite"),
        office_name="Northside Compressor Service",
        timezone=pictures.OFFICE,
        user="Ana Ruiz",
        screenshots=given.screenshots,
        title_suffix=" (demo)",
        now=now,
    )


if __name__ == "__main__":
    raise SystemExit(main())
