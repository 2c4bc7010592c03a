"""The configuration as one typed value. `config_reader.py` makes it from the file.

The keys are fixed (interface, section 2). Each part is a pydantic model: feeds bring theirs from `intake`, channels
theirs from `dispatch`, so that checks, forms and help have one source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, PositiveFloat

from dispatchwatch.app.filters import AlertFilter, Part, said
from dispatchwatch.app.inbound_config import ListenerConfig, TelegramCheckInConfig
from dispatchwatch.app.key_path import KeyPath, Steps
from dispatchwatch.app.quiet_config import OutgoingConfig
from dispatchwatch.app.running_config import HeartbeatConfig, SelfAuditConfig
from dispatchwatch.dispatch.fields import ChannelConfig
from dispatchwatch.dispatch.templates import Templates
from dispatchwatch.dispatch.transport import STRAIGHT, Way
from dispatchwatch.domain.alert import Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.quiet import Quiet
from dispatchwatch.domain.reassign.settings import Reassigning
from dispatchwatch.domain.routing import Hours, Outgoing, Route
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.technician import Roster
from dispatchwatch.domain.travel import Travel
from dispatchwatch.intake.feed import FeedConfig
from dispatchwatch.intake.fields import Duration, ZoneName
from dispatchwatch.intake.profile import ProfileConfig


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in the configuration. `is_warning`: the program runs all the same; `needs_action`: not whole.

    `where` is for people, `steps` lead to the key; there are none where the file as a whole is meant.
    """

    where: str
    text: str
    is_warning: bool = False
    needs_action: bool = False
    steps: Steps = ()

    @classmethod
    def at(cls, where: KeyPath, text: str, *, is_warning: bool = False, needs_action: bool = False) -> Problem:
        return cls(where.text, text, is_warning, needs_action, where.steps)


@dataclass(frozen=True, slots=True)
class ChannelEntry:
    """A channel as the file names it. `config` is None, and `problem` says why, while its secret can't be had:
    the channel can be owed messages all the same, and the day is watched without it. `quiet` are the times outside of
    its hours, `templates` its own words, `in_keyring` the fields whose secrets lie in the system keyring.
    """

    name: str
    platform: str
    config: ChannelConfig | None
    problem: str = ""
    quiet: Quiet | None = None
    templates: Templates | None = None
    in_keyring: frozenset[str] = frozenset()


class ConfigError(Exception):
    """A configuration that can't be used; `problems` holds everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{one.where}: {one.text}" for one in problems))
        self.problems = tuple(problems)


class OfficeConfig(Part):
    name: str = said("Name", "What the office is called, on the window and in reports.", "Dispatch office")
    timezone: ZoneName = said("Time zone", "The office’s own; times without a zone are read in it.", "UTC")
    hours: Mapping[str, str] = said("Opening hours", "When somebody is at the desk, day by day.", {}, kind="hours")
    holidays: tuple[date, ...] = said("Holidays", "Days on which the office is closed, whatever its hours.", ())


class TravelConfig(Part):
    """How fast the office's people get about. Speeds: up to so many kilometres of road, so many km/h."""

    road_factor: Annotated[float, Field(ge=1, le=5)] = said(
        "Detour", "How much longer the road is than the straight line.", Travel().road_factor
    )
    speeds: tuple[tuple[PositiveFloat, PositiveFloat], ...] = said(
        "Speeds", "Up to so many kilometres of road, so many kilometres an hour, shortest first.", Travel().speeds
    )
    beyond_km_per_hour: PositiveFloat = said(
        "Speed beyond", "Kilometres an hour on drives longer than all of those.", Travel().beyond_km_per_hour
    )
    parking: Duration = said("Parking", "How long parking and walking to the door take.", Travel().parking)

    def travel(self) -> Travel:
        return Travel(**dict(self))


class RouteConfig(Part):
    """Who is told of what. Every fitting route applies.

    What is merely worth knowing (severity `info`) is for the board: a route whose `when` names neither `severity` nor
    `kind` speaks of warnings and above. One that names either is taken as written.

    `hours` that are written here go before those of the channels it names; left out, each channel's own count.
    """

    when: AlertFilter = said("When", "Which alerts it speaks of; all that is named must fit.", AlertFilter())
    channels: tuple[str, ...] = said("Channels", "Who is told.", kind="channels", min_length=1)
    hours: Literal["always", "office", "outside"] = said(
        "Hours", "When it may speak; left out, the hours of each channel count.", "always"
    )
    after: Duration = said(
        "After", "So long it waits for somebody to acknowledge, and tells only if nobody does.", timedelta()
    )
    repeat: Duration | None = said("Again every", "Reminds so often until somebody acknowledges.", None)
    stop: bool = said("Stop here", "On: the routes below are not asked about what fits this one.", default=False)

    def route(self) -> Route:
        unasked = frozenset(Severity) if self.when.kind else frozenset(Severity) - {Severity.INFO}
        return Route(
            when=self.when.match(),
            severities=self.when.severities() or unasked,
            channels=self.channels,
            hours=Hours(self.hours),
            has_own_hours="hours" in self.model_fields_set,
            after=self.after,
            repeat=self.repeat,
            stop=self.stop,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything the office has set, checked. `path` is the file; feeds' relative paths start from its folder. `values`
    are what stands there, as it was read; a secret that was typed into the file is among them.
    """

    path: Path
    values: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    office: OfficeHours
    office_name: str
    policy: Policy
    roster: Roster = field(default_factory=Roster)
    travel: Travel = field(default_factory=Travel)
    reassigning: Reassigning = field(default_factory=Reassigning)
    feeds: tuple[FeedConfig, ...] = ()
    profiles: Mapping[str, ProfileConfig] = field(default_factory=dict)
    channels: tuple[ChannelEntry, ...] = ()
    routes: tuple[Route, ...] = ()
    quiet: tuple[Quiet, ...] = ()
    storm_over: int = OutgoingConfig().storm_over
    coalesce_for: timedelta = OutgoingConfig().coalesce
    tells_of_what_is_over: bool = OutgoingConfig().tell_of_what_is_over
    way: Way = STRAIGHT
    heartbeat: HeartbeatConfig | None = None
    self_audit: SelfAuditConfig = field(default_factory=SelfAuditConfig)
    listener: ListenerConfig | None = None
    telegram_check_in: TelegramCheckInConfig | None = None
    warnings: tuple[Problem, ...] = ()

    @property
    def standards(self) -> Standards:
        return Standards(
            office=self.office,
            policy=self.policy,
            roster=self.roster,
            travel=self.travel,
            reassigning=self.reassigning,
        )

    @property
    def outgoing(self) -> Outgoing:
        return Outgoing(
            routes=self.routes,
            quiet=(*self.quiet, *(one.quiet for one in self.channels if one.quiet is not None)),
            office=self.office,
            storm_over=self.storm_over,
            coalesce_for=self.coalesce_for,
            tells_of_what_is_over=self.tells_of_what_is_over,
        )

    @classmethod
    def empty(cls, path: Path) -> Config:
        """An office that has set nothing yet."""
        return cls(path=path, office=OfficeHours(ZoneInfo("UTC")), office_name=OfficeConfig().name, policy=Policy())

    def profile_of(self, feed: FeedConfig) -> ProfileConfig:
        name = getattr(feed, "profile", None)
        return self.profiles[name] if name else ProfileConfig()
