"""The visits typed at the desk, ready for their feed: held in memory, because a feed is read in any thread."""

from __future__ import annotations

from datetime import datetime

from dispatchwatch.domain.visit import Visit
from dispatchwatch.store.desk_visits import DeskVisits


class DeskBook:
    """`intake.desk_feed.DeskVisits`. `renew` belongs on the engine's thread; `held` may be asked anywhere."""

    def __init__(self, visits: DeskVisits) -> None:
        self._visits = visits
        self._held: tuple[Visit, ...] = ()

    def held(self) -> tuple[Visit, ...]:
        return self._held

    def renew(self, now: datetime) -> bool:
        """Learns what was typed, here or in another process; whether there is anything new."""
        found = self._visits.held(since=now)
        if found == self._held:
            return False
        self._held = found
        return True
