"""Connecting files: csv and xlsx."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from dispatchwatch.app.mapping_columns import ColumnMapping
from dispatchwatch.app.mapping_office import FoundTable
from dispatchwatch.app.mapping_session import MappingSession
from dispatchwatch.intake.feed import FeedError, Unsettled
from dispatchwatch.intake.folder_feed import FilesConfig, newest_sample
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.questions import Question


@dataclass(frozen=True, kw_only=True)
class TableSession(MappingSession):
    columns: ColumnMapping | None = None

    @property
    def is_seen(self) -> bool:
        return self.columns is not None

    def about_access(self) -> Iterable[Question]:
        if "path" not in self.settings:
            text = (
                "Which file does your office software write? A folder or a pattern such as exports/*.csv will do too."
            )
            yield Question("path", text, (), "--path exports", path=True)

    def look_at(self, now: datetime) -> Self:  # noqa: ARG002 - a file tells the same at any time
        config = self.config()
        if not isinstance(config, FilesConfig):
            raise TypeError(config.kind)
        try:
            sample = newest_sample(config, self.profile, self.office.base)
        except Unsettled as unsettled:
            raise FeedError(f"{unsettled}; try again in a moment.") from None
        return replace(self, columns=ColumnMapping.of(sample, self.profile))

    def unseen(self) -> Self:
        return replace(self, columns=None)

    def about_source(self) -> Iterable[Question]:
        return self.columns.proposal.questions if self.columns else ()

    def taking(self, key: str, choice: str) -> Self:
        if self.columns is None:
            raise ValueError(f"“{choice}” is no answer to “{key}”.")
        columns, settled = self.columns.taking(key, choice)
        return replace(self, columns=columns, profile=columns.profile, settled=self.settled | settled)

    def complete_profile(self) -> ProfileConfig:
        return self.columns.complete_profile() if self.columns else self.profile

    @property
    def found(self) -> tuple[FoundTable, ...]:
        return self.columns.found if self.columns else ()
