"""What is said of visits that will probably be reached late, and of when a technician is expected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from dispatchwatch.domain.alert import Alert, AlertKind
from dispatchwatch.domain.prediction import Prediction, Reason
from dispatchwatch.domain.visit import Visit
from dispatchwatch.domain.whereabouts import Doing
from dispatchwatch.domain.wording.plain import clock, day_and_clock, instant_of, kept, span, where_of, who_of, zone_of
from dispatchwatch.domain.wording.voice import Rows, Voice

MINUTE = timedelta(minutes=1)
ENDED_BY_UNASSIGNING = "Nobody is assigned any more, so no arrival can be predicted"


def prediction_facts(visit: Visit, prediction: Prediction) -> dict[str, str]:
    """What the words about a visit at risk need besides those about the visit."""
    known = {
        "arrival": kept(prediction.expected),
        "late_by": str(int(prediction.lateness.total_seconds())) if prediction.lateness is not None else "",
        "reason": why(prediction.reason, visit.site.timezone),
        "unknown": prediction.unknown,
    }
    return {name: value for name, value in known.items() if value}


def why(reason: Reason, zone_name: str) -> str:
    """Why somebody arrives when he does: "still at Plant 4, 25 min over plan; 18 min drive"."""
    drive = "drive not known" if reason.drive is None else f"{span(reason.drive)} drive" if reason.drive else ""
    own = reason.doing is Doing.EN_ROUTE and not reason.via
    via = f"then at {reason.via}{_until(reason.via_until, zone_name)}" if reason.via else ""
    return "; ".join(part for part in (_doing(reason, zone_name, own=own), via, drive) if part)


def expectation(prediction: Prediction, zone_name: str) -> str:
    """When somebody is expected, in one sentence; why not where that can't be said."""
    reason = why(prediction.reason, zone_name)
    if prediction.unknown and not prediction.late:
        return f"No prediction: no coordinates for {prediction.unknown}"
    at = clock(prediction.expected, zone_name)
    text = f"Not expected before {at}" if prediction.unknown else f"Expected {at}"
    if prediction.lateness is not None:
        text += f", {_against_promise(prediction.lateness, at_least=bool(prediction.unknown))}"
    if prediction.watch:
        text += f"; with traffic as late as {clock(prediction.pessimistic, zone_name)}"
    return f"{text}: {reason}" if reason else text


def hint(prediction: Prediction, zone_name: str) -> str:
    """A few words for a row of the board; empty where there is nothing to worry about."""
    if prediction.late:
        before = "after " if prediction.unknown else ""
        return f"at risk, {before}{clock(prediction.expected, zone_name, label=False)}"
    return f"watch, to {clock(prediction.pessimistic, zone_name, label=False)}" if prediction.watch else ""


def ended_by_new_promise(visit: Visit) -> str:
    if visit.promise is None:
        return "The visit was moved; it now has no fixed time"
    return f"The visit was moved; now promised for {day_and_clock(visit.promise, visit.site.timezone)}"


def ended_by_recovery(visit: Visit, prediction: Prediction) -> str:
    at, late = clock(prediction.expected, visit.site.timezone), prediction.lateness or timedelta()
    return f"Now expected at {at}, {_against_promise(late) if late >= MINUTE else 'on time'}"


def ended_by_unknown_way(visit: Visit, unknown: str) -> str:
    who = visit.technician or "The technician"
    return f"Nothing holds {who} up any more; the drive is not known: no coordinates for {unknown}"


def _doing(reason: Reason, zone_name: str, *, own: bool) -> str:
    match reason.doing:
        case Doing.ON_SITE if reason.over >= MINUTE:
            return f"still at {reason.place}, {span(reason.over)} over plan"
        case Doing.ON_SITE:
            return f"at {reason.place}{_until(reason.ready, zone_name)}"
        case Doing.PAUSED:
            return f"work at {reason.place} is paused"
        case Doing.EN_ROUTE if reason.announced:
            return "on the way, by the announced arrival"
        case Doing.EN_ROUTE if own:
            return f"on the way since {clock(reason.ready, zone_name, label=False)}"
        case _:
            return ""


def _until(instant: datetime | None, zone_name: str) -> str:
    return f" until about {clock(instant, zone_name, label=False)}" if instant else ""


def _against_promise(lateness: timedelta, *, at_least: bool = False) -> str:
    if abs(lateness) < MINUTE:
        return "on time"
    least = "at least " if at_least else ""
    return f"{least}{span(lateness)} {'after' if lateness > timedelta() else 'before'} the promise"


def _headline(alert: Alert, _now: datetime) -> str:
    facts, arrival = alert.facts, instant_of(alert.facts, "arrival")
    who, where, late = who_of(facts), where_of(facts), _late(alert)
    if arrival is None:
        return f"{who} will probably be late at {where}"
    at, reason = clock(arrival, zone_of(facts)), f": {facts['reason']}" if facts.get("reason") else ""
    if facts.get("unknown"):
        return f"{who} can’t reach {where} before {at}, at least {late} late{reason}"
    return f"{who} will probably reach {where} at {at}, {late} late{reason}"


def _late(alert: Alert) -> str:
    return span(timedelta(seconds=int(alert.facts.get("late_by", "0"))))


def _title(alert: Alert, _now: datetime) -> str:
    who = who_of(alert.facts, "Technician")
    return f"{who} will be {_late(alert)} late" if alert.facts.get("late_by") else f"{who} will be late"


def _detail(alert: Alert) -> str:
    return f"{where_of(alert.facts)} · {alert.ext_id} · promised {clock(alert.due_at, zone_of(alert.facts))}"


def _next_step(alert: Alert) -> str:
    phone = alert.facts.get("customer_phone")
    return f"Tell the customer{f' ({phone})' if phone else ''}, or send somebody who can be there in time."


def _rows(alert: Alert) -> Rows:
    return (
        ("Promised", clock(alert.due_at, zone_of(alert.facts))),
        ("Why", alert.facts.get("reason", "")),
    )


def _measure(alert: Alert, _now: datetime) -> Rows:
    arrival = instant_of(alert.facts, "arrival")
    if arrival is None:
        return ()
    label = "Not before" if alert.facts.get("unknown") else "Expected"
    return ((label, f"{clock(arrival, zone_of(alert.facts))}, {_late(alert)} after the promise"),)


VOICES: Mapping[AlertKind, Voice] = {
    AlertKind.AT_RISK: Voice(
        name="At risk",
        headline=_headline,
        title=_title,
        next_step=_next_step,
        detail=_detail,
        rows=_rows,
        measure=_measure,
    ),
}
