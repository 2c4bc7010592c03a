"""How each channel is doing, as far as it must survive a restart and be seen by others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dispatchwatch.store.database import Database
from dispatchwatch.store.tables import LaneRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """`paused` says why nothing is sent until a person acts; empty while it runs. `limited_until` is set while what is
    due waits for the limit of its platform."""

    channel: str
    paused: str = ""
    paused_at: datetime | None = None
    resting_until: datetime | None = None
    last_success_at: datetime | None = None
    last_error: str = ""
    last_error_at: datetime | None = None
    limited_until: datetime | None = None


class Lanes:
    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, Lane]:
        return {row["channel"]: Lane(**row) for row in self._database.rows(LaneRow.select())}

    def get(self, channel: str) -> Lane:
        row = self._database.one(LaneRow.select().where(LaneRow.channel == channel))
        return Lane(**row) if row else Lane(channel=channel)

    def change(self, channel: str, **changes: Any) -> None:
        """Changes the named fields of one lane, making it if it is new."""
        if not self._database.run(LaneRow.update(**changes).where(LaneRow.channel == channel)):
            row = {"paused": "", "last_error": "", **changes, "channel": channel}
            self._database.run(LaneRow.insert(**row))
