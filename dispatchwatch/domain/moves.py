"""Which moves of a visit count: those far enough, and not taken back at once (study 4.2, kinds 5 and 6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.watched import Move


class Moves(NamedTuple):
    """`counted` and `undone`, oldest first. The `old` of each is the start it is to be held against."""

    counted: tuple[Move, ...] = ()
    undone: tuple[Move, ...] = ()


def weigh(moves: Sequence[Move], thresholds: Thresholds) -> Moves:
    """The moves that count.

    Small ones add up: each is held against the start at the last move that counted, first of all the one promised
    first. A move back to nearly where it was, soon enough, undoes the one before.
    """
    if not moves:
        return Moves()
    counted: list[Move] = []
    undone: list[Move] = []
    held_against = moves[0].old
    for move in moves:
        if counted and _takes_back(move, counted[-1], thresholds):
            undone.append(counted.pop())
            held_against = undone[-1].old
        elif abs(move.new - held_against) >= thresholds.reschedule_from:
            counted.append(move._replace(old=held_against))
            held_against = move.new
    return Moves(tuple(counted), tuple(undone))


def _takes_back(move: Move, before: Move, thresholds: Thresholds) -> bool:
    is_near = abs(move.new - before.old) < thresholds.reschedule_from
    return is_near and _done_at(move) - _done_at(before) <= thresholds.undo_within


def _done_at(move: Move) -> datetime:
    return move.seen.instant(move.at)
