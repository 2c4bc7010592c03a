"""The time zones that calendars name: IANA names, Windows names, vendors' prefixes, and rules of their own."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from dateutil.tz import tzical
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from dispatchwatch.intake.calendar_text import named
from dispatchwatch.intake.fields import zone_named

UNIVERSAL = frozenset({"utc", "gmt", "z", "zulu", "coordinated universal time"})
ZONE_LINES = frozenset(
    {"BEGIN", "END", "TZID", "DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME", "RRULE", "RDATE", "EXDATE"}
)
RULE_OF_A_ZONE = re.compile(r"RRULE[^:]*:.*FREQ=YEARLY", re.IGNORECASE)


class Zones:
    """The zones of one calendar. `floating` is where its times without a zone are told; `own` are its VTIMEZONEs."""

    def __init__(self, own: Mapping[str, tuple[str, ...]], floating: ZoneInfo) -> None:
        self.floating = floating
        self._own = own
        self._known: dict[str, tzinfo | None] = {}

    @property
    def key(self) -> tuple[object, ...]:
        """What the answers depend on."""
        return (self.floating.key, *self._own.items())

    def named(self, name: str) -> tzinfo | None:
        """The zone of a TZID; None if nobody knows it. A known name counts more than the rules beside it."""
        if name not in self._known:
            self._known[name] = known_zone(name) or self._placed(name) or self._ruled(name)
        return self._known[name]

    def _placed(self, name: str) -> ZoneInfo | None:
        """The name that a calendar gives beside its own (X-LIC-LOCATION, as libical and Google write it)."""
        for line in self._own.get(name, ()):
            if named(line) == "X-LIC-LOCATION":
                return known_zone(line.partition(":")[2].strip())
        return None

    def _ruled(self, name: str) -> tzinfo | None:
        """A zone by the rules of the calendar; only yearly ones, for others could take for ever to follow."""
        lines = [line for line in self._own.get(name, ()) if named(line) in ZONE_LINES]
        if not lines or any(named(line) == "RRULE" and not RULE_OF_A_ZONE.match(line) for line in lines):
            return None
        text = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VTIMEZONE", *lines, "END:VTIMEZONE", "END:VCALENDAR", ""])
        try:
            zone: tzinfo | None = tzical(io.StringIO(text)).get()
            if zone is not None:
                datetime(2026, 1, 1, tzinfo=zone).utcoffset()
        except Exception:  # noqa: BLE001 - whatever the library stumbles over, the zone is unknown to us
            return None
        return zone


def known_zone(name: str) -> ZoneInfo | None:
    """The zone behind `America/Chicago`, `Central Standard Time` or `/vendor.org/2021/America/Chicago`."""
    name = name.strip().strip('"').strip("/")
    if name.casefold() in UNIVERSAL:
        return ZoneInfo("UTC")
    if name in WINDOWS_TO_OLSON:
        return zone_named(WINDOWS_TO_OLSON[name])
    parts = [part for part in name.split("/") if part]
    tails = ("/".join(parts[start:]) for start in range(max(0, len(parts) - 3), len(parts)))
    candidates = [name, *(tail for tail in tails if "/" in tail or tail.casefold() in UNIVERSAL)]
    return next((zone for one in candidates if one and (zone := zone_named(one))), None)
