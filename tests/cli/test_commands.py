"""The commands as scripts use them: their JSON, their exit status, their sentences."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.app.clock import SystemClock
from dispatchwatch.app.compose import Setting, build_engine_thread
from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.events import Happening
from dispatchwatch.app.secrets import SecretSource, system_keyring
from dispatchwatch.cli.program import run
from dispatchwatch.cli.trail import defused
from tests.fakes.program import KEY, SLACK_PATH, minutes, row
from tests.fakes.receiver import Answer, Receiver

CONFIG = """
[office]
timezone = "America/Chicago"

[[feed]]
name = "today"
kind = "csv"
path = "today.csv"

[[channel]]
name = "pager"
platform = "pagerduty"
routing_key = "file:key"

[[channel]]
name = "ops"
platform = "slack"
webhook_url = "file:webhook"

[[route]]
channels = ["pager"]
"""


class Shell:
    """Runs commands on one office and keeps what they printed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str] | None = None) -> None:
        """Without `capsys` it only prepares the office."""
        self.folder = folder
        self._capsys = capsys
        self.out = self.err = ""
        (folder / "key").write_text(KEY, encoding="utf-8")
        (folder / "webhook").write_text(f"https://hooks.slack.com{SLACK_PATH}", encoding="utf-8")
        self.configure(CONFIG)

    def configure(self, text: str) -> None:
        (self.folder / "office.toml").write_text(text, encoding="utf-8")

    def write(self, *rows: tuple[str, ...]) -> None:
        with (self.folder / "today.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("Appointment No", "Start", "End", "Status", "Tech", "Customer", "Site", "Arrived At"))
            writer.writerows(rows)

    def run(self, *arguments: str) -> int:
        place = ["--config", str(self.folder / "office.toml"), "--data", str(self.folder / "data")]
        status = run([*arguments, *place])
        assert self._capsys is not None
        self.out, self.err = self._capsys.readouterr()
        assert "Traceback" not in self.err
        return status

    def json(self, *arguments: str) -> list[dict[str, Any]]:
        self.run(*arguments, "--json")
        return [json.loads(line) for line in self.out.splitlines()]

    def let_the_engine_see_it(self) -> None:
        """Runs the engine until it has read the feed once."""
        secrets = SecretSource({}, self.folder, system_keyring)
        config = read_config(self.folder / "office.toml", secrets)
        data = self.folder / "data"
        setting = Setting(config=config, database=data / "dispatchwatch.sqlite", clock=SystemClock())
        engine = build_engine_thread(setting, data / "dispatchwatch.lock")
        import threading

        read = threading.Event()
        engine.bus.subscribe(
            lambda event: read.set() if isinstance(event, Happening) and event.event == "feed_ok" else None
        )
        engine.start()
        assert read.wait(20)
        engine.stop()


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, capsys)


