"""What happens, as values that others may listen to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dispatchwatch.app.view import AlertLine, BoardRow, DeliveryLine, FeedLine, LaneLine
from dispatchwatch.domain.alert import Severity
from dispatchwatch.domain.visit import VisitKey


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of `watch --json`: its word, when, and the fields of what it is about (interface, section 3)."""

    at: datetime
    event: str
    fields: dict[str, Any]
    text: str


@dataclass(frozen=True, slots=True)
class BoardChanged:
    """Rows that are new or different, and those that left the board. `replaces_all` starts a new board."""

    rows: tuple[BoardRow, ...]
    removed: tuple[VisitKey, ...] = ()
    replaces_all: bool = False


@dataclass(frozen=True, slots=True)
class AlertsChanged:
    """Alerts that are new or different, by their id."""

    lines: tuple[AlertLine, ...]


@dataclass(frozen=True, slots=True)
class DeliveriesChanged:
    """Deliveries that are new or different, by their id."""

    lines: tuple[DeliveryLine, ...]


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The state of feeds and channels, whole, and the next deadline on the board. `faults` are sentences about what
    keeps word from coming in by itself, until it is over."""

    feeds: tuple[FeedLine, ...]
    lanes: tuple[LaneLine, ...]
    next_deadline: datetime | None
    next_visit: VisitKey | None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToastWanted:
    """A desktop toast is due. `alert_ids` are what it speaks of; a press on it leads there."""

    title: str
    body: str
    severity: Severity
    alert_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Awoke:
    """Time did not pass as it should, up to `at`: `pause` is how long nobody watched, `step` how far the computer's
    clock was set; either may be zero. The schedule is being read."""

    at: datetime
    pause: timedelta
    step: timedelta


@dataclass(frozen=True, slots=True)
class ConfigurationChanged:
    """Another configuration is in force: the office's name, and the name of its time zone."""

    office_name: str
    timezone: str


Change = BoardChanged | AlertsChanged | DeliveriesChanged | StatusChanged | ConfigurationChanged
Event = Change | ToastWanted | Awoke | Happening
