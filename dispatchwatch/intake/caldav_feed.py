"""A calendar on a CalDAV server: Nextcloud, Radicale, Fastmail, iCloud and others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from pydantic import SecretStr

from dispatchwatch.domain.schedule import Snapshot
from dispatchwatch.intake.calendar_config import CalendarConfig, Snapshots, check_answer, clock_ahead
from dispatchwatch.intake.calendar_dav import WHAT_IS_THERE, NotXml, Resource, events_from, resources
from dispatchwatch.intake.feed import Feed, FeedError
from dispatchwatch.intake.secret import Secret, SecretAddress
from dispatchwatch.intake.web import Limits, Page, Request, Web, follow, shown
from dispatchwatch.intake.web_patience import Patience
from dispatchwatch.intake.web_way import Way

TRUSTED_FOR = 3
"""So many fetches in a row a server is believed that nothing has changed; then the events are read all the same."""

A_DAY = timedelta(days=1)
MULTISTATUS, UNAUTHORISED, GONE = 207, 401, frozenset({404, 410})
WELL_KNOWN = "/.well-known/caldav"


class CaldavConfig(CalendarConfig):
    """`kind = "caldav"`. `url` is the address of the calendar, or of the account or server it is in; `calendar` is
    then the name it is shown under there, needed where there are several."""

    kind: str = "caldav"
    url: SecretAddress
    user: str = ""
    password: Secret = SecretStr("")
    calendar: str = ""

    def feeding(self, snapshots: Snapshots, base: Path, way: Way | None) -> Feed:  # noqa: ARG002 - has no path
        return CaldavFeed(self, snapshots, way=way)


class SeveralCalendars(FeedError):
    """It has to be said which of them is meant; `names` are theirs."""

    def __init__(self, text: str, names: tuple[str, ...]) -> None:
        super().__init__(text)
        self.names = names


@dataclass(frozen=True, slots=True)
class _Found:
    """The calendar, and what its server said it is at (empty where it does not tell)."""

    url: str
    mark: str


class CaldavFeed:
    """Finds the calendar once, then asks for its events from the window's first day on."""

    def __init__(
        self, config: CaldavConfig, snapshots: Snapshots, limits: Limits | None = None, way: Way | None = None
    ) -> None:
        self.name = config.name
        self.interval = config.every
        self._config = config
        self._snapshots = snapshots
        self._limits = limits or Limits(bytes=config.max_bytes)
        self._way = way
        self._patience = Patience()
        self._web = self._opened(httpx.BasicAuth)
        self._calendar = ""
        self._mark = ""
        self._trusted = 0

    def fetch(self, now: datetime) -> Snapshot:
        """See `Feed.fetch`."""
        self._patience.begin(now, self._snapshots.window(now).zone)
        found = self._found()
        held = self._snapshots.held(now)
        if held is not None and found.mark and found.mark == self._mark and self._trusted < TRUSTED_FOR:
            self._trusted += 1
            return held
        self._mark, self._trusted = "", 0
        page = self._asked("REPORT", found.url, events_from(self._snapshots.window(now).begins - A_DAY), depth=1)
        snapshot = self._snapshots.take(
            _contents(_told(page)), now, clock_ahead=clock_ahead(page, now), collection=shown(found.url)
        )
        self._mark = found.mark
        return snapshot

    def _found(self) -> _Found:
        """The calendar; the one found before, as long as it is there."""
        page = self._asked("PROPFIND", self._calendar or self._config.url.get_secret_value(), WHAT_IS_THERE)
        if self._calendar and page.status in GONE:
            self._calendar = ""
            return self._found()
        here = _one(_told(page))
        if not here.is_calendar:
            place, here = self._chosen(self._calendars(page.url, here))
            self._calendar = place
        else:
            self._calendar = page.url
        return _Found(self._calendar, here.mark)

    def _calendars(self, url: str, here: Resource) -> list[tuple[str, Resource]]:
        """The calendars of the account that an address belongs to (RFC 6764, section 6), each with its address."""
        home = self._home(url, here)
        if not home:
            known = self._asked("PROPFIND", follow(url, WELL_KNOWN), WHAT_IS_THERE)
            home = self._home(known.url, _one(_told(known))) if known.status == MULTISTATUS else ""
        if not home:
            advice = "Write the address of the calendar itself into the configuration"
            raise FeedError(f"{shown(url)} has no calendar at this address and does not say where they are. {advice}.")
        page = self._asked("PROPFIND", home, WHAT_IS_THERE, depth=1)
        calendars = (one for one in _told(page) if one.is_calendar and one.holds_events)
        return [(follow(page.url, one.href), one) for one in calendars]

    def _home(self, url: str, here: Resource) -> str:
        """The address of the folder of calendars that a resource, or the user it belongs to, leads to."""
        if here.principal and not here.home:
            url = follow(url, here.principal)
            here = _one(_told(self._asked("PROPFIND", url, WHAT_IS_THERE)))
        return follow(url, here.home) if here.home else ""

    def _chosen(self, calendars: list[tuple[str, Resource]]) -> tuple[str, Resource]:
        wanted, where = self._config.calendar.strip(), shown(self._config.url.get_secret_value())
        names = ", ".join(sorted(f"“{_name(one)}”" for _, one in calendars)) or "none"
        fitting = [(url, one) for url, one in calendars if not wanted or _name(one).casefold() == wanted.casefold()]
        if len(fitting) == 1:
            return fitting[0]
        if not wanted and calendars:
            text = f"{where} has several calendars. Choose one: `calendar` is one of {names}."
            raise SeveralCalendars(text, tuple(sorted(_name(one) for _, one in calendars)))
        many = "several calendars" if fitting else "no calendar"
        called = f" called “{wanted}”" if wanted else ""
        raise FeedError(f"{where} has {many}{called} for this user. Those there are: {names}.")

    def _asked(self, method: str, url: str, body: bytes, depth: int = 0) -> Page:
        headers = {"Depth": str(depth), "Content-Type": "application/xml; charset=utf-8"}
        request = Request(url=url, method=method, headers=headers, body=body, secret=bool(self._config.user))
        page = self._web.fetch(request)
        offered = page.headers.get("www-authenticate", "").casefold()
        if page.status == UNAUTHORISED and "digest" in offered and "basic" not in offered:
            self._web.close()
            self._web = self._opened(httpx.DigestAuth)
            page = self._web.fetch(request)
        self._patience.hear(page)
        return page

    def _opened(self, scheme: Callable[[str, str], httpx.Auth]) -> Web:
        config = self._config
        auth = scheme(config.user, config.password.get_secret_value()) if config.user else None
        return Web(self._limits, auth=auth, way=self._way)


def _told(page: Page) -> list[Resource]:
    where = shown(page.url)
    check_answer(page, where)
    try:
        return resources(page.body)
    except NotXml:
        raise FeedError(
            f"{where} does not answer as a CalDAV server does. Check the address: it is not the one a browser shows."
        ) from None


def _one(found: list[Resource]) -> Resource:
    return found[0] if found else Resource("")


def _name(calendar: Resource) -> str:
    return calendar.name or calendar.href.rstrip("/").rpartition("/")[2]


def _contents(found: list[Resource]) -> dict[str, bytes | FeedError]:
    """Each event's text by its place on the server. One that is named and not given is lacking."""
    lacking = "the server names it and does not give it; it is asked again"
    return {
        one.href: one.data.encode() if one.data is not None else FeedError(f"{one.href}: {lacking}.")
        for one in sorted(found, key=lambda one: one.href)
    }
