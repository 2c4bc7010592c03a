"""Which recurrence rules are followed. A rule that never happens or never ends a day would keep the program busy.

What dateutil does with such rules is measured: `FREQ=DAILY` on 30 February counts through to the year 9999 for
seconds, `INTERVAL=0` for ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from dispatchwatch.intake.faults import Unreadable

FREQUENCIES = frozenset({"HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
DAYS = {1: 31, 2: 29, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}
MOST_PER_DAY = 48
ONLY_YEARLY = ("BYWEEKNO", "BYYEARDAY")
NOT_HOURLY = ("BYMONTH", "BYMONTHDAY", "BYSETPOS")
Rule = Mapping[str, Sequence[object]]


def checked(rule: Rule, start: date) -> dict[str, list[object]]:
    """The rule with an UNTIL of the kind its start is of. Raises Unreadable for one that is not followed.

    An UNTIL that is a day means that whole day (RFC 5545 wants an instant there; many calendars write a day).
    """
    parts = {name.upper(): list(values) for name, values in rule.items()}
    if problem := _problem(parts):
        raise Unreadable("RRULE", problem)
    if parts.get("UNTIL"):
        parts["UNTIL"] = [_until(parts["UNTIL"][0], start)]
    return parts


def _problem(parts: Mapping[str, Sequence[object]]) -> str:
    frequency = str(_first(parts, "FREQ", "")).upper()
    if frequency not in FREQUENCIES:
        return f"the rule repeats '{frequency.lower()}', which no visit does" if frequency else "the rule has no FREQ"
    interval, count = _first(parts, "INTERVAL", 1), _first(parts, "COUNT", 1)
    if not (isinstance(interval, int) and interval >= 1 and isinstance(count, int) and count >= 1):
        return "INTERVAL and COUNT of the rule must be 1 or more"
    if frequency != "YEARLY" and any(parts.get(name) for name in ONLY_YEARLY):
        return "BYWEEKNO and BYYEARDAY go with FREQ=YEARLY only"
    if frequency == "HOURLY" and any(parts.get(name) for name in NOT_HOURLY):
        return "an hourly rule on certain days of the month is not followed"
    if frequency == "DAILY" and parts.get("BYSETPOS"):
        return "BYSETPOS does not go with FREQ=DAILY"
    if _a_day(parts, frequency) > MOST_PER_DAY:
        return f"the rule repeats more than {MOST_PER_DAY} times a day"
    return "the rule names a day that no month has" if _never(parts) else ""


def _first(parts: Mapping[str, Sequence[object]], name: str, default: object) -> object:
    values = parts.get(name)
    return values[0] if values else default


def _a_day(parts: Mapping[str, Sequence[object]], frequency: str) -> int:
    times = 24 if frequency == "HOURLY" else max(1, len(parts.get("BYHOUR", ())))
    return times * max(1, len(parts.get("BYMINUTE", ()))) * max(1, len(parts.get("BYSECOND", ())))


def _never(parts: Mapping[str, Sequence[object]]) -> bool:
    days = [abs(day) for day in parts.get("BYMONTHDAY", ()) if isinstance(day, int)]
    months = [int(month) for month in parts.get("BYMONTH", ()) if isinstance(month, int)] or [1]
    return bool(days) and all(day > DAYS.get(month, 0) for day in days for month in months)


def _until(until: object, start: date) -> object:
    """RFC 5545, 3.3.10: a day where the start is a day, else an instant in UTC."""
    if not isinstance(until, date):
        raise Unreadable("RRULE", f"the rule ends at '{until}', which is no time")
    if not isinstance(start, datetime):
        return until.date() if isinstance(until, datetime) else until
    if not isinstance(until, datetime):
        until = datetime.combine(until, time()) + timedelta(days=1, microseconds=-1)
        until = until.replace(tzinfo=start.tzinfo, microsecond=0)
    elif until.tzinfo is None:
        until = until.replace(tzinfo=start.tzinfo)
    return until.astimezone(UTC)
