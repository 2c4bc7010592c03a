"""Every technician's remaining day: who there is, what he has to do, and the same as a route in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dispatchwatch.domain.calendars import Span
from dispatchwatch.domain.chain import chain_of
from dispatchwatch.domain.reassign.figures import Figures
from dispatchwatch.domain.reassign.route import Route
from dispatchwatch.domain.rules.facts import Facts
from dispatchwatch.domain.technician import Profile, Roster
from dispatchwatch.domain.visit import Technician
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.whereabouts import touches


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Workday:
    """One technician's day. `visits` are all of the day, those that are over too; `route` is what is to come.

    `shift` is when he works that day, where that is known; `off` that he does not.
    """

    technician: Technician
    profile: Profile | None
    visits: tuple[Watched, ...]
    route: Route
    shift: Span | None
    off: bool

    @property
    def identity(self) -> str:
        return self.technician.identity


class Workdays:
    """The days of everybody known as of `moment`: now, or the beginning of a later day."""

    def __init__(self, facts: Facts, moment: datetime) -> None:
        self.facts = facts
        self.figures = Figures(facts.standards, moment)
        self._people = _people(facts)

    def all(self, leaving_out: Watched | None = None) -> tuple[Workday, ...]:
        """Everybody's, by identity, as if one visit were nobody's."""
        return tuple(self._day(identity, leaving_out) for identity in sorted(self._people))

    def of(self, technician: Technician, leaving_out: Watched | None = None) -> Workday | None:
        """One technician's, by whichever name or id a feed knows him; None for somebody nobody has told of."""
        identity = identity_of(technician, self.facts.roster)
        return self._day(identity, leaving_out) if identity in self._people else None

    def _day(self, identity: str, leaving_out: Watched | None) -> Workday:
        technician, profile, names = self._people[identity]
        figures, moment = self.figures, self.figures.moment
        is_today = moment == self.facts.now
        # On a later day nobody is anywhere yet: what he does today says nothing of it.
        day = [
            watched
            for watched in self.facts.day_of(*names)
            if watched is not leaving_out and (is_today or touches(watched.visit, figures.day))
        ]
        chain = chain_of(day, technician, figures.standards, moment)
        shift = chain.shift if chain.shift and chain.shift[1] > figures.day[0] else None
        return Workday(
            technician=technician,
            profile=profile,
            visits=tuple(watched for watched in day if touches(watched.visit, figures.day)),
            route=figures.route_of(chain, profile),
            shift=shift,
            off=shift is None and _has_hours(profile),
        )


def _has_hours(profile: Profile | None) -> bool:
    return profile is not None and profile.shift is not None and bool(profile.shift.hours)


def identity_of(technician: Technician, roster: Roster) -> str:
    profile = roster.of_technician(technician)
    return profile.ext_id if profile else technician.identity


_Person = tuple[Technician, Profile | None, tuple[str, ...]]


def _people(facts: Facts) -> Mapping[str, _Person]:
    """Everybody by identity, with all he is known by in the visits: those on the roster, and those who only have
    visits."""
    profiles = {profile.ext_id: profile for profile in facts.roster.profiles.values()}
    people: dict[str, _Person] = {
        identity: (Technician(one.name, one.ext_id, one.phone), one, _names(one.ext_id, one.name.casefold()))
        for identity, one in profiles.items()
    }
    told = {name for _, _, names in people.values() for name in names}
    for crew in facts.index.days.keys() - told:
        technician = facts.day_of(crew).technician
        if technician is not None:
            identity = identity_of(technician, facts.roster)
            known, profile, names = people.get(identity, (technician, None, ()))
            people[identity] = (known, profile, _names(*names, crew))
    return people


def _names(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
