"""What is said of visits that vanish, that contradict themselves, or whose status nobody can read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from dispatchwatch.domain.alert import Alert, AlertKind
from dispatchwatch.domain.soundness import Conflict
from dispatchwatch.domain.visit import Visit
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.wording.plain import (
    clock,
    day_and_clock,
    instant_of,
    kept,
    visit_facts,
    where_of,
    zone_of,
)
from dispatchwatch.domain.wording.voice import Rows, Voice

ENDED_BY_PAST_DAY = "Its day is over, and nobody has put it right"
ENDED_BY_CORRECTION = "The facts were corrected; they no longer contradict each other"
ENDED_BY_OTHER_CONFLICT = "The facts have changed; what contradicts now is another thing"
ENDED_BY_MAPPING = "No visit in the schedule bears this word as one that nobody knows any more"
LONGEST_WORD = 60


def missing_facts(watched: Watched, start: datetime) -> dict[str, str]:
    known = {"starts_at": kept(start), "missing_since": kept(watched.missing_since)}
    return {**visit_facts(watched.visit), **{name: text for name, text in known.items() if text}}


def ended_by_return(visit: Visit, at: datetime | None) -> str:
    if at is None:
        return "The visit is back in the schedule"
    return f"The visit is back in the schedule at {clock(at, visit.site.timezone)}"


def ended_by_new_id(other: Visit) -> str:
    return f"The visit is in the schedule under another number: it is now under {other.ext_id}"


def _missing_headline(alert: Alert, _now: datetime) -> str:
    facts = alert.facts
    start, since = instant_of(facts, "starts_at"), instant_of(facts, "missing_since")
    planned = f", planned for {day_and_clock(start, zone_of(facts))}," if start else ""
    gone = f" since {clock(since, zone_of(facts))}" if since else ""
    text = f"The visit {alert.ext_id} at {where_of(facts)}{planned} has been missing from the schedule{gone}"
    return f"{text}, and nobody has cancelled it"


def _missing_detail(alert: Alert) -> str:
    start = instant_of(alert.facts, "starts_at")
    planned = f" · planned for {day_and_clock(start, zone_of(alert.facts))}" if start else ""
    return f"{where_of(alert.facts)} · {alert.ext_id}{planned}"


def _missing_step(alert: Alert) -> str:
    who = alert.facts.get("technician")
    tell = f" If it is off, tell {who} and cancel it at the desk." if who else " If it is off, cancel it at the desk."
    return f"Look in the office software whether it was deleted by mistake or filed under another number.{tell}"


def _missing_rows(alert: Alert) -> Rows:
    start, since = instant_of(alert.facts, "starts_at"), instant_of(alert.facts, "missing_since")
    return (
        ("Planned for", day_and_clock(start, zone_of(alert.facts)) if start else ""),
        ("Missing since", day_and_clock(since, zone_of(alert.facts)) if since else ""),
    )


def conflict_facts(watched: Watched) -> dict[str, str]:
    """The contradictions, each time in doubt as `told_<field>`, and whether there was an earlier state to keep."""
    return {
        **visit_facts(watched.visit),
        "conflicts": ",".join(watched.conflicts),
        **{f"told_{one.field}": kept(one.at) for one in watched.contradicting},
        "kept": "" if watched.conflicts_since == watched.first_seen_at else "yes",
    }


def _contradictions(alert: Alert) -> list[str]:
    codes = alert.facts.get("conflicts", "").split(",")
    return [phrase(alert.facts) for code, phrase in _PHRASES.items() if code in codes]


def _told(facts: Mapping[str, str], field: str) -> str:
    at = instant_of(facts, f"told_{field}")
    return f"at {clock(at, zone_of(facts))}" if at else "at an unknown time"


def _arrival(facts: Mapping[str, str]) -> str:
    return _told(facts, "arrived_at" if "told_arrived_at" in facts else "started_at")


def _before_start(facts: Mapping[str, str]) -> str:
    starts = [at for name in ("arrived_at", "started_at") if (at := instant_of(facts, f"told_{name}"))]
    start = f"at {clock(max(starts), zone_of(facts))}" if starts else "at an unknown time"
    return f"completed {_told(facts, 'completed_at')}, before the start {start}"


def _cancelled_there(facts: Mapping[str, str]) -> str:
    when = f" {_told(facts, 'cancelled_at')}" if "told_cancelled_at" in facts else ""
    return f"cancelled{when}, though the technician checked in {_arrival(facts)}"


def _planned_backwards(facts: Mapping[str, str]) -> str:
    return f"planned to end {_told(facts, 'sched_end')}, before its start {_told(facts, 'sched_start')}"


def _window_backwards(facts: Mapping[str, str]) -> str:
    return f"a window that closes {_told(facts, 'window_end')}, before it opens {_told(facts, 'window_start')}"


_PHRASES: Mapping[Conflict, Callable[[Mapping[str, str]], str]] = {
    Conflict.ARRIVED_BEFORE_EN_ROUTE: lambda facts: (
        f"arrived {_told(facts, 'arrived_at')}, before being on the way {_told(facts, 'en_route_at')}"
    ),
    Conflict.COMPLETED_BEFORE_START: _before_start,
    Conflict.END_BEFORE_START: _planned_backwards,
    Conflict.WINDOW_END_BEFORE_START: _window_backwards,
    Conflict.CANCELLED_WITH_CHECK_IN: _cancelled_there,
    Conflict.EN_ROUTE_IN_FUTURE: lambda facts: f"on the way {_told(facts, 'en_route_at')}, which is still to come",
    Conflict.ARRIVED_IN_FUTURE: lambda facts: f"arrived {_told(facts, 'arrived_at')}, which is still to come",
    Conflict.STARTED_IN_FUTURE: lambda facts: f"work started {_told(facts, 'started_at')}, which is still to come",
    Conflict.COMPLETED_IN_FUTURE: lambda facts: f"completed {_told(facts, 'completed_at')}, which is still to come",
    Conflict.CANCELLED_IN_FUTURE: lambda facts: f"cancelled {_told(facts, 'cancelled_at')}, which is still to come",
    Conflict.REPEATED: lambda _: "several rows with this number, which do not agree",
}


def _conflict_headline(alert: Alert, _now: datetime) -> str:
    found = "; ".join(_contradictions(alert)) or "what is told of it cannot all be true"
    return f"The visit {alert.ext_id} at {where_of(alert.facts)} contradicts itself: {found}. {_what_counts(alert)}"


def _what_counts(alert: Alert) -> str:
    codes = alert.facts.get("conflicts", "")
    if codes == Conflict.REPEATED:
        return "The last of the rows counts"
    if alert.facts.get("kept"):
        return "The visit is kept as it was"
    return "What is in doubt is left out"


def _conflict_detail(alert: Alert) -> str:
    return f"{alert.ext_id} · {'; '.join(_contradictions(alert)) or where_of(alert.facts)}"


def _conflict_step(alert: Alert) -> str:
    who = alert.facts.get("technician")
    ask = f"Ask {who} what is right" if who else "Find out what is right"
    return f"{ask} and correct it in the office software; this ends by itself then."


def unmapped_facts(feed: str, bearers: Sequence[Watched]) -> dict[str, str]:
    """`bearers` are the visits with the word, one at least; the first one's spelling and id are given as an example."""
    first = bearers[0]
    return {"feed": feed, "word": first.unread_status, "visits": str(len(bearers)), "example": first.key.ext_id}


