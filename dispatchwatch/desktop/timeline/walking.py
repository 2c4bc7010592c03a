"""Where the arrow keys lead: along a technician’s day, and from one technician to the next."""

from __future__ import annotations

from collections.abc import Sequence

from dispatchwatch.desktop.timeline.layout import Block, TechnicianDay
from dispatchwatch.desktop.timeline.scene import Focus
from dispatchwatch.domain.visit import VisitKey


def row_of(days: Sequence[TechnicianDay], focus: Focus | None) -> int | None:
    """Which row the keyboard is in; another one that shows the visit where that row is gone."""
    if focus is None:
        return None
    numbers = [number for number, day in enumerate(days) if day.identity == focus.identity]
    if not numbers and focus.key is not None:
        numbers = [number for number, day in enumerate(days) if day.block(focus.key)]
    return numbers[0] if numbers else None


def kept(days: Sequence[TechnicianDay], focus: Focus | None) -> Focus | None:
    """The focus after the rows have changed: on the same visit if there still is one, else in the same row."""
    if focus is None:
        return None
    number = row_of(days, focus)
    if number is not None and (focus.key is None or days[number].block(focus.key)):
        return Focus(days[number].identity, focus.key)
    elsewhere = [day for day in days if focus.key is not None and day.block(focus.key)]
    if elsewhere:
        return Focus(elsewhere[0].identity, focus.key)
    return None if number is None else Focus(days[number].identity)


def along(days: Sequence[TechnicianDay], focus: Focus | None, step: int, now: float) -> Focus | None:
    """The visit before or after in the same row; the ends hold."""
    number = row_of(days, focus)
    if number is None or focus is None:
        return first(days, now)
    day = days[number]
    places = [place for place, block in enumerate(day.blocks) if block.key == focus.key]
    if not places:
        return _on(day, now)
    place = min(max(places[0] + step, 0), len(day.blocks) - 1)
    return Focus(day.identity, day.blocks[place].key)


def across(days: Sequence[TechnicianDay], focus: Focus | None, step: int, now: float) -> Focus | None:
    """The row above or below, and there the visit nearest in time."""
    number = row_of(days, focus)
    if number is None or focus is None:
        return first(days, now)
    block = days[number].block(focus.key) if focus.key else None
    when = _middle(block, now) if block else now
    return _on(days[min(max(number + step, 0), len(days) - 1)], when)


def first(days: Sequence[TechnicianDay], now: float) -> Focus | None:
    """Where the keyboard begins: on the first row's visit that is nearest to now."""
    return _on(days[0], now) if days else None


def at(days: Sequence[TechnicianDay], key: VisitKey) -> Focus | None:
    """The first row that shows a visit."""
    return next((Focus(day.identity, key) for day in days if day.block(key)), None)


def _on(day: TechnicianDay, when: float) -> Focus:
    nearest = min(day.blocks, key=lambda block: abs(_middle(block, when) - when), default=None)
    return Focus(day.identity, nearest.key if nearest else None)


def _middle(block: Block, otherwise: float) -> float:
    stretch = block.shape.plan or block.shape.actual or block.shape.expected
    return (stretch[0] + stretch[1]) / 2 if stretch else otherwise
