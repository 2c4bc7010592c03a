"""Cancellations by themselves: a visit with its past in, conditions, endings and words out (study 4.2, 4 and 4b)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import AlertKind, Condition, Operation, Outcome, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.rules.cancelled import CANCELLED
from dispatchwatch.domain.rules.facts import NOTHING
from dispatchwatch.domain.thresholds import Counting
from dispatchwatch.domain.visit import Customer, Site, Status
from dispatchwatch.domain.watched import Seen, Watched, miss, sight
from tests.domain.histories import facts_of, history
from tests.fakes.office import ORTIZ, at, hours, minutes, seconds, visit
from tests.fakes.picture import alert_of

MICROSECOND = timedelta(microseconds=1)
SHORT, ANY = AlertKind.CANCELLED_SHORT_NOTICE, AlertKind.CANCELLED
START = at("2026-11-10 09:50")
"""The start of every visit here that is not told another one: a Tuesday."""
LONG_AGO = at("2026-11-01 08:00")


def cancelled(
    moment: datetime, *, stood: Status = Status.SCHEDULED, known: datetime | None = None, **told: Any
) -> Watched:
    """Called off at `moment` by the source's stamp and known then; seen with the same facts since long ago."""
    off = {**told, "status": Status.CANCELLED, "cancelled_at": moment}
    return history((LONG_AGO, {**told, "status": stood}), (known or moment, off))


def between(earliest: datetime, latest: datetime, **told: Any) -> Watched:
    """Called off at some time between two readings; nobody says when."""
    return history((earliest, told), (latest, {**told, "status": Status.CANCELLED}))


def found(
    watched: Watched, now: datetime | None = None, office: OfficeHours | None = None, **thresholds: Any
) -> Condition:
    called_off = watched.cancellation
    assert called_off is not None
    facts = facts_of(now or called_off.seen.until, [watched], office, **thresholds)
    (condition,) = CANCELLED.look(watched, facts).conditions
    return condition


def headline(condition: Condition) -> str:
    return wording.headline(alert_of(condition), condition.due_at)


@pytest.mark.parametrize(
    ("before_start", "kind", "severity"),
    [
        (hours(24) + MICROSECOND, ANY, Severity.INFO),
        (hours(24), ANY, Severity.INFO),
        (hours(24) - MICROSECOND, SHORT, Severity.WARNING),
        (hours(3), SHORT, Severity.WARNING),
        (hours(3) - MICROSECOND, SHORT, Severity.HIGH),
        (hours(0), SHORT, Severity.HIGH),
        (-minutes(20), SHORT, Severity.HIGH),
        (-minutes(20) - MICROSECOND, ANY, Severity.INFO),
    ],
)
def test_the_tiers_to_the_microsecond(before_start: timedelta, kind: AlertKind, severity: Severity) -> None:
    condition = found(cancelled(START - before_start))
    assert (condition.kind, condition.severity, condition.verified) == (kind, severity, True)
    assert condition.due_at == START - before_start


@pytest.mark.parametrize("stood", [one for one in Status if one is not Status.CANCELLED])
def test_somebody_on_the_job_makes_it_high_at_any_time_inside_the_notice(stood: Status) -> None:
    condition = found(cancelled(START - hours(20), stood=stood))
    on_the_job = stood in {Status.DISPATCHED, Status.EN_ROUTE, Status.ARRIVED, Status.IN_PROGRESS, Status.PAUSED}
    over = stood in {Status.COMPLETED, Status.INCOMPLETE, Status.CUSTOMER_NO_SHOW}
    expected = Severity.HIGH if on_the_job else Severity.INFO if over else Severity.WARNING
    assert (condition.kind, condition.severity) == (ANY if over else SHORT, expected)


