"""The policy checked as a whole: thresholds that contradict each other, and overrides that never have a say.

Each value may be right by itself; what is wrong is how they meet, in the base and wherever overrides apply. Routes are
checked by `route_check`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations

from dispatchwatch.domain.alert import AlertKind
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.durations import duration_text
from dispatchwatch.domain.policy import Override, Policy
from dispatchwatch.domain.route_check import Contradiction, kinds_on, unknown_feed, useless_routes
from dispatchwatch.domain.routing import Route
from dispatchwatch.domain.thresholds import Counting, Thresholds

__all__ = ["ORDERS", "Contradiction", "contradictions"]

FEED_KEYS = frozenset({"frozen_after", "skew_from", "skew_high_from"})
"""What is asked of a feed as a whole, so that an override for some of its visits has no say in it."""

BASE = -1


@dataclass(frozen=True, slots=True)
class _Order:
    """`small` must not be above `large`. `otherwise` is what happens if it is; all `kinds` off: it does not matter."""

    small: str
    large: str
    otherwise: str
    kinds: frozenset[AlertKind]
    is_warning: bool = False


def _order(small: str, large: str, otherwise: str, *kinds: AlertKind, is_warning: bool = False) -> _Order:
    return _Order(small, large, otherwise, frozenset(kinds), is_warning)


ORDERS = (
    _order(
        "check_in_grace",
        "no_show_after",
        "a technician would be a no-show before the check-in is even late",
        AlertKind.TECH_NO_SHOW,
    ),
    _order(
        "check_in_grace",
        "window_no_show_after",
        "after an arrival window a technician would be a no-show before the check-in is even late",
        AlertKind.TECH_NO_SHOW,
    ),
    _order(
        "late_high_after",
        "late_critical_after",
        "a late check-in would be critical before it is high",
        AlertKind.LATE_CHECK_IN,
    ),
    _order(
        "late_critical_after",
        "look_back",
        "a late check-in is old news before it becomes critical",
        AlertKind.LATE_CHECK_IN,
        is_warning=True,
    ),
    _order("at_risk_until", "at_risk_from", "a visit would be at risk and not at risk at once", AlertKind.AT_RISK),
    _order("at_risk_from", "at_risk_high_from", "a visit would be high before it is at risk", AlertKind.AT_RISK),
    _order("drift_moves", "drift_high_moves", "drifting would be high before it begins", AlertKind.RESCHEDULE_DRIFT),
    _order("skew_from", "skew_high_from", "a clock would be badly wrong before it is wrong", AlertKind.CLOCK_SKEW),
    _order(
        "cancel_high_within",
        "cancel_notice",
        "every cancellation at short notice is high",
        AlertKind.CANCELLED_SHORT_NOTICE,
        is_warning=True,
    ),
    _order(
        "reschedule_high_within",
        "reschedule_notice",
        "every move at short notice is high",
        AlertKind.RESCHEDULED_SHORT_NOTICE,
        is_warning=True,
    ),
    _order(
        "unassigned_high_within",
        "unassigned_lead",
        "every visit without a technician is high at once",
        AlertKind.UNASSIGNED,
        is_warning=True,
    ),
    _order(
        "sla_response",
        "sla_onsite",
        "somebody must be on site before anybody need be sent",
        AlertKind.SLA_RESPONSE,
        is_warning=True,
    ),
    _order(
        "sla_onsite",
        "sla_resolution",
        "the work must be done before anybody need be on site",
        AlertKind.SLA_ONSITE,
        is_warning=True,
    ),
    _order(
        "sla_response",
        "sla_resolution",
        "the work must be done before anybody need be sent",
        AlertKind.SLA_RESPONSE,
        is_warning=True,
    ),
)

TARGETS = ("sla_response", "sla_onsite", "sla_resolution")


@dataclass(frozen=True, slots=True)
class _Applied:
    """Thresholds as they meet somewhere: the base, with some overrides. `setters` says which override set a key."""

    thresholds: Thresholds
    setters: Mapping[str, int]

    def set_by(self, *keys: str) -> tuple[int, ...]:
        return tuple(self.setters.get(key, BASE) for key in keys)


def contradictions(
    policy: Policy, routes: Sequence[Route | None], office: OfficeHours, feeds: Collection[str] = ()
) -> tuple[Contradiction, ...]:
    """Everything about the policy and its routes that contradicts itself or never has an effect.

    `routes` in their order, with None for one that could not be read; `feeds` are the names of the configured ones.
    `where` is the key as the configuration has it: `policy.no_show_after`, `policy.override 2`, `route 3`; overrides
    and routes count from 1.
    """
    found = [
        *_of_thresholds(policy, office),
        *_idle_overrides(policy.overrides, feeds),
        *_all_off(policy),
        *useless_routes(policy, routes, office, feeds),
    ]
    return tuple(dict.fromkeys(found))


def _of_thresholds(policy: Policy, office: OfficeHours) -> Iterator[Contradiction]:
    """Contradictions where each comes about, at the latest override that has a part in it; often more than once."""
    for applied in _applications(policy):
        for keys, text, is_warning in (*_out_of_order(applied.thresholds), *_without_hours(applied, office)):
            setters = applied.set_by(*keys)
            yield _placed(keys, setters, text, is_warning=is_warning or len(set(setters) - {BASE}) > 1)


def _applications(policy: Policy) -> Iterator[_Applied]:
    """Every way in which thresholds can meet that may show something new: an override alone, and any two together.

    All that is compared are two keys, and each has one setter; so more than two overrides at once show nothing new.
    Whatever is sure to apply along with them does.
    """
    overrides = policy.overrides
    yield _apply(policy, ())
    for number in range(len(overrides)):
        yield _apply(policy, (number,))
    for first, second in combinations(range(len(overrides)), 2):
        if overrides[first].when.may_meet(overrides[second].when):
            yield _apply(policy, (first, second))


def _apply(policy: Policy, chosen: Sequence[int]) -> _Applied:
    thresholds, setters = policy.base, dict[str, int]()
    for number, override in enumerate(policy.overrides):
        always = not override.when.criteria
        if always or any(override.when.includes(policy.overrides[one].when) for one in chosen):
            thresholds = replace(thresholds, **override.values)
            setters.update(dict.fromkeys(override.values, number))
    return _Applied(thresholds, setters)


Finding = tuple[tuple[str, ...], str, bool]
"""The keys that have a part in what was found, the sentence, and whether it is only a warning."""


def _out_of_order(thresholds: Thresholds) -> Iterator[Finding]:
    for order in ORDERS:
        small, large = getattr(thresholds, order.small), getattr(thresholds, order.large)
        if small is None or large is None or small <= large:
            continue
        if any(kind.value not in thresholds.off for kind in order.kinds):
            remedy = f"make {order.large} {_written(small)} or more, or {order.small} {_written(large)} or less"
            said = f"{order.small} is {_written(small)} and {order.large} is {_written(large)}"
            yield (order.large, order.small), f"{said}: {order.otherwise}; {remedy}", order.is_warning
    if thresholds.early_percent > 100:
        text = f"{thresholds.early_percent} percent of the plan is more than all of it; write 100 or less"
        yield ("early_percent",), text, False


def _without_hours(applied: _Applied, office: OfficeHours) -> Iterator[Finding]:
    if office.hours:
        return
    thresholds = applied.thresholds
    advice = "the office has no hours, so every hour counts; set [office] hours, or write “always”"
    if thresholds.notice_counts is Counting.OFFICE:
        yield ("notice_counts",), f"notice_counts is “office”, but {advice}", True
    if thresholds.sla_counts is Counting.OFFICE and any(getattr(thresholds, name) for name in TARGETS):
        yield ("sla_counts",), f"sla_counts is “office”, but {advice}", True


def _placed(keys: tuple[str, ...], setters: tuple[int, ...], text: str, *, is_warning: bool) -> Contradiction:
    last = max(setters)
    if last == BASE:
        return Contradiction(f"policy.{keys[0]}", text, is_warning)
    others = sorted({one for one in setters if one not in {BASE, last}})
    together = f"for visits that override {others[0] + 1} fits too, " if others else ""
    return Contradiction(f"policy.override {last + 1}", together + text, is_warning)


def _idle_overrides(overrides: Sequence[Override], feeds: Collection[str]) -> Iterator[Contradiction]:
    """Overrides that change nothing for anybody, each with the first reason."""
    for number in range(len(overrides)):
        if reason := _idle(number, overrides, feeds):
            yield Contradiction(f"policy.override {number + 1}", reason, is_warning=True)


def _idle(number: int, overrides: Sequence[Override], feeds: Collection[str]) -> str:
    override = overrides[number]
    if not override.values:
        return "it sets nothing; give it a threshold, or take it out"
    if not override.when.criteria:
        keys = ", ".join(override.values)
        return f"its `when` asks for nothing, so it is for every visit; write {keys} under [policy] instead"
    return unknown_feed(override.when, feeds) or _for_feeds_only(override) or _overruled(number, overrides)


def _for_feeds_only(override: Override) -> str:
    asks_for_visits = any(name != "feed" for name, _ in override.when.criteria)
    if not asks_for_visits or not FEED_KEYS.issuperset(override.values):
        return ""
    keys = ", ".join(override.values)
    return f"{keys} is asked of a whole feed, so an override for some visits never applies; ask for `feed` alone"


def _overruled(number: int, overrides: Sequence[Override]) -> str:
    """Whether an earlier override says the same, or a later one always has the last word."""
    override = overrides[number]
    for before, one in enumerate(overrides[:number], 1):
        if one == override:
            return f"it is the same as override {before}; take one of them out"
    for after, one in enumerate(overrides[number + 1 :], number + 2):
        if one != override and one.when.includes(override.when) and one.values.keys() >= override.values.keys():
            return (
                f"it never has a say: override {after} comes later, fits all that it fits and sets the same; "
                "put the narrower one last"
            )
    return ""


def _all_off(policy: Policy) -> Iterator[Contradiction]:
    if not kinds_on(policy):
        text = "every kind of alert is switched off, so nothing is ever raised; leave out those you want to hear of"
        yield Contradiction("policy.off", text, is_warning=True)


def _written(value: object) -> str:
    return duration_text(value) if isinstance(value, timedelta) else str(value)
