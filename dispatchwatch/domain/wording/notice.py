"""How notice is told: how long before the start, until when it could be given, and how much of it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from dispatchwatch.domain.notice import Notice, When
from dispatchwatch.domain.thresholds import Counting
from dispatchwatch.domain.wording.plain import clock, day_and_clock, instant_of, kept, span, zone, zone_of

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
WHICH_HOURS: Mapping[Counting, str] = {
    Counting.ALWAYS: "",
    Counting.WEEKDAYS: " on weekdays",
    Counting.OFFICE: " of office hours",
}


def notice_facts(when: When, notice: Notice, length: timedelta, counting: Counting) -> dict[str, str]:
    """What an alert keeps of the notice: since a policy may change, the one that was asked then."""
    return {
        "earliest": kept(when.earliest),
        "latest": kept(when.latest),
        "verdict": notice.verdict.value,
        "notice": notice_length(length, counting),
        **({"notice_until": kept(notice.line)} if notice.line else {}),
    }


def notice_length(length: timedelta, counting: Counting) -> str:
    """ "24 h", "1 h 30 min", "24 h on weekdays", "8 h of office hours"."""
    text = f"{length // HOUR} h" if length >= HOUR and not length % HOUR else span(length)
    return text + WHICH_HOURS[counting]


def notice_row(facts: Mapping[str, str]) -> str:
    """ "24 h, so until Mon 9 Nov 09:50 CST"; empty if the alert kept nothing of it."""
    until = instant_of(facts, "notice_until")
    if until is None:
        return facts.get("notice", "")
    return ", so until ".join(part for part in (facts.get("notice", ""), day_and_clock(until, zone_of(facts))) if part)


def when_row(facts: Mapping[str, str]) -> str:
    """When it was done: "Tue 10 Nov 07:40 CST", or between which two looks at the schedule."""
    earliest, latest = instant_of(facts, "earliest"), instant_of(facts, "latest")
    if earliest is None or latest is None:
        return ""
    if latest - earliest < MINUTE:
        return day_and_clock(latest, zone_of(facts))
    return f"between {from_to(earliest, latest, zone_of(facts), ' and ')}"


def from_to(first: datetime, second: datetime, zone_name: str, joint: str = " to ") -> str:
    """Two times in one go; the day of the second is told only where it is another one."""
    local = zone(zone_name)
    same_day = first.astimezone(local).date() == second.astimezone(local).date()
    return f"{day_and_clock(first, zone_name)}{joint}{(clock if same_day else day_and_clock)(second, zone_name)}"


def gap(facts: Mapping[str, str], start: datetime | None) -> str:
    """ "2 h 10 min before its start", "between 50 min and 1 h 20 min before its start"; empty if nobody can say."""
    earliest, latest = instant_of(facts, "earliest"), instant_of(facts, "latest")
    if start is None or earliest is None or latest is None:
        return ""
    if latest - earliest < MINUTE:
        earliest = latest
        if abs(latest - start) < MINUTE:
            return "at its start"
    if earliest < start < latest:
        return f"between {span(start - earliest)} before and {span(latest - start)} after its start"
    least, most = (span(length) for length in sorted((abs(start - earliest), abs(start - latest))))
    length = most if least == most else f"between {least} and {most}"
    return f"{length} {'before' if latest <= start else 'after'} its start"