@pytest.mark.parametrize(
    ("clock", "kind"),
    [("2026-11-13 08:59", ANY), ("2026-11-13 09:00:01", SHORT), ("2026-11-13 10:00", SHORT)],
)
def test_business_hours_notice(clock: str, kind: AlertKind) -> None:
    """Start Mon 09:00, notice 24 h of weekdays: cancelled Fri 10:00 is inside, Fri 08:59 is not."""
    monday: dict[str, Any] = {"start": at("2026-11-16 09:00"), "sched_start": at("2026-11-16 09:00")}
    condition = found(cancelled(at(clock), **monday), notice_counts=Counting.WEEKDAYS)
    assert condition.kind is kind
    assert found(cancelled(at(clock), **monday)).kind is ANY


def test_booked_inside_the_notice_it_may_be_cancelled_freely() -> None:
    """Booked Tue 16:00 for Wed 09:00, cancelled Tue 17:00."""
    told: dict[str, Any] = {"start": at("2026-11-11 09:00"), "booked_at": at("2026-11-10 16:00")}
    watched = cancelled(at("2026-11-10 17:00"), **told)
    condition = found(watched)
    assert (condition.kind, condition.severity) == (ANY, Severity.INFO)
    assert headline(condition) == (
        "The visit at Acme Foundry, Plant 4 was cancelled – 16 h 00 min before its start, but free:"
        " it was booked Tue 10 Nov 16:00 CST, too late for any notice"
    )
    assert found(watched, booked_inside_exempt=False).kind is SHORT


def test_an_interval_that_straddles_the_line_counts_as_in_time_and_tells_both_times() -> None:
    condition = found(between(at("2026-11-09 09:40"), at("2026-11-09 10:10")))
    assert (condition.kind, condition.severity) == (ANY, Severity.INFO)
    assert headline(condition) == (
        "The visit at Acme Foundry, Plant 4 was cancelled – between Mon 9 Nov 09:40 CST and 10:10 CST;"
        " notice could be given until Mon 9 Nov 09:50 CST, so it counts as in time"
    )


def test_an_interval_that_straddles_the_wait_is_no_short_notice_either() -> None:
    condition = found(between(at("10:00"), at("10:30")))
    assert condition.kind is ANY
    assert headline(condition).endswith(
        "between Tue 10 Nov 10:00 CST and 10:30 CST; whether that was short notice is not certain,"
        " so it does not count as such"
    )


@pytest.mark.parametrize(
    ("earliest", "latest", "severity"),
    [("06:00", "06:50", Severity.WARNING), ("06:00", "06:50:01", Severity.HIGH), ("07:00", "08:00", Severity.HIGH)],
)
def test_an_interval_inside_the_notice_is_as_severe_as_the_latest_it_can_be(
    earliest: str, latest: str, severity: Severity
) -> None:
    condition = found(between(at(earliest), at(latest)))
    assert (condition.kind, condition.severity) == (SHORT, severity)
    assert condition.due_at == at(earliest)


@pytest.mark.parametrize("who", ["company", "the desk", "Office", "dispatcher"])
def test_caused_by_the_company_it_is_info(who: str) -> None:
    condition = found(cancelled(START - hours(2), cancelled_by=who, stood=Status.EN_ROUTE))
    assert (condition.kind, condition.severity) == (ANY, Severity.INFO)
    alert = alert_of(condition)
    assert headline(condition) == (
        f"The {who.casefold().removeprefix('the ')} cancelled the visit at Acme Foundry, Plant 4"
        " – 2 h 00 min before its start, not by the customer, so no notice counts"
    )
    assert wording.next_step(alert) == "Make sure that the customer knows, and offer another time."


@pytest.mark.parametrize("who", ["customer", "the customer", "", "Mrs. Hale"])
def test_caused_by_anybody_else_it_is_not(who: str) -> None:
    assert found(cancelled(START - hours(2), cancelled_by=who)).kind is SHORT


def test_a_visit_without_a_time_needs_no_notice() -> None:
    condition = found(cancelled(START - hours(2), anytime=True))
    assert condition.kind is ANY
    assert headline(condition) == (
        "The visit at Acme Foundry, Plant 4 was cancelled – it had no fixed time, so there was no notice to keep"
    )


