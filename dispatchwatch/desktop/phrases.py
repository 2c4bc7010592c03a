"""Sentences of the window's frame that are made of what is known: ages, results, what will happen.

The words that never change are in `texts`; what is said of a visit or an alert itself is in domain/wording.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dispatchwatch.app.deeds import Result
from dispatchwatch.app.view import BoardRow, DeliveryLine, FeedLine, LaneLine, Told
from dispatchwatch.desktop import texts
from dispatchwatch.domain.alert import AlertKind, AlertState, Severity
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import Visit
from dispatchwatch.domain.wording import (
    KIND_NAMES,
    SEVERITY_NAMES,
    clock,
    day_and_clock,
    place,
    span,
)


def sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def told_state(told: Told) -> str:
    words = {"sent": "✓", "waiting": "waiting", "sending": "sending", "failed": "failed", "dropped": "not needed"}
    held = f" ({told.held[0].lower()}{told.held[1:]})" if told.held else ""
    return f"{told.channel} {words.get(told.state, told.state)}{held}"


def told_line(told: Sequence[Told]) -> str:
    return "told " + ", ".join(told_state(one) for one in told) if told else ""


def told_pair(told: Sequence[Told]) -> tuple[str, str]:
    """Who has heard, and who has not yet, for a narrow column."""
    heard = [one.channel for one in told if one.state == "sent"]
    others = [told_state(one) for one in told if one.state != "sent"]
    if len(heard) > 1 and not others:
        return f"✓ {heard[0]}", f"✓ {heard[1]}" if len(heard) == 2 else f"✓ {len(heard) - 1} more"
    return (f"✓ {', '.join(heard)}" if heard else ""), ", ".join(others)


def as_of(since: datetime, zone_name: str) -> str:
    return f"as of {clock(since, zone_name, label=False)}"


def window(visit: Visit) -> str:
    """The promised times in the zone of the site."""
    start, end = visit.window_start or visit.sched_start, visit.window_end or visit.sched_end
    if visit.anytime:
        return "any time"
    if start is None:
        return "no time set" if end is None else f"by {clock(end, visit.site.timezone, label=False)}"
    text = clock(start, visit.site.timezone, label=False)
    return text if end is None else f"{text}–{clock(end, visit.site.timezone, label=False)}"


def where(visit: Visit) -> str:
    return visit.site.name or visit.site.address


def row_sentence(row: BoardRow) -> str:
    """A row for a screen reader: with the deadline as a time of day, so that it does not change each second."""
    visit, who = row.visit, row.visit.technician or texts.NOBODY.lower()
    parts = [
        f"{texts.STANDING_NAMES[row.standing]}: {who} at {place(visit.customer.name, visit.site.name)}",
        f"Visit {visit.ext_id}, {visit.title}" if visit.title else f"Visit {visit.ext_id}",
    ]
    if row.deadline is not None:
        parts.append(f"Check-in due {clock(row.deadline, visit.site.timezone)}")
    if row.severity is not None:
        parts.append(f"Alert {SEVERITY_NAMES[row.severity].lower()}, {told_line(row.told) or 'nobody told yet'}")
    if row.acknowledged_by:
        parts.append(f"Acknowledged by {row.acknowledged_by}")
    if row.unverified_since is not None:
        parts.append(f"Not verified, {as_of(row.unverified_since, visit.site.timezone)}")
    return ". ".join(parts) + "."


def row_note(row: BoardRow, now: datetime) -> str:
    """The small words under a row's state."""
    zone_name = row.visit.site.timezone
    if row.unverified_since is not None:
        return as_of(row.unverified_since, zone_name)
    if row.missing_since is not None:
        return f"not in the file since {clock(row.missing_since, zone_name, label=False)}"
    if row.snoozed_until is not None and row.snoozed_until > now:
        return f"snoozed to {clock(row.snoozed_until, zone_name, label=False)}"
    if row.acknowledged_by and row.alert_state is AlertState.ACKNOWLEDGED:
        return f"{row.acknowledged_by} is on it"
    return alert_note(row)


def alert_note(row: BoardRow) -> str:
    """What is wrong with a visit beside where it stands: how badly it is late, or what else."""
    if row.severity is None or row.alert_kind is None or row.standing is Standing.UNASSIGNED:
        return ""
    if row.standing is Standing.LATE and row.alert_kind is AlertKind.LATE_CHECK_IN:
        return SEVERITY_NAMES[row.severity].lower()
    return KIND_NAMES[row.alert_kind].lower() if row.severity is not Severity.INFO and row.outlook is None else ""


def age(moment: datetime | None, now: datetime) -> str:
    return "never" if moment is None else f"{span(max(timedelta(0), now - moment))}"


def feed_pill(feeds: Sequence[FeedLine], now: datetime, *, short: bool = False) -> str:
    """One feed by its age; several by the oldest, named."""
    if not feeds:
        return "no feed"
    oldest = oldest_feed(feeds)
    name = "" if short and oldest.fresh else "feed " if len(feeds) == 1 and oldest.fresh else f"{oldest.name} "
    if oldest.last_good_at is None:
        return f"{oldest.name} {'can’t be read' if oldest.problem else 'being read'}"
    return f"{name}{age(oldest.last_good_at, now)}{' ✓' if oldest.fresh else ' old'}"


def oldest_feed(feeds: Sequence[FeedLine]) -> FeedLine:
    return min(feeds, key=lambda feed: (feed.fresh, feed.last_good_at.timestamp() if feed.last_good_at else 0.0))


