"""Work that runs over its plan, by itself: pure values in, conditions out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Condition, Outcome, Severity
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules.overrun import OVERRUN
from dispatchwatch.domain.technician import Position
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.travel import Travel
from dispatchwatch.domain.visit import Customer, Site, Status, Visit
from dispatchwatch.domain.watched import Watched, miss
from tests.fakes.office import LEE, ORTIZ, at, hours, minutes, seconds, visit
from tests.fakes.picture import Told, alert_of, ended, found, judged, sighted

TICK = timedelta(microseconds=1)
LIMIT = at("11:15")


def working(**more: Any) -> Visit:
    """Two hours from 09:00, arrived on time."""
    return visit(start=at("09:00"), **{"status": Status.IN_PROGRESS, "arrived_at": at("09:00"), **more})


def following(start: datetime, **more: Any) -> Visit:
    return visit("J-2", start=start, **{"customer": Customer("Beta Mill"), "site": Site("Yard 2", "UTC"), **more})


def overruns(now: datetime, *told: Told, **more: Any) -> tuple[Condition, ...]:
    return found(OVERRUN, now, *told, **more)


@pytest.mark.parametrize(
    ("now", "severity"),
    [
        (LIMIT, None),
        (LIMIT + TICK, Severity.WARNING),
        (LIMIT + minutes(60) - TICK, Severity.WARNING),
        (LIMIT + minutes(60), Severity.HIGH),
        (LIMIT + hours(12), Severity.HIGH),
    ],
)
def test_the_ladder_after_the_planned_end_and_a_quarter_of_an_hour(now: datetime, severity: Severity | None) -> None:
    assert [one.severity for one in overruns(now, working())] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (at("10:00"), LIMIT + TICK),
        (LIMIT, LIMIT + TICK),
        (LIMIT + TICK, LIMIT + minutes(60)),
        (LIMIT + minutes(60), LIMIT + hours(12) + TICK),
        (LIMIT + hours(12) + TICK, None),
    ],
)
def test_it_says_when_time_alone_changes_its_answer(now: datetime, change: datetime | None) -> None:
    assert judged(OVERRUN, now, working()).next_change == change


@pytest.mark.parametrize(
    ("changes", "limit"),
    [
        ({"arrived_at": at("08:30")}, at("11:15")),
        ({"arrived_at": at("09:40")}, at("11:55")),
        ({"arrived_at": None, "started_at": at("09:20")}, at("11:35")),
        ({"sched_end": at("14:00")}, at("14:30")),
        ({"sched_end": at("11:30")}, at("11:45")),
        ({"sched_end": at("11:31")}, at("11:46:06")),
        ({"sched_end": None, "duration": minutes(30)}, at("09:45")),
        ({"sched_end": at("11:00"), "duration": hours(3)}, at("12:18")),
        ({"sched_start": None, "sched_end": at("11:00")}, at("11:15")),
    ],
    ids=[
        "came early",
        "came late",
        "only a start of work",
        "10 % of five hours are more than a quarter",
        "10 % of 150 min are a quarter",
        "10 % of 151 min are more",
        "a length without an end",
        "a length beyond the end",
        "only an end",
    ],
)
def test_what_the_plan_is(changes: dict[str, Any], limit: datetime) -> None:
    job = working(**changes)
    assert overruns(limit, job) == ()
    (condition,) = overruns(limit + TICK, job)
    assert condition.due_at == limit


@pytest.mark.parametrize(
    "changes",
    [
        {"sched_end": None},
        {"sched_end": None, "duration": timedelta()},
        {"sched_start": None, "sched_end": None},
    ],
)
def test_without_a_plan_nothing_runs_over(changes: dict[str, Any]) -> None:
    finding = judged(OVERRUN, at("23:00"), working(**changes))
    assert (finding.conditions, finding.next_change) == ((), None)


@pytest.mark.parametrize("status", list(Status))
def test_only_work_under_way_runs_over(status: Status) -> None:
    seen = sighted((at("09:00"), visit(start=at("09:00"), status=status)))
    assert bool(overruns(at("12:00"), seen)) is (status in {Status.ARRIVED, Status.IN_PROGRESS})


@pytest.mark.parametrize("left", [{"departed_at": at("11:00")}, {"status": Status.COMPLETED}])
def test_one_who_left_does_not_run_over(left: dict[str, Any]) -> None:
    assert overruns(at("12:00"), working(**left)) == ()


def test_without_any_stamp_the_work_began_when_we_saw_it() -> None:
    job = working(arrived_at=None)
    seen = sighted((at("08:50"), visit(start=at("09:00"))), (at("09:20:30"), job))
    assert overruns(at("11:35:30"), seen) == ()
    assert overruns(at("11:35:30") + TICK, seen)[0].due_at == at("11:35:30")


def test_a_source_whose_clock_runs_ahead_does_not_hold_it_back() -> None:
    seen = sighted((at("08:50"), visit(start=at("09:00"))), (at("09:20"), working(arrived_at=at("09:27"))))
    (condition,) = overruns(at("11:36"), seen)
    assert condition.due_at == at("11:35")


def test_a_status_that_goes_on_is_not_a_new_start() -> None:
    """Arrived at 09:05, at work since 10:30 by the stamp of the status: the clock runs from the arrival."""
    arrived = working(arrived_at=None, status=Status.ARRIVED, status_at=at("09:05"))
    seen = sighted(
        (at("08:50"), visit(start=at("09:00"))),
        (at("09:05"), arrived),
        (at("10:30"), replace(arrived, status=Status.IN_PROGRESS, status_at=at("10:30"))),
    )
    assert overruns(at("11:21"), seen)[0].due_at == at("11:20")


def paused_two_hours() -> Watched:
    paused = working(status=Status.PAUSED, status_at=at("09:30"))
    return sighted(
        (at("08:50"), visit(start=at("09:00"))),
        (at("09:00"), working()),
        (at("09:30"), paused),
        (at("11:30"), working(status_at=at("11:30"))),
    )


def test_paused_for_parts_two_hours_the_clock_stops() -> None:
    assert overruns(LIMIT + hours(2), paused_two_hours()) == ()
    (condition,) = overruns(LIMIT + hours(2) + TICK, paused_two_hours())
    assert condition.due_at == LIMIT + hours(2)


def test_while_work_is_paused_nothing_runs_over() -> None:
    finding = judged(OVERRUN, at("15:00"), working(status=Status.PAUSED, status_at=at("10:00")))
    assert (finding.conditions, finding.next_change) == ((), None)


def test_a_job_over_several_days_is_held_against_its_final_end() -> None:
    ends = at("2026-11-12 16:00")
    job = working(sched_end=ends)
    assert overruns(at("2026-11-11 20:00"), job) == ()
    grace = (ends - at("09:00")) / 10
    assert overruns(ends + grace, job) == ()
    assert len(overruns(ends + grace + TICK, job)) == 1


def test_over_midnight_and_in_the_night_of_25_hours_instants_count() -> None:
    begins = at("2026-10-31 23:30")
    job = visit(start=begins, sched_end=begins + hours(2), status=Status.IN_PROGRESS, arrived_at=begins)
    assert overruns(begins + minutes(135), job) == ()
    assert len(overruns(begins + minutes(136), job)) == 1


def test_the_key_names_start_and_end_and_the_condition_argues_from_absence() -> None:
    (condition,) = overruns(at("11:16"), working())
    assert condition.key == "overrun|today|J-1042|2026-11-10T15:00Z+2026-11-10T17:00Z"
    assert condition.from_absence


@pytest.mark.parametrize(("over", "verified"), [(hours(12), True), (hours(12) + TICK, False)])
def test_what_ran_over_long_ago_is_no_news(over: timedelta, verified: bool) -> None:
    assert overruns(LIMIT + over, working())[0].verified is verified


def test_what_the_latest_snapshot_lacks_raises_nothing() -> None:
    now = at("11:30")
    assert not overruns(now, miss(sighted((at("09:00"), working())), now))[0].verified


# The next visit


class Drive(Travel):
    def between(self, start: Position | None, end: Position | None) -> timedelta | None:
        return minutes(20) if start is not None and end is not None else None


@pytest.mark.parametrize(
    ("now", "high"),
    [(at("11:30"), False), (at("11:30") + TICK, True)],
)
def test_the_next_visit_is_late_with_a_quarter_of_the_plan_to_come(now: datetime, high: bool) -> None:
    """A quarter of two hours are thirty minutes; the way is not known."""
    (condition,) = overruns(now, working(), following(at("12:00")))
    assert condition.severity is (Severity.HIGH if high else Severity.WARNING)
    assert ("next" in condition.facts) is high


def test_it_says_when_the_next_visit_becomes_late() -> None:
    assert judged(OVERRUN, at("11:20"), working(), following(at("12:00"))).next_change == at("11:30") + TICK


def test_at_least_ten_minutes_are_to_come_and_the_drive_counts() -> None:
    short = working(sched_end=at("09:20"), site=Site("Plant 4", "UTC", "", 41.8, -87.6))
    after = following(at("10:30"), site=Site("Yard 2", "UTC", "", 41.9, -87.9))
    assert overruns(at("10:00"), short, after, travel=Drive())[0].severity is Severity.WARNING
    assert overruns(at("10:00") + TICK, short, after, travel=Drive())[0].severity is Severity.HIGH


@pytest.mark.parametrize(
    "after",
    [
        following(at("12:00"), technicians=(LEE,)),
        following(at("12:00"), status=Status.CANCELLED),
        following(at("12:00"), status=Status.ARRIVED),
        following(at("12:00"), anytime=True),
        following(at("12:00"), window_end=at("16:00")),
    ],
    ids=["another technician", "cancelled", "there", "anytime", "a wide window"],
)
def test_a_visit_that_does_not_wait_makes_nothing_worse(after: Visit) -> None:
    assert [one.severity for one in overruns(at("11:50"), working(), after)] == [Severity.WARNING]


def test_the_next_visit_is_one_of_the_day_on_which_the_work_was_to_end() -> None:
    night = working(sched_start=at("20:30"), sched_end=at("22:30"), arrived_at=at("20:30"))
    assert overruns(at("23:40"), night, following(at("2026-11-11 00:01")))[0].severity is Severity.WARNING
    assert overruns(at("23:40"), night, following(at("23:59")))[0].severity is Severity.HIGH
    ends = at("2026-11-11 00:05")
    over_midnight = working(sched_start=at("22:05"), sched_end=ends, arrived_at=at("22:05"))
    assert overruns(ends + minutes(16), over_midnight, following(ends + minutes(40)))[0].severity is Severity.HIGH


def test_only_the_very_next_visit_counts() -> None:
    (condition,) = overruns(at("11:50"), working(), following(at("12:00")), visit("J-3", start=at("11:55")))
    assert condition.facts["next"] == "J-3"


def test_of_a_crew_the_one_with_a_next_visit_decides() -> None:
    (condition,) = overruns(at("11:50"), working(technicians=(ORTIZ, LEE)), following(at("12:00"), technicians=(LEE,)))
    assert (condition.severity, condition.facts["next"]) == (Severity.HIGH, "J-2")


# Its end


@pytest.mark.parametrize(
    ("now_told", "outcome", "text"),
    [
        (
            working(status=Status.COMPLETED, completed_at=at("11:40")),
            Outcome.REMEDIED,
            "J. Ortiz left at 11:40 CST, 40 min after the planned end",
        ),
        (working(status=Status.INCOMPLETE), Outcome.REMEDIED, "The visit now stands as “not finished”"),
        (working(departed_at=at("11:40")), Outcome.REMEDIED, None),
        (working(status=Status.PAUSED), Outcome.NOTED, "Work is paused, so no time runs"),
        (
            working(sched_end=at("13:00")),
            Outcome.MOVED,
            "The plan has changed: the work is now to end Tue 10 Nov 13:00 CST",
        ),
        (working(sched_end=None), Outcome.MOVED, "The visit has no planned end any more"),
        (working(status=Status.CANCELLED), Outcome.CANCELLED, "The visit was cancelled"),
        (visit(start=at("09:00")), Outcome.UNDONE, "The check-in was taken back"),
    ],
)
def test_what_ends_it(now_told: Visit, outcome: Outcome, text: str | None) -> None:
    (condition,) = overruns(at("11:30"), working())
    why = ended(OVERRUN, condition, at("11:45"), now_told)
    assert why is not None
    assert (why.outcome, why.text) == (outcome, text or why.text)


def test_a_clock_set_back_and_lost_news_end_nothing() -> None:
    (condition,) = overruns(at("11:30"), working())
    assert ended(OVERRUN, condition, at("09:30"), working()) is None
    assert ended(OVERRUN, condition, at("11:45")) is None


def test_withdrawn_from_the_schedule_ends_it() -> None:
    (condition,) = overruns(at("11:30"), working())
    gone = miss(miss(sighted((at("09:00"), working())), at("11:30")), at("11:40"))
    why = ended(OVERRUN, condition, at("11:40"), gone)
    assert why is not None
    assert why.outcome is Outcome.WITHDRAWN
    assert overruns(at("11:40"), gone) == ()


def test_after_a_longer_plan_it_can_run_over_once_more() -> None:
    (first,) = overruns(at("11:30"), working())
    (again,) = overruns(at("13:45"), working(sched_end=at("13:00")))
    assert first.key != again.key


def test_other_thresholds() -> None:
    policy = Policy(Thresholds(overrun_grace=minutes(5), overrun_percent=0, overrun_high_after=minutes(10)))
    assert overruns(at("11:05"), working(), policy=policy) == ()
    assert overruns(at("11:05") + TICK, working(), policy=policy)[0].severity is Severity.WARNING
    assert overruns(at("11:15"), working(), policy=policy)[0].severity is Severity.HIGH


def test_what_a_dispatcher_reads() -> None:
    (condition,) = overruns(at("11:20"), working())
    alert = alert_of(condition)
    assert wording.headline(alert, at("11:20")) == (
        "J. Ortiz is still at Acme Foundry, Plant 4, 20 min past the planned end of 11:00 CST"
    )
    assert wording.short_headline(alert, at("11:20")) == "J. Ortiz is 20 min over"
    assert "+1 555 0107" in wording.next_step(alert)
    (condition,) = overruns(at("11:40"), working(), following(at("12:00"), site=Site("Yard 2", "America/Denver")))
    alert = alert_of(condition)
    assert wording.headline(alert, at("11:40")).endswith("and will be late for Beta Mill, Yard 2 at 11:00 MST")
    assert "Give J-2 to somebody else" in wording.next_step(alert)


def test_it_goes_on_counting() -> None:
    (condition,) = overruns(at("11:20"), working())
    assert "1 h 30 min past" in wording.headline(alert_of(condition), at("12:30") + seconds(1))
