"""A visit of the desk as the text of a form: what can be typed of it, and what stands there when it is typed anew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from dispatchwatch.app.deeds import Result
from dispatchwatch.domain.visit import Visit, VisitKey
from dispatchwatch.domain.wording.plain import zone
from dispatchwatch.intake.desk_feed import DESK, LABELS

__all__ = ["DESK", "LABELS", "dated", "key_of", "told_of"]

TIME_ALONE = re.compile(r"\d{1,2}(?::\d{2}(?::\d{2})?)?\s*(?:[ap]\.?m\.?)?", re.ASCII | re.IGNORECASE)


def told_of(visit: Visit, office_zone: str) -> dict[str, str]:
    """What would have to be typed for this visit: text by field of `LABELS`, empty where nothing is known.

    `office_zone` is what a visit without a zone of its own is in. Times are those of the site's clocks.
    """
    site = visit.site
    told = {
        "customer": visit.customer.name,
        "customer_phone": visit.customer.phone,
        "site": site.name if site.name != site.address else "",
        "address": site.address,
        "site_timezone": site.timezone if site.timezone != office_zone else "",
        "technician": "; ".join(one.name for one in visit.technicians),
        "technician_phone": visit.technicians[0].phone if len(visit.technicians) == 1 else "",
        "order_ref": visit.order_ref,
        "title": visit.title,
        "kind": visit.kind,
        "priority": visit.priority,
        "notes": visit.notes,
    }
    told |= _times(visit)
    return {name: told[name] for name in LABELS}


def dated(told: Mapping[str, str], today: str) -> dict[str, str]:
    """The same with a day (`2026-05-02`) before a start that is only a time."""
    start = told.get("sched_start", "").strip()
    return {**told, "sched_start": f"{today} {start}" if TIME_ALONE.fullmatch(start) else start}


def key_of(result: Result) -> VisitKey:
    """The visit that a result of `Desk.add_visit` or `Desk.change_visit` speaks of."""
    return VisitKey(DESK, result.subject.removeprefix(f"visit {DESK}/"))


def _times(visit: Visit) -> dict[str, str]:
    """A length is told instead of the end it leads to: the end then moves with the start."""
    start, length = visit.sched_start, visit.duration
    led_to = start + length if start is not None and length is not None else None
    return {
        "sched_start": _start(visit),
        "sched_end": "" if led_to == visit.sched_end else _beside(visit.sched_end, visit),
        "duration": f"{length.total_seconds() / 60:g}" if length is not None else "",
        "window_start": _beside(visit.window_start, visit),
        "window_end": _beside(visit.window_end, visit),
    }


def _start(visit: Visit) -> str:
    if visit.sched_start is None:
        return ""
    local = visit.sched_start.astimezone(zone(visit.site.timezone))
    return f"{local:%Y-%m-%d}" if visit.anytime else f"{local:%Y-%m-%d %H:%M}"


def _beside(at: datetime | None, visit: Visit) -> str:
    """A time next to the start; the day is told only where it is another one, so that it moves with the start."""
    if at is None:
        return ""
    local = at.astimezone(zone(visit.site.timezone))
    start = visit.sched_start.astimezone(zone(visit.site.timezone)) if visit.sched_start else None
    return f"{local:%H:%M}" if start and start.date() == local.date() else f"{local:%Y-%m-%d %H:%M}"
