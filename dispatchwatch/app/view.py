"""What a window is shown: frozen values, complete in themselves, safe to hand to another thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dispatchwatch.domain.alert import Alert, AlertKind, AlertState, Operation, Severity
from dispatchwatch.domain.prediction import Prediction
from dispatchwatch.domain.schedule import RowProblem
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.technician import Absence
from dispatchwatch.domain.visit import Technician, Visit, VisitKey


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
    `predicted_arrival` and `predicted_end` are full minutes, by the latest of its crew; None where nothing is
    predicted. `drive` is how long the way there is expected to take from where its crew is before; None where that is
    not known.
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
    acknowledged_at: datetime | None = None
    told: tuple[Told, ...] = ()
    unverified_since: datetime | None = None
    missing_since: datetime | None = None
    outlook: Outlook | None = None
    predicted_arrival: datetime | None = None
    predicted_end: datetime | None = None
    drive: timedelta | None = None

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
    """One channel: `paused` is the reason why it sends nothing until a person acts. `waiting_since` is when the oldest
    of what waits was owed. `limit` says until when what is due
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
    waiting_since: datetime | None = None
    paused_at: datetime | None = None


class StoryKind(StrEnum):
    """What sort of event it was, for its picture."""

    PLANNED = "planned"
    MOVED = "moved"
    ASSIGNED = "assigned"
    EXPECTED = "expected"
    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
    DONE = "done"
    CANCELLED = "cancelled"
    GONE = "gone"
    NOTED = "noted"
    CHANGED = "changed"
    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    TOLD = "told"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """One event in the story of a visit: when, what happened in plain words, and who or what told us."""

    at: datetime
    text: str
    by: str
    kind: StoryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPage:
    """Everything known of one visit. `previous` are those of the same order, or to the same customer, in the days
    before; the latest first."""

    row: BoardRow
    promise: datetime | None
    grace: timedelta
    story: tuple[StoryLine, ...]
    alerts: tuple[Alert, ...]
    deliveries: tuple[DeliveryLine, ...]
    prediction: Prediction | None = None
    previous: tuple[Visit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """A feed and the rows of it that could not be read, or not wholly."""

    line: FeedLine
    problems: tuple[RowProblem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnicianLine:
    """A technician the office has told of. `shifts` are those of today; None where his hours are not known."""

    technician: Technician
    shifts: tuple[tuple[datetime, datetime], ...] | None = None
    absences: tuple[Absence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What it would cost if a technician took a visit over, before anything is changed.

    `arrival` is when he would be there, `late` how long after the promise, `extra_drive` how much more he would drive
    that day. `delays` are the visits that somebody reaches later by it, in words, and by how many minutes. Where it is
    not `feasible`, `reason` says why in a whole sentence; the rest is then as far as it is known.

    `score` is of 0 to 100, `facts` what it comes to in plain words, `delayed` the visits of `delays` by key. `asks_for`
    is what would have to be asked for in one sentence, `steps` the same in the words of `Relaxing`, and `displaced` a
    visit that would be left without anybody. `skills` are those of the technician, as far as the office tells them.
    """

    technician: Technician
    arrival: datetime | None = None
    late: timedelta = timedelta()
    extra_drive: timedelta | None = None
    delays: tuple[tuple[str, int], ...] = ()
    feasible: bool = True
    reason: str = ""
    score: int = 0
    facts: tuple[str, ...] = ()
    delayed: tuple[VisitKey, ...] = ()
    asks_for: str = ""
    steps: tuple[str, ...] = ()
    displaced: VisitKey | None = None
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """Who can take a visit over, the best first; who can’t; and, where nobody can, who `could` if something were asked
    for, the best first. `spares` says what those who have the visit now would be spared.
    """

    key: VisitKey
    can: tuple[Weighed, ...] = ()
    cannot: tuple[Weighed, ...] = ()
    could: tuple[Weighed, ...] = ()
    spares: str = ""


@dataclass(frozen=True, slots=True)
class PastAlerts:
    """What a search in the history found: the latest, and how many there are in all."""

    lines: tuple[AlertLine, ...]
    total: int


@dataclass(frozen=True, slots=True)
class RequestText:
    """A request as it goes to a platform, every secret replaced by ***. `body` is text, JSON laid out in lines."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPage:
    """One delivery with all that is known of it. `facts` are its words as label and value; `failures` the attempts that
    did not succeed, each with its time and the reason. `problem` says why no request can be shown."""

    line: DeliveryLine
    note: str
    facts: tuple[tuple[str, str], ...]
    failures: tuple[tuple[datetime, str], ...]
    alerts: tuple[Alert, ...]
    requests: tuple[RequestText, ...] = ()
    problem: str = ""