def _word(alert: Alert) -> str:
    word = alert.facts.get("word", "?")
    return word if len(word) <= LONGEST_WORD else f"{word[:LONGEST_WORD]}…"


def _unmapped_headline(alert: Alert, _now: datetime) -> str:
    count, example = alert.facts.get("visits", "?"), alert.facts.get("example", "")
    have = "1 visit has" if count == "1" else f"{count} visits have"
    such = f", such as {example}" if example and count != "1" else f", {example}" if example else ""
    text = f"Nobody has said what the status “{_word(alert)}” means in the schedule “{alert.feed}”; {have} it{such}"
    return f"{text}. Until then they stand as they stood before"


def _unmapped_step(alert: Alert) -> str:
    word = _word(alert).replace("\\", "\\\\").replace('"', '\\"')
    return (
        "Map it in the feed’s profile in the configuration, to the right one of our words:"
        f' under [profile.…] write status = {{ "{word}" = "scheduled" }}.'
    )


def _feed_subject(alert: Alert) -> str:
    return f"“{_word(alert)}” in feed “{alert.feed}”"


def _unmapped_rows(alert: Alert) -> Rows:
    facts = alert.facts
    return (("Feed", alert.feed), ("Visits with it", facts.get("visits", "")), ("Example", facts.get("example", "")))


VOICES: Mapping[AlertKind, Voice] = {
    AlertKind.JOB_MISSING: Voice(
        name="Visit missing",
        headline=_missing_headline,
        title=lambda alert, _: f"Missing from the schedule: {alert.ext_id}",
        detail=_missing_detail,
        next_step=_missing_step,
        rows=_missing_rows,
    ),
    AlertKind.STATUS_CONFLICT: Voice(
        name="Facts contradict",
        headline=_conflict_headline,
        title=lambda alert, _: f"Facts contradict: {alert.ext_id}",
        detail=_conflict_detail,
        next_step=_conflict_step,
    ),
    AlertKind.UNMAPPED_STATUS: Voice(
        name="Unknown status word",
        headline=_unmapped_headline,
        title=lambda alert, _: f"Unknown status word: {_word(alert)}",
        detail=lambda alert: _unmapped_headline(alert, alert.raised_at),
        next_step=_unmapped_step,
        subject=_feed_subject,
        rows=_unmapped_rows,
    ),
}
