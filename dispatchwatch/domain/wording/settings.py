"""What the settings say of routes, messages and names: the rules of the office as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from dispatchwatch.domain.alert import AlertKind, Severity
from dispatchwatch.domain.routing import Hours, Route, Telling
from dispatchwatch.domain.wording.many import KINDS_OF_MANY
from dispatchwatch.domain.wording.names import SEVERITY_NAMES
from dispatchwatch.domain.wording.plain import clock, day_and_clock, span, zone

ABOUT = {
    "priority": "of priority {}",
    "customer": "at {}",
    "site": "on the site {}",
    "contract": "under the contract {}",
    "technician": "of {}",
    "feed": "told of by the feed {}",
}
"""How a route says which visits it speaks of, in the order it is said."""

WHEN = {
    Hours.ALWAYS: "",
    Hours.OFFICE: ", in office hours only",
    Hours.OUTSIDE: ", outside office hours only",
}


def route_sentence(route: Route) -> str:
    """Who is told of what, when and how often again, such as “Late check-ins at Acme, warning or worse → ops now”."""
    criteria = dict(route.when.criteria)
    what = _listed([_kinds(one) for one in criteria.get("kind", ())]) or "everything"
    about = "".join(f" {words.format(_listed(criteria[name]))}" for name, words in ABOUT.items() if name in criteria)
    told = f"{what}{about}{_severities(route.severities)} → {_listed(route.channels, 'and')}{_when(route)}"
    hours = WHEN[route.hours] or (", at any time" if route.has_own_hours else "")
    stop = "; the routes below are not asked then" if route.stop else ""
    return f"{told[:1].upper()}{told[1:]}{hours}{stop}"


def telling_sentence(telling: Telling, raised_at: datetime, zone_name: str) -> str:
    """One message of a preview: to whom, when, and whether somebody's word can still stop it."""
    same_day = raised_at.astimezone(zone(zone_name)).date() == telling.due_at.astimezone(zone(zone_name)).date()
    when = clock(telling.due_at, zone_name, label=False) if same_day else day_and_clock(telling.due_at, zone_name)
    said = f"{telling.channel} {'at' if same_day else 'on'} {when}"
    if telling.waits_for_nobody:
        said += ", if nobody has acknowledged by then"
    if telling.held:
        said += f", held back: {telling.held}"
    return f"{said}{_again(telling.repeat)}"


def nobody_told() -> str:
    return "Nobody is told; it is on the board alone"


def renaming(section: str, old: str) -> str:
    """What follows from another name for a channel or a feed; empty where nothing does."""
    match section:
        case "feed":
            return (
                f"What is known of the visits of “{old}” stays under that name: under the new one they are new, and "
                "what is late already is told again."
            )
        case "channel":
            return f"What still waits to be sent to “{old}” stays under that name and is not sent any more."
    return ""


def _when(route: Route) -> str:
    if not route.after:
        return f" now{_again(route.repeat)}"
    return f" after {span(route.after)} if nobody acknowledged{_again(route.repeat)}"


def _again(repeat: timedelta | None) -> str:
    return f", again every {span(repeat)} until somebody does" if repeat else ""


def _kinds(pattern: str) -> str:
    return KINDS_OF_MANY[AlertKind(pattern)] if pattern in set(AlertKind) else f"alerts of the kinds {pattern}"


def _severities(severities: frozenset[Severity]) -> str:
    """Said where it is less than everything."""
    ordered = [one for one in Severity if one in severities]
    if len(ordered) == len(Severity):
        return ""
    least = ordered[0] if ordered else Severity.CRITICAL
    if ordered == [one for one in Severity if one.rank >= least.rank] and len(ordered) > 1:
        return f", {SEVERITY_NAMES[least].lower()} or worse"
    return f", {_listed([SEVERITY_NAMES[one].lower() for one in ordered])} only"


def _listed(words: Sequence[str] | Iterable[str], last: str = "or") -> str:
    found = list(words)
    return f" {last} ".join(filter(None, (", ".join(found[:-1]), *found[-1:])))
