"""Which column, or which part of a record, stands for which field: what is proposed, and what a person says to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dispatchwatch.app.mapping_office import FoundTable
from dispatchwatch.app.mapping_session import with_profile
from dispatchwatch.intake.columns import JOIN
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.proposing import SourceProposal, WordSeen, propose
from dispatchwatch.intake.questions import DAY_FIRST, LEAVE_OUT, MONTH_FIRST, NONE
from dispatchwatch.intake.table import Sample

COLUMNS = ("column", "field", "confidence", "looks", "samples")
WORDS = ("word", "rows", "status")


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Rows that were seen, the profile as far as it has been said, and what follows from both."""

    sample: Sample
    profile: ProfileConfig
    proposal: SourceProposal

    @classmethod
    def of(cls, sample: Sample, profile: ProfileConfig) -> ColumnMapping:
        return cls(sample, profile, propose(sample, profile))

    def taking(self, key: str, choice: str) -> tuple[ColumnMapping, frozenset[str]]:
        """With an answer, and the keys of the questions that it settles. Raises ValueError."""
        profile = with_profile(self.profile, self._values(key, choice))
        about, _, _ = key.partition(":")
        besides = {f"column:{choice}"} if about == "header" and choice != LEAVE_OUT else set()
        return replace(self, profile=profile, proposal=propose(self.sample, profile)), frozenset({key} | besides)

    def complete_profile(self) -> ProfileConfig:
        """See `MappingSession.complete_profile`."""
        return with_profile(self.profile, {"columns": {**self.profile.columns, **self.proposal.columns}})

    @property
    def found(self) -> tuple[FoundTable, ...]:
        seen = self.proposal.seen
        rows = tuple((one.header, one.field, one.confidence, one.looks, list(one.samples)) for one in seen)
        columns = FoundTable(
            f"{self.proposal.file}: {self.proposal.rows} {'row' if self.proposal.rows == 1 else 'rows'}.", COLUMNS, rows
        )
        return (columns, *found_words(self.proposal.words))

    def _values(self, key: str, choice: str) -> Mapping[str, Any]:
        """What an answer changes in the profile."""
        about, _, name = key.partition(":")
        match about:
            case "column":
                return self._column(name, choice)
            case "header":
                return {} if choice == LEAVE_OUT else self._column(choice, name)
            case "status" | "format":
                return {about: {**getattr(self.profile, about), name: choice}}
            case "day_first" if choice in (MONTH_FIRST, DAY_FIRST):
                return {"day_first": choice == DAY_FIRST}
            case "duration_unit":
                return {about: choice}
        raise ValueError(f"“{choice}” is no answer to “{key}”.")

    def _column(self, name: str, choice: str) -> Mapping[str, Any]:
        header = "" if choice == NONE else choice
        known = [one.strip() for one in self.sample.header if one.strip()]
        for part in [header] if header in known else header.split(JOIN):
            if part and part not in known:
                raise ValueError(f"There is no column “{part}”; the columns are {', '.join(known)}.")
        return {"columns": {**self.profile.columns, name: header}}


def found_words(words: Sequence[WordSeen]) -> tuple[FoundTable, ...]:
    """The status words seen; nothing where there are none."""
    rows = tuple((one.word, one.rows, one.status) for one in words)
    return (FoundTable("Words that say how far a visit is:", WORDS, rows),) if rows else ()
