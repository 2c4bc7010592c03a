"""When test messages were begun: they go out beside the lanes, perhaps from another process, and count all the same."""

from __future__ import annotations

from datetime import datetime

from dispatchwatch.store.database import Database
from dispatchwatch.store.tables import ChannelTestRow


class ChannelTests:
    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, channel: str, now: datetime, forget: datetime) -> None:
        """Notes a test. Those of the channel that were begun before `forget` count no more, and go."""
        row = ChannelTestRow
        self._database.run(row.delete().where((row.channel == channel) & (row.begun_at < forget)))
        self._database.insert(row, {"channel": channel, "begun_at": now})

    def begun(self, channel: str, since: datetime, after: int = 0) -> list[tuple[int, datetime]]:
        """The tests begun since then, in their order, each with its number; only those behind the number `after`."""
        row = ChannelTestRow
        wanted = (row.channel == channel) & (row.id > after) & (row.begun_at >= since)
        return [
            (one["id"], one["begun_at"]) for one in self._database.rows(row.select().where(wanted).order_by(row.id))
        ]
