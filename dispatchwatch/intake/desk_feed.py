"""`desk`: the visits that were typed at the desk. Always there, whatever else is configured.

What is typed goes through the same door as a row of a table, so that times, zones and names mean the same as in every
feed. Check-ins, expected arrivals and cancellations of any visit are `domain/desk_entry.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from pydantic import field_validator

from dispatchwatch.domain.schedule import Snapshot
from dispatchwatch.domain.visit import Visit
from dispatchwatch.intake.columns import Columns
from dispatchwatch.intake.faults import Unreadable
from dispatchwatch.intake.feed import Feed, FeedConfig
from dispatchwatch.intake.fields import Interval
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.row_times import TimeColumns
from dispatchwatch.intake.rows import RowReader
from dispatchwatch.intake.web_way import Way

DESK = "desk"
INTERVAL = timedelta(seconds=30)
LABELS: Mapping[str, str] = {
    "customer": "Customer",
    "customer_phone": "Customer’s phone",
    "site": "Site",
    "address": "Address",
    "site_timezone": "Time zone of the site",
    "technician": "Technician",
    "technician_phone": "Technician’s phone",
    "sched_start": "Start",
    "sched_end": "End",
    "duration": "Duration in minutes",
    "window_start": "Arrival from",
    "window_end": "Arrival until",
    "order_ref": "Work order",
    "title": "What is to be done",
    "kind": "Kind of work",
    "priority": "Priority",
    "notes": "Notes",
}
"""What can be typed of a visit: field and label, in the order of the form. A `technician` can be several names with
semicolons between them; times are local to the site, `2026-05-02 09:00`."""
LONGEST_TEXT = 2000
LONG_PAST = timedelta(days=1)
TIMES = ("sched_start", "sched_end", "window_start", "window_end")
AMBIGUOUS = re.compile(r"^\d{1,2}[/.-]\d{1,2}[/.-]\d")
HOW = " Write it like 2026-05-02 09:00."
WITHOUT_START = "Say when it is: type a start, such as 2026-05-02 09:00."
_CELLS = ("ext_id", *LABELS)
_COLUMNS = Columns({name: (place,) for place, name in enumerate(_CELLS)}, {"ext_id": "Visit", **LABELS}, len(_CELLS))
_PROFILE = ProfileConfig()


class NotUnderstood(Exception):
    """Something typed that can't be taken. `field` is the name of the field; the text is a sentence for the person."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


class DeskVisits(Protocol):
    """The visits typed at the desk, as they are kept."""

    def held(self) -> tuple[Visit, ...]:
        """All that are not long over, oldest entry first. The very same tuple as long as nothing was typed.

        May be called from any thread, and never waits.
        """
        ...


class NothingTyped:
    """A desk nobody has typed at, where there is no store: in previews."""

    def held(self) -> tuple[Visit, ...]:
        return ()


class DeskConfig(FeedConfig):
    """`kind = "desk"`. It need not be written: the feed is always there, under this very name."""

    name: str = DESK
    kind: str = DESK
    every: Interval = INTERVAL

    @field_validator("name")
    @classmethod
    def _one_desk(cls, name: str) -> str:
        if name != DESK:
            raise ValueError(f"there is one desk, and it is called {DESK}")
        return name

    def open(self, profile: ProfileConfig, *, office_zone: ZoneInfo, base: Path, way: Way | None = None) -> Feed:  # noqa: ARG002
        return DeskFeed(NothingTyped(), self.every)


class DeskFeed:
    """The typed visits as a feed. A visit that was typed wrongly is cancelled or typed again, never removed: the feed
    is not complete, so nothing follows from what it lacks."""

    name = DESK

    def __init__(self, visits: DeskVisits, interval: timedelta = INTERVAL) -> None:
        self.interval = interval
        self._visits = visits
        self._held: tuple[Visit, ...] | None = None
        self._digest = ""

    def fetch(self, now: datetime) -> Snapshot:
        """See `Feed.fetch`. Never fails."""
        held = self._visits.held()
        if held is not self._held:
            self._held = held
            # nothing typed is nothing to tell of, the first time as well
            self._digest = sha256(repr(held).encode()).hexdigest() if held else ""
        changed = max((visit.modified_at for visit in held if visit.modified_at), default=None)
        return Snapshot(
            feed=self.name,
            read_at=now,
            visits=held,
            digest=self._digest,
            complete=False,
            source_at=changed,
            sources=("the desk",),
        )


def understood(told: Mapping[str, str], ext_id: str, *, office_zone: ZoneInfo, now: datetime) -> Visit:
    """What was typed (text by field of `LABELS`) as the visit `ext_id`, booked `now`. Raises NotUnderstood.

    A person sits there who can say it better, so nothing is read with a doubt and nothing left out.
    """
    texts = {name: told.get(name, "").strip() for name in LABELS}
    _check(told, texts)
    try:
        visit, doubts = _reader(office_zone).read({"ext_id": ext_id, **texts})
    except Unreadable as fault:
        raise _not_understood(fault.column, str(fault)) from None
    for doubt in doubts:
        raise _not_understood(doubt.column, doubt.problem)
    if visit.sched_start is None:
        raise NotUnderstood("sched_start", WITHOUT_START)
    if visit.sched_start < now - LONG_PAST:
        raise NotUnderstood("sched_start", "Start: that is more than a day ago; look at the date.")
    return replace(visit, booked_at=now, modified_at=now)


def retyped(before: Visit, after: Visit) -> Visit:
    """A visit that was typed anew: it stays the visit it was, booked when it was booked."""
    return replace(after, ext_id=before.ext_id, booked_at=before.booked_at)


def _reader(office_zone: ZoneInfo) -> RowReader:
    return RowReader(DESK, _COLUMNS, _PROFILE, TimeColumns(_COLUMNS, _PROFILE, {}), office_zone)


def _check(told: Mapping[str, str], texts: Mapping[str, str]) -> None:
    for name in told:
        if name not in LABELS:
            raise NotUnderstood(name, f"Nothing called {name} can be typed; there are {', '.join(LABELS)}.")
    for name, text in texts.items():
        if len(text) > LONGEST_TEXT:
            raise NotUnderstood(name, f"{LABELS[name]}: that is longer than {LONGEST_TEXT} characters.")
    for name in TIMES:
        if AMBIGUOUS.search(texts[name]):
            raise NotUnderstood(name, f"{LABELS[name]}: is that the day or the month first? Write 2026-05-02 09:00.")
    if not texts["customer"] and not texts["site"]:
        raise NotUnderstood("customer", "Say whose visit it is: type a customer or a site.")
    if not texts["sched_start"] and not texts["window_start"]:
        raise NotUnderstood("sched_start", WITHOUT_START)


def _not_understood(label: str, problem: str) -> NotUnderstood:
    field = next((name for name, one in LABELS.items() if one == label), "")
    said, _, expected = problem.removesuffix("; it was left out").partition("; expected is")
    return NotUnderstood(field, f"{label or 'The visit'}: {said}.{HOW if expected else ''}")
