"""What “Who can take it?” says: on its cards, to a screen reader, and in the messages it prepares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dispatchwatch.app.typed_visit import DESK
from dispatchwatch.app.view import BoardRow, Suggestions, Weighed
from dispatchwatch.desktop import phrases
from dispatchwatch.desktop.marks import Mark
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.domain.visit import Technician, Visit
from dispatchwatch.domain.wording import clock, place, span

WHO_CAN_TITLE = "Who can take it?"
LOOKING = "Looking who can take it …"
NOT_WATCHED = "This visit is not watched any more, so nobody has to take it."
NOBODY_KNOWN = (
    "Nobody is known who could take it. Technicians come from the schedule, and from Settings under Technicians."
)
NOBODY_FITS = "No name and no skill has these letters."
TYPE_A_NAME = "Type a name or a skill"
CARDS = "Who can take it, the best first"
NOTHING_YET = "Nothing changes before you confirm it."
DAY_CHANGED, RANK_ANEW = "The day has changed since.", "Rank anew"
CHOOSE, CHOOSE_KEYS = "Choose…", "Enter, or 1 to 9"
CONFIRM, DONE, BACK_TO_THE_LIST = "Record it", "Done", "Back to the list"
WHAT_IS_RECORDED, ITS_COSTS, NOTE, NOTE_HINT = "What is recorded", "What it comes to", "Note", "Why; for the record"
MESSAGES = "Messages"
NOTHING_SENDS = (
    "Nothing is sent from here: no channel is set up that writes to technicians or customers. "
    "Change the texts as you like, copy them, or call."
)
COPY, CALL, TEXT_MESSAGE = "Copy", "Call", "Text message"
NO_NUMBER = "No phone number is known."
RECORDED = "Recorded. Now tell them."
RECORDING = "Recording it …"
CUSTOMER = "the customer"
MINUTE = timedelta(minutes=1)


def about(row: BoardRow) -> str:
    """`J-1042 · Acme Foundry, Plant 4 · promised by 10:00 CST · J. Ortiz has it`."""
    visit = row.visit
    promised = f"promised by {clock(visit.promise, visit.site.timezone)}" if visit.promise else "any time"
    has_it = f"{visit.technician} has it" if visit.technicians else "nobody has it"
    needs = f"needs {', '.join(visit.skills)}" if visit.skills else ""
    where = place(visit.customer.name, phrases.where(visit))
    return " · ".join(part for part in (visit.ext_id, where, promised, has_it, needs) if part)


def spares(found: Suggestions) -> str:
    return f"What it saves: {found.spares}" if found.spares else ""


def nobody_can(found: Suggestions) -> str:
    if not found.cannot:
        return NOBODY_KNOWN
    if found.could:
        return "Nobody can take it as things are. These could, if something were asked for:"
    return "Nobody can take it, and asking for overtime or another time would not help."


def cannot(those: Sequence[Weighed], *, more: bool, unfolded: bool) -> str:
    """`4 cannot: J. Ortiz lacks the skill “gas”, and 3 more`."""
    number = f"{len(those)} {'more ' if more else ''}cannot"
    if unfolded or not those:
        return number
    others = f", and {len(those) - 1} more" if len(those) > 1 else ""
    return f"{number}: {those[0].reason.rstrip('.')}{others}"


def mark(weighed: Weighed) -> Mark:
    """How it stands with a technician, in an icon, a colour and a few words."""
    if weighed.asks_for:
        return Mark("unknown", Tone.SOON, "If asked for")
    if not weighed.feasible:
        return Mark("failed", Tone.IDLE, "Cannot")
    if weighed.late >= MINUTE:
        return Mark("late", Tone.LATE, f"{span(weighed.late)} late")
    if weighed.extra_drive is None:
        return Mark("unknown", Tone.INFO, "Way not known")
    if weighed.delays:
        return Mark("warning", Tone.SOON, "Delays others")
    return Mark("sent", Tone.OK, "Fits")


def facts(weighed: Weighed) -> str:
    """`Arrives 10:40 · 12 min later than promised · +18 min driving · delays nobody`."""
    return first_up(" · ".join(weighed.facts))


def known_of(weighed: Weighed) -> str:
    """Skills and phone, as far as they are known."""
    skills = f"Skills: {', '.join(weighed.skills)}" if weighed.skills else ""
    return " · ".join(part for part in (skills, weighed.technician.phone) if part)


def card_sentence(weighed: Weighed, place_in_list: int, of: int) -> str:
    """A card for a screen reader."""
    where = f"{place_in_list} of {of}. " if place_in_list else ""
    said = ", ".join(part.lstrip() for part in (mark(weighed).word.lower(), *weighed.facts) if part)
    skills = f" Skills: {', '.join(weighed.skills)}." if weighed.skills else ""
    phone = f" Phone {weighed.technician.phone}." if weighed.technician.phone else ""
    asks = f" {weighed.asks_for}" if weighed.asks_for else ""
    return f"{where}{weighed.technician.name}: {said}.{asks}{skills}{phone}"


def cannot_sentence(weighed: Weighed) -> str:
    return f"{weighed.technician.name} cannot: {weighed.reason}"


def as_things_are(weighed: Weighed) -> str:
    return f"As things are: {weighed.reason}"


def choose(name: str) -> str:
    return f"Choose {name} and go on to what is recorded"


def give(visit: Visit, technician: Technician) -> str:
    return f"Give {visit.ext_id} to {technician.name}?"


def recorded(visit: Visit, technician: Technician, user: str) -> str:
    """`J-1042 from J. Ortiz to M. Lee, decided by Ana Ruiz.`"""
    return f"{visit.ext_id} from {visit.technician or 'nobody'} to {technician.name}, decided by {user}."


def until_the_feed_speaks(visit: Visit) -> str:
    if visit.feed == DESK:
        return "The visit was typed at the desk: nothing has to be changed anywhere else."
    return (
        f"The visit is shown as reassigned at the desk until the feed “{visit.feed}” agrees or sends somebody else. "
        "Nothing is written into the office software: change it there too."
    )


def warning(weighed: Weighed) -> str:
    """What stands against it; empty where nothing does."""
    if weighed.feasible:
        return ""
    if weighed.asks_for:
        return f"This has to be asked for: {weighed.asks_for}"
    return f"This goes against what is known: {weighed.reason}"


def message_to(name: str, phone: str) -> str:
    return " · ".join(part for part in (f"To {name}", phone) if part)


def to_the_new_one(visit: Visit, weighed: Weighed, user: str, office: str) -> str:
    work = f": {visit.title}" if visit.title else ""
    phone = f" Customer’s phone: {visit.customer.phone}." if visit.customer.phone else ""
    notes = f" Notes: {visit.notes.strip()}" if visit.notes.strip() else ""
    return (
        f"{weighed.technician.name}, please take over {visit.ext_id} at {_whereabouts(visit)}{work}."
        f"{_times(visit, weighed)}{phone}{notes} – {_signed(user, office)}"
    )


def to_the_one_before(visit: Visit, before: Technician, after: Technician, user: str, office: str) -> str:
    where = place(visit.customer.name, visit.site.name)
    return (
        f"{before.name}, {after.name} takes over {visit.ext_id} at {where}. "
        f"You need not go there any more. – {_signed(user, office)}"
    )


def to_the_customer(visit: Visit, weighed: Weighed, office: str) -> str:
    instead = f" instead of {visit.technician}" if visit.technicians else ""
    late = f", {span(weighed.late)} later than promised. We are sorry for the delay" if weighed.late >= MINUTE else ""
    arrival = _sure_arrival(weighed)
    when = f", at about {clock(arrival, visit.site.timezone)}{late}" if arrival else ""
    return f"Good day. {weighed.technician.name} comes to you{instead}{when}. – {office}"


def copied(name: str) -> str:
    return f"The text to {name} is on the clipboard."


def _whereabouts(visit: Visit) -> str:
    return ", ".join(part for part in (visit.customer.name, visit.site.name, visit.site.address) if part)


def _times(visit: Visit, weighed: Weighed) -> str:
    zone, arrival = visit.site.timezone, _sure_arrival(weighed)
    promised = f"The customer was promised {clock(visit.promise, zone)}" if visit.promise else ""
    expected = f"{'we' if promised else 'We'} expect you there at {clock(arrival, zone)}" if arrival else ""
    said = "; ".join(part for part in (promised, expected) if part)
    return f" {said}." if said else ""


def _signed(user: str, office: str) -> str:
    return ", ".join(part for part in (user, office) if part)


def _sure_arrival(weighed: Weighed) -> datetime | None:
    """Where the way is not known, the arrival is only the earliest there is: nobody is told of it."""
    return weighed.arrival if weighed.extra_drive is not None else None


def first_up(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def nothing_takes(number: str) -> str:
    return f"Nothing on this computer takes this. {number} is on the clipboard."


def not_there(ext_id: str) -> str:
    return f"{ext_id} is not on the board any more, so nobody has to take it."
