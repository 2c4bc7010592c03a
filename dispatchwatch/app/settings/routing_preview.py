"""Who would be told what and when: the office's routes as sentences, and what they make of one example."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatchwatch.app.config import Config
from dispatchwatch.app.sending import Destination
from dispatchwatch.dispatch.catalog import platform
from dispatchwatch.domain.alert import Alert, AlertKind, Operation, Severity, alert_key, epoch
from dispatchwatch.domain.routing import Telling, tellings
from dispatchwatch.domain.wording.plain import kept
from dispatchwatch.domain.wording.settings import nobody_told, route_sentence, telling_sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An alert as it might be raised. What is empty is not known of its visit."""

    kind: AlertKind
    severity: Severity
    at: datetime
    customer: str = ""
    site: str = ""
    technician: str = ""
    priority: str = ""
    contract: str = ""
    feed: str = ""

    def alert(self) -> Alert:
        told = {name: getattr(self, name) for name in ("customer", "site", "technician", "priority", "contract")}
        facts = {name: value for name, value in told.items() if value}
        return Alert(
            key=alert_key(self.kind, self.feed, "example", epoch(self.at)),
            kind=self.kind,
            severity=self.severity,
            feed=self.feed,
            ext_id="example",
            due_at=self.at,
            raised_at=self.at,
            updated_at=self.at,
            facts={**facts, "promise": kept(self.at)},
        )


@dataclass(frozen=True, slots=True)
class ToldTo:
    """One message of the preview. `held` is why it goes out later than the route says; `repeat` how often again."""

    channel: str
    platform: str
    at: datetime
    if_nobody_acknowledged: bool
    repeat: timedelta | None
    held: str
    sentence: str


def route_sentences(config: Config) -> tuple[str, ...]:
    """Each route in words, in their order."""
    return tuple(map(route_sentence, config.routes))


def preview(config: Config, example: Example) -> tuple[ToldTo, ...]:
    """Who is told what and when, by the very code that tells them, earliest first; nothing where nobody is."""
    alert, outgoing = example.alert(), config.outgoing
    destinations = {
        entry.name: Destination(entry.platform, platform(entry.platform).operations)
        for entry in config.channels
        if entry.config is None or entry.config.enabled
    }
    found = tellings(alert, outgoing.routes, outgoing.office, example.at, outgoing.quiet, wait=outgoing.wait(alert))
    able = [one for one in found if one.channel in destinations and _can_raise(destinations[one.channel])]
    return tuple(
        _told_to(one, destinations[one.channel].platform, example.at, config.office.zone.key)
        for one in sorted(able, key=lambda one: one.due_at)
    )


def preview_sentences(config: Config, example: Example) -> tuple[str, ...]:
    return tuple(one.sentence for one in preview(config, example)) or (nobody_told(),)


def _can_raise(destination: Destination) -> bool:
    return Operation.RAISE in destination.operations


def _told_to(telling: Telling, platform_key: str, raised_at: datetime, zone: str) -> ToldTo:
    return ToldTo(
        channel=telling.channel,
        platform=platform_key,
        at=telling.due_at,
        if_nobody_acknowledged=telling.waits_for_nobody,
        repeat=telling.repeat,
        held=telling.held,
        sentence=telling_sentence(telling, raised_at, zone),
    )
