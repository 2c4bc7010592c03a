"""People who work over there beside us, and the services in which it can be heard what they do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tests.fakes.pretend.service import Service, Thing


@dataclass(frozen=True)
class Person:
    """`number` is what the vendor calls somebody."""

    number: str
    name: str


US = Person("7", "Dispatch")
"""The account that we sign in with."""
ANN = Person("7001", "Ann Lee")
BO = Person("7002", "Bo Diaz")
PEOPLE = {one.number: one for one in (US, ANN, BO)}


class Peopled(Service):
    """Keeps who moved each object last, and when."""

    def begin(self) -> None:
        super().begin()
        self.moves: dict[str, tuple[Person, datetime]] = {}

    def done_by(self, person: Person, thing: Thing, standing: str) -> None:
        """Somebody does it in the vendor's own window: from now on it stands so, "acknowledged" or "resolved". Who
        takes it on is who it belongs to from now on, where it can belong to somebody."""
        raise NotImplementedError

    def moved(self, thing: Thing, person: Person = US) -> None:
        self.moves[thing.id] = person, self.now()

    def mover(self, thing: Thing) -> Person:
        return self.moves.get(thing.id, (US, thing.born))[0]

    def moved_at(self, thing: Thing) -> datetime:
        return self.moves.get(thing.id, (US, thing.born))[1]
