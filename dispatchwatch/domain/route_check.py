"""Routes that no alert can ever take, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dispatchwatch.domain.alert import AlertKind, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.match import Match
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.routing import Hours, Route

INFO, WARNING, HIGH, CRITICAL = Severity

SEVERITIES: Mapping[AlertKind, frozenset[Severity]] = {
    AlertKind.LATE_CHECK_IN: frozenset({INFO, WARNING, HIGH, CRITICAL}),
    AlertKind.AT_RISK: frozenset({WARNING, HIGH}),
    AlertKind.TECH_NO_SHOW: frozenset({CRITICAL}),
    AlertKind.CUSTOMER_NO_SHOW: frozenset({HIGH}),
    AlertKind.CANCELLED_SHORT_NOTICE: frozenset({WARNING, HIGH}),
    AlertKind.CANCELLED: frozenset({INFO}),
    AlertKind.RESCHEDULED_SHORT_NOTICE: frozenset({WARNING, HIGH}),
    AlertKind.RESCHEDULE_DRIFT: frozenset({WARNING, HIGH}),
    AlertKind.UNASSIGNED: frozenset({WARNING, HIGH, CRITICAL}),
    AlertKind.OVERRUN: frozenset({WARNING, HIGH}),
    AlertKind.SLA_RESPONSE: frozenset({INFO, WARNING, CRITICAL}),
    AlertKind.SLA_ONSITE: frozenset({INFO, WARNING, CRITICAL}),
    AlertKind.SLA_RESOLUTION: frozenset({INFO, WARNING, CRITICAL}),
    AlertKind.DOUBLE_BOOKED: frozenset({INFO, WARNING, HIGH}),
    AlertKind.TRAVEL_CONFLICT: frozenset({INFO}),
    AlertKind.EARLY_DEPARTURE: frozenset({INFO, WARNING}),
    AlertKind.JOB_MISSING: frozenset({WARNING, HIGH}),
    AlertKind.STALE_FEED: frozenset({HIGH, CRITICAL}),
    AlertKind.FEED_SHRUNK: frozenset({HIGH}),
    AlertKind.CLOCK_SKEW: frozenset({INFO, HIGH}),
    AlertKind.STATUS_CONFLICT: frozenset({INFO}),
    AlertKind.UNMAPPED_STATUS: frozenset({INFO}),
}
"""How bad each kind can be (study 4.2)."""

OF_FEEDS = frozenset({AlertKind.STALE_FEED, AlertKind.FEED_SHRUNK, AlertKind.CLOCK_SKEW, AlertKind.UNMAPPED_STATUS})
"""Kinds that are about a feed: of a visit's customer, site or technician they know nothing."""

Reached = frozenset[tuple[AlertKind, Severity]]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Something in the policy or its routes that contradicts itself (not `is_warning`) or never has an effect.

    `where` is the key as the configuration has it; `text` says what is wrong and what to do.
    """

    where: str
    text: str
    is_warning: bool = False


def useless_routes(
    policy: Policy, routes: Sequence[Route | None], office: OfficeHours, feeds: Collection[str]
) -> Iterator[Contradiction]:
    """Each route that no alert can reach, with the first reason; `routes` as for `policy_check.contradictions`."""
    on = kinds_on(policy)
    for number, route in enumerate(routes):
        if route is not None:
            before = [(place, one) for place, one in enumerate(routes[:number], 1) if one is not None]
            reason = _unreachable(route, on, feeds) or _cut_off(route, before, on) or _never_open(route, office)
            if reason:
                yield Contradiction(f"route {number + 1}", reason, is_warning=True)


def kinds_on(policy: Policy) -> frozenset[AlertKind]:
    """The kinds that are raised for anybody at all."""
    off = policy.base.off
    for override in policy.overrides:
        off = off & override.values.get("off", off)
    return frozenset(kind for kind in AlertKind if kind.value not in off)


def unknown_feed(when: Match, feeds: Collection[str]) -> str:
    """That a line asks for a feed that there is not; empty where it does not, or where there are no feeds at all."""
    wanted = dict(when.criteria).get("feed", ())
    if not feeds or not wanted or any(Match((("feed", wanted),)).fits({"feed": one}) for one in feeds):
        return ""
    return f"there is no feed “{wanted[0]}”, so it never applies; the feeds are {', '.join(sorted(feeds))}"


def _reach(route: Route) -> Reached:
    """Every kind and severity of alert that can take a route, whatever is switched off."""
    criteria = dict(route.when.criteria)
    patterns = criteria.pop("kind", ("*",))
    kinds = [kind for kind in AlertKind if Match((("kind", patterns),)).fits({"kind": kind.value})]
    about_visits = Match(tuple((name, wanted) for name, wanted in criteria.items() if name != "feed"))
    if not about_visits.fits({}):
        kinds = [kind for kind in kinds if kind not in OF_FEEDS]
    return frozenset((kind, severity) for kind in kinds for severity in SEVERITIES[kind] & route.severities)


def _unreachable(route: Route, on: frozenset[AlertKind], feeds: Collection[str]) -> str:
    asked = dict(route.when.criteria).get("kind", ("*",))
    kinds = [kind for kind in AlertKind if Match((("kind", asked),)).fits({"kind": kind.value})]
    if not kinds:
        return f"no kind of alert fits “{asked[0]}”, so nobody is ever told by it"
    names = ", ".join(kind.value for kind in kinds)
    if not on.intersection(kinds):
        # With everything switched off the policy is wrong, not each of its routes.
        return f"{names}: switched off by `off` in the policy, so nothing is ever told by it" if on else ""
    if unknown := unknown_feed(route.when, feeds):
        return unknown
    reached = _reach(route)
    if not reached:
        return _wrong_severity(kinds, route)
    return "" if any(kind in on for kind, _ in reached) else "the kinds it could tell of are switched off in the policy"


def _wrong_severity(kinds: Sequence[AlertKind], route: Route) -> str:
    possible = frozenset().union(*(SEVERITIES[kind] for kind in kinds))
    if possible & route.severities:
        return "these alerts are about a whole feed, so nothing of a visit can be asked; ask for `feed` alone"
    asked, can = _levels(route.severities), _levels(possible)
    what = f"{kinds[0].value} is" if len(kinds) == 1 else "these kinds are"
    return f"{what} never {asked}, so nobody is ever told by it; write {can}"


def _levels(severities: Collection[Severity]) -> str:
    return " or ".join(one.value for one in Severity if one in severities)


def _cut_off(route: Route, before: Sequence[tuple[int, Route]], on: frozenset[AlertKind]) -> str:
    """Whether routes with `stop` take all that this one is for."""
    left, taking = frozenset(one for one in _reach(route) if one[0] in on), list[int]()
    asked = _without_kind(route.when)
    for number, one in before:
        if one.stop and _without_kind(one.when).includes(asked) and left & _reach(one):
            left, taking = left - _reach(one), [*taking, number]
    if left or not taking:
        return ""
    who = " and ".join(f"route {number}" for number in taking)
    return f"{who} stops before it all that it fits; put this route first, or take `stop` out"


def _without_kind(when: Match) -> Match:
    return Match(tuple((name, patterns) for name, patterns in when.criteria if name != "kind"))


def _never_open(route: Route, office: OfficeHours) -> str:
    if office.hours or route.hours is Hours.ALWAYS:
        return ""
    if route.hours is Hours.OUTSIDE:
        return "it speaks outside office hours, but the office has no hours, so it never does; set [office] hours"
    return "it speaks in office hours, but the office has no hours, so it always does; set [office] hours"
