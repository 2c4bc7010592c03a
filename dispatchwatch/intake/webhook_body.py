"""What the bodies of a webhook say: each by itself made into visits, so that a bad one costs no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from dispatchwatch.domain.schedule import Gravity, RowProblem
from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.json_paths import NoAnswer, found, read_json
from dispatchwatch.intake.json_records import RecordPaths, Schedule
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyReader:
    """`records` is the path to the visit, or to the list of visits, in a body; `paths` those of the fields in one."""

    records: str
    paths: RecordPaths
    profile: ProfileConfig
    feed: str
    zone: ZoneInfo

    def read(self, body: bytes, source: str) -> Reading:
        """Never fails: a body that can't be read is a problem under the name `source`."""
        try:
            told = found(self.records, read_json(body))
        except NoAnswer as problem:
            return _nothing(source, f"can’t be followed to '{self.records}' ({problem})")
        except ValueError:
            return _nothing(source, "is no JSON; a sender of forms or XML can only be used with polls")
        if told is None:
            return _nothing(source, f"has nothing at '{self.records}', so it tells of no visit", Gravity.DOUBTFUL)
        return self._read(told if isinstance(told, list) else [told], source)

    def _read(self, raw: list[Any], source: str) -> Reading:
        records = [self.paths.record(one, 1, number) for number, one in enumerate(raw, 1)]
        try:
            schedule = Schedule.of(records, self.paths, self.profile.columns, source)
        except FeedError as problem:
            return _nothing(source, str(problem), rows=len(records))
        return schedule.read(self.profile, feed=self.feed, office_zone=self.zone, source=source)


def _nothing(source: str, problem: str, gravity: Gravity = Gravity.UNREADABLE, rows: int = 1) -> Reading:
    problems = tuple(RowProblem(source, row, "", problem, gravity) for row in range(1, rows + 1))
    return Reading((), problems, rows, 0, 0)
