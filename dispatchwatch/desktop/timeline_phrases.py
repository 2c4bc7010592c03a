"""What the timeline says: in a block, beside a name, under the pointer, and to a screen reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from dispatchwatch.app.view import BoardRow, Weighed
from dispatchwatch.desktop import phrases, texts
from dispatchwatch.desktop.marks import STANDINGS, Mark, of_row
from dispatchwatch.desktop.timeline.crews import NOT_TOLD, UNASSIGNED
from dispatchwatch.desktop.timeline.layout import Block, Gap, Order, TechnicianDay
from dispatchwatch.desktop.timeline.shape import Stretch
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.wording import clock, place, span

TIMELINE = "Timeline"
ORDER_NAMES: Mapping[Order, str] = {Order.LATE_FIRST: "Late first", Order.BY_NAME: "By name"}
ORDER_MEANINGS: Mapping[Order, str] = {
    Order.LATE_FIRST: "Technicians with a late visit first, then those with one due soon",
    Order.BY_NAME: "Technicians in the order of their names",
}
ORDER_LABEL, ORDER_HELP = "Order of the technicians", "Chosen on the timeline itself."
NOW, SHOW_NOW, NOW_KEY = "Now", "Scroll to now", "Home"
WHOLE_DAY, LARGER, SMALLER = "Show the whole day", "Show fewer hours, larger", "Show more hours, smaller"
LEGEND_NAME = "Legend: outline planned, filled actual, hatched predicted, bracket promised"
LEGEND_MEANING = (
    "Each visit is a box where it is planned. The bar below it is what happens: filled where somebody is or was on "
    "site, hatched where that is predicted. The bracket above it is the arrival window the customer was promised. "
    "Dotted lines are drives, a corner marks visits planned for the same time."
)
LEGEND = (("Planned", "planned"), ("Actual", "actual"), ("Predicted", "predicted"), ("Promised", "promised"))
MOVE_TO, MOVE_TITLE = "Move to…", "Who takes it over?"
MOVE_HINT = "Type a name"
PROPOSE = "Propose"
NOT_WEIGHED = "…"
PROPOSED_ONLY = "Nothing changes before you confirm it."
ROW_NAMES: Mapping[str, str] = {UNASSIGNED: "Unassigned", NOT_TOLD: texts.NOT_TOLD_WHO}
AWAY = "Away"
DROP_ON_A_NAME = "Drop it in the row of whoever takes it over."
NO_VISITS, NOT_TODAY, NOTHING_LEFT = "No visits", "Off today", "Done for today"
MINUTE = timedelta(minutes=1)


def name_of(day: TechnicianDay) -> str:
    return ROW_NAMES.get(day.identity) or day.who.name


def block_words(row: BoardRow, now: float, zone: str) -> tuple[str, str]:
    """The two lines in a block: what it is, and what matters about it now."""
    visit = row.visit
    number = f"{visit.ext_id} +{len(visit.technicians) - 1}" if len(visit.technicians) > 1 else visit.ext_id
    first = " · ".join(part for part in (number, visit.customer.name or phrases.where(visit)) if part)
    return first, state_words(row, now, zone) or visit.title or phrases.where(visit)


def state_words(row: BoardRow, now: float, zone: str) -> str:
    """The word of a state with what belongs to it; empty where nothing need be said."""
    visit = row.visit
    match row.standing:
        case Standing.LATE:
            return late_by(row, now)
        case Standing.ON_SITE if visit.checked_in_at:
            return f"On site since {clock(visit.checked_in_at, zone, label=False)}"
        case Standing.DONE if visit.completed_at:
            return f"Done {clock(visit.completed_at, zone, label=False)}"
        case Standing.SOON if row.deadline:
            return f"Due {clock(row.deadline, zone, label=False)}"
        case Standing.LATER | Standing.UNASSIGNED:
            return _first_up(row.outlook.text) if row.outlook else ""
        case _:
            return texts.STANDING_NAMES[row.standing]


def late_by(row: BoardRow, now: float) -> str:
    """How long the deadline is over, in full minutes."""
    length = timedelta(seconds=now - row.deadline.timestamp() if row.deadline else 0)
    return f"{span(length)} late" if length >= MINUTE else texts.STANDING_NAMES[Standing.LATE]


def day_mark(day: TechnicianDay, zone: str) -> Mark:
    """How a technician's day stands, in an icon, a colour and a few words."""
    late, soon = day.count(Standing.LATE), day.count(Standing.SOON)
    if late:
        return STANDINGS[Standing.LATE]._replace(word=f"{late} late")
    for standing, words in ((Standing.ON_SITE, "At"), (Standing.EN_ROUTE, "To")):
        there = next((block.row.visit for block in day.blocks if block.row.standing is standing), None)
        if there is not None and day.who.technician is not None:
            where = there.customer.name or phrases.where(there) or there.ext_id
            return STANDINGS[standing]._replace(word=f"{words} {where}")
    if soon:
        return STANDINGS[Standing.SOON]._replace(word=f"{soon} soon")
    if unknown := day.count(Standing.UNKNOWN):
        return STANDINGS[Standing.UNKNOWN]._replace(word=f"{unknown} unknown")
    return _quiet_mark(day, zone)


