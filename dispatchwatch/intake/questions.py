"""What only a person can say about a source: each question with its choices and the option that answers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dispatchwatch.domain.visit import Status
from dispatchwatch.intake.durations import UNITS
from dispatchwatch.intake.faults import Doubt
from dispatchwatch.intake.field_words import FIELD_WORDS, in_words
from dispatchwatch.intake.time_looks import Look

NONE = "none"
LEAVE_OUT = "leave out"
MONTH_FIRST, DAY_FIRST = "month first", "day first"


@dataclass(frozen=True, slots=True)
class Question:
    """`key` is what an answer refers to, such as `column:sched_start`. Without `choices` any text is an answer;
    `explained` says more about some of them. `suggestion` is what a person in a hurry may take; where it is empty,
    nothing may be taken for granted. `option` is the option of `dispatchwatch feed add` that answers it. The answer to
    a `secret` one is shown nowhere, not even while it is typed; that to a `path` one is a file or folder.
    """

    key: str
    text: str
    choices: tuple[str, ...]
    option: str
    suggestion: str = ""
    explained: Mapping[str, str] = field(default_factory=dict)
    secret: bool = False
    path: bool = False


def about_column(name: str, header: str, examples: Sequence[str]) -> Question:
    """A header that can mean several things was taken for a field."""
    told = f" (such as {', '.join(examples)})" if examples else ""
    text = f"Is “{header}”{told} {in_words(name)}?"
    explained = {header: "yes", NONE: "no, it is something else"}
    return Question(f"column:{name}", text, (header, NONE), f'--column "{name}={header}"', header, explained)


def about_rivals(name: str, headers: Sequence[str]) -> Question:
    rivals = " and ".join(f"“{header}”" for header in headers)
    text = f"{rivals} could both be {in_words(name)}. Which is it?"
    return Question(f"column:{name}", text, (*headers, NONE), f'--column "{name}={headers[0]}"')


def about_lack(name: str, free: Sequence[str]) -> Question:
    purpose = "identifies a visit" if name == "ext_id" else "says when a visit starts"
    text = f"Which column {purpose}?"
    return Question(f"column:{name}", text, tuple(free), f'--column "{name}=…"')


def about_window(header: str) -> Question:
    """A length says nothing without its unit, and some put the window's start or its end there (study 2.3)."""
    text = f"What is “{header}”? A length is read as minutes, unless window_unit in the profile says otherwise."
    choices = (LEAVE_OUT, "window_start", "window_end", "window_length")
    option = f'--leave-out "{header}" or --column "window_end={header}"'
    explained = {name: FIELD_WORDS[name] for name in choices[1:]}
    return Question(f"header:{header}", text, choices, option, explained=explained)


def about_format(name: str, header: str, look: Look) -> Question:
    if look.formats:
        text = f"“{header}”, {in_words(name)}, holds numbers. How are they to be read?"
        suggestion = look.formats[0] if len(look.formats) == 1 else ""
        return Question(f"format:{name}", text, look.formats, f"--format {name}={look.formats[0]}", suggestion)
    text = (
        f"“{header}”, {in_words(name)}, holds “{look.unread}”, which is not a time we can read. How is it written?"
        " Day, month, year, hour and minute are %d, %m, %Y, %H and %M: 24.12.2026 14:30 is %d.%m.%Y %H:%M."
    )
    return Question(f"format:{name}", text, (), f'--format "{name}=%d.%m.%Y %H:%M"')


def about_day_order(doubt: Doubt) -> Question:
    text = f"“{doubt.column}”: {doubt.problem.split(';')[0]}. Which comes first?"
    return Question("day_first", text, (MONTH_FIRST, DAY_FIRST), "--month-first or --day-first")


def about_duration(header: str, examples: Sequence[str]) -> Question:
    text = f"“{header}” holds numbers such as {', '.join(examples)}. What do they count?"
    return Question("duration_unit", text, tuple(UNITS), "--duration-unit minutes")


def about_word(word: str, count: int) -> Question:
    """A word left unknown is shown as such and alerted to; no visit is taken for scheduled because of it."""
    times = "once" if count == 1 else f"{count} times"
    text = f"What does the status “{word}” mean (seen {times})?"
    return Question(f"status:{word}", text, tuple(Status), f'--status "{word}=…"', Status.UNKNOWN.value)


def about_zone() -> Question:
    text = "In which time zone is the office, such as America/Chicago?"
    return Question("timezone", text, (), "--timezone America/Chicago")
