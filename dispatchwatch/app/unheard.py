"""What a channel never heard of although it was to, now that it is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dispatchwatch.app.waiting import was_heard
from dispatchwatch.domain.alert import Alert, Operation, Outcome
from dispatchwatch.store.deliveries import Debt
from dispatchwatch.store.threads import Place, Threads


def never_left(
    threads: Threads,
    over: Mapping[int, Alert],
    debts: Mapping[int, Sequence[Debt]],
    said: Mapping[Place, Sequence[Debt]],
) -> Mapping[Debt, Sequence[Alert]]:
    """The first messages that never left, where all they speak of is over now, with what that is.

    What only waited for nobody to act is none of them, nor what something worse took the place of. `debts` are those
    that speak of each alert, `said` is everything in their threads.
    """
    found: dict[Debt, list[Alert]] = {}
    for number, some in debts.items():
        for debt in some:
            is_first = debt.operation is Operation.RAISE and (debt.held or not debt.waits_for_nobody)
            is_unheard = debt.is_waiting and not was_heard(said[debt.thread, debt.channel])
            if is_first and is_unheard and over[number].outcome is not Outcome.BECAME_WORSE:
                found.setdefault(debt, []).append(over[number])
    sizes = threads.sizes(debt.id for debt in found)
    return {debt: alerts for debt, alerts in found.items() if len(alerts) == sizes.get(debt.id)}


def reason_of(held: str) -> str:
    """Why something is held back, out of the sentence that says so (`wording.held`)."""
    return held.partition(": ")[2]
