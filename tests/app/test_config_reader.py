"""The configuration file: the whole of interface.md, section 2, and every problem at once with its key."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from dispatchwatch.app.config import Config, ConfigError
from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.domain.alert import Alert, AlertKind, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.match import Match
from dispatchwatch.domain.routing import Hours
from dispatchwatch.domain.visit import Status, Technician
from dispatchwatch.intake.csv_feed import CsvConfig
from tests.fakes.office import CHICAGO, at, hours, minutes, seconds, visit

WEBHOOK = "https://hooks.slack.com/services/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"
ROUTING_KEY = "a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6"
SAMPLE = """
[office]
name = "Northside Compressor Service"
timezone = "America/Chicago"
hours = { mon-fri = "07:00-18:00", sat = "08:00-12:00" }
holidays = ["2026-12-25"]

[policy]                       # every rule's thresholds; defaults in study/domain.md section 4
check_in_grace = "15m"
cancel_notice = "24h"
reschedule_notice = "24h"

[[policy.override]]            # all that match apply, in order; the last one wins per key
when = { priority = ["1", "emergency"] }
check_in_grace = "5m"

[[technician]]                 # optional; may also come from a feed
id = "T-07"
name = "J. Ortiz"
skills = ["rotary-screw", "dryer"]
home = [41.88, -87.63]
shift = { mon-fri = "07:00-16:00" }

[[feed]]
name = "today"
kind = "csv"                   # csv, xlsx, ical, caldav, json, desk (always there), …
path = "exports/*.csv"
every = "30s"
profile = "northside"

[profile.northside]
timezone = "America/Chicago"
complete = true                # each file is the whole of the days it covers
columns = { ext_id = "Appointment No", sched_start = "Start", technician = "Tech" }
# format = { sched_start = "%m/%d/%Y %H:%M" }   # only where it is ambiguous
status = { "Tech On Site" = "arrived" }

[[channel]]
name = "ops-slack"
platform = "slack"
webhook_url = "keyring:"
# base_url = "https://…"

[[channel]]
name = "pager"
platform = "pagerduty"
routing_key = "env:PD_KEY"

[[route]]                      # every matching route applies; `stop = true` ends the list
when = { kind = ["late_check_in", "tech_no_show"], severity = "warning+" }
channels = ["ops-slack"]
hours = "always"               # or "office", "outside"

