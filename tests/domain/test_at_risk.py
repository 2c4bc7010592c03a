"""The rule of visits at risk by itself: thresholds to the microsecond, and when the answer next changes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Condition, Ending, Outcome, Severity
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules import Finding
from dispatchwatch.domain.rules.at_risk import AT_RISK
from dispatchwatch.domain.technician import Profile, Roster
from dispatchwatch.domain.thresholds import Counting, Thresholds
from dispatchwatch.domain.visit import Customer, Status, Visit
from dispatchwatch.domain.watched import Watched
from tests.domain.test_prediction import at_work, job, next_job, random_day
from tests.fakes.drives import Drives, site
from tests.fakes.office import LEE, ORTIZ, at, minutes, seconds, visit
from tests.fakes.picture import alert_of, ended, judged, sighted

MICROSECOND = timedelta(microseconds=1)
ROSTER = Roster.of([Profile(ext_id="T-07", name="J. Ortiz", home=(0.0, 0.0))])


def finding(now: datetime, *told: Visit | Watched, **more: Any) -> Finding:
    return judged(AT_RISK, now, *told, **{"travel": Drives(), "roster": ROSTER, **more})


def found(now: datetime, *told: Visit | Watched, **more: Any) -> tuple[Condition, ...]:
    return finding(now, *told, **more).conditions


def over(condition: Condition, now: datetime, *told: Visit | Watched, **more: Any) -> Ending | None:
    return ended(AT_RISK, condition, now, *told, **{"travel": Drives(), "roster": ROSTER, **more})


def announced(eta: datetime, **more: Any) -> Visit:
    """A visit promised for 10:00 whose technician says when he will be there."""
    return next_job(status=Status.EN_ROUTE, eta=eta, **more)


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        (minutes(5), []),
        (minutes(5) + MICROSECOND, [(Severity.INFO, False)]),
        (minutes(10) - MICROSECOND, [(Severity.INFO, False)]),
        (minutes(10), [(Severity.WARNING, True)]),
        (minutes(30) - MICROSECOND, [(Severity.WARNING, True)]),
        (minutes(30), [(Severity.HIGH, True)]),
    ],
)
def test_at_risk_from_ten_minutes_high_from_thirty_held_down_to_five(
    late: timedelta, expected: list[tuple[Severity, bool]]
) -> None:
    conditions = found(at("09:10"), announced(at("10:00") + late))
    assert [(one.severity, one.verified) for one in conditions] == expected


def test_other_thresholds_are_obeyed() -> None:
    policy = Policy(Thresholds(at_risk_from=minutes(2), at_risk_until=minutes(1), at_risk_high_from=minutes(4)))
    told = [found(at("09:10"), announced(at("10:00") + minutes(late)), policy=policy) for late in (1, 1.5, 2, 4)]
    assert [[one.severity.value for one in conditions] for conditions in told] == [[], ["info"], ["warning"], ["high"]]


def test_the_condition_says_what_it_is_about_and_must_have_held_for_half_a_minute() -> None:
    (condition,) = found(at("09:10"), at_work(), next_job())
    assert condition.key == "at_risk|today|J-2|2026-11-10T16:00Z"
    assert (condition.due_at, condition.from_absence) == (at("10:00"), True)
    assert condition.settles_for == timedelta(seconds=30)


def test_the_headline_bears_the_reason() -> None:
    late = at_work("09:10", 100)
    plant_7 = next_job("11:00", customer=Customer("Acme"))
    (condition,) = found(at("10:42"), late, plant_7)
    assert wording.headline(alert_of(condition), at("10:42")) == (
        "J. Ortiz will probably reach Acme, Plant 7 at 11:10 CST, 10 min late: "
        "at Plant 4 until about 10:52; 18 min drive"
    )
    (condition,) = found(at("11:15"), late, next_job("11:30", customer=Customer("Acme")))
    assert wording.headline(alert_of(condition), at("11:15")) == (
        "J. Ortiz will probably reach Acme, Plant 7 at 11:58 CST, 28 min late: "
        "still at Plant 4, 25 min over plan; 18 min drive"
    )


def test_the_visits_in_between_are_part_of_the_reason() -> None:
    day = [at_work(length=90), next_job("10:00"), job("J-3", "11:30", site=site("Plant 9", 40))]
    condition = found(at("09:10"), *day)[-1]
    assert wording.headline(alert_of(condition), at("09:10")) == (
        "J. Ortiz will probably reach Acme Foundry, Plant 9 at 12:00 CST, 30 min late: "
        "at Plant 4 until about 10:30; then at Plant 7 until about 11:48; 12 min drive"
    )


def test_where_the_drive_is_not_known_it_says_so() -> None:
    (condition,) = found(at("09:10"), at_work(length=85), next_job(site=site("Plant 5")))
    assert wording.headline(alert_of(condition), at("09:10")) == (
        "J. Ortiz can’t reach Acme Foundry, Plant 5 before 10:25 CST, at least 25 min late: "
        "at Plant 4 until about 10:25; drive not known"
    )


@pytest.mark.parametrize(
    ("now", "count"), [(at("10:15"), 1), (at("10:15") + MICROSECOND, 0)], ids=["at the deadline", "just after it"]
)
def test_once_the_deadline_has_passed_the_late_check_in_has_the_word(now: datetime, count: int) -> None:
    assert len(found(now, announced(at("11:00")))) == count


def test_that_nobody_has_come_yet_is_no_prediction() -> None:
    """Ten minutes past the promise and no news: the office gave a grace of fifteen."""
    assert finding(at("10:12"), next_job()) == Finding((), at("2026-11-11 00:00"))
    overdue = announced(at("09:58"))
    assert found(at("10:12"), overdue) == ()


def test_a_technician_who_reports_when_he_leaves_and_has_not_is_at_risk() -> None:
    done = job("J-1", "08:00", status=Status.COMPLETED, en_route_at=at("07:30"), completed_at=at("09:00"))
    first = finding(at("09:40"), done, next_job())
    assert (first.conditions, first.next_change) == ((), at("09:47") + MICROSECOND)
    assert found(at("09:51:59.999999"), done, next_job())[0].verified is False
    assert found(at("09:52"), done, next_job())[0].verified is True


@pytest.mark.parametrize(
    ("target", "expected"),
    [(None, Severity.WARNING), (minutes(137), Severity.HIGH), (minutes(138), Severity.WARNING)],
    ids=["no target", "breached", "just met"],
)
def test_it_is_high_where_the_service_level_would_be_breached(target: timedelta | None, expected: Severity) -> None:
    """Reported at 08:00 with so long to be on site; expected at 10:18."""
    policy = Policy(Thresholds(sla_onsite=target, sla_counts=Counting.ALWAYS))
    (condition,) = found(at("09:10"), at_work(), next_job(reported_at=at("08:00")), policy=policy)
    assert condition.severity is expected


@pytest.mark.parametrize(
    "settled",
    [
        {"status": Status.CANCELLED},
        {"arrived_at": at("09:05"), "status": Status.ARRIVED},
        {"anytime": True},
        {"technicians": ()},
        {"technicians": (LEE,)},
    ],
)
def test_a_visit_that_is_settled_has_no_time_or_is_somebody_elses_is_not_at_risk(settled: dict[str, Any]) -> None:
    assert "J-2" not in {one.ext_id for one in found(at("09:10"), at_work(length=300), next_job(**settled))}


def test_a_missing_visit_is_not_verified_and_a_withdrawn_one_not_at_risk() -> None:
    missing = Watched(visit=next_job(), first_seen_at=at("08:00"), missing_since=at("09:05"))
    gone = Watched(visit=next_job(), first_seen_at=at("08:00"), missing_since=at("09:00"), withdrawn_at=at("09:06"))
    assert [one.verified for one in found(at("09:10"), at_work(), missing)] == [False]
    assert found(at("09:10"), at_work(), gone) == ()


def test_of_a_crew_the_one_who_will_be_late_counts() -> None:
    both = next_job(technicians=(ORTIZ, LEE))
    (condition,) = found(at("09:10"), at_work(length=66), both, job("J-9", "09:00", technicians=(LEE,)), roster=ROSTER)
    assert (condition.severity, condition.verified) == (Severity.WARNING, True)
    lee = job("J-9", "09:00", 60, technicians=(LEE,), status=Status.IN_PROGRESS, started_at=at("09:00"))
    ortiz = at_work(length=47)
    (condition,) = found(at("09:10"), ortiz, both, lee)
    assert condition.verified, "the one who is held down does not hide the one who is late"


# What ends it


def risk() -> Condition:
    return found(at("09:10"), at_work(length=70), next_job())[0]


def test_it_is_over_once_he_is_expected_in_time() -> None:
    done = at_work(length=70, status=Status.COMPLETED, completed_at=at("09:30"))
    reason = over(risk(), at("10:00"), done, next_job())
    assert reason == Ending(Outcome.RECOVERED, "Now expected at 10:00 CST, on time")
    coming = [over(risk(), at("10:00"), announced(at("10:00") + minutes(late))) for late in (5, 6)]
    assert coming == [Ending(Outcome.RECOVERED, "Now expected at 10:05 CST, 5 min after the promise"), None]


@pytest.mark.parametrize(
    ("change", "outcome", "text"),
    [
        (
            {"status": Status.CANCELLED, "cancelled_by": "customer"},
            Outcome.CANCELLED,
            "The visit was cancelled by the customer",
        ),
        (
            {"status": Status.ARRIVED, "arrived_at": at("10:14")},
            Outcome.WAS_ON_TIME,
            "J. Ortiz checked in on time at 10:14 CST",
        ),
        (
            {"status": Status.ARRIVED, "arrived_at": at("10:16")},
            Outcome.CHECKED_IN,
            "J. Ortiz checked in at 10:16 CST, 1 min late",
        ),
        (
            {"sched_start": at("14:00"), "sched_end": at("15:00")},
            Outcome.MOVED,
            "The visit was moved; now promised for Tue 10 Nov 14:00 CST",
        ),
        ({"anytime": True}, Outcome.MOVED, "The visit was moved; it now has no fixed time"),
        ({"technicians": ()}, Outcome.NOTED, "Nobody is assigned any more, so no arrival can be predicted"),
        ({"status": Status.UNSCHEDULED}, Outcome.WITHDRAWN, "The visit now stands as “not scheduled”"),
    ],
)
def test_what_ends_it_and_what_is_said_of_it(change: dict[str, Any], outcome: Outcome, text: str) -> None:
    reason = over(risk(), at("10:17"), at_work(length=70), next_job(**change))
    assert reason is not None
    assert (reason.outcome, reason.text.split(", reported")[0]) == (outcome, text)


def test_neither_the_clock_nor_lost_data_ends_it() -> None:
    assert over(risk(), at("10:20"), at_work(length=70), next_job()) is None
    assert over(risk(), at("10:20")) is None
    done = at_work(length=70, status=Status.COMPLETED, completed_at=at("09:30"))
    assert over(risk(), at("09:50"), done, next_job()) is None, "the clock was set back"
    assert over(risk(), at("10:00"), done, next_job(site=site("Plant 7"))) is None, "the coordinates are gone"


def test_a_technician_of_whom_nothing_is_known_takes_it_over() -> None:
    reason = over(risk(), at("10:00"), at_work(length=70), next_job(technicians=(LEE,)))
    assert reason is not None
    assert reason.outcome is Outcome.NOTED
    assert reason.text == (
        "Nothing holds M. Lee up any more; the drive is not known: no coordinates for the home of M. Lee"
    )


# When the answer changes


@pytest.mark.parametrize(
    ("now", "change"),
    [
        ("09:10", at("09:37") + MICROSECOND),
        ("09:38", at("09:42")),
        ("09:42", at("09:42") + MICROSECOND),
        ("09:50", at("10:01:30")),
        ("10:01:30", at("10:15") + MICROSECOND),
        ("10:15:01", at("2026-11-11 00:00")),
    ],
)
def test_it_says_when_the_passing_minutes_will_make_him_late(now: str, change: datetime) -> None:
    """Planned until 09:42; 18 minutes away; ten minutes more are needed at least, a quarter of the plan beyond it."""
    assert finding(at(now), at_work(length=42), next_job()).next_change == change


def answers(now: datetime, day: Sequence[Visit] | Sequence[Watched]) -> set[tuple[str, Severity, bool]]:
    return {(one.key, one.severity, one.verified) for one in found(now, *day)}


@pytest.mark.parametrize("seed", range(4))
def test_nothing_changes_before_the_instant_that_is_named(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - days to test with
    wrong = []
    seen = 0
    for _ in range(60):
        now = at("08:00") + minutes(chance.randrange(0, 400))
        day = random_day(chance, now)
        first, change = answers(now, day), finding(now, *day).next_change
        end = change or at("23:59")
        seen += len(first)
        for share in range(1, 40):
            instant = now + (end - now) * share / 40
            if answers(instant, day) != first:
                wrong.append((now, instant, change))
        if change is not None and answers(change - MICROSECOND, day) != first:
            wrong.append((now, change - MICROSECOND, change))
    assert wrong == []
    assert seen > 5


# Stories in which something that is told is still to come, or is from yesterday


def working(now: str, **more: Any) -> Watched:
    return sighted((at(now), at_work(**more)))


def coming(now: str, **more: Any) -> Watched:
    return sighted((at(now), next_job(status=Status.EN_ROUTE, **more)))


def left_open(**more: Any) -> Watched:
    """Work begun twelve hours before 09:40 and never closed, 62 minutes from the next job."""
    begun = at("2026-11-09 21:40")
    work = job("J-0", "2026-11-09 21:40", **{"status": Status.IN_PROGRESS, **more}, site=site("Far", 90))
    return sighted((begun, replace(work, started_at=begun)))


def to_come() -> Watched:
    return sighted((at("08:00"), next_job()))


PAUSED_AND_RESUMED = sighted(
    (at("09:00"), at_work(length=40)),
    (at("09:10"), at_work(length=40, status=Status.PAUSED)),
    (at("09:40"), at_work(length=40)),
)
NEVER_TIMED = working("09:20", anytime=True, status=Status.COMPLETED, started_at=None)
STORIES: dict[str, tuple[str, list[Watched]]] = {
    "his clock runs ahead": ("09:00", [working("09:00", length=40, started_at=at("09:15")), to_come()]),
    "our clock was set back": ("09:20", [working("09:50", length=120, status=Status.COMPLETED), to_come()]),
    "our clock was set back into his pause": ("09:12", [PAUSED_AND_RESUMED, to_come()]),
    "on the way, and nobody closed the work before": ("09:20", [working("09:00"), coming("09:20")]),
    "on the way, by a clock that runs ahead": ("09:20", [coming("09:20", en_route_at=at("09:55"))]),
    "on the way, from work never closed": ("09:20", [left_open(), coming("09:20", en_route_at=at("09:20"))]),
    "paused yesterday": ("09:20", [left_open(status=Status.PAUSED), to_come()]),
    "over, and nobody says since when": ("09:20", [NEVER_TIMED, to_come()]),
}


@pytest.mark.parametrize(("now", "day"), STORIES.values(), ids=STORIES)
def test_in_no_story_anything_changes_before_the_instant_that_is_named(now: str, day: list[Watched]) -> None:
    known, change = answers(at(now), day), finding(at(now), *day).next_change
    wrong = []
    for passed in range(120):
        instant = at(now) + seconds(30 * passed)
        if change is not None and instant >= change:
            known, change = answers(instant, day), finding(instant, *day).next_change
        if answers(instant, day) != known:
            wrong.append((instant, change))
    assert wrong == []


def test_a_finished_day_never_changes() -> None:
    done = at_work(status=Status.COMPLETED, completed_at=at("09:30"))
    assert finding(at("09:40"), done) == Finding((), None)
    assert finding(at("09:40"), visit("J-7", technicians=())) == Finding((), None)
