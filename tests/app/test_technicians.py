"""Whom the office has told of, and when they work today."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.engine import Engine
from dispatchwatch.app.secrets import SecretSource, system_keyring
from dispatchwatch.app.technicians import technician_lines
from dispatchwatch.app.view import TechnicianLine
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.technician import Profile, Roster
from dispatchwatch.domain.visit import Technician
from tests.fakes.beside_engine import Listener, SteppedClock, run_beside
from tests.fakes.office import CHICAGO, at

OFFICE = OfficeHours(CHICAGO)


def shift(opens: time, closes: time, *days: int) -> OfficeHours:
    return OfficeHours(CHICAGO, dict.fromkeys(days, (opens, closes)))


def lines(*profiles: Profile, now: datetime = at("09:00")) -> tuple[TechnicianLine, ...]:  # noqa: B008 - frozen
    return technician_lines(Roster.of(profiles), OFFICE, now)


def test_everybody_is_listed_once_and_by_name() -> None:
    found = lines(Profile(ext_id="T-2", name="M. Lee", phone="555"), Profile(ext_id="T-1", name="a. Novak"))
    assert [line.technician for line in found] == [Technician("a. Novak", "T-1"), Technician("M. Lee", "T-2", "555")]


def test_unknown_hours_are_not_a_day_off() -> None:
    found = lines(
        Profile(ext_id="T-1", name="A"),
        Profile(ext_id="T-2", name="B", shift=OfficeHours(CHICAGO)),
        Profile(ext_id="T-3", name="C", shift=shift(time(7), time(16), 5, 6)),
    )
    assert [line.shifts for line in found] == [None, None, ()]


def test_a_night_shift_that_began_yesterday_is_of_today_too() -> None:
    (line,) = lines(Profile(ext_id="T-1", name="A", shift=shift(time(22), time(6), *range(7))))
    assert line.shifts == ((at("2026-11-09 22:00"), at("06:00")), (at("22:00"), at("2026-11-11 06:00")))


def test_the_shift_is_by_its_own_clock_on_the_day_the_clocks_change() -> None:
    profile = Profile(ext_id="T-1", name="A", shift=shift(time(7), time(16), *range(7)))
    (line,) = lines(profile, now=datetime(2026, 11, 1, 15, tzinfo=UTC))
    assert line.shifts == ((datetime(2026, 11, 1, 13, tzinfo=UTC), datetime(2026, 11, 1, 22, tzinfo=UTC)),)


def test_a_shift_in_another_zone_touches_the_offices_day() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    away = OfficeHours(tokyo, dict.fromkeys(range(7), (time(9), time(17))))
    (line,) = lines(Profile(ext_id="T-1", name="A", shift=away))
    assert line.shifts is not None
    assert all(end > at("00:00") and start < at("2026-11-11 00:00") for start, end in line.shifts)
    assert line.shifts


def test_a_window_asks_the_engine_for_them(tmp_path: Path) -> None:
    path = tmp_path / "office.toml"
    told = '[[technician]]\nid = "T-07"\nname = "J. Ortiz"\nshift = { mon-sun = "00:00-00:00" }\n'
    path.write_text(told, encoding="utf-8")

    async def step(engine: Engine, _listener: Listener, _clock: SteppedClock) -> None:
        (line,) = await engine.technicians()
        assert line.technician == Technician("J. Ortiz", "T-07")
        assert line.shifts

    run_beside(read_config(path, SecretSource({}, tmp_path, system_keyring)), step)
