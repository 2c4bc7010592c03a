"""Whether 5/2/2026 is the second of May or the fifth of February: decided once per column, over all its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from dispatchwatch.intake.faults import Doubt
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.synonyms import TIME_FIELDS
from dispatchwatch.intake.table import Table

TWO_NUMBERS = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2\d{2}(?:\d{2})?(?!\d)", re.ASCII)


class FirstDoubt(NamedTuple):
    """A doubt about a whole column, with the line where it shows first."""

    line: int
    doubt: Doubt


@dataclass(slots=True)
class _Evidence:
    """What the dates of one column show. `example` is the first that can be read both ways, `line` where it is."""

    day_first: int = 0
    month_first: int = 0
    example: str = ""
    line: int = 0

    def see(self, text: str, line: int) -> None:
        found = TWO_NUMBERS.match(text)
        if found is None:
            return
        one, two = int(found[1]), int(found[3])
        self.day_first += one > 12
        self.month_first += two > 12
        if not self.example and one <= 12 and two <= 12 and one != two:
            self.example, self.line = found[0], line


def month_first(table: Table, profile: ProfileConfig) -> tuple[Mapping[str, bool], list[FirstDoubt]]:
    """For every column of times without a format, whether the month comes first; and what is doubtful.

    The profile decides; else the numbers above 12 in the column, else those in the file's other columns, for one
    program wrote them all; else the month comes first and a person is asked.
    """
    names = [name for name in TIME_FIELDS if name in table.columns.places and name not in profile.format]
    if profile.day_first is not None:
        return dict.fromkeys(names, not profile.day_first), []
    evidence = {name: _evidence(table, name) for name in names}
    balance = sum(_sign(one) for one in evidence.values())
    orders = {name: (_sign(one) or balance) >= 0 for name, one in evidence.items()}
    return orders, list(_doubts(table, evidence, balance))


def _evidence(table: Table, name: str) -> _Evidence:
    found = _Evidence()
    place = table.columns.places[name][0]
    for row in table.rows:
        if not row.fault and place < len(row.cells):
            found.see(row.cells[place].lstrip(), row.line)
    return found


def _sign(evidence: _Evidence) -> int:
    return (evidence.month_first > evidence.day_first) - (evidence.day_first > evidence.month_first)


def _doubts(table: Table, evidence: Mapping[str, _Evidence], balance: int) -> Iterable[FirstDoubt]:
    mixed = [name for name, one in evidence.items() if one.day_first and one.month_first]
    for name in mixed:
        header, one = table.columns.headers[name], evidence[name]
        problem = "holds dates with the day first and others with the month first; set format in the profile"
        yield FirstDoubt(one.line or table.rows[0].line, Doubt(header, problem))
    if balance:
        return
    unclear = [
        (one.line, name) for name, one in evidence.items() if one.example and not _sign(one) and name not in mixed
    ]
    if unclear:
        line, name = min(unclear)
        problem = (
            f"dates like {evidence[name].example} can be read two ways; set day_first or format in the profile;"
            " the month was read first"
        )
        yield FirstDoubt(line, Doubt(table.columns.headers[name], problem))
