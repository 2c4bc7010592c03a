"""The steps from the first version of the database to this one.

A new database is made whole from `TABLES` and counts as having taken every step. An older one takes the steps it
lacks, in order, after a copy of it has been made. To change a table: change its class, and add a step here that
changes the tables that offices already have.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from peewee import Database as PeeweeDatabase
from peewee import Model, SchemaManager

from dispatchwatch.store.inbound_tables import (
    ChatCodeRow,
    ChatRow,
    ChatUpdateRow,
    CheckInLinkRow,
    DeskVisitRow,
    LetterMarkRow,
    LetterRow,
)
from dispatchwatch.store.tables import (
    AlertRow,
    AttemptRow,
    AuditHeadRow,
    AuditRow,
    ChannelTestRow,
    DeliveryAlertRow,
    DeliveryRow,
    DeskEntryRow,
    FeedRow,
    LaneRow,
    MemoRow,
    MigrationRow,
    ReceiptRow,
    VisitChangeRow,
    VisitRow,
)

TABLES: tuple[type[Model], ...] = (
    MigrationRow,
    VisitRow,
    VisitChangeRow,
    DeskEntryRow,
    FeedRow,
    AlertRow,
    DeliveryRow,
    DeliveryAlertRow,
    AttemptRow,
    ReceiptRow,
    LaneRow,
    ChannelTestRow,
    MemoRow,
    DeskVisitRow,
    LetterRow,
    LetterMarkRow,
    CheckInLinkRow,
    ChatRow,
    ChatCodeRow,
    ChatUpdateRow,
    AuditRow,
    AuditHeadRow,
)


@dataclass(frozen=True, slots=True)
class Migration:
    """A named step. `apply` runs inside the transaction that also records it."""

    name: str
    apply: Callable[[PeeweeDatabase], None]


def create_tables(database: PeeweeDatabase) -> None:
    for table in TABLES:
        SchemaManager(table, database).create_all()


def add_follows(database: PeeweeDatabase) -> None:
    """Alerts that took the place of another: late after at risk, no-show after late."""
    database.execute_sql("ALTER TABLE alert ADD COLUMN follows INTEGER NOT NULL DEFAULT 0")
    _forget_moves(database)


def _forget_moves(database: PeeweeDatabase) -> None:
    """What was remembered of moves and cancellations were numbers only, too little for the rules of today."""
    for row in VisitRow.select().dicts().execute(database):
        watched = json.loads(row["watched"])
        for name in ("moves", "moved_at", "cancellations"):
            watched.pop(name, None)
        told = VisitRow.update(watched=json.dumps(watched, ensure_ascii=False))
        told.where((VisitRow.feed == row["feed"]) & (VisitRow.ext_id == row["ext_id"])).execute(database)


TO_THREADS = """
ALTER TABLE delivery ADD COLUMN thread VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN held VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
UPDATE delivery SET thread = 'alert ' || alert_id;
UPDATE delivery SET thread = (SELECT alert.key FROM alert WHERE alert.id = delivery.alert_id)
    WHERE alert_id IN (SELECT id FROM alert);
DROP INDEX IF EXISTS deliveryrow_alert_id_channel;
CREATE INDEX IF NOT EXISTS deliveryrow_thread_channel ON delivery (thread, channel);
INSERT INTO delivery_alert (delivery_id, alert_id, is_gone) SELECT id, alert_id, 0 FROM delivery;
ALTER TABLE receipt RENAME TO receipt_by_alert
"""
TO_RECEIPTS_OF_THREADS = """
INSERT INTO receipt (thread, channel, reference, details)
    SELECT alert.key, channel, reference, details FROM receipt_by_alert JOIN alert ON alert.id = alert_id;
DROP TABLE receipt_by_alert
"""


def add_delivery_threads(database: PeeweeDatabase) -> None:
    """Deliveries that speak of several alerts: until now each spoke of one, in a thread of its own."""
    SchemaManager(DeliveryAlertRow, database).create_all()
    _run_all(database, TO_THREADS)
    SchemaManager(ReceiptRow, database).create_all()
    _run_all(database, TO_RECEIPTS_OF_THREADS)


def _run_all(database: PeeweeDatabase, statements: str) -> None:
    for statement in statements.split(";"):
        database.execute_sql(statement)


def add_inbound(database: PeeweeDatabase) -> None:
    """Visits typed at the desk, events that come in by themselves, check-in links and the bot's chats."""
    rows = DeskVisitRow, LetterRow, LetterMarkRow, CheckInLinkRow, ChatRow, ChatCodeRow, ChatUpdateRow
    for table in rows:
        SchemaManager(table, database).create_all()


def add_limits(database: PeeweeDatabase) -> None:
    """Channels that wait for their platform's limit, and what the program itself remembers."""
    database.execute_sql("ALTER TABLE lane ADD COLUMN limited_until TEXT")
    SchemaManager(MemoRow, database).create_all()


def add_channel_tests(database: PeeweeDatabase) -> None:
    """Test messages that were begun, which count against the limits of their channel."""
    SchemaManager(ChannelTestRow, database).create_all()


def add_lasting(database: PeeweeDatabase) -> None:
    """Acknowledgements that end by themselves, and each attempt to send that did not succeed."""
    database.execute_sql("ALTER TABLE alert ADD COLUMN acknowledged_until TEXT")
    database.execute_sql("ALTER TABLE alert ADD COLUMN while_visit VARCHAR(255) NOT NULL DEFAULT ''")
    SchemaManager(AttemptRow, database).create_all()


MIGRATIONS: Sequence[Migration] = (
    Migration("0001 first tables", create_tables),
    Migration("0002 threads", add_follows),
    Migration("0003 messages of several alerts", add_delivery_threads),
    Migration("0004 what comes in by itself", add_inbound),
    Migration("0005 limits", add_limits),
    Migration("0006 channel tests", add_channel_tests),
    Migration("0007 acknowledgements that end", add_lasting),
)
