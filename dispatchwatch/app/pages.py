"""What the window opens when somebody wants to know more: everything about one visit, everything about one feed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dispatchwatch.app import picture
from dispatchwatch.app.looking_back import aside, previous_visits
from dispatchwatch.app.outlooks import prediction_of
from dispatchwatch.app.parts import Parts
from dispatchwatch.app.story import story
from dispatchwatch.app.view import VisitPage
from dispatchwatch.domain.alert import AlertState
from dispatchwatch.domain.visit import VisitKey


async def visit_page(parts: Parts, key: VisitKey, now: datetime) -> VisitPage | None:
    """Everything known of a visit, with its story; None where it is not watched."""
    page = _visit_page(parts, key, now)
    if page is None:
        return None
    visit = page.row.visit
    return replace(page, previous=await aside(parts.store, lambda store: previous_visits(store, visit, now)))


def _visit_page(parts: Parts, key: VisitKey, now: datetime) -> VisitPage | None:
    watch, store = parts.watch, parts.store
    watched = watch.visits.get(key)
    if watched is None:
        return None
    alerts = store.alerts.of_visit(key)
    deliveries = store.outbox.of_alerts([alert.id for alert in alerts])
    facts = watch.facts(now)
    active = next((one for one in reversed(alerts) if one.state is not AlertState.RESOLVED), None)
    platforms = dict(parts.channel_names.values())
    heard = picture.told([one for one in deliveries if active and active.id in one.alerts], platforms)
    return VisitPage(
        row=picture.board_row(watched, facts, facts.fresh_feeds(), active, heard),
        promise=watched.visit.promise,
        grace=watch.policy.for_visit(watched.visit).check_in_grace,
        story=story(watched, store.schedules.history(key), alerts, deliveries),
        alerts=tuple(alerts),
        deliveries=tuple(picture.delivery_line(one, platforms) for one in deliveries),
        prediction=prediction_of(watched, facts),
    )
