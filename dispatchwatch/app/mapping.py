"""Connecting a feed of any kind: where a session begins. `mapping_session` says what all of them have in common."""

from __future__ import annotations

from collections.abc import Mapping

from dispatchwatch.app.config import Config
from dispatchwatch.app.keeping_secrets import can_keep
from dispatchwatch.app.mapping_calendars import CalendarSession
from dispatchwatch.app.mapping_json import JsonChoice
from dispatchwatch.app.mapping_office import FoundTable, MappingError, Office, Saved
from dispatchwatch.app.mapping_session import MappingSession
from dispatchwatch.app.mapping_tables import TableSession
from dispatchwatch.app.mapping_webhooks import WebhookSession
from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.intake.desk_feed import DESK
from dispatchwatch.intake.field_words import FIELD_WORDS
from dispatchwatch.intake.questions import LEAVE_OUT, NONE, Question

__all__ = [
    "FIELD_WORDS",
    "KINDS",
    "LEAVE_OUT",
    "NONE",
    "FoundTable",
    "MappingError",
    "MappingSession",
    "Office",
    "Question",
    "Saved",
    "office_of",
    "start",
]

SESSIONS: Mapping[str, type[MappingSession]] = {
    "csv": TableSession,
    "xlsx": TableSession,
    "ical": CalendarSession,
    "caldav": CalendarSession,
    "json": JsonChoice,
    "webhook": WebhookSession,
}
KINDS: Mapping[str, str] = {
    "csv": "text files with one visit a line, as most software exports them",
    "xlsx": "Excel workbooks",
    "ical": "a calendar at an address, or an .ics file",
    "caldav": "a calendar on a server, with user and password",
    "json": "software with an interface on the web (ServiceTitan, Odoo, Salesforce and others)",
    "webhook": "software that tells of changes by itself",
}
"""What can be connected, and what each is."""


def office_of(config: Config, secrets: SecretSource, *, is_new: bool) -> Office:
    """What a session has to know. Blocks: a keyring may want to be unlocked. `is_new`: there is no such file yet."""
    return Office(
        path=config.path,
        zone=config.office.zone,
        secrets=secrets,
        is_new=is_new,
        feeds={feed.name: feed.kind for feed in config.feeds},
        profiles=frozenset(config.profiles),
        listener=config.listener,
        can_keep=can_keep(secrets),
        way=config.way,
    )


def start(kind: str, name: str, office: Office) -> MappingSession:
    """The session of a feed that nothing is known of but its kind and its name. Raises MappingError."""
    if kind not in SESSIONS:
        raise MappingError(f"“{kind}” is not a kind of feed; those are {', '.join(SESSIONS)}.")
    if not name.strip():
        raise MappingError("A feed needs a name, such as today.")
    if name in office.feeds or name == DESK:
        raise MappingError(f"There is a feed “{name}” already; choose another name.")
    return SESSIONS[kind](office=office, settings={"name": name.strip(), "kind": kind})
