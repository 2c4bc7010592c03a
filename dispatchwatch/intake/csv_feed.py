"""Delimited files in a folder: one file, a pattern, or every .csv of a folder."""

from __future__ import annotations

from typing import ClassVar

from dispatchwatch.domain.schedule import RowProblem
from dispatchwatch.intake.delimited_table import read_delimited, sample_delimited
from dispatchwatch.intake.folder_feed import FilesConfig, FolderFeed
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.table import Sample, Table

CsvFeed = FolderFeed


class CsvConfig(FilesConfig):
    """`kind = "csv"`. What is between the cells, and how letters are written, is found out or said in the profile."""

    suffix: ClassVar[str] = ".csv"

    kind: str = "csv"

    def table(self, content: bytes, profile: ProfileConfig, file: str) -> tuple[Table, tuple[RowProblem, ...]]:
        return read_delimited(content, profile, file)

    def sample(self, content: bytes, profile: ProfileConfig, file: str) -> Sample:
        return sample_delimited(content, profile, file)
