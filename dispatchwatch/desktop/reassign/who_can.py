"""“Who can take it?”: everybody by what it would cost, the best first, and everybody who cannot with the reason."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget

from dispatchwatch.app.engine_room import EngineRoom
from dispatchwatch.app.view import BoardRow, Suggestions, Weighed
from dispatchwatch.desktop import phrases as common
from dispatchwatch.desktop import reassign_phrases as phrases
from dispatchwatch.desktop import texts
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import button, label, tight
from dispatchwatch.desktop.reassign.card_painter import CardPainter
from dispatchwatch.desktop.reassign.model import LINE, CardsModel
from dispatchwatch.desktop.reassign.ranking import Kind, Line, differs, lines, of_technician, with_him
from dispatchwatch.domain.visit import Technician

WIDTH, HEIGHT, MARGIN = 640, 560, 24
SOON = 300
"""Milliseconds after which a changed day is looked at: changes come in showers."""
ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
ARROWS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
DIGITS = {Qt.Key(Qt.Key.Key_0 + number): number for number in range(1, 10)}


class WhoCan(QDialog):
    """`chosen` carries what it comes to with whoever was chosen. Nothing is changed here, and nothing held up."""

    chosen = Signal(object)

    def __init__(self, room: DeskRoom, row: BoardRow, technician: Technician | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(phrases.WHO_CAN_TITLE)
        self.setModal(False)
        self._room = room
        self._over = parent
        self._row = row
        self._wanted = technician
        self._found: Suggestions | None = None
        self._newest: Suggestions | None = None
        self._asking = self._again = self._left = False
        self.model, self.view = CardsModel(self), QListView()
        self.painter = CardPainter(room, self.view)
        self.search = QLineEdit()
        self.spares, self.said = label(role="muted", wraps=True), label(phrases.LOOKING, "muted", wraps=True)
        self.hint, self.rank_anew = label(phrases.NOTHING_YET, "small", wraps=True), button(phrases.RANK_ANEW)
        self.choose = button(phrases.CHOOSE, "primary", phrases.CHOOSE_KEYS)
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._lay_out()
        self._wire()
        self._ask()

    def open(self) -> None:
        theme, over = self._room.theme, self._over
        self.resize(min(theme.px(WIDTH), over.width() - 2 * MARGIN), min(theme.px(HEIGHT), over.height() - 2 * MARGIN))
        self.show()
        self.activateWindow()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def done(self, result: int) -> None:
        self._left = True
        super().done(result)

    @property
    def current(self) -> Weighed | None:
        index = self.view.currentIndex()
        line: Line | None = index.data(LINE) if index.isValid() else None
        return line.weighed if line else None

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._lay_out_anew()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """The arrows, Enter and the figures lead through the list, letters into the search, wherever one is."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        return self._take_key(event, in_search=watched is self.search) or super().eventFilter(watched, event)

    def _take_key(self, event: QKeyEvent, *, in_search: bool) -> bool:
        key = Qt.Key(event.key())
        if key in ENTER:
            self._choose()
        elif key in ARROWS and in_search:
            self._move(ARROWS[key])
        elif key in DIGITS and not self.search.text() and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._choose_number(DIGITS[key])
        elif key == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        elif not in_search and event.text().strip() and event.text().isprintable():
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.search.insert(event.text())
        else:
            return False
        return True

    def _lay_out(self) -> None:
        self._dress()
        close = button(texts.CLOSE, key="Esc")
        close.clicked.connect(self.reject)
        head, foot = QHBoxLayout(), QHBoxLayout()
        tight(head, spacing=16)
        head.addWidget(label(phrases.WHO_CAN_TITLE, "title"), 1)
        head.addWidget(self.search, 1)
        tight(foot, spacing=8)
        foot.addWidget(self.hint, 1)
        for one in (self.rank_anew, close, self.choose):
            foot.addWidget(one)
        layout = QVBoxLayout(self)
        tight(layout, (MARGIN, MARGIN, MARGIN, MARGIN), 12)
        layout.addLayout(head)
        layout.addWidget(label(phrases.about(self._row), "muted", wraps=True))
        layout.addWidget(self.spares)
        layout.addWidget(self.said)
        layout.addWidget(self.view, 1)
        layout.addLayout(foot)

    def _dress(self) -> None:
        self.view.setObjectName("cards")
        self.view.setModel(self.model)
        self.view.setItemDelegate(self.painter)
        self.view.setAccessibleName(phrases.CARDS)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.search.setPlaceholderText(phrases.TYPE_A_NAME)
        self.search.setAccessibleName(phrases.TYPE_A_NAME)
        self.spares.hide()
        # Its room is kept from the beginning: what appears there moves nothing.
        policy = self.rank_anew.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.rank_anew.setSizePolicy(policy)
        self.rank_anew.hide()
        self.choose.setEnabled(False)

    def _wire(self) -> None:
        for one in (self.view, self.search):
            one.installEventFilter(self)
        self.search.textChanged.connect(self._show)
        self.view.clicked.connect(self._press)
        self.view.doubleClicked.connect(self._press_twice)
        self.view.selectionModel().currentChanged.connect(self._follow)
        self.choose.clicked.connect(self._choose)
        self.rank_anew.clicked.connect(self._rank_anew)
        self._soon.timeout.connect(self._ask)
        self._room.picture.rows_changed.connect(self._hear_of_change)
        self._room.theme.changed.connect(self._lay_out_anew)

    @Slot()
    def _lay_out_anew(self) -> None:
        """The heights of the cards follow from their width and the size of text."""
        self.view.scheduleDelayedItemsLayout()

    @Slot()
    def _hear_of_change(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _ask(self) -> None:
        if self._asking:
            self._again = True
            return
        self._asking, self._again = True, False
        self._room.tasks.spawn(self._look())

    async def _look(self) -> None:
        try:
            found = await self._room.bridge.ask(self._answer)
        except Exception as problem:  # noqa: BLE001 - whatever stopped it is said where the cards would stand
            self._say_unless_shown(common.not_asked(problem))
        else:
            self._take(found)
        self._asking = False
        if self._again and not self._left:
            self._ask()

    async def _answer(self, engine: EngineRoom) -> Suggestions | None:
        """Runs with the engine. Somebody dragged onto whom nobody else has told of is weighed too."""
        found = await engine.suggestions(self._row.key)
        if found is None or self._wanted is None or of_technician(found, self._wanted):
            return found
        return with_him(found, await engine.weigh(self._row.key, self._wanted))

    def _take(self, found: Suggestions | None) -> None:
        """The first answer is shown; a later one that differs is offered, and shown only when that is asked for."""
        if self._left:
            return
        if found is None:
            self._say_unless_shown(phrases.NOT_WATCHED)
            return
        self._newest = found
        if self._found is None:
            self._rank_anew()
            return
        changed = differs(self._found, found)
        self.hint.setText(phrases.DAY_CHANGED if changed else phrases.NOTHING_YET)
        self.rank_anew.setVisible(changed)

    def _say_unless_shown(self, text: str) -> None:
        if not self._left and self._found is None:
            self.said.setText(text)

    @Slot()
    def _rank_anew(self) -> None:
        found = self._found = self._newest
        if found is None:
            return
        self.rank_anew.hide()
        self.hint.setText(phrases.NOTHING_YET)
        self.spares.setText(phrases.spares(found))
        self.spares.setVisible(bool(found.spares))
        chosen = self.current.technician if self.current else self._wanted
        weighed = of_technician(found, chosen) if chosen else None
        hidden = weighed is not None and not weighed.feasible and weighed not in found.could
        self.painter.unfolded = self.painter.unfolded or hidden
        self._show(chosen=chosen)

    @Slot()
    def _show(self, _text: str = "", *, chosen: Technician | None = None) -> None:
        if self._found is None:
            return
        chosen = chosen or (self.current.technician if self.current else None)
        text = self.search.text().strip()
        own = self._row.visit.technicians
        self.model.show_lines(lines(self._found, text, unfolded=self.painter.unfolded, own=own))
        self._show_said(text)
        row = self.model.row_of(chosen) if chosen else None
        self._go_to(row if row is not None else self.model.first())

    def _show_said(self, text: str) -> None:
        fits = any(self.model.line(row).weighed or not text for row in range(self.model.rowCount()))
        self.said.setText("" if fits else phrases.NOBODY_FITS)
        self.said.setVisible(not fits)

    def _go_to(self, row: int | None) -> None:
        if row is not None:
            index = self.model.index(row)
            self.view.setCurrentIndex(index)
            # What stands above the first of them belongs to it.
            self.view.scrollTo(index if row != self.model.first() else self.model.index(0))
        self._follow()

    def _move(self, step: int) -> None:
        row = self.view.currentIndex().row() + step
        while 0 <= row < self.model.rowCount() and self.model.line(row).kind is Kind.HEADING:
            row += step
        if 0 <= row < self.model.rowCount():
            self._go_to(row)

    @Slot()
    def _follow(self) -> None:
        weighed = self.current
        self.choose.setEnabled(weighed is not None)
        says = phrases.choose(weighed.technician.name) if weighed else phrases.CHOOSE
        self.choose.setAccessibleName(says)
        self.choose.setToolTip(f"{says} · {phrases.CHOOSE_KEYS}")

    def _choose_number(self, number: int) -> None:
        row = self.model.row_of_number(number)
        if row is not None:
            self._go_to(row)
            self._choose()

    @Slot(QModelIndex)
    def _press(self, index: QModelIndex) -> None:
        line: Line = index.data(LINE)
        if line.kind is Kind.FOLD:
            self._fold()

    @Slot(QModelIndex)
    def _press_twice(self, index: QModelIndex) -> None:
        line: Line = index.data(LINE)
        if line.weighed is not None:
            self._choose()

    def _fold(self) -> None:
        row = self.view.currentIndex().row()
        self.painter.unfolded = not self.painter.unfolded
        self._show()
        self._go_to(row)

    @Slot()
    def _choose(self) -> None:
        """By what is known by now, even where an older ranking is still shown."""
        index = self.view.currentIndex()
        line: Line | None = index.data(LINE) if index.isValid() else None
        if line is None or self._newest is None:
            return
        if line.kind is Kind.FOLD:
            self._fold()
        elif line.weighed is not None:
            weighed = of_technician(self._newest, line.weighed.technician) or line.weighed
            self.accept()
            self.chosen.emit(weighed)
