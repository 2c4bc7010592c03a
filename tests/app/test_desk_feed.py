"""Visits typed at the desk: what is understood, what is asked again, and what they do beside the other feeds."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from dispatchwatch.domain.visit import Status, Visit, VisitKey
from dispatchwatch.intake.desk_feed import DESK, LABELS, DeskConfig, DeskFeed, NotUnderstood, retyped, understood
from dispatchwatch.intake.profile import ProfileConfig
from tests.fakes.office import CHICAGO, at, hours, minutes
from tests.thorough import times

NOW = at("08:00")
SOON = "2026-11-10 13:00"


class Typed:
    """What the desk typed, in memory."""

    def __init__(self) -> None:
        self.visits: tuple[Visit, ...] = ()

    def held(self) -> tuple[Visit, ...]:
        return self.visits

    def add(self, number: int, now: datetime = NOW, **told: str) -> Visit:
        fresh = typed(f"D-{number}", now, **told)
        self.visits = (*self.visits, fresh)
        return fresh


def typed(ext_id: str = "D-1", now: datetime = NOW, **told: str) -> Visit:
    given = {"customer": "Acme Foundry", "sched_start": SOON, **told}
    return understood(given, ext_id, office_zone=CHICAGO, now=now)


def refused(told: dict[str, str]) -> NotUnderstood:
    with pytest.raises(NotUnderstood) as error:
        understood({"customer": "Acme Foundry", "sched_start": SOON, **told}, "D-1", office_zone=CHICAGO, now=NOW)
    return error.value


def test_a_typed_visit_is_a_visit_like_any_other() -> None:
    one = typed(
        site="Plant 4",
        address="4 Mill Road",
        technician="J. Ortiz; M. Lee",
        sched_end="15:30",
        order_ref="WO-7",
        title="Compressor down",
        priority="1",
    )
    assert one.key == VisitKey(DESK, "D-1")
    assert (one.status, one.technician, one.customer.name) == (Status.SCHEDULED, "J. Ortiz, M. Lee", "Acme Foundry")
    assert (one.site.name, one.site.address, one.site.timezone) == ("Plant 4", "4 Mill Road", "America/Chicago")
    assert (one.sched_start, one.sched_end) == (at("13:00"), at("15:30"))
    assert (one.order_ref, one.title, one.priority) == ("WO-7", "Compressor down", "1")
    assert one.booked_at == one.modified_at == NOW


def test_times_are_the_sites_own() -> None:
    assert typed(site_timezone="America/Denver").sched_start == at("14:00")


def test_a_duration_gives_the_end() -> None:
    assert typed(duration="90").sched_end == at("14:30")


def test_a_visit_with_a_day_and_no_time_has_no_promise() -> None:
    one = typed(sched_start="2026-11-10")
    assert one.anytime
    assert one.promise is None


def test_an_arrival_window_is_enough() -> None:
    one = typed(sched_start="", window_start="2026-11-10 13:00", window_end="15:00")
    assert (one.sched_start, one.promise) == (at("13:00"), at("15:00"))


@pytest.mark.parametrize(
    ("told", "field", "said"),
    [
        ({"customer": ""}, "customer", "Say whose visit it is"),
        ({"sched_start": ""}, "sched_start", "Say when it is"),
        ({"sched_start": "soon"}, "sched_start", "Start: 'soon' cannot be read as a time"),
        ({"sched_start": "10/11/2026 13:00"}, "sched_start", "is that the day or the month first?"),
        ({"sched_start": "13:00"}, "sched_start", "holds a time without a date"),
        ({"sched_start": "1900-01-01"}, "sched_start", "Say when it is"),
        ({"sched_start": "2025-11-10 13:00"}, "sched_start", "more than a day ago"),
        ({"sched_end": "2026-11-10 12:00"}, "sched_end", "End: lies before the start"),
        ({"duration": "a while"}, "duration", "is not a length of time"),
        ({"site_timezone": "Chicago"}, "site_timezone", "'Chicago' is not a time zone"),
        ({"title": "x" * 3000}, "title", "longer than 2000"),
        ({"arrived_at": "13:00"}, "arrived_at", "Nothing called arrived_at can be typed"),
    ],
)
def test_what_is_not_understood_is_asked_again(told: dict[str, str], field: str, said: str) -> None:
    problem = refused(told)
    assert problem.field == field
    assert said in str(problem)
    assert "left out" not in str(problem)


def test_a_visit_typed_anew_stays_the_visit_it_was() -> None:
    before = typed()
    after = retyped(before, typed("D-9", NOW + minutes(5), sched_start="2026-11-10 14:00"))
    assert (after.ext_id, after.booked_at, after.modified_at) == ("D-1", NOW, NOW + minutes(5))
    assert after.sched_start == at("14:00")


def test_the_feed_is_there_with_nothing_typed() -> None:
    snapshot = DeskFeed(Typed()).fetch(NOW)
    assert (snapshot.feed, snapshot.visits, snapshot.complete) == (DESK, (), False)


def test_the_desk_can_be_configured_and_has_one_name(tmp_path: Path) -> None:
    feed = DeskConfig(every=minutes(1)).open(ProfileConfig(), office_zone=CHICAGO, base=tmp_path)
    assert (feed.name, feed.interval, feed.fetch(NOW).visits) == (DESK, minutes(1), ())
    with pytest.raises(ValidationError, match="there is one desk"):
        DeskConfig(name="other")


def test_the_feed_shows_what_was_typed_and_costs_nothing_while_nothing_is() -> None:
    desk = Typed()
    desk.add(1)
    feed = DeskFeed(desk)
    first = feed.fetch(NOW)
    again = feed.fetch(NOW + minutes(1))
    assert first.visits is again.visits is desk.visits
    assert first.digest == again.digest
    assert first.source_at == NOW
    desk.add(2, NOW + minutes(2))
    after = feed.fetch(NOW + minutes(2))
    assert [one.ext_id for one in after.visits] == ["D-1", "D-2"]
    assert after.digest != first.digest
    assert (after.complete, after.covered) == (False, frozenset())


@settings(max_examples=times(30))
@given(told=st.dictionaries(st.sampled_from(sorted(LABELS)), st.text(max_size=20), max_size=5))
def test_whatever_is_typed_is_a_visit_or_a_sentence(told: dict[str, Any]) -> None:
    with suppress(NotUnderstood):
        start = typed(**told).sched_start
        assert start is not None
        assert start > NOW - hours(24)
