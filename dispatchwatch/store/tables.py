"""One class per table. Instants are ISO 8601 text in UTC, which sorts as time does; values are JSON."""

from __future__ import annotations

from datetime import UTC, datetime

from peewee import (
    AutoField,
    BooleanField,
    Case,
    CharField,
    CompositeKey,
    Field,
    FloatField,
    IntegerField,
    Model,
    TextField,
)

from dispatchwatch.domain.alert import Severity


def to_text(instant: datetime) -> str:
    """An instant as it is stored: always microseconds, always Z, so that text order is time order."""
    return f"{instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def from_text(text: str) -> datetime:
    return datetime.fromisoformat(text)


class InstantField(Field):
    """An aware datetime, stored as text."""

    field_type = "TEXT"

    def db_value(self, value: datetime | None) -> str | None:
        return None if value is None else to_text(value)

    def python_value(self, value: str | None) -> datetime | None:
        return None if value is None else from_text(value)


class MigrationRow(Model):
    """A step that has been taken."""

    name = CharField(primary_key=True)
    applied_at = InstantField()

    class Meta:
        table_name = "migration"


class VisitRow(Model):
    """A visit with its past. `starts_at` and `ends_at` are what the board is asked by."""

    feed = CharField()
    ext_id = CharField()
    starts_at = InstantField(null=True, index=True)
    ends_at = InstantField(null=True)
    watched = TextField()

    class Meta:
        table_name = "visit"
        primary_key = CompositeKey("feed", "ext_id")


class VisitChangeRow(Model):
    """What changed in a visit, when we learnt of it and from whom."""

    id = AutoField()
    feed = CharField()
    ext_id = CharField()
    at = InstantField()
    origin = CharField()
    changes = TextField()

    class Meta:
        table_name = "visit_change"
        indexes = ((("feed", "ext_id", "id"), False),)


class DeskEntryRow(Model):
    """What a person at the desk says of a visit."""

    id = AutoField()
    feed = CharField()
    ext_id = CharField()
    entry = TextField()

    class Meta:
        table_name = "desk_entry"
        indexes = ((("feed", "ext_id"), False),)


class FeedRow(Model):
    """How a feed's readings went, and the rows it could not read."""

    feed = CharField(primary_key=True)
    health = TextField()
    problems = TextField()
    covered = TextField()

    class Meta:
        table_name = "feed"


class AlertRow(Model):
    id = AutoField()
    key = CharField(unique=True)
    kind = CharField()
    severity = CharField()
    state = CharField(index=True)
    feed = CharField()
    ext_id = CharField()
    due_at = InstantField()
    raised_at = InstantField(index=True)
    updated_at = InstantField()
    follows = IntegerField(default=0)
    found_at_start = BooleanField()
    facts = TextField()
    acknowledged_at = InstantField(null=True)
    acknowledged_by = CharField()
    acknowledged_until = InstantField(null=True)
    while_visit = CharField(default="")
    reason = CharField()
    note = TextField()
    snoozed_until = InstantField(null=True)
    snoozed_by = CharField()
    resolved_at = InstantField(null=True)
    resolved_by = CharField()
    outcome = CharField(null=True)
    resolution = TextField()

    class Meta:
        table_name = "alert"
        indexes = ((("feed", "ext_id"), False),)


RANK = Case(AlertRow.severity, [(one.value, -one.rank) for one in Severity], 0)
"""The worst first, where alerts are sorted by it."""


class DeliveryRow(Model):
    """A debt: one notification owed to one channel.

    While it waits, its words, its time and its thread may change too, and `revision` counts that. `alert_id` is the
    first of the alerts it speaks of; `delivery_alert` has them all.
    """

    id = AutoField()
    alert_id = IntegerField()
    thread = CharField()
    channel = CharField()
    platform = CharField()
    operation = CharField()
    state = CharField()
    notification = TextField()
    waits_for_nobody = BooleanField()
    repeat_seconds = FloatField(null=True)
    created_at = InstantField()
    next_attempt_at = InstantField()
    attempts = IntegerField()
    first_attempt_at = InstantField(null=True)
    settled_at = InstantField(null=True)
    owner = CharField()
    lease_until = InstantField(null=True)
    may_have_arrived = BooleanField()
    held = CharField()
    revision = IntegerField()
    reference = CharField()
    error = TextField()

    class Meta:
        table_name = "delivery"
        indexes = (
            (("channel", "state", "next_attempt_at", "id"), False),
            (("thread", "channel"), False),
        )


class DeliveryAlertRow(Model):
    """That a delivery speaks of an alert; `is_gone`: it did, and the alert was taken out again before it left."""

    delivery_id = IntegerField()
    alert_id = IntegerField(index=True)
    is_gone = BooleanField()

    class Meta:
        table_name = "delivery_alert"
        primary_key = CompositeKey("delivery_id", "alert_id")


class AttemptRow(Model):
    """An attempt to send that did not succeed; what was sent is known from the delivery itself."""

    id = AutoField()
    delivery_id = IntegerField(index=True)
    at = InstantField()
    error = TextField()

    class Meta:
        table_name = "attempt"


class ReceiptRow(Model):
    """What a channel's platform calls a thread of ours."""

    thread = CharField()
    channel = CharField()
    reference = CharField()
    details = TextField()

    class Meta:
        table_name = "receipt"
        primary_key = CompositeKey("thread", "channel")


class LaneRow(Model):
    """How a channel is doing; `paused` carries the reason, empty while it is not. `limited_until`: until when it keeps
    to its platform's limit."""

    channel = CharField(primary_key=True)
    paused = TextField()
    paused_at = InstantField(null=True)
    resting_until = InstantField(null=True)
    last_success_at = InstantField(null=True)
    last_error = TextField()
    last_error_at = InstantField(null=True)
    limited_until = InstantField(null=True)

    class Meta:
        table_name = "lane"


class ChannelTestRow(Model):
    """A test message that was begun."""

    id = AutoField()
    channel = CharField()
    begun_at = InstantField()

    class Meta:
        table_name = "channel_test"
        indexes = ((("channel", "id"), False),)


class MemoRow(Model):
    """Something the program itself has to remember, by its name."""

    name = CharField(primary_key=True)
    text = TextField()

    class Meta:
        table_name = "memo"


class AuditRow(Model):
    """One entry of the trail. `hash` seals everything in it together with the hash of the entry before."""

    id = IntegerField(primary_key=True)
    at = CharField()
    recorded_at = CharField()
    who = CharField()
    origin = CharField()
    action = CharField()
    subject = CharField(index=True)
    detail = TextField()
    previous = CharField()
    hash = CharField()

    class Meta:
        table_name = "audit"


class AuditHeadRow(Model):
    """The last entry's number and hash, so that a trail cut off at its end does not pass for whole."""

    id = IntegerField(primary_key=True)
    last = IntegerField()
    hash = CharField()

    class Meta:
        table_name = "audit_head"
