"""Which alerts share a message, and which messages share a thread: storms, bursts of changes, what goes out together.

A thread is what a platform sees as one matter. It goes by the key of the alert that opened it on that channel.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatchwatch.domain.alert import Alert, AlertKind, Operation
from dispatchwatch.domain.routing import COALESCED, Telling

Place = tuple[int, str]
"""An alert's number and a channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How something is to be told: to whom, when, as what. `thread` is empty while it has none on that channel."""

    channel: str
    due_at: datetime
    operation: Operation = Operation.RAISE
    repeat: timedelta | None = None
    waits_for_nobody: bool = False
    is_reminder: bool = False
    held: str = ""
    thread: str = ""

    @classmethod
    def of(cls, telling: Telling, thread: str = "") -> Manner:
        return cls(
            channel=telling.channel,
            due_at=telling.due_at,
            repeat=telling.repeat,
            waits_for_nobody=telling.waits_for_nobody,
            held=telling.held,
            thread=thread,
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """One alert that one channel is to be told of."""

    alert: Alert
    manner: Manner

    @property
    def place(self) -> Place:
        return self.alert.id, self.manner.channel


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out as one; `alerts` is what it speaks of, the worst first."""

    manner: Manner
    alerts: tuple[Alert, ...]


def worst_first(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """The order in which alerts are told: the worst first, of equals the one due longest."""
    return tuple(sorted(alerts, key=lambda alert: (-alert.severity.rank, alert.due_at, alert.id)))


def is_change(alert: Alert) -> bool:
    """Whether an alert reports a change of a visit, and so may share a message with others of it."""
    return alert.kind in COALESCED and alert.visit_key is not None


def threaded(wanted: Sequence[Wanted], storm_over: int) -> list[Wanted]:
    """Gives each a thread.

    More than `storm_over` alerts of one kind, for one channel, due at the same instant and repeated alike, share one.
    So do changes of one visit. An alert has one thread on a channel, whatever else is said of it there later.
    """
    threads = {one.place: one.manner.thread for one in wanted if one.manner.thread}
    for storm in _storms(wanted, threads, storm_over):
        key = worst_first(one.alert for one in storm)[0].key
        threads.update((one.place, key) for one in storm)
    changes = {
        (one.alert.visit_key, one.manner.channel): threads[one.place]
        for one in wanted
        if one.place in threads and is_change(one.alert)
    }
    for one in wanted:
        if one.place not in threads:
            subject = (one.alert.visit_key, one.manner.channel)
            own = one.alert.key
            threads[one.place] = changes.setdefault(subject, own) if is_change(one.alert) else own
    return [replace(one, manner=replace(one.manner, thread=threads[one.place])) for one in wanted]


def messages(wanted: Iterable[Wanted]) -> list[Message]:
    """What is told in the same manner, in the same thread, is told in one message."""
    found: dict[Manner, list[Alert]] = {}
    for one in wanted:
        found.setdefault(one.manner, []).append(one.alert)
    return [Message(manner, worst_first(alerts)) for manner, alerts in found.items()]


def _storms(wanted: Iterable[Wanted], threads: dict[Place, str], storm_over: int) -> Iterable[list[Wanted]]:
    """Too many of a kind at once, of those that have no thread yet; the earliest first."""
    found: dict[tuple[AlertKind, str, datetime, timedelta | None], list[Wanted]] = {}
    for one in sorted(wanted, key=lambda one: one.manner.due_at):
        manner = one.manner
        found.setdefault((one.alert.kind, manner.channel, manner.due_at, manner.repeat), []).append(one)
    for bucket in found.values():
        new = [one for one in bucket if one.place not in threads]
        if len(new) > storm_over:
            yield new
