"""The top of the window: the time, what is due next, how the day stands, and whether what is shown can be believed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from dispatchwatch.app.events import StatusChanged
from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import feed_phrases, phrases, texts
from dispatchwatch.desktop.board.order import Chip
from dispatchwatch.desktop.countdown import countdown
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.flow import FlowLayout
from dispatchwatch.desktop.person_button import PersonButton
from dispatchwatch.desktop.pieces import IconButton, button, label, tight
from dispatchwatch.desktop.theme import SCALES, Scheme
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.domain.wording import zone

STATS: Mapping[Chip, tuple[str, Tone, str]] = {
    Chip.LATE: ("late", Tone.LATE, "late"),
    Chip.SOON: ("soon", Tone.SOON, "soon"),
    Chip.ON_TRACK: ("done", Tone.OK, "on track"),
}
NARROW_BELOW = 1360
NAME_FROM = 1400
FEED_IS_OLD = timedelta(minutes=5)


class Header(QFrame):
    """`filtered` carries a chip, `searched` a text, `went` the name of a page, `opened` the key of a visit."""

    filtered = Signal(object)
    searched = Signal(str)
    went = Signal(str)
    opened = Signal(object)
    muted = Signal(bool)
    dressed = Signal()

    def __init__(self, room: DeskRoom, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self._room = room
        self._status: StatusChanged | None = None
        self._next: BoardRow | None = None
        self._muted = False
        self._narrow = False
        self._counts: Mapping[Chip, int] = {}
        self._clock, self._day = label(role="clock"), label(role="small")
        self._next_label = label(texts.NEXT_DEADLINE, "small")
        self._countdown, self._about = label(role="figure"), label(role="muted")
        self._stats = {chip: self._stat(chip) for chip in STATS}
        self._feed_pill, self._lane_pill, self._fault_pill = (button("", "pill") for _ in range(3))
        self._fault_pill.hide()
        self.search = QLineEdit()
        self._lay_out()
        self._wire()
        self.dress()

    def tick(self, now: datetime) -> None:
        local = now.astimezone(zone(self._room.timezone))
        self._clock.setText(f"{local:%H:%M:%S}")
        self._day.setText(f"{local:%A} {local.day} {local:%B} · {local:%Z}")
        self._show_next(now)
        self._show_pills(now)

    def show_counts(self, counts: Mapping[Chip, int]) -> None:
        self._counts = counts
        for chip, (icon, tone, word) in STATS.items():
            number, stat = counts.get(chip, 0), self._stats[chip]
            stat.setText(f"{number} {word}")
            stat.setAccessibleName(phrases.count_that_filters(number, word))
            stat.setIcon(self._room.assets.icon(icon, tone if number else Tone.IDLE, 16))

    def show_chosen(self, chip: Chip) -> None:
        for one, stat in self._stats.items():
            stat.setChecked(one is chip)

    def show_status(self, status: StatusChanged, next_row: BoardRow | None) -> None:
        self._status, self._next = status, next_row
        self.tick(self._room.now())

    def show_muted(self, muted: bool, until: str = "") -> None:
        """`until` says in words when that ends by itself."""
        self._muted = muted
        self._mute.shows("mute" if muted else "sound")
        self._mute.says(until or (texts.SOUND_OFF if muted else texts.SOUND_ON))

    def focus_search(self) -> None:
        """In a narrow window the field is there only while it is used."""
        self.search.show()
        self._find.hide()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _show_next(self, now: datetime) -> None:
        deadline = self._status.next_deadline if self._status else None
        self._countdown.setVisible(deadline is not None)
        self._about.setVisible(deadline is not None and self._next is not None)
        self._next_label.setText(texts.NEXT_DEADLINE if deadline else texts.NO_DEADLINE)
        if deadline is None:
            return
        self._countdown.setText(str(countdown(deadline, now)))
        if self._next is not None:
            who = "" if self._narrow else f"  {self._next.visit.technician}"
            self._about.setText(f"{self._next.visit.ext_id}{who}")
            self._about.setToolTip(phrases.due(deadline, self._next.visit.site.timezone))

    def _show_pills(self, now: datetime) -> None:
        if self._status is None:
            return
        feeds, lanes = feed_phrases.set_up(self._status.feeds), self._status.lanes
        self._show_faults(self._status.faults)
        bad_feed = not feeds or not all(feed.fresh for feed in feeds)
        oldest = feed_phrases.oldest_feed(feeds).last_good_at if feeds else None
        failing = any(feed.problem for feed in feeds)
        very_old = failing if oldest is None else now - oldest > FEED_IS_OLD
        self._pill(
            self._feed_pill,
            feed_phrases.feed_pill(feeds, now, short=self._narrow),
            "feeds",
            (Tone.LATE if very_old and feeds else Tone.SOON) if bad_feed else Tone.MUTED,
        )
        stuck = any(lane.paused or lane.failed for lane in lanes)
        waiting = any(lane.waiting for lane in lanes)
        tone = Tone.LATE if stuck else Tone.SOON if waiting or not lanes else Tone.MUTED
        self._pill(self._lane_pill, phrases.lane_pill(lanes, short=self._narrow), "deliveries", tone)

    def _show_faults(self, faults: tuple[str, ...]) -> None:
        """What keeps word from coming in, until it is over; the sentences stand on the page of the feeds."""
        self._fault_pill.setVisible(bool(faults))
        self._pill(self._fault_pill, feed_phrases.faults(len(faults)), "warning", Tone.LATE)
        told = f"{texts.WORD_FROM_OUTSIDE}: {' '.join(faults)}"
        self._fault_pill.setAccessibleName(told)
        self._fault_pill.setToolTip(told)

    def _pill(self, pill: QPushButton, text: str, icon: str, tone: Tone) -> None:
        if (pill.text(), pill.property("tone")) == (text, tone.value):
            return
        pill.setText(text)
        pill.setAccessibleName(text)
        pill.setProperty("tone", tone.value)
        pill.setIcon(self._room.assets.icon(icon, tone, 16))

    def _stat(self, chip: Chip) -> QPushButton:
        made = button("", "stat", says=texts.SHOW_ONLY_THESE)
        made.setCheckable(True)
        made.clicked.connect(lambda checked: self.filtered.emit(chip if checked else Chip.ALL))
        return made

    def _lay_out(self) -> None:
        flow = FlowLayout(self, spacing=14, spread=True)
        flow.setContentsMargins(16, 8, 16, 8)
        flow.addWidget(_stack(self._clock, self._day))
        flow.addWidget(_stack(self._next_label, _row(self._countdown, self._about)))
        flow.addWidget(_row(*self._stats.values()))
        flow.addWidget(_row(self._feed_pill, self._lane_pill, self._fault_pill))
        flow.addWidget(self._tools())

    def _tools(self) -> QWidget:
        room = self._room
        self.search.setPlaceholderText(texts.SEARCH_HINT)
        self.search.setAccessibleName(texts.SEARCH_NAME)
        self.search.setToolTip(f"{texts.SEARCH_NAME} · / or Ctrl+F")
        self.search.setClearButtonEnabled(True)
        self._find = IconButton(room.theme, room.assets, "search", texts.SEARCH_NAME, "/")
        self._mute = IconButton(room.theme, room.assets, "sound", texts.SOUND_ON)
        self._look = IconButton(room.theme, room.assets, "contrast", texts.APPEARANCE)
        self._look.setPopupMode(self._look.ToolButtonPopupMode.InstantPopup)
        self._look.setMenu(self._look_menu())
        self.person = PersonButton(room)
        return _row(self.search, self._find, self._mute, self._look, self.person)

    def _look_menu(self) -> QMenu:
        menu, theme = QMenu(self), self._room.theme
        schemes = QActionGroup(menu)
        for scheme in Scheme:
            action = menu.addAction(texts.SCHEME_NAMES[scheme.value])
            action.setCheckable(True)
            action.setChecked(scheme is theme.scheme)
            action.triggered.connect(lambda _=False, chosen=scheme: self._choose(chosen))
            schemes.addAction(action)
        menu.addSeparator()
        sizes = menu.addMenu(texts.TEXT_SIZE)
        for scale in SCALES:
            sizes.addAction(f"{scale:.0%}").triggered.connect(lambda _=False, chosen=scale: self._enlarge(chosen))
        return menu

    def _choose(self, scheme: Scheme) -> None:
        self._room.theme.choose(scheme)
        self.dressed.emit()

    def _enlarge(self, scale: float) -> None:
        self._room.theme.enlarge(scale)
        self.dressed.emit()

    def _wire(self) -> None:
        self._find.clicked.connect(self.focus_search)
        self.search.editingFinished.connect(self._fold)
        self._mute.clicked.connect(lambda: self.muted.emit(not self._muted))
        self.search.textChanged.connect(self.searched)
        for pill in (self._feed_pill, self._fault_pill):
            pill.clicked.connect(lambda: self.went.emit(texts.FEEDS))
        self._lane_pill.clicked.connect(lambda: self.went.emit(texts.SENT))
        self._room.theme.changed.connect(self.dress)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fold()

    @Slot()
    def _fold(self) -> None:
        """What gives way in a narrow window: the search field while it is empty, the name, the longer words."""
        narrow = self.width() < self._room.theme.px(NARROW_BELOW)
        self._find.setVisible(narrow and not self.search.text())
        self.search.setVisible(not narrow or bool(self.search.text()))
        self.person.show_short(self.width() < self._room.theme.px(NAME_FROM))
        if narrow != self._narrow:
            self._narrow = narrow
            self.tick(self._room.now())

    @Slot()
    def dress(self) -> None:
        """Sizes and icons that the style sheet can't give."""
        theme = self._room.theme
        side = theme.px(16)
        for one in (*self._stats.values(), self._feed_pill, self._lane_pill, self._fault_pill):
            one.setIconSize(QSize(side, side))
            one.setProperty("tone", "")
        self.show_counts(self._counts)
        self.search.setFixedWidth(theme.px(180))
        figures = self._clock.fontMetrics()
        self._clock.ensurePolished()
        self._clock.setMinimumWidth(figures.horizontalAdvance("00:00:00"))
        self.tick(self._room.now())


def _row(*widgets: QWidget) -> QWidget:
    made = QWidget()
    layout = QHBoxLayout(made)
    tight(layout, spacing=8)
    for widget in widgets:
        layout.addWidget(widget)
    return made


def _stack(*widgets: QWidget) -> QWidget:
    made = QWidget()
    layout = QVBoxLayout(made)
    tight(layout)
    for widget in widgets:
        layout.addWidget(widget)
    return made
