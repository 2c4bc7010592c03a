"""Alerts of visits that contradict themselves (study 4.2, row 15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, Condition, Outcome, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules import Facts, Finding, ending, evaluate
from dispatchwatch.domain.rules.status_conflict import STATUS_CONFLICT
from dispatchwatch.domain.visit import Status, Visit
from dispatchwatch.domain.watched import Seen, Watched, miss, sight
from tests.fakes.office import at, hours, minutes, visit

MICROSECOND = timedelta(microseconds=1)
NOW = at("12:00")
WRONG = visit(status=Status.COMPLETED, status_raw="Done", started_at=at("09:30"), completed_at=at("09:10"))


def facts(now: datetime, *watched: Watched) -> Facts:
    return Facts(
        now=now,
        awake_since=now - timedelta(days=1),
        visits={one.key: one for one in watched},
        feeds={},
        policy=Policy(),
        office=OfficeHours(ZoneInfo("UTC")),
    )


def judged(now: datetime, *watched: Watched) -> Finding:
    return evaluate(facts(now, *watched), [STATUS_CONFLICT])


def sighted(*told: Visit, repeated: bool = False, since: datetime = NOW) -> Watched:
    """As told at these sightings, five minutes apart, the last of them at `since`."""
    watched = None
    for place, one in enumerate(told):
        watched = sight(watched, one, Seen(None, since - minutes(5) * (len(told) - 1 - place)), repeated=repeated)
    assert watched is not None
    return watched


def alert_of(condition: Condition) -> Alert:
    return Alert(
        id=1,
        key=condition.key,
        kind=condition.kind,
        severity=condition.severity,
        feed=condition.feed,
        ext_id=condition.ext_id,
        due_at=condition.due_at,
        raised_at=NOW,
        updated_at=NOW,
        facts=condition.facts,
    )


def alert(watched: Watched) -> Alert:
    (condition,) = judged(NOW, watched).conditions
    return alert_of(condition)


def why(now: datetime, *watched: Watched) -> tuple[Outcome, str] | None:
    found = ending(alert(sighted(visit(), WRONG)), facts(now, *watched), [STATUS_CONFLICT])
    return (found.outcome, found.text) if found else None


def test_a_contradiction_is_told_once_per_visit_and_set_of_codes() -> None:
    (condition,) = judged(NOW, sighted(visit(), WRONG, replace(WRONG, completed_at=at("09:11")))).conditions
    assert condition.key == "status_conflict|today|J-1042|completed_before_start"
    assert (condition.severity, condition.verified, condition.from_absence) == (Severity.INFO, True, False)
    assert condition.due_at == NOW - minutes(5), "when we learnt of it"


def test_the_codes_are_sorted_in_the_key() -> None:
    told = replace(WRONG, sched_end=at("09:00"))
    (condition,) = judged(NOW, sighted(told, repeated=True)).conditions
    assert condition.key.endswith("|completed_before_start,end_before_start,repeated")


def test_what_is_sound_is_no_condition() -> None:
    assert judged(NOW, sighted(visit(), visit(status=Status.COMPLETED, completed_at=at("11:00")))) == Finding()


HEADLINES: list[tuple[Visit, str]] = [
    (WRONG, "completed at 09:10 CST, before the start at 09:30 CST"),
    (
        visit(arrived_at=at("09:20"), started_at=at("09:40"), completed_at=at("09:10")),
        "completed at 09:10 CST, before the start at 09:40 CST",
    ),
    (
        visit(arrived_at=at("09:20"), en_route_at=at("09:40")),
        "arrived at 09:20 CST, before being on the way at 09:40 CST",
    ),
    (visit(sched_end=at("09:00")), "planned to end at 09:00 CST, before its start at 09:50 CST"),
    (
        visit(window_start=at("10:00"), window_end=at("09:00")),
        "a window that closes at 09:00 CST, before it opens at 10:00 CST",
    ),
    (visit(arrived_at=at("14:00")), "arrived at 14:00 CST, which is still to come"),
    (visit(started_at=at("14:00")), "work started at 14:00 CST, which is still to come"),
    (visit(completed_at=at("14:00")), "completed at 14:00 CST, which is still to come"),
    (visit(en_route_at=at("14:00")), "on the way at 14:00 CST, which is still to come"),
    (visit(cancelled_at=at("14:00")), "cancelled at 14:00 CST, which is still to come"),
    (
        visit(status=Status.CANCELLED, arrived_at=at("09:40"), cancelled_at=at("09:35")),
        "cancelled at 09:35 CST, though the technician checked in at 09:40 CST",
    ),
    (
        visit(status=Status.CANCELLED, started_at=at("09:40")),
        "cancelled, though the technician checked in at 09:40 CST",
    ),
]


@pytest.mark.parametrize(("told", "what"), HEADLINES)
def test_the_headline_says_what_contradicts_with_its_times_and_what_we_did(told: Visit, what: str) -> None:
    start = f"The visit J-1042 at Acme Foundry, Plant 4 contradicts itself: {what}."
    assert wording.headline(alert(sighted(visit(), told)), NOW) == f"{start} The visit is kept as it was"
    assert wording.headline(alert(sighted(told)), NOW) == f"{start} What is in doubt is left out"


def test_rows_that_do_not_agree_have_their_own_words() -> None:
    told = wording.headline(alert(sighted(visit(), repeated=True)), NOW)
    assert told.endswith("several rows with this number, which do not agree. The last of the rows counts")


def test_words_without_facts_still_make_a_sentence() -> None:
    bare = replace(alert(sighted(WRONG)), facts={})
    assert wording.headline(bare, NOW).startswith("The visit J-1042 at the customer contradicts itself")
    assert wording.next_step(bare).startswith("Find out what is right")


def test_it_is_over_once_the_facts_are_corrected() -> None:
    assert why(NOW, sighted(visit(), WRONG, replace(WRONG, completed_at=at("10:10")))) == (
        Outcome.REMEDIED,
        "The facts were corrected; they no longer contradict each other",
    )


def test_other_contradictions_are_another_alert() -> None:
    other = sighted(visit(), WRONG, replace(WRONG, sched_end=at("09:00")))
    found = why(NOW, other)
    assert found is not None
    assert found[0] is Outcome.REMEDIED
    assert [one.key for one in judged(NOW, other).conditions] == [
        "status_conflict|today|J-1042|completed_before_start,end_before_start"
    ]


def test_it_is_over_when_the_visit_has_left_the_schedule() -> None:
    gone = miss(miss(sighted(visit(), WRONG), NOW), NOW + minutes(5))
    assert judged(NOW + minutes(5), gone) == Finding()
    assert why(NOW + minutes(5), gone) == (Outcome.WITHDRAWN, "The visit is no longer in the schedule")


def test_it_is_noted_when_the_visit_is_long_over() -> None:
    wrong, old = sighted(visit(), WRONG), at("23:50")
    assert judged(old, wrong).next_change == old + MICROSECOND
    assert judged(old + MICROSECOND, wrong) == Finding()
    assert why(old, wrong) is None
    found = why(old + MICROSECOND, wrong)
    assert found is not None
    assert found[0] is Outcome.NOTED


def test_a_clock_set_back_or_a_visit_nobody_knows_is_no_reason() -> None:
    assert why(NOW - hours(5), sighted(visit(), WRONG)) is None
    assert why(NOW) is None


def test_a_contradiction_about_a_cancelled_visit_is_not_ended_by_its_cancellation() -> None:
    told = visit(status=Status.CANCELLED, arrived_at=at("09:40"))
    assert [one.ext_id for one in judged(NOW, sighted(told)).conditions] == ["J-1042"]
