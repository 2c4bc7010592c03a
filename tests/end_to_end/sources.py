"""Sources on the web whose answers can be good, and the board that reads them, for tests of those that are not."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

from dispatchwatch.app.feed_reader import FeedReader
from dispatchwatch.app.looking import Reading
from dispatchwatch.domain.alert import AlertKind, AlertState, Outcome
from dispatchwatch.intake.caldav_feed import CaldavConfig, CaldavFeed
from dispatchwatch.intake.calendar_config import CalendarConfig
from dispatchwatch.intake.calendar_snapshots import CalendarSnapshots
from dispatchwatch.intake.feed import Feed
from dispatchwatch.intake.ical_feed import IcalAddress, IcalConfig
from dispatchwatch.intake.json_feed import JsonConfig, JsonFeed
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.web import Limits, Web
from tests.fakes.office import CHICAGO, FEED, Office, at, key, minutes
from tests.fakes.web_server import Talk

SECRET = "private-0a1b2c"
NO_SCHEDULE = ProfileConfig()
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\nBEGIN:VEVENT\r\nUID:J-1042\r\nDTSTAMP:20260101T000000Z\r\n"
    "DTSTART;TZID=America/Chicago:20261110T150000\r\nSUMMARY:Compressor\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
RECORDS = [{"id": "J-1042", "start": "2026-11-10T15:00:00-06:00"}]
PATHS = {"ext_id": "id", "sched_start": "start"}
COLLECTION = (
    '<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:response><d:href>/c/</d:href>'
    "<d:propstat><d:prop><d:resourcetype><d:collection/><c:calendar/></d:resourcetype></d:prop>"
    "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>"
)
EVENTS = (
    '<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:response><d:href>/c/1.ics</d:href>'
    f"<d:propstat><d:prop><c:calendar-data>{CALENDAR}</c:calendar-data></d:prop>"
    "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>"
)


Kind = Callable[[str, Limits], Feed]
"""The feed of one kind at this address."""


def ical(url: str, limits: Limits) -> Feed:
    config = IcalConfig.model_validate({"name": FEED, "url": f"{url}/{SECRET}.ics", "every": "30s"})
    return IcalAddress(config, _snapshots(config), Web(limits))


def caldav(url: str, limits: Limits) -> Feed:
    config = CaldavConfig.model_validate(
        {"name": FEED, "url": f"{url}/{SECRET}/", "user": "ann", "password": SECRET, "every": "30s"}
    )
    return CaldavFeed(config, _snapshots(config), limits)


def json_source(url: str, limits: Limits) -> Feed:
    config = JsonConfig.model_validate(
        {"name": FEED, "url": f"{url}/{SECRET}", "records": "data", "paths": PATHS, "every": "30s", "within": "1s"}
    )
    return JsonFeed(config, NO_SCHEDULE, office_zone=CHICAGO, web=Web(limits))


def _snapshots(config: CalendarConfig) -> CalendarSnapshots:
    return CalendarSnapshots(config, NO_SCHEDULE, CHICAGO)


def good(talk: Talk) -> None:
    """What a good source of whatever kind answers."""
    if talk.head.startswith(("PROPFIND", "REPORT")):
        body = COLLECTION if talk.head.startswith("PROPFIND") else EVENTS
        talk.answer(body.encode(), "207 Multi-Status", Content_Type="application/xml")
    else:
        talk.answer(CALENDAR.encode() if ".ics" in talk.path else json.dumps({"data": RECORDS}).encode())


@dataclass
class Board:
    """An office that reads one feed through the reader of the engine."""

    office: Office
    reader: FeedReader

    def read(self) -> str:
        """One reading to its end and the look that follows; what the board then says is wrong."""
        reading: Reading | timedelta = timedelta()
        while isinstance(reading, timedelta):
            reading = asyncio.run(self.reader.read())
        self.office.look(reading)
        return self.office.watch.feeds[FEED].problem

    def goes_stale_and_recovers(self, misbehave: Callable[[], None], mend: Callable[[], None]) -> str:
        """The sentence that the board shows in between."""
        office = self.office
        assert self.read() == ""
        seen_at = office.now
        assert office.open_alerts() == []
        misbehave()
        office.clock.advance(minutes(1))
        problem = self.read()
        assert office.open_alerts() == []
        office.clock.advance(minutes(5))
        assert self.read()
        (stale,) = office.open_alerts()
        assert stale.kind is AlertKind.STALE_FEED
        health = office.watch.feeds[FEED]
        assert (health.last_good_at, health.rows, bool(health.problem)) == (seen_at, 1, True)
        assert office.watched("J-1042").missing_since is None
        mend()
        office.clock.advance(minutes(61))  # whoever was asked to wait an hour has waited
        assert self.read() == ""
        assert [(one.state, one.outcome) for one in office.alerts()] == [(AlertState.RESOLVED, Outcome.RECOVERED)]
        assert set(office.watch.visits) == {key()}
        return problem


def board(folder: Path, feed: Feed) -> Board:
    office = Office(folder, at("09:00"), interval=timedelta(seconds=30))
    return Board(office, FeedReader(feed, office.clock))


class Certificates:
    """What a server shows to prove who it is; it can be changed while it runs."""

    def __init__(self, folder: Path) -> None:
        self._authority = trustme.CA()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.trusted = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(str(self.trusted))
        self.good()

    def good(self) -> None:
        self._authority.issue_cert("127.0.0.1").configure_cert(self.context)

    def of_another_name(self) -> None:
        self._authority.issue_cert("example.com").configure_cert(self.context)

    def expired(self) -> None:
        self._authority.issue_cert("127.0.0.1", not_after=datetime(2020, 1, 1, tzinfo=UTC)).configure_cert(self.context)

    def of_nobody(self) -> None:
        trustme.CA().issue_cert("127.0.0.1").configure_cert(self.context)
