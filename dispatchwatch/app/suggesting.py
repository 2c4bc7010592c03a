"""Who can take a visit over, from what is watched now or what is on record, in words that a person can use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from dispatchwatch.app.view import Suggestions, Weighed
from dispatchwatch.domain.reassign.answer import Answer, Suggestion
from dispatchwatch.domain.reassign.suggesting import suggest, weigh
from dispatchwatch.domain.rules import Facts, Index
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.visit import Technician, Visit, VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.wording.reassign import asks_for, named, plain_facts, spares, why_not
from dispatchwatch.store.store import Store

AROUND = timedelta(days=3)
MINUTE = timedelta(minutes=1)


def still(facts: Facts) -> Facts:
    """The same picture, held still, so that another thread can look at it while the engine goes on."""
    return replace(facts, visits=dict(facts.visits), index=facts.index.copy())


def facts_on_record(store: Store, standards: Standards, feeds: Iterable[str], key: VisitKey, now: datetime) -> Facts:
    """The picture as the database has it, around today and around the day of a visit. `feeds` in the order of their
    standing.
    """
    watched = store.schedules.get(key)
    start = watched.visit.start if watched else None
    until = max(now, start or now) + AROUND
    visits = {one.key: one for one in store.schedules.between(now - AROUND, until)}
    return Facts(
        now=now,
        awake_since=now,
        visits=visits,
        feeds={},
        policy=standards.policy,
        office=standards.office,
        roster=standards.roster,
        travel=standards.travel,
        reassigning=standards.reassigning,
        index=Index.of(visits, feeds),
    )


def suggestions(key: VisitKey, facts: Facts) -> Suggestions | None:
    """Everybody known, as a window shows them; None for a visit that nobody knows."""
    answer = suggest(key, facts)
    if answer is None:
        return None
    visit = facts.visits[answer.visit].visit
    return Suggestions(
        key=answer.visit,
        can=tuple(_weighed(one, visit, facts) for one in answer.can),
        cannot=tuple(_weighed(one, visit, facts) for one in answer.cannot),
        could=_could(answer, visit, facts),
        spares=spares(answer.saving, facts.visits),
    )


def weighed(key: VisitKey, technician: Technician, facts: Facts) -> Weighed:
    """What it would cost if this technician took a visit over."""
    found = weigh(key, technician, facts)
    if found is not None:
        return _weighed(found, _visit(key, facts), facts)
    known = key in facts.visits
    reason = f"Nothing is known of {technician.name}’s day." if known else "The visit is not watched any more."
    return Weighed(technician=technician, feasible=False, reason=reason)


def _visit(key: VisitKey, facts: Facts) -> Visit:
    watched: Watched = facts.visits[facts.index.doubles.get(key, key)]
    return watched.visit


def _could(answer: Answer, visit: Visit, facts: Facts) -> tuple[Weighed, ...]:
    """Those who could if something were asked for, each with why he can’t without."""
    refusals = {one.technician.identity: one for one in answer.cannot}
    return tuple(
        replace(
            _weighed(one, visit, facts),
            feasible=False,
            reason=_reason(refusals[one.technician.identity], visit, facts),
            asks_for=asks_for(one, visit, facts.visits),
            steps=tuple(step.value for step in one.relaxed.steps) if one.relaxed else (),
            displaced=one.relaxed.displaced if one.relaxed else None,
        )
        for one in answer.relaxed
    )


def _weighed(found: Suggestion, visit: Visit, facts: Facts) -> Weighed:
    return Weighed(
        technician=found.technician,
        arrival=found.arrival.replace(microsecond=0) if found.arrival else None,
        late=found.late,
        extra_drive=found.extra_drive,
        delays=tuple((named(one.visit, facts.visits), one.by // MINUTE) for one in found.delays),
        delayed=tuple(one.visit for one in found.delays),
        feasible=found.feasible,
        reason=_reason(found, visit, facts),
        score=round(found.score),
        facts=plain_facts(found, visit, facts.visits),
        skills=_skills(found.technician, facts),
    )


def _skills(technician: Technician, facts: Facts) -> tuple[str, ...]:
    profile = facts.roster.of_technician(technician)
    return tuple(sorted(profile.skills)) if profile else ()


def _reason(found: Suggestion, visit: Visit, facts: Facts) -> str:
    return why_not(found.refusal, found, visit, facts.visits) if found.refusal else ""
