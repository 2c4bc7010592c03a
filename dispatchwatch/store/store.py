"""The whole store as one value."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dispatchwatch.store.alert_history import AlertHistory
from dispatchwatch.store.alerts import Alerts
from dispatchwatch.store.attempts import Attempts
from dispatchwatch.store.audit import Audit
from dispatchwatch.store.channel_tests import ChannelTests
from dispatchwatch.store.chats import Chats
from dispatchwatch.store.check_in_links import CheckInLinks
from dispatchwatch.store.database import Database
from dispatchwatch.store.desk_visits import DeskVisits
from dispatchwatch.store.inbox import Inbox
from dispatchwatch.store.lanes import Lanes
from dispatchwatch.store.memos import Memos
from dispatchwatch.store.outbox import Outbox
from dispatchwatch.store.schedules import Schedules
from dispatchwatch.store.threads import Threads


@dataclass(frozen=True, slots=True)
class Store:
    """Everything that is remembered, over one database."""

    database: Database
    schedules: Schedules
    alerts: Alerts
    alert_history: AlertHistory
    outbox: Outbox
    attempts: Attempts
    threads: Threads
    lanes: Lanes
    channel_tests: ChannelTests
    memos: Memos
    desk_visits: DeskVisits
    inbox: Inbox
    check_in_links: CheckInLinks
    chats: Chats
    audit: Audit

    @contextmanager
    def transaction(self, *, forced: bool = True) -> Iterator[None]:
        """All or nothing. What is not `forced` onto the disk outlives the program, but not yet a power cut."""
        with self.database.transaction(forced=forced):
            yield

    def close(self) -> None:
        self.database.close()


def open_store(path: Path | None, now: datetime, *, read_only: bool = False) -> Store:
    """Opens the database at `path`, making it if need be; without one, one to throw away. Raises `StoreError`.

    One that is `read_only` is for reading at leisure, beside who writes.
    """
    database = Database(path, now, read_only=read_only)
    return Store(
        database=database,
        schedules=Schedules(database),
        alerts=Alerts(database),
        alert_history=AlertHistory(database),
        outbox=Outbox(database),
        attempts=Attempts(database),
        threads=Threads(database),
        lanes=Lanes(database),
        channel_tests=ChannelTests(database),
        memos=Memos(database),
        desk_visits=DeskVisits(database),
        inbox=Inbox(database),
        check_in_links=CheckInLinks(database),
        chats=Chats(database),
        audit=Audit(database),
    )