def test_the_notice_is_that_of_the_start_that_was_in_force() -> None:
    """Some sources clear the start when they cancel, or put it to midnight."""
    watched = history(
        ("08:00", {}),
        ("08:01", {"status": Status.CANCELLED, "start": at("2026-11-20 00:00"), "cancelled_at": at("08:00:30")}),
    )
    condition = found(watched)
    assert (condition.kind, condition.severity) == (SHORT, Severity.HIGH)
    assert condition.facts["start"] == START.isoformat()


@pytest.mark.parametrize(
    ("stamp", "known", "due"),
    [
        ("08:00", "08:30", "08:00"),
        ("08:37", "08:30", "08:30"),
        ("06:00", "08:30", "06:00"),
    ],
    ids=["in between", "a clock that runs ahead", "a source that was slow"],
)
def test_it_was_cancelled_at_its_stamp_but_never_after_we_knew(stamp: str, known: str, due: str) -> None:
    watched = history(("07:55", {}), (known, {"status": Status.CANCELLED, "cancelled_at": at(stamp)}))
    assert found(watched).due_at == at(due)


def test_the_stamp_of_the_status_will_do_if_it_came_with_it() -> None:
    off = {"status": Status.CANCELLED, "status_at": at("2026-11-09 09:00")}
    told_now = history(("2026-11-08 09:00", {}), ("2026-11-09 12:00", off))
    assert found(told_now).kind is ANY
    stale = history(("2026-11-09 11:00", {"status_at": at("2026-11-09 09:00")}), ("2026-11-09 12:00", off))
    assert found(stale).kind is SHORT


def test_a_stamp_that_comes_later_than_the_status_corrects_the_judgement() -> None:
    """Unstamped it was uncertain; the stamp says that it was short."""
    off = {"status": Status.CANCELLED}
    first = history(("2026-11-09 09:00", {}), ("2026-11-09 10:30", off))
    stamped = {**off, "cancelled_at": at("2026-11-09 10:00")}
    then = history(("2026-11-09 09:00", {}), ("2026-11-09 10:30", off), ("2026-11-09 10:35", stamped))
    assert (found(first).kind, found(then).kind) == (ANY, SHORT)
    over = CANCELLED.ending(alert_of(found(first)), facts_of(at("2026-11-09 10:35"), [then]))
    assert over is not None
    assert (over.outcome, over.text) == (Outcome.NOTED, "By what is known now it was cancelled at short notice")


def test_each_cancellation_is_an_alert_of_its_own() -> None:
    """A later cancellation alerts again; what is left of the stamp of the first says nothing of it."""
    off = {"status": Status.CANCELLED, "cancelled_at": at("2026-11-05 08:30")}
    back = {"cancelled_at": at("2026-11-05 08:30")}
    once = history(("2026-11-05 08:00", {}), ("2026-11-05 08:35", off))
    twice = history(("2026-11-05 08:00", {}), ("2026-11-05 08:35", off), ("08:30", back), ("09:00", off))
    assert found(once).key == "cancelled|today|J-1042|1"
    assert (found(twice).key, found(twice).due_at) == ("cancelled_short_notice|today|J-1042|2", at("08:30"))
    over = CANCELLED.ending(alert_of(found(once)), facts_of(at("09:00"), [twice]))
    assert over is not None
    assert (over.outcome, over.text) == (
        Outcome.REINSTATED,
        "J-1042 was reinstated, and then cancelled once more",
    )


@pytest.mark.parametrize(
    ("stamp", "raised"),
    [
        (None, False),
        (at("2026-11-09 19:59:59"), False),
        (at("2026-11-09 20:00"), True),
        (at("07:30"), True),
    ],
)
def test_first_seen_cancelled_is_news_only_with_a_recent_stamp(stamp: datetime | None, raised: bool) -> None:
    watched = history(("08:00", {"status": Status.CANCELLED, "cancelled_at": stamp}))
    conditions = CANCELLED.look(watched, facts_of(at("08:00"), [watched])).conditions
    assert bool(conditions) is raised
    assert all(one.kind is SHORT and one.verified for one in conditions)


