"""A sample day that starts around now and moves: a real file, a real feed, real messages to a receiver in the program.

Nothing leaves the machine, and nothing of the user's is touched: everything happens in a folder made for it.
"""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from dispatchwatch.app.clock import Clock

STEP_SECONDS = 1.0
CONFIG = """\
[office]
name = "Northside Compressor Service (sample day)"
timezone = "America/Chicago"

[policy]
check_in_grace = "15m"

[[feed]]
name = "today"
kind = "csv"
path = "today.csv"
every = "2s"
profile = "sample"

[profile.sample]
timezone = "America/Chicago"

[[channel]]
name = "ops-slack"
platform = "slack"
webhook_url = "file:slack-webhook"

[[channel]]
name = "pager"
platform = "pagerduty"
routing_key = "file:pagerduty-key"
base_url = "{origin}"

[[route]]
channels = ["ops-slack"]

[[route]]
when = {{ severity = "high+" }}
channels = ["pager"]
"""
COLUMNS = (
    "Appointment No",
    "Work Order",
    "Start",
    "End",
    "Status",
    "Technician",
    "Technician Phone",
    "Customer",
    "Site",
    "Address",
    "Priority",
    "Title",
    "Arrived At",
    "Completed At",
    "ETA",
    "Booked At",
    "Cancelled At",
    "Cancel Reason",
    "Latitude",
    "Longitude",
)
PLACES = {
    "start": "Start",
    "end": "End",
    "arrived": "Arrived At",
    "completed": "Completed At",
    "eta": "ETA",
    "booked": "Booked At",
    "cancelled": "Cancelled At",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One line of the sample day. `times` are minutes from the start of the demo; `later` what changes, and when."""

    cells: Mapping[str, str]
    times: Mapping[str, float]
    later: tuple[Mapping[str, Any], ...]

    def row(self, started: datetime, passed: timedelta) -> dict[str, str]:
        """The line as the office's export shows it, so long after the demo began; its times count from `started`."""
        cells, times = dict(self.cells), dict(self.times)
        for change in self.later:
            if passed.total_seconds() >= change["after_seconds"]:
                cells.update(change.get("cells", {}))
                times.update(change.get("times", {}))
        stamps = {PLACES[name]: (started + timedelta(minutes=minutes)).isoformat() for name, minutes in times.items()}
        return {**cells, **stamps}


def read_sample_day(path: Path) -> list[Visit]:
    """The sample day from its file in the resources."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    return [Visit(one["cells"], one["times"], tuple(one.get("later", ()))) for one in raw["visits"]]


class SampleDay:
    """The office's software, played: writes the export anew as the day goes on."""

    def __init__(self, folder: Path, visits: list[Visit], clock: Clock) -> None:
        self._file = folder / "today.csv"
        self._visits = visits
        self._clock = clock
        self._began = clock.now()
        self._started = self._began.replace(second=0, microsecond=0)
        self._written = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._play, name="sample day", daemon=True)

    def start(self) -> None:
        self.write()
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _play(self) -> None:
        while not self._stop.wait(STEP_SECONDS):
            self.write()

    def write(self) -> None:
        """Puts the export in place as it is now, if anything changed."""
        passed = self._clock.now() - self._began
        rows = [visit.row(self._started, passed) for visit in self._visits]
        text = json.dumps(rows)
        if text == self._written:
            return
        draft = self._file.with_suffix(".part")
        with draft.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        draft.replace(self._file)
        self._written = text


class Receiver:
    """Slack and PagerDuty, played on this computer: takes every message and answers as they do."""

    def __init__(self) -> None:

        class Answer(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                slack = self.path.startswith("/services/")
                accepted = {"status": "success", "message": "Event processed", "dedup_key": body.get("dedup_key", "")}
                answer = b"ok" if slack else json.dumps(accepted).encode()
                self.send_response(200 if slack else 202)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """What arrives is shown by the program itself."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="sample receiver", daemon=True)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def write_config(folder: Path, origin: str) -> Path:
    """Writes the sample office's configuration and its (made-up) secrets; returns the file."""
    (folder / "slack-webhook").write_text(f"{origin}/services/T0/B0/sample", encoding="utf-8")
    (folder / "pagerduty-key").write_text("sample0sample0sample0sample0sam0", encoding="utf-8")
    path = folder / "dispatchwatch.toml"
    path.write_text(CONFIG.format(origin=origin), encoding="utf-8")
    return path
