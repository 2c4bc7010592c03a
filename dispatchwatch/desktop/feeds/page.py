"""The feeds: how old each schedule is, what is wrong with it, and the rows that could not be read."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from dispatchwatch.app.typed_visit import DESK
from dispatchwatch.app.view import FeedLine, FeedPage
from dispatchwatch.desktop import feed_phrases, texts
from dispatchwatch.desktop.card_strip import CardStrip
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.empty import EmptyNote
from dispatchwatch.desktop.feeds.card import FeedCard
from dispatchwatch.desktop.feeds.fault_card import FaultCard
from dispatchwatch.desktop.feeds.problems import ProblemsModel
from dispatchwatch.desktop.pieces import button, label, panel, tight


class FeedsPage(QWidget):
    """Choosing a card shows the rows of that feed below."""

    chosen = Signal(str)

    def __init__(self, room: DeskRoom, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._room = room
        self._name = ""
        self._feeds: tuple[FeedLine, ...] = ()
        self._cards: dict[str, FeedCard] = {}
        self._strip = CardStrip(self)
        self._faults = FaultCard(room)
        self._model = ProblemsModel(room, self)
        self._table = QTableView()
        self._title = label(role="strong")
        self._read = button(texts.READ_NOW, key="F5")
        self._empty = EmptyNote(room, "done", self._table)
        self._soon = QTimer(self, singleShot=True, interval=200)
        self._soon.timeout.connect(self._ask)
        self.setFocusProxy(self._table)
        self._lay_out()
        self._read.clicked.connect(room.deeds.read_feeds)
        room.theme.changed.connect(self._dress)
        self._dress()

    def show_feeds(self, feeds: tuple[FeedLine, ...]) -> None:
        changed = _readings(feeds) != _readings(self._feeds)
        self._feeds = feeds
        for name in self._cards.keys() - {feed.name for feed in feeds}:
            self._strip.drop(self._cards.pop(name))
        for feed in feeds:
            if feed.name not in self._cards:
                self._cards[feed.name] = self._card(feed.name)
            self._cards[feed.name].show_feed(feed, self._room.now())
        if self._name not in self._cards:
            self._choose(feeds[0].name if feeds else "")
        elif changed:
            self._soon.start()
        self._show_empty()

    def show_faults(self, faults: tuple[str, ...]) -> None:
        self._faults.show_faults(faults)

    def tick(self, now: datetime) -> None:
        if self.isVisible():
            for card in self._cards.values():
                card.tick(now)

    def search(self, text: str) -> None:
        self._model.search(text)
        self._show_empty()

    def _card(self, name: str) -> FeedCard:
        card = FeedCard(self._room, name)
        card.chosen.connect(self._choose)
        self._strip.add(card)
        return card

    def _lay_out(self) -> None:
        self._strip.add(self._faults)
        bar = panel("bar")
        line = QHBoxLayout(bar)
        tight(line, (16, 8, 12, 8), 8)
        line.addWidget(self._title)
        line.addStretch(1)
        line.addWidget(self._read)
        table = self._table
        table.setObjectName("problems")
        table.setModel(self._model)
        table.setAccessibleName(texts.FEED_PROBLEMS)
        table.setShowGrid(False)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setAccessibleName(texts.COLUMNS)
        table.horizontalHeader().setSectionsClickable(False)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        layout = QVBoxLayout(self)
        tight(layout)
        layout.addWidget(self._strip)
        layout.addWidget(bar)
        layout.addWidget(table, 1)

    @Slot(str)
    def _choose(self, name: str) -> None:
        self._name = name
        for one, card in self._cards.items():
            card.setChecked(one == name)
        self._title.setText(feed_phrases.rows_of(name) if name else texts.FEED_PROBLEMS)
        self._ask()

    @Slot()
    def _ask(self) -> None:
        if self._name:
            self._room.tasks.spawn(self._load(self._name))

    async def _load(self, name: str) -> None:
        page: FeedPage | None = await self._room.bridge.ask(lambda engine: engine.feed_page(name))
        if name == self._name and page is not None:
            self._model.show_problems(page.problems)
            self._show_empty()

    def _show_empty(self) -> None:
        if self._model.rowCount():
            self._empty.hide()
        elif not feed_phrases.set_up(self._feeds):
            self._empty.say(*texts.NO_FEEDS)
        elif self._name == DESK:
            self._empty.say(*texts.NOTHING_TO_READ)
        else:
            self._empty.say(*texts.ALL_ROWS_READ)

    @Slot()
    def _dress(self) -> None:
        theme = self._room.theme
        self._table.verticalHeader().setDefaultSectionSize(theme.px(36))
        for column, width in {0: 84, 1: 160, 3: 220}.items():
            self._table.setColumnWidth(column, theme.px(width))


def _readings(feeds: tuple[FeedLine, ...]) -> dict[str, tuple[datetime | None, int]]:
    """What tells that the rows of a feed may be other ones than before."""
    return {feed.name: (feed.last_good_at, feed.bad_rows) for feed in feeds}
