"""The program checked against its own record: everything is worked out anew from the store, by another way than the
one it was written by.

Nothing is put right here; what is wrong is said. It reads on a connection of its own and may run on any thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatchwatch.app.looking import remembered
from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert
from dispatchwatch.domain.differences import diff
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.routing import Outgoing, tellings
from dispatchwatch.domain.rules import Facts, Index, evaluate
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.store.audit import FIRST_HASH
from dispatchwatch.store.lanes import Lane
from dispatchwatch.store.store import Store

LATE = timedelta(minutes=5)
"""A message that has been due for so long, on a channel that does nothing, waits longer than it should."""

BACK, AHEAD = timedelta(days=4), timedelta(days=400)
CHECKED = "audit checked"
"""The memo of how far the trail has been walked: the last sound entry and its hash."""

Problem = tuple[str, str]
"""What a problem is known by, and the sentence that tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is checked, as of `now`: these visits and feeds, under these terms. Alerts are checked for their messages
    where they were raised after `since`: before it, other routes may have counted."""

    now: datetime
    since: datetime
    awake_since: datetime
    visits: frozenset[VisitKey]
    feeds: Mapping[str, FeedHealth]
    standards: Standards
    outgoing: Outgoing
    channels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Audited:
    """What was found, in sentences, each under a word that stays the same while it goes on. `missing` are alerts there
    should be: what time alone brings may be a moment late, so they count once they are found twice. `checked` is how
    far the trail is sound."""

    problems: Mapping[str, str]
    missing: Mapping[str, str]
    checked: str


def audit(store: Store, scope: Scope) -> Audited:
    """Checks everything. Raises `StoreError`."""
    number, _, seal = (store.memos.get(CHECKED) or f"0 {FIRST_HASH}").partition(" ")
    last, fault = store.audit.verify((int(number), seal))
    with store.database.snapshot():
        missing = dict(_missing(store, scope))
        problems = dict([*_without_outcome(store), *_untold(store, scope), *_waiting_too_long(store, scope)])
    if fault is not None:
        problems["trail"] = f"The audit trail is broken at entry {fault.entry}: {fault.problem}"
    return Audited(problems, missing, f"{last} {store.audit.hash_of(last)}" if last and fault is None else "")


def _missing(store: Store, scope: Scope) -> Iterator[Problem]:
    """Every rule is asked anew about every visit as it is stored: what holds has an alert, or had one."""
    now, terms = scope.now, scope.standards
    stored = store.schedules.between(now - BACK, now + AHEAD)
    visits = {watched.key: watched for watched in stored if watched.key in scope.visits}
    feeds = remembered(scope.feeds, store.schedules.feeds())
    facts = Facts(
        now=now,
        awake_since=scope.awake_since,
        visits=visits,
        feeds=feeds,
        policy=terms.policy,
        office=terms.office,
        roster=terms.roster,
        travel=terms.travel,
        index=Index(tuple(feeds)),
    )
    # What has to hold for a while first is left out: for how long it has held is not on record.
    conditions = [one for one in evaluate(facts).conditions if not one.settles_for]
    used = store.alerts.used_keys(one.key for one in conditions)
    for alert in diff(conditions, store.alerts.unresolved(), used, lambda _: None, now).raised:
        text = f"There is no alert for this: {wording.headline(alert, now)} ({alert.ext_id or alert.feed})"
        yield alert.key, text


def _without_outcome(store: Store) -> Iterator[Problem]:
    for number in store.alerts.inconsistent():
        yield f"outcome {number}", f"Alert {number} is over without an outcome, or has an outcome and is not over."


def _untold(store: Store, scope: Scope) -> Iterator[Problem]:
    alerts = store.alerts.between(scope.since, scope.now)
    addressed = store.threads.addressed(alert.id for alert in alerts)
    for alert in alerts:
        for channel in sorted(_wanted(alert, scope) - addressed.get(alert.id, set())):
            text = f"Alert {alert.id} was never owed to {channel}, although a route names it."
            yield f"untold {alert.id} {channel}", text


def _wanted(alert: Alert, scope: Scope) -> frozenset[str]:
    """The channels that were to hear of the alert at once; whether one was to hear of it later may since have changed
    with its severity."""
    terms, at = scope.outgoing, alert.raised_at
    told = tellings(alert, terms.routes, terms.office, at, terms.quiet, wait=terms.wait(alert))
    return frozenset(one.channel for one in told if not one.waits_for_nobody) & scope.channels


def _waiting_too_long(store: Store, scope: Scope) -> Iterator[Problem]:
    before = scope.now - LATE
    lanes = store.lanes.all()
    for channel in sorted(scope.channels):
        due = store.outbox.due(channel, before, limit=1)
        if due and not _has_reason(lanes.get(channel), before):
            active = store.outbox.last_activity(channel)
            if active is None or active < before:
                yield f"idle {channel}", f"Delivery {due[0].id} to {channel} is due, and nothing is sent."
    for delivery in store.outbox.stuck(before):
        text = f"Delivery {delivery.id} to {delivery.channel} was begun and never came to an end."
        yield f"begun {delivery.id}", text


def _has_reason(lane: Lane | None, before: datetime) -> bool:
    """Whether a channel may have messages waiting: it is paused, or was told to wait until a moment ago."""
    if lane is None:
        return False
    waits = (lane.resting_until, lane.limited_until)
    return bool(lane.paused) or any(until is not None and until > before for until in waits)
