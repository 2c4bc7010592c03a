"""The fields of every section of the configuration, drawn from the models that check it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from dispatchwatch.app.choosing import offered
from dispatchwatch.app.config import OfficeConfig, RouteConfig, TravelConfig
from dispatchwatch.app.inbound_config import ListenerConfig, TelegramCheckInConfig
from dispatchwatch.app.key_path import Steps, value_at
from dispatchwatch.app.people_config import ReassignConfig, TechnicianConfig
from dispatchwatch.app.policy_config import PolicyConfig
from dispatchwatch.app.quiet_config import OutgoingConfig, QuietConfig
from dispatchwatch.app.running_config import HeartbeatConfig, NetworkConfig, SelfAuditConfig
from dispatchwatch.app.settings.describing import described
from dispatchwatch.app.settings.kinds import Described, Kind, Option
from dispatchwatch.dispatch.catalog import PLATFORMS
from dispatchwatch.dispatch.catalog import platform as platform_named
from dispatchwatch.dispatch.platform import Platform
from dispatchwatch.intake.catalog import FEEDS
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.ready import ready_names

MODELS: Mapping[str, type[BaseModel]] = MappingProxyType(
    {
        "office": OfficeConfig,
        "policy": PolicyConfig,
        "travel": TravelConfig,
        "technician": TechnicianConfig,
        "reassign": ReassignConfig,
        "profile": ProfileConfig,
        "route": RouteConfig,
        "outgoing": OutgoingConfig,
        "quiet": QuietConfig,
        "listener": ListenerConfig,
        "telegram_check_in": TelegramCheckInConfig,
        "network": NetworkConfig,
        "heartbeat": HeartbeatConfig,
        "self_audit": SelfAuditConfig,
    }
)
"""The sections with one model; that of a `feed` depends on its `kind`, that of a `channel` on its `platform`."""

LISTS = frozenset({"technician", "feed", "channel", "route", "quiet"})
"""Sections that are lists of tables; `profile` is a table of tables by name, all others are one table."""

FEED_KINDS: Mapping[str, str] = {
    "csv": "CSV files",
    "xlsx": "Excel workbooks",
    "ical": "A calendar (iCal)",
    "caldav": "A calendar server (CalDAV)",
    "json": "A web interface (JSON)",
    "webhook": "Events that come in (webhook)",
    "desk": "What is typed at the desk",
}


def fields_of(section: str, which: str = "") -> tuple[Described, ...]:
    """The fields of one table of a section. `which` is the kind of a feed, or the platform of a channel: without it, or
    with one that there is not, all that can be asked is what it is."""
    if section == "feed":
        return _of_feed(which)
    return _of_channel(which) if section == "channel" else described(MODELS[section])


def field_at(values: Mapping[str, object], steps: Steps) -> Described | None:
    """The field at a place of the configuration; None where no key stands there. `values` are the configuration's."""
    section, *rest = steps
    if section == "profile" or section in LISTS:
        del rest[:1]
    found: Described | None = None
    fields = fields_of(str(section), _which(values, steps))
    for number, step in enumerate(rest):
        if isinstance(step, int):
            continue
        if found is not None and found.kind is Kind.GROUPS and step not in {one.key for one in fields}:
            continue
        found = next((one for one in fields if one.key == step), None)
        if found is None:
            return None
        fields = found.fields or _variant(found, values, steps[: len(steps) - len(rest) + number + 1])
        if not fields:
            return found
    return found


def _which(values: Mapping[str, object], steps: Steps) -> str:
    entry = value_at(values, steps[:2]) if steps[0] in ("feed", "channel") else None
    key = "kind" if steps[0] == "feed" else "platform"
    return str(entry.get(key, "")) if isinstance(entry, Mapping) else ""


def _variant(found: Described, values: Mapping[str, object], steps: Steps) -> tuple[Described, ...]:
    table = value_at(values, steps)
    kind = table.get("kind") if isinstance(table, Mapping) else None
    return found.variants.get(str(kind), ())


@lru_cache(maxsize=32)
def _of_feed(kind: str) -> tuple[Described, ...]:
    fields = described(FEEDS.get(kind, FEEDS["desk"]))
    options = tuple(Option(one, FEED_KINDS[one]) for one in FEEDS)
    ready = tuple(Option(one, one.replace("_", " ").capitalize()) for one in ready_names())
    asked = _replaced(fields, "kind", kind=Kind.CHOICE, options=options, required=True, default=None)
    asked = _replaced(asked, "ready", options=ready)
    return asked if kind in FEEDS else tuple(one for one in asked if one.key in ("name", "kind"))


@lru_cache(maxsize=64)
def _of_channel(key: str) -> tuple[Described, ...]:
    is_known = key in {one.key for one in PLATFORMS}
    fields = channel_fields(platform_named(key) if is_known else PLATFORMS[0])
    options = tuple(Option(one.key, one.name) for one in sorted(PLATFORMS, key=lambda one: one.name))
    fields = _replaced(fields, "platform", options=options)
    return fields if is_known else tuple(one for one in fields if one.key in ("name", "platform"))


def channel_fields(platform: Platform[Any]) -> tuple[Described, ...]:
    """The fields of a channel of this platform."""
    model: type[BaseModel] = platform.config
    fields = described(model)
    for name in offered(platform):
        fields = _replaced(fields, name, look_up=True)
    return fields


def _replaced(fields: tuple[Described, ...], key: str, **changes: object) -> tuple[Described, ...]:
    return tuple(replace(one, **changes) if one.key == key else one for one in fields)  # type: ignore[arg-type]
