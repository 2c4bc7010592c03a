"""What is said of schedules that can't be read, or can't be believed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dispatchwatch.domain.alert import Alert, AlertKind
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.wording.plain import span
from dispatchwatch.domain.wording.voice import Rows, Voice

ENDED_BY_FEED_REMOVAL = "This feed is no longer watched"
ENDED_BY_RECOVERY = "The schedule can be read again"
ENDED_BY_NORMAL_SNAPSHOT = "The schedule has its usual size again"
ACCEPTED_BY_HAND = "The smaller schedule was accepted"


def shrunk_facts(health: FeedHealth) -> dict[str, str]:
    return {"feed": health.feed, "rows": str(health.rows), "shrunken_rows": str(health.shrunken_rows)}


def feed_subject(alert: Alert) -> str:
    return f"feed “{alert.feed}”"


def feed_rows(alert: Alert) -> Rows:
    return (("Feed", alert.feed),)


def _stale_headline(alert: Alert, now: datetime) -> str:
    age, problem = span(now - alert.due_at), alert.facts.get("problem", "")
    return f"The schedule “{alert.feed}” can’t be read, limit passed {age} ago: {problem}"


def _shrunk_headline(alert: Alert, _now: datetime) -> str:
    fewer, before = alert.facts.get("shrunken_rows", "?"), alert.facts.get("rows", "?")
    return f"The schedule “{alert.feed}” suddenly holds {fewer} visits instead of {before}; the last good one is kept"


VOICES: Mapping[AlertKind, Voice] = {
    AlertKind.STALE_FEED: Voice(
        name="Schedule out of date",
        headline=_stale_headline,
        title=lambda alert, _: f"Schedule out of date: {alert.feed}",
        detail=lambda alert: alert.facts.get("problem") or _stale_headline(alert, alert.raised_at),
        next_step=lambda _: (
            "Look whether the file is still being exported. Until then the board shows the last good schedule."
        ),
        subject=feed_subject,
        rows=feed_rows,
    ),
    AlertKind.FEED_SHRUNK: Voice(
        name="Schedule shrunk",
        headline=_shrunk_headline,
        title=lambda alert, _: f"Schedule shrunk: {alert.feed}",
        detail=lambda alert: _shrunk_headline(alert, alert.raised_at),
        next_step=lambda _: "Is the smaller schedule right? Resolve this alert to use it. Otherwise mend the export.",
        subject=feed_subject,
        rows=feed_rows,
    ),
    AlertKind.CLOCK_SKEW: Voice(
        name="Clocks differ",
        headline=lambda alert, _: f"Clocks differ: {alert.feed}",
        title=lambda alert, _: f"Clocks differ: {alert.feed}",
        next_step=lambda _: "",
        subject=feed_subject,
        rows=feed_rows,
    ),
}
