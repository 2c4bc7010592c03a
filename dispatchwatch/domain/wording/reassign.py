"""What is said of who can take a visit over: the cost in plain facts, and why somebody can’t."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from dispatchwatch.domain.reassign.answer import Delay, Obstacle, Refusal, Relaxing, Saving, Suggestion
from dispatchwatch.domain.visit import Visit, VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.wording.plain import clock, place, span

MINUTE = timedelta(minutes=1)
Visits = Mapping[VisitKey, Watched]


def why_not(refusal: Refusal, suggestion: Suggestion, visit: Visit, visits: Visits) -> str:
    """Why a technician can’t take a visit over, in one sentence."""
    return f"{WHY_NOT[refusal.obstacle](_About(refusal, suggestion, visit, visits))}."


def plain_facts(suggestion: Suggestion, visit: Visit, visits: Visits) -> tuple[str, ...]:
    """What it comes to if he goes: when he is there, how late, what he drives more, and whom it delays."""
    known = (
        _arrives(suggestion, visit),
        _against_promise(suggestion, visit),
        _drives(suggestion),
        f"{span(suggestion.overtime)} of overtime" if suggestion.overtime >= MINUTE else "",
        delays_whom(suggestion.delays, visits),
        "the customer prefers him" if suggestion.preferred else "",
    )
    return tuple(fact for fact in known if fact)


def delays_whom(delays: tuple[Delay, ...], visits: Visits) -> str:
    """`delays Acme Foundry, Plant 4 by 12 min`; `delays nobody`."""
    later = [f"{named(one.visit, visits)} by {span(one.by)}" for one in delays if one.by >= MINUTE]
    return f"delays {_listed(later)}" if later else "delays nobody"


def spares(saving: Saving | None, visits: Visits) -> str:
    """What those who have the visit now are spared, in one sentence; empty where that is nothing."""
    if saving is None:
        return ""
    who = _listed([one.name for one in saving.technicians])
    sooner = [f"is at {named(one.visit, visits)} {span(one.by)} earlier" for one in saving.sooner]
    drive = [f"drives {span(saving.drive)} less"] if saving.drive is not None and saving.drive >= MINUTE else []
    parts = drive + sooner
    return f"{who} {_listed(parts)}." if parts else ""


def asks_for(suggestion: Suggestion, visit: Visit, visits: Visits) -> str:
    """What has to be asked for so that he can, in one sentence; empty where nothing has."""
    relaxed = suggestion.relaxed
    if relaxed is None:
        return ""
    words = {
        Relaxing.OVERTIME: f"works {span(suggestion.overtime)} after his shift",
        Relaxing.LATER: _later(suggestion, visits),
        Relaxing.DISPLACING: f"gives up {named(relaxed.displaced, visits)}, which then needs somebody else"
        if relaxed.displaced
        else "",
        Relaxing.SKILL_LEVEL: f"goes although his level is below {_listed(list(visit.skills))}",
        Relaxing.NEW_TIME: "agrees a new time with the customer",
    }
    return f"{suggestion.technician.name} can if he {_listed([words[step] for step in relaxed.steps])}."


def named(key: VisitKey | None, visits: Visits) -> str:
    """A visit by its customer and site, or else by its number."""
    watched = visits.get(key) if key else None
    if watched is None or not (watched.visit.customer.name or watched.visit.site.name):
        return f"visit {key.ext_id}" if key else "another visit"
    return place(watched.visit.customer.name, watched.visit.site.name)


class _About:
    """A refusal with all that its sentence may speak of."""

    def __init__(self, refusal: Refusal, suggestion: Suggestion, visit: Visit, visits: Visits) -> None:
        self.who = suggestion.technician.name
        self.what, self.by = refusal.what, span(refusal.by)
        self.visit, self.visits = visit, visits
        self.held_up = named(refusal.visit, visits)
        self.closes = clock(refusal.at, visit.site.timezone) if refusal.at else ""
        self.arrival = clock(suggestion.arrival, visit.site.timezone) if suggestion.arrival else "then"
        self.is_known = not suggestion.unknown


def _off(about: _About) -> str:
    return f"{about.who} does not work that day"


def _absent(about: _About) -> str:
    return f"{about.who} is away{f' ({about.what})' if about.what else ''}"


def _late(about: _About) -> str:
    if about.visit.promise is None:
        return f"{about.who} can’t be there before {about.arrival}: not on that day any more"
    at = f"at {about.arrival}" if about.is_known else f"at {about.arrival} at the earliest"
    return f"{about.who} would be there {at}, {about.by} later than promised"


def _shift_end(about: _About) -> str:
    closes = f"at {about.closes}" if about.closes else "that day"
    return f"{about.who} would work {about.by} longer; his shift ends {closes}"


def _over(_about: _About) -> str:
    return "The visit is over or called off"


def _locked(_about: _About) -> str:
    return "The visit is locked in the office software"


WHY_NOT: Mapping[Obstacle, Callable[[_About], str]] = {
    Obstacle.OVER: _over,
    Obstacle.STARTED: lambda about: f"{about.what or 'Somebody'} is already there",
    Obstacle.LOCKED: _locked,
    Obstacle.CREW: lambda about: f"{about.what} go there together; one alone can’t take it over",
    Obstacle.HIS_OWN: lambda about: f"It is {about.who}’s own visit",
    Obstacle.SKILL: lambda about: f"{about.who} lacks the skill “{about.what}”",
    Obstacle.SKILL_LEVEL: lambda about: f"{about.who}’s skill is below the level “{about.what}”",
    Obstacle.OFF: _off,
    Obstacle.ABSENT: _absent,
    Obstacle.PARTS: lambda about: f"{about.who} has not enough of “{about.what}” on the van",
    Obstacle.CUSTOMER: lambda about: f"{about.what} does not want {about.who}",
    Obstacle.RADIUS: lambda about: f"It is {about.what} km from {about.who}’s home, farther than he goes",
    Obstacle.FULL: lambda about: f"{about.who} has {about.what} visits that day already",
    Obstacle.SHIFT_END: _shift_end,
    Obstacle.LATE: _late,
    Obstacle.AWAY: lambda about: f"{about.who} is away at that time",
    Obstacle.HOLDS_UP_LOCKED: lambda about: f"{about.who} would be {about.by} late at {about.held_up}, which is fixed",
    Obstacle.HOLDS_UP: lambda about: f"{about.who} would be {about.by} late at {about.held_up}",
}


def _arrives(suggestion: Suggestion, visit: Visit) -> str:
    if suggestion.arrival is None:
        return ""
    at = clock(suggestion.arrival, visit.site.timezone, label=False)
    if suggestion.unknown:
        return f"not there before {at}: no coordinates for {suggestion.unknown}"
    return f"arrives {at}"


def _against_promise(suggestion: Suggestion, visit: Visit) -> str:
    if visit.promise is None:
        return ""
    if suggestion.late < MINUTE:
        return "" if suggestion.unknown else "in time"
    return f"{'at least ' if suggestion.unknown else ''}{span(suggestion.late)} later than promised"


def _drives(suggestion: Suggestion) -> str:
    drive = suggestion.extra_drive
    if drive is None:
        return "extra driving not known"
    if abs(drive) < MINUTE:
        return "no extra driving"
    return f"{'+' if drive > timedelta() else '−'}{span(drive)} driving"


def _later(suggestion: Suggestion, visits: Visits) -> str:
    worst = max((one for one in suggestion.delays if one.late >= MINUTE), key=lambda one: one.late, default=None)
    if suggestion.late >= MINUTE or worst is None:
        return f"is {span(suggestion.late)} late"
    return f"is {span(worst.late)} late at {named(worst.visit, visits)}"


def _listed(parts: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)
