"""The configuration as one typed value. `config_reader.py` makes it from the file.

The keys are fixed (interface, section 2). Each part is a pydantic model: feeds bring theirs from `intake`, channels
theirs from `dispatch`, so that checks, forms and help have one source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from dispatchwatch.dispatch.fields import ChannelConfig
from dispatchwatch.domain.alert import Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.match import Match
from dispatchwatch.domain.policy import Override, Policy, Thresholds
from dispatchwatch.domain.routing import Hours, Route
from dispatchwatch.intake.feed import FeedConfig
from dispatchwatch.intake.fields import Duration, ZoneName
from dispatchwatch.intake.profile import ProfileConfig


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in the configuration. `is_warning`: the program runs all the same; `needs_action`: not whole."""

    where: str
    text: str
    is_warning: bool = False
    needs_action: bool = False


@dataclass(frozen=True, slots=True)
class ChannelEntry:
    """A channel as the file names it. `config` is None, and `problem` says why, while its secret can't be had:
    the channel can be owed messages all the same, and the day is watched without it.
    """

    name: str
    platform: str
    config: ChannelConfig | None
    problem: str = ""


class ConfigError(Exception):
    """A configuration that can't be used; `problems` holds everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{one.where}: {one.text}" for one in problems))
        self.problems = tuple(problems)


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Patterns = Annotated[tuple[str, ...], BeforeValidator(_as_list)]


class VisitFilter(Part):
    """Which visits a line speaks of; `*` is a wildcard, several values mean any of them."""

    priority: Patterns = ()
    customer: Patterns = ()
    site: Patterns = ()
    contract: Patterns = ()
    kind: Patterns = ()
    technician: Patterns = ()
    feed: Patterns = ()

    def match(self) -> Match:
        names = [name for name in type(self).model_fields if name != "severity"]
        return Match(tuple((name, getattr(self, name)) for name in names if getattr(self, name)))


class AlertFilter(VisitFilter):
    """Which alerts a route speaks of. `severity` is one, several, or one with `+` for it and all above."""

    severity: Patterns = ()


class OfficeConfig(Part):
    name: str = "Dispatch office"
    timezone: ZoneName = "UTC"
    hours: Mapping[str, str] = Field(default_factory=dict)
    holidays: tuple[date, ...] = ()


class OverrideConfig(Part):
    when: VisitFilter
    check_in_grace: Duration | None = None
    due_soon: Duration | None = None
    late_high_after: Duration | None = None
    late_critical_after: Duration | None = None
    moved_grace: Duration | None = None
    look_back: Duration | None = None
    cancel_notice: Duration | None = None
    reschedule_notice: Duration | None = None

    def values(self) -> dict[str, timedelta]:
        return {name: value for name, value in self if name != "when" and value is not None}


class PolicyConfig(Part):
    """The thresholds of the whole office; a key left out has the default of `domain.policy.Thresholds`."""

    check_in_grace: Duration = Thresholds().check_in_grace
    due_soon: Duration = Thresholds().due_soon
    late_high_after: Duration = Thresholds().late_high_after
    late_critical_after: Duration = Thresholds().late_critical_after
    moved_grace: Duration = Thresholds().moved_grace
    look_back: Duration = Thresholds().look_back
    cancel_notice: Duration = Thresholds().cancel_notice
    reschedule_notice: Duration = Thresholds().reschedule_notice
    urgent_priorities: tuple[str, ...] = tuple(sorted(Policy().urgent_priorities))
    override: tuple[OverrideConfig, ...] = ()

    def policy(self) -> Policy:
        base = {name: value for name, value in self if name not in {"override", "urgent_priorities"}}
        return Policy(
            base=Thresholds(**base),
            overrides=tuple(Override(one.when.match(), one.values()) for one in self.override),
            urgent_priorities=frozenset(word.casefold() for word in self.urgent_priorities),
        )


class TechnicianConfig(Part):
    id: str
    name: str
    phone: str = ""
    skills: tuple[str, ...] = ()
    home: tuple[float, float] | None = None
    shift: Mapping[str, str] = Field(default_factory=dict)


class RouteConfig(Part):
    when: AlertFilter = AlertFilter()
    channels: Annotated[tuple[str, ...], Field(min_length=1)]
    hours: Literal["always", "office", "outside"] = "always"
    after: Duration = timedelta()
    repeat: Duration | None = None
    stop: bool = False

    def route(self) -> Route:
        words = [(Severity(word.removesuffix("+")), word.endswith("+")) for word in self.when.severity]
        severities = frozenset(
            one for one in Severity for least, above in words if one is least or (above and one.rank > least.rank)
        )
        return Route(
            when=self.when.match(),
            severities=severities or frozenset(Severity),
            channels=self.channels,
            hours=Hours(self.hours),
            after=self.after,
            repeat=self.repeat,
            stop=self.stop,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything the office has set, checked. `path` is the file; feeds' relative paths start from its folder."""

    path: Path
    office: OfficeHours
    office_name: str
    policy: Policy
    technicians: tuple[TechnicianConfig, ...] = ()
    feeds: tuple[FeedConfig, ...] = ()
    profiles: Mapping[str, ProfileConfig] = field(default_factory=dict)
    channels: tuple[ChannelEntry, ...] = ()
    routes: tuple[Route, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @classmethod
    def empty(cls, path: Path) -> Config:
        """An office that has set nothing yet."""
        return cls(path=path, office=OfficeHours(ZoneInfo("UTC")), office_name=OfficeConfig().name, policy=Policy())

    def profile_of(self, feed: FeedConfig) -> ProfileConfig:
        name = getattr(feed, "profile", None)
        return self.profiles[name] if name else ProfileConfig()
