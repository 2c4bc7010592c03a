"""A look asks only about what may have changed; asking about everything each time must come to the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dispatchwatch.app.config import Config
from dispatchwatch.app.looking import Look, Reading
from dispatchwatch.app.replay import NobodyOwed, Source
from dispatchwatch.app.replay_run import Past, Wish
from dispatchwatch.app.watch import Watch
from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Outcome, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules import DayRule, Facts, Finding
from dispatchwatch.domain.rules.facts import NOTHING
from dispatchwatch.domain.schedule import Snapshot
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import Status, Visit, VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.store.store import open_store
from tests.fakes.office import CHICAGO, FEED, at, hours, seconds, visit
from tests.fakes.week import week, write_week

POLICY = Policy(base=Thresholds(sla_onsite=timedelta(hours=30), sla_resolution=timedelta(hours=40)))
LATER = timedelta(hours=1)
STANDARDS = Standards(office=OfficeHours(CHICAGO), policy=POLICY)
Happened = tuple[datetime, str, Alert]


def happened(source: Source, *, everything: bool) -> list[Happened]:
    """All that a watch records of a source; `everything`: it learns before each look that all may be different."""
    found: list[Happened] = []
    with closing(open_store(None, source.begins)) as store:
        watch = Watch(store, NobodyOwed(), STANDARDS, source.feeds, source.rules)
        watch.wake(source.begins)
        following: list[datetime | None] = [None]
        for now, readings in looks(source, following):
            if everything:
                watch.reload()
            look = watch.look(now, readings)
            following[0] = look.next_change
            for word, alerts in (
                ("raised", look.recorded.raised),
                ("updated", look.recorded.worsened),
                ("resolved", look.recorded.resolved),
            ):
                found += [(now, word, alert) for alert in alerts]
    return found


def looks(source: Source, following: list[datetime | None]) -> Iterator[tuple[datetime, Sequence[Reading]]]:
    for told in source.told():
        while following[0] is not None and following[0] < told.at:
            yield following[0], source.between(following[0])
        yield told.at, told.readings
    while following[0] is not None and following[0] <= source.ends:
        yield following[0], source.between(following[0])


@pytest.mark.parametrize("seed", range(3))
def test_asking_only_about_what_may_have_changed_comes_to_the_same(tmp_path: Path, seed: int) -> None:
    file = write_week(tmp_path / "week.csv", week(seed=seed, days=1))
    config = Config(path=tmp_path / "office.toml", office=STANDARDS.office, office_name="", policy=POLICY)
    past = Past(Wish(files=[file]), config, at("09:00"))
    found = happened(past.source, everything=False)
    assert found == happened(past.source, everything=True)
    assert len({alert.kind for _, _, alert in found}) >= 5


def looked(day: Sequence[Watched], facts: Facts) -> Finding:
    """A rule of a technician's day: it speaks of J-1 alone, and only for its first hour; it must have held half a
    minute to be raised."""
    first = next((one for one in day if one.visit.ext_id == "J-1"), None)
    if first is None or facts.now >= first.first_seen_at + LATER:
        return NOTHING
    condition = Condition(
        key="at_risk|today|J-1|1",
        kind=AlertKind.AT_RISK,
        feed=FEED,
        ext_id="J-1",
        severity=Severity.WARNING,
        due_at=first.first_seen_at,
        settles_for=seconds(30),
    )
    return Finding((condition,), first.first_seen_at + LATER)


def over_once_the_other_is_reached(alert: Alert, facts: Facts) -> Ending | None:
    other = facts.visits[VisitKey(FEED, "J-2")]
    return Ending(Outcome.RECOVERED, "over") if other.visit.checked_in else None


def test_what_is_seen_in_a_day_can_be_over_by_another_visit_of_the_day_long_after_it_stopped_showing(
    tmp_path: Path,
) -> None:
    rule = DayRule((AlertKind.AT_RISK,), looked, over_once_the_other_is_reached)
    with closing(open_store(tmp_path / "a.sqlite", at("08:00"))) as store:
        # Fresh all day: a feed that grows stale, or fresh again, makes everything be asked anew.
        feeds = {FEED: FeedHealth(feed=FEED, interval=hours(12))}
        watch = Watch(store, NobodyOwed(), STANDARDS, feeds, [rule])

        def look(clock: str, *visits: Visit) -> Look:
            now = at(clock)
            snapshot = Snapshot(feed=FEED, read_at=now, visits=visits, digest=clock, complete=False)
            return watch.look(now, [Reading(FEED, now, snapshot)])

        both = visit("J-1"), visit("J-2", start=at("12:00"))
        assert look("08:00", *both).recorded.raised == ()
        assert watch.look(at("08:00:29")).recorded.raised == ()
        assert [one.ext_id for one in watch.look(at("08:00:30")).recorded.raised] == ["J-1"]
        assert watch.look(at("09:30")).recorded.resolved == ()
        reached = replace(both[1], status=Status.ARRIVED)
        assert [one.ext_id for one in look("12:00", reached).recorded.resolved] == ["J-1"]


def test_what_must_settle_says_when_it_will_have(tmp_path: Path) -> None:
    rule = DayRule((AlertKind.AT_RISK,), looked, over_once_the_other_is_reached)
    with closing(open_store(tmp_path / "a.sqlite", at("08:00"))) as store:
        watch = Watch(store, NobodyOwed(), STANDARDS, {FEED: FeedHealth(feed=FEED, interval=seconds(30))}, [rule])
        snapshot = Snapshot(feed=FEED, read_at=at("08:00"), visits=(visit("J-1"),), digest="1", complete=False)
        assert watch.look(at("08:00"), [Reading(FEED, at("08:00"), snapshot)]).next_change == at("08:00:30")
        assert watch.look(at("08:00:30")).next_change == at("09:00")
