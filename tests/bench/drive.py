"""The program's own engine on a made-up day, for a measuring harness that counts what arrives.

    python -m tests.bench.drive burst        every visit is late already: all alerts at once
    python -m tests.bench.drive deadlines    every visit falls due at one instant, some seconds from now
    python -m tests.bench.drive spaced       one visit after the other falls due, 0.45 seconds apart
    python -m tests.bench.drive steady       a hundred visits fall due each second, evenly

Reads BENCH_URLS (comma-separated addresses), BENCH_EXPECT (how many alerts), BENCH_STATE (a folder), BENCH_STAMPS (a
file for "marker nanoseconds" of the instant each alert was due) and BENCH_RESTART from the environment.
"""

from __future__ import annotations

import csv
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dispatchwatch.app.clock import SystemClock
from dispatchwatch.app.compose import Setting
from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.headless import run_headless
from dispatchwatch.app.secrets import SecretSource, system_keyring

GRACE = timedelta(minutes=15)
APART = {"spaced": timedelta(seconds=0.45), "steady": timedelta(seconds=0.01)}


def main() -> None:
    folder = Path(os.environ["BENCH_STATE"])
    expect = int(os.environ["BENCH_EXPECT"])
    due = _due(sys.argv[1], expect)
    config = folder / "office.toml"
    if not os.environ.get("BENCH_RESTART"):
        config.write_text(_config(os.environ["BENCH_URLS"].split(",")), encoding="utf-8")
        _write_day(folder / "today.csv", due)
        _stamp(Path(os.environ["BENCH_STAMPS"]), due)
    settings = read_config(config, SecretSource(os.environ, folder, system_keyring))
    setting = Setting(config=settings, database=folder / "data" / "dispatchwatch.sqlite", clock=SystemClock())
    run_headless(setting, folder / "data" / "lock", lambda _: None)


def _config(urls: list[str]) -> str:
    feed = '[[feed]]\nname = "today"\nkind = "csv"\npath = "today.csv"\nevery = "1s"\n'
    names = [f"slack-{number}" for number in range(len(urls))]
    channels = "".join(
        f'[[channel]]\nname = "{name}"\nplatform = "slack"\nwebhook_url = "{url}"\nrate = "off"\n'
        for name, url in zip(names, urls, strict=True)
    )
    return f"{feed}{channels}[[route]]\nchannels = {names!r}\n[outgoing]\nstorm_over = 1000000\n"


def _due(mode: str, expect: int) -> list[datetime]:
    """When each visit falls due."""
    first = datetime.now(UTC) + (timedelta(minutes=-1) if mode == "burst" else timedelta(seconds=6))
    step = APART.get(mode, timedelta())
    return [first + number * step for number in range(expect)]


def _write_day(path: Path, due: list[datetime]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Appointment No", "Start", "Status", "Tech", "Customer", "Site"))
        for number, at in enumerate(due):
            start = (at - GRACE).isoformat()
            writer.writerow((f"bm-dw-{number}", start, "Scheduled", f"Technician {number}", "Acme Foundry", "Plant 4"))


def _stamp(path: Path, due: list[datetime]) -> None:
    """The due instants on the steady clock; for what is late already, the instant it is handed over."""
    steady, now = time.monotonic_ns(), datetime.now(UTC)
    waits = [max((at - now).total_seconds(), 0.0) for at in due]
    path.write_text("".join(f"dw-{n} {steady + int(wait * 1e9)}\n" for n, wait in enumerate(waits)), encoding="utf-8")


if __name__ == "__main__":
    main()