def test_first_seen_cancelled_without_a_stamp_never_changes_with_time() -> None:
    watched = history(("08:00", {"status": Status.CANCELLED}))
    assert CANCELLED.look(watched, facts_of(at("08:00"), [watched])) == NOTHING


def test_what_was_cancelled_before_our_eyes_is_news_however_old_its_stamp() -> None:
    """The program was off over the weekend; on Monday morning it learns what was cancelled on Saturday."""
    monday = at("2026-11-16 09:00")
    watched = history(
        ("2026-11-13 17:00", {"start": monday}),
        (
            "2026-11-16 08:00",
            {"start": monday, "status": Status.CANCELLED, "cancelled_at": at("2026-11-15 12:00")},
        ),
    )
    condition = found(watched)
    assert (condition.kind, condition.due_at) == (SHORT, at("2026-11-15 12:00"))


@pytest.mark.parametrize(
    ("now", "holds", "change"),
    [
        (at("08:00"), True, at("20:00") + MICROSECOND),
        (at("20:00"), True, at("20:00") + MICROSECOND),
        (at("20:00") + MICROSECOND, False, None),
    ],
)
def test_short_notice_is_news_for_half_a_day(now: datetime, holds: bool, change: datetime | None) -> None:
    watched = cancelled(at("08:00"))
    finding = CANCELLED.look(watched, facts_of(now, [watched]))
    assert (bool(finding.conditions), finding.next_change) == (holds, change)


@pytest.mark.parametrize(
    ("now", "holds", "change"),
    [
        (at("2026-11-09 09:00"), True, at("2026-11-09 21:00") + MICROSECOND),
        (at("2026-11-09 21:00") + MICROSECOND, False, START + hours(24) + MICROSECOND),
        (START + hours(24), False, START + hours(24) + MICROSECOND),
        (START + hours(24) + MICROSECOND, False, None),
    ],
)
def test_the_rule_says_when_the_day_after_has_come(now: datetime, holds: bool, change: datetime | None) -> None:
    watched = cancelled(at("2026-11-09 09:00"))
    finding = CANCELLED.look(watched, facts_of(now, [watched]))
    assert (bool(finding.conditions), finding.next_change) == (holds, change)


def test_cancelled_in_good_time_is_over_a_day_after_its_start() -> None:
    watched = cancelled(at("2026-11-09 09:00"))
    alert = alert_of(found(watched))
    assert CANCELLED.ending(alert, facts_of(START + hours(24), [watched])) is None
    over = CANCELLED.ending(alert, facts_of(START + hours(24) + MICROSECOND, [watched]))
    assert over is not None
    assert (over.outcome, over.text) == (Outcome.NOTED, "The day of the visit has passed")


def test_the_day_after_is_that_of_the_start_that_was_in_force() -> None:
    """The source puts the start of what is cancelled somewhere else."""
    off = {"status": Status.CANCELLED, "start": at("2026-11-20 00:00"), "cancelled_at": at("2026-11-09 09:00")}
    watched = history((LONG_AGO, {}), ("2026-11-09 09:00", off))
    assert CANCELLED.ending(alert_of(found(watched)), facts_of(START + hours(25), [watched])) is not None


def test_a_visit_that_was_missing_may_have_been_cancelled_while_it_was() -> None:
    """Missed from 09:40 on, seen again at 10:10; the reading before, at 10:05, says nothing of it."""
    monday = at("2026-11-09 09:00").date()
    missed = miss(history((LONG_AGO, {})), at(f"{monday} 09:40"))
    off = visit(status=Status.CANCELLED)
    watched = sight(missed, off, Seen(at(f"{monday} 10:05"), at(f"{monday} 10:10")))
    assert found(watched).facts["verdict"] == "uncertain"
    seen_until_then = sight(history((LONG_AGO, {})), off, Seen(at(f"{monday} 10:05"), at(f"{monday} 10:10")))
    assert found(seen_until_then).facts["verdict"] == "inside"


