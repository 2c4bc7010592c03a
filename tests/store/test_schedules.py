"""Visits with their past, desk entries and feeds survive the way through the database unchanged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dispatchwatch.domain.calendars import day_bounds
from dispatchwatch.domain.desk_entry import DeskAction, DeskEntry
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.schedule import Gravity, RowProblem
from dispatchwatch.domain.visit import Customer, Site, Status, VisitKey
from dispatchwatch.domain.watched import Cancellation, Move, Pause, Seen, Watched
from dispatchwatch.store.schedules import VisitChange
from dispatchwatch.store.store import Store, open_store
from tests.fakes.office import CHICAGO, DAY, LEE, ORTIZ, at, hours, key, minutes, visit
from tests.store.samples import NOW

SEEN = Seen(at("08:29"), at("08:31"))
FULL = Watched(
    visit=visit(
        status=Status.EN_ROUTE,
        technicians=(ORTIZ, LEE),
        customer=Customer("Müller “& Søn” 山", "C-1", "+1"),
        site=Site("Plant 4", "America/Denver", "1 Main St", 41.88, -87.63),
        duration=timedelta(minutes=90, microseconds=1),
        window_start=at("09:00"),
        window_end=at("11:00"),
        eta=at("10:20:30.123456"),
        anytime=False,
        time_adjusted=True,
        notes="gate\ncode",
    ),
    first_seen_at=at("08:00"),
    first_start=at("09:30"),
    moves=(Move(at("09:30"), at("09:50"), Seen(None, at("08:30"))), Move(at("09:50"), at("09:40"), SEEN, at("08:31"))),
    moved_earlier_at=at("08:31"),
    cancellation=Cancellation(2, at("09:40"), Status.DISPATCHED, SEEN),
    no_shows=1,
    no_show_seen=SEEN,
    pauses=(Pause(at("08:00"), at("08:10")), Pause(at("08:20"))),
    disappearances=1,
    unread_status="Foo",
    conflicts=("repeated",),
    reinstated_at=at("08:40"),
    check_in_seen=Seen(None, at("09:00")),
    progressed_at=at("09:00:30"),
    missing_since=at("09:01"),
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "a.sqlite", NOW)


def test_a_visit_with_all_its_past_comes_back_equal(store: Store) -> None:
    store.schedules.save([FULL], [])
    assert store.schedules.get(FULL.key) == FULL
    assert store.schedules.of_feed("today") == [FULL]
    assert store.schedules.named("J-1042") == [FULL]
    assert store.schedules.get(VisitKey("tomorrow", "J-1042")) is None


def test_a_visit_is_kept_once(store: Store) -> None:
    changed = replace(FULL, no_shows=2)
    store.schedules.save([FULL], [])
    store.schedules.save([changed], [])
    assert store.schedules.of_feed("today") == [changed]


def test_a_visit_over_midnight_is_found_on_both_days_and_one_without_a_time_on_all(store: Store) -> None:
    night = Watched(visit=visit("N", start=at("22:30"), sched_end=at("2026-11-11 01:30")), first_seen_at=at("08:00"))
    timeless = Watched(visit=visit("T", anytime=True), first_seen_at=at("08:00"))
    day = Watched(visit=visit("D", start=at("09:00")), first_seen_at=at("08:00"))
    store.schedules.save([night, timeless, day], [])

    def on(days: int) -> list[str]:
        found = store.schedules.between(*day_bounds(DAY + timedelta(days=days), CHICAGO))
        return sorted(one.visit.ext_id for one in found)

    assert [on(n) for n in (-1, 0, 1, 2)] == [["T"], ["D", "N", "T"], ["N", "T"], ["T"]]


def test_history_comes_back_in_order(store: Store) -> None:
    changes = [
        VisitChange(key(), NOW, "feed", {"sched_start": (at("09:50"), at("10:30"))}),
        VisitChange(key(), NOW + minutes(1), "desk: Sam", {"status": (Status.SCHEDULED, Status.ARRIVED)}),
        VisitChange(key("other"), NOW, "feed", {}),
    ]
    store.schedules.save([], changes)
    first, second = store.schedules.history(key())
    assert (first.at, first.origin) == (NOW, "feed")
    assert first.changes["sched_start"] == ("2026-11-10T15:50:00Z", "2026-11-10T16:30:00Z")
    assert second.changes["status"] == ("scheduled", "arrived")


def test_what_the_desk_said_comes_back_in_order(store: Store) -> None:
    said = [
        DeskEntry(
            feed="today",
            ext_id="J-1042",
            action=action,
            at=NOW,
            entered_at=NOW + minutes(n),
            by="Sam",
            note="n",
            promise=promise,
        )
        for n, (action, promise) in enumerate([(DeskAction.ETA, at("09:50")), (DeskAction.CHECK_IN, None)])
    ]
    for one in said:
        store.schedules.add_entry(one)
    assert store.schedules.entries() == {key(): tuple(said)}


def test_a_feed_keeps_its_problems_and_days_where_only_its_health_is_saved(store: Store) -> None:
    problems = (RowProblem("a.csv", 7, "Start", "not a time", Gravity.DOUBTFUL),)
    health = FeedHealth(
        feed="today", interval=minutes(1), last_good_at=NOW, source_at=NOW - hours(1), digest="d", rows=3
    )
    store.schedules.save_feed(health, problems, frozenset({DAY}))
    failed = replace(health, failing_since=NOW, problem="gone")
    store.schedules.save_feed(failed)
    assert store.schedules.feeds() == {"today": failed}
    assert store.schedules.problems("today") == problems
    assert store.schedules.covered("today") == {DAY}
    assert store.schedules.problems("other") == ()
    assert store.schedules.covered("other") == frozenset()
