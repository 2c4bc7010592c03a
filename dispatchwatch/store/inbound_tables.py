"""The tables of what comes in by itself or is typed: see `tables.py`, which has the rest."""

from __future__ import annotations

from peewee import AutoField, BigIntegerField, BlobField, CharField, CompositeKey, Model, TextField

from dispatchwatch.store.tables import InstantField


class DeskVisitRow(Model):
    """A visit typed at the desk, as it was typed last. `over_at`: when it is over at the latest."""

    id = AutoField()
    ext_id = CharField(unique=True)
    over_at = InstantField(index=True)
    visit = TextField()

    class Meta:
        table_name = "desk_visit"


class LetterRow(Model):
    """The body of an event that came in by itself."""

    id = AutoField()
    feed = CharField()
    at = InstantField(index=True)
    body = BlobField()

    class Meta:
        table_name = "letter"
        indexes = ((("feed", "id"), False),)


class LetterMarkRow(Model):
    """What an event is known by, should it come again."""

    feed = CharField()
    mark = CharField()
    at = InstantField(index=True)

    class Meta:
        table_name = "letter_mark"
        primary_key = CompositeKey("feed", "mark")


class CheckInLinkRow(Model):
    """A check-in link that was given out: a hash of it, and the visit and day it is for."""

    digest = CharField(primary_key=True)
    feed = CharField()
    ext_id = CharField()
    day = CharField(index=True)
    technician = CharField()
    issued_at = InstantField()

    class Meta:
        table_name = "check_in_link"


class ChatRow(Model):
    """A technician's own chat with the office's bot."""

    chat = BigIntegerField(primary_key=True)
    identity = CharField()
    name = CharField()
    linked_at = InstantField()

    class Meta:
        table_name = "chat"


class ChatCodeRow(Model):
    """A code that makes a chat known; a hash of it, and whose it is."""

    digest = CharField(primary_key=True)
    identity = CharField()
    name = CharField()
    until = InstantField()

    class Meta:
        table_name = "chat_code"


class ChatUpdateRow(Model):
    """A message that was dealt with, by its platform's number of it."""

    number = BigIntegerField(primary_key=True)
    at = InstantField(index=True)

    class Meta:
        table_name = "chat_update"
