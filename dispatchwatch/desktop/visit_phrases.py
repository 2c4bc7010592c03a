"""What the page of a visit says beside the facts themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from dispatchwatch.app.view import DeliveryLine, StoryKind, StoryLine, VisitPage
from dispatchwatch.desktop import phrases, texts
from dispatchwatch.desktop.board_phrases import EVIDENCE_MEANINGS
from dispatchwatch.domain.alert import Alert
from dispatchwatch.domain.evidence import evidence_of
from dispatchwatch.domain.visit import Visit
from dispatchwatch.domain.wording import STATUS_NAMES, clock, day_and_clock, headline, span, zone

WHO_CAN_TAKE_IT, COPY_AS_TEXT, ON_MAP, AT_SOURCE = (
    "Who can take it?",
    "Copy as text",
    "Show on a map",
    "Open at its source",
)
NOTES, BEFORE = "Notes", "Visits before"
BEFORE_MEANING = "Of the same work order or to the same customer, in the month before."
LABELS: Mapping[str, str] = {
    "evidence": "How we know",
    "skills": "Skills needed",
    "parts": "Parts needed",
    "assigned_by": "Reassigned",
}
STORY_MARKS: Mapping[StoryKind, str] = {
    StoryKind.PLANNED: "calendar",
    StoryKind.MOVED: "moved",
    StoryKind.ASSIGNED: "person",
    StoryKind.EXPECTED: "soon",
    StoryKind.EN_ROUTE: "en_route",
    StoryKind.ARRIVED: "check_in",
    StoryKind.DONE: "done",
    StoryKind.CANCELLED: "cancelled",
    StoryKind.GONE: "gone",
    StoryKind.NOTED: "note",
    StoryKind.CHANGED: "story",
    StoryKind.RAISED: "late",
    StoryKind.ACKNOWLEDGED: "acknowledge",
    StoryKind.RESOLVED: "done",
    StoryKind.TOLD: "sent",
    StoryKind.FAILED: "failed",
}
NOBODY_TO_NAME = frozenset({"", "rule"})
TOLD_KINDS = frozenset({StoryKind.TOLD, StoryKind.FAILED})


def chosen_by(name: str) -> str:
    """That the desk chose who goes; empty where the source did."""
    return f"At the desk by {name}, until the office software agrees or sends somebody else" if name else ""


def zone_hint(visit: Visit, office_zone: str, at: datetime) -> str:
    """That the clock at the site is another than the office's; empty where they go alike."""
    there, here = (at.astimezone(zone(name)) for name in (visit.site.timezone, office_zone))
    ahead = (there.utcoffset() or timedelta()) - (here.utcoffset() or timedelta())
    if not ahead:
        return ""
    direction = "ahead of" if ahead > timedelta() else "behind"
    length = span(ahead).removesuffix(" 00 min")
    return f"Times are those of the site: {length} {direction} the office. It is {there:%H:%M %Z} there now."


def evidence(visit: Visit) -> str:
    """How well the arrival is known; empty while nobody has arrived."""
    found = evidence_of(visit)
    return EVIDENCE_MEANINGS[found] if found is not None else ""


def told_by(line: StoryLine) -> str:
    """Who or what an event is known from, as a person says it; empty where that is said already."""
    by = line.by
    if by in NOBODY_TO_NAME or by in line.text or line.kind in TOLD_KINDS:
        return ""
    desk, _, name = by.partition("desk: ")
    return f"{name}, at the desk" if name and not desk else by


def number(phone: str) -> str:
    """A number that is broken nowhere."""
    return phone.replace(" ", "\u00a0")


def call(name: str) -> str:
    return f"Call {name}"


def day(moment: datetime, zone_name: str) -> str:
    local = moment.astimezone(zone(zone_name))
    return f"{local:%A} {local.day} {local:%B}"


def previous(visit: Visit) -> tuple[str, str]:
    """When it was and who went, and what became of it."""
    start = visit.sched_start or visit.window_start or visit.window_end
    when = day_and_clock(start, visit.site.timezone) if start else visit.ext_id
    what = " · ".join(part for part in (visit.ext_id, visit.title, STATUS_NAMES[visit.status].lower()) if part)
    return f"{when} · {phrases.crew(visit)}", what


def delivery_title(line: DeliveryLine) -> str:
    return f"{line.channel}: {texts.OPERATION_NAMES[line.operation].lower()}"


def as_text(page: VisitPage, facts: Sequence[tuple[str, str]], now: datetime) -> str:
    """All of the page, to be pasted into a mail or a chat."""
    visit, zone_name = page.row.visit, page.row.visit.site.timezone
    title = " – ".join(part for part in (visit.ext_id, visit.customer.name, visit.site.name) if part)
    parts = [title, "\n".join(f"{name}: {value}".replace("\n", ", ") for name, value in facts)]
    if visit.notes:
        parts.append(f"{NOTES}:\n{visit.notes}")
    if page.alerts:
        parts.append("\n".join([f"{texts.VISIT_ALERTS}:", *(_of_alert(alert, now) for alert in page.alerts)]))
    if page.story:
        parts.append("\n".join([f"{texts.STORY}:", *(_of_event(line, zone_name) for line in page.story)]))
    return "\n\n".join(parts)


def _of_alert(alert: Alert, now: datetime) -> str:
    return f"- {headline(alert, alert.resolved_at or now)}"


def _of_event(line: StoryLine, zone_name: str) -> str:
    by = told_by(line)
    return f"- {day_and_clock(line.at, zone_name)}  {line.text}{f' ({by})' if by else ''}"


def event_time(moment: datetime, zone_name: str) -> str:
    return clock(moment, zone_name, label=False)
