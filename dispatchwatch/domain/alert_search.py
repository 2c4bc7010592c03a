"""What somebody looks for among the alerts of days gone by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatchwatch.domain.alert import AlertKind, Severity


class Heard(StrEnum):
    """What became of telling the channels of an alert. `UNDELIVERED`: something was given up; `UNTOLD`: no channel was
    to hear of it."""

    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSearch:
    """Each part narrows what is found; left out, it does not. `who` acknowledged or resolved it; `words` stand all of
    them in what is known of the alert. `since` and `until` are about when it was raised; `until` is exclusive."""

    words: tuple[str, ...] = ()
    kind: AlertKind | None = None
    severity: Severity | None = None
    heard: Heard | None = None
    who: str = ""
    since: datetime | None = None
    until: datetime | None = None
