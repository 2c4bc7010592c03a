"""What is known of a visit, as pairs of a label and a sentence."""

from __future__ import annotations

from datetime import datetime

from dispatchwatch.app.view import VisitPage
from dispatchwatch.desktop import feed_phrases, phrases, texts, visit_phrases
from dispatchwatch.domain.visit import Visit
from dispatchwatch.domain.wording import STATUS_NAMES, clock, day_and_clock, span
from dispatchwatch.domain.wording.prediction import expectation

Fact = tuple[str, str]


def facts(page: VisitPage) -> list[Fact]:
    """Only what is known: a source that does not tell a thing leaves its line out."""
    visit = page.row.visit
    known = [*_times(page, visit), *_people(visit), *_work(visit)]
    labels = {**texts.VISIT_LABELS, **visit_phrases.LABELS}
    return [(labels[name], value) for name, value in known if value]


def _times(page: VisitPage, visit: Visit) -> list[Fact]:
    zone_name = visit.site.timezone

    def told(moment: datetime | None) -> str:
        return day_and_clock(moment, zone_name) if moment else ""

    deadline = page.row.deadline
    grace = f", {span(page.grace)} after the promise" if page.promise and page.grace else ""
    planned = "–".join(clock(at, zone_name, label=False) for at in (visit.sched_start, visit.sched_end) if at)
    return [
        ("deadline", f"{told(deadline)}{grace}" if deadline else ""),
        ("window", phrases.window(visit) if visit.window_start or visit.window_end else ""),
        ("planned", planned),
        ("eta", told(visit.eta)),
        ("prediction", expectation(page.prediction, zone_name) if page.prediction else ""),
        ("arrived", told(visit.checked_in_at)),
        ("evidence", visit_phrases.evidence(visit)),
        ("done", told(visit.completed_at)),
    ]


def _people(visit: Visit) -> list[Fact]:
    technicians = "\n".join(
        "  ".join(filter(None, (one.name, visit_phrases.number(one.phone)))) for one in visit.technicians
    )
    return [
        ("technician", technicians or phrases.crew(visit)),
        ("assigned_by", visit_phrases.chosen_by(visit.assigned_by)),
        ("customer", "  ".join(filter(None, (visit.customer.name, visit_phrases.number(visit.customer.phone))))),
        ("site", "\n".join(filter(None, (visit.site.name, visit.site.address)))),
    ]


def _work(visit: Visit) -> list[Fact]:
    status = STATUS_NAMES[visit.status]
    raw = f" (“{visit.status_raw}”)" if visit.status_raw and visit.status_raw.casefold() != status.casefold() else ""
    return [
        ("work", " · ".join(filter(None, (visit.title, visit.kind)))),
        ("order", visit.order_ref),
        ("priority", visit.priority),
        ("contract", visit.contract),
        ("status", f"{status}{raw}"),
        ("skills", ", ".join(visit.skills)),
        ("parts", ", ".join(visit.parts)),
        ("feed", feed_phrases.feed_name(visit.feed)),
    ]
