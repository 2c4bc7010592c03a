"""What is remembered of a visit from one sighting to the next."""

from __future__ import annotations

from typing import Any

import pytest

from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import Status
from dispatchwatch.domain.watched import Move, Seen, Watched, miss, sight
from tests.fakes.office import at, minutes, seconds, visit


def seen(until: str, since: str | None = None) -> Seen:
    return Seen(at(since) if since else None, at(until))


def sighted(*told: tuple[str, dict[str, Any]]) -> Watched:
    """The visit as sighted at each of these times, with these changes."""
    watched = None
    for clock, changes in told:
        watched = sight(watched, visit(**changes), seen(clock))
    assert watched is not None
    return watched


def test_seeing_the_same_again_gives_the_very_same_value() -> None:
    first = sighted(("09:00", {}))
    assert sight(first, visit(), seen("09:05", "09:00")) is first


def test_the_first_evidence_of_a_check_in_keeps_its_interval() -> None:
    watched = sighted(("10:02", {}))
    watched = sight(watched, visit(status=Status.ARRIVED), seen("10:07", "10:02"))
    watched = sight(watched, visit(status=Status.IN_PROGRESS), seen("10:12", "10:07"))
    assert watched.check_in_seen == (at("10:02"), at("10:07"))


@pytest.mark.parametrize(
    ("news", "heard"),
    [
        ({"status": Status.EN_ROUTE}, "09:10"),
        ({"en_route_at": at("09:04")}, "09:10"),
        ({"started_at": at("09:30")}, "09:10"),
        ({"notes": "gate code 4"}, "09:00"),
        ({"sched_end": at("12:00")}, "09:00"),
    ],
    ids=["status", "stamp", "stamp by a clock that runs ahead", "notes", "plan"],
)
def test_when_we_last_heard_how_far_it_is(news: dict[str, Any], heard: str) -> None:
    assert sighted(("09:00", {}), ("09:10", news), ("09:20", news)).progressed_at == at(heard)


def test_a_check_in_taken_back_is_forgotten() -> None:
    watched = sighted(("10:02", {"status": Status.ARRIVED}), ("10:07", {}))
    assert watched.check_in_seen is None


@pytest.mark.parametrize(
    ("told", "deadline"),
    [
        ([("09:00", {})], "10:05"),
        ([("09:00", {"start": at("14:00")}), ("10:00", {"start": at("09:30")})], "10:10"),
        ([("09:00", {"start": at("14:00")}), ("10:00", {"start": at("09:55")})], "10:10"),
        ([("09:00", {"start": at("14:00")}), ("10:00", {"start": at("09:56")})], "10:11"),
        ([("09:00", {}), ("09:05", {"status": Status.CANCELLED}), ("09:10", {})], "10:05"),
        ([("09:00", {}), ("09:05", {"status": Status.CANCELLED}), ("10:05", {})], "10:05"),
        ([("09:00", {}), ("09:05", {"status": Status.CANCELLED}), ("10:05:01", {})], "10:20:01"),
        ([("09:00", {}), ("09:30", {"window_end": at("11:00")})], "11:15"),
    ],
)
def test_the_deadline_is_fair_to_what_we_learnt_late(told: list[tuple[str, dict[str, Any]]], deadline: str) -> None:
    assert sighted(*told).deadline(Policy()) == at(deadline)


def test_a_reinstated_visit_that_is_cancelled_again_has_forgotten_the_first_time() -> None:
    off = {"status": Status.CANCELLED}
    watched = sighted(("09:00", {}), ("09:05", off), ("11:00", {}), ("11:05", off))
    assert (watched.cancellations, watched.reinstated_at) == (2, None)


def test_moves_are_remembered_with_the_interval_in_which_we_learnt_of_them() -> None:
    watched = sighted(("09:00", {}), ("09:05", {"notes": "x"}), ("09:10", {"start": at("10:30")}))
    assert watched.moves == (Move(at("09:50"), at("10:30"), Seen(None, at("09:10"))),)
    assert (watched.first_start, watched.moved_earlier_at) == (at("09:50"), None)


def test_a_visit_is_withdrawn_by_a_second_reading_five_minutes_after_the_first() -> None:
    watched = sighted(("09:00", {}))
    once = miss(watched, at("09:10"))
    assert (once.missing_since, once.withdrawn) == (at("09:10"), False)
    assert not miss(once, at("09:15") - seconds(1)).withdrawn
    gone = miss(once, at("09:15"))
    assert gone.withdrawn
    assert miss(gone, at("09:20")) is gone


def test_a_visit_seen_again_is_neither_missing_nor_withdrawn() -> None:
    gone = miss(miss(sighted(("09:00", {})), at("09:10")), at("09:15"))
    back = sight(gone, visit(), seen("09:20"))
    assert (back.missing_since, back.withdrawn) == (None, False)


def test_an_unknown_status_leaves_the_last_sound_one() -> None:
    watched = sighted(("09:00", {"status": Status.EN_ROUTE}), ("09:05", {"status": Status.UNKNOWN}))
    assert watched.visit.status is Status.EN_ROUTE
    assert sighted(("09:00", {"status": Status.UNKNOWN})).visit.status is Status.UNKNOWN


def test_an_unknown_status_after_a_cancellation_does_not_reinstate() -> None:
    watched = sighted(("09:00", {"status": Status.CANCELLED}), ("11:00", {"status": Status.UNKNOWN}))
    assert (watched.visit.status, watched.reinstated_at) == (Status.CANCELLED, None)


def test_the_grace_is_the_policys() -> None:
    assert sighted(("09:00", {})).deadline(Policy(Thresholds(check_in_grace=minutes(3)))) == at("09:53")


@pytest.mark.parametrize(
    ("stamps", "arrived"),
    [
        ({}, None),
        ({"arrived_at": at("09:40"), "started_at": at("09:45")}, at("09:40")),
        ({"arrived_at": at("09:45"), "started_at": at("09:40")}, at("09:40")),
        ({"status": Status.ARRIVED, "status_at": at("09:41")}, at("09:41")),
        ({"status": Status.COMPLETED, "status_at": at("11:41")}, None),
        ({"status": Status.SCHEDULED, "status_at": at("08:00")}, None),
    ],
)
def test_the_arrival_is_the_earliest_stamp_of_being_there(stamps: dict[str, Any], arrived: object) -> None:
    assert visit(**stamps).checked_in_at == arrived


@pytest.mark.parametrize(
    "status",
    [
        Status.ARRIVED,
        Status.IN_PROGRESS,
        Status.PAUSED,
        Status.COMPLETED,
        Status.INCOMPLETE,
        Status.CUSTOMER_NO_SHOW,
    ],
)
def test_these_statuses_show_a_check_in_and_no_others(status: Status) -> None:
    assert visit(status=status).checked_in
    assert sum(visit(status=one).checked_in for one in Status) == 6
