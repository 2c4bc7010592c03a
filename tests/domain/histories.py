"""What rules are asked about: a visit with its past, as one sighting after the other leaves it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules import Facts, Index
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.watched import Seen, Watched, sight
from tests.fakes.office import CHICAGO, at, seconds, visit


def history(*told: tuple[str | datetime, dict[str, Any]], ext_id: str = "J-1042") -> Watched:
    """The visit as sighted at each of these times with these facts; nothing was seen of it before the first."""
    watched, since = None, None
    for moment, changes in told:
        now = moment if isinstance(moment, datetime) else at(moment)
        watched = sight(watched, visit(ext_id, **changes), Seen(since, now))
        since = now
    assert watched is not None
    return watched


def facts_of(now: datetime, watched: Iterable[Watched], office: OfficeHours | None = None, **thresholds: Any) -> Facts:
    visits = {one.key: one for one in watched}
    return Facts(
        now=now,
        awake_since=now - timedelta(days=1),
        visits=visits,
        feeds={"today": FeedHealth(feed="today", interval=seconds(30), last_good_at=now)},
        policy=Policy(Thresholds(**thresholds)),
        office=office or OfficeHours(CHICAGO),
        index=Index.of(visits, ["today"]),
    )
