"""Building everything from a configuration, and closing it again. The only place that knows who needs whom."""

from __future__ import annotations

import platform as computer
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from dispatchwatch import __version__
from dispatchwatch.app.clock import Clock
from dispatchwatch.app.config import Config
from dispatchwatch.app.configuration import Configuration
from dispatchwatch.app.delivery import Channel, Lane, PostOffice
from dispatchwatch.app.desk import Desk
from dispatchwatch.app.desk_book import DeskBook
from dispatchwatch.app.ears import Ears
from dispatchwatch.app.engine import Engine
from dispatchwatch.app.engine_thread import EngineThread
from dispatchwatch.app.feed_reader import FeedReader
from dispatchwatch.app.group_commit import GroupCommit
from dispatchwatch.app.heartbeat import Heartbeat
from dispatchwatch.app.inbound import Inbound
from dispatchwatch.app.invitations import Invitations
from dispatchwatch.app.kept_inbox import KeptInbox
from dispatchwatch.app.owing import Owing
from dispatchwatch.app.parts import Hearing, Parts
from dispatchwatch.app.renewals import Renewals
from dispatchwatch.app.secrets import SecretSource, WritableKeyring, system_keyring
from dispatchwatch.app.sending import Destination
from dispatchwatch.app.testing import ChannelTester
from dispatchwatch.app.vigil import Vigil
from dispatchwatch.app.watch import Watch
from dispatchwatch.dispatch.catalog import PLATFORMS, platform
from dispatchwatch.dispatch.fields import ChannelConfig
from dispatchwatch.dispatch.transport import Way
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.watched import Watched
from dispatchwatch.intake.catalog import open_feed
from dispatchwatch.intake.desk_feed import DeskConfig, DeskFeed
from dispatchwatch.intake.feed import Feed, FeedConfig
from dispatchwatch.intake.webhook import WebhookConfig, WebhookFeed
from dispatchwatch.store.store import Store, open_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the program is started with. `chance` gives random numbers in [0, 1); `tick` is in seconds. With `secrets`
    the configuration is read anew when its file changes; without, it stays what it is.
    """

    config: Config
    database: Path
    clock: Clock
    chance: Callable[[], float] = random.random
    tick: float = 1.0
    keyring: Callable[[], WritableKeyring] = system_keyring
    secrets: SecretSource | None = None

    @property
    def configuration(self) -> Configuration:
        return Configuration(self.config, self.secrets)


def build_engine(setting: Setting) -> Engine:
    """An engine, not yet running; it builds its parts on the thread it is run on."""
    return Engine(partial(_build, setting), setting.clock, setting.configuration, setting.tick)


def build_engine_thread(setting: Setting, lock: Path) -> EngineThread:
    """The same with a thread of its own, for a window."""
    return EngineThread(partial(_build, setting), setting.clock, setting.configuration, lock)


def open_desk(config: Config, store: Store) -> Desk:
    """The desk over a store, for a command that does one thing and ends."""
    return Desk(store, _owing(config, store), config.standards, _unusable(config))


def open_tester(config: Config, store: Store, renewals: Renewals) -> ChannelTester:
    """What a command tests channels with."""
    return ChannelTester(open_channels(config), store, open_desk(config, store), renewals.sender)


def open_channels(config: Config) -> dict[str, Channel]:
    """The channels that can be used now; one whose secret can't be had is not among them."""
    return {
        entry.name: Channel(
            entry.name,
            platform(entry.platform),
            entry.config,
            entry.templates,
            _way(config, entry.config),
            entry.in_keyring,
        )
        for entry in config.channels
        if entry.config is not None and entry.config.enabled
    }


def _way(config: Config, channel: ChannelConfig) -> Way:
    """The channel's own proxy where it has one, else that of all."""
    own = channel.proxy
    return replace(config.way, proxy=own.get_secret_value()) if own is not None else config.way


