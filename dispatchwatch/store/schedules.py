"""Visits, their history, what the desk said of them, and how their feeds are doing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from dispatchwatch.domain.desk_entry import DeskEntry
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.schedule import RowProblem
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.store import codec
from dispatchwatch.store.database import Database
from dispatchwatch.store.tables import DeskEntryRow, FeedRow, VisitChangeRow, VisitRow

SOME = 50


@dataclass(frozen=True, slots=True)
class VisitChange:
    """What changed in a visit. `changes` maps a field to its old and new value, as JSON values."""

    key: VisitKey
    at: datetime
    origin: str
    changes: Mapping[str, tuple[Any, Any]]


class Schedules:
    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, visits: Iterable[Watched], changes: Iterable[VisitChange]) -> None:
        self._database.replace_many(VisitRow, [_visit_row(watched) for watched in visits])
        self._database.insert_many(VisitChangeRow, [_change_row(change) for change in changes])

    def between(self, start: datetime, end: datetime) -> list[Watched]:
        """Visits that touch this span of time, and those that have no time at all."""
        query = VisitRow.select(VisitRow.watched).where(
            VisitRow.starts_at.is_null() | ((VisitRow.starts_at < end) & (VisitRow.ends_at >= start))
        )
        return [codec.WATCHED.validate_json(row["watched"]) for row in self._database.rows(query)]

    def rename(self, old: VisitKey, new: VisitKey) -> None:
        """Has all that is on record of a visit be of another id."""
        for table in (VisitRow, VisitChangeRow):
            self._database.run(
                table.update(ext_id=new.ext_id).where((table.feed == old.feed) & (table.ext_id == old.ext_id))
            )
        for entry in self.entries_of(old):
            self.add_entry(replace(entry, ext_id=new.ext_id))
        spoken_of = (DeskEntryRow.feed == old.feed) & (DeskEntryRow.ext_id == old.ext_id)
        self._database.run(DeskEntryRow.delete().where(spoken_of))

    def naming(self, person: str, start: datetime, end: datetime) -> list[Watched]:
        """Some visits of this span that speak of a person of this name, in whatever role."""
        query = VisitRow.select(VisitRow.watched).where(
            (VisitRow.starts_at < end)
            & (VisitRow.ends_at >= start)
            & VisitRow.watched.contains(json.dumps(person, ensure_ascii=False))
        )
        return [codec.WATCHED.validate_json(text) for (text,) in self._database.tuples(query.limit(SOME))]

    def before(self, texts: Sequence[str], start: datetime, end: datetime) -> list[Watched]:
        """Some visits of this span that hold any of these texts, wherever; the latest first."""
        holds = [VisitRow.watched.contains(json.dumps(text, ensure_ascii=False)) for text in texts if text]
        if not holds:
            return []
        within = (VisitRow.starts_at < end) & (VisitRow.starts_at >= start)
        query = VisitRow.select(VisitRow.watched).where(within & reduce(or_, holds)).order_by(VisitRow.starts_at.desc())
        return [codec.WATCHED.validate_json(text) for (text,) in self._database.tuples(query.limit(SOME))]

    def of_feed(self, feed: str) -> list[Watched]:
        query = VisitRow.select(VisitRow.watched).where(VisitRow.feed == feed)
        return [codec.WATCHED.validate_json(row["watched"]) for row in self._database.rows(query)]

    def get(self, key: VisitKey) -> Watched | None:
        query = VisitRow.select(VisitRow.watched).where((VisitRow.feed == key.feed) & (VisitRow.ext_id == key.ext_id))
        row = self._database.one(query)
        return codec.WATCHED.validate_json(row["watched"]) if row else None

    def named(self, ext_id: str) -> list[Watched]:
        """Visits of this id, in any feed."""
        query = VisitRow.select(VisitRow.watched).where(VisitRow.ext_id == ext_id)
        return [codec.WATCHED.validate_json(row["watched"]) for row in self._database.rows(query)]

    def history(self, key: VisitKey) -> list[VisitChange]:
        query = (
            VisitChangeRow.select()
            .where((VisitChangeRow.feed == key.feed) & (VisitChangeRow.ext_id == key.ext_id))
            .order_by(VisitChangeRow.id)
        )
        return [
            VisitChange(
                key, row["at"], row["origin"], {name: tuple(pair) for name, pair in json.loads(row["changes"]).items()}
            )
            for row in self._database.rows(query)
        ]

    def add_entry(self, entry: DeskEntry) -> None:
        self._database.run(
            DeskEntryRow.insert(feed=entry.feed, ext_id=entry.ext_id, entry=codec.encode(codec.DESK_ENTRY, entry))
        )

    def entries(self) -> dict[VisitKey, tuple[DeskEntry, ...]]:
        """Everything said at the desk, oldest first."""
        found: dict[VisitKey, tuple[DeskEntry, ...]] = {}
        for row in self._database.rows(DeskEntryRow.select().order_by(DeskEntryRow.id)):
            key = VisitKey(row["feed"], row["ext_id"])
            found[key] = (*found.get(key, ()), codec.DESK_ENTRY.validate_json(row["entry"]))
        return found

    def entries_of(self, key: VisitKey) -> tuple[DeskEntry, ...]:
        """What was said of one visit, oldest first."""
        is_its_own = (DeskEntryRow.feed == key.feed) & (DeskEntryRow.ext_id == key.ext_id)
        query = DeskEntryRow.select(DeskEntryRow.entry).where(is_its_own).order_by(DeskEntryRow.id)
        return tuple(codec.DESK_ENTRY.validate_json(text) for (text,) in self._database.tuples(query))

    def save_feed(
        self, health: FeedHealth, problems: tuple[RowProblem, ...] | None = None, covered: frozenset[date] | None = None
    ) -> None:
        """Saves a feed's health; its problems and covered days stay as they are where they are not given."""
        row: dict[str, Any] = {"health": codec.encode(codec.FEED_HEALTH, health)}
        if problems is not None:
            row["problems"] = codec.encode(codec.ROW_PROBLEMS, problems)
        if covered is not None:
            row["covered"] = codec.encode(codec.DAYS, covered)
        changed = self._database.run(FeedRow.update(**row).where(FeedRow.feed == health.feed))
        if not changed:
            self._database.run(FeedRow.insert(feed=health.feed, **{"problems": "[]", "covered": "[]", **row}))

    def feeds(self) -> dict[str, FeedHealth]:
        rows = self._database.rows(FeedRow.select(FeedRow.feed, FeedRow.health))
        return {row["feed"]: codec.FEED_HEALTH.validate_json(row["health"]) for row in rows}

    def problems(self, feed: str) -> tuple[RowProblem, ...]:
        row = self._database.one(FeedRow.select(FeedRow.problems).where(FeedRow.feed == feed))
        return codec.ROW_PROBLEMS.validate_json(row["problems"]) if row else ()

    def covered(self, feed: str) -> frozenset[date]:
        row = self._database.one(FeedRow.select(FeedRow.covered).where(FeedRow.feed == feed))
        return codec.DAYS.validate_json(row["covered"]) if row else frozenset()


def _visit_row(watched: Watched) -> dict[str, Any]:
    visit = watched.visit
    start = visit.sched_start or visit.window_start or visit.window_end
    ends = [at for at in (start, visit.sched_end, visit.window_end, visit.completed_at) if at]
    return {
        "feed": visit.feed,
        "ext_id": visit.ext_id,
        "starts_at": start,
        "ends_at": max(ends, default=None),
        "watched": codec.encode(codec.WATCHED, watched),
    }


def _change_row(change: VisitChange) -> dict[str, Any]:
    return {
        "feed": change.key.feed,
        "ext_id": change.key.ext_id,
        "at": change.at,
        "origin": change.origin,
        "changes": codec.encode(codec.ANYTHING, dict(change.changes)),
    }
