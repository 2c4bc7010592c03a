"""One alert's whole life on one channel, told as a lane tells it but without a database: fast enough for thousands.

What a lane does after each kind of failure is repeated here in a few lines; that lanes do so is what tests/app/
test_delivery.py shows, and end_to_end/test_all_twenty_at_once.py runs lives through real lanes as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from dispatchwatch.app.delivery import Channel
from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unknown
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.domain.alert import AlertKind, Operation, Severity
from dispatchwatch.domain.notification import Notification
from tests.fakes.clock import ManualClock
from tests.fakes.pretend.channels import TECHNICIAN
from tests.fakes.pretend.service import Fault, Service

OPERATIONS = (Operation.RAISE, Operation.UPDATE, Operation.ACKNOWLEDGE, Operation.RESOLVE)
WORDS = {
    Operation.RAISE: "Alpha is late",
    Operation.UPDATE: "Bravo is later still",
    Operation.ACKNOWLEDGE: "Charlie took it on",
    Operation.RESOLVE: "Delta has arrived",
}
"""A few words for each operation that every platform shows as they are."""
BETWEEN = timedelta(minutes=5)
MOST_ATTEMPTS = 6


def notification(operation: Operation, clock: ManualClock, text: str = "", job: str = "J-1042") -> Notification:
    """`text` stands wherever a text may, behind what the test goes by."""
    more = ((text[:40], text),) if text else ()
    return Notification(
        operation=operation,
        alert_key=f"late_check_in|today|{job}|2026-11-22T09:30Z",
        kind=AlertKind.LATE_CHECK_IN,
        severity=Severity.CRITICAL if operation is Operation.UPDATE else Severity.HIGH,
        subject=f"Late check-in: {job} {text}",
        headline=f"{WORDS[operation]} ({job}) {text}",
        facts=(("Technician", TECHNICIAN), ("Visit", f"{job} {text}"), *more),
        link=f"https://field.example.com/jobs/{job}",
        due_at=clock.now() - timedelta(minutes=11),
        written_at=clock.now(),
    )


@dataclass
class Told:
    """What became of one operation. `ends` is "sent" or "failed"; `paused` is how often a person had to let the channel
    in again, `faults` what struck meanwhile, `standings` how the objects stood then."""

    operation: Operation
    ends: str = ""
    paused: int = 0
    attempts: int = 0
    may_have_arrived: bool = False
    faults: list[Fault] = field(default_factory=list)
    standings: list[str] = field(default_factory=list)
    why: str = ""


@dataclass
class Life:
    """Told in order; an alert whose raise was refused is told no further."""

    channel: Channel
    service: Service
    told: dict[Operation, Told] = field(default_factory=dict)
    receipt: Receipt | None = None
    words: Mapping[Operation, str] = field(default_factory=lambda: WORDS)

    @property
    def visible(self) -> bool:
        """Whether the desk shows that something went wrong."""
        return any(one.ends == "failed" or one.paused for one in self.told.values())

    @property
    def faults(self) -> list[Fault]:
        return [fault for one in self.told.values() for fault in one.faults]


Before = Callable[["Life", Operation], None]


async def live(
    channel: Channel, service: Service, clock: ManualClock, sender: Sender, before: Before | None = None, text: str = ""
) -> Life:
    """Raise, update, acknowledge, resolve. Time passes by the clock's hand only; `before` is what happens meanwhile."""
    life = Life(channel, service)
    async with aclosing(sender) as sending:
        for operation in OPERATIONS:
            if before is not None:
                before(life, operation)
            told = life.told[operation] = Told(operation)
            struck = len(service.struck)
            await _tell(life, told, notification(operation, clock, text), sending, clock)
            told.faults, told.standings = service.struck[struck:], service.standings()
            if operation is Operation.RAISE and told.ends == "failed" and not told.may_have_arrived:
                break
            clock.advance(BETWEEN)
    return life


async def _tell(life: Life, told: Told, message: Notification, sending: Sender, clock: ManualClock) -> None:
    config: Any = life.channel.config
    doubles = life.channel.platform.on_repeat(message.operation, config) is Repeat.DOUBLES
    while not told.ends and told.attempts < MOST_ATTEMPTS:
        told.attempts += 1
        try:
            life.receipt = await sending.send(life.channel.platform, message, config, life.receipt, clock.now())
            told.ends = "sent"
        except Failure as failure:
            told.why = failure.message
            life.receipt = failure.reached or life.receipt
            wait = _after(failure, told, doubles=doubles)
            clock.advance(wait)
    told.ends = told.ends or "failed"


def _after(failure: Failure, told: Told, *, doubles: bool) -> timedelta:
    """What a lane does: how long it waits, or that it gives up."""
    match failure:
        case Unknown():
            if doubles and told.may_have_arrived:
                told.ends = "failed"
            told.may_have_arrived = True
            return timedelta(seconds=30 if doubles else 2)
        case Unauthorised():
            told.paused += 1
            return timedelta(minutes=1)
        case Refused():
            told.ends = "failed"
            return timedelta()
        case _:
            return getattr(failure, "retry_after", None) or timedelta(seconds=2)
