"""Leaving a server alone for as long as it asks to be (Retry-After of RFC 9110, section 10.2.3)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.web import Page, shown

ASKING_FOR_PEACE = frozenset({429, 503})
SECONDS = re.compile(r"\d{1,12}(\.\d*)?", re.ASCII)
RESETS = ("x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset")
A_DATE = 1_000_000_000
"""Rate limits are reset in so many seconds or, where the number is this large, at that instant of the epoch."""
LONGEST_WAIT = timedelta(hours=1)


class Busy(FeedError):
    """The source wants to be left alone until `until`."""

    def __init__(self, text: str, until: datetime) -> None:
        super().__init__(text)
        self.until = until


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


def wait_told(page: Page, at: datetime) -> timedelta | None:
    """How long a source wants to be left alone (Retry-After of RFC 9110, section 10.2.3, or the rate limit headers in
    use): between nothing and an hour. None where it does not say. Instants are taken by the source's own clock."""
    clock = page.date or at
    value = page.headers.get("retry-after", "").strip()
    if SECONDS.fullmatch(value):
        return _bounded(float(value))
    try:
        told = parsedate_to_datetime(value)
        return _bounded(((told if told.tzinfo else told.replace(tzinfo=UTC)) - clock).total_seconds())
    except (ValueError, TypeError, OverflowError, IndexError):
        pass  # says nothing, or nothing that can be read
    reset = next((page.headers[name].strip() for name in RESETS if name in page.headers), "")
    if not SECONDS.fullmatch(reset):
        return None
    number = float(reset)
    return _bounded(number - clock.timestamp() if number > A_DATE else number)


def _bounded(seconds: float) -> timedelta:
    return timedelta(seconds=min(max(seconds, 0.0), LONGEST_WAIT.total_seconds()))
