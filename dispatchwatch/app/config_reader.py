"""Reading the configuration file: every problem in it at once, each with its key and what to do."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import time
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dispatchwatch.app.config import (
    Config,
    ConfigError,
    OfficeConfig,
    Problem,
    RouteConfig,
    TravelConfig,
)
from dispatchwatch.app.config_channels import read_channel
from dispatchwatch.app.config_checks import check_together
from dispatchwatch.app.config_entries import read_feed, read_heartbeat, read_network, read_telegram
from dispatchwatch.app.config_hours import read_hours
from dispatchwatch.app.config_parts import PartReader
from dispatchwatch.app.filters import AlertFilter
from dispatchwatch.app.inbound_config import ListenerConfig
from dispatchwatch.app.key_path import KeyPath, section
from dispatchwatch.app.people_config import ReassignConfig, TechnicianConfig
from dispatchwatch.app.policy_config import PolicyConfig
from dispatchwatch.app.quiet_config import OutgoingConfig, QuietConfig
from dispatchwatch.app.running_config import SelfAuditConfig
from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.domain.alert import AlertKind, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.quiet import Quiet
from dispatchwatch.domain.routing import Route
from dispatchwatch.domain.technician import Profile, Roster
from dispatchwatch.intake.profile import ProfileConfig

SECTIONS = (
    "office",
    "policy",
    "travel",
    "technician",
    "reassign",
    "feed",
    "profile",
    "channel",
    "route",
    "outgoing",
    "quiet",
    "listener",
    "telegram_check_in",
    "network",
    "heartbeat",
    "self_audit",
)


def read_config(path: Path, secrets: SecretSource) -> Config:
    """Reads and checks the file. Raises `ConfigError` with every problem found."""
    return read_values(path, read_file(path), secrets)


def read_values(path: Path, raw: Mapping[str, Any], secrets: SecretSource) -> Config:
    """Checks what stands, or would stand, in the file. Raises `ConfigError` with every problem found."""
    return _Reader(path, raw, secrets).read()


def read_file(path: Path) -> dict[str, Any]:
    """What stands in the file, unchecked. Raises `ConfigError`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        advice = "there is no configuration file here; “dispatchwatch demo” shows one at work"
        raise ConfigError([Problem(str(path), advice)]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([Problem(str(path), f"the file can’t be read: {error}")]) from error
    return values_of(text, path)


def values_of(text: str, path: Path) -> dict[str, Any]:
    """The values of a text that stands, or would stand, in the file. Raises `ConfigError`."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([Problem(str(path), f"this is not valid TOML: {error}")]) from error


class _Reader(PartReader):
    """Reads the whole file."""

    def __init__(self, path: Path, raw: Mapping[str, Any], secrets: SecretSource) -> None:
        super().__init__(path, raw)
        self._secrets = secrets
        self._zone = ZoneInfo("UTC")

    def read(self) -> Config:
        for name in sorted(set(self.raw) - set(SECTIONS)):
            self.wrong(section(name), f"there is no such section; the sections are {', '.join(SECTIONS)}")
        office = self.section("office", OfficeConfig)
        self._zone = ZoneInfo(office.timezone)
        policy = self.section("policy", PolicyConfig)
        profiles = {
            name: found
            for name, raw in self.table("profile").items()
            if (found := self.part(section("profile") / name, ProfileConfig, raw)) is not None
        }
        feeds = self.listed("feed", partial(read_feed, self, self._secrets))
        hours = self._office_hours(office)
        channels = self.listed("channel", partial(read_channel, self, self._secrets, hours))
        routes = self.each("route", self._route)
        technicians = self.listed("technician", self._technician)
        quiet = self.listed("quiet", self._quiet)
        outgoing = self.section("outgoing", OutgoingConfig)
        travel = self.section("travel", TravelConfig)
        config = Config(
            path=self.path,
            values=self.raw,
            office=hours,
            office_name=office.name,
            policy=policy.policy(hours),
            roster=Roster.of(technicians),
            travel=travel.travel(),
            reassigning=self.section("reassign", ReassignConfig).reassigning(),
            feeds=tuple(feeds),
            profiles=profiles,
            channels=tuple(channels),
            routes=tuple(route for route in routes if route is not None),
            quiet=tuple(quiet),
            storm_over=outgoing.storm_over,
            coalesce_for=outgoing.coalesce,
            tells_of_what_is_over=outgoing.tell_of_what_is_over,
            way=read_network(self, self._secrets),
            heartbeat=read_heartbeat(self, self._secrets),
            self_audit=self.section("self_audit", SelfAuditConfig),
            listener=self._listener(),
            telegram_check_in=read_telegram(self, self._secrets),
        )
        self.problems.extend(check_together(config, routes, self.raw, tuple(self.problems)))
        return self._finish(config)

    def _finish(self, config: Config) -> Config:
        if any(not one.is_warning for one in self.problems):
            raise ConfigError(self.problems)
        return Config(**{**_fields(config), "warnings": tuple(self.problems)})

    def _listener(self) -> ListenerConfig | None:
        raw = self.raw.get("listener")
        found: ListenerConfig | None = None if raw is None else self.part(section("listener"), ListenerConfig, raw)
        return found

    def _route(self, where: KeyPath, raw: Mapping[str, Any]) -> Route | None:
        found: RouteConfig | None = self.part(where, RouteConfig, raw)
        if found is None:
            return None
        return found.route() if self._check_filter(where, found.when, found.channels) else None

    def _quiet(self, where: KeyPath, raw: Mapping[str, Any]) -> Quiet | None:
        found: QuietConfig | None = self.part(where, QuietConfig, raw)
        if found is None or not self._check_filter(where, found.when, found.channels):
            return None
        hours = self._hours(where / "hours", found.hours)
        try:
            return found.quiet(self._zone, hours) if hours or not found.hours else None
        except ValueError as error:
            self.wrong(where, str(error))
            return None

    def _check_filter(self, where: KeyPath, when: AlertFilter, channels: tuple[str, ...]) -> bool:
        """Reports what a filter of alerts names in vain; False if its severities can't be read."""
        known = {str(one.get("name")) for one in self.raw.get("channel", []) if isinstance(one, dict)}
        for channel in channels:
            if channel not in known:
                self.wrong(where / "channels", f"there is no channel “{channel}”")
        kinds = {kind.value for kind in AlertKind}
        for kind in when.kind:
            if "*" not in kind and kind not in kinds:
                known_kinds = ", ".join(kinds)
                self.wrong(where / "when" / "kind", f"“{kind}” is not a kind of alert; the kinds are {known_kinds}")
        levels = {severity.value for severity in Severity}
        wrong = [word for word in when.severity if word.removesuffix("+") not in levels]
        for word in wrong:
            order = ", ".join(severity.value for severity in Severity)
            self.wrong(where / "when" / "severity", f"“{word}” is not a severity; from low to high they are {order}")
        return not wrong

    def _technician(self, where: KeyPath, raw: Mapping[str, Any]) -> Profile | None:
        found: TechnicianConfig | None = self.part(where, TechnicianConfig, raw)
        if found is None:
            return None
        shift = self._hours(where / "shift", found.shift)
        return found.profile(self._zone, shift)

    def _office_hours(self, office: OfficeConfig) -> OfficeHours:
        hours = self._hours(section("office") / "hours", office.hours)
        return OfficeHours(ZoneInfo(office.timezone), hours, frozenset(office.holidays))

    def _hours(self, where: KeyPath, told: Mapping[str, str]) -> dict[int, tuple[time, time]]:
        """Spans of hours by weekday; what can't be read is a problem at its own key."""
        hours, wrong = read_hours(told)
        for days, text in wrong.items():
            self.wrong(where / days, text)
        return hours


def _fields(config: Config) -> dict[str, Any]:
    return {name: getattr(config, name) for name in Config.__dataclass_fields__}
