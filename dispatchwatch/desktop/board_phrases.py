"""The words of the board: its columns, views, filters, groups and row actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import feed_phrases, phrases, texts
from dispatchwatch.desktop.board.columns import Column
from dispatchwatch.desktop.board.filter import Facet, FacetValue
from dispatchwatch.desktop.board.grouping import Grouping
from dispatchwatch.desktop.board.sorting import Sort
from dispatchwatch.desktop.grouped_model import Heading
from dispatchwatch.domain.evidence import Evidence
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.wording import clock, place

COLUMN_NAMES: Mapping[Column, str] = {
    Column.TIME: "Time left",
    Column.STATE: "State",
    Column.TECHNICIAN: "Technician",
    Column.SITE: "Customer · site",
    Column.WINDOW: "Window",
    Column.TOLD: "Told",
    Column.PRIORITY: "Priority",
    Column.KIND: "Kind",
    Column.ORDER: "Work order",
    Column.FEED: "Feed",
    Column.CONTACT: "Address · phone",
    Column.PLANNED: "Planned",
    Column.PREDICTED: "Predicted",
    Column.EVIDENCE: "Arrival known by",
    Column.AGE: "Data age",
    Column.ACKNOWLEDGED: "Taken on by",
    Column.NOTES: "Notes",
    Column.ACTIONS: "",
}
GROUPING_NAMES: Mapping[Grouping, str] = {
    Grouping.NONE: "No groups",
    Grouping.TECHNICIAN: "Technician",
    Grouping.STATUS: "State",
    Grouping.CUSTOMER: "Customer",
    Grouping.SITE: "Site",
    Grouping.FEED: "Feed",
}
FACET_NAMES: Mapping[Facet, str] = {
    Facet.FEED: "Feed",
    Facet.STATE: "State",
    Facet.TECHNICIAN: "Technician",
    Facet.CUSTOMER: "Customer",
    Facet.SITE: "Site",
    Facet.PRIORITY: "Priority",
    Facet.KIND: "Kind",
}
EVIDENCE_NAMES: Mapping[Evidence, str] = {
    Evidence.PLACE: "place checked",
    Evidence.STAMP: "stamped",
    Evidence.TECHNICIAN: "own word",
    Evidence.DESK: "by the desk",
    Evidence.STATUS: "status only",
}
EVIDENCE_MEANINGS: Mapping[Evidence, str] = {
    Evidence.PLACE: "The arrival was stamped where the site is: as sure as it gets.",
    Evidence.STAMP: "The office software has a time of arrival.",
    Evidence.TECHNICIAN: "The technician said so, by the check-in link or a message.",
    Evidence.DESK: "Somebody at the desk entered the arrival.",
    Evidence.STATUS: "Only the status says so; there is no time of arrival. It may be wrong.",
}
NO_EVIDENCE = "no check-in yet"
VIEWS, FILTER, GROUP_BY, CHOOSE_COLUMNS = "Views", "Filter", "Group by", "Columns…"
MINE, MINE_MEANING = "Mine", "Visits whose alert you have taken on"
FILTER_SEARCH, NO_SUCH_VALUE = "Find a technician, customer, site …", "Nothing of that name on the board."
CLEAR_FILTERS, CLEAR_ALL = "Clear filters", "Clear all"
MOST_URGENT_FIRST = "Most urgent first"
FOLD_ALL, UNFOLD_ALL = "Fold all groups", "Unfold all groups"
SAVE_VIEW, SAVE_VIEW_AS, BACK_TO_SAVED, ARRANGE_VIEWS = (
    "Save changes",
    "Save as a new view…",
    "Back to the saved view",
    "Arrange views…",
)
VIEW_NAME, VIEW_NAME_HINT, NEW_VIEW_TITLE = "Name", "For example: Acme, emergencies", "Save this view"
NEW_VIEW_MEANING = (
    "Keeps the filters, the groups and the order under a name. Ctrl+1 to Ctrl+9 open the first nine views."
)
OWN_COLUMNS, OWN_COLUMNS_HINT = "Keep these columns for this view only", "Otherwise all views show the same columns."
NAME_IS_MISSING, NAME_IS_TAKEN = "Type a name.", "There is a view of that name already."
VIEWS_TITLE, VIEWS_MEANING = "Views", "The first nine open by Ctrl+1 to Ctrl+9, in this order."
OPENS_AT_START = "opens at start"
RENAME, DELETE, UP, DOWN, AT_START = "Rename", "Delete", "Move up", "Move down", "Open at start"
AS_LEFT = "Open as it was left"
RESTORE_VIEWS = "Bring back the first views"
COLUMNS_TITLE = "Columns"
COLUMNS_MEANING = "Drag the heads on the board to move columns, drag their edges to widen them."
RESET_COLUMNS, WIDTH = "Reset", "Width"
AUTOMATIC = "Automatic"
WIDTH_CHOICES: Mapping[int, str] = {0: AUTOMATIC, 72: "Narrow", 120: "Medium", 200: "Wide", 320: "Very wide"}
CALL, WHO_CAN, OPEN_SOURCE, SHOW_ON_MAP, ENTER_ETA = (
    "Call",
    "Who can take it?",
    "Open in the office software",
    "Show on a map",
    "Enter an ETA…",
)
CALL_MENU, COPY_NUMBER, COPY_ROWS = "Call…", "Copy number", "Copy"
COPY_CELLS, COPY_TEXT, COPY_NUMBERS = "For a spreadsheet", "As text", "Job number"
NO_NUMBER, NO_SOURCE = "No phone number is known.", "The schedule gives no address for this visit."
NO_PLACE = "Neither an address nor coordinates are known."
ETA_TITLE = "When is the technician expected?"
SORTED_BY = "Sorted by"
ROW_KEYS: Mapping[str, str] = {"check_in": "C", "acknowledge": "A", "reassign": "W", "call": "P"}


def head(column: Column, sort: Sort) -> str:
    """The head of a column, with an arrow where it is sorted by, and its place among several keys."""
    name = COLUMN_NAMES[column]
    for number, key in enumerate(sort, 1):
        if key.column is column:
            return f"{name} {'↓' if key.descending else '↑'}{number if len(sort) > 1 else ''}"
    return name


def head_sentence(column: Column, sort: Sort) -> str:
    for number, key in enumerate(sort, 1):
        if key.column is column:
            way = "last first" if key.descending else "first first"
            return f"{COLUMN_NAMES[column]}, sorted, {way}, key {number} of {len(sort)}"
    return COLUMN_NAMES[column]


def order_words(sort: Sort) -> str:
    return f"{SORTED_BY} {', '.join(head(key.column, (key,)) for key in sort)}"


def facet_value(value: FacetValue) -> str:
    """A value in words; what is empty has a name too."""
    facet, word = value
    if facet is Facet.STATE:
        return texts.STANDING_NAMES[Standing(word)]
    if facet is Facet.FEED:
        return feed_phrases.feed_name(word)
    if facet is Facet.TECHNICIAN:
        return word or texts.NOBODY
    return word or f"No {FACET_NAMES[facet].lower()}"


def chosen_value(value: FacetValue) -> str:
    return f"{FACET_NAMES[value[0]]}: {facet_value(value)}"


def taken_away(words: str) -> str:
    return f"Remove the filter {words}"


def hits(number: int, total: int, *, searching: bool) -> str:
    if searching:
        return phrases.count(number, "hit", "hits") if number else "no hits"
    return f"{number} of {total}"


def view_name(name: str, *, changed: bool) -> str:
    return f"{name} · changed ▾" if changed else f"{name} ▾"


def view_tip(name: str, *, changed: bool) -> str:
    return f"{name}, changed but not saved. Open it again to have it as it was." if changed else f"View {name}"


def filters(number: int) -> str:
    return f"{FILTER}, {phrases.count(number, 'value', 'values')} chosen" if number else FILTER


def grouped_by(grouping: Grouping) -> str:
    return f"Grouped by {GROUPING_NAMES[grouping].lower()}"


def how_it_starts(name: str) -> str:
    return f"At start “{name}” is opened." if name else "At start the board looks as it was left."


def by_hand(width: int) -> str:
    return f"{width} px"


def heading_name(heading: Heading) -> str:
    return heading.group.name or "Not told"


def heading_counts(heading: Heading) -> Sequence[tuple[Standing, str]]:
    """How many visits of a group stand where, the most urgent first."""
    by_standing: dict[Standing, int] = {}
    for (_, word), number in sorted(heading.kinds.items()):
        by_standing[Standing(word)] = by_standing.get(Standing(word), 0) + number
    return [(one, f"{number} {texts.STANDING_NAMES[one].lower()}") for one, number in by_standing.items()]


def heading_sentence(heading: Heading) -> str:
    counts = ", ".join(words for _, words in heading_counts(heading))
    state = "folded" if heading.folded else "unfolded"
    visits = phrases.count(heading.count, "visit", "visits")
    return f"Group {heading_name(heading)}, {visits}: {counts}, {state}."


def old(since: datetime, now: datetime) -> str:
    return f"{phrases.age(since, now)} old"


def data_age(read_at: datetime | None, now: datetime) -> str:
    """Coarse on purpose: a figure that changes each second on each row would never be quiet."""
    if read_at is None:
        return "not read"
    return "under 1 min" if (now - read_at).total_seconds() < 60 else phrases.age(read_at, now)


def evidence_words(evidence: Evidence | None) -> str:
    return EVIDENCE_NAMES[evidence] if evidence else NO_EVIDENCE


def row_tip(row: BoardRow, evidence: Evidence | None) -> str:
    """What a row says beyond what is painted on it."""
    outlook = row.outlook.text if row.outlook else ""
    more = f"{outlook[:1].upper()}{outlook[1:]}." if outlook else ""
    known = EVIDENCE_MEANINGS[evidence] if evidence else ""
    return " ".join(part for part in (phrases.row_sentence(row), known, more) if part)


def about(row: BoardRow) -> str:
    return f"{row.visit.ext_id}, {place(row.visit.customer.name, row.visit.site.name)}"


def call(name: str, number: str) -> str:
    return f"{name}, {number}" if name else number


def copied(what: str) -> str:
    return f"{what} is on the clipboard."


def could_not_call(number: str) -> str:
    return f"Nothing on this computer takes calls. {number} is on the clipboard."


def could_not_open(what: str) -> str:
    return f"{what} could not be opened: this computer has no program for it."


def copied_rows(number: int) -> str:
    return f"{phrases.count(number, 'visit', 'visits')} copied."


def expected(row: BoardRow) -> tuple[str, str]:
    """When somebody is predicted to come, and to be done."""
    zone_name = row.visit.site.timezone
    arrival, end = row.predicted_arrival, row.predicted_end
    first = f"about {clock(arrival, zone_name, label=False)}" if arrival else ""
    return first, f"done {clock(end, zone_name, label=False)}" if end else ""
