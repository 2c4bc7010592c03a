"""`[outgoing]` and `[[quiet]]`: how many alerts make a storm, how long changes wait, when messages are held back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from dispatchwatch.app.filters import AlertFilter, Part, Patterns, said
from dispatchwatch.domain.alert import Severity
from dispatchwatch.domain.calendars import OfficeHours, instant
from dispatchwatch.domain.quiet import Quiet
from dispatchwatch.domain.routing import Outgoing
from dispatchwatch.intake.fields import Duration

DEFAULTS = Outgoing(office=OfficeHours(ZoneInfo("UTC")))
WEEK = timedelta(days=8)
NEVER_OVER = "it is quiet all week, so nothing would ever be sent; leave some hours out"


class OutgoingConfig(Part):
    """More than `storm_over` alerts of one kind at once go out as one message. News of changes (cancelled, moved,
    double booked) waits `coalesce` for more of the same visit; what is urgent never waits. Where an alert is over
    before a channel heard of it, that channel hears nothing; with `tell_of_what_is_over` one message, that it is over.
    """

    storm_over: Annotated[int, Field(ge=1)] = said(
        "Storm", "More alerts of one kind at once than this go out as one message.", DEFAULTS.storm_over
    )
    coalesce: Annotated[Duration, Field(ge=timedelta(), le=timedelta(hours=1))] = said(
        "Collect changes", "So long news of changes waits for more of the same visit.", DEFAULTS.coalesce_for
    )
    tell_of_what_is_over: bool = said(
        "Tell of what is over",
        "On: a channel hears that an alert is over even where it never heard that it began.",
        default=False,
    )


class QuietConfig(Part):
    """Quiet `hours`, in the office's zone and over midnight too, or one span `from` … `until`: a maintenance window.

    `when` says for which alerts and `channels` for whom (none named: for everybody). What is at least as severe as
    `unless` goes out all the same. In quiet hours that is what is critical, unless the file says otherwise; a
    maintenance window lets nothing through. "never" says that of quiet hours.
    """

    when: AlertFilter = said("When", "Which alerts are held back; nothing named: all of them.", AlertFilter())
    channels: Patterns = said("Channels", "To whom; none named: to everybody.", (), kind="channels")
    hours: Mapping[str, str] = said("Quiet hours", "When it is quiet, day by day; over midnight too.", {}, kind="hours")
    since: datetime | None = said("From", "When a maintenance window begins; left out, at once.", None, alias="from")
    until: datetime | None = said("Until", "When a maintenance window ends.", None)
    reason: str = said("Reason", "What is shown of messages that wait for its end.", "")
    unless: Literal["info", "warning", "high", "critical", "never"] | None = said(
        "Unless", "What is at least as severe goes out all the same; never: nothing does.", None
    )

    @model_validator(mode="after")
    def _says_when(self) -> QuietConfig:
        if not self.hours and self.until is None:
            raise ValueError(
                "it does not say when: write hours, or until" + (" (from alone never ends)" if self.since else "")
            )
        if self.hours and (self.since or self.until):
            raise ValueError("write either hours, or from and until; two sections for both")
        return self

    def quiet(self, zone: ZoneInfo, hours: Mapping[int, tuple[time, time]]) -> Quiet:
        """The quiet it speaks of; `hours` are its own, read. Raises ValueError where it would never begin or end."""
        since = office_instant(self.since, zone) if self.since else None
        until = office_instant(self.until, zone) if self.until else None
        if since and until and until <= since:
            raise ValueError("until is before from")
        default = None if self.until else Severity.CRITICAL
        found = Quiet(
            reason=self.reason or ("maintenance" if self.until else "quiet hours"),
            when=self.when.match(),
            severities=self.when.severities() or frozenset(Severity),
            channels=frozenset(self.channels),
            hours=OfficeHours(zone, hours) if self.hours else None,
            since=since,
            until=until,
            unless=default if self.unless is None else None if self.unless == "never" else Severity(self.unless),
        )
        if self.hours and is_endless(found):
            raise ValueError(NEVER_OVER)
        return found


def is_endless(quiet: Quiet) -> bool:
    """Whether one quiet hour follows the other all week."""
    at = begin = datetime(2026, 1, 5, tzinfo=UTC)
    while (end := quiet.lasts_until(at)) is not None:
        if end - begin > WEEK:
            return True
        at = end
    return False


def office_instant(told: datetime, zone: ZoneInfo) -> datetime:
    """A time of the office where the file names no offset."""
    return told.astimezone(UTC) if told.tzinfo else instant(told, zone)[0]