@pytest.fixture(scope="module")
def late_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with one late visit, whose alert is raised and still owed to a pager nobody answers for."""
    shell = Shell(tmp_path_factory.mktemp("late"))
    with Receiver() as gone:
        url = gone.url
    shell.configure(CONFIG.replace('routing_key = "file:key"', f'routing_key = "file:key"\nbase_url = "{url}"'))
    shell.write(row(1, minutes(-40)), row(2, minutes(60)))
    shell.let_the_engine_see_it()
    return shell.folder


@pytest.fixture
def late(shell: Shell, late_office: Path) -> Shell:
    """A copy of that office: the engine waits a second for its file to come to rest."""
    shutil.copytree(late_office, shell.folder, dirs_exist_ok=True)
    return shell


def test_check_is_content_with_a_sound_configuration(shell: Shell) -> None:
    assert shell.run("check") == 0
    assert "no route names “ops”" in shell.err
    shell.configure(CONFIG.replace('channels = ["pager"]', 'channels = ["pager", "ops"]'))
    assert shell.run("check") == 0
    assert (shell.out.count("no problems"), shell.err) == (1, "")


def test_check_names_every_problem_at_once(shell: Shell) -> None:
    shell.configure(
        '[office]\ntimezone = "Mars"\nhuors = 1\n[[feed]]\nname = "x"\nkind = "fax"\n'
        '[[channel]]\nname = "a"\nplatform = "pigeon"\n[[route]]\nchannels = ["b"]\nwhen = { severity = "awful" }\n'
    )
    assert shell.run("check") == 2
    for word in ("Mars", "huors", "fax", "pigeon", "“b”", "awful"):
        assert word in shell.err


def test_check_without_a_file_and_with_broken_toml(shell: Shell) -> None:
    shell.configure("[office\n")
    assert shell.run("check") == 2
    assert "line 1" in shell.err
    (shell.folder / "office.toml").unlink()
    assert shell.run("check") == 2
    assert "no configuration file" in shell.err


def test_a_secret_that_is_not_there_is_a_problem_that_stops_nothing_else(shell: Shell) -> None:
    (shell.folder / "key").unlink()
    assert shell.run("check") == 1
    assert "pager" in shell.err
    shell.write(row(1, minutes(60)))
    assert shell.run("feed", "preview", "today") == 0


def test_check_connect_reads_the_feed_and_tries_the_channels(shell: Shell) -> None:
    with Receiver() as receiver:
        shell.configure(CONFIG.replace('"file:key"', f'"file:key"\nbase_url = "{receiver.url}"'))
        assert shell.run("check", "--connect") == 1
        assert "today.csv is not there" in shell.err
        shell.write(row(1, minutes(60)))
        assert shell.run("check", "--connect") == 0
        assert "1 visit read" in shell.err
        receiver.script("/v2/change/enqueue", Answer(400, body={"status": "invalid event", "message": "no such key"}))
        assert shell.run("check", "--connect") == 1
        assert KEY not in shell.err


def test_feed_preview_shows_visits_and_names_bad_rows(shell: Shell) -> None:
    shell.write(row(1, minutes(60)), row(2, "teatime"), row(3, minutes(90)))
    assert shell.run("feed", "preview", "today") == 1
    assert "line 3, Start" in shell.err
    assert "J-1" in shell.out
    found = shell.json("feed", "preview", "today")
    visits = [one for one in found if "ext_id" in one]
    problems = [one for one in found if "problem" in one]
    assert [one["ext_id"] for one in visits] == ["J-1", "J-3"]
    fields = [
        "feed",
        "ext_id",
        "status",
        "sched_start",
        "sched_end",
        "window_end",
        "deadline",
        "technician",
        "customer",
        "site",
    ]
    assert set(fields) | {"arrived_at", "completed_at", "cancelled_at"} <= set(visits[0])
    start = datetime.fromisoformat(visits[0]["sched_start"])
    assert datetime.fromisoformat(visits[0]["deadline"]) - start == timedelta(minutes=15)
    assert [(one["line"], Path(one["file"]).name) for one in problems] == [(3, "today.csv")]
    assert shell.run("feed", "preview") == 2
    assert shell.run("feed", "preview", "tomorrow") == 2
    assert shell.run("feed", "preview", "--file", str(shell.folder / "nothing.csv")) == 1


def test_alerts_are_listed_with_the_fields_that_scripts_rely_on(late: Shell) -> None:
    (alert,) = late.json("alerts")
    fields = "id key kind severity state job headline due_at raised_at acknowledged_at acknowledged_by resolved_at"
    assert set(fields.split()) | {"resolution"} <= set(alert)
    assert (alert["kind"], alert["state"], alert["job"]) == ("late_check_in", "open", "J-1")
    assert alert["due_at"].endswith("Z")
    assert late.json("alerts", "--until", "2020-01-01") == []
    assert len(late.json("alerts", "--since", "1h", "--all")) == 1
    assert late.run("alerts") == 0
    assert "J. Ortiz" in late.out
    assert late.run("alerts", "--since", "yesterdayish") == 2


def test_ack_snooze_and_resolve_answer_per_alert(late: Shell) -> None:
    assert late.run("ack", "1", "99", "--by", "Sam", "--note", "on it") == 1
    assert "Acknowledged" in late.out
    assert "There is no alert 99" in late.err
    assert "not running" in late.err
    assert late.run("ack", "1") == 1
    assert "Already acknowledged by Sam" in late.err
    assert late.run("ack", "1", "--reason", "weather") == 2
    assert late.run("snooze", "1", "--for", "soon") == 2
    assert late.run("snooze", "1", "--for", "15m") == 0
    assert late.run("resolve", "1", "--note", "settled by phone") == 0
    assert late.run("resolve", "1") == 1
    (alert,) = late.json("alerts", "--all")
    assert (alert["state"], alert["acknowledged_by"], alert["outcome"]) == ("resolved", "Sam", "by_hand")


def test_check_in_by_hand_ends_the_alert_at_once(late: Shell) -> None:
    assert late.run("checkin", "J-9") == 1
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert late.run("checkin", "J-1", "--at", tomorrow) == 1
    assert "future" in late.err
    assert late.run("checkin", "J-1") == 0
    assert late.run("checkin", "J-1") == 1
    assert "already checked in" in late.err
    (alert,) = late.json("alerts", "--all")
    assert (alert["state"], alert["outcome"]) == ("resolved", "checked_in")


def test_eta_and_cancel_are_entered_too(late: Shell) -> None:
    assert late.run("eta", "J-2", "--at", minutes(90)) == 0
    assert late.run("cancel", "J-2", "--note", "plant closed") == 0
    assert late.run("checkin", "J-2") == 1
    assert "cancelled" in late.err


def test_a_note_is_kept_with_the_visit_and_in_the_trail(late: Shell) -> None:
    assert late.run("note", "J-2", "gate code 4711") == 0
    assert late.run("note", "J-2", "  ") == 1
    assert "Type what is to be noted" in late.err
    assert late.run("log", "export", "--format", "jsonl") == 0
    (noted,) = [entry for entry in map(json.loads, late.out.splitlines()) if entry["action"] == "note"]
    assert noted["detail"]["note"] == "gate code 4711"


def test_a_visit_is_typed_and_typed_anew(shell: Shell) -> None:
    tomorrow = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}"
    assert shell.run("visit", "add", "customer=Acme", f"sched_start={tomorrow} 09:00", "technician=J. Ortiz") == 0
    assert shell.out.startswith("D-1 is added: Acme, ")
    assert shell.run("visit", "change", "D-1", "customer=Acme", f"sched_start={tomorrow} 10:30") == 0
    assert "10:30" in shell.out
    assert "nobody assigned yet" in shell.out
    assert shell.run("eta", "D-1", "--at", minutes(60 * 20)) == 0
    assert shell.run("visit", "change", "D-9", "customer=Acme", f"sched_start={tomorrow} 10:30") == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("customer",), "has no = in it"),
        (("customer=Acme",), "Say when it is"),
        (("customer=Acme", "sched_start=05/06/2026 09:00"), "day or the month first"),
        (("colour=red", "sched_start=2099-05-02 09:00"), "Nothing called colour can be typed"),
    ],
)
def test_what_is_typed_wrongly_is_asked_again(shell: Shell, typed: tuple[str, ...], said: str) -> None:
    assert shell.run("visit", "add", *typed) in {1, 2}
    assert said in shell.err


def test_a_check_in_link_is_given_out_where_the_office_has_them(late: Shell) -> None:
    assert late.run("link", "J-1") == 1
    assert "check_in_links = true" in late.err
    late.configure(CONFIG + '[listener]\ncheck_in_links = true\nbase_url = "http://192.168.1.10:8460"\n')
    picture = late.folder / "link.svg"
    (found,) = late.json("link", "J-1", "--qr", str(picture))
    assert found["url"].startswith("http://192.168.1.10:8460/c/")
    assert found["valid"].startswith("Valid from ")
    assert picture.read_text(encoding="utf-8").startswith("<?xml")
    assert late.run("link", "J-99") == 1


def test_a_code_for_the_bot_is_for_somebody_who_has_visits(late: Shell) -> None:
    assert late.run("telegram-code", "J. Ortiz") == 1
    assert "[telegram_check_in]" in late.err
    late.configure(CONFIG + '[telegram_check_in]\ntoken = "file:key"\n')
    assert late.run("telegram-code", "j. ortiz") == 0
    assert "/start " in late.out
    assert late.run("telegram-code", "Nobody Known") == 1
    assert "known are" in late.err


def test_deliveries_and_resend(late: Shell) -> None:
    (delivery,) = late.json("deliveries")
    fields = "id alert channel platform operation state attempts next_attempt_at reference error"
    assert set(fields.split()) <= set(delivery)
    assert (delivery["state"], delivery["channel"]) == ("waiting", "pager")
    assert late.json("deliveries", "--failed") == []
    assert late.run("resend", str(delivery["id"])) == 1
    assert "only a failed one" in late.err
    assert late.run("resend", "77") == 1
    assert late.run("deliveries", "--waiting") == 0
    assert "pager" in late.out


def test_platforms_tell_their_fields_and_schema(shell: Shell) -> None:
    found = {one["key"]: one for one in shell.json("platforms")}
    assert {"slack", "pagerduty"} <= set(found)
    assert found["pagerduty"]["operations"] == ["raise", "update", "acknowledge", "resolve"]
    assert "routing_key" in found["pagerduty"]["schema"]["properties"]
    assert shell.run("platforms", "slack") == 0
    assert "webhook_url (required, secret)" in shell.out
    assert shell.run("platforms", "pigeon") == 2


@pytest.mark.parametrize("operation", ["raise", "update", "acknowledge", "resolve"])
@pytest.mark.parametrize("channel", ["pager", "ops"])
def test_channel_preview_shows_the_request_without_its_secrets(shell: Shell, channel: str, operation: str) -> None:
    (shown,) = shell.json("channel", "preview", channel, "--operation", operation)
    assert (shown["method"], shown["url"][:8]) == ("POST", "https://")
    assert "***" in json.dumps(shown)
    for secret in (KEY, SLACK_PATH.rsplit("/", 1)[1]):
        assert secret not in shell.out
    assert shell.run("channel", "preview", "nowhere") == 1


def test_channel_test_sends_one_marked_message_and_says_what_came_of_it(shell: Shell) -> None:
    with Receiver() as receiver:
        shell.configure(CONFIG.replace('"file:webhook"', f'"file:webhook"\nbase_url = "{receiver.url}"'))
        assert shell.run("channel", "test", "ops") == 0
        (received,) = receiver.received
        assert b"test" in received.body
        receiver.script(SLACK_PATH, Answer(404, body="no_service"))
        assert shell.run("channel", "test", "ops") == 1
        assert shell.err
    assert shell.run("channel", "test", "nowhere") == 1


def test_the_trail_is_exported_and_verified(late: Shell) -> None:
    late.run("ack", "1", "--note", "=HYPERLINK(1)", "--by", "=evil")
    assert late.run("log", "verify") == 0
    late.run("log", "export", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(late.out)))
    assert rows[-1]["who"] == "'=evil"
    late.run("log", "export", "--format", "jsonl")
    entries = [json.loads(line) for line in late.out.splitlines()]
    assert [entry["id"] for entry in entries] == list(range(1, len(entries) + 1))
    assert entries[-1]["detail"]["note"] == "=HYPERLINK(1)"
    target = late.folder / "trail.csv"
    assert late.run("log", "export", "--format", "csv", "--out", str(target)) == 0
    assert target.read_text(encoding="utf-8").startswith("id,at")
    with closing(sqlite3.connect(late.folder / "data" / "dispatchwatch.sqlite")) as database:
        database.execute("DROP TRIGGER audit_refuses_update")
        database.execute("UPDATE audit SET who = 'nobody' WHERE id = 3")
        database.commit()
    assert late.run("log", "verify") == 1
    assert "entry 3" in late.err
    assert late.json("log", "verify")[0]["broken"] == 3


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_starts_a_formula(start: str) -> None:
    assert defused(f"{start}1").startswith("'")
    assert defused("plain") == "plain"


def test_doctor_tells_about_this_installation(shell: Shell) -> None:
    (found,) = shell.json("doctor")
    known = "version python libraries qt_platform time_zones keyring toasts database disk clock running platforms"
    assert set(known.split()) <= set(found)
    assert not [name for name, answer in found.items() if "can’t be found out" in str(answer)]
    assert shell.run("doctor") == 0
    assert "sqlite:" in shell.out


def test_wrong_usage_is_2(shell: Shell) -> None:
    assert shell.run("fly") == 2
    assert shell.run("ack", "one") == 2
    assert shell.run("alerts", "--all", "--open") == 2


def test_the_paths_may_stand_before_the_command(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    shell.write(row(1, minutes(60)))
    assert run(["--config", str(shell.folder / "office.toml"), "feed", "preview", "today"]) == 0
    assert "J-1" in capsys.readouterr().out


def test_a_file_can_be_tried_before_there_is_a_configuration(shell: Shell) -> None:
    shell.write(row(1, minutes(60)))
    (shell.folder / "office.toml").unlink()
    assert shell.run("feed", "preview", "--file", str(shell.folder / "today.csv")) == 0
    assert "J-1" in shell.out
    assert shell.run("feed", "preview", "today") == 2