[[route]]                      # escalation: still not acknowledged ten minutes later
when = { severity = "high+" }
channels = ["pager"]
after = "10m"
repeat = "30m"                 # remind until acknowledged
"""
PAGER = """
[[feed]]
name = "today"
kind = "csv"
path = "a.csv"
[[channel]]
name = "pager"
platform = "pagerduty"
routing_key = "env:PD_KEY"
[[route]]
channels = ["pager"]
"""


class FakeKeyring:
    def __init__(self, entries: dict[tuple[str, str], str] | None = None, fault: Exception | None = None) -> None:
        self._entries = entries or {}
        self._fault = fault

    def get_password(self, service_name: str, username: str) -> str | None:
        if self._fault is not None:
            raise self._fault
        return self._entries.get((service_name, username))


FULL_KEYRING = FakeKeyring({("DispatchWatch", "ops-slack.webhook_url"): WEBHOOK})


def secrets(folder: Path, keyring: FakeKeyring = FULL_KEYRING, **environment: str) -> SecretSource:
    return SecretSource(environment, folder, lambda: keyring)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def read(folder: Path, text: str, keyring: FakeKeyring = FULL_KEYRING, **environment: str) -> Config:
    path = folder / "dispatchwatch.toml"
    path.write_text(text, encoding="utf-8")
    return read_config(path, secrets(folder, keyring, **(environment or {"PD_KEY": ROUTING_KEY})))


def problems(folder: Path, text: str, **environment: str) -> dict[str, str]:
    """The problems that keep the file from being used, by where they are."""
    with pytest.raises(ConfigError) as caught:
        read(folder, text, FULL_KEYRING, **environment)
    return {one.where: one.text for one in caught.value.problems if not one.is_warning}


def test_the_sample_of_the_interface_is_accepted_without_a_word(folder: Path) -> None:
    config = read(folder, SAMPLE)
    assert config.warnings == ()
    assert (config.office_name, config.office.zone, config.office.holidays) == (
        "Northside Compressor Service",
        CHICAGO,
        frozenset({date(2026, 12, 25)}),
    )
    assert config.office.hours == {**dict.fromkeys(range(5), (time(7), time(18))), 5: (time(8), time(12))}
    assert config.policy.for_visit(visit(priority="3")).check_in_grace == minutes(15)
    assert config.policy.for_visit(visit(priority="Emergency")).check_in_grace == minutes(5)
    technician = config.roster.of_technician(Technician("J. Ortiz"))
    assert technician is not None
    assert (technician.ext_id, technician.home) == ("T-07", (41.88, -87.63))
    assert technician.skills == {"rotary-screw", "dryer"}
    assert technician.shift == OfficeHours(CHICAGO, dict.fromkeys(range(5), (time(7), time(16))))


def test_its_feed_and_profile(folder: Path) -> None:
    config = read(folder, SAMPLE)
    (feed,) = config.feeds
    assert isinstance(feed, CsvConfig)
    assert (feed.name, feed.path, feed.every) == ("today", "exports/*.csv", seconds(30))
    profile = config.profile_of(feed)
    assert (profile.timezone, profile.complete) == ("America/Chicago", True)
    assert profile.status == {"Tech On Site": Status.ARRIVED}
    assert profile.columns["ext_id"] == "Appointment No"


def test_its_channels_have_their_secrets_and_do_not_show_them(folder: Path) -> None:
    config = read(folder, SAMPLE)
    slack, pager = config.channels
    assert (slack.name, slack.platform, slack.problem) == ("ops-slack", "slack", "")
    assert slack.config is not None
    assert pager.config is not None
    assert slack.config.model_dump()["webhook_url"].get_secret_value() == WEBHOOK
    assert pager.config.model_dump()["routing_key"].get_secret_value() == ROUTING_KEY
    assert WEBHOOK not in repr(config)
    assert ROUTING_KEY not in repr(config)


def test_its_routes(folder: Path) -> None:
    first, second = read(folder, SAMPLE).routes
    assert first.when == Match((("kind", ("late_check_in", "tech_no_show")),))
    assert (first.channels, first.hours) == (("ops-slack",), Hours.ALWAYS)
    assert (second.channels, second.after, second.repeat) == (("pager",), minutes(10), minutes(30))


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        ('"warning"', ["warning"]),
        ('"warning+"', ["warning", "high", "critical"]),
        ('["info", "critical"]', ["info", "critical"]),
        ('["info", "high+"]', ["info", "high", "critical"]),
        ('["high+", "critical+"]', ["high", "critical"]),
    ],
)
def test_severities_of_a_route_are_one_several_or_one_and_all_above(
    folder: Path, severity: str, expected: list[str]
) -> None:
    text = PAGER.replace("[[route]]", f"[[route]]\nwhen = {{ severity = {severity} }}")
    (route,) = read(folder, text).routes
    now = at("10:00")
    alerts = [
        Alert(
            key="k",
            kind=AlertKind.LATE_CHECK_IN,
            severity=one,
            feed="f",
            due_at=now,
            raised_at=now,
            updated_at=now,
        )
        for one in Severity
    ]
    assert [alert.severity.value for alert in alerts if route.fits(alert, {})] == expected


def test_every_problem_is_reported_at_once_with_its_key(folder: Path) -> None:
    found = problems(
        folder,
        """
        colour = "red"
        [office]
        timezone = "Amerika/Chicago"
        hours = { mon-fry = "07:00-18:00", sat = "8 to 12" }
        [policy]
        check_in_grace = "quarter of an hour"
        check_in_grase = "5m"
        [[policy.override]]
        when = { prio = "1" }
        [[feed]]
        name = "today"
        kind = "cvs"
        [[feed]]
        name = "tomorrow"
        kind = "csv"
        path = "a.csv"
        every = "often"
        profile = "nowhere"
        [profile.x]
        colums = { ext_id = "No" }
        [[channel]]
        name = "ops"
        platform = "slak"
        [[channel]]
        name = "pager"
        platform = "pagerduty"
        routing_key = "env:PD_KEY"
        regoin = "eu"
        [[route]]
        when = { kind = "late_checkin", severity = "bad+" }
        channels = ["nobody"]
        after = "soon"
        [[route]]
        when = { kind = ["late_checkin", "stale*"], severity = ["warning", "terrible"] }
        channels = ["nobody"]
        [[route]]
        channels = []
        [[technician]]
        id = "T-1"
        """,
    )
    assert set(found) == {
        "colour",
        "office.timezone",
        "policy.check_in_grace",
        "policy.check_in_grase",
        "policy.override 1.when.prio",
        "feed “today”.kind",
        "feed “tomorrow”.every",
        "feed “tomorrow”.profile",
        "profile.x.colums",
        "channel “ops”.platform",
        "channel “pager”.regoin",
        "route 1.after",
        "route 2.when.kind",
        "route 2.when.severity",
        "route 2.channels",
        "route 3.channels",
        "technician “T-1”.name",
    }
    assert "late_check_in" in found["route 2.when.kind"]
    assert "info, warning, high, critical" in found["route 2.when.severity"]
    assert "there is no such key" in found["policy.check_in_grase"]
    assert found["technician “T-1”.name"] == "this key is missing"


def test_hours_that_can_not_be_read_are_named(folder: Path) -> None:
    found = problems(folder, '[office]\nhours = { mon-fry = "07:00-18:00", sat = "8 to 12", sun = "08:00-12:00" }')
    assert set(found) == {"office.hours.mon-fry", "office.hours.sat"}


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ('mon-fri = "07:00-18:00"', [0, 1, 2, 3, 4]),
        ('Sat = "07:00-18:00"', [5]),
        ('fri-mon = "07:00-18:00"', [0, 4, 5, 6]),
        ('mon-sun = "00:00-24:00"', [0, 1, 2, 3, 4, 5, 6]),
    ],
)
def test_days_and_spans_of_days(folder: Path, written: str, days: list[int]) -> None:
    assert sorted(read(folder, PAGER + f"[office]\nhours = {{ {written} }}\n").office.hours) == days


def test_an_office_open_until_midnight_is(folder: Path) -> None:
    config = read(folder, PAGER + '[office]\nhours = { mon-sun = "00:00-24:00" }\n')
    assert config.office.hours[0] == (time(0), time(0))
    assert config.office.open_at(at("23:59:59"))


@pytest.mark.parametrize("section", ["feed", "channel", "route", "technician"])
def test_lists_need_two_brackets(folder: Path, section: str) -> None:
    assert f"[[{section}]]" in problems(folder, f'[{section}]\nname = "x"\n')[section]


@pytest.mark.parametrize("section", ["feed", "channel", "route", "technician"])
def test_whatever_is_no_table_is_a_problem_and_not_left_out(folder: Path, section: str) -> None:
    assert problems(folder, f'{section} = ["ops"]\n')


def test_two_of_a_name_are_a_problem(folder: Path) -> None:
    found = problems(folder, PAGER + PAGER)
    assert set(found) == {"feed", "channel"}


def test_a_shift_that_can_not_be_read_is_a_problem(folder: Path) -> None:
    text = PAGER + '[[technician]]\nid = "T"\nname = "T"\nshift = { mon-fry = "early" }\n'
    assert problems(folder, text)


def test_a_file_that_is_not_there_says_what_to_do(folder: Path) -> None:
    with pytest.raises(ConfigError, match="no configuration file here; “dispatchwatch demo” shows one"):
        read_config(folder / "none.toml", secrets(folder))


@pytest.mark.parametrize("content", [b"[office\n", b"name = 'a\nb'", b"\xff\xfe\x00"])
def test_a_file_that_is_no_toml_is_one_problem(folder: Path, content: bytes) -> None:
    (folder / "a.toml").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read_config(folder / "a.toml", secrets(folder))
    assert len(caught.value.problems) == 1
    assert str(folder / "a.toml") in str(caught.value)


def test_a_file_saved_by_notepad_can_be_read(folder: Path) -> None:
    (folder / "a.toml").write_text(SAMPLE.replace("\n", "\r\n"), encoding="utf-8-sig")
    assert read_config(folder / "a.toml", secrets(folder, PD_KEY=ROUTING_KEY)).office_name.startswith("Northside")


def test_a_channel_no_route_names_and_an_office_without_a_feed_are_warned_of(folder: Path) -> None:
    config = read(folder, '[[channel]]\nname = "pager"\nplatform = "pagerduty"\nrouting_key = "env:PD_KEY"\n')
    assert {one.where for one in config.warnings} == {"feed", "route"}
    assert all(one.is_warning for one in config.warnings)


def test_an_empty_file_is_an_office_that_watches_nothing_yet(folder: Path) -> None:
    config = read(folder, "")
    assert [one.where for one in config.warnings] == ["feed"]
    assert config.policy.base.check_in_grace == minutes(15)


def test_every_threshold_can_be_set_and_overridden(folder: Path) -> None:
    names = [
        "check_in_grace",
        "due_soon",
        "late_high_after",
        "late_critical_after",
        "moved_grace",
        "look_back",
        "cancel_notice",
        "reschedule_notice",
    ]
    later = [f'{name} = "2h"' for name in ("no_show_after", "window_no_show_after")]
    lines = [*later, *(f'{name} = "{number + 1}h"' for number, name in enumerate(names))]
    over = [f'{name} = "{number + 61}m"' for number, name in enumerate(names)]
    text = "\n".join([PAGER, "[policy]", *lines, "[[policy.override]]", 'when = { customer = "Acme*" }', *over])
    policy = read(folder, text).policy
    usual, acme = policy.base, policy.for_visit(visit())
    for number, name in enumerate(names):
        assert getattr(usual, name) == hours(number + 1)
        assert getattr(acme, name) == minutes(number + 61)


def test_the_office_says_which_priorities_are_urgent(folder: Path) -> None:
    policy = read(folder, PAGER + '[policy]\nurgent_priorities = ["Red"]\n').policy
    assert policy.urgent(visit(priority="red"))
    assert not policy.urgent(visit(priority="1"))