def test_cancelled_without_a_start_is_over_a_day_after_the_cancellation() -> None:
    watched = cancelled(at("2026-11-09 09:00"), anytime=True)
    alert = alert_of(found(watched))
    assert CANCELLED.ending(alert, facts_of(at("2026-11-10 09:00"), [watched])) is None
    over = CANCELLED.ending(alert, facts_of(at("2026-11-10 09:00") + MICROSECOND, [watched]))
    assert over is not None
    assert over.text == "A day has passed since it was cancelled"


def test_cancelled_long_after_its_day_is_bookkeeping() -> None:
    watched = cancelled(START + hours(24) + MICROSECOND)
    now = START + hours(25)
    assert CANCELLED.look(watched, facts_of(now, [watched])).conditions == ()


def test_short_notice_never_ends_by_time() -> None:
    watched = cancelled(at("08:00"))
    alert = alert_of(found(watched))
    for days in (0, 1, 2, 400):
        assert CANCELLED.ending(alert, facts_of(at("09:00") + timedelta(days=days), [watched])) is None


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (Status.SCHEDULED, "The visit was reinstated for Tue 10 Nov 09:50 CST"),
        (Status.EN_ROUTE, "The visit was reinstated for Tue 10 Nov 09:50 CST"),
        (Status.UNSCHEDULED, "The visit was taken back; it now stands as “not scheduled”"),
        (Status.IN_PROGRESS, "The visit was taken back; it now stands as “working”"),
    ],
)
def test_taken_back_it_is_reinstated(status: Status, text: str) -> None:
    watched = cancelled(at("08:00"))
    alert = alert_of(found(watched))
    back = history((LONG_AGO, {}), ("08:00", {"status": Status.CANCELLED}), ("08:10", {"status": status}))
    over = CANCELLED.ending(alert, facts_of(at("08:10"), [back]))
    assert over is not None
    assert (over.outcome, over.text) == (Outcome.REINSTATED, text)
    assert CANCELLED.look(back, facts_of(at("08:10"), [back])) == NOTHING


def test_an_alert_of_a_visit_nobody_knows_stays() -> None:
    alert = alert_of(found(cancelled(at("08:00"))))
    assert CANCELLED.ending(alert, facts_of(at("09:00"), [])) is None


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.CANCELLED])
def test_what_is_not_cancelled_raises_nothing(status: Status) -> None:
    watched = history(("08:00", {}), ("08:10", {"status": status, "cancelled_at": at("08:05")}))
    assert CANCELLED.look(watched, facts_of(at("08:10"), [watched])) == NOTHING


# The words


@pytest.mark.parametrize(
    ("watched", "text"),
    [
        (
            cancelled(at("07:40"), cancelled_by="customer"),
            (
                "The customer cancelled the visit at Acme Foundry, Plant 4"
                " – 2 h 10 min before its start (Tue 10 Nov 09:50 CST)"
            ),
        ),
        (
            cancelled(at("09:20"), stood=Status.EN_ROUTE, cancelled_by="Mrs. Hale"),
            (
                "Mrs. Hale cancelled the visit at Acme Foundry, Plant 4"
                " – 30 min before its start (Tue 10 Nov 09:50 CST), with J. Ortiz on the way"
            ),
        ),
        (
            cancelled(at("07:40"), stood=Status.DISPATCHED),
            (
                "The visit at Acme Foundry, Plant 4 was cancelled"
                " – 2 h 10 min before its start (Tue 10 Nov 09:50 CST), after J. Ortiz was dispatched"
            ),
        ),
        (
            cancelled(at("09:50:10"), stood=Status.ARRIVED),
            (
                "The visit at Acme Foundry, Plant 4 was cancelled"
                " – at its start (Tue 10 Nov 09:50 CST), with J. Ortiz on site"
            ),
        ),
        (
            cancelled(at("10:05")),
            "The visit at Acme Foundry, Plant 4 was cancelled – 15 min after its start (Tue 10 Nov 09:50 CST)",
        ),
        (
            between(at("08:30"), at("09:00")),
            (
                "The visit at Acme Foundry, Plant 4 was cancelled"
                " – between 50 min and 1 h 20 min before its start (Tue 10 Nov 09:50 CST)"
            ),
        ),
        (
            between(at("09:40"), at("09:55")),
            (
                "The visit at Acme Foundry, Plant 4 was cancelled"
                " – between 10 min before and 5 min after its start (Tue 10 Nov 09:50 CST)"
            ),
        ),
        (
            cancelled(at("2026-11-04 09:00")),
            "The visit at Acme Foundry, Plant 4 was cancelled – 6 days before its start, in good time",
        ),
        (
            cancelled(at("11:50")),
            (
                "The visit at Acme Foundry, Plant 4 was cancelled"
                " – 2 h 00 min after its start, too late to be a matter of notice"
            ),
        ),
        (
            cancelled(at("09:30"), stood=Status.COMPLETED),
            (
                "The visit at Acme Foundry, Plant 4 was cancelled"
                " – 20 min before its start, when it already stood as “completed”"
            ),
        ),
    ],
)
def test_the_headline_says_who_and_how_short(watched: Watched, text: str) -> None:
    assert headline(found(watched)) == text


