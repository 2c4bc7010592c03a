"""A day of sixty visits, counted by hand: an oracle that shares no code with the program."""

from __future__ import annotations

import random
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dispatchwatch.domain.alert import AlertKind
from dispatchwatch.domain.match import Match
from dispatchwatch.domain.routing import Route
from dispatchwatch.domain.visit import Status, Visit
from tests.fakes.office import Office, at, hours, minutes, seconds, visit

START = at("09:00")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_whole_day_agrees_with_counting_by_hand(seed: int) -> None:
    """Sixty visits; arrivals become known at polls of a minute. Who was late, and since when, is counted plainly."""
    chance = random.Random(seed)  # noqa: S311 - a day to test with
    starts = {f"J-{n}": START + seconds(chance.randrange(3 * 3600)) for n in range(60)}
    comes = {name: start + seconds(chance.randrange(-900, 2400)) for name, start in starts.items()}
    told = {name: come + seconds(chance.randrange(0, 600)) for name, come in comes.items()}

    def source(now: datetime) -> list[Visit]:
        return [
            visit(name, start, status=Status.ARRIVED, arrived_at=comes[name])
            if told[name] <= now
            else visit(name, start)
            for name, start in starts.items()
        ]

    with tempfile.TemporaryDirectory() as folder, Office(Path(folder), START, interval=minutes(1)) as office:
        while office.now < START + hours(5):
            office.says(*source(office.now))
            office.run(minutes(1))
        polls = [START + minutes(n) for n in range(5 * 60)]
        learnt = {name: next(poll for poll in polls if poll >= told[name]) for name in starts}
        expected = {name for name, start in starts.items() if learnt[name] > start + minutes(15)}
        assert len(expected) > 10
        found = {alert.ext_id: alert for alert in office.alerts()}
        assert set(found) == expected
        for name, alert in found.items():
            assert alert.kind is AlertKind.LATE_CHECK_IN
            assert timedelta() < alert.raised_at - (starts[name] + minutes(15)) <= timedelta(milliseconds=2)
            assert alert.resolved_at == learnt[name]
            on_time = comes[name] <= starts[name] + minutes(15)
            assert str(alert.outcome) == ("was_on_time" if on_time else "checked_in")


def test_routes_that_fit_no_alert_owe_nothing() -> None:
    with tempfile.TemporaryDirectory() as folder:
        nobody = (Route(when=Match((("kind", ("stale_feed",)),)), channels=("ops",)),)
        with Office(Path(folder), START, routes=nobody) as office:
            office.read(visit(start=at("08:30")))
            assert (len(office.alerts()), office.deliveries()) == (1, [])
