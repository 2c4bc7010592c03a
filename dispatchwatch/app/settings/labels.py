"""What keys are called and what they mean, where their models do not say it themselves: those of feeds and profiles.

Of channels it is said here only how a field is filled in, where its type does not tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import BaseModel

from dispatchwatch.app.settings.kinds import Kind
from dispatchwatch.dispatch.fields import ChannelConfig
from dispatchwatch.intake import web_auth
from dispatchwatch.intake.caldav_feed import CaldavConfig
from dispatchwatch.intake.calendar_config import CalendarConfig
from dispatchwatch.intake.feed import FeedConfig
from dispatchwatch.intake.folder_feed import FilesConfig
from dispatchwatch.intake.ical_feed import IcalConfig
from dispatchwatch.intake.json_asking import Covers, Since
from dispatchwatch.intake.json_feed import JsonConfig
from dispatchwatch.intake.json_joins import Join
from dispatchwatch.intake.paging import Paging
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.synonyms import FIELDS, TIME_FIELDS
from dispatchwatch.intake.webhook import WebhookConfig
from dispatchwatch.intake.webhook_signing import Signature
from dispatchwatch.intake.xlsx_feed import XlsxConfig


class Label(NamedTuple):
    """A key as a person meets it. `kind` where the type alone does not say how it is filled in; `names` are what the
    keys of a table may be; `is_private`: whoever reads it may get in."""

    label: str = ""
    help: str = ""
    kind: Kind | None = None
    names: tuple[str, ...] = ()
    is_private: bool = False


_PROFILE = Label("Profile", "How columns and words are read; left out, they are found by name.", Kind.PROFILE)
_MOST_BYTES = Label("Largest size", "In bytes; what is larger is not read.")
_METHOD = Label("Method", "GET asks plainly, POST sends a body along.")
_HEADERS = Label("Headers", "Sent with every question; {name} stands for a value.", is_private=True)
_PARAMS = Label("Parameters", "Put behind the address; {name} stands for a value.", is_private=True)
_BODY = Label("Body", "What is sent along with POST; {name} stands for a value.", is_private=True)
_RECORDS = Label("Where the records are", "The path to the list of visits in an answer; @ is the whole of it.")
_ERROR = Label("Where errors are", "The path at which the source says what is wrong.")
_PATHS = Label(
    "Where the fields are", "For each field its path in a record; left out, they are found by name.", names=FIELDS
)
_EMPTY = Label("Empty words", "Texts that stand for nothing, such as N/A.")
_DAYS_BACK = Label("Days back", "How many days before today it reaches.")
_DAYS_AHEAD = Label("Days ahead", "How many days after today it reaches.")
_FORMAT = Label("Written as", "How instants are written: iso, iso_ms, sql, date, epoch, epoch_ms or a pattern.")
_ZONE = Label("Time zone", "The zone in which the source writes its times.")
_FILTER = Label("Filter", "What {filter} stands for in the question.", is_private=True)
_KIND = Label("Kind", "How the program shows who is asking.")

_OAUTH = {
    "kind": _KIND,
    "token_url": Label("Token address", "Where tokens are fetched.", Kind.ADDRESS),
    "client_id": Label("Client id", "What the source calls this program."),
    "client_secret": Label("Client secret", "What goes with the client id."),
    "scope": Label("Scope", "The rights that are asked for."),
    "client_in": Label("Client in", "Where the client proves itself: in the body, or as a password."),
    "extra": Label("More fields", "What else the token address wants, such as audience.", is_private=True),
}

LABELS: Mapping[type[BaseModel], Mapping[str, Label]] = {
    FeedConfig: {
        "name": Label("Name", "What this schedule is called on the board and in routes."),
        "kind": Label("Kind", "What sort of source it is."),
        "every": Label("Every", "How often it is read."),
    },
    FilesConfig: {
        "path": Label("Path", "The file, folder or pattern, such as exports/*.csv.", Kind.PATH),
        "profile": _PROFILE,
        "rewritten_every": Label("Rewritten every", "A newest file older than this counts as an export that stopped."),
        "max_bytes": _MOST_BYTES,
    },
    XlsxConfig: {
        "sheet": Label("Sheet", "The sheet to read; left out, the first one with a header we know."),
        "max_unpacked_bytes": Label("Largest unpacked size", "In bytes; a small workbook can hold gigabytes."),
    },
    CalendarConfig: {
        "profile": _PROFILE,
        "days_back": _DAYS_BACK,
        "days_ahead": _DAYS_AHEAD,
        "fields": Label(
            "Where the fields are", "For each field its place in an event, such as attendee.", names=FIELDS
        ),
        "summary": Label("Title pattern", "A pattern with named groups that takes the titles apart."),
        "max_bytes": _MOST_BYTES,
    },
    IcalConfig: {
        "url": Label("Address", "The secret address of the calendar; whoever has it can read it."),
        "path": Label("Path", "Instead of an address: the file, folder or pattern of .ics files.", Kind.PATH),
    },
    CaldavConfig: {
        "url": Label("Address", "The address of the calendar, the account or the server."),
        "user": Label("User", "The name the server knows you by."),
        "password": Label("Password", "That user’s password, best one made for this program."),
        "calendar": Label("Calendar", "Its name, where the account has several."),
    },
    JsonConfig: {
        "ready": Label("Ready profile", "The vendor whose way of asking comes with the program.", Kind.CHOICE),
        "values": Label("Values", "What {name} stands for in address, parameters and body.", is_private=True),
        "secrets": Label("Secrets", "The same, for what nobody should see."),
        "url": Label("Address", "Where the source is asked; {name} stands for a value.", Kind.ADDRESS, is_private=True),
        "method": _METHOD,
        "headers": _HEADERS,
        "params": _PARAMS,
        "body": _BODY,
        "auth": Label("Signing in", "How the program shows who is asking."),
        "paging": Label("Pages", "How the source hands out more than one answer holds."),
        "records": _RECORDS,
        "error": _ERROR,
        "paths": _PATHS,
        "empty": _EMPTY,
        "joins": Label("Joins", "Other lists of the source that tell what the records lack."),
        "since": Label("Only changes", "Asking for what has changed since the last reading."),
        "covers": Label("Days asked for", "The days a whole reading asks for, and is complete for."),
        "whole_every": Label("Whole every", "How often everything is asked for, and not only the changes."),
        "profile": _PROFILE,
        "within": Label("Within", "How long one reading may take."),
        "max_bytes": _MOST_BYTES,
    },
    WebhookConfig: {
        "address": Label("Last part of the address", "Requests come to /hooks/ and this; left out, the feed’s name."),
        "signature": Label("Signature", "How requests prove where they come from."),
        "polls": Label("Reads", "The feed that is read at once when an event comes.", Kind.FEED),
        "records": _RECORDS,
        "paths": _PATHS,
        "empty": _EMPTY,
        "profile": _PROFILE,
        "max_bytes": _MOST_BYTES,
        "per_minute": Label("Most a minute", "More requests than this in a minute are turned away."),
        "forget_after": Label("Forget after", "A visit that no event has spoken of for so long is let go of."),
    },
    Signature: {
        "header": Label("Header", "The header that the signature stands in."),
        "secret": Label("Secret", "What you and the sender alone know."),
        "algorithm": Label("Algorithm", "How it is signed; sha1 is for old vendors that know nothing better."),
        "encoding": Label("Written as", "How the signature is written."),
        "prefix": Label("Prefix", "What stands before the signature, such as sha256=."),
        "signed": Label("Signed text", "The text that is signed, made of {body}, {timestamp} and {id}."),
        "timestamp_header": Label("Header of the time", "The header that says when it was sent."),
        "tolerance": Label("Tolerance", "How far that time may be off."),
        "id_header": Label("Header of the id", "The header that tells one event from another."),
    },
    Paging: {
        "kind": Label("Kind", "How the next page is asked for."),
        "parameter": Label("Parameter", "The query parameter that names the page."),
        "size_parameter": Label("Parameter of the size", "The query parameter that says how many records a page has."),
        "start": Label("Start", "The number of the first page or record."),
        "size": Label("Size", "How many records a page has."),
        "next": Label("Where the next page is", "The path at which an answer says how to go on."),
        "next_header": Label("Header of the next page", "The header in which an answer says how to go on."),
        "first": Label("First token", "What the first page is asked for with."),
        "more": Label("Where more is told", "The path at which an answer says whether there is more."),
        "total": Label("Where the total is", "The path at which an answer says how many there are."),
        "short_page_ends": Label("Short page ends", "On: fewer records than a full page are the last ones."),
        "max_pages": Label("Most pages", "No more pages than this are asked for in one reading."),
        "max_records": Label("Most records", "No more records than this are taken in one reading."),
    },
    Since: {
        "format": _FORMAT,
        "zone": _ZONE,
        "filter": _FILTER,
        "overlap": Label("Overlap", "So much is asked for twice, as clocks differ."),
    },
    Covers: {
        "format": _FORMAT,
        "zone": _ZONE,
        "filter": _FILTER,
        "days_back": _DAYS_BACK,
        "days_ahead": _DAYS_AHEAD,
        "exclusive": Label("Exclusive", "On: the source can ask for later than, not for at or later than."),
    },
    Join: {
        "key": Label("Id in a record", "The path of the id that leads to the other list."),
        "match": Label("Id in the list", "The path of the same id in the other list."),
        "many": Label("Several", "On: all that match are put in, not only the first."),
        "every": Label("Every", "How often the whole list is asked for."),
        "batch": Label("At a time", "How many ids are asked for at once; left out, the whole list."),
        "most": Label("Most batches", "No more of them than this in one reading."),
        "between": Label("Between ids", "What parts the ids in a question."),
        "url": Label("Address", "Where the other list is asked for.", Kind.ADDRESS, is_private=True),
        "method": _METHOD,
        "headers": _HEADERS,
        "params": _PARAMS,
        "body": _BODY,
        "paging": Label("Pages", "How it hands out more than one answer holds; left out, as the feed does."),
        "records": _RECORDS,
        "error": _ERROR,
    },
    web_auth.BasicAuth: {
        "kind": _KIND,
        "user": Label("User", "The name the source knows you by."),
        "password": Label("Password", "That user’s password."),
    },
    web_auth.BearerAuth: {"kind": _KIND, "token": Label("Token", "What the source gave you to be let in with.")},
    web_auth.ApiKeyAuth: {
        "kind": _KIND,
        "key": Label("Key", "The key the source gave you."),
        "name": Label("Named", "The header or parameter that it stands in."),
        "place": Label("Place", "Whether it stands in a header or in the query."),
        "prefix": Label("Prefix", "What stands before it, such as token and a space."),
    },
    web_auth.ClientCredentialsAuth: _OAUTH,
    web_auth.RefreshAuth: {**_OAUTH, "refresh_token": Label("Refresh token", "What new tokens are fetched with.")},
    web_auth.NoAuth: {"kind": _KIND},
    ProfileConfig: {
        "timezone": Label("Time zone", "The zone of times that do not name one; left out, the office’s."),
        "complete": Label("Complete", "On: the source holds every visit of the days it covers."),
        "days": Label("Days", "Which days it covers: those in its rows, today besides, or dates.", Kind.DAYS),
        "columns": Label("Columns", "For each field the header it stands under.", names=FIELDS),
        "format": Label("Formats", "How times are written, where they are ambiguous.", names=TIME_FIELDS),
        "day_first": Label("Day first", "On: 3/4 is the third of April; off: March the fourth."),
        "status": Label("Status words", "What the source’s own words for the status mean."),
        "delimiter": Label("Delimiter", "The one character between the cells, or the word tab."),
        "encoding": Label("Encoding", "How letters are written, such as utf-8 or cp1252."),
        "duration_unit": Label("Lengths in", "What a bare number counts where a length stands."),
        "window_unit": Label("Windows in", "What a bare number counts where the length of a window stands."),
    },
    ChannelConfig: {
        "platform": Label(kind=Kind.CHOICE),
        "base_url": Label(kind=Kind.ADDRESS),
        "hours": Label(kind=Kind.CHANNEL_HOURS),
        "templates": Label(kind=Kind.TEMPLATES),
        "listen_every": Label(kind=Kind.DURATION),
    },
}


def label_of(model: type[BaseModel], key: str) -> Label:
    """What the model, or one that it is made of, says of a key; an empty label where none does."""
    said = (LABELS[one][key] for one in model.__mro__ if one in LABELS and key in LABELS[one])
    return next(said, Label())