def _quiet_mark(day: TechnicianDay, zone: str) -> Mark:
    ahead = [block for block in day.blocks if not block.shape.settled]
    if day.who.technician is None and ahead:
        return STANDINGS[Standing.UNASSIGNED]._replace(word=f"{len(ahead)} waiting")
    if ahead:
        plan = next((block.shape.plan for block in ahead if block.shape.plan), None)
        word = f"Next {at(plan[0], zone)}" if plan else "Any time today"
        return STANDINGS[Standing.LATER]._replace(word=word, tone=Tone.MUTED)
    if day.blocks:
        return STANDINGS[Standing.DONE]._replace(word=NOTHING_LEFT)
    word = NOT_TODAY if day.who.shifts == () else NO_VISITS
    return STANDINGS[Standing.LATER]._replace(word=word, tone=Tone.IDLE)


def load(day: TechnicianDay) -> str:
    """How much is planned: "5 visits · 6 h 30"."""
    if not day.blocks:
        return ""
    number = phrases.count(len(day.blocks), "visit", "visits")
    return f"{number} · {hours(day.load)}" if day.load else number


def hours(seconds: float) -> str:
    minutes = round(abs(seconds) / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h" + (f" {minutes % 60:02d}" if minutes % 60 else "")


def gap_words(gap: Gap, now: float, zone: str) -> tuple[str, ...]:
    """From the most that can be said of a gap to the least; of one that has begun, until when it lasts."""
    if gap.drive is not None and gap.free < 0:
        return f"{hours(gap.drive)} drive, {hours(gap.end - gap.start)} time", f"{hours(-gap.free)} short"
    if gap.start < now:
        return (f"free until {at(gap.end - (gap.drive or 0.0), zone)}",)
    return f"{hours(gap.free)} free", hours(gap.free)


def between(stretch: Stretch, zone: str) -> str:
    return f"{at(stretch[0], zone)}–{at(stretch[1], zone)}"


def at(instant: float, zone: str) -> str:
    return clock(datetime.fromtimestamp(instant, UTC), zone, label=False)


def block_sentence(block: Block, day: TechnicianDay, now: float, zone: str) -> str:
    """A block for a screen reader: who, what, where, when, and what is wrong with it."""
    row, shape = block.row, block.shape
    where = place(row.visit.customer.name, row.visit.site.name)
    parts = [name_of(day), f"{row.visit.ext_id} at {where}"]
    parts.append(f"planned {_to(shape.plan, zone)}" if shape.plan else "any time today")
    parts.append(_first_down(state_words(row, now, zone)) or texts.STANDING_NAMES[row.standing].lower())
    if shape.expected and not shape.running:
        parts.append(f"expected {_to(shape.expected, zone)}")
    if block.overlaps:
        parts.append(f"overlaps {_listed(block)}")
    return ", ".join(parts) + "."


def day_sentence(day: TechnicianDay, now: float, zone: str) -> str:
    """A technician's day in words."""
    parts = [name_of(day), day_mark(day, zone).word.lower(), load(day)]
    if day.who.shifts:
        parts.append("works " + " and ".join(_to(shift, zone) for shift in day.who.shifts))
    head = ", ".join(part for part in parts if part)
    visits = "; ".join(_brief(block, now, zone) for block in day.blocks)
    return f"{head}. {visits}." if visits else f"{head}."


def tooltip(block: Block, now: float, zone: str) -> str:
    """Everything about a block, a line for each thing."""
    return "\n".join(line for line in _lines(block, now, zone) if line)


def weighed_words(weighed: Weighed | None, zone: str) -> str:
    """What a move would cost, in one line."""
    if weighed is None:
        return NOT_WEIGHED
    if not weighed.feasible:
        return weighed.reason or "Can’t take it."
    parts = [f"Arrives {clock(weighed.arrival, zone, label=False)}" if weighed.arrival else ""]
    parts.append(f"{span(weighed.late)} late" if weighed.late >= MINUTE else "in time" if weighed.arrival else "")
    if weighed.extra_drive is not None and weighed.extra_drive:
        sign = "+" if weighed.extra_drive > timedelta() else "−"
        parts.append(f"{sign}{span(weighed.extra_drive)} driving")
    parts.append(_delays(weighed))
    return _first_up(", ".join(part for part in parts if part))


def weighed_mark(weighed: Weighed | None) -> Mark:
    if weighed is None:
        return Mark("waiting", Tone.MUTED, NOT_WEIGHED)
    if not weighed.feasible:
        return Mark("failed", Tone.LATE, "Can’t take it")
    if weighed.late >= MINUTE or weighed.delays:
        return Mark("warning", Tone.SOON, "At a cost")
    return Mark("sent", Tone.OK, "Fits")


def moving(row: BoardRow) -> str:
    return f"{row.visit.ext_id} · {row.visit.customer.name or phrases.where(row.visit)}"


def to(row: BoardRow, day: TechnicianDay) -> str:
    return f"{row.visit.ext_id} to {name_of(day)}"


def _delays(weighed: Weighed) -> str:
    """Whom it delays by how much; more than two are counted."""
    if not weighed.delays:
        return "delays nobody"
    named = ", ".join(f"{label} {minutes} min later" for label, minutes in weighed.delays[:2])
    more = len(weighed.delays) - 2
    return f"{named} and {more} more" if more > 0 else named


def _lines(block: Block, now: float, zone: str) -> Iterator[str]:
    row, shape, visit = block.row, block.shape, block.row.visit
    mark, said = of_row(row), state_words(row, now, zone)
    yield " · ".join(part for part in (visit.ext_id, visit.title) if part)
    yield place(visit.customer.name, phrases.where(visit))
    yield f"{mark.word}, {_first_down(said)}" if mark.word.casefold() not in said.casefold() else said or mark.word
    yield f"Planned {between(shape.plan, zone)}{_length(block)}" if shape.plan else "Planned for any time today"
    yield f"Promised between {between(shape.promised, zone).replace('–', ' and ')}" if shape.promised else ""
    if shape.actual is not None:
        yield f"Arrived {at(shape.actual[0], zone)}" + ("" if shape.running else f", left {at(shape.actual[1], zone)}")
    if shape.expected is not None:
        done = f"done by {at(shape.expected[1], zone)}"
        yield f"Should be {done}" if shape.running else f"Expected {at(shape.expected[0], zone)}, {done}"
    yield f"{span(timedelta(seconds=shape.drive))} drive from where he is before" if shape.drive else ""
    yield f"At the same time: {_listed(block)}" if block.overlaps else ""
    yield f"Together: {visit.technician}" if len(visit.technicians) > 1 else ""
    yield f"The site’s clock shows {row_zone(row)} time" if visit.site.timezone != zone else ""
    yield phrases.sentence(_first_up(phrases.told_line(row.told))) if row.told else ""


def row_zone(row: BoardRow) -> str:
    return row.visit.site.timezone.rpartition("/")[2].replace("_", " ")


def _length(block: Block) -> str:
    return " (nobody told how long)" if block.shape.assumed else ""


def _listed(block: Block) -> str:
    return ", ".join(key.ext_id for key in block.overlaps)


def _brief(block: Block, now: float, zone: str) -> str:
    start = at(block.shape.plan[0], zone) if block.shape.plan else "any time"
    said = state_words(block.row, now, zone) or texts.STANDING_NAMES[block.row.standing]
    return f"{start} {block.row.visit.ext_id} at {place(block.row.visit.customer.name, '')}, {_first_down(said)}"


def _to(stretch: Stretch, zone: str) -> str:
    return f"{at(stretch[0], zone)} to {at(stretch[1], zone)}"


def _first_down(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def _first_up(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
