"""What keeps word from coming in by itself, for as long as it does."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dispatchwatch.desktop import feed_phrases, phrases, texts
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.feeds.card import WIDTH
from dispatchwatch.desktop.pieces import MarkLabel, label, panel, tight
from dispatchwatch.desktop.tokens import Tone


class FaultCard(QWidget):
    """Stands before the cards of the feeds, and only while there is something to say."""

    def __init__(self, room: DeskRoom) -> None:
        super().__init__()
        self._room = room
        self.said = label(role="problem", wraps=True)
        card, top = panel("card"), QHBoxLayout()
        tight(top, spacing=8)
        top.addWidget(MarkLabel(room.theme, room.assets, "warning", Tone.LATE, 16), 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(label(texts.WORD_FROM_OUTSIDE, "strong", wraps=True), 1)
        inner = QVBoxLayout(card)
        tight(inner, (16, 12, 16, 12), 6)
        inner.addLayout(top)
        inner.addWidget(self.said)
        inner.addStretch(1)
        outer = QVBoxLayout(self)
        tight(outer)
        outer.addWidget(card)
        room.theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def show_faults(self, faults: tuple[str, ...]) -> None:
        self.said.setText("\n".join(feed_phrases.breakable(phrases.sentence(fault)) for fault in faults))
        self.setVisible(bool(faults))

    @Slot()
    def _dress(self) -> None:
        self.setFixedWidth(self._room.theme.px(WIDTH))
