"""What is different in a day that was planned anew, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from dispatchwatch.domain.reassign.replanning import Change, Planned, Replan
from dispatchwatch.domain.wording.plain import clock, span
from dispatchwatch.domain.wording.reassign import Visits, named

MINUTE = timedelta(minutes=1)


def differences(replan: Replan, visits: Visits) -> tuple[str, ...]:
    """One sentence for each visit that changes hands or time, one for each that nobody can take, and the driving."""
    return tuple(_sentences(replan, visits))


def _sentences(replan: Replan, visits: Visits) -> Iterator[str]:
    left = set(replan.unserved)
    for change in replan.changes:
        if change.visit not in left:
            yield _changed(change, visits)
    for key in replan.unserved:
        yield f"Nobody was found for {named(key, visits)}."
    if abs(replan.drive) >= MINUTE:
        yield f"All in all {span(replan.drive)} {'more' if replan.drive > timedelta() else 'less'} is driven."


def _changed(change: Change, visits: Visits) -> str:
    what, zone = named(change.visit, visits), visits[change.visit].visit.site.timezone
    planned, before, after = change.planned_after, change.before, change.after
    if planned is None or after is None:
        return f"{what} has nobody any more."
    at = f"{clock(planned.start, zone, label=False)}{_late(planned)}"
    if before is None:
        return f"{what} goes to {after.name}, who arrives {at}."
    if before != after:
        return f"{what} goes from {before.name} to {after.name}, who arrives {at}."
    by = planned.start - change.planned_before.start if change.planned_before else timedelta()
    return f"{what} stays with {after.name}, {span(by)} {'later' if by > timedelta() else 'earlier'}: {at}."


def _late(planned: Planned) -> str:
    return f", {span(planned.late)} late" if planned.late >= MINUTE else ""
