"""Reading a feed away from the engine's thread, within a time limit."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta

from dispatchwatch.app.clock import Clock
from dispatchwatch.app.looking import Reading
from dispatchwatch.domain.schedule import Snapshot
from dispatchwatch.intake.feed import Feed, FeedError, Unsettled

LIMIT = timedelta(seconds=60)
SETTLING_TRIES = 5


class FeedReader:
    """One feed. A source that hangs costs its own thread and nothing else; the program's end does not wait for it."""

    def __init__(self, feed: Feed, clock: Clock, limit: timedelta = LIMIT) -> None:
        self.feed = feed
        self._clock = clock
        self._limit = limit
        self._answer: asyncio.Future[Snapshot] | None = None
        self._hangs = False

    async def read_settled(self) -> Reading:
        """A reading, waiting a little where the source is just being written."""
        for _ in range(SETTLING_TRIES):
            reading = await self.read()
            if isinstance(reading, Reading):
                return reading
            await asyncio.sleep(reading.total_seconds())
        return self._failed("it is being written all the time and never comes to rest.")

    async def read(self) -> Reading | timedelta:
        """A reading; or how soon to ask again, where the source was just being written.

        Whoever asks while a reading is under way gets what that one brings.
        """
        if self._answer is None or self._answer.done():
            self._answer = asyncio.get_running_loop().create_future()
            # An answer that comes when nobody waits any more is no mistake.
            self._answer.add_done_callback(lambda answer: answer.cancelled() or answer.exception())
            self._hangs = False
            _in_thread(lambda: self.feed.fetch(self._clock.now()), self._answer)
        elif self._hangs:
            return self._failed("it has not answered the reading before this one yet.")
        try:
            async with asyncio.timeout(self._limit.total_seconds()):
                snapshot = await asyncio.shield(self._answer)
        except TimeoutError:
            self._hangs = True
            return self._failed(f"it did not answer within {self._limit.total_seconds():.0f} seconds.")
        except Unsettled as unsettled:
            return unsettled.again_in
        except FeedError as error:
            return self._failed(str(error))
        return Reading(self.feed.name, snapshot.read_at, snapshot)

    def _failed(self, problem: str) -> Reading:
        return Reading(self.feed.name, self._clock.now(), problem=problem)


def _in_thread(work: Callable[[], Snapshot], answer: asyncio.Future[Snapshot]) -> None:
    loop = asyncio.get_running_loop()

    def tell(result: Snapshot | None, error: BaseException | None) -> None:
        if answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        elif result is not None:
            answer.set_result(result)

    def run() -> None:
        try:
            result, error = work(), None
        except (FeedError, Unsettled) as problem:
            result, error = None, problem
        except Exception as problem:  # noqa: BLE001 - a fault of ours in one feed must not end the watch over the others
            result, error = None, FeedError(f"it could not be read because of a fault in DispatchWatch: {problem!r}")
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell, result, error)

    threading.Thread(target=run, name="feed", daemon=True).start()
