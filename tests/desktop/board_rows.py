"""Rows for the tests of the board: canned ones, changed where a test cares, and a model that has taken them in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from PySide6.QtTest import QAbstractItemModelTester

from dispatchwatch.app.events import BoardChanged
from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop.board.model import BoardModel
from dispatchwatch.desktop.bridge import BoardPiece, in_pieces
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import Customer, Technician, VisitKey
from tests.desktop.pictures import NOW, minutes, row

ME = "Ana Ruiz"


def make(number: int, standing: Standing = Standing.LATER, *, due: float = 60, **facts: Any) -> BoardRow:
    """The visit with this number, due in `due` minutes. `technician` and `customer` are names, the rest facts of it."""
    base = row(number, 0, 0)
    if "technician" in facts:
        name = facts.pop("technician")
        facts["technicians"] = (Technician(name),) if name else ()
    if "customer" in facts:
        facts["customer"] = Customer(facts.pop("customer"))
    visit = replace(base.visit, **facts)
    return replace(base, visit=visit, standing=standing, deadline=NOW + minutes(due), unverified_since=None)


def board_of(rows: Iterable[BoardRow]) -> BoardModel:
    """Watched by Qt's own tester from the first row on."""
    model = BoardModel(me=ME)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    give(model, tuple(rows), whole=True)
    return model


def give(
    model: BoardModel, rows: tuple[BoardRow, ...], *, removed: tuple[VisitKey, ...] = (), whole: bool = False
) -> None:
    for piece in in_pieces(BoardChanged(rows, removed, replaces_all=whole)):
        assert isinstance(piece, BoardPiece)
        model.take(piece)


def told(model: BoardModel) -> list[str]:
    """What stands in the list: the numbers of visits, and the headers as `[name count]`."""
    lines = []
    for number in range(model.rowCount()):
        heading = model.heading_at(number)
        lines.append(f"[{heading.group.name} {heading.count}]" if heading else model.key_at(number).ext_id)
    return lines
