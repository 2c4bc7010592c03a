"""Judging only what may have changed gives what judging everything gives, at every step of any story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatchwatch.app.judging import Judge
from dispatchwatch.domain.alert import AlertKind, Condition, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules import RULES, DayRule, Facts, FeedRule, Finding, Rule, VisitRule, evaluate
from dispatchwatch.domain.rules.facts import soonest
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import Site, Status, VisitKey
from dispatchwatch.domain.watched import Seen, Watched, miss, sight
from tests.fakes.office import CHICAGO, LEE, ORTIZ, at, minutes, seconds, visit
from tests.thorough import times

START = at("08:00")
FEEDS = ("today", "other")
KEYS = [VisitKey(feed, name) for feed in FEEDS for name in ("A", "B", "C", "D")]
POLICY = Policy(Thresholds(sla_response=minutes(40), sla_onsite=minutes(90), sla_resolution=minutes(240)))


# Rules that look at all they may look at, and at nothing else: whatever is cached too long shows.


def _ladder(subject: str, feed: str, ext_id: str, at: datetime, facts: Facts) -> Finding:
    """A condition from an instant on, that gets worse an hour later."""
    if facts.now < at:
        return Finding((), at)
    severity = Severity.HIGH if facts.now >= at + minutes(60) else Severity.WARNING
    condition = Condition(
        key=subject, kind=AlertKind.AT_RISK, feed=feed, ext_id=ext_id, severity=severity, due_at=at, from_absence=True
    )
    return Finding((condition,), soonest(at + minutes(60), after=facts.now))


def _look_at_order(watched: Watched, facts: Facts) -> Finding:
    siblings = ",".join(f"{one.key}{one.visit.status}{one.withdrawn}" for one in facts.order_of(watched.visit))
    start = watched.visit.start or START
    return _ladder(f"order {watched.key} {watched.visit.notes} {siblings}", *watched.key, start, facts)


def _look_at_day(day: tuple[Watched, ...], facts: Facts) -> Finding:
    text = ",".join(f"{one.key} {one.visit.start} {one.visit.status}" for one in day)
    return _ladder(f"day {text}", *day[0].key, day[-1].visit.start or START, facts)


def _look_at_feed(health: FeedHealth, facts: Facts) -> Finding:
    words = sorted((word, sorted(keys)) for word, keys in facts.unread(health.feed).items())
    return _ladder(f"feed {health.feed} {words}", health.feed, "", START + minutes(45), facts)


def _no_end(*_: object) -> None:
    return None


PROBES: tuple[Rule, ...] = (
    VisitRule((AlertKind.AT_RISK,), _look_at_order, _no_end),
    DayRule((AlertKind.AT_RISK,), _look_at_day, _no_end),
    FeedRule((AlertKind.AT_RISK,), _look_at_feed, _no_end),
)

instants = st.integers(-60, 480).map(lambda count: START + minutes(count))
maybe = st.one_of(st.none(), st.none(), instants)


@st.composite
def told(draw: st.DrawFn, key: VisitKey) -> Any:
    status = draw(st.sampled_from([*(Status.SCHEDULED,) * 4, *(Status.EN_ROUTE,) * 2, *list(Status)]))
    more: dict[str, Any] = {name: draw(maybe) for name in ("arrived_at", "en_route_at", "completed_at", "eta")}
    start = START + minutes(draw(st.sampled_from([30, 31, 60, 90, 200])))
    return replace(
        visit(
            key.ext_id,
            start=start,
            sched_end=start + minutes(draw(st.sampled_from([30, 90, 300]))),
            order_ref=draw(st.sampled_from(["", "W-1", "W-1", "W-2"])),
            technicians=draw(st.sampled_from([(), (ORTIZ,), (ORTIZ,), (LEE,), (ORTIZ, LEE)])),
            status=status,
            status_raw=draw(st.sampled_from(["", "Foo"])),
            site=draw(
                st.sampled_from([Site("P", "America/Chicago", "", 41.9, -87.7), Site("Q", "UTC", "", 42.2, -88)])
            ),
            reported_at=START - minutes(30),
            notes=draw(st.sampled_from(["", "x"])),
            **more,
        ),
        feed=key.feed,
    )


Step = tuple[int, dict[VisitKey, Any], bool]


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """Minutes that pass, what happens to some visits ("drop": out of the schedule, "forget": out of memory)."""
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=4))
    news = {key: draw(st.one_of(told(key), told(key), st.sampled_from(["drop", "forget"]))) for key in keys}
    return draw(st.sampled_from([0, 0, 1, 5, 20, 45, 130, -30])), news, draw(st.booleans())


def after(news: Mapping[VisitKey, Any], visits: dict[VisitKey, Watched], now: datetime) -> None:
    for key, what in news.items():
        if what == "forget":
            visits.pop(key, None)
        elif what != "drop":
            visits[key] = sight(visits.get(key), what, Seen(now - minutes(1), now))
        elif key in visits:
            visits[key] = miss(miss(visits[key], now - minutes(5)), now)


def facts(now: datetime, visits: Mapping[VisitKey, Watched], *, fresh: bool) -> Facts:
    read = now if fresh else now - minutes(30)
    return Facts(
        now=now,
        awake_since=START - timedelta(days=1),
        visits=dict(visits),
        feeds={
            name: FeedHealth(
                feed=name,
                interval=seconds(30),
                last_good_at=read,
                failing_since=None if fresh else read + seconds(30),
                changed_at=START - minutes(90),
            )
            for name in FEEDS
        },
        policy=POLICY,
        office=OfficeHours(CHICAGO),
    )


def differing(some: Finding, everything: Finding) -> tuple[dict[str, Any], datetime | None]:
    """The conditions in which the two differ, with both; and the next change that there should be.

    The words for the headline may be as of when it was judged; an alert takes them when something changes. What only
    holds open a risk that was never raised changes nothing, and is left aside.
    """
    one, other = (
        {condition.key: replace(condition, facts={}) for condition in each.conditions if not _only_holds(condition)}
        for each in (some, everything)
    )
    keys = [key for key in one.keys() | other.keys() if one.get(key) != other.get(key)]
    return {key: (one.get(key), other.get(key)) for key in keys}, everything.next_change


def _only_holds(condition: Condition) -> bool:
    return condition.kind is AlertKind.AT_RISK and condition.severity is Severity.INFO


@pytest.mark.parametrize("rules", [PROBES, RULES], ids=["probes", "rules"])
def test_judging_what_changed_is_judging_everything(rules: tuple[Rule, ...]) -> None:
    @settings(max_examples=times(80))
    @given(st.lists(steps(), min_size=1, max_size=7))
    def compare(story: list[Step]) -> None:
        judge, visits, now = Judge(FEEDS, rules), dict[VisitKey, Watched](), START
        for length, news, fresh in story:
            end = now + minutes(length)
            while (due := judge_at(judge, visits, now, rules, fresh=fresh, changed=())) is not None and due <= end:
                now = due
            now = end
            after(news, visits, now)
            judge_at(judge, visits, now, rules, fresh=fresh, changed=news)

    compare()


def test_a_clock_set_back_before_a_visit_was_seen_to_be_over_hides_no_risk() -> None:
    """C was seen to be over at 08:00, by no stamp of its own; then it is 07:30 again, and the way to D is long."""
    first, away = visit("D", start=START + minutes(30)), Site("Q", "UTC", "", 42.2, -88)
    over = visit("C", start=START + minutes(30), status=Status.COMPLETED, site=away)
    news = {one.key: one for one in (replace(first, site=Site("P", "UTC", "", 41.9, -87.7)), over)}
    judge, visits = Judge(FEEDS, RULES), dict[VisitKey, Watched]()
    after(news, visits, START)
    judge_at(judge, visits, START, RULES, fresh=True, changed=news)
    for passed in range(-30, 16):
        judge_at(judge, visits, START + minutes(passed), RULES, fresh=True, changed=())


def test_a_visit_that_another_feed_comes_to_tell_of_leaves_the_day_it_was_on() -> None:
    """Feed "other" sends Lee, and the first feed then says that it is Ortiz: Lee's day is another one."""
    judge = Judge(FEEDS, PROBES)
    told = visit("A", start=START + minutes(30), order_ref="W-1", technicians=(LEE,))
    known = [sight(None, replace(told, feed="other"), Seen(None, START))]
    known.append(sight(None, replace(told, ext_id="B", technicians=(ORTIZ,)), Seen(None, START)))
    visits: dict[VisitKey, Watched] = {}
    for one in known:
        visits[one.key] = one
        judge_at(judge, visits, START + minutes(40), PROBES, fresh=True, changed={one.key: one})
    assert judge.index.doubles == {known[0].key: known[1].key}


def judge_at(
    judge: Judge,
    visits: Mapping[VisitKey, Watched],
    now: datetime,
    rules: tuple[Rule, ...],
    *,
    fresh: bool,
    changed: Mapping[VisitKey, Any] | tuple[()],
) -> datetime | None:
    """What settles is left aside: every condition counts as known."""
    view = facts(now, visits, fresh=fresh)
    everything = evaluate(view, rules)
    known = {one.key: one for one in everything.conditions}
    some = judge.judge(view, changed, known)
    assert differing(some, everything) == ({}, some.next_change)
    assert some.next_change is None or some.next_change > now
    return some.next_change
