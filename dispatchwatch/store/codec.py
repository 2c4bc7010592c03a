"""Values of the domain as JSON text and back. pydantic checks them on the way in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from dispatchwatch.domain.desk_entry import DeskEntry
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.notification import Notification
from dispatchwatch.domain.schedule import RowProblem
from dispatchwatch.domain.visit import Visit
from dispatchwatch.domain.watched import Watched

WATCHED: TypeAdapter[Watched] = TypeAdapter(Watched)
VISIT: TypeAdapter[Visit] = TypeAdapter(Visit)
NOTIFICATION: TypeAdapter[Notification] = TypeAdapter(Notification)
FEED_HEALTH: TypeAdapter[FeedHealth] = TypeAdapter(FeedHealth)
DESK_ENTRY: TypeAdapter[DeskEntry] = TypeAdapter(DeskEntry)
ROW_PROBLEMS: TypeAdapter[tuple[RowProblem, ...]] = TypeAdapter(tuple[RowProblem, ...])
DAYS: TypeAdapter[frozenset[date]] = TypeAdapter(frozenset[date])
ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)


def encode(adapter: TypeAdapter[Any], value: object) -> str:
    return adapter.dump_json(value).decode()


def words(text: str) -> Mapping[str, str]:
    """A flat JSON object of texts."""
    found: dict[str, str] = json.loads(text)
    return found
