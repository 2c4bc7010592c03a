"""From what is known to what is shown: the frozen values a window gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatchwatch.app.outlooks import NOTHING, Expected
from dispatchwatch.app.view import AlertLine, BoardRow, DeliveryLine, FeedLine, LaneLine, Told
from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules import Facts
from dispatchwatch.domain.standing import Standing, standing
from dispatchwatch.domain.visit import Visit
from dispatchwatch.domain.watched import Watched
from dispatchwatch.store.deliveries import Delivery, DeliveryState
from dispatchwatch.store.lanes import Lane

WITHOUT_CLOCK = frozenset({Standing.ON_SITE, Standing.DONE, Standing.CANCELLED, Standing.GONE})
ON_THE_LOOKOUT = frozenset({Standing.SOON, Standing.LATER, Standing.EN_ROUTE})
"""Where a visit stands while it can still be reached in time."""


def on_board(visit: Visit, day: tuple[datetime, datetime]) -> bool:
    """Whether a visit touches the day; one over midnight is on the boards of both."""
    start = visit.sched_start or visit.window_start or visit.window_end
    if start is None:
        return False
    end = max(start, visit.sched_end or visit.window_end or start)
    return start < day[1] and (end > day[0] or start >= day[0])


def board_row(
    watched: Watched,
    facts: Facts,
    fresh: frozenset[str],
    alert: Alert | None,
    told: tuple[Told, ...],
    expected: Expected = NOTHING,
) -> BoardRow:
    visit = watched.visit
    stands = standing(watched, facts.policy, facts.now)
    health = facts.feeds.get(visit.feed)
    unverified = visit.feed not in fresh and stands not in WITHOUT_CLOCK
    return BoardRow(
        key=watched.key,
        visit=visit,
        standing=stands,
        deadline=None if stands in WITHOUT_CLOCK else watched.deadline(facts.policy),
        severity=alert.severity if alert else None,
        alert_id=alert.id if alert else None,
        alert_kind=alert.kind if alert else None,
        alert_state=alert.state if alert else None,
        snoozed_until=alert.snoozed_until if alert else None,
        acknowledged_by=alert.acknowledged_by if alert else "",
        acknowledged_at=alert.acknowledged_at if alert else None,
        told=told,
        unverified_since=(health.last_good_at if health else None) if unverified else None,
        missing_since=watched.missing_since,
        outlook=expected.outlook if stands in ON_THE_LOOKOUT else None,
        predicted_arrival=expected.arrival,
        predicted_end=expected.end,
        drive=expected.drive,
    )


def still_true(row: BoardRow, watched: Watched, alert: Alert | None, facts: Facts, fresh: frozenset[str]) -> bool:
    """Whether a row shows a visit as it is, found out without building it anew."""
    if row.visit is not watched.visit or row.alert_id != (alert.id if alert else None):
        return False
    if row.missing_since != watched.missing_since or row.standing is not standing(watched, facts.policy, facts.now):
        return False
    return row.standing in WITHOUT_CLOCK or (row.unverified_since is None) is (watched.visit.feed in fresh)


def still_expected(row: BoardRow, expected: Expected) -> bool:
    """Whether a row shows what is predicted as it is now."""
    return (row.predicted_arrival, row.predicted_end, row.drive, row.outlook) == expected


def told(deliveries: Iterable[Delivery], platforms: Mapping[str, str]) -> tuple[Told, ...]:
    """What each channel heard last of an alert, or hears once it is no longer held back; what nobody needs any more is
    left out.
    """
    latest: dict[str, Told] = {}
    for one in deliveries:
        is_waiting = one.state is DeliveryState.WAITING
        if one.state is DeliveryState.DROPPED or (one.waits_for_nobody and is_waiting and not one.held):
            continue
        name, held = platforms.get(one.platform, one.platform), one.held if is_waiting else ""
        if not (held and one.channel in latest):
            latest[one.channel] = Told(one.channel, name, one.state.value, one.settled_at or one.next_attempt_at, held)
    return tuple(latest.values())


def delivery_line(delivery: Delivery, platforms: Mapping[str, str]) -> DeliveryLine:
    return DeliveryLine(
        id=delivery.id,
        alert_id=delivery.alert_id,
        alerts=delivery.alerts,
        channel=delivery.channel,
        platform=platforms.get(delivery.platform, delivery.platform),
        operation=delivery.operation,
        state=delivery.state.value,
        attempts=delivery.attempts,
        headline=delivery.notification.headline,
        created_at=delivery.created_at,
        next_attempt_at=delivery.next_attempt_at,
        settled_at=delivery.settled_at,
        waits_for_nobody=delivery.waits_for_nobody,
        may_have_arrived=delivery.may_have_arrived,
        held=delivery.held,
        reference=delivery.reference,
        error=delivery.error,
    )


def alert_line(alert: Alert, deliveries: Iterable[Delivery], platforms: Mapping[str, str]) -> AlertLine:
    return AlertLine(alert=alert, told=told(deliveries, platforms))


def feed_line(health: FeedHealth, *, fresh: bool, sources: str, kind: str) -> FeedLine:
    problem = health.problem
    if health.shrunken:
        problem = f"The last reading held only {health.shrunken_rows} visits instead of {health.rows}; it is set aside."
    return FeedLine(
        name=health.feed,
        kind=kind,
        fresh=fresh,
        last_good_at=health.last_good_at,
        last_attempt_at=health.last_attempt_at,
        source_at=health.source_at,
        interval=health.interval,
        problem=problem,
        visits=health.rows,
        bad_rows=health.bad_rows,
        sources=sources,
    )


@dataclass(frozen=True, slots=True)
class Load:
    """How much a channel has before it."""

    waiting: int = 0
    failed: int = 0
    oldest: datetime | None = None


def lane_line(lane: Lane, platform: str, load: Load, zone_name: str) -> LaneLine:
    return LaneLine(
        channel=lane.channel,
        platform=platform,
        paused=lane.paused,
        paused_at=lane.paused_at,
        resting_until=lane.resting_until,
        last_success_at=lane.last_success_at,
        last_error=lane.last_error,
        waiting=load.waiting,
        waiting_since=load.oldest,
        failed=load.failed,
        limit=wording.limited(platform, lane.limited_until, zone_name) if lane.limited_until else "",
    )


def next_deadline(visits: Iterable[Watched], policy: Policy, now: datetime) -> tuple[datetime, Watched] | None:
    """The next check-in deadline that somebody is still expected to keep."""
    waiting = {Standing.LATER, Standing.SOON, Standing.EN_ROUTE}
    candidates = (
        (deadline, watched)
        for watched in visits
        if (deadline := watched.deadline(policy)) is not None
        and now <= deadline <= now + timedelta(days=1)
        and standing(watched, policy, now) in waiting
    )
    return min(candidates, key=lambda pair: pair[0], default=None)
