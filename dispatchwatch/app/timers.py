"""When things are looked at again: feeds at their intervals, the next deadline on the dot."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, timedelta
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

LONGEST_WAIT = 15.0


class Timers:
    """Polling runs on APScheduler; the one deadline that comes next on the loop's own timer, which keeps milliseconds.

    Late runs are never dropped, several missed ones become one, and none overlaps itself.
    """

    def __init__(self, failed: Callable[[BaseException | None, str], None]) -> None:
        """`failed` hears of a job that ended by an error, with the error and what it was."""
        self._failed = failed
        self._jobs: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._scheduler.add_listener(
            lambda event: failed(event.exception, f"the job {event.job_id} failed"), EVENT_JOB_ERROR
        )
        self._deadline: asyncio.TimerHandle | None = None

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._scheduler.shutdown(wait=False)
        for task in self._running:
            task.cancel()

    def every(
        self, name: str, interval: timedelta, job: Callable[[], Coroutine[Any, Any, None]], *, at_once: bool = True
    ) -> None:
        """Runs `job` now, unless told otherwise, and then at this interval."""
        self._jobs[name] = job
        self._scheduler.add_job(job, _trigger(interval), id=name)
        if at_once:
            self._run_now(name)

    def all_now(self) -> None:
        """Runs every job at once and counts its interval anew: after a clock was set, planned times mean nothing."""
        for job in self._scheduler.get_jobs():
            job.reschedule(_trigger(job.trigger.interval))
            self._run_now(job.id)

    def _run_now(self, name: str) -> None:
        task = asyncio.get_running_loop().create_task(self._jobs[name]())
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed(error, "a job failed")

    def at(self, delay: timedelta, call: Callable[[], object]) -> None:
        """Calls once after `delay`, or a little earlier than a far one; replaces the call planned before."""
        if self._deadline is not None:
            self._deadline.cancel()
        seconds = min(max(delay.total_seconds(), 0.0), LONGEST_WAIT)
        self._deadline = asyncio.get_running_loop().call_later(seconds, call)


def _trigger(interval: timedelta) -> IntervalTrigger:
    return IntervalTrigger(seconds=interval.total_seconds(), timezone=UTC)
