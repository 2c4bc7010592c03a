"""Rows of text cells, as every tabular source hands them to `reading.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dispatchwatch.intake.columns import Columns


class Row(NamedTuple):
    """One row. `line` counts from 1 as an editor does; `fault` says why it cannot be read, if it cannot. `untold` are
    the fields of which its blank cells say nothing."""

    line: int
    cells: Sequence[str]
    fault: str = ""
    untold: frozenset[str] = frozenset()

    @property
    def blank(self) -> bool:
        return not self.fault and not any(cell and not cell.isspace() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows below a header whose columns are known. `file` is the name that problems are reported under."""

    file: str
    columns: Columns
    rows: Sequence[Row]


class Sample(NamedTuple):
    """The rows below what seems to be the header, before anybody has said what its columns mean."""

    file: str
    header: Sequence[str]
    rows: Sequence[Row]
