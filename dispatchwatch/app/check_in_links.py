"""Check-in links: a technician without the office software says that he has arrived, from his phone.

A link is for one visit on one day. Who has it can say that somebody arrived there or is on the way, and sees the
customer, the place and the time; nothing else. Only a hash of it is kept, so what lies in the database opens nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from io import BytesIO
from typing import Protocol

from dispatchwatch.app.deeds import Actor, Result
from dispatchwatch.domain.calendars import instant
from dispatchwatch.domain.check_in import CheckInLink
from dispatchwatch.domain.desk_entry import NAMELESS
from dispatchwatch.domain.visit import Status, Visit, VisitKey
from dispatchwatch.domain.wording.plain import clock, day_and_clock, span, zone

BEFORE_START = timedelta(hours=4)
AFTER_END = timedelta(hours=4)
SAME_ETA = timedelta(minutes=3)
ORIGIN = "check-in link"
MINUTES = (10, 20, 30, 45, 60, 90)
"""What a technician can say of how long he will be."""


class State(StrEnum):
    """How a link stands."""

    OPEN = "open"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"
    EARLY = "early"
    OVER = "over"
    MOVED = "moved"
    UNKNOWN = "unknown"


class Action(StrEnum):
    LOOK = "look"
    ARRIVED = "arrived"
    ON_MY_WAY = "on_my_way"


class Links(Protocol):
    """Where links are kept: on the engine's thread, for as long as their day and the next."""

    def save(self, link: CheckInLink) -> None: ...

    def find(self, digest: str) -> CheckInLink | None: ...


class Entering(Protocol):
    """The part of `Desk` that is needed."""

    def check_in(self, key: VisitKey, at: datetime, actor: Actor, now: datetime, *, note: str = "") -> Result: ...

    def eta(self, key: VisitKey, at: datetime, actor: Actor, now: datetime, *, note: str = "") -> Result: ...


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody with a link does. `minutes` is how long he will be, where he is on his way."""

    token: str = field(repr=False)
    action: Action = Action.LOOK
    minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What he gets to see: `said` is a sentence; the rest is empty where the link does not let him in.

    `changed`: something was entered.
    """

    state: State
    said: str
    customer: str = ""
    site: str = ""
    when: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Issued:
    """A link to give away. `token` stands in it and nowhere else."""

    url: str = field(repr=False)
    said: str

    @property
    def qr(self) -> str:
        """The link as a picture to point a phone at: SVG, dark on white, with the quiet zone it needs."""
        import segno  # only who gives a link away needs it

        picture = BytesIO()
        segno.make(self.url, error="m", micro=False).save(picture, kind="svg", scale=8, border=4, light="white")
        return picture.getvalue().decode()


UNKNOWN = Answer(state=State.UNKNOWN, said="This link is not known. Ask the office for a new one.")


class CheckIns:
    """Lives on the engine's thread. `find` gives a visit as it is now."""

    def __init__(self, links: Links, find: Callable[[VisitKey], Visit | None]) -> None:
        self._links = links
        self._find = find

    def issue(self, key: VisitKey, base_url: str, now: datetime) -> Issued | None:
        """A new link for a visit; None where there is no such visit, or it has no day or is over. `base_url` is where
        technicians reach the listener."""
        visit = self._find(key)
        day = _day(visit) if visit else None
        if visit is None or day is None or now > closes(visit):
            return None
        token = secrets.token_urlsafe(24)
        link = CheckInLink(
            digest=digest_of(token),
            feed=key.feed,
            ext_id=key.ext_id,
            day=day,
            technician=visit.technician,
            issued_at=now,
        )
        self._links.save(link)
        zone_name = visit.site.timezone
        valid = f"Valid from {day_and_clock(opens(visit), zone_name)} to {day_and_clock(closes(visit), zone_name)}."
        return Issued(f"{base_url}/c/{token}", valid)

    def answer(self, step: Step, desk: Entering, now: datetime) -> Answer:
        """Does what the step says, if the link lets it, and says how things stand. The same step again changes
        nothing."""
        link, visit = self._known(step.token)
        if link is None or visit is None:
            return UNKNOWN
        before = standing(visit, link.day, now)
        if before.state is not State.OPEN or step.action is Action.LOOK or _said_already(step, visit, now):
            return before
        result = self._entered(step, visit, link, desk, now)
        after = standing(self._find(visit.key) or visit, link.day, now)
        if not result.done:
            return replace(after, said=f"That was not recorded. {result.text}")
        return replace(after, said=f"Recorded. {after.said}", changed=True)

    def look(self, token: str, now: datetime) -> Answer:
        """How things stand. Changes nothing."""
        link, visit = self._known(token)
        return UNKNOWN if link is None or visit is None else standing(visit, link.day, now)

    def _known(self, token: str) -> tuple[CheckInLink | None, Visit | None]:
        link = self._links.find(digest_of(token))
        return link, self._find(VisitKey(link.feed, link.ext_id)) if link else None

    def _entered(self, step: Step, visit: Visit, link: CheckInLink, desk: Entering, now: datetime) -> Result:
        actor = Actor(link.technician or NAMELESS, ORIGIN)
        if step.action is Action.ARRIVED:
            return desk.check_in(visit.key, now, actor, now)
        return desk.eta(visit.key, now + timedelta(minutes=step.minutes), actor, now)


