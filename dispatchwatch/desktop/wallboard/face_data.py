"""What the wallboard says, worked out without Qt: the rows that fit, the counts, and how old it all is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatchwatch.app.view import BoardRow, FeedLine
from dispatchwatch.desktop import feed_phrases
from dispatchwatch.desktop.board.order import urgency
from dispatchwatch.desktop.phrases import age, count
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.wording import clock

SHOWN = frozenset(
    {
        Standing.LATE,
        Standing.SOON,
        Standing.UNASSIGNED,
        Standing.UNKNOWN,
        Standing.EN_ROUTE,
        Standing.LATER,
    }
)
COUNTED = (Standing.LATE, Standing.SOON, Standing.UNASSIGNED, Standing.EN_ROUTE, Standing.ON_SITE, Standing.DONE)
TOO_OLD = timedelta(minutes=5)
TICKS = timedelta(seconds=30)
"""So long the engine may say nothing at all before what is shown counts as old; it reports far more often."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old what is shown is, in words; `is_old` where nobody may rely on it."""

    text: str
    is_old: bool


@dataclass(frozen=True, slots=True)
class Face:
    """`rows` are the most urgent that fit; `more` tells of the others, empty where none are left out."""

    rows: tuple[BoardRow, ...]
    more: str
    counts: Mapping[Standing, int]


def face(rows: Collection[BoardRow], fits: int) -> Face:
    shown = sorted((row for row in rows if row.standing in SHOWN), key=lambda row: (*urgency(row), row.key))
    left_out = shown[fits:]
    late = sum(row.standing is Standing.LATE for row in left_out)
    words = f"and {count(late, 'more late visit', 'more late visits')}" if late else f"and {len(left_out)} more"
    return Face(tuple(shown[:fits]), words if left_out else "", Counter(row.standing for row in rows))


def freshness(feeds: Sequence[FeedLine], now: datetime, zone_name: str) -> Freshness:
    """By the feed that was read longest ago. It ages by itself, whether or not anybody still reports."""
    known = feed_phrases.set_up(feeds)
    if not known:
        return Freshness("No schedule is set up", is_old=True)
    oldest = feed_phrases.oldest_feed(known)
    if oldest.last_good_at is None:
        return Freshness("The schedule has not been read yet", is_old=True)
    is_old = not oldest.fresh or now - oldest.last_good_at > max(TOO_OLD, 3 * oldest.interval)
    since = age(oldest.last_good_at, now)
    if is_old:
        at = clock(oldest.last_good_at, zone_name)
        return Freshness(f"OLD: last read {at}, {since} ago. What is shown may be wrong", is_old=True)
    return Freshness(f"Schedule read {since} ago", is_old=False)
