"""What is believed of a visit whose facts contradict each other (study 4.2, row 15)."""

from __future__ import annotations

import random
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatchwatch.domain.soundness import Conflict, Told, lead, sound
from dispatchwatch.domain.visit import Status, Visit
from dispatchwatch.domain.watched import Seen, Watched, entered, miss, sight
from tests.fakes.office import LEE, at, hours, minutes, seconds, visit
from tests.thorough import times

MICROSECOND = timedelta(microseconds=1)
NOW = at("12:00")
STAMPS = ("en_route_at", "arrived_at", "started_at", "completed_at", "cancelled_at")


def codes(told: Visit, before: Visit | None = None, now: datetime = NOW, **more: Any) -> tuple[str, ...]:
    return sound(before, told, now, **more).conflicts


def believed(told: Visit, before: Visit | None = None, now: datetime = NOW, **more: Any) -> Visit:
    return sound(before, told, now, **more).visit


def arrived(stamp: datetime, **more: Any) -> Visit:
    return visit(status=Status.ARRIVED, status_raw="On Site", arrived_at=stamp, **more)


CONTRADICTIONS: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"en_route_at": at("09:35"), "arrived_at": at("09:30")}, ()),
    ({"en_route_at": at("09:35") + MICROSECOND, "arrived_at": at("09:30")}, ("arrived_before_en_route",)),
    ({"en_route_at": at("09:00"), "arrived_at": at("09:30")}, ()),
    ({"completed_at": at("09:30"), "arrived_at": at("09:30")}, ()),
    ({"completed_at": at("09:30") - MICROSECOND, "arrived_at": at("09:30")}, ("completed_before_start",)),
    ({"completed_at": at("09:10"), "started_at": at("09:30")}, ("completed_before_start",)),
    ({"sched_end": at("09:50")}, ()),
    ({"sched_end": at("09:50") - MICROSECOND}, ("end_before_start",)),
    ({"window_start": at("09:00"), "window_end": at("09:00")}, ()),
    ({"window_start": at("09:00"), "window_end": at("08:59")}, ("window_end_before_start",)),
    ({"arrived_at": at("13:00")}, ()),
    ({"arrived_at": at("13:00") + MICROSECOND}, ("arrived_in_future",)),
    ({"started_at": at("13:01")}, ("started_in_future",)),
    ({"completed_at": at("13:01")}, ("completed_in_future",)),
    ({"en_route_at": at("13:01")}, ("en_route_in_future",)),
    ({"cancelled_at": at("13:01")}, ("cancelled_in_future",)),
    ({"eta": at("15:00"), "modified_at": at("15:00"), "booked_at": at("15:00")}, ()),
    ({"status": Status.COMPLETED, "completed_at": at("11:00")}, ()),
    ({"status": Status.CANCELLED}, ()),
    ({"status": Status.CANCELLED, "arrived_at": at("09:40")}, ("cancelled_with_check_in",)),
    ({"status": Status.CANCELLED, "started_at": at("09:40")}, ("cancelled_with_check_in",)),
    ({"status": Status.CANCELLED, "arrived_at": at("09:40"), "cancelled_at": at("09:40")}, ()),
    (
        {"status": Status.CANCELLED, "arrived_at": at("09:40"), "cancelled_at": at("09:39")},
        ("cancelled_with_check_in",),
    ),
    (
        {"en_route_at": at("10:00"), "arrived_at": at("09:30"), "completed_at": at("09:10")},
        ("arrived_before_en_route", "completed_before_start"),
    ),
]


