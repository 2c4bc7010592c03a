"""`[[quiet]]`, `[outgoing]` and which severities a route speaks of, as the file says them."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.app.config import Config, ConfigError
from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.domain.alert import AlertKind, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.match import Match
from dispatchwatch.domain.quiet import Quiet
from tests.fakes.office import CHICAGO, at, minutes, seconds
from tests.fakes.records import alert

OFFICE = """
[office]
timezone = "America/Chicago"
[[feed]]
name = "today"
kind = "csv"
path = "a.csv"
[[channel]]
name = "pager"
platform = "pagerduty"
routing_key = "a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6"
[[route]]
channels = ["pager"]
"""
NIGHT = 'hours = { mon-sun = "22:00-06:00" }'


def read(folder: Path, more: str) -> Config:
    path = folder / "dispatchwatch.toml"
    path.write_text(OFFICE + more, encoding="utf-8")
    return read_config(path, SecretSource({}, folder, lambda: None))  # type: ignore[arg-type,return-value]  # not asked


def quiet(folder: Path, more: str) -> Quiet:
    (found,) = read(folder, f"[[quiet]]\n{more}").quiet
    return found


def problems(folder: Path, more: str) -> dict[str, str]:
    with pytest.raises(ConfigError) as caught:
        read(folder, more)
    return {one.where: one.text for one in caught.value.problems if not one.is_warning}


def test_quiet_hours(tmp_path: Path) -> None:
    assert quiet(tmp_path, NIGHT) == Quiet(
        reason="quiet hours",
        hours=OfficeHours(CHICAGO, dict.fromkeys(range(7), (time(22), time(6)))),
        unless=Severity.CRITICAL,
    )


def test_a_maintenance_window_in_the_time_of_the_office(tmp_path: Path) -> None:
    text = 'when = { site = "Plant 4" }\nfrom = 2026-11-10T10:00:00\nuntil = 2026-11-10T12:00:00\nreason = "cleaning"'
    assert quiet(tmp_path, text) == Quiet(
        reason="cleaning", when=Match((("site", ("Plant 4",)),)), since=at("10:00"), until=at("12:00")
    )


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-11-10T12:00:00", at("12:00")),
        ("2026-11-10T12:00:00Z", datetime(2026, 11, 10, 12, tzinfo=UTC)),
        ("2026-11-10T12:00:00+01:00", datetime(2026, 11, 10, 11, tzinfo=UTC)),
        ("2026-11-10", at("00:00")),
    ],
)
def test_instants_are_local_unless_they_say_otherwise(tmp_path: Path, written: str, instant: datetime) -> None:
    assert quiet(tmp_path, f"until = {written}").until == instant


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ('channels = "pager"', {"channels": frozenset({"pager"})}),
        ('channels = ["pager"]', {"channels": frozenset({"pager"})}),
        ('when = { severity = "warning" }', {"severities": frozenset({Severity.WARNING})}),
        ('unless = "high"', {"unless": Severity.HIGH}),
        ('unless = "never"', {"unless": None}),
        ('reason = "we sleep"', {"reason": "we sleep"}),
    ],
)
def test_what_else_it_may_say(tmp_path: Path, more: str, expected: dict[str, Any]) -> None:
    found = quiet(tmp_path, f"{NIGHT}\n{more}")
    assert {name: getattr(found, name) for name in expected} == expected


def test_a_window_may_let_the_severe_through(tmp_path: Path) -> None:
    assert quiet(tmp_path, 'until = 2026-11-10\nunless = "critical"').unless is Severity.CRITICAL


@pytest.mark.parametrize(
    ("more", "where", "word"),
    [
        ('reason = "x"', "quiet 1", "does not say when"),
        ("from = 2026-11-10T10:00:00", "quiet 1", "never ends"),
        ("from = 2026-11-10T10:00:00\nuntil = 2026-11-10T09:00:00", "quiet 1", "until is before from"),
        ("from = 2026-11-10T10:00:00\nuntil = 2026-11-10T10:00:00Z", "quiet 1", "until is before from"),
        (f"{NIGHT}\nuntil = 2026-11-10", "quiet 1", "either hours, or from and until"),
        (f'{NIGHT}\nchannels = ["nobody"]', "quiet 1.channels", "no channel “nobody”"),
        (f'{NIGHT}\nwhen = {{ kind = "late" }}', "quiet 1.when.kind", "not a kind of alert"),
        (f'{NIGHT}\nwhen = {{ severity = "bad+" }}', "quiet 1.when.severity", "not a severity"),
        ('hours = { mon-sun = "00:00-24:00" }', "quiet 1", "all week"),
        ('hours = { mon-sun = "10 to 6" }', "quiet 1.hours.mon-sun", "not a span of hours"),
        (f'{NIGHT}\nunless = "bad"', "quiet 1.unless", "'critical' or 'never'"),
        ('until = "tomorrow"', "quiet 1.until", "datetime"),
        (f"{NIGHT}\nresaon = 'x'", "quiet 1.resaon", "no such key"),
    ],
)
def test_what_is_wrong_is_named_with_its_key(tmp_path: Path, more: str, where: str, word: str) -> None:
    found = problems(tmp_path, f"[[quiet]]\n{more}")
    assert list(found) == [where]
    assert word in found[where]


def test_one_section_that_is_wrong_hides_no_other(tmp_path: Path) -> None:
    found = problems(tmp_path, f'[[quiet]]\nreason = "x"\n[[quiet]]\n{NIGHT}\nchannels = "nobody"\n')
    assert set(found) == {"quiet 1", "quiet 2.channels"}


def test_hours_that_are_quiet_but_for_a_minute_are_taken(tmp_path: Path) -> None:
    found = quiet(tmp_path, 'hours = { mon-sat = "00:00-24:00", sun = "00:00-23:59" }')
    assert found.lasts_until(at("12:00")) is not None


def test_how_many_make_a_storm_and_how_long_changes_wait(tmp_path: Path) -> None:
    outgoing = read(tmp_path, "").outgoing
    assert (outgoing.storm_over, outgoing.coalesce_for) == (8, seconds(60))
    outgoing = read(tmp_path, '[outgoing]\nstorm_over = 3\ncoalesce = "2m"').outgoing
    assert (outgoing.storm_over, outgoing.coalesce_for) == (3, minutes(2))
    assert outgoing.routes
    assert outgoing.office.zone == CHICAGO


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ("storm_over = 0", "outgoing.storm_over"),
        ('coalesce = "soon"', "outgoing.coalesce"),
        ('coalesce = "2h"', "outgoing.coalesce"),
        ("storm = 3", "outgoing.storm"),
    ],
)
def test_what_is_wrong_with_them_is_named(tmp_path: Path, more: str, where: str) -> None:
    assert list(problems(tmp_path, f"[outgoing]\n{more}")) == [where]


@pytest.mark.parametrize(
    ("when", "least"),
    [
        ("", Severity.WARNING),
        ('when = { customer = "Acme" }', Severity.WARNING),
        ('when = { kind = "late_check_in" }', Severity.INFO),
        ('when = { severity = "info+" }', Severity.INFO),
        ('when = { kind = "late_check_in", severity = "high+" }', Severity.HIGH),
    ],
)
def test_what_is_merely_worth_knowing_is_told_only_where_a_route_asks_for_it(
    tmp_path: Path, when: str, least: Severity
) -> None:
    config = read(tmp_path, f'[[route]]\nchannels = ["pager"]\n{when}')
    words = {"customer": "Acme", "kind": "late_check_in"}
    alerts = [alert("J-1", AlertKind.LATE_CHECK_IN, at=at("09:00"), severity=one) for one in Severity]
    fitting = [one.severity for one in alerts if config.routes[-1].fits(one, words)]
    assert fitting == [one for one in Severity if one.rank >= least.rank]
