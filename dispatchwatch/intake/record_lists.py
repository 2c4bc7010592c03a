"""A JSON answer that nobody has described: where its records are, and what is in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from dispatchwatch.intake.columns import JOIN
from dispatchwatch.intake.dotted_names import EACH
from dispatchwatch.intake.json_paths import text_of
from dispatchwatch.intake.rows import PEOPLE
from dispatchwatch.intake.table import Row, Sample

WHOLE = "@"
DEEPEST = 4
LOOKED_AT = 5_000
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class RecordList:
    """Records of an answer, and the path (JMESPath) at which they stand."""

    path: str
    records: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class RecordSample:
    """Records as the rows of a table; `paths` says where in a record each of its columns stands."""

    sample: Sample
    paths: Mapping[str, str]

    def paths_of(self, columns: Mapping[str, str]) -> dict[str, str]:
        """From field to path, for columns as a profile writes them; what has no column is left out."""
        return {name: self._path(name, header) for name, header in columns.items() if header}

    def _path(self, name: str, header: str) -> str:
        if header in self.paths:
            return self.paths[header]
        joined = f"[{', '.join(self.paths[part] for part in header.split(JOIN))}]"
        return f"[{joined}]" if name in PEOPLE else joined  # the items of an outer list are people of their own


def record_lists(data: Any) -> list[RecordList]:
    """The lists of objects in an answer, the longest first; the answer itself where it is one."""
    return sorted(_lists(data, ""), key=lambda one: -len(one.records))


def record_sample(found: RecordList, source: str) -> RecordSample:
    rows = [dict(_cells(record, "", "", DEEPEST)) for record in islice(found.records, LOOKED_AT)]
    labels = list(dict.fromkeys(cell for row in rows for cell in row))
    texts = [{label: text for (label, _), text in row.items()} for row in rows]
    header = list(dict.fromkeys(label for label, _ in labels))
    table = [Row(line, [row.get(label, "") for label in header]) for line, row in enumerate(texts, 1)]
    return RecordSample(Sample(source, header, table), dict(labels))


def _lists(data: Any, path: str, depth: int = DEEPEST) -> Iterator[RecordList]:
    if isinstance(data, list):
        records = [one for one in data if isinstance(one, dict)]
        if records:
            yield RecordList(path or WHOLE, records)
    elif isinstance(data, dict) and depth:
        for name, value in data.items():
            yield from _lists(value, _below(path, name), depth - 1)


def _cells(record: Mapping[str, Any], label: str, path: str, depth: int) -> Iterator[tuple[tuple[str, str], str]]:
    """Label and path of each value, with its text; those of objects in objects are called `outer.inner`."""
    for name, value in record.items():
        here, there = (f"{label}.{name}" if label else name), _below(path, name)
        if isinstance(value, dict) and value and depth:
            yield from _cells(value, here, there, depth - 1)
        elif isinstance(value, list) and value and depth and all(isinstance(one, dict) for one in value):
            yield from _each(value, here + EACH, there + EACH, depth - 1)
        else:
            yield (here, there), text_of(value)


def _each(
    objects: Sequence[Mapping[str, Any]], label: str, path: str, depth: int
) -> Iterator[tuple[tuple[str, str], str]]:
    texts: dict[tuple[str, str], list[str]] = {}
    for one in objects:
        for cell, text in _cells(one, label, path, depth):
            texts.setdefault(cell, []).append(text)
    yield from ((cell, "; ".join(filter(None, told))) for cell, told in texts.items())


def _below(path: str, name: str) -> str:
    step = name if PLAIN.fullmatch(name) else json.dumps(name)
    return f"{path}.{step}" if path else step