def lane_pill(lanes: Sequence[LaneLine], *, short: bool = False) -> str:
    failed, waiting = sum(lane.failed for lane in lanes), sum(lane.waiting for lane in lanes)
    if not lanes:
        return "no channel"
    paused = sum(bool(lane.paused) for lane in lanes)
    if paused:
        return f"{paused} paused" if short else f"{count(paused, 'channel', 'channels')} paused"
    if failed:
        return f"{failed} failed"
    return f"{waiting} waiting" if waiting else "sent ✓"


def board_empty(feeds: Sequence[FeedLine], now: datetime, *, filtered: bool) -> tuple[str, str]:
    """What an empty board says: the headline, and what to do about it."""
    if filtered:
        return "No visit matches", "Clear the search and the filter to see the whole day."
    if not feeds:
        return texts.NO_FEEDS
    unread = [feed for feed in feeds if feed.last_good_at is None]
    if unread:
        name, problem = unread[0].name, unread[0].problem
        if not problem:
            return "Reading the schedule", f"“{name}” is being read for the first time; that takes a moment."
        return "No visits to show yet", f"The schedule “{name}” can’t be read: {sentence(problem)}"
    feed = oldest_feed(feeds)
    source = feed.sources or feed.name
    read = f"The schedule was read {age(feed.last_good_at, now)} ago from {source}."
    return texts.NO_VISITS, f"{read}\n{texts.IF_THERE_SHOULD_BE}"


def results(deeds: Sequence[Result]) -> str:
    """What became of what was asked: one thing in its own words, many counted, and every refusal plainly."""
    done, refused = [one for one in deeds if one.done], [one for one in deeds if not one.done]
    if len(deeds) == 1:
        return sentence(deeds[0].text)
    text = f"{len(done)} done" if not refused else f"{len(done)} done, {len(refused)} not"
    shown = " ".join(sentence(f"{one.subject}: {one.text}") for one in refused[:3])
    more = f" And {len(refused) - 3} more." if len(refused) > 3 else ""
    return f"{sentence(text)} {shown}{more}".strip()


def not_asked(problem: BaseException) -> str:
    return f"That did not reach the engine, nothing was changed: {sentence(str(problem) or type(problem).__name__)}"


def delivery_result(line: DeliveryLine, now: datetime, zone_name: str, limit: str = "") -> str:
    """The last column of what was sent: how it went, in plain words. `limit` is what its channel waits for."""
    if line.state in {"waiting", "sending"}:
        left = line.next_attempt_at - now
        if limit and line.state == "waiting" and left <= timedelta(0):
            return limit
        if line.held and not line.error and left > timedelta(0):
            return line.held
        when = f"next try in {span(left)}" if left > timedelta(0) else "trying now"
        return f"{when} – {line.error}" if line.error else when
    if line.state == "failed":
        return line.error or "Given up"
    if line.state == "sent" and line.settled_at is not None:
        arrived = f"arrived {clock(line.settled_at, zone_name, label=False)}"
        return f"{arrived} – {line.error}" if line.error else arrived
    return "no longer needed" if line.state == "dropped" else ""


def lane_state(lane: LaneLine, now: datetime) -> str:
    parts = []
    if lane.waiting:
        parts.append(f"{lane.waiting} waiting")
    if lane.failed:
        parts.append(f"{lane.failed} failed")
    if lane.resting_until is not None and lane.resting_until > now:
        parts.append(f"next try in {span(lane.resting_until - now)}")
    elif lane.limit:
        parts.append(f"{lane.limit[0].lower()}{lane.limit[1:]}")
    if lane.last_success_at is None:
        parts.append("nothing sent yet")
    else:
        parts.append(f"last arrived {age(lane.last_success_at, now)} ago")
    return " · ".join(parts)


def rows_of(feed: str) -> str:
    return f"Rows of “{feed}” that need a look"


def feed_age(feed: FeedLine, now: datetime) -> str:
    if feed.last_good_at is None:
        return "Not read yet"
    text = f"Read {age(feed.last_good_at, now)} ago, every {span(feed.interval)}"
    if feed.source_at is not None:
        text += f"; written {age(feed.source_at, now)} ago"
    return text


def feed_figures(feed: FeedLine) -> str:
    text = count(feed.visits, "visit", "visits")
    return f"{text}, {count(feed.bad_rows, 'row', 'rows')} could not be read" if feed.bad_rows else text


def delivery_sentence(line: DeliveryLine, zone_name: str) -> str:
    what = texts.OPERATION_NAMES[line.operation].lower()
    state = texts.DELIVERY_NAMES.get(line.state, line.state)
    twice = f", {texts.MAY_HAVE_ARRIVED_TWICE}" if line.may_have_arrived else ""
    text = f"{state}{twice}: {line.headline} ({what}) to {line.channel}, owed since {clock(line.created_at, zone_name)}"
    more = " ".join(part for part in (line.held if line.state == "waiting" else "", line.error) if part)
    return sentence(f"{sentence(text)} {more}" if more else text)


def tray_tip(number: int) -> str:
    return f"{texts.APPLICATION} – {count(number, 'open alert', 'open alerts') if number else 'nothing needs you'}"


def not_started(problem: BaseException) -> str:
    return f"DispatchWatch can’t start: {sentence(str(problem) or type(problem).__name__)}"


def not_saved(path: object) -> str:
    return f"The picture {path} could not be saved. Is the folder writable?"


def bad_pair(qt: str, python: str) -> str:
    return (
        f"PySide6 {qt} on Python {python} loses memory references and would abort within minutes. "
        "Use Python 3.12 or later, or PySide6 before 6.12."
    )


def signed_in(user: str) -> str:
    return f"Signed in as {user}"


def due(deadline: datetime, zone_name: str) -> str:
    return f"Due {day_and_clock(deadline, zone_name)}"


def count_that_filters(number: int, word: str) -> str:
    return f"{number} {word}. Shows only these."
