"""Which list of an answer holds the visits, and where their fields are: shared by all that is told as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dispatchwatch.app.mapping_columns import ColumnMapping
from dispatchwatch.app.mapping_office import FoundTable
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.questions import Question
from dispatchwatch.intake.record_lists import WHOLE, RecordList, RecordSample, record_sample

LIST = "list"
NAMED = 6


@dataclass(frozen=True, slots=True)
class RecordMapping:
    """The `lists` there are; of the chosen one the `records` as rows, and what their `columns` mean."""

    source: str
    lists: Sequence[RecordList]
    path: str = ""
    records: RecordSample | None = None
    columns: ColumnMapping | None = None

    @classmethod
    def of(cls, source: str, lists: Sequence[RecordList], profile: ProfileConfig) -> RecordMapping:
        """With the only list chosen; of several none is. `lists` is not empty."""
        mapping = cls(source, lists)
        return mapping.choosing(lists[0].path, profile) if len(lists) == 1 else mapping

    def choosing(self, path: str, profile: ProfileConfig) -> RecordMapping:
        """With the list at this path. Raises ValueError."""
        known = {one.path: one for one in self.lists}
        if path not in known:
            raise ValueError(f"There is no list at “{path}”; there are {', '.join(known)}.")
        records = record_sample(known[path], self.source)
        return replace(self, path=path, records=records, columns=ColumnMapping.of(records.sample, profile))

    def taking(self, key: str, choice: str, profile: ProfileConfig) -> tuple[RecordMapping, frozenset[str]]:
        """With an answer, and the keys of the questions that it settles. Raises ValueError."""
        if key == LIST:
            return self.choosing(choice, profile), frozenset({key})
        if self.columns is None:
            raise ValueError(f"“{choice}” is no answer to “{key}” before it is known which list holds the visits.")
        columns, settled = self.columns.taking(key, choice)
        return replace(self, columns=columns), settled

    def questions(self) -> Iterable[Question]:
        if len(self.lists) > 1:
            choices = tuple(one.path for one in self.lists)
            explained = {one.path: _explained(one) for one in self.lists}
            text = "The answer holds several things that could be the visits. Which are they?"
            yield Question(LIST, text, choices, f'--answer "list={choices[0]}"', choices[0], explained)
        if self.columns:
            yield from self.columns.proposal.questions

    def entry(self) -> Mapping[str, Any]:
        """`records` and `paths` of the configuration."""
        if self.records is None or self.columns is None:
            return {}
        paths = self.records.paths_of(self.columns.complete_profile().columns)
        return {**({"records": self.path} if self.path != WHOLE else {}), "paths": paths}

    @property
    def profile(self) -> ProfileConfig | None:
        """What has been said; what the columns are stands in `entry`."""
        return self.columns.profile if self.columns else None

    @property
    def found(self) -> tuple[FoundTable, ...]:
        return self.columns.found if self.columns else ()


def without_columns(profile: ProfileConfig) -> ProfileConfig:
    """The profile of a source whose fields have paths instead."""
    return ProfileConfig.model_validate(profile.model_dump(exclude_unset=True, exclude={"columns"}))


def _explained(one: RecordList) -> str:
    names = ", ".join(list(one.records[0])[:NAMED])
    count = "1 record" if len(one.records) == 1 else f"{len(one.records)} records"
    return f"{count} with {names}"
