"""Times, lengths and places as people say them. Times are shown in the zone of the visit's site, with its label."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dispatchwatch.domain.policy import crew_words
from dispatchwatch.domain.visit import Visit


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    """The zone of this name; UTC where the name is unknown, so that a wrong name never hides an alert."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def clock(instant: datetime, zone_name: str, *, label: bool = True) -> str:
    local = instant.astimezone(zone(zone_name))
    return f"{local:%H:%M} {local:%Z}" if label else f"{local:%H:%M}"


def day_and_clock(instant: datetime, zone_name: str) -> str:
    local = instant.astimezone(zone(zone_name))
    return f"{local:%a} {local.day} {local:%b} {local:%H:%M} {local:%Z}"


def span(length: timedelta) -> str:
    """A length of time as people say it: "45 s", "20 min", "1 h 05 min", "3 days"."""
    seconds = int(abs(length).total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h {seconds // 60 % 60:02d} min"
    return f"{seconds // 86400} days"


def place(customer: str, site: str) -> str:
    return ", ".join(part for part in (customer, site) if part) or "the customer"


def visit_facts(visit: Visit) -> dict[str, str]:
    """The words about a visit that its alert keeps, so that it can be told of even when the visit is gone."""
    known = {
        "visit": visit.ext_id,
        "order_ref": visit.order_ref,
        "title": visit.title,
        "technician": visit.technician,
        "crew": "\n".join(crew_words(visit.technicians)),
        "technician_phone": visit.technicians[0].phone if visit.technicians else "",
        "customer": visit.customer.name,
        "customer_phone": visit.customer.phone,
        "site": visit.site.name,
        "address": visit.site.address,
        "timezone": visit.site.timezone,
        "priority": visit.priority,
        "contract": visit.contract,
        "visit_kind": visit.kind,
        "promise": visit.promise.astimezone(UTC).isoformat() if visit.promise else "",
        "url": visit.url,
    }
    return {name: value for name, value in known.items() if value}


def zone_of(facts: Mapping[str, str]) -> str:
    """The zone in which the times of an alert with these facts are told."""
    return facts.get("timezone", "UTC")


def where_of(facts: Mapping[str, str]) -> str:
    return place(facts.get("customer", ""), facts.get("site", ""))


def who_of(facts: Mapping[str, str], otherwise: str = "The technician") -> str:
    return facts.get("technician", otherwise)


def instant_of(facts: Mapping[str, str], name: str) -> datetime | None:
    """An instant that was kept among an alert's facts with `kept`."""
    text = facts.get(name)
    return datetime.fromisoformat(text) if text else None


def kept(instant: datetime | None) -> str:
    """An instant as text that `instant_of` reads back; empty for none."""
    return instant.astimezone(UTC).isoformat() if instant else ""
