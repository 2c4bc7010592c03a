"""Leaving a server alone for as long as it asks to be (Retry-After of RFC 9110, section 10.2.3)."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dispatchwatch.intake.json_answers import Busy, wait_told
from dispatchwatch.intake.web import Page, shown

ASKING_FOR_PEACE = frozenset({429, 503})


class Patience:
    """What one server has asked for. A refusal that says no time is no wish to be left alone."""

    def __init__(self) -> None:
        self._now = datetime.min.replace(tzinfo=UTC)
        self._zone = ZoneInfo("UTC")
        self._busy: Busy | None = None

    def begin(self, now: datetime, zone: ZoneInfo) -> None:
        """A reading begins. Raises `Busy` if it is too early for one; instants in it are told in `zone`."""
        self._now, self._zone = now, zone
        if self._busy is not None and now < self._busy.until:
            raise Busy(str(self._busy), self._busy.until)
        self._busy = None

    def hear(self, page: Page) -> None:
        """Raises `Busy` for an answer that says when to come back."""
        told = wait_told(page, self._now) if page.status in ASKING_FOR_PEACE else None
        if told is not None:
            until = self._now + told
            text = f"{shown(page.url)} wants to be left alone until {until.astimezone(self._zone):%H:%M:%S}"
            advice = "If this happens often, set a longer `every`"
            self._busy = Busy(f"{text} ({page.status}). {advice}.", until)
            raise self._busy
