"""What the engine is made of, and whom its parts report to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dispatchwatch.app.delivery import Channel, Lane, Settled
from dispatchwatch.app.desk import Desk
from dispatchwatch.app.desk_book import DeskBook
from dispatchwatch.app.feed_reader import FeedReader
from dispatchwatch.app.inbound import Inbound
from dispatchwatch.app.invitations import Invitations
from dispatchwatch.app.renewals import Renewals
from dispatchwatch.app.testing import ChannelTester
from dispatchwatch.app.vigil import Vigil
from dispatchwatch.app.watch import Watch
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.intake.desk_feed import DeskFeed
from dispatchwatch.store.database import StoreError
from dispatchwatch.store.deliveries import DeliveryState
from dispatchwatch.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the engine is made of, all built on its own thread by `compose.py`."""

    store: Store
    watch: Watch
    desk: Desk
    tester: ChannelTester
    renewals: Renewals
    lanes: Sequence[Lane]
    senders: Sequence[Sender]
    readers: Sequence[FeedReader]
    desk_feed: DeskFeed
    desk_book: DeskBook
    inbound: Inbound
    invitations: Invitations
    vigil: Vigil
    feed_kinds: Mapping[str, str]
    channels: Mapping[str, Channel]
    channel_names: Mapping[str, tuple[str, str]]
    unusable: Mapping[str, str]
    owner: str
    notes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the parts report to: the result of every attempt to tell, a store that can't be written, a channel that
    begins or ends to wait for the limit of its platform, and whatever else a person should know: its word and text."""

    settled: Callable[[Settled, DeliveryState], None]
    trouble: Callable[[StoreError], None]
    limited: Callable[[], None]
    said: Callable[[str, str], None]
