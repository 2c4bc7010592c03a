"""Visits found by what they have in common, and one visit told of by two feeds (study 4.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatchwatch.domain.rules.index import Index, crews_of
from dispatchwatch.domain.visit import Status, Technician, Visit, VisitKey
from dispatchwatch.domain.watched import Seen, Watched, miss, sight
from tests.fakes.office import LEE, ORTIZ, at, minutes, visit
from tests.thorough import times

MICROSECOND = timedelta(microseconds=1)
NOW = at("09:00")
FEEDS = ("first", "second", "third")


def watched(feed: str, ext_id: str = "J-1", **more: Any) -> Watched:
    told: Visit = replace(visit(ext_id, **{"order_ref": "W-1", **more}), feed=feed)
    return sight(None, told, Seen(None, NOW))


def doubles(*known: Watched, feeds: tuple[str, ...] = FEEDS) -> dict[VisitKey, VisitKey]:
    return Index.of({one.key: one for one in known}, feeds).doubles


def test_of_a_visit_that_two_feeds_tell_of_the_first_feeds_counts() -> None:
    one, other = watched("second", "A"), watched("first", "B")
    assert doubles(one, other) == doubles(other, one) == {one.key: other.key}
    assert doubles(one, other, feeds=("second", "first")) == {other.key: one.key}


def test_a_feed_that_is_not_in_the_list_stands_behind_all_that_are() -> None:
    stranger, known = watched("a", "A"), watched("third", "B")
    assert doubles(stranger, known) == {stranger.key: known.key}


@pytest.mark.parametrize(
    ("other", "is_the_same"),
    [
        ({}, True),
        ({"start": at("09:51")}, True),
        ({"start": at("09:49")}, True),
        ({"start": at("09:51") + MICROSECOND}, False),
        ({"order_ref": "W-2"}, False),
        ({"order_ref": ""}, False),
        ({"technicians": (LEE,)}, True),
        ({"anytime": True}, False),
        ({"sched_start": None}, False),
    ],
)
def test_one_visit_is_the_same_order_at_the_same_time(other: dict[str, Any], is_the_same: bool) -> None:
    assert bool(doubles(watched("first"), watched("second", **other))) is is_the_same


def test_two_visits_of_one_feed_are_two() -> None:
    assert doubles(watched("first", "A"), watched("first", "B")) == {}


def test_of_three_feeds_two_are_doubles_of_the_first() -> None:
    one, two, three = (watched(feed) for feed in FEEDS)
    assert doubles(three, two, one) == {two.key: one.key, three.key: one.key}


def test_what_the_first_feed_has_dropped_is_the_second_ones_to_tell_of() -> None:
    gone = miss(miss(watched("first"), NOW), NOW + minutes(5))
    assert gone.withdrawn
    assert doubles(gone, watched("second")) == {}


def test_a_visit_is_on_the_days_of_its_whole_crew_or_on_one_of_its_own() -> None:
    assert crews_of(visit(technicians=(ORTIZ, LEE))) == ("T-07", "T-09")
    assert crews_of(visit(technicians=(ORTIZ, ORTIZ))) == ("T-07",)
    assert crews_of(visit("J-9", technicians=())) == ("nobody|today|J-9",)


# Kept up as things change, it is what it would be if made anew


@st.composite
def anything(draw: st.DrawFn, key: VisitKey) -> Watched | None:
    if draw(st.integers(0, 4)) == 0:
        return None
    found = watched(
        key.feed,
        key.ext_id,
        order_ref=draw(st.sampled_from(["", "W-1", "W-1", "W-2"])),
        start=draw(st.sampled_from([at("09:50"), at("09:50"), at("09:51"), at("09:52"), at("11:00")])),
        technicians=draw(st.sampled_from([(), (ORTIZ,), (LEE,), (ORTIZ, LEE), (Technician("X"),)])),
        status=draw(st.sampled_from([Status.SCHEDULED, Status.UNKNOWN, Status.CANCELLED])),
        status_raw=draw(st.sampled_from(["Foo", "Bar"])),
    )
    return miss(miss(found, NOW), NOW + minutes(5)) if draw(st.integers(0, 4)) == 0 else found


KEYS = [VisitKey(feed, name) for feed in FEEDS for name in ("A", "B")]


@st.composite
def changes(draw: st.DrawFn) -> dict[VisitKey, Watched | None]:
    return {key: draw(anything(key)) for key in draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=1))}


@settings(max_examples=times(120))
@given(st.lists(changes(), min_size=1, max_size=6))
def test_an_index_kept_up_is_the_same_as_one_made_anew(steps: list[dict[VisitKey, Watched | None]]) -> None:
    kept, visits = Index(FEEDS), dict[VisitKey, Watched]()
    for step in steps:
        orders = set()
        for key, after in step.items():
            before = visits.pop(key, None)
            if after is not None:
                visits[key] = after
            kept.change(before, after)
            orders |= {one.visit.order_ref for one in (before, after) if one is not None} - {""}
        for order in orders:
            kept.match(order, visits)
        assert contents(kept) == contents(Index.of(visits, FEEDS))


def contents(index: Index) -> tuple[Any, ...]:
    unread = {feed: words for feed, words in index.unread.items() if words}
    return index.orders, index.days, unread, index.doubles
