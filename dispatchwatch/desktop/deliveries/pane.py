"""One delivery beside the table: what it says, every attempt, and the request that carries it, secrets taken out."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from dispatchwatch.app.view import DeliveryLine, DeliveryPage
from dispatchwatch.desktop import delivery_phrases, phrases, texts
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.marks import delivery
from dispatchwatch.desktop.pieces import IconButton, MarkLabel, button, clear, label, on_key, tight, wear
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.domain.alert import Alert
from dispatchwatch.domain.wording import headline

WIDTH = 440
SHOWN_ALERTS = 30
CODE_LINES = 16
ROOM_TO_WRAP = 5


class DeliveryPane(QFrame):
    """`resend_wanted` carries the numbers of deliveries."""

    closed = Signal()
    resend_wanted = Signal(object)

    def __init__(self, room: DeskRoom) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._room = room
        self.number: int | None = None
        self._page: DeliveryPage | None = None
        self._gather = QTimer(self, singleShot=True, interval=150)
        self._mark = MarkLabel(room.theme, room.assets, "sent", Tone.OK, 20)
        self._word, self._channel = label(role="strong"), label(role="muted", selectable=True)
        self._close = IconButton(room.theme, room.assets, "close", texts.CLOSE, "Esc")
        self.resend = button(texts.RESEND)
        self.body = QVBoxLayout()
        self._lay_out()
        self._close.clicked.connect(self.close_pane)
        self.resend.clicked.connect(self._resend)
        self._gather.timeout.connect(self._ask)
        on_key(self, "Esc", self.close_pane)
        room.theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def show_line(self, line: DeliveryLine) -> None:
        self.number = line.id
        mark = delivery(line.state)
        self._mark.wear(mark.icon, mark.tone)
        self._word.setText(mark.word)
        wear(self._word, mark.tone)
        self._channel.setText(f"{line.channel} · {line.platform}")
        self.resend.setVisible(line.state == "failed")
        self.show()
        if self.isVisible():
            self._gather.start()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        if self.number is not None:
            self._gather.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """What nobody sees need not be asked for; and a window that closes is not there for the answer."""
        super().hideEvent(event)
        self._gather.stop()

    @Slot()
    def close_pane(self) -> None:
        self.number, self._page = None, None
        self.hide()
        self.closed.emit()

    def _lay_out(self) -> None:
        top, inner, outer = QHBoxLayout(), QWidget(), QVBoxLayout(self)
        tight(top, (16, 12, 8, 0), 8)
        for widget in (self._mark, self._word, self._channel):
            top.addWidget(widget)
        top.addStretch(1)
        top.addWidget(self.resend)
        top.addWidget(self._close)
        around = QVBoxLayout(inner)
        tight(around, (16, 12, 16, 24))
        tight(self.body, spacing=8)
        around.addLayout(self.body)
        around.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        tight(outer, (1, 0, 0, 0))
        outer.addLayout(top)
        outer.addWidget(scroll, 1)

    @Slot()
    def _ask(self) -> None:
        if self.number is not None:
            self._room.tasks.spawn(self._load(self.number))

    async def _load(self, number: int) -> None:
        try:
            page = await self._room.bridge.ask(lambda engine: engine.delivery_page(number))
        except Exception as problem:  # noqa: BLE001 - whatever stopped it is said in its place
            self._say(phrases.not_asked(problem))
            return
        if number != self.number or page == self._page:
            return
        self._page = page
        if page is None:
            self._say(delivery_phrases.GONE)
        else:
            self._show(page)

    def _say(self, text: str) -> None:
        clear(self.body)
        self.body.addWidget(label(text, "muted", wraps=True))

    def _show(self, page: DeliveryPage) -> None:
        clear(self.body)
        zone_name, line = self._room.timezone, page.line
        self.body.addWidget(label(line.headline, "strong", wraps=True, selectable=True))
        self.body.addWidget(label(delivery_phrases.owed(line, zone_name), "muted", wraps=True))
        if line.may_have_arrived:
            twice = label(delivery_phrases.TWICE, wraps=True)
            wear(twice, Tone.SOON)
            self.body.addWidget(twice)
        self._section(delivery_phrases.ATTEMPTS, _pairs(delivery_phrases.happened(line, page.failures, zone_name)))
        if line.reference:
            self._section(delivery_phrases.RECEIPT, label(line.reference, wraps=True, selectable=True))
        if page.facts:
            self._section(
                delivery_phrases.SAID, _pairs([*page.facts, *([(texts.NOTE, page.note)] if page.note else [])])
            )
        if page.alerts:
            self._section(delivery_phrases.SPEAKS_OF, self._alerts(page.alerts))
        self._requests(page)

    def _section(self, title: str, widget: QWidget) -> None:
        self.body.addSpacing(12)
        self.body.addWidget(label(title, "strong"))
        self.body.addWidget(widget)

    def _alerts(self, alerts: tuple[Alert, ...]) -> QWidget:
        """Each leads to its visit, where that is on the board."""
        made = QWidget()
        layout = QVBoxLayout(made)
        tight(layout, spacing=4)
        for alert in alerts[:SHOWN_ALERTS]:
            said = headline(alert, alert.resolved_at or self._room.now())
            key = alert.visit_key
            layout.addWidget(label(said, wraps=True, selectable=True))
            if key is not None and key in self._room.picture.rows:
                opens = button(f"{texts.OPEN_VISIT} {key.ext_id}", "link")
                opens.clicked.connect(lambda _=False, wanted=key: self._room.wishes.visit.emit(wanted))
                layout.addWidget(opens, 0, Qt.AlignmentFlag.AlignLeft)
        if len(alerts) > SHOWN_ALERTS:
            layout.addWidget(label(f"And {len(alerts) - SHOWN_ALERTS} more.", "muted"))
        return made

    def _requests(self, page: DeliveryPage) -> None:
        title = delivery_phrases.requests_title(len(page.requests))
        if page.problem:
            self._section(title, label(page.problem, "muted", wraps=True))
            return
        text = "\n\n".join(delivery_phrases.request_text(request) for request in page.requests)
        self._section(title, label(delivery_phrases.SECRETS_OUT, "small", wraps=True))
        code = Code(text)
        self.body.addWidget(code)
        copies = button(texts.COPY, says=delivery_phrases.COPY_REQUEST)
        copies.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        self.body.addWidget(copies, 0, Qt.AlignmentFlag.AlignLeft)

    @Slot()
    def _resend(self) -> None:
        if self.number is not None:
            self.resend_wanted.emit([self.number])

    @Slot()
    def _dress(self) -> None:
        self.setMinimumWidth(self._room.theme.px(WIDTH))


class Code(QPlainTextEdit):
    """Text to be read and copied, letter for letter."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setObjectName("preview")
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(delivery_phrases.REQUEST)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(max(11, self.font().pixelSize() - 1))
        self.setFont(font)
        lines = min(CODE_LINES, text.count("\n") + ROOM_TO_WRAP)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + 24)


def _pairs(pairs: list[tuple[str, str]]) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    tight(grid, spacing=6)
    grid.setHorizontalSpacing(16)
    grid.setColumnStretch(1, 1)
    for number, (name, value) in enumerate(pairs):
        grid.addWidget(label(name, "small"), number, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label(value, wraps=True, selectable=True), number, 1, Qt.AlignmentFlag.AlignTop)
    return made
