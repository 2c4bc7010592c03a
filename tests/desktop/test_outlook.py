"""What a person at the board sees of a prediction."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from dispatchwatch.app.events import BoardChanged
from dispatchwatch.app.outlooks import prediction_of
from dispatchwatch.app.view import Outlook
from dispatchwatch.desktop.board.model import BoardModel
from dispatchwatch.desktop.bridge import BoardPiece, in_pieces
from dispatchwatch.desktop.visit.facts import facts
from tests.app.test_outlooks import facts as told
from tests.desktop import pictures
from tests.domain.test_prediction import at_work, next_job
from tests.fakes.office import at, key


@pytest.mark.parametrize(
    ("outlook", "ends_with"),
    [(Outlook("at risk, 11:25", at_risk=True), " At risk, 11:25."), (None, ".")],
)
def test_the_tooltip_and_a_screen_reader_say_it(qapp: QApplication, outlook: Outlook | None, ends_with: str) -> None:
    model = BoardModel()
    row = replace(pictures.row(20, 0, 0), outlook=outlook)
    for piece in in_pieces(BoardChanged((row,), replaces_all=True)):
        assert isinstance(piece, BoardPiece)
        model.take(piece)
    for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
        text = model.data(model.index(0, 0), role)
        assert text.endswith(ends_with)
        assert ("At risk" in text) is (outlook is not None)


def test_the_visit_pane_has_a_line_for_it() -> None:
    picture = told(at("09:10"), at_work(), next_job("10:00"))
    prediction = prediction_of(picture.visits[key("J-2")], picture)
    page = replace(pictures.page(pictures.row(20, 0, 0), (), ()), prediction=prediction)
    lines = dict(facts(page))
    assert "18 min after the promise: at Plant 4" in lines["Prediction"]
    assert lines["Prediction"].endswith("18 min drive")
    assert "Prediction" not in dict(facts(replace(page, prediction=None)))
