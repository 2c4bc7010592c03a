"""Sentences of the window's frame that are made of what is known: ages, results, what will happen.

The words that never change are in `texts`; what is said of a visit or an alert itself is in domain/wording.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from dispatchwatch.app.view import BoardRow, DeliveryLine, LaneLine, Told
from dispatchwatch.desktop import texts
from dispatchwatch.desktop.initials import initials_of
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


def crew(visit: Visit) -> str:
    """Who goes; a source that does not say so is not taken for nobody."""
    return visit.technician or (texts.NOT_TOLD_WHO if visit.silent_on_crew else texts.NOBODY)


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
    visit, who = row.visit, row.visit.technician or crew(row.visit).lower()
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
    if visit.assigned_by:
        parts.append(f"Reassigned at the desk by {visit.assigned_by}")
    if row.unverified_since is not None:
        parts.append(f"Not verified, {as_of(row.unverified_since, visit.site.timezone)}")
    return ". ".join(parts) + "."


def row_note(row: BoardRow, now: datetime) -> str:
    """The small words under a row's state."""
    zone_name = row.visit.site.timezone
    if row.unverified_since is not None:
        return f"{age(row.unverified_since, now)} old"
    if row.missing_since is not None:
        return f"not in the file since {clock(row.missing_since, zone_name, label=False)}"
    if row.snoozed_until is not None and row.snoozed_until > now:
        return f"snoozed to {clock(row.snoozed_until, zone_name, label=False)}"
    if row.acknowledged_by and row.alert_state is AlertState.ACKNOWLEDGED:
        return on_it(row.acknowledged_by, row.acknowledged_at, zone_name)
    return texts.REASSIGNED_AT_DESK if row.visit.assigned_by else alert_note(row)


def on_it(name: str, since: datetime | None, zone_name: str) -> str:
    """Who has taken an alert on, where there is little room: "on it: AR 14:03"."""
    return f"on it: {initials_of(name)}{f' {clock(since, zone_name, label=False)}' if since else ''}"


def alert_note(row: BoardRow) -> str:
    """What is wrong with a visit beside where it stands: how badly it is late, or what else."""
    if row.severity is None or row.alert_kind is None or row.standing is Standing.UNASSIGNED:
        return ""
    if row.standing is Standing.LATE and row.alert_kind is AlertKind.LATE_CHECK_IN:
        return SEVERITY_NAMES[row.severity].lower()
    return KIND_NAMES[row.alert_kind].lower() if row.severity is not Severity.INFO and row.outlook is None else ""


def age(moment: datetime | None, now: datetime) -> str:
    return "never" if moment is None else f"{span(max(timedelta(0), now - moment))}"


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
        oldest = f", the oldest for {age(lane.waiting_since, now)}" if lane.waiting_since is not None else ""
        parts.append(f"{lane.waiting} waiting{oldest}")
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


def delivery_sentence(line: DeliveryLine, zone_name: str) -> str:
    what = texts.OPERATION_NAMES[line.operation].lower()
    state = texts.DELIVERY_NAMES.get(line.state, line.state)
    twice = f", {texts.MAY_HAVE_ARRIVED_TWICE}" if line.may_have_arrived else ""
    text = f"{state}{twice}: {line.headline} ({what}) to {line.channel}, owed since {clock(line.created_at, zone_name)}"
    more = " ".join(part for part in (line.held if line.state == "waiting" else "", line.error) if part)
    return sentence(f"{sentence(text)} {more}" if more else text)


def given_to(visit: Visit) -> str:
    """Whom a check-in link is for."""
    who = visit.technician or crew(visit).lower()
    return f"For {who}: {visit.ext_id} at {place(visit.customer.name, visit.site.name)}."


def reach(url: str) -> str:
    """A warning where others can't open an address; empty where they can."""
    host = urlsplit(url).hostname or ""
    try:
        alone = ip_address(host).is_loopback
    except ValueError:
        alone = host == "localhost"
    return texts.ONLY_HERE if alone else ""


def code_for(technician: str) -> str:
    return f"Make a code for {technician}"


def code_made(technician: str) -> str:
    return f"For {technician}. {texts.CODE_LIVES}"


def changing(ext_id: str) -> str:
    return f"Change {ext_id}"


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


def due(deadline: datetime, zone_name: str) -> str:
    return f"Due {day_and_clock(deadline, zone_name)}"


def count_that_filters(number: int, word: str) -> str:
    return f"{number} {word}. Shows only these."
