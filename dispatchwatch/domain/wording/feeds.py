"""What is said of schedules that can't be read, or can't be believed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from dispatchwatch.domain.alert import Alert, AlertKind
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.wording.plain import day_and_clock, instant_of, kept, span, zone_of
from dispatchwatch.domain.wording.voice import Rows, Voice

ENDED_BY_FEED_REMOVAL = "This feed is no longer watched"
ENDED_BY_RECOVERY = "The schedule can be read again"
ENDED_BY_NORMAL_SNAPSHOT = "The schedule has its usual size again"
ENDED_BY_OTHER_SNAPSHOT = "A later reading took its place, too small as well"
ENDED_BY_NEWS = "The schedule is being updated again"
ENDED_BY_OUTAGE = "It has become worse: the schedule can’t be read at all"
ENDED_BY_AGREEMENT = "The clocks agree again"
ENDED_BY_NEXT_DAY = "That day is over; the clocks are compared anew each day"
ACCEPTED_BY_HAND = "The smaller schedule was accepted"


def shrunk_facts(health: FeedHealth) -> dict[str, str]:
    return {"feed": health.feed, "rows": str(health.rows), "shrunken_rows": str(health.shrunken_rows)}


def frozen_facts(health: FeedHealth, since: datetime, zone: str) -> dict[str, str]:
    return {"feed": health.feed, "unchanged_since": kept(since), "timezone": zone}


def skew_facts(feed: str, ahead: timedelta, zone: str) -> dict[str, str]:
    """`ahead` in seconds; negative where the source's clock is behind ours."""
    return {"feed": feed, "ahead": str(round(ahead.total_seconds())), "timezone": zone}


def feed_subject(alert: Alert) -> str:
    return f"feed “{alert.feed}”"


def feed_rows(alert: Alert) -> Rows:
    return (("Feed", alert.feed),)


def _stale_headline(alert: Alert, now: datetime) -> str:
    since = instant_of(alert.facts, "unchanged_since")
    if since is not None:
        last = f"{day_and_clock(since, zone_of(alert.facts))} ({span(now - since)} ago)"
        still = f"The schedule “{alert.feed}” is read, but has not changed since {last}, though visits were due"
        return f"{still}; check-ins may be missing from it"
    age, problem = span(now - alert.due_at), alert.facts.get("problem", "")
    return f"The schedule “{alert.feed}” can’t be read, limit passed {age} ago: {problem}"


def _stale_title(alert: Alert, _now: datetime) -> str:
    if "unchanged_since" in alert.facts:
        return f"Schedule stands still: {alert.feed}"
    return f"Schedule out of date: {alert.feed}"


def _stale_step(alert: Alert) -> str:
    if "unchanged_since" in alert.facts:
        return "Look whether the export still runs. Until then call before you trust that somebody is late."
    return "Look whether the file is still being exported. Until then the board shows the last good schedule."


def _skew_headline(alert: Alert, _now: datetime) -> str:
    seconds = int(alert.facts.get("ahead", "0"))
    off = f"{span(timedelta(seconds=seconds))} {'behind' if seconds < 0 else 'ahead of'} ours" if seconds else "wrong"
    return f"The clock at the source of “{alert.feed}” is {off}; no time from it counts as later than we read it"


def _shrunk_headline(alert: Alert, _now: datetime) -> str:
    fewer, before = alert.facts.get("shrunken_rows", "?"), alert.facts.get("rows", "?")
    return f"The schedule “{alert.feed}” suddenly holds {fewer} visits instead of {before}; the last good one is kept"


VOICES: Mapping[AlertKind, Voice] = {
    AlertKind.STALE_FEED: Voice(
        name="Schedule out of date",
        headline=_stale_headline,
        title=_stale_title,
        detail=lambda alert: alert.facts.get("problem") or _stale_headline(alert, alert.raised_at),
        next_step=_stale_step,
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
        headline=_skew_headline,
        title=lambda alert, _: f"Clocks differ: {alert.feed}",
        detail=lambda alert: _skew_headline(alert, alert.raised_at),
        next_step=lambda _: (
            "Set the clock of the computer or the phones that write the times, or this one’s; both should get their"
            " time from the internet."
        ),
        subject=feed_subject,
        rows=feed_rows,
    ),
}