def _build(setting: Setting, config: Config, hearing: Hearing) -> Parts:
    now = setting.clock.now()
    store = open_store(setting.database, now)
    owing = _owing(config, store)
    channels = open_channels(config)
    office = PostOffice(
        store=store,
        commits=GroupCommit(store, setting.clock.steady),
        owing=owing,
        clock=setting.clock,
        chance=setting.chance,
        owner=computer.node() or "this computer",
        settled=hearing.settled,
        trouble=hearing.trouble,
        limited=hearing.limited,
    )
    renewals = Renewals(setting.keyring, hearing.said)
    senders = {name: renewals.sender(channel) for name, channel in channels.items()}
    watch = Watch(store, owing, config.standards, _feed_health(config))
    desk = Desk(store, owing, config.standards, _unusable(config))
    desk_book = DeskBook(store.desk_visits)
    desk_book.renew(now)
    ears = Ears(channels.values(), store, setting.clock, setting.chance, renewals.sender)
    inbox = KeptInbox(store.inbox, [feed.name for feed in config.feeds if _tells(feed)])
    return Parts(
        store=store,
        watch=watch,
        desk=desk,
        tester=ChannelTester(channels, store, desk, renewals.sender),
        renewals=renewals,
        lanes=[Lane(channel, office, senders[name]) for name, channel in channels.items()],
        senders=tuple(senders.values()),
        readers=_readers(config, setting.clock, inbox),
        desk_feed=DeskFeed(desk_book, _desk_config(config).every),
        desk_book=desk_book,
        inbound=Inbound(config, store, inbox, lambda: _appointments(watch, setting.clock.now()), ears, setting.clock),
        invitations=Invitations(config, store),
        vigil=_vigil(config, store, watch),
        feed_kinds={feed.name: feed.kind for feed in (*config.feeds, _desk_config(config))},
        channels=channels,
        channel_names=_channel_names(config),
        unusable=_unusable(config),
        owner=office.owner,
        notes={"version": __version__, "config": str(config.path)},
    )


def _vigil(config: Config, store: Store, watch: Watch) -> Vigil:
    """What waits for a channel that can't be used just now is no fault of the program's."""
    heartbeat = Heartbeat(config.heartbeat, config.way) if config.heartbeat else None
    every = config.self_audit.every if config.self_audit.enabled else None
    channels = frozenset(entry.name for entry in config.channels if entry.config is None or entry.config.enabled)
    return Vigil(store, watch, config.outgoing, channels, heartbeat=heartbeat, audit_every=every)


def _owing(config: Config, store: Store) -> Owing:
    """Every configured channel can be owed something, also one that can't be used just now."""
    destinations = {
        entry.name: Destination(entry.platform, platform(entry.platform).operations)
        for entry in config.channels
        if entry.config is None or entry.config.enabled
    }
    return Owing(store, config.outgoing, destinations)


def _unusable(config: Config) -> dict[str, str]:
    return {entry.name: entry.problem for entry in config.channels if entry.problem}


def _readers(config: Config, clock: Clock, inbox: KeptInbox) -> list[FeedReader]:
    """One for each feed of the file. The desk needs none: what is typed there is known at once."""
    feeds = (_opened(feed, config, inbox) for feed in config.feeds if not isinstance(feed, DeskConfig))
    return [FeedReader(feed, clock) for feed in feeds]


def _opened(feed: FeedConfig, config: Config, inbox: KeptInbox) -> Feed:
    profile, zone = config.profile_of(feed), config.office.zone
    if isinstance(feed, WebhookConfig):
        return WebhookFeed(feed, profile, office_zone=zone, inbox=inbox)
    return open_feed(feed, profile, office_zone=zone, base=config.path.parent, way=config.way)


def _tells(feed: FeedConfig) -> bool:
    """Whether events of this feed tell of visits, and do not just have another one read."""
    return isinstance(feed, WebhookConfig) and feed.polls is None


def _desk_config(config: Config) -> DeskConfig:
    return next((feed for feed in config.feeds if isinstance(feed, DeskConfig)), DeskConfig())


def _feed_health(config: Config) -> Mapping[str, FeedHealth]:
    """In the order of their standing. What the desk types stands in until the office software tells of it."""
    feeds = [*(feed for feed in config.feeds if not isinstance(feed, DeskConfig)), _desk_config(config)]
    return {feed.name: FeedHealth(feed=feed.name, interval=feed.every) for feed in feeds}


def _appointments(watch: Watch, now: datetime) -> list[Watched]:
    doubles = watch.facts(now).index.doubles
    return [watched for key, watched in watch.visits.items() if key not in doubles]


def _channel_names(config: Config) -> dict[str, tuple[str, str]]:
    names = {one.key: one.name for one in PLATFORMS}
    return {entry.name: (entry.platform, names[entry.platform]) for entry in config.channels}
