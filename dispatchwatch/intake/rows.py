"""One row of text made into a visit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from dispatchwatch.domain.visit import Customer, Site, Status, Technician, Visit
from dispatchwatch.intake.columns import Columns
from dispatchwatch.intake.faults import Doubt, Unreadable
from dispatchwatch.intake.fields import zone_named
from dispatchwatch.intake.formats import tells_nothing
from dispatchwatch.intake.places import Coordinates, read_coordinates
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.row_times import YES, RowTimes, TimeColumns
from dispatchwatch.intake.statuses import COMPANY, CUSTOMER, Meaning, StatusWords, normal

PEOPLE = frozenset({"technician", "technician_id"})
DESTROYED_ID = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.ASCII | re.IGNORECASE)
BETWEEN_THINGS = re.compile(r"[;,|\n]")
BETWEEN_NAMES = re.compile(r";| & | / |\n")
NOBODY = frozenset({"unassigned", "not assigned", "nobody", "no technician"})
WHO = {
    "customer": CUSTOMER,
    "client": CUSTOMER,
    "user": CUSTOMER,
    "company": COMPANY,
    "pro": COMPANY,
    "office": COMPANY,
}
CLOCKS_WITHOUT_A_PLACE = frozenset({"UTC", "GMT", "Zulu"})
FACTS = (
    ("cancelled_at", Status.CANCELLED),
    ("completed_at", Status.COMPLETED),
    ("arrived_at", Status.ARRIVED),
    ("started_at", Status.ARRIVED),
    ("en_route_at", Status.EN_ROUTE),
    ("dispatched_at", Status.DISPATCHED),
    ("sched_start", Status.SCHEDULED),
)


class RowReader:
    """Reads the rows of one table for one feed. `times` reads its columns of times."""

    def __init__(
        self, feed: str, columns: Columns, profile: ProfileConfig, times: TimeColumns, office_zone: ZoneInfo
    ) -> None:
        self._feed = feed
        self._headers = columns.headers
        self._people = frozenset(PEOPLE & columns.places.keys())
        self._times = times
        self._zone = zone_named(profile.timezone) if profile.timezone else None
        self._office_zone = office_zone
        self._words = StatusWords(profile.status)

    def read(self, texts: Mapping[str, str], untold: frozenset[str] = frozenset()) -> tuple[Visit, list[Doubt]]:
        """The visit, and what is doubtful about it. `texts` are the stripped cells by field; of those that are
        `untold` a blank one says nothing.

        Raises Unreadable for a row without an id or with a start that cannot be read.
        """
        ext_id = texts["ext_id"]
        if tells_nothing(ext_id):
            raise Unreadable(self._headers["ext_id"], "the row has no id, so there is nothing to know the visit by")
        doubts: list[Doubt] = []
        if DESTROYED_ID.fullmatch(ext_id):
            problem = f"the spreadsheet has destroyed this id ({ext_id}); format the column as text before exporting"
            doubts.append(Doubt(self._headers["ext_id"], problem))
        own_zone = self._own_zone(texts, doubts)
        times = self._times.read(texts, self._clock_of(own_zone))
        coordinates = self._coordinates(texts, doubts)
        visit = self._visit(ext_id, texts, times, self._site(texts, own_zone, coordinates))
        if not visit.technicians and not self._people - untold:
            visit = replace(visit, crew_untold=True)
        return visit, doubts + times.doubts

    def _visit(self, ext_id: str, texts: Mapping[str, str], times: RowTimes, site: Site) -> Visit:
        told = texts.get("status", "")
        meaning = self._meaning(told, times)
        text, at = texts.get, times.at.get
        return Visit(
            feed=self._feed,
            ext_id=ext_id,
            order_ref=text("order_ref", ""),
            title=text("title", ""),
            kind=text("kind", ""),
            priority=text("priority", ""),
            contract=text("contract", ""),
            status=meaning.status,
            status_raw="" if tells_nothing(told) else told,
            status_at=at("status_at"),
            anytime=times.anytime,
            technicians=technicians(texts),
            locked=text("locked", "").casefold() in YES,
            skills=_listed(text("skills", "")),
            parts=_listed(text("parts", "")),
            customer=Customer(name=text("customer", ""), phone=text("customer_phone", "")),
            site=site,
            sched_start=at("sched_start"),
            sched_end=at("sched_end"),
            duration=times.duration,
            window_start=at("window_start"),
            window_end=at("window_end"),
            eta=at("eta"),
            reported_at=at("reported_at"),
            booked_at=at("booked_at"),
            dispatched_at=at("dispatched_at"),
            en_route_at=at("en_route_at"),
            arrived_at=at("arrived_at"),
            started_at=at("started_at"),
            completed_at=at("completed_at"),
            departed_at=at("departed_at"),
            cancelled_at=at("cancelled_at"),
            cancelled_by=_who(text("cancelled_by", "")) or meaning.cancelled_by,
            cancel_reason=text("cancel_reason", ""),
            technician_no_show=meaning.technician_no_show,
            modified_at=at("modified_at"),
            notes=text("notes", ""),
            url=text("url", ""),
            time_adjusted=times.adjusted,
        )

    def _meaning(self, told: str, times: RowTimes) -> Meaning:
        if tells_nothing(told):
            return Meaning(next((status for field, status in FACTS if field in times.at), Status.UNSCHEDULED))
        has_start = "sched_start" in times.at or "window_end" in times.at
        return self._words.meaning(told, has_start=has_start) or Meaning(Status.UNKNOWN)

    def _own_zone(self, texts: Mapping[str, str], doubts: list[Doubt]) -> ZoneInfo | None:
        name = texts.get("site_timezone", "")
        if tells_nothing(name):
            return None
        zone = zone_named(name)
        if zone is None:
            instead = self._zone or self._office_zone
            problem = f"'{name}' is not a time zone; its times were read as {instead.key}"
            doubts.append(Doubt(self._headers["site_timezone"], problem))
        return zone

    def _coordinates(self, texts: Mapping[str, str], doubts: list[Doubt]) -> Coordinates | None:
        try:
            return read_coordinates(texts.get("latitude", ""), texts.get("longitude", ""))
        except ValueError as problem:
            doubts.append(Doubt(self._headers.get("latitude", ""), f"{problem}; the position was left out"))
            return None

    def _site(self, texts: Mapping[str, str], own_zone: ZoneInfo | None, coordinates: Coordinates | None) -> Site:
        address = texts.get("address", "")
        latitude, longitude = coordinates or (None, None)
        return Site(
            name=texts.get("site", "") or address,
            timezone=self._place(own_zone).key,
            address=address,
            latitude=latitude,
            longitude=longitude,
        )

    def _clock_of(self, own_zone: ZoneInfo | None) -> ZoneInfo:
        """The zone that a row's naive times are told in: its site's, unless the source keeps all its times in UTC."""
        if self._zone is not None and self._zone.key.removeprefix("Etc/") in CLOCKS_WITHOUT_A_PLACE:
            return self._zone
        return own_zone or self._zone or self._office_zone

    def _place(self, own_zone: ZoneInfo | None) -> ZoneInfo:
        """Where the site's clocks are: an export written in UTC does not move the sites to Greenwich."""
        if own_zone is not None:
            return own_zone
        if self._zone is None or self._zone.key.removeprefix("Etc/") in CLOCKS_WITHOUT_A_PLACE:
            return self._office_zone
        return self._zone


def technicians(texts: Mapping[str, str]) -> tuple[Technician, ...]:
    """Who is sent. Several names are separated by `;`, ` & `, ` / ` or a new line; a comma belongs to a name.

    A source that has only ids gives them as names too.
    """
    ids = _people(texts.get("technician_id", ""))
    names = _people(texts.get("technician", "")) or ids
    if len(ids) != len(names):
        ids = [""] * len(names)
    phone = texts.get("technician_phone", "") if len(names) == 1 else ""
    people = (Technician(name, ext_id, phone) for name, ext_id in zip(names, ids, strict=True))
    return tuple(dict.fromkeys(people))


def _people(text: str) -> list[str]:
    parts = (part.strip() for part in BETWEEN_NAMES.split(text)) if text else ()
    return [part for part in parts if not tells_nothing(part) and part.casefold() not in NOBODY]


def _listed(text: str) -> tuple[str, ...]:
    """Skills or parts, as they are written one after the other."""
    parts = (part.strip() for part in BETWEEN_THINGS.split(text)) if text else ()
    return tuple(part for part in parts if not tells_nothing(part))


def _who(text: str) -> str:
    return "" if tells_nothing(text) else WHO.get(normal(text), text)