@pytest.mark.parametrize(("told", "expected"), CONTRADICTIONS)
def test_what_contradicts_to_the_microsecond(told: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert codes(visit(**told)) == expected


def test_a_job_completed_without_an_arrival_is_no_contradiction() -> None:
    assert codes(visit(status=Status.COMPLETED, status_raw="Done", completed_at=at("11:00"))) == ()


def test_a_sound_visit_is_taken_as_it_is() -> None:
    told = arrived(at("09:48"))
    assert believed(told, visit()) is told


def test_a_completion_before_the_start_leaves_the_times_as_they_were_and_takes_the_rest() -> None:
    before = arrived(at("09:48"))
    told = arrived(at("09:30"), completed_at=at("09:10"), technicians=(LEE,), notes="pump")
    found = sound(before, told, NOW)
    assert found.visit == replace(told, arrived_at=at("09:48"), completed_at=None)
    assert found.told == (Told("arrived_at", at("09:30")), Told("completed_at", at("09:10")))


def test_at_first_sight_a_start_is_believed_and_stamps_in_doubt_are_not() -> None:
    told = visit(sched_end=at("09:00"), arrived_at=at("09:30"), completed_at=at("09:10"), status_raw="Done")
    assert believed(told) == replace(told, sched_end=None, arrived_at=None, completed_at=None)


def test_a_start_moved_past_an_end_that_was_not_keeps_the_old_plan() -> None:
    moved = visit(start=at("14:00"), sched_end=at("11:50"))
    kept = believed(moved, visit())
    assert (kept.sched_start, kept.sched_end) == (at("09:50"), at("11:50"))


def test_a_cancellation_with_a_check_in_nobody_knew_of_leaves_the_visit_standing() -> None:
    told = visit(status=Status.CANCELLED, status_raw="Cancelled", cancelled_by="customer", arrived_at=at("09:40"))
    kept = believed(told, visit(status=Status.DISPATCHED))
    assert (kept.status, kept.arrived_at, kept.cancelled_by) == (Status.DISPATCHED, None, "")


def test_a_visit_called_off_while_somebody_is_there_is_called_off() -> None:
    told = visit(status=Status.CANCELLED, status_raw="Cancelled", arrived_at=at("09:40"))
    found = sound(arrived(at("09:40")), told, NOW)
    assert (found.visit, found.conflicts) == (told, ())
    assert sound(found.visit, told, NOW).conflicts == ()


@pytest.mark.parametrize(
    ("told", "before", "status"),
    [
        ({"status": Status.ARRIVED, "arrived_at": at("15:00")}, {"status": Status.DISPATCHED}, Status.DISPATCHED),
        ({"status": Status.ARRIVED, "arrived_at": at("15:00")}, None, Status.SCHEDULED),
        ({"status": Status.ARRIVED, "arrived_at": at("15:00"), "en_route_at": at("09:30")}, {}, Status.EN_ROUTE),
        ({"status": Status.ARRIVED, "arrived_at": at("15:00"), "started_at": at("09:50")}, {}, Status.ARRIVED),
        ({"status": Status.ARRIVED, "arrived_at": at("15:00"), "status_raw": "On Site"}, {}, Status.ARRIVED),
        ({"status": Status.IN_PROGRESS, "arrived_at": at("15:00")}, {}, Status.IN_PROGRESS),
    ],
)
def test_a_status_that_only_an_unbelieved_stamp_implies_is_not_believed_either(
    told: dict[str, Any], before: dict[str, Any] | None, status: Status
) -> None:
    assert believed(visit(**told), None if before is None else visit(**before)).status is status


def test_a_word_nobody_knows_leaves_the_status_and_is_told() -> None:
    found = sound(visit(status=Status.EN_ROUTE), visit(status=Status.UNKNOWN, status_raw="Zugestellt"), NOW)
    assert (found.visit.status, found.unread_status, found.conflicts) == (Status.EN_ROUTE, "Zugestellt", ())


def test_rows_that_do_not_agree_are_a_contradiction_and_the_one_taken_counts() -> None:
    told = arrived(at("09:48"))
    found = sound(visit(), told, NOW, repeated=True)
    assert (found.visit, found.conflicts, found.told) == (told, ("repeated",), ())
    assert codes(replace(told, completed_at=at("09:10")), repeated=True) == ("completed_before_start", "repeated")


def test_what_was_believed_stays_so_though_our_own_clock_is_set_back() -> None:
    assert codes(arrived(at("12:00")), arrived(at("12:00")), now=at("09:00")) == ()


def test_a_time_in_the_future_is_believed_once_it_has_come_and_not_an_hour_before() -> None:
    told = arrived(at("15:00"))
    watched = sight(None, told, Seen(None, NOW))
    for clock in ("14:00", "14:30", "14:59:59"):
        assert sight(watched, told, Seen(None, at(clock))) is watched
    after = sight(watched, told, Seen(None, at("15:00")))
    assert (after.visit.arrived_at, after.conflicts, after.conflicts_since) == (at("15:00"), (), None)


def test_a_clock_seven_minutes_ahead_is_no_contradiction_and_the_receipt_counts() -> None:
    """Study 4.3: rules use the earlier of the source's stamp and the receipt."""
    watched = sight(None, visit(), Seen(None, at("10:00")))
    watched = sight(watched, arrived(at("10:13")), Seen(at("10:05"), at("10:06")))
    assert (watched.conflicts, watched.check_in_seen) == ((), Seen(at("10:05"), at("10:06")))


@pytest.mark.parametrize(
    "entry", [{"en_route_at": at("11:00"), "arrived_at": at("09:40")}, {"completed_at": at("09:00")}]
)
def test_what_a_person_at_the_desk_says_stands_against_any_stamp(entry: dict[str, Any]) -> None:
    told = arrived(entry.get("arrived_at", at("09:40")), checkin_method="desk")
    assert codes(replace(told, **entry)) == ()


def test_the_word_of_the_desk_settles_neither_what_contradicts_nor_what_is_missing() -> None:
    told = visit(status=Status.UNKNOWN, status_raw="Foo", sched_end=at("09:00"))
    watched = miss(miss(sight(None, told, Seen(None, NOW)), NOW), NOW + minutes(5))
    after = entered(watched, replace(watched.visit, arrived_at=NOW, checkin_method="desk"), NOW + minutes(6))
    heard = NOW + minutes(6)
    assert after == replace(watched, visit=after.visit, check_in_seen=Seen(None, heard), progressed_at=heard), (
        "nothing else has changed"
    )
    assert after.visit.arrived_at == NOW


@pytest.mark.parametrize(
    ("before", "after", "ahead"),
    [
        ({}, {"arrived_at": NOW + minutes(7)}, minutes(7)),
        ({}, {"arrived_at": NOW}, minutes(0)),
        ({}, {"arrived_at": NOW - minutes(7)}, minutes(0)),
        ({"arrived_at": NOW + minutes(7)}, {"arrived_at": NOW + minutes(7)}, minutes(0)),
        ({}, {"arrived_at": NOW + minutes(7), "checkin_method": "desk"}, minutes(0)),
        (None, {"completed_at": NOW + minutes(2), "started_at": NOW + minutes(3)}, minutes(3)),
        ({}, {"eta": NOW + hours(1)}, minutes(0)),
    ],
)
def test_fresh_stamps_from_the_future_show_how_far_a_clock_is_ahead(
    before: dict[str, Any] | None, after: dict[str, Any], ahead: timedelta
) -> None:
    assert lead(None if before is None else visit(**before), visit(**after), NOW) == ahead


# Any telling after any other

instants = st.one_of(st.none(), st.integers(-300, 300).map(lambda count: NOW + minutes(count)))


@st.composite
def tellings(draw: st.DrawFn) -> Visit:
    return visit(
        status=draw(st.sampled_from(list(Status))),
        status_raw=draw(st.sampled_from(["", "word"])),
        start=NOW + minutes(draw(st.integers(-300, 300))),
        sched_end=draw(instants),
        window_start=draw(instants),
        window_end=draw(instants),
        checkin_method=draw(st.sampled_from(["", "", "desk"])),
        **dict[str, Any]({name: draw(instants) for name in STAMPS}),
    )


stories = st.lists(st.tuples(tellings(), st.booleans(), st.integers(-90, 90)), min_size=1, max_size=4)


def told_of(story: list[tuple[Visit, bool, int]]) -> tuple[Watched, datetime, bool]:
    watched, now, repeated = None, NOW, False
    for told, repeated, later in story:
        now += minutes(later)
        watched = sight(watched, told, Seen(None, now), repeated=repeated)
    assert watched is not None
    return watched, now, repeated


@settings(max_examples=times(600))
@given(stories)
def test_telling_the_same_again_gives_the_very_same_value(story: list[tuple[Visit, bool, int]]) -> None:
    watched, now, repeated = told_of(story)
    assert sight(watched, story[-1][0], Seen(None, now), repeated=repeated) is watched
    assert sight(watched, story[-1][0], Seen(now, now), repeated=repeated) is watched


@settings(max_examples=times(600))
@given(stories)
def test_what_is_believed_never_contradicts_itself(story: list[tuple[Visit, bool, int]]) -> None:
    watched, now, _ = told_of(story)
    assert sound(watched.visit, watched.visit, now).conflicts == ()


@settings(max_examples=times(400))
@given(stories)
def test_what_nobody_contradicts_is_taken_as_told(story: list[tuple[Visit, bool, int]]) -> None:
    watched, _, _ = told_of(story)
    told = story[-1][0]
    doubtful = {"status", *STAMPS, "sched_start", "sched_end", "window_start", "window_end", "checkin_method"}
    others = [one.name for one in fields(Visit) if one.name not in doubtful]
    assert [getattr(watched.visit, name) for name in others] == [getattr(told, name) for name in others]
    if not set(watched.conflicts) - {"repeated"}:
        status = watched.visit.status if told.status is Status.UNKNOWN else told.status
        assert watched.visit == replace(told, status=status)


def test_the_order_in_which_the_codes_are_told_is_always_the_same() -> None:
    order = [code.value for code in Conflict]
    chance = random.Random(7)  # noqa: S311 - visits to test with
    seen: set[str] = set()
    for _ in range(2000):
        stamps: dict[str, Any] = {name: NOW + minutes(chance.randrange(-200, 200)) for name in chance.sample(STAMPS, 4)}
        told = visit(status=chance.choice(list(Status)), **stamps)
        found = codes(told, now=NOW + seconds(chance.randrange(60)), repeated=chance.random() < 0.3)
        assert list(found) == sorted(found, key=order.index)
        seen.update(found)
    assert len(seen) >= 8
