"""A history told again: each fact at its own time, and what the engine makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest

from dispatchwatch.app.replay import Replay, ReplayFailure, Span, Step
from dispatchwatch.app.replay_figures import TOLERANCE, Judged, run
from dispatchwatch.app.replay_history import AFTERWARDS, History
from dispatchwatch.app.replay_story import KNOWN_BEFORE, Story, story
from dispatchwatch.domain.alert import AlertKind, Outcome, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.verdict import Verdict
from dispatchwatch.domain.visit import Status, Visit
from tests.fakes.office import CHICAGO, FEED, at, hours, minutes, seconds, visit

ONLY_LATE = frozenset(kind.value for kind in AlertKind) - {AlertKind.LATE_CHECK_IN.value}
LATE_ALONE = Policy(base=Thresholds(off=ONLY_LATE))
MICROSECOND = timedelta(microseconds=1)


def told(one: Visit) -> Story:
    found = story(one, CHICAGO)
    assert found is not None
    return found


def completed(ext_id: str = "J-1042", arrived: str = "09:45", **more: Any) -> Visit:
    """Booked the day before, dispatched at 9:00, arrived, done at 11:30."""
    stamps: dict[str, Any] = {
        "booked_at": at("2026-11-09 15:00"),
        "dispatched_at": at("09:00"),
        "en_route_at": at("09:20"),
        "arrived_at": at(arrived),
        "started_at": at(arrived) + minutes(5),
        "completed_at": at("11:30"),
        "departed_at": at("11:40"),
        "status": Status.COMPLETED,
    }
    return visit(ext_id, **{**stamps, **more})


def replayed(
    *visits: Visit, policy: Policy = LATE_ALONE, span: Span | None = None, office: OfficeHours | None = None
) -> tuple[list[Step], list[Judged]]:
    span = span or Span()
    history = History(visits, feed=FEED, zone=CHICAGO, span=span)
    steps: list[Step] = []
    standards = Standards(office=office or OfficeHours(CHICAGO), policy=policy)
    with closing(Replay(history, standards)) as replay:
        return steps, run(replay, span, TOLERANCE, [steps.append])


def events(steps: Sequence[Step]) -> list[tuple[datetime, str, str]]:
    return [
        (step.at, word, alert.ext_id)
        for step in steps
        for word, alerts in (
            ("raised", step.look.recorded.raised),
            ("updated", step.look.recorded.worsened),
            ("resolved", step.look.recorded.resolved),
        )
        for alert in alerts
    ]


# What a source showed, and when


@pytest.mark.parametrize(
    ("when", "status"),
    [
        ("2026-11-09 15:00", Status.SCHEDULED),
        ("08:59:59", Status.SCHEDULED),
        ("09:00", Status.DISPATCHED),
        ("09:20", Status.EN_ROUTE),
        ("09:45", Status.ARRIVED),
        ("09:50", Status.IN_PROGRESS),
        ("11:29:59", Status.IN_PROGRESS),
        ("11:30", Status.COMPLETED),
        ("11:40", Status.COMPLETED),
    ],
)
def test_a_visit_has_the_status_it_had_by_then(when: str, status: Status) -> None:
    assert told(completed()).at(at(when)).status is status


def test_each_stamp_shows_at_its_own_time_and_never_before() -> None:
    final = completed()
    found = told(final)
    assert found.known_at == at("2026-11-09 15:00")
    for name in ("dispatched_at", "en_route_at", "arrived_at", "started_at", "completed_at", "departed_at"):
        stamp = getattr(final, name)
        assert getattr(found.at(stamp - MICROSECOND), name) is None
        assert getattr(found.at(stamp), name) == stamp
    assert found.at(at("11:40")) == final


def test_why_and_by_whom_a_visit_was_cancelled_is_known_once_it_is() -> None:
    final = visit(
        booked_at=at("2026-11-08 12:00"),
        status=Status.CANCELLED,
        status_raw="user canceled",
        cancelled_at=at("08:00"),
        cancelled_by="customer",
        cancel_reason="plant closed",
    )
    before = told(final).at(at("07:59"))
    assert (before.status, before.status_raw, before.cancelled_by, before.cancel_reason) == (
        Status.SCHEDULED,
        "",
        "",
        "",
    )
    assert told(final).at(at("08:00")) == final


def test_without_a_booking_a_visit_was_known_from_the_start_of_a_day_two_days_before_its_first_fact() -> None:
    found = told(completed(booked_at=None))
    assert found.known_at == at("2026-11-08 00:00")
    assert at("09:00") - found.known_at >= KNOWN_BEFORE
    early = told(visit(status=Status.CANCELLED, cancelled_at=at("2026-11-05 10:00")))
    assert early.known_at == at("2026-11-03 00:00")


def test_a_visit_not_booked_was_known_since_it_was_asked_for() -> None:
    assert told(completed(booked_at=None, reported_at=at("2026-11-09 08:00"))).known_at == at("2026-11-09 08:00")


def test_what_happened_before_the_booking_is_known_with_it() -> None:
    found = told(completed(booked_at=at("10:00")))
    assert found.instants[0] == at("10:00")
    assert found.at(at("10:00")).status is Status.IN_PROGRESS
    assert found.at(at("10:00")).arrived_at == at("09:45")


@pytest.mark.parametrize(
    ("final", "known"),
    [
        (visit(status=Status.CANCELLED), "2026-11-08 00:00"),
        (visit(status=Status.CANCELLED, status_at=at("08:15")), "08:15"),
        (visit(status=Status.COMPLETED), "09:50"),
        (visit(status=Status.COMPLETED, window_end=at("11:00")), "11:00"),
        (visit(status=Status.COMPLETED, arrived_at=at("10:00")), "12:00"),
        (visit(status=Status.COMPLETED, arrived_at=at("10:00"), sched_end=None), "10:00"),
        (visit(status=Status.COMPLETED, departed_at=at("11:10")), "11:10"),
        (visit(status=Status.CUSTOMER_NO_SHOW, arrived_at=at("09:40")), "09:40"),
        (visit(status=Status.CUSTOMER_NO_SHOW), "09:50"),
        (visit(status=Status.PAUSED, started_at=at("09:55"), status_at=at("10:30")), "10:30"),
        (visit(status=Status.EN_ROUTE), "09:50"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.status.value,
)
def test_when_a_final_status_without_a_time_of_its_own_became_known(final: Visit, known: str) -> None:
    found = told(final)
    assert found.final_at == at(known)
    assert found.at(found.final_at).status is final.status
    assert found.final_at == found.known_at or found.at(found.final_at - MICROSECOND).status is not final.status


def test_a_status_column_that_nobody_kept_up_is_never_overtaken_by_the_stamps() -> None:
    found = told(visit(status=Status.SCHEDULED, arrived_at=at("09:40")))
    assert found.at(at("09:40")).status is Status.SCHEDULED
    assert found.at(at("09:40")).checked_in


def test_the_word_that_nobody_came_is_not_said_before_the_promise() -> None:
    found = told(visit(technician_no_show=True))
    assert not found.at(at("09:49:59")).technician_no_show
    assert found.at(at("09:50")).technician_no_show


def test_the_estimate_and_the_last_change_of_the_row_are_left_out() -> None:
    found = told(completed(eta=at("09:40"), modified_at=at("2026-11-20 12:00")))
    assert found.at(at("23:00")).eta is None
    assert found.at(at("23:00")).modified_at is None


# What the engine makes of it


def test_late_is_told_at_the_microsecond_after_the_deadline_and_over_at_the_arrival() -> None:
    steps, (judged,) = replayed(completed(arrived="10:12"))
    assert events(steps) == [
        (at("10:05") + MICROSECOND, "raised", "J-1042"),
        (at("10:12"), "resolved", "J-1042"),
    ]
    assert (judged.alert.outcome, judged.verdict) == (Outcome.CHECKED_IN, Verdict.MINOR)


def test_an_arrival_at_the_very_deadline_is_in_time() -> None:
    assert replayed(completed(arrived="10:05"))[1] == []


def test_an_alert_grows_worse_step_by_step_until_the_technician_comes() -> None:
    steps, (judged,) = replayed(completed(arrived="11:06"))
    assert [(when, word) for when, word, _ in events(steps)] == [
        (at("10:05") + MICROSECOND, "raised"),
        (at("10:35"), "updated"),
        (at("11:05"), "updated"),
        (at("11:06"), "resolved"),
    ]
    assert (judged.alert.severity, judged.verdict) == (Severity.CRITICAL, Verdict.TRUE)


def test_all_facts_of_one_instant_are_taken_in_before_one_look() -> None:
    steps, _ = replayed(*(completed(f"J-{number}", arrived="10:30") for number in range(3)))
    (look,) = [step for step in steps if step.at == at("10:30")]
    assert sorted(alert.ext_id for alert in look.look.recorded.resolved) == ["J-0", "J-1", "J-2"]
    assert len({step.at for step in steps}) == len(steps)


def test_a_visit_nobody_came_to_is_followed_to_the_end() -> None:
    steps, (judged,) = replayed(completed("J-1"), visit("J-2", start=at("10:00"), booked_at=at("08:00")))
    assert judged.alert.ext_id == "J-2"
    assert (judged.alert.resolved_at, judged.verdict) == (None, Verdict.TRUE)
    assert steps[-1].at <= at("11:40") + AFTERWARDS


def test_visits_still_to_come_when_the_file_was_written_are_no_misses() -> None:
    tomorrow = visit("J-2", start=at("2026-11-11 09:00"), booked_at=at("08:00"))
    history = History([completed(), tomorrow], feed=FEED, zone=CHICAGO)
    assert history.title == "1 visit"
    assert "1 visit has a day still to come" in history.notes[0]
    assert replayed(completed(), tomorrow)[1] == []


def test_a_cancellation_of_a_visit_to_come_is_news_all_the_same() -> None:
    off = visit(
        "J-2",
        start=at("2026-11-11 09:00"),
        booked_at=at("2026-11-01 12:00"),
        status=Status.CANCELLED,
        cancelled_at=at("15:00"),
        cancelled_by="customer",
    )
    _, (judged,) = replayed(completed(), off, policy=Policy())
    assert (judged.alert.kind, judged.alert.raised_at) == (AlertKind.CANCELLED_SHORT_NOTICE, at("15:00"))


def test_when_something_became_known_is_exact_though_nothing_was_looked_at_for_days_before() -> None:
    gone = visit(
        booked_at=at("2026-11-01 12:00"),
        status=Status.CUSTOMER_NO_SHOW,
        arrived_at=at("09:45"),
        completed_at=at("10:03"),
    )
    (judged,) = replayed(gone, policy=Policy())[1]
    assert judged.alert.kind is AlertKind.CUSTOMER_NO_SHOW
    assert (judged.alert.raised_at, judged.alert.due_at) == (at("10:03"), at("10:03") - MICROSECOND)


@pytest.mark.parametrize(
    ("when", "kind"),
    [("2026-11-09 09:50", AlertKind.CANCELLED), ("2026-11-09 09:50:01", AlertKind.CANCELLED_SHORT_NOTICE)],
)
def test_notice_is_judged_to_the_second(when: str, kind: AlertKind) -> None:
    off = visit(booked_at=at("2026-11-01 12:00"), status=Status.CANCELLED, status_at=at(when))
    assert [one.alert.kind for one in replayed(off, policy=Policy())[1]] == [kind]


def test_a_schedule_without_any_facts_runs_to_a_day_after_its_last_promise() -> None:
    steps, (judged,) = replayed(visit())
    assert judged.alert.raised_at == at("10:05") + MICROSECOND
    assert steps[-1].at <= at("09:50") + hours(2) + AFTERWARDS


def test_a_history_is_no_feed_that_could_be_stale_or_shrink() -> None:
    steps, judged = replayed(*(completed(f"J-{number}") for number in range(12)), policy=Policy())
    assert not {one.alert.kind for one in judged} & {AlertKind.STALE_FEED, AlertKind.FEED_SHRUNK, AlertKind.JOB_MISSING}
    assert all(not step.look.entries for step in steps)
    watched_for = {kind for rule in History([completed()], feed=FEED, zone=CHICAGO).rules for kind in rule.kinds}
    assert set(AlertKind) - watched_for == {
        AlertKind.STALE_FEED,
        AlertKind.FEED_SHRUNK,
        AlertKind.CLOCK_SKEW,
        AlertKind.JOB_MISSING,
    }


def test_a_visit_without_any_time_is_left_out_and_said_so() -> None:
    bare = visit("J-2", sched_start=None, sched_end=None)
    assert History([completed(), bare], feed=FEED, zone=CHICAGO).notes == [
        "1 visit has no time at all, so nobody knows when it was; not replayed."
    ]
    with pytest.raises(ReplayFailure, match="No visit in these files has a time"):
        History([bare], feed=FEED, zone=CHICAGO)


# Spans


def on(day: int) -> Visit:
    shift = timedelta(days=day - 10)
    moved = {
        name: at(clock, day=at("12:00").date() + shift)
        for name, clock in (("arrived_at", "10:30"), ("completed_at", "11:30"))
    }
    return visit(f"J-{day}", start=at("09:50") + shift, status=Status.COMPLETED, **moved)


def test_only_what_was_raised_in_the_span_counts() -> None:
    week = [on(day) for day in range(9, 14)]
    span = Span(at("2026-11-10 00:00"), at("2026-11-12 00:00"))
    assert [one.alert.ext_id for one in replayed(*week, span=span)[1]] == ["J-10", "J-11"]


def test_what_was_going_on_when_the_span_begins_is_known_and_not_raised_anew() -> None:
    steps, judged = replayed(on(10), span=Span(at("10:10"), None))
    assert judged == []
    assert [(when, word) for when, word, _ in events(steps)] == [
        (at("10:05") + MICROSECOND, "raised"),
        (at("10:30"), "resolved"),
    ]


def test_the_clock_stops_before_the_end_of_the_span() -> None:
    steps, (judged,) = replayed(on(10), span=Span(None, at("10:30")))
    assert steps[-1].at < at("10:30")
    assert judged.alert.resolved_at is None
    assert judged.verdict is Verdict.TRUE, "how it came out is judged by what is known now"


def test_a_span_with_nothing_in_it_is_refused() -> None:
    with pytest.raises(ReplayFailure, match="--from and --to"):
        History([on(10)], feed=FEED, zone=CHICAGO, span=Span(at("2026-12-01 00:00"), None))


def test_daylight_saving_moves_no_deadline() -> None:
    first, second = (
        visit(
            f"J-{number}",
            start=at(f"2026-11-01 0{number}:30"),
            status=Status.ARRIVED,
            arrived_at=at(f"2026-11-01 0{number}:30") + seconds(901 - number),
        )
        for number in (0, 1)
    )
    _, judged = replayed(first, second)
    assert [(one.alert.ext_id, one.alert.due_at) for one in judged] == [("J-0", at("2026-11-01 00:45"))]
