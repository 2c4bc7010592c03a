"""What each threshold does, by an example: a sentence with the value and the instants that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from dispatchwatch.domain.wording.plain import span, zone

Part = datetime | timedelta | int | str

EXAMPLES: Mapping[str, str] = {
    "off": "Not raised at all: {kinds}.",
    "off_none": "Every kind of alert is raised.",
    "urgent_priorities": "A visit of priority {priority}, promised for {start}, is critical at {at} already.",
    "look_back": "With {value}, a visit promised for {start} that we first see after {line} raises nothing.",
    "check_in_grace": "With {value}, a visit promised for {start} is late at {at}.",
    "due_soon": "With {value}, a visit promised for {start} is coloured from {at} on.",
    "late_high_after": "With {value}, a visit promised for {start} is late at {late}, and high at {at}.",
    "late_critical_after": "With {value}, a visit promised for {start} is late at {late}, and critical at {at}.",
    "moved_grace": "With {value}, a visit moved forward to {start}, of which we hear at {heard}, is late at {at}.",
    "anytime_late": "A visit that has a day but no time is late at {at}, when the office closes.",
    "anytime_late_off": "A visit that has a day but no time is never late.",
    "no_show_after": "With {value}, a technician promised for {start} is a no-show at {at}.",
    "window_no_show_after": "With {value}, a technician promised by {start} is a no-show at {at}.",
    "at_risk_from": "With {value}, a visit promised for {start} is at risk once {at} is predicted.",
    "at_risk_high_from": "With {value}, a visit promised for {start} is at high risk once {at} is predicted.",
    "at_risk_until": "With {value}, a visit promised for {start} is at risk no more once {at} is predicted.",
    "cancel_notice": "With {value}, a visit planned for {start} can be cancelled freely until {line}.",
    "cancel_high_within": "With {value}, a visit planned for {start} and cancelled after {line} is high.",
    "cancel_wait": "With {value}, a visit planned for {start} can still be cancelled until {line}, not later.",
    "reschedule_notice": "With {value}, a visit planned for {start} can be moved freely until {line}.",
    "reschedule_high_within": "With {value}, a visit planned for {start} and moved after {line} is high.",
    "reschedule_from": "With {value}, a visit planned for {start} has been moved once it begins at {at}.",
    "undo_within": "With {value}, a move at {start} that is taken back by {line} never happened.",
    "notice_counts": "With “{value}”, a visit planned for {start} can be cancelled freely until {line}.",
    "booked_inside_exempt": "A visit booked at {booked} for {start} can be cancelled freely at {at}.",
    "booked_inside_exempt_off": "A visit booked at {booked} for {start} and cancelled at {at} is at short notice.",
    "drift_moves": "With {value}, a visit drifts with its move number {count}.",
    "drift_high_moves": "With {value}, drifting is high with move number {count}.",
    "drift_days": "With {value}, a visit first promised for {start} drifts once it is moved to {at}.",
    "unassigned_lead": "With {value}, a visit planned for {start} needs a technician from {at} on.",
    "unassigned_high_within": "With {value}, a visit planned for {start} without a technician is high at {at}.",
    "overlap_from": "With {value}, a visit until {line} and one from {at} are double-booked.",
    "double_booked_high_within": "With {value}, two visits at once, planned for {start}, are high at {at}.",
    "travel_slack": "With {value}, a gap of {gap} is enough for a drive of {drive}.",
    "overrun_grace": "With {value}, work planned for {plan} and begun at {start} runs over at {at}.",
    "overrun_percent": "With {value} percent, work planned for {plan} and begun at {start} runs over at {at}.",
    "overrun_high_after": "With {value}, work that runs over at {late} is high at {at}.",
    "early_percent": "With {value} percent, work planned for {plan} and begun at {start} is left early before {line}.",
    "early_minus": "With {value}, work planned for {plan} and begun at {start} is left early before {line}.",
    "sla_response": "With {value}, somebody must have been sent by {at} for what was reported at {start}.",
    "sla_onsite": "With {value}, somebody must be on site by {at} for what was reported at {start}.",
    "sla_resolution": "With {value}, the work must be done by {at} for what was reported at {start}.",
    "sla_unset": "Left out, no clock runs.",
    "sla_counts": "With “{value}”, {length} for what was reported at {start} are over at {at}.",
    "sla_pauses": "Work reported at {start} for {length}, and paused for {pause}, must be done by {at}.",
    "missing_high_within": "With {value}, a visit missing from the schedule and planned for {start} is high at {at}.",
    "frozen_after": "With {value}, a schedule last changed at {start} is frozen at {at}.",
    "skew_from": "With {value}, a clock that is wrong by {at} is told of.",
    "skew_high_from": "With {value}, a clock that is wrong by {at} is high.",
}
"""Sentences by the key of the threshold, and by the key with what is otherwise."""


def example_sentence(key: str, zone_name: str, parts: Mapping[str, Part]) -> str:
    """The example of a threshold. Instants are told in this zone, with their days where there are several."""
    used = {name: part for name, part in parts.items() if f"{{{name}}}" in EXAMPLES[key]}
    days = {part.astimezone(zone(zone_name)).date() for part in used.values() if isinstance(part, datetime)}
    return EXAMPLES[key].format(**{name: _told(part, zone_name, len(days) > 1) for name, part in used.items()})


def _told(part: Part, zone_name: str, with_day: bool) -> str:
    if isinstance(part, timedelta):
        return _length(part)
    if not isinstance(part, datetime):
        return str(part)
    local = part.astimezone(zone(zone_name))
    return f"{local:%a} {local.day} {local:%b} {local:%H:%M}" if with_day else f"{local:%H:%M}"


def _length(length: timedelta) -> str:
    """As people say it, without minutes that are none."""
    days, rest = divmod(length, timedelta(days=1))
    if days and not rest:
        return "1 day" if days == 1 else f"{days} days"
    return span(length).replace(" h 00 min", " h")
