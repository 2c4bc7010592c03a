"""What the window says of alerts and of what a person is about to do with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from dispatchwatch.app.deeds import TILL_OVER, Lasting
from dispatchwatch.app.view import AlertLine, Told
from dispatchwatch.desktop import texts
from dispatchwatch.desktop.phrases import count, on_it, sentence, told_line, told_state
from dispatchwatch.domain.alert import ENDED_BY_ACKNOWLEDGING, REOPENED, Alert, AlertState
from dispatchwatch.domain.alert_search import Heard
from dispatchwatch.domain.wording import (
    REASONS,
    SEVERITY_NAMES,
    STATE_NAMES,
    clock,
    day_and_clock,
    next_step,
    span,
    subject,
    zone,
)


class Gathering(StrEnum):
    """What the alerts of a list are gathered by."""

    NOTHING = "nothing"
    VISIT = "visit"
    TECHNICIAN = "technician"


GATHERINGS: Mapping[Gathering, str] = {
    Gathering.NOTHING: "No groups",
    Gathering.VISIT: "By visit",
    Gathering.TECHNICIAN: "By technician",
}
GATHER = "Group the alerts"
HISTORY, HISTORY_MEANING = "History", "Every alert of the days before, to look through"
REOPEN, BRING_BACK = "Open again", "Bring back"
FOR_ME, FOR_OFFICE = "Only for me: hidden and silent here", "For the office: reminders and escalations wait too"
LASTS = "Lasts"
TILL_IT_IS_OVER = "Until the alert is over"
TILL_VISIT_CHANGES = "Until the visit changes, or the alert is over"
LENGTHS = (30, 60, 120, 240)
LASTING_MEANING = "Once that ends the alert is open again, and the channels hear so."
ANY_KIND, ANY_SEVERITY, ANY_HEARD, ANYBODY = "Every kind", "Every severity", "Told or not", "Everybody"
HEARD_NAMES: Mapping[Heard, str] = {
    Heard.DELIVERED: "A channel was told",
    Heard.UNDELIVERED: "A channel could not be told",
    Heard.UNTOLD: "Nobody was told",
}
PERIODS: Mapping[str, int | None] = {"7 days": 7, "30 days": 30, "3 months": 91, "Always": None}
KIND, SEVERITY, TOLD, WHO, PERIOD = "Kind", "Severity", "Told", "Acknowledged or resolved by", "Raised within"
SEARCH_PAST, SEARCH_PAST_HINT = "Search the history", "Visit, person, place or note"
LOOKING_BACK = "Looking through the record …"
NO_PAST = ("No alert fits", "Widen the time, or leave out one of the choices above.")
NO_TECHNICIAN, ABOUT_FEEDS = "Nobody assigned", "About feeds"


def snooze_for(minutes: int) -> str:
    return "1 hour" if minutes == 60 else f"{minutes} minutes"


def lasting_choices(lines: Iterable[AlertLine]) -> dict[str, Lasting]:
    """How long an acknowledgement of these may last; news are over with it."""
    alerts = [line.alert for line in lines]
    if all(alert.kind in ENDED_BY_ACKNOWLEDGING for alert in alerts):
        return {}
    found = {TILL_IT_IS_OVER: TILL_OVER}
    if all(alert.visit_key is not None for alert in alerts):
        found[TILL_VISIT_CHANGES] = Lasting(until_visit_changes=True)
    lengths = (timedelta(minutes=minutes) for minutes in LENGTHS)
    return found | {f"For {span(length)}": Lasting(length=length) for length in lengths}


def selected(number: int) -> str:
    return f"{count(number, 'alert', 'alerts')} selected"


def decision_title(does: str, lines: Sequence[AlertLine]) -> str:
    return f"{does}: {subject(lines[0].alert)}" if len(lines) == 1 else f"{does} {len(lines)} alerts"


def what_acknowledging_does(lines: Sequence[AlertLine], user: str) -> str:
    """What will happen, before it happens."""
    channels = sorted({told.channel for line in lines for told in line.told})
    news = all(line.alert.kind in ENDED_BY_ACKNOWLEDGING for line in lines)
    text = f"{user} takes note, and it is over" if news else f"Reminders and escalations end; {user} is on it"
    return sentence(f"{text}, and {_listed(channels)} will hear so" if channels else text)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def alert_since(alert: Alert, zone_name: str, now: datetime) -> str:
    if alert.state is AlertState.RESOLVED and alert.resolved_at is not None:
        return f"over {_at(alert.resolved_at, zone_name, now)}"
    at = _near(alert.due_at, zone_name, now)
    return (
        f"at {at} · in {span(alert.due_at - now)}" if alert.due_at > now else f"since {at} · {span(now - alert.due_at)}"
    )


def _near(moment: datetime, zone_name: str, now: datetime) -> str:
    """A time of today, or with its day."""
    local_zone = zone(zone_name)
    is_today = moment.astimezone(local_zone).date() == now.astimezone(local_zone).date()
    return clock(moment, zone_name, label=False) if is_today else day_and_clock(moment, zone_name)


def _at(moment: datetime, zone_name: str, now: datetime) -> str:
    near = _near(moment, zone_name, now)
    return f"at {near}" if near[0].isdigit() else f"on {near}"


def taken_by(alert: Alert, zone_name: str) -> str:
    """For the first line of a card: "on it: AR 14:03"; of what is over, how grave it was."""
    if alert.state is AlertState.RESOLVED:
        return SEVERITY_NAMES[alert.severity].lower()
    if alert.state is AlertState.OPEN:
        return ""
    return on_it(alert.acknowledged_by, alert.acknowledged_at, zone_name)


def alert_end(alert: Alert, zone_name: str) -> str:
    """What became of an alert so far; empty while nobody has taken it on."""
    if alert.state is AlertState.RESOLVED:
        at = f" at {clock(alert.acknowledged_at, zone_name, label=False)}" if alert.acknowledged_at else ""
        return f"{alert.resolution} · acknowledged by {alert.acknowledged_by}{at}" if at else alert.resolution
    if alert.acknowledged_at is None:
        return ""
    reason = REASONS.get(alert.reason, alert.reason) if alert.reason else ""
    since = f"{alert.acknowledged_by} is on it since {clock(alert.acknowledged_at, zone_name, label=False)}"
    parts = [f"{since}{_lasts(alert, zone_name)}"]
    return ": ".join([*parts, *(part for part in (" – ".join(filter(None, (reason, alert.note))),) if part)])


def _lasts(alert: Alert, zone_name: str) -> str:
    if alert.acknowledged_until is not None:
        return f", until {clock(alert.acknowledged_until, zone_name, label=False)}"
    return ", until the visit changes" if alert.while_visit else ""


def aside(alert: Alert, mine: datetime | None, zone_name: str, now: datetime) -> str:
    """For whom an alert is put aside, and until when; empty where it is not."""
    office = alert.snoozed_until if alert.snoozed(now) else None
    parts = [f"Snoozed for you until {clock(mine, zone_name, label=False)}"] if mine is not None else []
    if office is not None:
        until = clock(office, zone_name, label=False)
        parts.append(f"Snoozed for the office until {until} by {alert.snoozed_by or 'somebody'}")
    return ". ".join(parts)


def what_next(alert: Alert, zone_name: str) -> str:
    """The last line of a card: what became of it, or what to do."""
    if end := alert_end(alert, zone_name):
        return end
    why = alert.facts.get(REOPENED, "")
    return f"Open again: {why}. {next_step(alert)}" if why else next_step(alert)


def told_with_time(told: Told, zone_name: str, now: datetime) -> str:
    """ "ops-slack 09:15", or what keeps it from being told."""
    if told.state != "sent":
        return told_state(told)
    return f"{told.channel} {_near(told.at, zone_name, now)}" if told.at is not None else told.channel


def alert_sentence(line: AlertLine) -> str:
    alert = line.alert
    zone_name = alert.facts.get("timezone", "UTC")
    told = told_line(line.told) or texts.NOBODY_TOLD
    due = f"due {clock(alert.due_at, zone_name)}"
    return f"{SEVERITY_NAMES[alert.severity]}, {STATE_NAMES[alert.state].lower()}: {subject(alert)}, {due}, {told}."


def heading(name: str, number: int) -> str:
    return f"{name}: {count(number, 'alert', 'alerts')}"


def found(shown: int, total: int) -> str:
    if shown < total:
        return f"The latest {shown} of {total:,} alerts. Narrow the search to see others."
    return count(total, "alert", "alerts")


def not_on_board(ext_id: str) -> str:
    return f"{ext_id} is not on the board of today, so its page can’t be opened."
