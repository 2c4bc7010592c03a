"""What is said of visits that were moved: at short notice, or again and again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from dispatchwatch.domain.alert import Alert, AlertKind
from dispatchwatch.domain.visit import Visit
from dispatchwatch.domain.watched import Move
from dispatchwatch.domain.wording.notice import from_to, gap, notice_row, when_row
from dispatchwatch.domain.wording.plain import (
    clock,
    day_and_clock,
    instant_of,
    kept,
    span,
    where_of,
    who_of,
    zone,
    zone_of,
)
from dispatchwatch.domain.wording.voice import Rows, Voice

PULLED_IN, PUSHED_OUT = "pulled in", "pushed out"
OTHER_DAY = " to another day"


def move_facts(move: Move, zone_name: str) -> dict[str, str]:
    """What an alert keeps of a move besides its notice: both starts, and which way it went."""
    local = zone(zone_name)
    same_day = move.old.astimezone(local).date() == move.new.astimezone(local).date()
    direction = PUSHED_OUT if move.new > move.old else PULLED_IN
    return {
        "old_start": kept(move.old),
        "new_start": kept(move.new),
        "direction": direction if same_day else direction + OTHER_DAY,
    }


def drift_facts(visit: Visit, first_start: datetime | None, moves: int, days: int) -> dict[str, str]:
    """What an alert keeps of a visit that drifts."""
    known = {
        "first_start": kept(first_start),
        "new_start": kept(visit.start),
        "moves": str(moves) if moves else "",
        "days": str(days) if days else "",
    }
    return {name: value for name, value in known.items() if value}


def _starts(alert: Alert) -> tuple[datetime | None, datetime | None]:
    return instant_of(alert.facts, "old_start"), instant_of(alert.facts, "new_start")


def _moved_headline(alert: Alert, _now: datetime) -> str:
    old, new = _starts(alert)
    how = " ".join(part for part in (alert.facts.get("direction", "moved"), gap(alert.facts, old)) if part)
    told = f"The visit at {where_of(alert.facts)} was {how}"
    return f"{told} – from {from_to(old, new, zone_of(alert.facts))}" if old and new else told


def _moved_title(alert: Alert, _now: datetime) -> str:
    _, new = _starts(alert)
    to = f" to {day_and_clock(new, zone_of(alert.facts))}" if new else " at short notice"
    return f"Moved{to}: {alert.facts.get('customer') or alert.ext_id}"


def _moved_next_step(alert: Alert) -> str:
    (old, new), who = _starts(alert), who_of(alert.facts, "the technician")
    to = day_and_clock(new, zone_of(alert.facts)) if new else "then"
    if alert.facts.get("direction", "").startswith(PULLED_IN):
        todo = f"Make sure that {who} can be there at {to}."
    else:
        was = f" from {clock(old, zone_of(alert.facts))} on" if old else ""
        todo = f"Tell {who}, and use the time that is free{was}."
    return f"{todo} Acknowledge to say that you took note; that closes it."


def _moved_rows(alert: Alert) -> Rows:
    old, new = _starts(alert)
    return (
        ("Old start", day_and_clock(old, zone_of(alert.facts)) if old else ""),
        ("New start", day_and_clock(new, zone_of(alert.facts)) if new else ""),
        ("Moved", when_row(alert.facts)),
        ("Notice", notice_row(alert.facts)),
    )


def _moved_detail(alert: Alert) -> str:
    old, new = _starts(alert)
    times = f"was {from_to(old, new, zone_of(alert.facts), ', now ')}" if old and new else ""
    return " · ".join(part for part in (where_of(alert.facts), alert.ext_id, times) if part)


def _how_far(facts: Mapping[str, str]) -> str:
    """ "been moved 3 times", "slipped 2 business days"."""
    moves, days = facts.get("moves"), facts.get("days")
    if days and int(days) > 0 and facts.get("bucket") == "days":
        return f"slipped {_count(int(days), 'business day')}"
    return f"been moved {_count(int(moves), 'time')}" if moves else "been moved again and again"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _drift_headline(alert: Alert, _now: datetime) -> str:
    told = f"The visit at {where_of(alert.facts)} has {_how_far(alert.facts)}"
    times = _promised(alert)
    return f"{told} – {times}" if times else told


def _promised(alert: Alert) -> str:
    first, now = instant_of(alert.facts, "first_start"), instant_of(alert.facts, "new_start")
    if first is None or now is None:
        return ""
    return f"first promised for {from_to(first, now, zone_of(alert.facts), ', now for ')}"


def _drift_title(alert: Alert, _now: datetime) -> str:
    return f"Has {_how_far(alert.facts)}: {alert.facts.get('customer') or alert.ext_id}"


def _drift_next_step(alert: Alert) -> str:
    phone = alert.facts.get("customer_phone")
    call = f"Call the customer{f' ({phone})' if phone else ''} and settle a time that holds."
    return f"{call} Find out what keeps the visit from taking place."


def _drift_rows(alert: Alert) -> Rows:
    facts = alert.facts
    first, now = instant_of(facts, "first_start"), instant_of(facts, "new_start")
    return (
        ("First promised", day_and_clock(first, zone_of(facts)) if first else ""),
        ("Now", day_and_clock(now, zone_of(facts)) if now else ""),
        ("Moves", facts.get("moves", "")),
        ("Later by", _count(int(facts["days"]), "business day") if facts.get("days") else ""),
    )


def _drift_detail(alert: Alert) -> str:
    return " · ".join(part for part in (where_of(alert.facts), alert.ext_id, _promised(alert)) if part)


def ended_by_moving_back(old: datetime, within: timedelta, zone_name: str) -> str:
    return f"The visit was moved back to {day_and_clock(old, zone_name)} within {span(within)}"


def ended_by_another_move(visit: Visit) -> str:
    if visit.start is None:
        return "The visit was moved again; it now has no fixed time"
    return f"The visit was moved again; it now starts {day_and_clock(visit.start, visit.site.timezone)}"


def ended_by_drifting_on(moves: int) -> str:
    return f"The visit has by now been moved {_count(moves, 'time')}"


def ended_by_return(visit: Visit) -> str:
    if visit.start is None:
        return "The visit no longer has a fixed time"
    return f"The visit is back near its first promise; it now starts {day_and_clock(visit.start, visit.site.timezone)}"


ENDED_BY_COMPLETION = "The work was completed"


def taken_note(by: str, note: str = "") -> str:
    """How an alert that is news and nothing else ends, once somebody has acknowledged it."""
    return f"{by} took note{f': {note}' if note else ''}"


VOICES: Mapping[AlertKind, Voice] = {
    AlertKind.RESCHEDULED_SHORT_NOTICE: Voice(
        name="Moved at short notice",
        headline=_moved_headline,
        title=_moved_title,
        next_step=_moved_next_step,
        detail=_moved_detail,
        rows=_moved_rows,
    ),
    AlertKind.RESCHEDULE_DRIFT: Voice(
        name="Moved again and again",
        headline=_drift_headline,
        title=_drift_title,
        next_step=_drift_next_step,
        detail=_drift_detail,
        rows=_drift_rows,
    ),
}
