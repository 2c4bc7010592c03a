"""What happened, as lines for `watch`: one event each (interface, section 3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from dispatchwatch.app import wire
from dispatchwatch.app.awakening import PAUSE, Gap
from dispatchwatch.app.delivery import Settled
from dispatchwatch.app.events import Happening
from dispatchwatch.app.looking import Look
from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert
from dispatchwatch.store.audit import Entry
from dispatchwatch.store.deliveries import DeliveryState

FEED_EVENTS = {"feed_read": "feed_ok", "feed_failed": "feed_failed", "feed_set_aside": "feed_failed"}


def of_look(look: Look, now: datetime) -> Iterator[Happening]:
    """What a look brought, in the order in which it is told: alerts raised, worse and over, then the feeds."""
    for event, alerts in (
        ("raised", look.recorded.raised),
        ("updated", (*look.recorded.worsened, *look.recorded.reopened)),
        ("resolved", look.recorded.resolved),
    ):
        yield from (of_alert(event, alert, now) for alert in alerts)
    yield from (happening for entry in look.entries if (happening := of_feed(entry)) is not None)


def of_alert(event: str, alert: Alert, now: datetime) -> Happening:
    texts = {
        "acknowledged": f"acknowledged by {alert.acknowledged_by}: {wording.subject(alert)}",
        "resolved": f"resolved: {wording.subject(alert)} – {alert.resolution}",
    }
    text = texts.get(event, f"{event}: {wording.headline(alert, now)}")
    return Happening(now, event, wire.alert_json(alert, now), text)


def of_feed(entry: Entry) -> Happening | None:
    event = FEED_EVENTS.get(entry.action)
    if event is None:
        return None
    name = entry.subject.removeprefix("feed ")
    if event == "feed_ok":
        text = f"feed {name}: {entry.detail['visits']} visits read, {entry.detail['changed']} changed"
        if count := entry.detail["problems"]:
            text += ", 1 problem" if count == 1 else f", {count} problems"
    elif entry.action == "feed_set_aside":
        text = f"feed {name}: only {entry.detail['visits']} visits instead of {entry.detail['before']}; set aside"
    else:
        text = f"feed {name}: {entry.detail['problem']}"
    return Happening(entry.at, event, {"feed": name, **entry.detail}, text)


def of_gap(gap: Gap, now: datetime) -> Happening:
    """Time did not pass as it should; the schedule is read again before anything is believed."""
    parts = []
    if gap.pause >= PAUSE:
        parts.append(f"nobody watched for {wording.span(gap.pause)}")
    if gap.step:
        way = "forward" if gap.step > timedelta() else "back"
        parts.append(f"the computer’s clock was set {way} by {wording.span(gap.step)}")
    fields = {"pause_seconds": gap.pause.total_seconds(), "clock_set_by_seconds": gap.step.total_seconds()}
    return Happening(now, "woke", fields, f"{' and '.join(parts)}; reading the schedule first")


def of_delivery(settled: Settled, state: DeliveryState, platform: str) -> Happening:
    """The outcome of one attempt: `delivered`, or `delivery_failed` with what happens next."""
    error = settled.failure.message if settled.failure else ""
    delivery = replace(
        settled.delivery,
        state=state,
        attempts=settled.delivery.attempts + 1,
        settled_at=settled.at if state in {DeliveryState.SENT, DeliveryState.FAILED} else None,
        reference=settled.receipt.reference if settled.receipt else "",
        error=error,
    )
    event = "delivered" if state is DeliveryState.SENT else "delivery_failed"
    verb = "told" if state is DeliveryState.SENT else f"not told ({state.value})"
    text = f"{delivery.channel} {verb}: {delivery.operation.value} – {delivery.notification.headline}"
    fields = {**wire.delivery_json(delivery), "platform": platform}
    return Happening(settled.at, event, fields, f"{text} [{error}]" if error else text)
