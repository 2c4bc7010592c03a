"""The alert centre: four lists, their counts, what can be done with one alert or with many, and the history."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QPoint, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from dispatchwatch.app.view import AlertLine
from dispatchwatch.desktop import alert_phrases, phrases, texts
from dispatchwatch.desktop.alerts.delegate import AlertAction
from dispatchwatch.desktop.alerts.history import History
from dispatchwatch.desktop.alerts.model import AlertsModel
from dispatchwatch.desktop.alerts.seen import Seen
from dispatchwatch.desktop.alerts.selection_bar import SelectionBar
from dispatchwatch.desktop.alerts.snooze_menu import fill_snooze_menu
from dispatchwatch.desktop.alerts.view import AlertView
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.empty import EmptyNote
from dispatchwatch.desktop.flow import FlowLayout
from dispatchwatch.desktop.pieces import Choice, button, on_key, panel, tight

# The counts follow a change by so little that nobody sees it, and a flood of changes is counted once.
COUNTS_AFTER = 60
HISTORY = "history"


class AlertCentre(QWidget):
    """`opened` carries the key of the visit an alert is about, `counted` how many alerts stand in each list.

    `beside` another page it is a narrow column: without groups, and without the history.
    """

    opened = Signal(object)
    counted = Signal(object)

    def __init__(self, room: DeskRoom, seen: Seen, parent: QWidget | None = None, *, beside: bool = False) -> None:
        super().__init__(parent)
        self._room = room
        self._seen = seen
        self._beside = beside
        self.model = AlertsModel(seen, room.snoozes, room.now(), room.timezone, self)
        self.view = AlertView(room, self.model, seen, self)
        self.history = None if beside else History(room, seen)
        self._tabs = {
            tab: button(name, "chip", says=texts.ALERT_TAB_MEANINGS[tab]) for tab, name in texts.ALERT_TABS.items()
        }
        if not beside:
            self._tabs[HISTORY] = button(alert_phrases.HISTORY, "chip", says=alert_phrases.HISTORY_MEANING)
        self.gathering = Choice(room.theme, room.assets)
        self._bar = SelectionBar(room)
        self._empty = EmptyNote(room, "alerts", self.view)
        self._menu = QMenu(self)
        self._pages = QStackedWidget()
        self._counting = QTimer(self, singleShot=True, interval=COUNTS_AFTER)
        self.setFocusProxy(self.view)
        self._lay_out()
        self._wire()
        self.show_tab("open")
        self._count()

    def take(self, lines: tuple[AlertLine, ...]) -> None:
        self.model.take(lines)

    def tick(self, now: datetime) -> None:
        self.model.tick(now)
        self.view.tick(now)
        if self.history is not None:
            self.history.tick(now)

    def search(self, text: str) -> None:
        self.model.search(text)
        if self.history is not None:
            self.history.search(text)

    def show_alert(self, number: int) -> None:
        line = self.model.line_of(number)
        if line is not None:
            self.show_tab(self.model.tab_of(line.alert) or "resolved")
            self.view.go_to(number)

    def show_tab(self, tab: str) -> None:
        for one, made in self._tabs.items():
            made.setChecked(one == tab)
        self.gathering.setVisible(tab != HISTORY and not self._beside)
        if tab == HISTORY and self.history is not None:
            self._pages.setCurrentWidget(self.history)
            self.setFocusProxy(self.history)
            self.history.look()
            return
        self._pages.setCurrentIndex(0)
        self.setFocusProxy(self.view)
        self.model.show_tab(tab)
        self._show_empty()

    def _lay_out(self) -> None:
        bar, tabs = panel("bar"), QWidget()
        flow = FlowLayout(tabs, spacing=2)
        for tab, made in self._tabs.items():
            made.setCheckable(True)
            made.clicked.connect(partial(self._press_tab, tab))
            flow.addWidget(made)
        line = QHBoxLayout(bar)
        tight(line, (12, 4, 16, 4), 8)
        line.addWidget(tabs, 1)
        self.gathering.setAccessibleName(alert_phrases.GATHER)
        self.gathering.setToolTip(alert_phrases.GATHER)
        for by, name in alert_phrases.GATHERINGS.items():
            self.gathering.addItem(name, by)
        line.addWidget(self.gathering)
        self._pages.addWidget(self._list())
        if self.history is not None:
            self._pages.addWidget(self.history)
        layout = QVBoxLayout(self)
        tight(layout)
        layout.addWidget(bar)
        layout.addWidget(self._pages, 1)

    def _list(self) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        tight(layout)
        layout.addWidget(self._bar)
        layout.addWidget(self.view, 1)
        return made

    def _wire(self) -> None:
        self._counting.timeout.connect(self._count)
        self.model.counted.connect(self._count_soon)
        self.model.settled.connect(self._show_empty)
        self.view.selectionModel().selectionChanged.connect(self._show_selection)
        self.model.settled.connect(self._show_selection)
        self.gathering.currentIndexChanged.connect(self._gather)
        self.view.pressed_button.connect(self._do)
        self.view.opened.connect(self._open)
        if self.history is not None:
            self.history.opened.connect(self.opened)
        self._bar.acknowledge.clicked.connect(self._acknowledge_selected)
        self._bar.snooze.clicked.connect(self._snooze_selected)
        self._bar.resolve.clicked.connect(self._resolve_selected)
        self._bar.reopen.clicked.connect(self._reopen_selected)
        self._bar.deselect.clicked.connect(self.view.clearSelection)
        keys = {
            "A": self._acknowledge_selected,
            "S": self._snooze_selected,
            "R": self._resolve_selected,
            "Esc": self.view.clearSelection,
        }
        for key, action in keys.items():
            on_key(self.view, key, action)

    @Slot(int)
    def _gather(self, chosen: int) -> None:
        self.model.gather(tuple(alert_phrases.GATHERINGS)[chosen])

    @Slot()
    def _press_tab(self, tab: str) -> None:
        self.show_tab(tab)

    @Slot()
    def _count_soon(self) -> None:
        if not self._counting.isActive():
            self._counting.start()

    @Slot()
    def _count(self) -> None:
        counts = self.model.counts()
        for tab, name in texts.ALERT_TABS.items():
            number, made = counts[tab], self._tabs[tab]
            made.setText(f"{name}  {number}" if number else name)
            made.setAccessibleName(f"{name}, {phrases.count(number, 'alert', 'alerts')}")
        self._show_empty()
        self.counted.emit(counts)

    @Slot()
    def _show_empty(self) -> None:
        if self.model.rowCount():
            self._empty.hide()
        else:
            self._empty.say(*(texts.ALERTS_EMPTY[self.model.tab] if not self.model.text else texts.NOTHING_FOUND))

    @Slot()
    def _show_selection(self) -> None:
        lines = [line for number in self.view.selected_numbers() if (line := self.model.line_of(number))]
        self._bar.show_for(lines)

    @Slot(object, int, object)
    def _do(self, action: AlertAction, number: int, corner: QPoint) -> None:
        match action:
            case AlertAction.ACKNOWLEDGE:
                self._room.wishes.acknowledge.emit([number])
            case AlertAction.RESOLVE:
                self._room.wishes.resolve.emit([number])
            case AlertAction.SNOOZE:
                self._offer_snooze([number], corner)
            case AlertAction.SEEN:
                self._seen.note([number])
            case AlertAction.REOPEN:
                self._room.deeds.reopen([number])
            case AlertAction.BRING_BACK:
                self._room.snoozes.take_back([number])

    @Slot(int)
    def _open(self, number: int) -> None:
        line = self.model.line_of(number)
        self._seen.note([number])
        if line is not None and line.alert.visit_key is not None:
            self.opened.emit(line.alert.visit_key)

    @Slot()
    def _acknowledge_selected(self) -> None:
        if numbers := self.view.selected_numbers():
            self._room.wishes.acknowledge.emit(numbers)

    @Slot()
    def _resolve_selected(self) -> None:
        if numbers := self.view.selected_numbers():
            self._room.wishes.resolve.emit(numbers)

    @Slot()
    def _reopen_selected(self) -> None:
        if numbers := self.view.selected_numbers():
            self._room.deeds.reopen(numbers)

    @Slot()
    def _snooze_selected(self) -> None:
        if numbers := self.view.selected_numbers():
            self._offer_snooze(numbers, self.view.corner_of(numbers[0]))

    def _offer_snooze(self, numbers: list[int], corner: QPoint) -> None:
        self._menu.clear()
        fill_snooze_menu(self._menu, self._room, numbers)
        self._menu.popup(corner)
