"""Reading the configuration file: every problem in it at once, each with its key and what to do."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from dispatchwatch.app.config import (
    ChannelEntry,
    Config,
    ConfigError,
    OfficeConfig,
    Problem,
    RouteConfig,
    TechnicianConfig,
    TravelConfig,
)
from dispatchwatch.app.config_checks import check_together
from dispatchwatch.app.filters import AlertFilter
from dispatchwatch.app.policy_config import PolicyConfig
from dispatchwatch.app.quiet_config import OutgoingConfig, QuietConfig
from dispatchwatch.app.secrets import SecretError, SecretSource, is_reference
from dispatchwatch.dispatch.catalog import PLATFORMS
from dispatchwatch.dispatch.fields import ConfigError as ChannelConfigError
from dispatchwatch.dispatch.fields import load, secret_fields
from dispatchwatch.domain.alert import AlertKind, Severity
from dispatchwatch.domain.calendars import WEEKDAYS, OfficeHours
from dispatchwatch.domain.quiet import Quiet
from dispatchwatch.domain.routing import Route
from dispatchwatch.domain.technician import Profile, Roster
from dispatchwatch.intake.catalog import FEEDS
from dispatchwatch.intake.feed import FeedConfig
from dispatchwatch.intake.profile import ProfileConfig

SECTIONS = ("office", "policy", "travel", "technician", "feed", "profile", "channel", "route", "outgoing", "quiet")


def read_config(path: Path, secrets: SecretSource) -> Config:
    """Reads and checks the file. Raises `ConfigError` with every problem found."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        advice = "there is no configuration file here; “dispatchwatch demo” shows one at work"
        raise ConfigError([Problem(str(path), advice)]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([Problem(str(path), f"the file can’t be read: {error}")]) from error
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([Problem(str(path), f"this is not valid TOML: {error}")]) from error
    return _Reader(path, raw, secrets).read()


class _Reader:
    """Reads part by part and collects what is wrong, so that one problem never hides another."""

    def __init__(self, path: Path, raw: Mapping[str, Any], secrets: SecretSource) -> None:
        self._path = path
        self._raw = raw
        self._secrets = secrets
        self._problems: list[Problem] = []
        self._zone = ZoneInfo("UTC")

    def read(self) -> Config:
        for name in sorted(set(self._raw) - set(SECTIONS)):
            self._wrong(name, f"there is no such section; the sections are {', '.join(SECTIONS)}")
        office = self._part("office", OfficeConfig, self._raw.get("office", {})) or OfficeConfig()
        self._zone = ZoneInfo(office.timezone)
        policy = self._part("policy", PolicyConfig, self._raw.get("policy", {})) or PolicyConfig()
        profiles = {
            name: found
            for name, raw in self._table("profile").items()
            if (found := self._part(f"profile.{name}", ProfileConfig, raw)) is not None
        }
        feeds = self._list("feed", self._feed)
        channels = self._list("channel", self._channel)
        routes = self._each("route", self._route)
        technicians = self._list("technician", self._technician)
        quiet = self._list("quiet", self._quiet)
        outgoing = self._part("outgoing", OutgoingConfig, self._raw.get("outgoing", {})) or OutgoingConfig()
        travel = self._part("travel", TravelConfig, self._raw.get("travel", {})) or TravelConfig()
        hours = self._office_hours(office)
        config = Config(
            path=self._path,
            office=hours,
            office_name=office.name,
            policy=policy.policy(hours),
            roster=Roster.of(technicians),
            travel=travel.travel(),
            feeds=tuple(feeds),
            profiles=profiles,
            channels=tuple(channels),
            routes=tuple(route for route in routes if route is not None),
            quiet=tuple(quiet),
            storm_over=outgoing.storm_over,
            coalesce_for=outgoing.coalesce,
        )
        self._problems.extend(check_together(config, routes, self._raw, tuple(self._problems)))
        return self._finish(config)

    def _finish(self, config: Config) -> Config:
        if any(not one.is_warning for one in self._problems):
            raise ConfigError(self._problems)
        return Config(**{**_fields(config), "warnings": tuple(self._problems)})

    def _wrong(self, where: str, text: str, *, is_warning: bool = False, needs_action: bool = False) -> None:
        self._problems.append(Problem(where, text, is_warning, needs_action))

    def _part(self, where: str, model: type[Any], raw: object) -> Any:
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            for one in error.errors(include_input=False, include_url=False):
                steps = (f" {step + 1}" if isinstance(step, int) else f".{step}" for step in one["loc"])
                self._wrong(where + "".join(steps), _sentence(one))
            return None

    def _list(self, name: str, read: Callable[[str, Mapping[str, Any]], Any]) -> list[Any]:
        return [part for part in self._each(name, read) if part is not None]

    def _each(self, name: str, read: Callable[[str, Mapping[str, Any]], Any]) -> list[Any]:
        """The parts of a list in their order, None for one that could not be read."""
        found = self._raw.get(name, [])
        if not isinstance(found, list) or not all(isinstance(raw, dict) for raw in found):
            self._wrong(name, f"write it as [[{name}]], with two brackets")
            return []
        return [read(_named(name, number, raw), raw) for number, raw in enumerate(found, 1)]

    def _table(self, name: str) -> Mapping[str, Any]:
        found = self._raw.get(name, {})
        if isinstance(found, dict):
            return found
        self._wrong(name, f"write it as [{name}.some-name], with one pair of brackets")
        return {}

    def _feed(self, where: str, raw: Mapping[str, Any]) -> FeedConfig | None:
        kind = raw.get("kind")
        model = FEEDS.get(str(kind))
        if model is None:
            self._wrong(f"{where}.kind", f"“{kind}” is not a kind of feed; the kinds are {', '.join(FEEDS)}")
            return None
        feed: FeedConfig | None = self._part(where, model, raw)
        profile = raw.get("profile")
        if isinstance(profile, str) and profile not in self._table("profile"):
            self._wrong(f"{where}.profile", f"there is no [profile.{profile}]")
        return feed

    def _channel(self, where: str, raw: Mapping[str, Any]) -> ChannelEntry | None:
        known = {platform.key: platform for platform in PLATFORMS}
        platform = known.get(str(raw.get("platform")))
        if platform is None:
            said = raw.get("platform")
            self._wrong(f"{where}.platform", f"“{said}” is not a platform; the platforms are {', '.join(known)}")
            return None
        values, lacking = dict(raw), dict[str, str]()
        for name in secret_fields(platform.config):
            if isinstance(values.get(name), str) and (problem := self._resolve(where, name, values)):
                lacking[name] = problem
        try:
            config = load(platform.config, values)
        except ChannelConfigError as error:
            for key, sentence in error.problems.items():
                if key not in lacking:
                    self._wrong(f"{where}.{key}", sentence)
            config = None
        if config is None or lacking:
            return ChannelEntry(str(raw.get("name", "")), platform.key, None, next(iter(lacking.values()), ""))
        return ChannelEntry(config.name, platform.key, config)

    def _resolve(self, where: str, name: str, values: dict[str, Any]) -> str:
        """Puts the secret in place of its reference; returns why it can't be had, or nothing."""
        text = values[name]
        if not is_reference(text):
            advice = "a secret stands here as plain text; keep it out with keyring:, env:NAME or file:PATH"
            self._wrong(f"{where}.{name}", advice, is_warning=True)
            return ""
        try:
            values[name] = self._secrets.resolve(text, str(values.get("name", "")), name)
        except SecretError as problem:
            self._wrong(
                f"{where}.{name}", f"{problem}; until then nothing is sent to it", is_warning=True, needs_action=True
            )
            return f"{str(problem)[:1].upper()}{str(problem)[1:]}."
        return ""

    def _route(self, where: str, raw: Mapping[str, Any]) -> Route | None:
        found: RouteConfig | None = self._part(where, RouteConfig, raw)
        if found is None:
            return None
        return found.route() if self._check_filter(where, found.when, found.channels) else None

    def _quiet(self, where: str, raw: Mapping[str, Any]) -> Quiet | None:
        found: QuietConfig | None = self._part(where, QuietConfig, raw)
        if found is None or not self._check_filter(where, found.when, found.channels):
            return None
        hours = self._hours(f"{where}.hours", found.hours)
        try:
            return found.quiet(self._zone, hours) if hours or not found.hours else None
        except ValueError as error:
            self._wrong(where, str(error))
            return None

    def _check_filter(self, where: str, when: AlertFilter, channels: tuple[str, ...]) -> bool:
        """Reports what a filter of alerts names in vain; False if its severities can't be read."""
        known = {str(one.get("name")) for one in self._raw.get("channel", []) if isinstance(one, dict)}
        for channel in channels:
            if channel not in known:
                self._wrong(f"{where}.channels", f"there is no channel “{channel}”")
        kinds = {kind.value for kind in AlertKind}
        for kind in when.kind:
            if "*" not in kind and kind not in kinds:
                self._wrong(f"{where}.when.kind", f"“{kind}” is not a kind of alert; the kinds are {', '.join(kinds)}")
        levels = {severity.value for severity in Severity}
        wrong = [word for word in when.severity if word.removesuffix("+") not in levels]
        for word in wrong:
            order = ", ".join(severity.value for severity in Severity)
            self._wrong(f"{where}.when.severity", f"“{word}” is not a severity; from low to high they are {order}")
        return not wrong

    def _technician(self, where: str, raw: Mapping[str, Any]) -> Profile | None:
        found: TechnicianConfig | None = self._part(where, TechnicianConfig, raw)
        if found is None:
            return None
        shift = self._hours(f"{where}.shift", found.shift)
        return Profile(
            ext_id=found.id,
            name=found.name,
            phone=found.phone,
            skills=frozenset(found.skills),
            home=found.home,
            shift=OfficeHours(self._zone, shift) if shift else None,
        )

    def _office_hours(self, office: OfficeConfig) -> OfficeHours:
        hours = self._hours("office.hours", office.hours)
        return OfficeHours(ZoneInfo(office.timezone), hours, frozenset(office.holidays))

    def _hours(self, where: str, told: Mapping[str, str]) -> dict[int, tuple[time, time]]:
        """Spans of hours by weekday; what can't be read is a problem at its own key."""
        hours: dict[int, tuple[time, time]] = {}
        for days, span in told.items():
            try:
                found = _span(span)
                hours.update(dict.fromkeys(_weekdays(days), found))
            except ValueError as error:
                self._wrong(f"{where}.{days}", str(error))
        return hours


def _fields(config: Config) -> dict[str, Any]:
    return {name: getattr(config, name) for name in Config.__dataclass_fields__}


def _named(section: str, number: int, raw: Mapping[str, Any]) -> str:
    name = raw.get("name") or raw.get("id")
    return f"{section} “{name}”" if name else f"{section} {number}"


def _sentence(error: Mapping[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return "there is no such key; is it misspelt?"
    if error["type"] == "missing":
        return "this key is missing"
    text = str(error["msg"]).removeprefix("Value error, ")
    return text[:1].lower() + text[1:]


def _weekdays(text: str) -> range | tuple[int, ...]:
    """`mon-fri` or `sat` as weekday numbers. Raises ValueError."""
    first, dash, last = text.lower().partition("-")
    if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
        raise ValueError(f"“{text}” is not a day or a span of days; write mon-fri, or one of {', '.join(WEEKDAYS)}")
    start = WEEKDAYS.index(first)
    end = WEEKDAYS.index(last) if dash else start
    return tuple((start + n) % 7 for n in range((end - start) % 7 + 1))


def _span(text: str) -> tuple[time, time]:
    """`07:00-18:00` as two times; `24:00` is midnight. Raises ValueError."""
    opens, dash, closes = text.partition("-")
    try:
        if not dash:
            raise ValueError
        ends = closes.strip()
        return time.fromisoformat(opens.strip()), time() if ends == "24:00" else time.fromisoformat(ends)
    except ValueError:
        raise ValueError(f"“{text}” is not a span of hours; write it like 07:00-18:00") from None
