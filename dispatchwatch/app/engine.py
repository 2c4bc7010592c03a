"""The loop that watch, delivery and timers live on: the main thread's when headless, its own under a window."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from dispatchwatch.app import garbage, happenings
from dispatchwatch.app.announcing import Announcer
from dispatchwatch.app.awakening import PAUSE, Awakening, Gap
from dispatchwatch.app.bus import Bus
from dispatchwatch.app.clock import Clock
from dispatchwatch.app.config import Config, Problem
from dispatchwatch.app.configuration import Configuration
from dispatchwatch.app.deeds import Actor, Result
from dispatchwatch.app.delivery import Settled
from dispatchwatch.app.desk import Desk
from dispatchwatch.app.ending import until
from dispatchwatch.app.engine_questions import Questions
from dispatchwatch.app.events import Awoke
from dispatchwatch.app.feed_reader import FeedReader
from dispatchwatch.app.looking import Reading
from dispatchwatch.app.parts import Hearing, Parts
from dispatchwatch.app.publisher import Publisher
from dispatchwatch.app.reconfiguring import LOOK_EVERY, Reconfiguring, Taken
from dispatchwatch.app.recording import PROGRAM
from dispatchwatch.app.recovery import recover
from dispatchwatch.app.timers import Timers
from dispatchwatch.intake.desk_feed import DESK
from dispatchwatch.store.audit import Entry
from dispatchwatch.store.database import StoreError
from dispatchwatch.store.deliveries import DeliveryState

LOG = logging.getLogger(__name__)
T = TypeVar("T")
FAREWELL = 20.0
JUST_PAST = timedelta(milliseconds=1)
TROUBLE_RETRY = timedelta(seconds=5)
TIDY_EVERY = timedelta(hours=1)


class Engine(Questions):
    """Implements `EngineRoom`. Everything but the constructor runs on the loop that `run` runs on."""

    def __init__(
        self, build: Callable[[Config, Hearing], Parts], clock: Clock, configuration: Configuration, tick: float = 1.0
    ) -> None:
        """`build` makes the parts of a configuration on the engine's own thread; it is given whom they report to.

        Every `tick` seconds the engine looks whether others have written and whether time passed as it should.
        """
        self._build = build
        self._clock = clock
        self._tick = tick
        self._bus = Bus()
        self._announcer = Announcer(self._bus, clock)
        self._reconfiguring = Reconfiguring(configuration, self._announcer)
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def bus(self) -> Bus:
        return self._bus

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            raise RuntimeError("The engine does not run yet.")
        return self._loop

    async def run(self, stop: asyncio.Event, started: Callable[[], None] = lambda: None) -> None:
        """Watches and tells until `stop` is set, with the configuration that is in force.

        Raises `StoreError` if the database can't be used.
        """
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(
            lambda _, context: self._announcer.fault(context.get("exception"), context["message"])
        )
        await self._run_with(None, stop, started)
        while not stop.is_set() and (taken := self._reconfiguring.adopt()):
            await self._run_with(taken, stop)

    async def _run_with(
        self, taken: Taken | None, stop: asyncio.Event, started: Callable[[], None] = lambda: None
    ) -> None:
        """From one configuration to the next, which is `taken` where it is not the first."""
        told = self._announcer
        hearing = Hearing(self._delivered, told.trouble, self._limited, told.heard)
        self._parts = self._build(self._reconfiguring.current, hearing)
        self._watch, self._store = self._parts.watch, self._parts.store
        is_shown = taken is not None and self._publisher.is_shown
        self._publisher = Publisher(self._watch, self._store, self._bus, self._clock, self._parts.channel_names)
        self._publisher.kinds = self._parts.feed_kinds
        if is_shown:
            self._publisher.mark_everything()
        self._timers = Timers(self._announcer.fault)
        try:
            await self._run(taken, stop, started)
        finally:
            self._publisher.close()
            self._store.close()

    async def perform(self, deed: Callable[[Desk, datetime], T]) -> T:
        """Does something at the desk and lets the consequences follow at once."""
        result = deed(self._parts.desk, self._clock.now())
        self._catch_up()
        return result

    async def refresh(self) -> None:
        """Reads every feed now."""
        self._look(await asyncio.gather(*(reader.read_settled() for reader in self._parts.readers)))

    async def network_back(self) -> None:
        """What failed for want of the network is tried now, not when its turn comes."""
        for lane in self._parts.lanes:
            lane.try_now()
        self._timers.all_now()

    async def test_channel(self, name: str, actor: Actor) -> Result:
        """Sends one clearly marked test message; one that is taken lifts the channel's pause."""
        result = await self._parts.tester.test(name, actor, self._clock.now)
        self._wake_lanes()
        self._publisher.mark()
        return result

    async def read_feed(self, name: str) -> None:
        """Reads one feed now, if there is one of this name."""
        for reader in self._parts.readers:
            if reader.feed.name == name:
                await self._poll(reader)

    async def reconfigure(self, save: Callable[[], object], actor: Actor) -> tuple[Problem, ...]:
        """Has `save` write the configuration, beside the loop, and goes on with what it says.

        Returns once it is in force, or what is wrong with it: then the one before stays. Raises what `save` raises.
        """
        return await self._reconfiguring.take(save, actor, self._note_by)

    async def _run(self, taken: Taken | None, stop: asyncio.Event, started: Callable[[], None]) -> None:
        self._start()
        self._reconfiguring.began(taken, self._note_by)
        lanes = [asyncio.create_task(lane.run()) for lane in self._parts.lanes]
        ticking = asyncio.create_task(self._tick_on())
        started()
        await self._parts.inbound.start(self)
        try:
            await until([stop, self._reconfiguring.wanted], [*lanes, ticking])
        finally:
            ticking.cancel()
            self._timers.stop()
            await self._parts.inbound.stop()
            await self._finish(lanes)
            self._note("stopped", {})

    def _start(self) -> None:
        now = self._clock.now()
        self._watch.wake(now)
        self._awakening = Awakening(now, self._clock.steady())
        self._version = self._store.database.version()
        self._note("started", self._parts.notes)
        recover(self._store, self._parts.channels, self._parts.unusable, self._parts.owner, now)
        self._timers.start()
        for reader in self._parts.readers:
            self._timers.every(reader.feed.name, reader.feed.interval, partial(self._poll, reader))
        self._timers.every(" desk", self._parts.desk_feed.interval, self._read_desk)
        self._timers.every(" tidy", TIDY_EVERY, self._parts.inbound.tidy)
        if self._reconfiguring.is_watched:
            every = timedelta(seconds=LOOK_EVERY * self._tick)
            self._timers.every(" configuration", every, self._look_at_configuration, at_once=False)
        self._look([])
        self._parts.vigil.start(self._timers, self._announcer, self._clock, lambda: self._look([]))

    async def _poll(self, reader: FeedReader) -> None:
        """One reading of one feed; asked again soon where the source was just being written."""
        reading = await reader.read_settled()
        if reading.snapshot is not None:
            self._publisher.sources[reader.feed.name] = ", ".join(reading.snapshot.sources)
        self._look([reading])

    async def _look_at_configuration(self) -> None:
        await self._reconfiguring.look(self._note_by)
        self._publisher.fault("configuration", self._reconfiguring.fault)

    async def _read_desk(self) -> None:
        self._look([self._desk_reading()])

    def _desk_reading(self) -> Reading:
        now = self._clock.now()
        self._parts.desk_book.renew(now)
        return Reading(DESK, now, self._parts.desk_feed.fetch(now))

    def _look(self, readings: Sequence[Reading]) -> bool:
        """One look; False if it could not be written down, and is taken again soon. Whatever asks for it may be the
        first to run after a pause, so the clocks come first.
        """
        self._mind_the_gap()
        now = self._clock.now()
        try:
            look = self._watch.look(now, readings)
        except StoreError as error:
            self._announcer.trouble(error)
            self._timers.at(TROUBLE_RETRY, lambda: self._look(readings))
            return False
        if look.recorded.ids:
            self._wake_lanes()
        self._announcer.look(look, now)
        if look.next_change is not None:
            self._timers.at(look.next_change - self._clock.now() + JUST_PAST, lambda: self._look([]))
        self._publisher.mark_board(look.recorded.ids | look.renamed)
        if len(look.visits) >= garbage.MANY:
            garbage.set_aside()
        return True

    def _catch_up(self) -> None:
        """Takes in what a person changed, here or from another process, and lets its consequences follow."""
        changed = self._watch.reload()
        for alert in changed:
            self._announcer.deed(alert)
        self._publisher.mark_board(alert.id for alert in changed)
        self._wake_lanes()
        self._look([self._desk_reading()])

    def heard(self, event: str, text: str, door: str = "", *, channel: str = "", with_toast: bool = False) -> None:
        """Something about what comes in by itself."""
        self._announcer.heard(event, text, channel=channel, with_toast=with_toast)
        if door:
            self._publisher.fault(door, text if event == "fault" else "")

    def _delivered(self, settled: Settled, state: DeliveryState) -> None:
        """Hears of every attempt, after it was written down."""
        self._announcer.delivered(settled, state)
        self._publisher.mark(settled.delivery.alerts)

    def _limited(self) -> None:
        self._publisher.mark()

    def _wake_lanes(self) -> None:
        for lane in self._parts.lanes:
            lane.wake()

    async def _tick_on(self) -> None:
        """A sleep of the loop's own, because a scheduler that plans by the wall clock stands still when that is set
        back.
        """
        while True:
            await asyncio.sleep(self._tick)
            if self._mind_the_gap():
                self._look([])
            version = self._store.database.version()
            if version != self._version:
                self._version = version
                self._catch_up()

    def _mind_the_gap(self) -> bool:
        """Whether time did not pass as it should since this was last asked; if so, what follows from it is done."""
        gap = self._awakening.observe(self._clock.now(), self._clock.steady())
        if gap is not None:
            self._wake_up(gap)
        return gap is not None

    def _wake_up(self, gap: Gap) -> None:
        """Fetch first, then evaluate: what was read before says nothing about now."""
        now = self._clock.now()
        self._watch.wake(now + gap.trust_from)
        if gap.step:
            with self._store.transaction():
                self._store.outbox.shift(gap.step)
            for lane in self._parts.lanes:
                lane.clock_moved(gap.step)
        woke = happenings.of_gap(gap, now)
        self._note(woke.event, woke.fields)
        self._timers.all_now()
        self._wake_lanes()
        self._bus.publish(woke)
        self._bus.publish(Awoke(now, gap.pause if gap.pause >= PAUSE else timedelta(), gap.step))
        if gap.trust_from:
            self.loop.call_later(gap.trust_from.total_seconds() + self._tick, self._timers.all_now)

    def _note(self, action: str, detail: Mapping[str, object]) -> None:
        self._note_by(Actor(PROGRAM, "engine"), action, detail)

    def _note_by(self, who: Actor, action: str, detail: Mapping[str, object]) -> None:
        now = self._clock.now()
        entry = Entry(at=now, who=who.name, origin=who.origin, action=action, subject="program", detail=detail)
        self._store.audit.append([entry], now)

    async def _finish(self, lanes: Sequence[asyncio.Task[None]]) -> None:
        """Lets what is in flight be answered; what takes too long is found by the next start."""
        for lane in self._parts.lanes:
            lane.finish()
        _, late = await asyncio.wait(lanes, timeout=FAREWELL) if lanes else (set(), set())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        await asyncio.gather(*(sender.aclose() for sender in self._parts.senders), self._parts.vigil.aclose())
        await self._parts.renewals.settled()
