"""One cell of a worksheet made into the text that a CSV file would have: ISO times, exact numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

LITERAL = re.compile(r'"[^"]*"|\\.|_.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
PADDED = re.compile(r"0{2,}")
DAY = 86_400
ZERO_DAY_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's times have no zone
LEAP_DAY_THAT_NEVER_WAS = 60
"""1900 counts as a leap year in Excel, so days before 1 March 1900 are one off (ECMA-376 part 1, 18.17.4.1)."""
EXACT_DIGITS = 15
LONG_NUMBER = 10**11
"""From here on a cell without a format of its own shows 2.98725E+13, and that is what is copied or exported."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a number format makes of a number. `padded` is to how many digits zeros are put before it."""

    day: bool = False
    clock: bool = False
    elapsed: bool = False
    scientific: bool = False
    padded: int = 0


def shown_as(number_format: str) -> Shown:
    """Only the first section counts: the others are for negative numbers, zero and text."""
    marks = LITERAL.sub("", number_format).split(";")[0].lower()
    if "general" in marks:
        return Shown()
    if re.search(r"\[[hms]+\]", marks):
        return Shown(elapsed=True)
    clock = bool(set(marks) & set("hs"))
    day = bool(set(marks) & set("dy")) or ("m" in marks and not clock)
    padded = len(marks) if PADDED.fullmatch(marks) else 0
    return Shown(day, clock, scientific="e+" in marks or "e-" in marks, padded=padded)


def number_text(written: str, shown: Shown, zero_day: datetime) -> str:
    """The text of a cell that holds a number. Raises ValueError or OverflowError for what is none.

    `zero_day` is the day that 0 stands for, by the workbook's date system.
    """
    if shown.day or shown.clock or shown.elapsed:
        return _time_text(float(written), shown, zero_day)
    text = written if written.isdigit() and written.isascii() else _plain(written)
    return text.zfill(shown.padded) if shown.padded else text


def is_long(written: str, shown: Shown) -> bool:
    """Whether a number is one that spreadsheets show as 2.98725E+13."""
    if shown.scientific:
        return True
    if len(written) < 6 or shown.day or shown.clock:
        return False
    try:
        return abs(float(written)) >= LONG_NUMBER
    except ValueError:
        return False


def iso_text(written: str, shown: Shown) -> str:
    """The text of a cell that holds a time in ISO 8601. Raises ValueError."""
    at = datetime.fromisoformat(written)
    return at.date().isoformat() if shown.day and not shown.clock and not _since_midnight(at) else written


def _plain(written: str) -> str:
    """Whole numbers to the last digit, others as exactly as a spreadsheet keeps them, never with an exponent."""
    try:
        number = Decimal(written)
    except InvalidOperation:
        raise ValueError("not a number") from None
    if not number.is_finite() or abs(number.adjusted()) > 300:
        raise ValueError("not a number")
    if number == number.to_integral_value():
        return f"{int(number)}"
    return f"{Decimal(f'{float(written):.{EXACT_DIGITS}g}'):f}"


def _time_text(serial: float, shown: Shown, zero_day: datetime) -> str:
    if serial < 0:
        raise ValueError("a spreadsheet shows no time before its first day")
    seconds = round(serial * DAY)
    if shown.elapsed or (seconds <= DAY and not shown.day):
        return _clock(seconds)
    if seconds < DAY:
        # what points to an empty cell is zero, which is shown as a day in January 1900 and means no day at all
        return _clock(seconds) if shown.clock and seconds else ""
    if zero_day == ZERO_DAY_1900 and serial < LEAP_DAY_THAT_NEVER_WAS:
        seconds += DAY
    at = zero_day + timedelta(seconds=seconds)
    if shown.day and not shown.clock and not _since_midnight(at):
        return at.date().isoformat()
    return at.isoformat(" ", "seconds" if at.second else "minutes")


def _clock(seconds: int) -> str:
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{second:02}" if second else "")


def _since_midnight(at: datetime) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)
