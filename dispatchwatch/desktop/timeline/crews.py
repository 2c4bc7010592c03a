"""Whose row a visit stands in: the technicians the office has told of, and those only the schedule knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dispatchwatch.app.view import TechnicianLine
from dispatchwatch.desktop.timeline.shape import Stretch
from dispatchwatch.domain.technician import Absence
from dispatchwatch.domain.visit import Technician, Visit

UNASSIGNED = "unassigned|"
NOT_TOLD = "not told|"
"""The rows of visits that nobody is to go to, and of those whose source does not say who goes."""


@dataclass(frozen=True, slots=True)
class Who:
    """Whose row it is. `technician` is None in the rows that are nobody's, `shifts` where they are not known."""

    identity: str
    technician: Technician | None = None
    shifts: tuple[Stretch, ...] | None = None
    absences: tuple[Absence, ...] = ()

    @property
    def name(self) -> str:
        return self.technician.name if self.technician else ""


class Crews:
    """Finds the rows of a visit. A schedule may know a technician by his id or by his name; the office by both."""

    def __init__(self, lines: Iterable[TechnicianLine] = ()) -> None:
        self.told = {line.technician.identity: _told(line) for line in lines}
        self._by_name = {who.name.casefold(): identity for identity, who in self.told.items()}

    def of(self, visit: Visit) -> tuple[Who, ...]:
        """The rows of a visit, each once."""
        if not visit.technicians:
            return (Who(NOT_TOLD if visit.crew_untold else UNASSIGNED),)
        found = (self._find(technician) for technician in visit.technicians)
        return tuple({who.identity: who for who in found}.values())

    def _find(self, technician: Technician) -> Who:
        identity = technician.identity
        if identity not in self.told:
            identity = self._by_name.get(technician.name.casefold(), identity)
        return self.told.get(identity) or Who(identity, technician)


def _told(line: TechnicianLine) -> Who:
    shifts = line.shifts
    stretches = None if shifts is None else tuple((start.timestamp(), end.timestamp()) for start, end in shifts)
    return Who(line.technician.identity, line.technician, stretches, line.absences)
