"""Short ways for the intake tests to write Excel workbooks and have them read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dispatchwatch.domain.schedule import RowProblem
from dispatchwatch.intake.folder_feed import FolderFeed
from dispatchwatch.intake.reading import Reading, read_table
from dispatchwatch.intake.xlsx_feed import XlsxConfig
from tests.intake.samples import CHICAGO, profile

Edit = Callable[[Worksheet], None]


def workbook_bytes(workbook: Workbook) -> bytes:
    raw = io.BytesIO()
    workbook.save(raw)
    return raw.getvalue()


def workbook_of(rows: Sequence[Sequence[object]], *edits: Edit) -> Workbook:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    for edit in edits:
        edit(sheet)
    return workbook


def xlsx(rows: Sequence[Sequence[object]], *edits: Edit) -> bytes:
    return workbook_bytes(workbook_of(rows, *edits))


def shown(cell: str, number_format: str) -> Edit:
    def edit(sheet: Worksheet) -> None:
        sheet[cell].number_format = number_format

    return edit


def merged(cells: str) -> Edit:
    return lambda sheet: sheet.merge_cells(cells)


def read_xlsx(raw: bytes, sheet: str | None = None, **values: object) -> tuple[Reading, tuple[RowProblem, ...]]:
    """What the rows were read as, and the doubts about the workbook as a whole."""
    chosen = profile(**values)
    config = XlsxConfig(name="today", path="day.xlsx", sheet=sheet)
    table, problems = config.table(raw, chosen, "day.xlsx")
    return read_table(table, chosen, feed="today", office_zone=CHICAGO), problems


def xlsx_feed(base: Path, path: str = "day.xlsx", **values: object) -> FolderFeed:
    config = XlsxConfig.model_validate({"name": "today", "path": path, **values})
    return FolderFeed(config, profile(), office_zone=CHICAGO, base=base)


def with_part(raw: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts rewritten, as programs other than openpyxl might write it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(content) if part == name else content)
    return out.getvalue()
