"""Thousands of real flights replayed: who was late must be what plain Python says, flight by flight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatchwatch.app.config import Config
from dispatchwatch.app.replay_figures import Judged
from dispatchwatch.app.replay_run import Past, Wish
from dispatchwatch.domain.alert import AlertKind, Outcome
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.verdict import Verdict
from tests.fakes.flights import (
    FILE,
    NEW_YORK,
    Flight,
    departures,
    landings,
    late_by_more_than,
    weeks_of_the_change,
    write_flights,
)
from tests.fakes.office import utc

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason=f"the real flights are not at {FILE}")
MICROSECOND = timedelta(microseconds=1)


def replayed(folder: Path, flights: Sequence[Flight]) -> list[Judged]:
    file = write_flights(folder / "flights.csv", flights)
    office = OfficeHours(ZoneInfo(NEW_YORK))
    config = Config(path=folder / "office.toml", office=office, office_name="", policy=Policy())
    past = Past(Wish(files=[file]), config, utc("2014-01-02"))
    assert past.source.notes == []
    assert not past.unreadable
    assert past.source.title == f"{len(flights):,} visits"
    return past.replay(config.standards)


def of_kind(judged: Sequence[Judged], kind: AlertKind) -> dict[str, Judged]:
    return {one.alert.ext_id: one for one in judged if one.alert.kind is kind}


def assert_as_plain_python_says(flights: Sequence[Flight], judged: Sequence[Judged]) -> None:
    late, expected = of_kind(judged, AlertKind.LATE_CHECK_IN), late_by_more_than(flights, 15)
    assert late.keys() == expected.keys()
    gone, never = of_kind(judged, AlertKind.TECH_NO_SHOW), late_by_more_than(flights, 60)
    assert gone.keys() == never.keys()
    serious = late_by_more_than(flights, 30)
    for name, one in late.items():
        flight = expected[name]
        deadline = flight.instant - flight.delay + timedelta(minutes=15)
        assert (one.alert.due_at, one.alert.raised_at) == (deadline, deadline + MICROSECOND)
        assert one.alert.outcome is (Outcome.BECAME_WORSE if name in never else Outcome.CHECKED_IN)
        assert name in never or one.alert.resolved_at == flight.instant
        assert one.verdict is (Verdict.TRUE if name in serious else Verdict.MINOR)
    assert all(one.alert.resolved_at == never[name].instant for name, one in gone.items())


def test_departures_around_both_changes_of_the_clocks(tmp_path: Path) -> None:
    flights = departures(weeks_of_the_change())
    assert len(flights) > 2_000
    assert_as_plain_python_says(flights, replayed(tmp_path, flights))


def test_landings_in_seven_zones(tmp_path: Path) -> None:
    flights = landings(weeks_of_the_change())
    assert len({one.zone for one in flights}) == 7
    assert_as_plain_python_says(flights, replayed(tmp_path, flights))


def test_delays_over_midnight_and_midnight_written_as_2400(tmp_path: Path) -> None:
    over = [one for one in departures() if one.actual.date() > one.planned.date()]
    over += [one for one in landings() if (one.actual.hour, one.actual.minute) == (0, 0)]
    assert len(over) > 100
    assert sum((one.actual.hour, one.actual.minute) == (0, 0) for one in over) >= 5
    assert_as_plain_python_says(over, replayed(tmp_path, over))