def test_the_words_are_in_the_zone_of_the_site() -> None:
    denver: dict[str, Any] = {
        "site": Site("Depot", "America/Denver"),
        "customer": Customer("Hale Bros", phone="+1 555 0199"),
    }
    alert = alert_of(found(cancelled(at("07:40"), **denver)))
    assert wording.headline(alert, at("08:00")).endswith("(Tue 10 Nov 08:50 MST)")
    assert wording.detail(alert) == "Hale Bros, Depot · J-1042 · start Tue 10 Nov 08:50 MST"
    assert wording.short_headline(alert, at("08:00")) == "Cancelled 2 h 10 min before its start: Hale Bros"


def test_a_message_tells_everything_that_is_known() -> None:
    told: dict[str, Any] = {"cancelled_by": "customer", "cancel_reason": "machine runs again", "technicians": (ORTIZ,)}
    condition = found(cancelled(at("07:40"), stood=Status.EN_ROUTE, **told), notice_counts=Counting.WEEKDAYS)
    message = wording.notification(alert_of(condition), Operation.RAISE, at("07:41"))
    rows = dict(message.facts)
    assert rows["Cancelled"] == "Tue 10 Nov 07:40 CST"
    assert rows["By"] == "the customer: machine runs again"
    assert rows["Start"] == "Tue 10 Nov 09:50 CST"
    assert rows["Notice"] == "24 h on weekdays, so until Mon 9 Nov 09:50 CST"
    assert rows["Stood as"] == "On the way"
    assert wording.next_step(alert_of(condition)) == (
        "Call J. Ortiz (+1 555 0107) before the drive is for nothing."
        " Give the free time to another visit, and decide whether the customer pays for the short notice."
    )


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ({"stood": Status.ARRIVED}, "Call J. Ortiz (+1 555 0107) and settle whether the work stops. "),
        ({"technicians": ()}, ""),
    ],
)
def test_the_next_step_fits_who_is_on_the_job(told: dict[str, Any], text: str) -> None:
    alert = alert_of(found(cancelled(at("09:40"), **told)))
    assert wording.next_step(alert) == (
        f"{text}Give the free time to another visit, and decide whether the customer pays for the short notice."
    )


@pytest.mark.parametrize("facts", [{}, {"verdict": "inside"}, {"start": START.isoformat()}, {"stood": "en_route"}])
@pytest.mark.parametrize("kind", [SHORT, ANY])
def test_few_facts_still_make_sentences(kind: AlertKind, facts: dict[str, str]) -> None:
    alert = alert_of(Condition(key="k", kind=kind, feed="f", severity=Severity.HIGH, due_at=START, facts=facts))
    assert wording.headline(alert, START).startswith("The visit at the customer was cancelled")
    assert wording.notification(alert, Operation.RAISE, START + seconds(1)).headline
    assert wording.next_step(alert)
    assert wording.detail(alert)
