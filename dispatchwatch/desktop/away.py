"""What the window says after nobody watched: for how long, and whether what it shows can be believed again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Slot

from dispatchwatch.app.events import Awoke, StatusChanged
from dispatchwatch.app.typed_visit import DESK
from dispatchwatch.app.view import FeedLine
from dispatchwatch.desktop import toast_phrases
from dispatchwatch.desktop.bridge import Bridge
from dispatchwatch.desktop.strip import Line, Strip
from dispatchwatch.desktop.tokens import Tone

TOPIC = "away"
WORTH_SAYING = timedelta(minutes=1)
SHOWN_FOR = timedelta(minutes=15)


class Away(QObject):
    def __init__(self, strip: Strip, bridge: Bridge, zone_name: str, now: Callable[[], datetime]) -> None:
        super().__init__(strip)
        self._strip = strip
        self._zone_name = zone_name
        self._now = now
        self._awoke: Awoke | None = None
        self._feeds: tuple[FeedLine, ...] = ()
        bridge.awoke.connect(self._take)
        bridge.status_changed.connect(self._take_status)

    @Slot(object)
    def _take(self, awoke: Awoke) -> None:
        if awoke.pause >= WORTH_SAYING or awoke.step:
            self._awoke = awoke
            self._say(said(awoke, self._feeds, self._zone_name))

    @Slot(object)
    def _take_status(self, status: StatusChanged) -> None:
        self._feeds = status.feeds
        awoke = self._awoke
        if awoke is None or TOPIC not in self._strip.topics:
            return
        if self._now() - awoke.at >= SHOWN_FOR:
            self._awoke = None
            self._strip.drop(TOPIC)
            return
        self._say(said(awoke, self._feeds, self._zone_name))

    def _say(self, text: str) -> None:
        self._strip.say(TOPIC, Line(text, "system", Tone.INFO))


def said(awoke: Awoke, feeds: tuple[FeedLine, ...], zone_name: str) -> str:
    """What happened, and what came of reading the schedule since."""
    happened = toast_phrases.nobody_watched(awoke.pause, awoke.step)
    read = [feed for feed in feeds if feed.name != DESK]
    if not read:
        return f"{happened}."
    if any(feed.last_attempt_at is None or feed.last_attempt_at < awoke.at for feed in read):
        return f"{happened}. {toast_phrases.READING}"
    failed = [feed.name for feed in read if feed.last_good_at is None or feed.last_good_at < awoke.at]
    if failed:
        return f"{happened}; {toast_phrases.not_read_again(failed)}"
    return f"{happened}; {toast_phrases.read_again(first_good(read, awoke.at), zone_name)}"


def first_good(feeds: list[FeedLine], since: datetime) -> datetime:
    """When the whole schedule was known again."""
    return max(feed.last_good_at for feed in feeds if feed.last_good_at is not None and feed.last_good_at >= since)
