"""The timeline page: its bar, the day, and what it says where there is nothing to show."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatchwatch.app.events import StatusChanged
from dispatchwatch.app.view import BoardRow, TechnicianLine, Weighed
from dispatchwatch.desktop import board_phrases, feed_phrases, texts
from dispatchwatch.desktop import timeline_phrases as phrases
from dispatchwatch.desktop.board.order import awaits_arrival
from dispatchwatch.desktop.board.search import Query, haystack, understood
from dispatchwatch.desktop.bridge import EngineNotThere
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.empty import EmptyNote
from dispatchwatch.desktop.page import Page
from dispatchwatch.desktop.pieces import tight
from dispatchwatch.desktop.placed_model import Entry
from dispatchwatch.desktop.preferences import Preferences
from dispatchwatch.desktop.timeline.crews import Crews
from dispatchwatch.desktop.timeline.hours import span_of
from dispatchwatch.desktop.timeline.keeping import ORDER
from dispatchwatch.desktop.timeline.layout import Order, TechnicianDay
from dispatchwatch.desktop.timeline.move_dialog import MoveDialog
from dispatchwatch.desktop.timeline.planner import Plan, Planner
from dispatchwatch.desktop.timeline.tool_bar import ToolBar
from dispatchwatch.desktop.timeline.view import TimelineView
from dispatchwatch.desktop.timeline.weighing import Weigh, Weigher
from dispatchwatch.desktop.visit_actions import More, VisitActions
from dispatchwatch.domain.visit import Technician, VisitKey
from dispatchwatch.domain.wording.plain import zone

TURN = 0.004
"""Seconds of laying out at a time; in between the window has its turn."""


class TimelinePage(Page):
    """`weigh` tells what a move would cost; left out, the engine does."""

    shown = Signal()

    def __init__(self, room: DeskRoom, weigh: Weigh | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = room
        self._planner = Planner()
        self._people: tuple[TechnicianLine, ...] | None = None
        self._asking = False
        self._preferences: Preferences | None = None
        self._order = ORDER.default
        self._text = ""
        self._work: Iterator[None] | None = None
        self._again = False
        self._turns = QTimer(self, singleShot=True, interval=0)
        self._weigher = Weigher(room.tasks, room.now, weigh or self._weigh)
        self.bar = ToolBar(room)
        self.view = TimelineView(room, self._weigher)
        more = (
            More(board_phrases.WHO_CAN, "W", lambda row: self._propose(row.key, None), awaits_arrival),
            More(phrases.MOVE_TO, "M", self._ask_who, awaits_arrival),
        )
        self.visit_actions = VisitActions(room, self, self._chosen, more)
        self._empty = EmptyNote(room, "timeline", self.view)
        layout = QVBoxLayout(self)
        tight(layout)
        layout.addWidget(self.bar)
        layout.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        self.bar.show_order(self._order)
        self._wire()
        self._renew()
        self._ask_for_people()

    def remember(self, preferences: Preferences) -> None:
        """From here on the order that is chosen is kept."""
        self._preferences = preferences
        self._choose_order(preferences.get(ORDER))

    def tick(self, now: datetime) -> None:
        self.view.tick(now)
        if self._empty.isVisible():
            self._show_empty()

    def search(self, text: str) -> None:
        """Rows with nothing that fits step aside; in the others what does not fit is faint."""
        if text.casefold() != self._text:
            self._text = text.casefold()
            self._show()

    def _wire(self) -> None:
        self._turns.timeout.connect(self._take_a_turn)
        self._room.picture.rows_changed.connect(self._renew)
        self._room.picture.status_changed.connect(self._hear_status)
        self.view.outrun.connect(self._show)
        self.view.rested.connect(self._show)
        self.view.opened.connect(self._room.wishes.visit)
        self.view.menu_wanted.connect(self.visit_actions.show_menu)
        self.view.dropped.connect(self._propose)
        self.bar.ordered.connect(self._choose_order)
        self.bar.zoomed.connect(self.view.zoom)
        self.bar.now_wanted.connect(self.view.show_now)
        self.bar.whole_day_wanted.connect(self.view.fit)
        self.visit_actions.take_keys(self.view, self.view.corner)

    @Slot()
    def _renew(self) -> None:
        """Begins to take in the board as it is now, or does so once more after the change that is being taken in."""
        if self._work is not None:
            self._again = True
            return
        self._again = False
        rows = list(self._room.picture.rows.values())
        self._work = self._planner.renew(rows, self._room.now().timestamp())
        self._take_a_turn()

    @Slot()
    def _take_a_turn(self) -> None:
        until = time.perf_counter() + TURN
        work = self._work
        while work is not None and time.perf_counter() < until:
            if next(work, True):
                self._work = work = None
        if self._work is not None:
            self._turns.start()
        elif self._again:
            self._renew()
        else:
            self._show()

    @Slot()
    def _show(self) -> None:
        if self._work is not None:
            return
        held = [day.identity for day in self.view.days] if self.view.hand.busy else []
        plan = self._found(self._planner.plan(self._order, held))
        days = [*plan.days, *([plan.tray] if plan.tray else [])]
        self.view.show_plan(plan, span_of(days, zone(self._room.timezone), self._room.now().timestamp()))
        self._show_empty()
        self.shown.emit()

    def _found(self, plan: Plan) -> Plan:
        """What fits the search: technicians with a visit that does, or whose name does."""
        query = understood(self._text)
        if not query.terms:
            self.view.scene.wanted = None
            return plan
        days = [day for day in (plan.tray, *plan.days) if day is not None]
        entries = (Entry(block.row, (), haystack(block.row)) for day in days for block in day.blocks)
        wanted = frozenset(entry.line.key for entry in query.found(entries))
        self.view.scene.wanted = wanted
        tray = plan.tray if plan.tray and _fits(plan.tray, query, wanted) else None
        return Plan(tray, tuple(day for day in plan.days if _fits(day, query, wanted)))

    def _show_empty(self) -> None:
        if self.view.days:
            self._empty.hide()
            return
        status = self._room.picture.status
        if status is None:
            self._empty.say(texts.LOADING, "")
            return
        feeds = feed_phrases.set_up(status.feeds)
        self._empty.say(*feed_phrases.board_empty(feeds, self._room.now(), filtered=bool(self._text)))

    @Slot(object)
    def _hear_status(self, _status: StatusChanged) -> None:
        self._ask_for_people()
        self._show_empty()

    def _ask_for_people(self) -> None:
        if not self._asking:
            self._asking = True
            self._room.tasks.spawn(self._meet_people())

    async def _meet_people(self) -> None:
        """Whom the office has told of. An engine that is not there yet is asked again with the next status."""
        try:
            people = await self._room.bridge.ask(lambda engine: engine.technicians())
        except EngineNotThere:
            return
        finally:
            self._asking = False
        if people != self._people:
            self._people = people
            self._planner.meet(Crews(people))
            self._renew()

    @Slot(object)
    def _choose_order(self, order: Order) -> None:
        self._order = order
        if self._preferences is not None:
            self._preferences.choose(ORDER, order)
        self.bar.show_order(order)
        self._show()

    def _chosen(self) -> list[BoardRow]:
        return [self.view.current] if self.view.current else []

    async def _weigh(self, key: VisitKey, technician: Technician, at: datetime) -> Weighed:
        return await self._room.bridge.ask(lambda engine: engine.weigh(key, technician, at))

    def _ask_who(self, row: BoardRow) -> None:
        dialog = MoveDialog(self._room, self._weigher, row, self._others(row), self)
        dialog.proposed.connect(lambda technician: self._propose(row.key, technician))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _others(self, row: BoardRow) -> list[Technician]:
        """Everybody who does not have the visit already, by name."""
        days = self._planner.plan(Order.BY_NAME).days
        return [day.who.technician for day in days if day.who.technician and not day.block(row.key)]

    @Slot(object, object)
    def _propose(self, key: VisitKey, technician: Technician | None) -> None:
        """To nobody in particular: whoever hears it asks who can."""
        self._room.wishes.reassign.emit(key, technician)


def _fits(day: TechnicianDay, query: Query, wanted: frozenset[VisitKey]) -> bool:
    """Whether a row has something that is searched for; one without visits by its name."""
    named = all(term.field in {"", "tech"} and term.word in day.who.name.casefold() for term in query.terms)
    return named or any(block.key in wanted for block in day.blocks)
