"""What notice was given of a cancellation or a move: enough, too little, or nobody can say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from dispatchwatch.domain.business_time import BusinessTime
from dispatchwatch.domain.watched import Seen

OURS = frozenset({"company", "office", "desk", "dispatch", "dispatcher", "technician", "pro", "provider"})


class Verdict(StrEnum):
    """How something done stands to the notice.

    `outside`: in good time. `inside`: at short notice. `uncertain`: only the interval is known, and the line lies in
    it. `exempt`: the visit was booked when it was too late for notice already. `late`: so long after the start that
    notice is not the matter. `untimed`: the visit had no time.
    """

    OUTSIDE = "outside"
    INSIDE = "inside"
    UNCERTAIN = "uncertain"
    EXEMPT = "exempt"
    LATE = "late"
    UNTIMED = "untimed"


class When(NamedTuple):
    """When something was done: one instant where the source stamps it, else the interval in which we learnt of it."""

    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class Terms:
    """What notice is asked for: `length` as counted by `hours`.

    `wait` is how long after the start it is still a matter of notice; None for ever.
    """

    length: timedelta
    hours: BusinessTime
    booked_inside_exempt: bool
    wait: timedelta | None = None


class Notice(NamedTuple):
    """`line` is the last instant at which notice of the `start` could be given; None where there is none."""

    verdict: Verdict
    line: datetime | None = None


def when_done(seen: Seen, stamp: datetime | None, known_since: datetime) -> When | None:
    """When what was `seen` was done. None if nothing tells: it was so when the visit was first seen, unstamped.

    A stamp from after we saw it comes from a clock that runs ahead. `known_since` is when the visit was first seen.
    """
    if stamp is not None:
        at = seen.instant(stamp)
        return When(at, at)
    if seen.since is not None:
        return When(min(seen.since, seen.until), seen.until)
    return When(known_since, seen.until) if known_since < seen.until else None


def judge(when: When, start: datetime | None, booked_at: datetime | None, terms: Terms) -> Notice:
    """How it stands to the notice of `start`, the start that was in force. What is uncertain favours the customer."""
    if start is None:
        return Notice(Verdict.UNTIMED)
    line = terms.hours.before(start, terms.length)
    last = None if terms.wait is None else start + terms.wait
    if line is None or when.latest <= line:
        return Notice(Verdict.OUTSIDE, line)
    if last is not None and when.earliest > last:
        return Notice(Verdict.LATE, line)
    if terms.booked_inside_exempt and booked_at is not None and booked_at > line:
        return Notice(Verdict.EXEMPT, line)
    if when.earliest <= line or (last is not None and when.latest > last):
        return Notice(Verdict.UNCERTAIN, line)
    return Notice(Verdict.INSIDE, line)


def by_company(who: str) -> bool:
    """Whether the one who called a visit off was not the customer but one of ours."""
    return who.strip().casefold().removeprefix("the ") in OURS
