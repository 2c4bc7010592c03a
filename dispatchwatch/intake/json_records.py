"""JSON records made into rows of text, and those into visits by the same rules as any table."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from dispatchwatch.domain.schedule import Gravity, RowProblem
from dispatchwatch.intake.columns import Columns, resolve
from dispatchwatch.intake.json_paths import NoAnswer, flat, found, text_of
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.reading import Reading, read_table
from dispatchwatch.intake.rows import PEOPLE
from dispatchwatch.intake.table import Row, Table

KINDS = {str: "text", bool: "true or false", list: "a list", type(None): "null"}
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Record:
    """One record as text by field or, where no paths were given, by the names the source uses.

    `fault` says why it can't be read at all, `doubts` which fields (field, problem) could not be worked out. `page` and
    `number` say where it stood, from 1; they tell nothing of what it says. `raw` is the record itself, kept where
    something is still to be joined to it; `untold` are the fields that could not be looked up.
    """

    texts: Mapping[str, str]
    fault: str = ""
    doubts: tuple[tuple[str, str], ...] = ()
    raw: Mapping[str, Any] | None = field(default=None, repr=False)
    untold: frozenset[str] = frozenset()
    page: int = field(default=1, compare=False)
    number: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class RecordPaths:
    """Where the fields of a record are. Without `paths` they are found by name; texts in `empty` tell nothing.
    `keep`: records keep what they were made from."""

    paths: Mapping[str, str]
    empty: frozenset[str] = frozenset()
    keep: bool = False

    def record(self, raw: Any, page: int, number: int) -> Record:
        """The record; never fails."""
        if not isinstance(raw, dict):
            text = text_of(raw)[:SHOWN]
            said = f"{KINDS.get(type(raw), 'a number')}{f' ({text})' if text else ''}"
            return Record({}, f"is {said} where an object with fields should be", page=page, number=number)
        doubts: list[tuple[str, str]] = []
        texts = self._chosen(raw, doubts) if self.paths else {name: self._text(value) for name, value in flat(raw)}
        fault = "" if any(map(str.strip, texts.values())) else "holds none of the fields that are looked for"
        return Record(texts, fault, tuple(doubts), raw if self.keep else None, page=page, number=number)

    def _chosen(self, raw: Mapping[str, Any], doubts: list[tuple[str, str]]) -> dict[str, str]:
        texts = {}
        for name, path in self.paths.items():
            try:
                texts[name] = self._text(found(path, raw), "; " if name in PEOPLE else " ")
            except NoAnswer as problem:
                texts[name] = ""
                doubts.append((name, f"can’t be worked out for this record ({problem}); it was left out"))
        return texts

    def _text(self, value: Any, between: str = " ") -> str:
        text = text_of(value, between)
        return "" if text in self.empty else text

    def columns(self, records: Iterable[Record], chosen: Mapping[str, str], source: str) -> Columns | None:
        """Where each field stands in `cells`; None where no record has any. Raises FeedError as `resolve` does."""
        if self.paths:
            places = {name: (place,) for place, name in enumerate(self.paths)}
            return Columns(places, self.paths, len(places))
        header = _header(records)
        return resolve(header, chosen, source) if header else None


def _header(records: Iterable[Record]) -> list[str]:
    return list(dict.fromkeys(name for record in records for name in record.texts))


@dataclass(frozen=True, slots=True)
class Schedule:
    """All records that are held, in the source's order; `columns` says where their fields are."""

    records: tuple[Record, ...]
    columns: Columns | None
    names: tuple[str, ...]

    @classmethod
    def of(cls, records: Iterable[Record], where: RecordPaths, chosen: Mapping[str, str], source: str) -> Schedule:
        held = tuple(records)
        names = tuple(where.paths) or tuple(_header(held))
        return cls(held, where.columns(held, chosen, source), names)

    def cells(self, record: Record) -> list[str]:
        return [record.texts.get(name, "") for name in self.names]

    def ext_id(self, record: Record) -> str:
        if self.columns is None or record.fault:
            return ""
        parts = (record.texts.get(self.names[place], "").strip() for place in self.columns.places["ext_id"])
        return " ".join(part for part in parts if part)

    def with_news(self, news: Iterable[Record]) -> tuple[Record, ...]:
        """These records with those that came anew in the place of the ones they know better, or else at the end."""
        fresh: dict[str, list[Record]] = {}
        for record in news:
            fresh.setdefault(self._key(record), []).append(record)
        placed: set[str] = set()
        told: list[Record] = []
        for record in self.records:
            key = self._key(record)
            if key not in fresh:
                told.append(record)
            elif key not in placed:
                told.extend(fresh[key])
                placed.add(key)
        return (*told, *(record for key, records in fresh.items() if key not in placed for record in records))

    def _key(self, record: Record) -> str:
        return self.ext_id(record) or repr((record.fault, sorted(record.texts.items())))

    def digest(self) -> str:
        """The same for the same records in any order, unless the order says which of two of a kind is the newer."""
        keys = Counter(map(self._key, self.records))
        each = [sha256(_canonical(record)).digest() for record in self.records]
        if len(keys) == len(each):
            each.sort()
        return sha256(b"".join(each)).hexdigest()

    def read(self, profile: ProfileConfig, *, feed: str, office_zone: ZoneInfo, source: str) -> Reading:
        """The visits, and the problems with page and number of their records."""
        rows = [self._row(line, record) for line, record in enumerate(self.records, 1)]
        if self.columns is None:
            lost = tuple(RowProblem(source, row.line, "", _fault(row)) for row in rows)
            return Reading((), self._placed(lost, source), len(rows), 0, 0)
        reading = read_table(Table(source, self.columns, rows), profile, feed=feed, office_zone=office_zone)
        return replace(reading, problems=self._placed((*self._doubts(source), *reading.problems), source))

    def _row(self, line: int, record: Record) -> Row:
        return Row(line, () if record.fault else self.cells(record), record.fault, record.untold)

    def _doubts(self, source: str) -> Iterable[RowProblem]:
        headers = self.columns.headers if self.columns else {}
        for line, record in enumerate(self.records, 1):
            for name, problem in record.doubts:
                yield RowProblem(source, line, headers.get(name, name), problem, Gravity.DOUBTFUL)

    def _placed(self, problems: Sequence[RowProblem], source: str) -> tuple[RowProblem, ...]:
        """Problems under the page and the number that their records have there."""
        several = any(record.page > 1 for record in self.records)
        placed = []
        for problem in sorted(problems, key=lambda problem: problem.line):
            record = self.records[problem.line - 1]
            file = f"{source} page {record.page}" if several else source
            placed.append(replace(problem, file=file, line=record.number))
        return tuple(placed)


def _fault(row: Row) -> str:
    return row.fault or "holds none of the fields that are looked for"


def _canonical(record: Record) -> bytes:
    said = [record.fault, sorted(record.texts.items()), record.doubts, sorted(record.untold)]
    return json.dumps(said).encode()
