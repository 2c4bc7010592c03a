"""The words of connecting a feed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from dispatchwatch.app.mapping import FIELD_WORDS, LEAVE_OUT, NONE, Question
from dispatchwatch.domain.schedule import Gravity, RowProblem
from dispatchwatch.domain.visit import Status
from dispatchwatch.domain.wording import STATUS_NAMES

SENTENCE_ENDS = re.compile(r"(?<=[.?!])\s+")
WHERE_FROM = "Where does the schedule come from?"
WHERE_FROM_WHY = "Whatever your office software can give: it is only read, and nothing is ever written to it."
CALLED = "Call it"
CALLED_HELP = "What this schedule is called on the board and in routes."
USUAL_NAME = "today"
KINDS: Mapping[str, tuple[str, str]] = {
    "csv": ("A text file", "CSV or similar: one visit a line, as most software exports it"),
    "xlsx": ("An Excel workbook", "One visit a row"),
    "ical": ("A calendar", "At an address on the web, or an .ics file"),
    "caldav": ("A calendar on a server", "CalDAV, with user and password: Nextcloud, iCloud, Fastmail and others"),
    "json": ("A program on the web", "ServiceTitan, Odoo, Salesforce and others, or any address that answers in JSON"),
    "webhook": ("A program that tells by itself", "It sends a message here whenever something changes (webhook)"),
}
KINDS_LIST = "Kinds of source"
ANSWERS = "Answers"
NEXT, BACK, STOP, CANCEL, SAVE, AGAIN = "Next", "Back", "Stop", "Cancel", "Save", "Try again"
LOOKING = "Looking at it …"
LOOKING_WHY = "Nothing is changed there. It may take a while; you can stop at any time."
THINKING, READING, SAVING = "One moment …", "Reading all of it …", "Saving …"
STOPPED = "Stopped. Nothing was changed."
ALL_ANSWERED = "This is what it is read as"
ALL_ANSWERED_WHY = "Have a look whether the visits are right. Every column and every word can still be changed."
CHANGED_WHY = "Every column and every word can be changed in the tables of your data."
COULD_NOT_LOOK = "It could not be looked at"
NO_VISITS_YET = "Visits come with the first message that it sends."
SAY_SO, CHANGE = "Choose", "Change…"
WILL_BE_ADDED = "What is added to the file"
PREVIEW = "Your data"
COLUMNS, WORDS, VISITS, NOT_READ, FOUND = "Columns", "Words", "Visits", "Problems", "Found"
NOTHING_YET = "What is found shows up here."
NOTHING_OF_OURS = "Nothing we need"
HEADINGS: Mapping[str, str] = {
    "column": "Your column",
    "field": "Is",
    "confidence": "Because",
    "looks": "Looks like",
    "samples": "For instance",
    "word": "Your word",
    "rows": "Rows",
    "status": "Means",
    "place": "Place",
    "entries": "Entries",
    "from": "From",
    "what": "",
    "about": "What to know",
}
BECAUSE: Mapping[str, str] = {
    "chosen": "you said so",
    "sure": "of its name",
    "loose": "of its name, which may mean something else",
    "by part": "of a part of its name",
    "by value": "of what is in it",
}
READ_TABS = frozenset({VISITS, NOT_READ})
VISIT_HEADINGS = ("Visit", "Start", "Technician", "Customer", "Site", "Status")
PROBLEM_HEADINGS = ("The row was", "Line", "Column", "What is wrong")
LEFT_OUT, DOUBTED = "left out", "read, with a doubt"


def free_name(taken: Collection[str]) -> str:
    """A name for a feed that nobody has."""
    names = (USUAL_NAME, *(f"{USUAL_NAME} {number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def changing(kind: str, name: str) -> str:
    return f"What is in “{name}”?" if kind == "column" else f"What does “{name}” mean?"


def why_asked(question: Question) -> str:
    """A sentence below a question, where one helps."""
    about = question.key.partition(":")[0]
    if about == "status":
        return "Left unknown it is shown as such, and nobody takes the visit for scheduled because of it."
    return "It goes into the system keyring, and is shown nowhere." if question.secret else ""


def visits_read(count: int) -> str:
    return "1 visit is read." if count == 1 else f"{count:,} visits are read."


def proof(visits: int, problems: Sequence[RowProblem]) -> str:
    """How much is read, and what is not: 46 visits are read, 3 rows could not be: line 7: …"""
    unread = [one for one in problems if one.gravity is Gravity.UNREADABLE]
    doubted = len(problems) - len(unread)
    told = visits_read(visits)
    if unread:
        rows = "1 row could" if len(unread) == 1 else f"{len(unread):,} rows could"
        first = f"line {unread[0].line}: {unread[0].problem}"
        told += f" {rows} not be, {'the first in ' if len(unread) > 1 else ''}{first}"
        told = told if told.endswith(".") else f"{told}."
    if doubted:
        told += f" {'1 row was' if doubted == 1 else f'{doubted:,} rows were'} read with a doubt."
    return told


def row_count(name: str, count: int) -> str:
    return f"{name}  {count:,}"


def saved(name: str) -> str:
    return f"The feed “{name}” is saved"


def saved_where(path: object, backup: object) -> str:
    kept = f" What it was before is in {backup}." if backup else ""
    return f"It stands in {path} now.{kept}"


def parted(text: str) -> tuple[str, str]:
    """A question, and what is said beside it. Names in quotation marks may hold dots and question marks."""
    sentences: list[str] = []
    for piece in SENTENCE_ENDS.split(text):
        is_within = bool(sentences) and sentences[-1].count("“") > sentences[-1].count("”")
        sentences[-1:] = [f"{sentences[-1]} {piece}"] if is_within else [*sentences[-1:], piece]
    asked = next((one for one in sentences if one.endswith("?")), sentences[0])
    return asked, " ".join(one for one in sentences if one is not asked)


def once_more(problem: str) -> str:
    return f"{problem} Say it once more:" if problem.endswith(".") else f"{problem}. Say it once more:"


def broke(problem: BaseException) -> str:
    return f"That went wrong in the program itself ({type(problem).__name__}); the log has more."


def field_word(name: str) -> str:
    told = FIELD_WORDS.get(name, name)
    return f"{told[:1].upper()}{told[1:]}"


def option(question: Question, choice: str) -> tuple[str, str]:
    """A choice as a person reads it: its name, and what it means."""
    meaning = question.explained.get(choice, "")
    if question.key.startswith("column:") and meaning in ("yes", "no, it is something else"):
        return f"{meaning[:1].upper()}{meaning[1:]}", ""
    if question.key.startswith("status:") and choice in {one.value for one in Status}:
        return STATUS_NAMES[Status(choice)], ""
    if choice == NONE:
        return "None of these", meaning
    if choice == LEAVE_OUT:
        return "Nothing we need", "The column is left out."
    if choice in FIELD_WORDS:
        return field_word(choice), ""
    name = choice.replace("_", " ") if meaning else choice
    return f"{name[:1].upper()}{name[1:]}" if meaning else name, meaning
