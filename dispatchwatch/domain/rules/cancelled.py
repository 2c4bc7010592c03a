"""Cancelled: a visit was called off, in good time or at short notice (study 4.2, kinds 4 and 4b)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Outcome, Severity, alert_key
from dispatchwatch.domain.business_time import BusinessTime
from dispatchwatch.domain.notice import Notice, Terms, Verdict, When, by_company, judge, when_done
from dispatchwatch.domain.rules.facts import NOTHING, Facts, Finding, VisitRule, soonest
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import ON_SITE, OVER, Status, Visit
from dispatchwatch.domain.watched import Cancellation, Watched
from dispatchwatch.domain.wording.changes import (
    cancellation_facts,
    ended_by_another_judgement,
    ended_by_reinstatement,
    ended_by_second_cancellation,
    ended_by_the_day_after,
)
from dispatchwatch.domain.wording.notice import notice_facts

JUST_AFTER = timedelta(microseconds=1)
DAY = timedelta(days=1)
ON_THE_JOB = ON_SITE | {Status.DISPATCHED, Status.EN_ROUTE}


class Case(NamedTuple):
    """One cancellation as judged: how it stands to the notice, when we knew of it, when it is of no interest more."""

    called_off: Cancellation
    when: When
    notice: Notice
    kind: AlertKind
    news_at: datetime
    noted_at: datetime | None


def look(watched: Watched, facts: Facts) -> Finding:
    if watched.visit.status is not Status.CANCELLED:
        return NOTHING
    case = _case(watched, facts)
    if case is None:
        return NOTHING
    stale_at = case.news_at + facts.policy.for_visit(watched.visit).look_back
    change = soonest(stale_at + JUST_AFTER, case.noted_at + JUST_AFTER if case.noted_at else None, after=facts.now)
    if facts.now > stale_at or (case.noted_at is not None and facts.now > case.noted_at):
        return Finding((), change)
    return Finding((_condition(watched, case, facts),), change)


def ending(alert: Alert, facts: Facts) -> Ending | None:
    """Why the alert of a cancellation is over. Time ends only the one that needs no doing."""
    watched = facts.about(alert)
    if watched is None:
        return None
    if watched.visit.status is not Status.CANCELLED:
        return Ending(Outcome.REINSTATED, ended_by_reinstatement(watched.visit))
    case = _case(watched, facts)
    if case is None:
        return None
    if alert.key != _key(alert.kind, watched.visit, case):
        return Ending(Outcome.REINSTATED, ended_by_second_cancellation(watched.visit))
    if alert.kind is not case.kind:
        return Ending(Outcome.NOTED, ended_by_another_judgement(case.kind))
    if case.noted_at is not None and facts.now > case.noted_at:
        return Ending(Outcome.NOTED, ended_by_the_day_after(had_start=case.called_off.start is not None))
    return None


def _case(watched: Watched, facts: Facts) -> Case | None:
    """How the visit's cancellation is to be judged; None if it is no news, because nobody can say when it was."""
    called_off = watched.cancellation
    when = when_done(called_off.seen, called_off.at, watched.first_seen_at) if called_off else None
    if called_off is None or when is None:
        return None
    visit = watched.visit
    notice = judge(when, called_off.start, visit.booked_at, _terms(facts.policy.for_visit(visit), facts))
    excused = by_company(visit.cancelled_by) or called_off.status in OVER
    is_short = notice.verdict is Verdict.INSIDE and not excused
    return Case(
        called_off=called_off,
        when=when,
        notice=notice,
        kind=AlertKind.CANCELLED_SHORT_NOTICE if is_short else AlertKind.CANCELLED,
        # What was so when the visit was first seen may be long known; of what changed before our eyes we heard then.
        news_at=when.latest if watched.first_seen_at == called_off.seen.until else called_off.seen.until,
        noted_at=None if is_short else (called_off.start or when.latest) + DAY,
    )


def _terms(thresholds: Thresholds, facts: Facts) -> Terms:
    hours = BusinessTime(facts.office, thresholds.notice_counts)
    return Terms(thresholds.cancel_notice, hours, thresholds.booked_inside_exempt, thresholds.cancel_wait)


def _condition(watched: Watched, case: Case, facts: Facts) -> Condition:
    visit, thresholds = watched.visit, facts.policy.for_visit(watched.visit)
    return Condition(
        key=_key(case.kind, visit, case),
        kind=case.kind,
        feed=visit.feed,
        ext_id=visit.ext_id,
        severity=_severity(case, thresholds),
        due_at=case.when.earliest,
        facts={
            **wording.visit_facts(visit),
            **cancellation_facts(visit, case.called_off),
            **notice_facts(case.when, case.notice, thresholds.cancel_notice, thresholds.notice_counts),
        },
    )


def _severity(case: Case, thresholds: Thresholds) -> Severity:
    """High where somebody is on the job or little time is left, at the latest that it can have been."""
    if case.kind is AlertKind.CANCELLED or case.called_off.start is None:
        return Severity.INFO
    is_close = case.when.latest > case.called_off.start - thresholds.cancel_high_within
    return Severity.HIGH if is_close or case.called_off.status in ON_THE_JOB else Severity.WARNING


def _key(kind: AlertKind, visit: Visit, case: Case) -> str:
    return alert_key(kind, visit.feed, visit.ext_id, str(case.called_off.number))


CANCELLED = VisitRule((AlertKind.CANCELLED_SHORT_NOTICE, AlertKind.CANCELLED), look, ending)
