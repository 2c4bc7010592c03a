"""One cell of text read as a time, in every way of writing it that is known (study 2.3).

What a cell tells is one of three: a `datetime` (naive where it has no zone), a `date` without a time, or a
`timedelta` since midnight, a time without a date. All readers raise `ValueError` or `OverflowError` on text they
cannot read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone

Told = datetime | date | timedelta
Reader = Callable[[str], Told]

NOTHING = frozenset({"", "tbd", "tba", "n/a", "na", "-", "--", "null", "none", "nan", "nat"})
NO_DATE = ("0000-00-00", "00/00/0000")
CENTURY_TURN = 69
LONGEST_SERVICE_DAY = timedelta(hours=48)

WRITTEN = re.compile(
    r"(?:(?P<one>\d{1,4})(?P<mark>[/.-])(?P<two>\d{1,2})(?P=mark)(?P<three>\d{4}|\d{2})(?P<join>[T,\s]\s*|$))?"
    r"(?:(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?)?\s*(?P<half>[ap]\.?m\.?)?)?"
    r"\s*(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2}|[+-]\d{2})?",
    re.ASCII | re.IGNORECASE,
)
EMPTY_CLOCK = re.compile(r"[T ](?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)? AM)(?=\s+\d)")
DATE_MARKS = frozenset("YymdbBjxcGuV")
YEAR_MARKS = frozenset("YyxcG")
CLOCK_MARKS = frozenset("HIMSXcpf")


def tells_nothing(text: str) -> bool:
    """Whether a stripped cell is one of the many ways of leaving it empty."""
    return text.casefold() in NOTHING or text.startswith(NO_DATE)


def written(text: str, *, month_first: bool = True) -> Told:
    """A time as people and programs write it: ISO 8601, `5/2/2026 9:00 AM`, `2.5.2026`, `9:00`, `24:00`.

    `month_first` decides what 5/2/2026 is; dates with dots are day first everywhere.
    """
    if text[4:5] == "-" and text[7:8] == "-":
        try:
            return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
        except ValueError:
            pass  # "2026-05-02 9:00" and "24:00" are not ISO 8601, the pattern below reads them
    # the second try is for a date column exported with an empty clock and joined to the column of the time
    match = WRITTEN.fullmatch(text) or WRITTEN.fullmatch(EMPTY_CLOCK.sub("", text))
    if match is None:
        raise ValueError("not a time")
    clock = _clock(match)
    if match["one"] is None:
        if clock is None or match["zone"]:
            raise ValueError("not a time")
        return clock
    day = _day(match, month_first=month_first)
    return day if clock is None else _zoned(datetime.combine(day, time()) + clock, match["zone"])


def _day(match: re.Match[str], *, month_first: bool) -> date:
    one, two, three = int(match["one"]), int(match["two"]), int(match["three"])
    if len(match["one"]) == 4:
        return date(one, two, three)
    if len(match["three"]) == 2:
        three += 2000 if three < CENTURY_TURN else 1900
    if month_first and match["mark"] != ".":
        return date(three, one, two)
    return date(three, two, one)


def _clock(match: re.Match[str]) -> timedelta | None:
    """The time since midnight; 24:00 is the next midnight."""
    if match["hour"] is None:
        return None
    if match["minute"] is None and match["half"] is None:
        raise ValueError("a bare number is not a time")
    hour, minute, second = int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0)
    if match["half"] and hour <= 12:
        hour = hour % 12 + (12 if match["half"][0] in "pP" else 0)
    return _since_midnight(hour, minute, second)


def _since_midnight(hour: int, minute: int, second: int = 0) -> timedelta:
    passed = timedelta(0, hour * 3600 + minute * 60 + second)
    if minute > 59 or second > 59 or passed > timedelta(hours=24):
        raise ValueError("no such time of day")
    return passed


def _zoned(local: datetime, zone: str | None) -> datetime:
    if zone is None:
        return local
    if zone[0] not in "+-":
        return local.replace(tzinfo=UTC)
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return local.replace(tzinfo=timezone(offset if zone[0] == "+" else -offset))


def hhmm(text: str) -> timedelta:
    """940 is 9:40, 5 is 0:05, 2400 the next midnight."""
    digits = text.removesuffix(".0").replace(":", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 4):
        raise ValueError("not hours and minutes")
    return _since_midnight(*divmod(int(digits), 100))


def seconds_since_midnight(text: str) -> timedelta:
    """Counted on past midnight where a service day goes on after it, as in timetables."""
    passed = timedelta(seconds=float(text))
    if not timedelta() <= passed < LONGEST_SERVICE_DAY:
        raise ValueError("not within a day")
    return passed


def epoch(text: str) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(text))


def epoch_ms(text: str) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=float(text))


NAMED: Mapping[str, Reader] = {
    "hhmm": hhmm,
    "epoch": epoch,
    "epoch_ms": epoch_ms,
    "seconds_since_midnight": seconds_since_midnight,
}


def _marks(pattern: str) -> set[str]:
    return set(re.findall(r"%-?([A-Za-z])", pattern))


def _patterned(pattern: str) -> Reader:
    marks = _marks(pattern)
    has_date, has_clock = bool(marks & DATE_MARKS), bool(marks & CLOCK_MARKS)

    def read(text: str) -> Told:
        # the zone of a naive time is decided where it is placed
        at = datetime.strptime(text, pattern)  # noqa: DTZ007
        if not has_date:
            return _since_midnight(at.hour, at.minute, at.second)
        return at if has_clock else at.date()

    return read


def reader(pattern: str | None, *, month_first: bool) -> Reader:
    """The reader for a configured format; without one, for what people write."""
    if pattern is None:
        return lambda text: written(text, month_first=month_first)
    return NAMED.get(pattern) or _patterned(pattern)


def format_problem(pattern: str) -> str:
    """What is wrong with a configured format, to follow "the format of 'x' "; empty if nothing is."""
    if pattern in NAMED:
        return ""
    if "%" not in pattern:
        return f"is '{pattern}', which is neither a pattern such as %d/%m/%Y %H:%M nor one of: {', '.join(NAMED)}"
    marks = _marks(pattern)
    if marks & DATE_MARKS and not marks & YEAR_MARKS:
        return f"is '{pattern}', which has no year"
    sample = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
    try:
        _patterned(pattern)(sample.strftime(pattern))
    except (ValueError, re.error):
        return f"is '{pattern}', which is not a pattern of Python's strptime, such as %d/%m/%Y %H:%M"
    return ""
