"""The clocks of service levels by themselves: how they count, stand still, are met, and what the rule says of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Operation, Outcome, Severity
from dispatchwatch.domain.business_time import BusinessTime
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.match import Match
from dispatchwatch.domain.notification import Notification
from dispatchwatch.domain.policy import Override, Policy
from dispatchwatch.domain.rules import Facts, Finding, Index, ending, evaluate
from dispatchwatch.domain.rules.service_levels import SERVICE_LEVELS
from dispatchwatch.domain.service_levels import Clock, Met, clocks
from dispatchwatch.domain.thresholds import Counting, Thresholds
from dispatchwatch.domain.visit import Customer, Status, Visit
from dispatchwatch.domain.watched import Cancellation, Pause, Seen, Watched
from tests.fakes.office import CHICAGO, FEED, ORTIZ, WEEKDAYS_7_TO_18, at, hours, minutes, seconds, visit

RESPONSE, ONSITE, RESOLUTION = AlertKind.SLA_RESPONSE, AlertKind.SLA_ONSITE, AlertKind.SLA_RESOLUTION
MICROSECOND = timedelta(microseconds=1)
ALL_DAY = OfficeHours(CHICAGO)
REPORTED = at("10:20")
DUE = at("14:20")
FOUR_HOURS = Thresholds(sla_onsite=hours(4), sla_counts=Counting.ALWAYS)
ALL_THREE = replace(FOUR_HOURS, sla_response=hours(1), sla_resolution=hours(8))


def told(**more: Any) -> Visit:
    return visit(**{"reported_at": REPORTED, "contract": "Gold", "priority": "1", **more})


def watched(**more: Any) -> Watched:
    past = {name: more.pop(name) for name in list(more) if name in Watched.__dataclass_fields__}
    return Watched(visit=told(**more), first_seen_at=REPORTED, **past)


def facts(
    now: datetime,
    *known: Watched,
    thresholds: Thresholds = FOUR_HOURS,
    policy: Policy | None = None,
    office: OfficeHours = ALL_DAY,
) -> Facts:
    visits = {one.key: one for one in known}
    return Facts(
        now=now,
        awake_since=now - timedelta(days=9),
        visits=visits,
        feeds={FEED: FeedHealth(feed=FEED, interval=seconds(30), last_good_at=now)},
        policy=policy or Policy(thresholds),
        office=office,
        index=Index.of(visits),
    )


def judged(now: datetime, *known: Watched, **more: Any) -> Finding:
    return evaluate(facts(now, *known, **more), [SERVICE_LEVELS])


def steps(conditions: Iterable[Condition]) -> list[tuple[AlertKind, Severity]]:
    return [(one.kind, one.severity) for one in conditions]


def raised(now: datetime, known: Watched, **more: Any) -> Alert:
    """The alert that the one condition of a visit makes."""
    (condition,) = judged(now, known, **more).conditions
    return alert_of(condition, now)


def alert_of(condition: Condition, now: datetime) -> Alert:
    return Alert(
        id=1,
        key=condition.key,
        kind=condition.kind,
        severity=condition.severity,
        feed=condition.feed,
        ext_id=condition.ext_id,
        due_at=condition.due_at,
        raised_at=now,
        updated_at=now,
        facts=condition.facts,
    )


def over(alert: Alert, now: datetime, *known: Watched, **more: Any) -> Ending | None:
    return ending(alert, facts(now, *known, **more), [SERVICE_LEVELS])


def clock(**more: Any) -> Clock:
    told: dict[str, Any] = {
        "kind": RESOLUTION,
        "start": REPORTED,
        "target": hours(4),
        "hours": BusinessTime(ALL_DAY, Counting.ALWAYS),
        "can_pause": True,
    }
    return Clock(**{**told, **more})


# The clock


def test_a_clock_counts_from_its_start() -> None:
    one = clock()
    assert (one.elapsed(at("12:20")), one.share(at("12:20")), one.due_at) == (hours(2), 0.5, DUE)
    assert (one.elapsed(at("10:00")), one.share(at("15:20"))) == (timedelta(), 1.25)
    assert (one.paused, one.met_at) == (False, None)


def test_a_pause_does_not_count_and_moves_what_is_due() -> None:
    one = clock(pauses=(Pause(at("11:00"), at("12:00")), Pause(at("13:00"), at("13:30"))))
    assert one.elapsed(at("11:30")) == minutes(40)
    assert one.elapsed(at("12:30")) == minutes(70)
    assert one.due_at == at("15:50")
    assert one.elapsed(at("15:50")) == hours(4)


def test_an_open_pause_freezes_it() -> None:
    one = clock(pauses=(Pause(at("12:20")),))
    assert one.paused
    assert [one.elapsed(at(when)) for when in ("12:20", "13:00", "23:00")] == [hours(2)] * 3
    assert one.due_at is None
    assert one.reached_at(hours(2)) == at("12:20")
    assert one.reached_at(hours(2) + MICROSECOND) is None
    assert one.resumed(at("13:20")).due_at == at("15:20")


@pytest.mark.parametrize(
    "pauses",
    [
        (Pause(at("09:00"), at("10:00")),),
        (Pause(at("11:00"), at("11:00")),),
        (),
    ],
    ids=["before its start", "of no length", "none"],
)
def test_pauses_that_change_nothing(pauses: tuple[Pause, ...]) -> None:
    assert clock(pauses=pauses).due_at == DUE
    assert clock(pauses=pauses).elapsed(at("11:30")) == minutes(70)


@pytest.mark.parametrize(
    "pauses",
    [
        (Pause(at("11:00"), at("12:00")), Pause(at("11:30"), at("11:45"))),
        (Pause(at("11:30"), at("12:00")), Pause(at("11:00"), at("11:40"))),
    ],
    ids=["one inside another", "overlapping and out of order"],
)
def test_no_time_is_paused_twice(pauses: tuple[Pause, ...]) -> None:
    assert clock(pauses=pauses).due_at == at("15:20")
    assert clock(pauses=pauses).elapsed(at("12:30")) == minutes(70)


def test_a_pause_across_the_start_counts_from_the_start_on() -> None:
    assert clock(pauses=(Pause(at("10:00"), at("10:50")),)).due_at == at("14:50")


def test_a_clock_that_was_met_stands_where_it_was_met() -> None:
    one = clock(met=Met(at("11:20")))
    assert (one.elapsed(at("18:00")), one.elapsed(at("10:50"))) == (hours(1), minutes(30))
    assert not replace(one, pauses=(Pause(at("11:00")),)).paused


@pytest.mark.parametrize(
    ("counting", "start", "target", "due"),
    [
        (Counting.ALWAYS, "2026-11-13 16:00", hours(4), "2026-11-13 20:00"),
        (Counting.OFFICE, "2026-11-13 16:00", hours(4), "2026-11-16 09:00"),
        (Counting.OFFICE, "2026-11-14 12:00", hours(4), "2026-11-16 11:00"),
        (Counting.WEEKDAYS, "2026-11-13 22:00", hours(4), "2026-11-16 02:00"),
        (Counting.ALWAYS, "2026-10-31 22:00", hours(5), "2026-11-01 02:00"),
        (Counting.ALWAYS, "2026-03-07 23:00", hours(4), "2026-03-08 04:00"),
        (Counting.OFFICE, "2026-11-13 16:00", hours(2), "2026-11-13 18:00"),
    ],
    ids=[
        "round the clock",
        "over a weekend",
        "from a Saturday",
        "weekdays",
        "the long night",
        "the short night",
        "to closing time",
    ],
)
def test_only_the_hours_that_count_run(counting: Counting, start: str, target: timedelta, due: str) -> None:
    one = clock(start=at(start), target=target, hours=BusinessTime(WEEKDAYS_7_TO_18, counting))
    assert one.due_at == at(due)
    assert one.elapsed(at(due)) == target
    assert one.elapsed(at(due) - minutes(1)) == target - minutes(1)


def test_a_target_that_the_office_never_works_off_is_never_due() -> None:
    closed = OfficeHours(CHICAGO, {6: WEEKDAYS_7_TO_18.hours[0]}, frozenset())
    one = clock(target=timedelta(days=366), hours=BusinessTime(closed, Counting.OFFICE))
    assert one.due_at is None


# Which clocks a visit has, and what meets them


def test_a_clock_for_every_target_and_none_without() -> None:
    assert clocks(watched(), Thresholds(), ALL_DAY) == ()
    assert clocks(watched(), Thresholds(sla_onsite=timedelta()), ALL_DAY) == ()
    found = clocks(watched(), ALL_THREE, ALL_DAY)
    assert [(one.kind, one.due_at) for one in found] == [
        (RESPONSE, at("11:20")),
        (ONSITE, DUE),
        (RESOLUTION, at("18:20")),
    ]


@pytest.mark.parametrize(
    ("more", "start"),
    [
        ({}, REPORTED),
        ({"booked_at": at("09:00")}, REPORTED),
        ({"reported_at": None, "booked_at": at("09:00")}, at("09:00")),
        ({"reported_at": None}, None),
    ],
)
def test_it_starts_when_the_customer_reported_it_or_when_it_was_booked(
    more: dict[str, Any], start: datetime | None
) -> None:
    found = clocks(watched(**more), FOUR_HOURS, ALL_DAY)
    assert [one.start for one in found] == ([] if start is None else [start])


@pytest.mark.parametrize("status", list(Status))
def test_what_each_status_meets(status: Status) -> None:
    found = {one.kind for one in clocks(watched(status=status), ALL_THREE, ALL_DAY) if one.met}
    there = {RESPONSE, ONSITE}
    expected = {
        Status.DISPATCHED: {RESPONSE},
        Status.EN_ROUTE: {RESPONSE},
        Status.ARRIVED: there,
        Status.IN_PROGRESS: there,
        Status.PAUSED: there,
        Status.INCOMPLETE: there,
        Status.COMPLETED: {*there, RESOLUTION},
    }
    assert found == expected.get(status, set())


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.CUSTOMER_NO_SHOW])
def test_a_visit_that_is_called_off_has_no_clocks(status: Status) -> None:
    assert clocks(watched(status=status), ALL_THREE, ALL_DAY) == ()
    assert clocks(watched(withdrawn_at=at("11:00")), ALL_THREE, ALL_DAY) == ()
    assert clocks(watched(status=Status.ARRIVED, status_raw="No access"), ALL_THREE, ALL_DAY) == ()


@pytest.mark.parametrize(
    ("more", "met"),
    [
        ({"dispatched_at": at("10:40")}, [at("10:40"), None]),
        ({"en_route_at": at("10:50"), "dispatched_at": at("10:40")}, [at("10:40"), None]),
        ({"status": Status.EN_ROUTE, "status_at": at("10:45")}, [at("10:45"), None]),
        ({"status": Status.DISPATCHED}, [None, None]),
        ({"status": Status.SCHEDULED, "status_at": at("10:45")}, [None, None]),
        ({"arrived_at": at("11:10")}, [at("11:10"), at("11:10")]),
        ({"started_at": at("11:15"), "arrived_at": at("11:10")}, [at("11:10"), at("11:10")]),
        ({"status": Status.ARRIVED, "status_at": at("11:12")}, [at("11:12"), at("11:12")]),
        (
            {"status": Status.ARRIVED, "check_in_seen": Seen(at("11:10"), at("11:15"))},
            [at("11:15"), at("11:15")],
        ),
        (
            {"arrived_at": at("11:30"), "check_in_seen": Seen(at("11:10"), at("11:15"))},
            [at("11:15"), at("11:15")],
        ),
        ({"status": Status.COMPLETED, "completed_at": at("12:00")}, [at("12:00"), at("12:00"), at("12:00")]),
        (
            {"status": Status.COMPLETED, "status_at": at("12:05"), "arrived_at": at("11:10")},
            [at("11:10"), at("11:10"), at("12:05")],
        ),
    ],
)
def test_it_is_met_at_the_earliest_stamp_there_is(more: dict[str, Any], met: list[datetime | None]) -> None:
    found = [one.met_at for one in clocks(watched(**more), ALL_THREE, ALL_DAY)]
    assert found == [*met, None][:3]


def test_work_left_unfinished_is_finished_by_a_later_visit_of_the_order() -> None:
    first = watched(status=Status.INCOMPLETE, order_ref="WO-1")
    done = {"ext_id": "J-2", "order_ref": "WO-1", "status": Status.COMPLETED}
    later = watched(**done, start=at("13:00"), completed_at=at("15:00"))
    earlier = watched(**{**done, "ext_id": "J-3"}, start=at("08:00"), completed_at=at("09:00"))
    still = watched(ext_id="J-4", order_ref="WO-1", start=at("13:00"), status=Status.IN_PROGRESS)

    def resolved(*order: Watched) -> list[datetime | None]:
        found = clocks(first, ALL_THREE, ALL_DAY, order)
        return [one.met_at for one in found if one.kind is RESOLUTION and one.met]

    assert resolved(first, later) == [at("15:00")]
    assert resolved(first, earlier) == []
    assert resolved(first, still) == []
    assert not judged(DUE, first, later, thresholds=ALL_THREE).conditions
    assert steps(judged(DUE, first, earlier, thresholds=ALL_THREE).conditions) == [(RESOLUTION, Severity.INFO)]


# The rule


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at("12:20") - MICROSECOND, None),
        (at("12:20"), Severity.INFO),
        (at("13:20") - MICROSECOND, Severity.INFO),
        (at("13:20"), Severity.WARNING),
        (DUE - MICROSECOND, Severity.WARNING),
        (DUE, Severity.CRITICAL),
        (DUE + hours(12), Severity.CRITICAL),
        (at("10:00"), None),
    ],
)
def test_the_ladder_to_the_microsecond(now: datetime, expected: Severity | None) -> None:
    assert [one.severity for one in judged(now, watched()).conditions] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at("10:00"), at("12:20")),
        (at("12:20"), at("13:20")),
        (at("13:20"), DUE),
        (DUE, DUE + hours(12) + MICROSECOND),
        (DUE + hours(12), DUE + hours(12) + MICROSECOND),
        (DUE + hours(12) + MICROSECOND, None),
    ],
)
def test_the_rule_says_when_time_alone_changes_its_answer(now: datetime, expected: datetime | None) -> None:
    assert judged(now, watched()).next_change == expected


@pytest.mark.parametrize("seed", range(40))
def test_nothing_changes_before_the_instant_that_the_rule_names(seed: int) -> None:
    """From change to change over a week, in odd hours with odd pauses: between two of them the answer is the same."""
    start = at("2026-10-30 05:00") + timedelta(seconds=seed * 9973)
    counting = list(Counting)[seed % 3]
    pauses = (Pause(start + hours(2), start + hours(3 + seed % 5)), Pause(start + hours(30), start + hours(31)))
    thresholds = replace(ALL_THREE, sla_counts=counting, sla_pauses=True)
    known = watched(reported_at=start, pauses=pauses)

    def answer(now: datetime) -> list[tuple[str, Severity, bool]]:
        found = judged(now, known, thresholds=thresholds, office=WEEKDAYS_7_TO_18).conditions
        return [(one.key, one.severity, one.verified) for one in found]

    now, changes = start - minutes(1), 0
    while (change := judged(now, known, thresholds=thresholds, office=WEEKDAYS_7_TO_18).next_change) is not None:
        before = answer(now)
        for part in range(1, 8):
            assert answer(min(now + (change - now) * part / 8, change - MICROSECOND)) == before
        assert answer(change - MICROSECOND) == before
        assert answer(change) != before
        now, changes = change, changes + 1
    assert changes > 8, "three steps and a look-back for each of three clocks, of which some may coincide"


def test_no_target_no_clock_no_condition() -> None:
    assert judged(DUE + hours(9), watched(), thresholds=Thresholds()) == Finding((), None)
    assert judged(DUE, watched(reported_at=None)) == Finding((), None)


@pytest.mark.parametrize(
    "more",
    [
        {"status": Status.COMPLETED},
        {"status": Status.CANCELLED},
        {"status": Status.CUSTOMER_NO_SHOW},
        {"withdrawn_at": at("11:00")},
        {"arrived_at": at("18:00")},
    ],
)
def test_what_is_settled_never_changes_with_time(more: dict[str, Any]) -> None:
    assert judged(DUE, watched(**more)) == Finding((), None)


@pytest.mark.parametrize("status", [Status.UNSCHEDULED, Status.SCHEDULED, Status.UNKNOWN, Status.DISPATCHED])
def test_nobody_on_site_is_nobody_on_site_whatever_else(status: Status) -> None:
    nobody = watched(status=status, technicians=(), sched_start=None, sched_end=None)
    assert steps(judged(DUE, nobody).conditions) == [(ONSITE, Severity.CRITICAL)]


def test_the_three_clocks_run_side_by_side() -> None:
    conditions = judged(DUE, watched(), thresholds=ALL_THREE).conditions
    assert steps(conditions) == [
        (RESPONSE, Severity.CRITICAL),
        (ONSITE, Severity.CRITICAL),
        (RESOLUTION, Severity.INFO),
    ]
    assert [one.due_at for one in conditions] == [at("11:20"), DUE, at("18:20")]


def test_the_condition_is_keyed_by_start_and_profile_and_argues_from_absence() -> None:
    (condition,) = judged(DUE, watched()).conditions
    assert condition.key == "sla_onsite|today|J-1042|2026-11-10T16:20Z+4h+always"
    assert (condition.from_absence, condition.verified, condition.settles_for) == (True, True, timedelta())
    assert condition.facts["contract"] == "Gold"


def test_nothing_is_verified_of_a_visit_that_is_missing_or_in_a_stale_picture() -> None:
    assert [one.verified for one in judged(DUE, watched(missing_since=at("14:00"))).conditions] == [False]
    stale = replace(facts(DUE, watched()), feeds={})
    assert [one.verified for one in evaluate(stale, [SERVICE_LEVELS]).conditions] == [False]


@pytest.mark.parametrize(("after", "verified"), [(hours(12), True), (hours(12) + MICROSECOND, False)])
def test_a_breach_longer_ago_than_the_look_back_is_no_news(after: timedelta, verified: bool) -> None:
    assert [one.verified for one in judged(DUE + after, watched()).conditions] == [verified]


def test_targets_by_contract_and_priority_come_from_overrides() -> None:
    policy = Policy(
        Thresholds(sla_counts=Counting.ALWAYS),
        (
            Override(Match((("contract", ("gold",)),)), {"sla_onsite": hours(4)}),
            Override(Match((("contract", ("gold",)), ("priority", ("1",)))), {"sla_onsite": hours(2)}),
        ),
    )

    def due(**more: Any) -> list[datetime]:
        return [one.due_at for one in judged(at("18:00"), watched(**more), policy=policy).conditions]

    assert due() == [at("12:20")]
    assert due(priority="3") == [DUE]
    assert due(contract="Silver") == []


def test_paused_work_stops_the_clock_of_the_resolution_only_if_the_profile_says_so() -> None:
    """Paused for parts for two hours (study 4.3)."""
    paused = watched(status=Status.IN_PROGRESS, pauses=(Pause(at("11:20"), at("13:20")),))
    counted = replace(FOUR_HOURS, sla_onsite=None, sla_resolution=hours(4))
    assert [one.due_at for one in judged(at("13:50"), paused, thresholds=counted).conditions] == [DUE]
    stopped = replace(counted, sla_pauses=True)
    assert judged(at("13:50"), paused, thresholds=stopped) == Finding((), at("14:20"))
    assert [one.due_at for one in judged(at("14:20"), paused, thresholds=stopped).conditions] == [at("16:20")]
    waits = watched(pauses=paused.pauses)
    assert [one.due_at for one in judged(DUE, waits, thresholds=replace(FOUR_HOURS, sla_pauses=True)).conditions] == [
        DUE
    ]


def test_a_frozen_clock_gets_no_worse_and_names_no_change() -> None:
    frozen = watched(status=Status.PAUSED, pauses=(Pause(at("12:50")),))
    thresholds = replace(FOUR_HOURS, sla_onsite=None, sla_resolution=hours(4), sla_pauses=True)
    found = [judged(at(when), frozen, thresholds=thresholds) for when in ("12:50", "15:00", "23:00")]
    assert [(steps(one.conditions), one.next_change) for one in found] == [([(RESOLUTION, Severity.INFO)], None)] * 3
    assert [one.conditions[0].due_at for one in found] == [DUE, at("16:30"), DUE + (at("23:00") - at("12:50"))]
    assert len({one.conditions[0].key for one in found}) == 1
    before = watched(status=Status.PAUSED, pauses=(Pause(at("11:00")),))
    assert judged(at("23:00"), before, thresholds=thresholds) == Finding((), None)


# Endings


@pytest.mark.parametrize(
    ("more", "outcome", "text"),
    [
        ({"arrived_at": at("11:30")}, Outcome.MET, "Technician on site after 1 h 10 min of 4 h"),
        ({"arrived_at": DUE}, Outcome.MET, "Technician on site after 4 h of 4 h"),
        ({"arrived_at": at("15:30")}, Outcome.MET, "Technician on site after 5 h 10 min of 4 h, 1 h 10 min too late"),
        ({"status": Status.CANCELLED}, Outcome.CANCELLED, "The visit was cancelled"),
        ({"withdrawn_at": at("15:00")}, Outcome.WITHDRAWN, "The visit is no longer in the schedule"),
        (
            {"status": Status.CUSTOMER_NO_SHOW},
            Outcome.WITHDRAWN,
            "The customer was not there, so nothing runs against the target any more",
        ),
        (
            {"reported_at": at("11:00")},
            Outcome.MOVED,
            "The clock now runs from Tue 10 Nov 11:00 CST; the target is 4 h around the clock",
        ),
    ],
)
def test_why_a_clock_is_over(more: dict[str, Any], outcome: Outcome, text: str) -> None:
    alert = raised(at("12:30"), watched())
    assert over(alert, at("16:00"), watched(**more)) == Ending(outcome, text)


def test_a_technician_whose_sending_has_no_stamp_was_sent_at_the_latest_when_we_heard() -> None:
    thresholds = replace(FOUR_HOURS, sla_onsite=None, sla_response=hours(4))
    alert = raised(at("12:30"), watched(), thresholds=thresholds)
    met = over(alert, at("12:50"), watched(status=Status.DISPATCHED), thresholds=thresholds)
    assert met == Ending(Outcome.MET, "Technician sent after at most 2 h 30 min of 4 h")


def test_a_stamp_from_a_clock_that_runs_ahead_is_no_later_than_now() -> None:
    alert = raised(at("12:30"), watched())
    met = over(alert, at("12:50"), watched(arrived_at=at("13:00")))
    assert met == Ending(Outcome.MET, "Technician on site after 2 h 30 min of 4 h")


def test_not_finished_is_not_done() -> None:
    thresholds = replace(FOUR_HOURS, sla_onsite=None, sla_resolution=hours(4))
    alert = raised(at("12:30"), watched(), thresholds=thresholds)
    assert over(alert, at("13:00"), watched(status=Status.INCOMPLETE), thresholds=thresholds) is None
    done = watched(status=Status.COMPLETED, completed_at=at("13:00"))
    met = over(alert, at("13:30"), done, thresholds=thresholds)
    assert met == Ending(Outcome.MET, "Work finished after 2 h 40 min of 4 h")


@pytest.mark.parametrize(
    ("thresholds", "text"),
    [
        (replace(FOUR_HOURS, sla_onsite=hours(6)), "The target is now 6 h, counted from the same start"),
        (replace(FOUR_HOURS, sla_counts=Counting.OFFICE), "The 4 h now count in office hours, from the same start"),
    ],
)
def test_another_profile_ends_the_alert_and_keeps_the_start(thresholds: Thresholds, text: str) -> None:
    alert = raised(at("12:30"), watched())
    assert over(alert, at("12:31"), watched(), thresholds=thresholds) == Ending(Outcome.MOVED, text)
    assert not judged(at("12:31"), watched(), thresholds=replace(FOUR_HOURS, sla_onsite=hours(6))).conditions


def test_a_target_that_is_gone_ends_it() -> None:
    alert = raised(at("12:30"), watched())
    gone = over(alert, at("12:31"), watched(), thresholds=Thresholds())
    assert gone == Ending(Outcome.WITHDRAWN, "There is no such target for the visit any more")


@pytest.mark.parametrize(
    "known",
    [(), (watched(),), (watched(missing_since=at("10:00")),), (watched(reported_at=None),)],
    ids=["the visit is gone", "the clock was set back", "missing once", "the source no longer says since when"],
)
def test_no_reason_to_end(known: tuple[Watched, ...]) -> None:
    alert = raised(at("12:30"), watched())
    assert over(alert, at("10:00"), *known) is None


def test_without_its_start_it_can_still_be_met() -> None:
    alert = raised(at("12:30"), watched())
    met = over(alert, at("12:50"), watched(reported_at=None, arrived_at=at("12:40")))
    assert met == Ending(Outcome.MET, "Technician on site")


def test_a_visit_taken_up_again_is_a_new_alert_of_the_same_clock() -> None:
    """A key that was resolved never opens again."""
    first = raised(at("12:30"), watched())
    called_off = Cancellation(1, at("09:50"), Status.SCHEDULED, Seen(at("12:30"), at("12:31")))
    again = watched(cancellation=called_off, reinstated_at=at("12:40"))
    (condition,) = judged(at("13:30"), again).conditions
    assert condition.key == first.key + "+again1"
    assert (condition.due_at, condition.severity) == (DUE, Severity.WARNING)
    moved = over(first, at("13:30"), again)
    assert moved == Ending(Outcome.MOVED, "The visit was taken up again; the clock runs on from the same start")


# Words


@pytest.mark.parametrize(
    ("kind", "target", "what"),
    [
        (RESPONSE, "sla_response", "nobody sent to Acme Foundry, Plant 4"),
        (ONSITE, "sla_onsite", "nobody on site at Acme Foundry, Plant 4"),
        (RESOLUTION, "sla_resolution", "work at Acme Foundry, Plant 4 not finished"),
    ],
)
def test_the_headline_says_whose_target_what_is_wrong_how_far_and_when_it_is_due(
    kind: AlertKind, target: str, what: str
) -> None:
    targets: dict[str, Any] = {target: hours(4)}
    thresholds = Thresholds(sla_counts=Counting.ALWAYS, **targets)
    alert = raised(at("13:30"), watched(), thresholds=thresholds)
    assert alert.kind is kind
    said = wording.headline(alert, at("13:30"))
    assert said == f"Contract Gold, priority 1: {what} – 3 h 10 min of 4 h used, due 14:20 CST"
    assert wording.next_step(alert)


@pytest.mark.parametrize(
    ("now", "tail"),
    [
        ("13:30", "3 h 10 min of 4 h used, due 14:20 CST"),
        ("14:00", "3 h 40 min of 4 h used, due 14:20 CST"),
        ("14:20", "4 h used up at 14:20 CST"),
        ("14:45", "4 h used up at 14:20 CST, 25 min ago"),
        ("2026-11-11 09:00", "4 h used up at Tue 10 Nov 14:20 CST, 18 h 40 min ago"),
    ],
)
def test_the_headline_stays_true_as_time_goes_by(now: str, tail: str) -> None:
    alert = raised(at("13:30"), watched(contract="", priority=""))
    assert wording.headline(alert, at(now)) == f"Nobody on site at Acme Foundry, Plant 4 – {tail}"


def test_over_closing_time_it_says_what_was_used_when() -> None:
    """From Friday 16:00, four office hours end on Monday at nine; on Saturday nothing runs."""
    thresholds = replace(FOUR_HOURS, sla_counts=Counting.OFFICE)
    friday = watched(reported_at=at("2026-11-13 16:00"), contract="")
    now = at("2026-11-13 18:00")
    alert = raised(now, friday, thresholds=thresholds, office=WEEKDAYS_7_TO_18)
    due = "due Mon 16 Nov 09:00 CST"
    assert wording.headline(alert, now).endswith(f"– 2 h of 4 h used, {due}")
    assert wording.headline(alert, at("2026-11-14 12:00")).endswith(f"– 2 h of 4 h used at Fri 13 Nov 18:00 CST, {due}")


def test_a_clock_that_may_stand_still_promises_nothing() -> None:
    thresholds = replace(FOUR_HOURS, sla_onsite=None, sla_resolution=hours(4), sla_pauses=True)
    runs = raised(at("12:30"), watched(), thresholds=thresholds)
    assert wording.headline(runs, at("12:30")).endswith("– 2 h 10 min of 4 h used, due 14:20 CST at the earliest")
    assert "2 h 10 min of 4 h used at 12:30 CST" in wording.headline(runs, at("13:30"))
    frozen = watched(status=Status.PAUSED, pauses=(Pause(at("12:30")),))
    still = raised(at("12:50"), frozen, thresholds=thresholds)
    said = "2 h 10 min of 4 h used, the clock stands still while work is paused"
    assert wording.headline(still, at("12:50")).endswith(said)


def test_the_other_words_of_an_alert() -> None:
    customer = Customer("Acme Foundry", phone="+1 555 0199")
    alert = raised(at("13:30"), watched(customer=customer))
    assert wording.short_headline(alert, at("13:30")) == "Nobody on site: 3 h 10 min of 4 h used"
    assert wording.short_headline(alert, DUE) == "Nobody on site: 4 h used up"
    assert wording.detail(alert) == "Acme Foundry, Plant 4 · J-1042 · due 14:20 CST"
    assert wording.next_step(alert) == (
        f"Ask J. Ortiz ({ORTIZ.phone}) for the time of arrival, or send somebody nearer. "
        "Can’t be done in time? Tell the customer (+1 555 0199)."
    )
    told = dict(notified(alert).facts)
    assert told["Target"] == "4 h around the clock from Tue 10 Nov 10:20 CST"
    assert told["Due"] == "Tue 10 Nov 14:20 CST"
    assert told["Used"] == "3 h 10 min of 4 h used, due 14:20 CST"


@pytest.mark.parametrize("kind", [RESPONSE, ONSITE, RESOLUTION])
def test_an_alert_that_remembers_little_still_speaks(kind: AlertKind) -> None:
    bare = replace(raised(at("13:30"), watched()), kind=kind, facts={})
    assert wording.headline(bare, at("13:30")).endswith("the customer – due 20:20 UTC") or kind is RESOLUTION
    assert wording.headline(bare, DUE + minutes(5)).endswith("the time used up at 20:20 UTC, 5 min ago")
    assert wording.short_headline(bare, at("13:30")).endswith(": due 20:20 UTC")
    assert notified(bare).headline
    assert wording.next_step(bare)


def notified(alert: Alert) -> Notification:
    return wording.notification(alert, Operation.RAISE, at("13:30"))
