"""The hours of a channel: outside of them it is told nothing but what is critical, unless a route says otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from dispatchwatch.app.config import Config
from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.domain.alert import Operation, Severity
from dispatchwatch.domain.quiet import Quiet
from dispatchwatch.domain.routing import Hours, Outgoing, Route, quiet_for, tellings
from tests.app.test_quiet_config import OFFICE, problems, read
from tests.fakes.office import SAM, WEEKDAYS_7_TO_18, Office, at, minutes, visit
from tests.fakes.records import alert

OFFICE_HOURS = (
    '[office]\ntimezone = "America/Chicago"\nhours = { mon-fri = "07:00-18:00" }\nholidays = ["2026-11-26"]\n'
)
CHANNEL = '[[channel]]\nname = "ops"\nplatform = "pagerduty"\nrouting_key = "a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6"\n'
OPS = Quiet(
    reason="outside the hours of ops",
    channels=frozenset({"ops"}),
    hours=WEEKDAYS_7_TO_18,
    while_open=False,
    unless=Severity.CRITICAL,
    yields_to_routes=True,
)
ALWAYS = (Route(channels=("ops",)),)
NIGHT, MORNING = at("04:30"), at("07:00")


def configured(folder: Path, hours: str) -> Config:
    path = folder / "dispatchwatch.toml"
    text = OFFICE.replace('[office]\ntimezone = "America/Chicago"\n', OFFICE_HOURS)
    path.write_text(text + CHANNEL + hours, encoding="utf-8")
    return read_config(path, SecretSource({}, folder, lambda: None))  # type: ignore[arg-type,return-value]  # not asked


def held_until(config: Config, now: datetime, severity: Severity = Severity.HIGH) -> datetime:
    """When the channel would be told of an alert that is raised now."""
    terms = config.outgoing
    routes = (Route(channels=("ops",)),)
    (told,) = tellings(replace(alert("J-1042", at=NIGHT), severity=severity), routes, terms.office, now, terms.quiet)
    return told.due_at


@pytest.mark.parametrize(
    ("hours", "now", "told"),
    [
        ("", "04:30", "04:30"),
        ('hours = "always"', "04:30", "04:30"),
        ('hours = "office"', "04:30", "07:00"),
        ('hours = "office"', "10:00", "10:00"),
        ('hours = "office"', "18:00", "2026-11-11 07:00"),
        ('hours = "office"', "2026-11-25 19:00", "2026-11-27 07:00"),
        ('hours = "outside"', "10:00", "18:00"),
        ('hours = "outside"', "04:30", "04:30"),
        ('hours = "outside"', "2026-11-26 10:00", "2026-11-26 10:00"),
        ('hours = { mon-sun = "06:00-22:00" }', "04:30", "06:00"),
        ('hours = { mon-sun = "22:00-06:00" }', "10:00", "22:00"),
        ('hours = { sat = "08:00-12:00" }', "10:00", "2026-11-14 08:00"),
    ],
)
def test_when_a_channel_is_told(tmp_path: Path, hours: str, now: str, told: str) -> None:
    assert held_until(configured(tmp_path, hours), at(now)) == at(told)


def test_what_is_critical_goes_at_any_time(tmp_path: Path) -> None:
    assert held_until(configured(tmp_path, 'hours = "office"'), NIGHT, Severity.CRITICAL) == NIGHT


@pytest.mark.parametrize(
    ("hours", "where", "text"),
    [
        ('hours = "outside"', "channel “ops”.hours", "the office has no hours"),
        ('hours = "nights"', "channel “ops”.hours", "must be always, office, outside, or hours such as"),
        ("hours = { }", "channel “ops”.hours", "must be always, office, outside, or hours such as"),
        ('hours = { someday = "07:00-18:00" }', "channel “ops”.hours.someday", "is not a day"),
        ('hours = { mon = "7 to 6" }', "channel “ops”.hours.mon", "is not a span of hours"),
    ],
)
def test_hours_that_can_not_be_kept(tmp_path: Path, hours: str, where: str, text: str) -> None:
    assert text in problems(tmp_path, CHANNEL + hours)[where]


def test_the_hours_count_also_while_a_secret_is_missing(tmp_path: Path) -> None:
    channel = CHANNEL.replace("a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6", "env:NOWHERE")
    config = read(tmp_path, channel + 'hours = { mon = "07:00-08:00" }')
    (ops,) = [one for one in config.channels if one.name == "ops"]
    assert ops.config is None
    assert ops.quiet is not None


def office(folder: Path, *routes: Route) -> Office:
    return Office(folder, NIGHT, routes=routes or ALWAYS, quiet=(OPS,), office_hours=WEEKDAYS_7_TO_18)


def test_what_comes_up_in_the_night_waits_where_it_can_be_seen(tmp_path: Path) -> None:
    with office(tmp_path) as there:
        there.read(visit(start=at("04:00")))
        (waiting,) = there.deliveries("ops")
        assert waiting.held == "Held until 07:00: outside the hours of ops"
        assert waiting.next_attempt_at == MORNING
        assert there.deliver("ops") == []
        there.run_until(MORNING)
        assert len(there.deliver("ops")) == 1


def test_the_end_of_what_was_told_is_told_at_any_time(tmp_path: Path) -> None:
    with Office(tmp_path, at("17:50"), routes=ALWAYS, quiet=(OPS,), office_hours=WEEKDAYS_7_TO_18) as there:
        there.read(visit(start=at("17:30")))
        there.deliver("ops")
        there.run_until(at("18:30"))
        there.read(visit(start=at("17:30"), arrived_at=at("18:20")))
        assert there.told("ops")[-1] == ("resolve", "waiting")
        assert [one.operation for one in there.deliver("ops")] == [Operation.RESOLVE]


@pytest.mark.parametrize("hours", list(Hours))
def test_a_route_that_says_when_it_may_speak_is_not_held_back_by_the_channel(tmp_path: Path, hours: Hours) -> None:
    route = Route(channels=("ops",), hours=hours, has_own_hours=True)
    with office(tmp_path, route) as there:
        there.read(visit(start=at("04:00")))
        (waiting,) = there.deliveries("ops")
        assert waiting.next_attempt_at == (MORNING if hours is Hours.OFFICE else NIGHT)


def test_what_such_a_route_goes_on_to_say_is_not_held_back_either(tmp_path: Path) -> None:
    route = Route(channels=("ops",), has_own_hours=True, repeat=minutes(30))
    with office(tmp_path, route) as there:
        there.read(visit(start=at("04:00")))
        there.deliver("ops")
        (_, reminder) = there.deliveries("ops")
        assert (reminder.next_attempt_at, reminder.held) == (NIGHT + minutes(30), "")


def test_a_reminder_of_any_other_waits_for_the_hours(tmp_path: Path) -> None:
    with Office(
        tmp_path, at("17:50"), routes=(Route(channels=("ops",), repeat=minutes(30)),), quiet=(OPS,),
        office_hours=WEEKDAYS_7_TO_18,
    ) as there:  # fmt: skip
        there.read(visit(start=at("17:30")))
        there.deliver("ops")
        (_, reminder) = there.deliveries("ops")
        assert reminder.next_attempt_at == at("2026-11-11 07:00")
        there.desk.acknowledge([1], SAM, there.now)
        assert there.told("ops")[-1] == ("acknowledge", "waiting")


def test_other_quiet_times_hold_back_such_a_route_all_the_same() -> None:
    night = Quiet(reason="quiet hours", hours=replace(WEEKDAYS_7_TO_18))
    route = Route(channels=("ops",), has_own_hours=True)
    told = replace(alert("J-1042", at=NIGHT), severity=Severity.HIGH)
    (found,) = tellings(told, (route,), WEEKDAYS_7_TO_18, at("10:00"), (OPS, night))
    assert found.due_at == at("18:00")


def test_a_route_of_the_file_has_hours_of_its_own_only_where_they_are_written(tmp_path: Path) -> None:
    more = '[[route]]\nchannels = ["pager"]\nhours = "always"\n'
    routes = read(tmp_path, more).routes
    assert [route.has_own_hours for route in routes] == [False, True]


def test_without_hours_of_channels_nothing_is_worked_out() -> None:
    terms = Outgoing(office=WEEKDAYS_7_TO_18, routes=ALWAYS)
    assert quiet_for(alert("J-1042", at=NIGHT), "ops", terms) is terms.quiet
