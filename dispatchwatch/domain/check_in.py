"""What technicians may say for themselves: the link to a visit's check-in page, and the person behind a chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInLink:
    """What is kept of a link. `day` is the visit's local day, `technician` whom it was made for."""

    digest: str
    feed: str
    ext_id: str
    day: date
    technician: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """A technician whose chat is known. `identity` is that of `Technician`."""

    identity: str
    name: str
