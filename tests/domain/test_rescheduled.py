"""Moves at short notice by themselves, and which moves count at all (study 4.2, kind 5, and 4.3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Operation, Outcome, Severity
from dispatchwatch.domain.moves import weigh
from dispatchwatch.domain.rules.facts import NOTHING
from dispatchwatch.domain.rules.rescheduled import RESCHEDULED
from dispatchwatch.domain.thresholds import Counting, Thresholds
from dispatchwatch.domain.visit import Site, Status
from dispatchwatch.domain.watched import Watched
from tests.domain.histories import facts_of, history
from tests.fakes.office import at, hours, minutes, seconds
from tests.fakes.picture import alert_of

MICROSECOND = timedelta(microseconds=1)
START = at("2026-11-10 09:50")
"""The start that is promised first: a Tuesday."""
LONG_AGO = at("2026-11-01 08:00")


def moved(*steps: tuple[str | datetime, datetime], **told: Any) -> Watched:
    """First seen long ago with the promised start; then moved at each of these times, by the stamp, to that start."""
    sightings: list[tuple[str | datetime, dict[str, Any]]] = [(LONG_AGO, {"start": START, **told})]
    for clock, start in steps:
        now = clock if isinstance(clock, datetime) else at(clock)
        sightings.append((now, {"start": start, "modified_at": now, **told}))
    return history(*sightings)


def conditions(watched: Watched, now: datetime | None = None, **thresholds: Any) -> tuple[Condition, ...]:
    return RESCHEDULED.look(watched, facts_of(now or watched.moves[-1].seen.until, [watched], **thresholds)).conditions


def found(watched: Watched, now: datetime | None = None, **thresholds: Any) -> Condition:
    (condition,) = conditions(watched, now, **thresholds)
    return condition


def ending(alert: Alert, watched: Watched, now: datetime | None = None) -> Ending | None:
    return RESCHEDULED.ending(alert, facts_of(now or at("2026-11-10 09:00"), [watched]))


def headline(condition: Condition) -> str:
    return wording.headline(alert_of(condition), condition.due_at)


@pytest.mark.parametrize(
    ("before_start", "severity"),
    [
        (hours(24), None),
        (hours(24) - MICROSECOND, Severity.WARNING),
        (hours(3), Severity.WARNING),
        (hours(3) - MICROSECOND, Severity.HIGH),
        (hours(0), Severity.HIGH),
        (-hours(1), Severity.HIGH),
    ],
)
def test_the_tiers_to_the_microsecond(before_start: timedelta, severity: Severity | None) -> None:
    watched = moved((START - before_start, START + hours(30)))
    assert [one.severity for one in conditions(watched)] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("by", "counts"),
    [
        (minutes(10), False),
        (minutes(15) - seconds(1), False),
        (minutes(15), True),
        (-minutes(15), True),
        (-minutes(15) + seconds(1), False),
        (timedelta(days=1), True),
    ],
)
def test_less_than_a_quarter_of_an_hour_is_no_move(by: timedelta, counts: bool) -> None:
    assert bool(conditions(moved(("08:00", START + by)))) is counts


def test_three_small_moves_in_one_direction_are_held_against_the_first_promise() -> None:
    """Three times ten minutes: thirty in all; the second step makes it a move."""
    steps = [("08:00", START + minutes(10)), ("08:20", START + minutes(20)), ("08:40", START + minutes(30))]
    assert conditions(moved(*steps[:1])) == ()
    condition = found(moved(*steps[:2]))
    assert condition.key == "rescheduled_short_notice|today|J-1042|2026-11-10T15:50Z>2026-11-10T16:10Z"
    assert found(moved(*steps)).key == condition.key
    assert [(one.old, one.new) for one in weigh(moved(*steps).moves, Thresholds()).counted] == [
        (START, START + minutes(20))
    ]


def test_small_moves_to_and_fro_never_add_up() -> None:
    steps = [(f"08:{number:02}", START + minutes(10 * (number % 2))) for number in range(12)]
    assert conditions(moved(*steps)) == ()


def test_small_moves_count_from_the_last_move_that_counted() -> None:
    steps = [("08:00", START + hours(2)), ("08:30", START + hours(2) + minutes(10))]
    assert [one.new for one in weigh(moved(*steps).moves, Thresholds()).counted] == [START + hours(2)]
    steps.append(("08:40", START + hours(2) + minutes(16)))
    assert [one.old for one in weigh(moved(*steps).moves, Thresholds()).counted] == [START, START + hours(2)]


@pytest.mark.parametrize(
    ("back_after", "back_to", "undone"),
    [
        (minutes(10), START, True),
        (minutes(10) + seconds(1), START, False),
        (minutes(5), START + minutes(15) - seconds(1), True),
        (minutes(5), START - minutes(15) + seconds(1), True),
        (minutes(5), START + minutes(15), False),
    ],
)
def test_a_move_taken_back_at_once_never_happened(back_after: timedelta, back_to: datetime, undone: bool) -> None:
    watched = moved(("08:00", START + hours(5)), (at("08:00") + back_after, back_to))
    counted = weigh(watched.moves, Thresholds()).counted
    assert len(counted) == (0 if undone else 2)
    assert bool(conditions(watched)) is not undone
    first = alert_of(found(moved(("08:00", START + hours(5)))))
    over = ending(first, watched)
    assert over is not None
    if undone:
        assert over == Ending(Outcome.UNDONE, "The visit was moved back to Tue 10 Nov 09:50 CST within 10 min")
    else:
        assert over.outcome is Outcome.MOVED


def test_after_a_move_was_undone_small_ones_count_from_the_start_before_it() -> None:
    steps = [("08:00", START + hours(5)), ("08:05", START + minutes(10)), ("08:30", START + minutes(20))]
    counted = weigh(moved(*steps).moves, Thresholds()).counted
    assert [(one.old, one.new) for one in counted] == [(START, START + minutes(20))]


def test_the_time_between_two_moves_is_that_of_their_stamps_where_there_are_any() -> None:
    """Read every half hour: by the stamps it was taken back after five minutes; without them nobody can say."""
    there, back = {"start": START + hours(5)}, {"start": START}
    stamped = history(
        ("08:00", {"start": START}),
        ("08:30", {**there, "modified_at": at("08:28")}),
        ("09:00", {**back, "modified_at": at("08:33")}),
    )
    assert len(weigh(stamped.moves, Thresholds()).undone) == 1
    unstamped = history(("08:00", {"start": START}), ("08:30", there), ("09:00", back))
    assert len(weigh(unstamped.moves, Thresholds()).counted) == 2


def test_moved_back_and_there_again_is_news_once_more() -> None:
    steps = [("08:00", START + hours(5)), ("08:05", START), ("08:08", START + hours(5))]
    first, again = found(moved(*steps[:1])), found(moved(*steps))
    assert again.key == f"{first.key}#2"
    over = ending(alert_of(first), moved(*steps))
    assert over is not None
    assert over.outcome is Outcome.UNDONE


def test_only_the_last_move_is_told_and_ends_the_one_before() -> None:
    first = moved(("08:00", START + hours(5)))
    second = moved(("08:00", START + hours(5)), ("09:00", START + hours(7)))
    assert found(second).key.endswith("2026-11-10T20:50Z>2026-11-10T22:50Z")
    over = ending(alert_of(found(first)), second)
    assert over == Ending(Outcome.MOVED, "The visit was moved again; it now starts Tue 10 Nov 16:50 CST")
    assert ending(alert_of(found(second)), second) is None


def test_moved_again_in_good_time_the_first_alert_is_over_and_there_is_no_second() -> None:
    first = moved(("2026-11-10 08:00", START + timedelta(days=7)))
    second = moved(("2026-11-10 08:00", START + timedelta(days=7)), ("2026-11-10 12:00", START + timedelta(days=8)))
    assert conditions(second) == ()
    over = ending(alert_of(found(first)), second)
    assert over is not None
    assert over.outcome is Outcome.MOVED


def test_booked_inside_the_notice_it_may_be_moved_freely() -> None:
    steps = ("2026-11-10 08:00", START + hours(6))
    assert conditions(moved(steps, booked_at=START - hours(24) + MICROSECOND)) == ()
    assert len(conditions(moved(steps, booked_at=START - hours(24)))) == 1
    assert len(conditions(moved(steps, booked_at=START - hours(20)), booked_inside_exempt=False)) == 1


def test_an_interval_that_straddles_the_line_is_in_time() -> None:
    later = {"start": START + hours(30)}
    straddling = history(("2026-11-09 09:40", {"start": START}), ("2026-11-09 10:10", later))
    assert conditions(straddling) == ()
    inside = history(("2026-11-09 09:50:01", {"start": START}), ("2026-11-09 10:10", later))
    assert found(inside).due_at == at("2026-11-09 09:50:01")
    stamped = history(
        ("2026-11-09 09:40", {"start": START}), ("2026-11-09 10:10", {**later, "modified_at": at("2026-11-09 10:00")})
    )
    assert found(stamped).due_at == at("2026-11-09 10:00")


@pytest.mark.parametrize(
    ("clock", "raised"), [("2026-11-13 08:59", False), ("2026-11-13 09:00", False), ("2026-11-13 10:00", True)]
)
def test_notice_in_weekdays_for_a_monday_ends_on_friday(clock: str, raised: bool) -> None:
    monday = at("2026-11-16 09:00")
    watched = history((LONG_AGO, {"start": monday}), (clock, {"start": monday + hours(3), "modified_at": at(clock)}))
    assert bool(conditions(watched, notice_counts=Counting.WEEKDAYS)) is raised
    assert conditions(watched) == ()


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.COMPLETED, Status.INCOMPLETE, Status.CUSTOMER_NO_SHOW])
def test_what_the_office_moves_once_it_is_over_raises_nothing(status: Status) -> None:
    over = {"status": status}
    watched = history((LONG_AGO, {"start": START}), ("08:00", over), ("08:10", {**over, "start": START + hours(5)}))
    assert (watched.moves, RESCHEDULED.look(watched, facts_of(at("08:10"), [watched]))) == ((), NOTHING)


def test_a_start_changed_after_the_arrival_is_no_move() -> None:
    there = {"status": Status.ARRIVED, "arrived_at": at("09:30")}
    watched = history((LONG_AGO, {"start": START}), ("09:35", {**there, "start": at("09:30")}))
    assert watched.moves == ()


def test_a_start_that_went_with_the_cancellation_and_came_back_was_never_moved() -> None:
    watched = history(
        (LONG_AGO, {"start": START}),
        ("08:00", {"status": Status.CANCELLED, "start": at("2026-11-10 00:00")}),
        ("08:30", {"start": START}),
    )
    assert watched.moves == ()


def test_reinstated_for_another_time_it_was_moved_from_the_first_one() -> None:
    watched = history(
        (LONG_AGO, {"start": START}),
        ("08:00", {"status": Status.CANCELLED, "start": at("2026-11-10 00:00")}),
        ("08:30", {"start": START + hours(6)}),
    )
    condition = found(watched)
    assert condition.key.endswith("2026-11-10T15:50Z>2026-11-10T21:50Z")


def test_taken_off_the_schedule_and_put_back_at_another_time_it_was_moved() -> None:
    watched = history(
        (LONG_AGO, {"start": START}),
        ("08:00", {"status": Status.UNSCHEDULED, "sched_start": None, "sched_end": None}),
        ("08:30", {"start": START + hours(6)}),
    )
    assert [(one.old, one.new) for one in watched.moves] == [(START, START + hours(6))]
    assert found(watched).severity is Severity.HIGH


def test_a_forgotten_visit_of_last_week_that_is_planned_anew_is_no_news() -> None:
    assert conditions(moved((START + hours(12), START + hours(48)))) != ()
    assert conditions(moved((START + hours(12) + MICROSECOND, START + hours(48)))) == ()


def test_a_move_is_news_for_half_a_day_and_then_stays_open_until_somebody_takes_note() -> None:
    watched = moved(("08:00", START + hours(30)))
    alert = alert_of(found(watched))
    fresh = RESCHEDULED.look(watched, facts_of(at("20:00"), [watched]))
    assert (len(fresh.conditions), fresh.next_change) == (1, at("20:00") + MICROSECOND)
    assert RESCHEDULED.look(watched, facts_of(at("20:00") + MICROSECOND, [watched])) == NOTHING
    assert ending(alert, watched, at("2026-11-11 08:00")) is None


@pytest.mark.parametrize(
    ("changes", "outcome", "text"),
    [
        ({"status": Status.CANCELLED}, Outcome.CANCELLED, "The visit was cancelled"),
        ({"status": Status.COMPLETED}, Outcome.NOTED, "The visit now stands as “completed”"),
        ({"status": Status.ARRIVED}, Outcome.NOTED, "The visit now stands as “arrived”"),
        ({"anytime": True}, Outcome.MOVED, "The visit was moved again; it now has no fixed time"),
        ({"status": Status.EN_ROUTE}, None, ""),
        ({"notes": "gate code"}, None, ""),
    ],
)
def test_what_ends_a_move(changes: dict[str, Any], outcome: Outcome | None, text: str) -> None:
    new = {"start": START + hours(5), "modified_at": at("08:00")}
    watched = history((LONG_AGO, {"start": START}), ("08:00", new), ("09:00", {**new, **changes}))
    alert = alert_of(found(moved(("08:00", START + hours(5)))))
    over = ending(alert, watched)
    assert over == (Ending(outcome, text) if outcome else None)
    assert bool(conditions(watched, at("09:00"))) is (outcome is None)


def test_an_alert_of_a_visit_nobody_knows_stays() -> None:
    alert = alert_of(found(moved(("08:00", START + hours(5)))))
    assert RESCHEDULED.ending(alert, facts_of(at("09:00"), [])) is None


# The words


@pytest.mark.parametrize(
    ("clock", "start", "text"),
    [
        (
            "06:50",
            at("2026-11-11 08:00"),
            (
                "The visit at Acme Foundry, Plant 4 was pushed out to another day 3 h 00 min before its start"
                " – from Tue 10 Nov 09:50 CST to Wed 11 Nov 08:00 CST"
            ),
        ),
        (
            "08:00",
            at("11:30"),
            (
                "The visit at Acme Foundry, Plant 4 was pushed out 1 h 50 min before its start"
                " – from Tue 10 Nov 09:50 CST to 11:30 CST"
            ),
        ),
        (
            "08:00",
            at("08:30"),
            (
                "The visit at Acme Foundry, Plant 4 was pulled in 1 h 50 min before its start"
                " – from Tue 10 Nov 09:50 CST to 08:30 CST"
            ),
        ),
        (
            "2026-11-09 12:00",
            at("2026-11-09 16:00"),
            (
                "The visit at Acme Foundry, Plant 4 was pulled in to another day 21 h 50 min before its start"
                " – from Tue 10 Nov 09:50 CST to Mon 9 Nov 16:00 CST"
            ),
        ),
        (
            "11:00",
            at("14:00"),
            (
                "The visit at Acme Foundry, Plant 4 was pushed out 1 h 10 min after its start"
                " – from Tue 10 Nov 09:50 CST to 14:00 CST"
            ),
        ),
    ],
)
def test_the_headline_says_which_way_and_how_short(clock: str, start: datetime, text: str) -> None:
    assert headline(found(moved((clock, start)))) == text


def test_the_day_is_that_of_the_site() -> None:
    """23:30 in Chicago is another day than 01:00; in Los Angeles it is the same evening."""
    late, later = at("2026-11-10 23:30"), at("2026-11-11 01:00")

    def direction(zone: str) -> str:
        told: dict[str, Any] = {"site": Site("Depot", zone)}
        moved_at = {"modified_at": at("20:00")}
        watched = history((LONG_AGO, {**told, "start": late}), ("20:00", {**told, **moved_at, "start": later}))
        (condition,) = conditions(watched)
        return condition.facts["direction"]

    assert direction("America/Los_Angeles") == "pushed out"
    assert direction("America/Chicago") == "pushed out to another day"


def test_a_message_tells_both_starts_and_the_notice() -> None:
    alert = alert_of(found(moved(("08:00", at("2026-11-11 08:00")))))
    rows = dict(wording.notification(alert, Operation.RAISE, at("08:01")).facts)
    assert rows["Old start"] == "Tue 10 Nov 09:50 CST"
    assert rows["New start"] == "Wed 11 Nov 08:00 CST"
    assert rows["Moved"] == "Tue 10 Nov 08:00 CST"
    assert rows["Notice"] == "24 h, so until Mon 9 Nov 09:50 CST"
    assert wording.short_headline(alert, at("08:01")) == "Moved to Wed 11 Nov 08:00 CST: Acme Foundry"
    assert wording.detail(alert) == (
        "Acme Foundry, Plant 4 · J-1042 · was Tue 10 Nov 09:50 CST, now Wed 11 Nov 08:00 CST"
    )


@pytest.mark.parametrize(
    ("start", "text"),
    [
        (at("11:30"), "Tell J. Ortiz, and use the time that is free from 09:50 CST on."),
        (at("08:30"), "Make sure that J. Ortiz can be there at Tue 10 Nov 08:30 CST."),
    ],
)
def test_the_next_step_fits_the_direction(start: datetime, text: str) -> None:
    alert = alert_of(found(moved(("08:00", start))))
    assert wording.next_step(alert) == f"{text} Acknowledge to say that you took note; that closes it."


@pytest.mark.parametrize("facts", [{}, {"old_start": START.isoformat()}, {"direction": "pulled in"}])
def test_few_facts_still_make_sentences(facts: dict[str, str]) -> None:
    condition = Condition(
        key="k",
        kind=AlertKind.RESCHEDULED_SHORT_NOTICE,
        feed="f",
        severity=Severity.HIGH,
        due_at=START,
        facts=facts,
    )
    assert headline(condition).startswith("The visit at the customer was ")
    assert wording.notification(alert_of(condition), Operation.RAISE, START).headline
    assert wording.next_step(alert_of(condition))
    assert wording.detail(alert_of(condition))