def digest_of(token: str) -> str:
    """What is kept of a token. It holds 192 random bits, so nothing slower than SHA-256 is needed."""
    return sha256(token.encode(errors="replace")).hexdigest()


def opens(visit: Visit) -> datetime:
    """The morning of the visit's local day; for work soon after midnight the evening before."""
    day, start = _day(visit), _start(visit)
    if day is None or start is None:
        raise ValueError("a visit without a day has no link")
    midnight, _ = instant(datetime.combine(day, time()), zone(visit.site.timezone))
    return min(midnight, start - BEFORE_START)


def closes(visit: Visit) -> datetime:
    """Four hours after the visit's end; one without a time ends with its day."""
    day, start = _day(visit), _start(visit)
    if day is None or start is None:
        raise ValueError("a visit without a day has no link")
    if visit.anytime:
        end, _ = instant(datetime.combine(day + timedelta(days=1), time()), zone(visit.site.timezone))
    else:
        ends = (start, visit.sched_end, visit.window_end, start + (visit.planned or timedelta()))
        end = max(one for one in ends if one is not None)
    return end + AFTER_END


def standing(visit: Visit, day: date, now: datetime) -> Answer:
    """How a link made for `day` stands. Only one that is in force shows whose visit it is."""
    if _day(visit) != day:
        return Answer(state=State.MOVED, said="This visit was moved to another day. Ask the office for a new link.")
    zone_name = visit.site.timezone
    if now < opens(visit):
        return Answer(state=State.EARLY, said=f"This link works from {day_and_clock(opens(visit), zone_name)} on.")
    if now > closes(visit):
        return Answer(state=State.OVER, said="This link has run out. Call the office.")
    state, said = _told(visit, now)
    place = ", ".join(dict.fromkeys(part for part in (visit.site.name, visit.site.address) if part))
    return Answer(state=state, said=said, customer=visit.customer.name, site=place, when=_when(visit))


def _told(visit: Visit, now: datetime) -> tuple[State, str]:
    zone_name, arrived = visit.site.timezone, visit.checked_in_at
    if visit.status is Status.CANCELLED:
        return State.CANCELLED, "This visit is cancelled. Call the office."
    if visit.checked_in:
        return State.ARRIVED, f"You are checked in{f' since {clock(arrived, zone_name)}' if arrived else ''}."
    if visit.eta is not None and visit.eta > now:
        return State.OPEN, f"The office expects you in {span(visit.eta - now)}, at {clock(visit.eta, zone_name)}."
    return State.OPEN, "You are not checked in yet."


def _said_already(step: Step, visit: Visit, now: datetime) -> bool:
    """Whether this is the same expected arrival once more: a page that was loaded again sends its form again."""
    expected = now + timedelta(minutes=step.minutes)
    return step.action is Action.ON_MY_WAY and visit.eta is not None and abs(expected - visit.eta) < SAME_ETA


def _when(visit: Visit) -> str:
    start, zone_name = _start(visit), visit.site.timezone
    if start is None:
        return ""
    local = start.astimezone(zone(zone_name))
    return f"{local:%a} {local.day} {local:%b}" if visit.anytime else day_and_clock(start, zone_name)


def _start(visit: Visit) -> datetime | None:
    return visit.sched_start or visit.window_start or visit.window_end


def _day(visit: Visit) -> date | None:
    start = _start(visit)
    return start.astimezone(zone(visit.site.timezone)).date() if start else None
