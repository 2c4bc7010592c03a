"""What records lack and another address of the same source tells: names for ids, crews for visits.

A join puts what it finds into the record under its own name, before the paths of the fields are followed: with a join
`staff`, `staff.name || staff_uuid` is the name, and the id where the name is not to be had.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain
from typing import Annotated, Any, Literal, Protocol

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from dispatchwatch.intake.fields import Duration
from dispatchwatch.intake.json_asking import NAME
from dispatchwatch.intake.json_paths import JsonPath, NoAnswer, found, names_in, text_of
from dispatchwatch.intake.json_records import Record, RecordPaths
from dispatchwatch.intake.paging import Paging


class Join(BaseModel):
    """`[feed.joins.NAME]` of a json feed.

    `key` is the path of the id in a record (what earlier joins found is part of it), `match` that of the same id in a
    record of the other list. Where the id is a list, or `many`, all that match are put into the record as a list, else
    the first one as it is.

    Without `batch` the whole list is asked for `every` so often. With it only what the records need is: {ids} are as
    many ids as that, with `between` between them, {id_list} the same as a list of JSON; with `batch = 1` an address may
    stand for a single object. One reading asks for no more than `most` batches; the next one goes on.

    `method`, `paging`, `records` and `error` are the feed's own where they are left out; its `auth` and its headers
    count here too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: JsonPath
    match: JsonPath
    many: bool = False
    every: Duration = timedelta(minutes=15)
    batch: int | None = Field(default=None, gt=0)
    most: int = Field(default=20, gt=0)
    between: str = ","
    url: str = Field(min_length=1)
    method: Literal["GET", "POST"] | None = None
    headers: Mapping[str, str] = Field(default_factory=dict)
    params: Mapping[str, str] = Field(default_factory=dict)
    body: JsonValue = None
    paging: Paging | None = None
    records: JsonPath | None = None
    error: JsonPath | None = None


def _named(joins: Mapping[str, Join]) -> Mapping[str, Join]:
    for name in joins:
        if not NAME.fullmatch(name):
            raise ValueError(f"'{name}' can’t be a name in a path; use letters, digits and _")
    return joins


Joins = Annotated[Mapping[str, Join], AfterValidator(_named)]
"""The joins of a feed, in the order they are made."""


class Lookup(Protocol):
    """What is known of the other list."""

    @property
    def problem(self) -> str:
        """Why not everything is known; blank where it is."""
        ...

    @property
    def settled(self) -> bool:
        """Whether there is nothing to ask for now, as long as the keys stay the same."""
        ...

    def learn(self, keys: Iterable[str], left: Callable[[], timedelta]) -> bool:
        """Asks for what is due, in the time that is left. Whether it knows anything new."""
        ...

    def rows(self, key: str) -> Sequence[Any]:
        """The records of the other list that match."""
        ...

    def knows(self, key: str) -> bool:
        """Whether the source has been asked: if so, no rows mean that there are none."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """One join with what is known of its list."""

    name: str
    join: Join
    empty: frozenset[str]

    def keys(self, raw: Mapping[str, Any]) -> tuple[list[str], bool]:
        """The ids in a record, and whether they are a list there."""
        try:
            value = found(self.join.key, raw)
        except NoAnswer:
            return [], False
        texts = (text_of(one).strip() for one in (value if isinstance(value, list) else [value]))
        return [text for text in texts if text and text not in self.empty], isinstance(value, list)

    def found(self, keys: Sequence[str], lookup: Lookup, *, listed: bool) -> Any:
        """What the record of these keys is given: a record of the other list, several, or None."""
        rows = [row for key in keys for row in lookup.rows(key)]
        return rows if listed or self.join.many else next(iter(rows), None)


class Joining:
    """Makes the joins of one feed. The same records and nothing new to know give the very same tuple again."""

    def __init__(self, steps: Sequence[tuple[Step, Lookup]], paths: RecordPaths) -> None:
        self._steps = tuple(steps)
        self._paths = paths
        self._names = {name: names_in(path) for name, path in paths.paths.items()}
        self._of: tuple[Record, ...] | None = None
        self._made: tuple[Record, ...] = ()

    @property
    def problems(self) -> Iterator[tuple[str, str]]:
        """The joins that lack something, each with the reason."""
        return ((step.name, lookup.problem) for step, lookup in self._steps if lookup.problem)

    def made(self, records: tuple[Record, ...], left: Callable[[], timedelta]) -> tuple[Record, ...]:
        """The records with all that is known joined to them, once what is due was asked for in the time `left`."""
        if not self._steps or (records is self._of and all(lookup.settled for _, lookup in self._steps)):
            return self._made if self._steps else records
        raws = [dict(record.raw or {}) for record in records]
        lacking: list[set[str]] = [set() for _ in records]
        news = records is not self._of
        for step, lookup in self._steps:
            keys = [step.keys(raw) for raw in raws]
            news |= lookup.learn(dict.fromkeys(chain.from_iterable(ids for ids, _ in keys)), left)
            for raw, missing, (ids, listed) in zip(raws, lacking, keys, strict=True):
                raw[step.name] = step.found(ids, lookup, listed=listed)
                missing.update({step.name} if not all(map(lookup.knows, ids)) else ())
        if news:
            self._of = records
            self._made = tuple(map(self._joined, records, raws, lacking))
        return self._made

    def _joined(self, record: Record, raw: Mapping[str, Any], lacking: set[str]) -> Record:
        if record.raw is None:
            return record
        told = self._paths.record(raw, record.page, record.number)
        untold = (name for name, names in self._names.items() if names & lacking and not told.texts[name])
        return replace(told, raw=None, untold=frozenset(untold))
