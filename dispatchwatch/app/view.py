"""What a window is shown: frozen values, complete in themselves, safe to hand to another thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatchwatch.domain.alert import Alert, AlertKind, AlertState, Operation, Severity
from dispatchwatch.domain.prediction import Prediction
from dispatchwatch.domain.schedule import RowProblem
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import Visit, VisitKey


@dataclass(frozen=True, slots=True)
class Told:
    """Whether one channel heard of an alert: the state of the last thing it was to be told.

    `held` says why it waits, and until when, where it is held back.
    """

    channel: str
    platform: str
    state: str
    at: datetime | None
    held: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """That a visit will be reached late, or may be, in a few words."""

    text: str
    at_risk: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One visit on the board.

    `deadline` is the check-in deadline that the countdown runs to; None where there is no clock. `severity` is that
    of its open alert. `unverified_since` is set while its feed can't be believed: the row is then shown as old.
    """

    key: VisitKey
    visit: Visit
    standing: Standing
    deadline: datetime | None
    severity: Severity | None = None
    alert_id: int | None = None
    alert_kind: AlertKind | None = None
    alert_state: AlertState | None = None
    snoozed_until: datetime | None = None
    acknowledged_by: str = ""
    told: tuple[Told, ...] = ()
    unverified_since: datetime | None = None
    missing_since: datetime | None = None
    outlook: Outlook | None = None

    @property
    def needs_somebody(self) -> bool:
        """Whether an alert of it, more than an information, waits for a person."""
        return self.alert_state is AlertState.OPEN and self.severity is not None and self.severity is not Severity.INFO


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """One delivery, in words a person can use. `error` is empty while nothing went wrong.

    `alerts` are all it speaks of, `alert_id` the first. `held` says why, and until when, it is or was held back.
    """

    id: int
    alert_id: int
    alerts: tuple[int, ...] = ()
    channel: str
    platform: str
    operation: Operation
    state: str
    attempts: int
    headline: str
    created_at: datetime
    next_attempt_at: datetime
    settled_at: datetime | None
    waits_for_nobody: bool
    may_have_arrived: bool
    held: str = ""
    reference: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLine:
    """One alert with what its channels heard of it."""

    alert: Alert
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLine:
    """One feed: how old its picture is, and what is wrong with it. `kind` is that of its configuration."""

    name: str
    kind: str = ""
    fresh: bool
    last_good_at: datetime | None
    last_attempt_at: datetime | None
    source_at: datetime | None
    interval: timedelta
    problem: str
    visits: int
    bad_rows: int
    sources: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneLine:
    """One channel: `paused` is the reason why it sends nothing until a person acts. `limit` says until when what is due
    waits for the limit of its platform; empty while nothing does.
    """

    channel: str
    platform: str
    paused: str
    resting_until: datetime | None
    last_success_at: datetime | None
    last_error: str
    waiting: int
    failed: int
    limit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """One event in the story of a visit: when, what happened in plain words, and who or what told us."""

    at: datetime
    text: str
    by: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPage:
    """Everything known of one visit."""

    row: BoardRow
    promise: datetime | None
    grace: timedelta
    story: tuple[StoryLine, ...]
    alerts: tuple[Alert, ...]
    deliveries: tuple[DeliveryLine, ...]
    prediction: Prediction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """A feed and the rows of it that could not be read, or not wholly."""

    line: FeedLine
    problems: tuple[RowProblem, ...]
