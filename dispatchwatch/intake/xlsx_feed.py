"""Excel workbooks in a folder: one file, a pattern, or every .xlsx of a folder."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from dispatchwatch.domain.schedule import RowProblem
from dispatchwatch.intake.folder_feed import MEGABYTE, FilesConfig
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.table import Sample, Table


class XlsxConfig(FilesConfig):
    """`kind = "xlsx"`. Without `sheet`, the first visible one that has a header we know is read.

    `max_unpacked_bytes` bounds what a file may unpack to: a small one can hold gigabytes of nothing.
    """

    suffix: ClassVar[str] = ".xlsx"

    kind: str = "xlsx"
    sheet: str | None = Field(default=None, min_length=1)
    max_unpacked_bytes: int = Field(default=100 * MEGABYTE, gt=0)

    def table(self, content: bytes, profile: ProfileConfig, file: str) -> tuple[Table, tuple[RowProblem, ...]]:
        from dispatchwatch.intake.xlsx_table import Choice, read_workbook  # openpyxl takes long to load

        return read_workbook(content, profile, file, Choice(self.sheet, self.max_unpacked_bytes))

    def sample(self, content: bytes, profile: ProfileConfig, file: str) -> Sample:
        from dispatchwatch.intake.xlsx_table import Choice, sample_workbook

        return sample_workbook(content, profile, file, Choice(self.sheet, self.max_unpacked_bytes))
