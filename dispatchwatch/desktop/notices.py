"""What became of what was asked, and toasts that found no other way: a strip at the top that takes no focus."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QPropertyAnimation, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dispatchwatch.app.deeds import Result
from dispatchwatch.app.events import ToastWanted
from dispatchwatch.desktop import results_phrases, texts, toast_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.marks import SEVERITIES
from dispatchwatch.desktop.pieces import IconButton, MarkLabel, button, label, tight
from dispatchwatch.desktop.tokens import Tone

FADES_AFTER = 6000
TOAST_FADES_AFTER = 20_000
SLIDE = 140
WIDTH = 600


class Notice(QFrame):
    """Slides in at the top of the window. What went well goes by itself, a toast later; what went wrong stays."""

    show_wanted = Signal(object)
    acknowledge_wanted = Signal(object)
    snooze_wanted = Signal(object)

    def __init__(self, room: DeskRoom, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("notice")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._room = room
        self._over = over
        self._numbers: tuple[int, ...] = ()
        self._mark = MarkLabel(room.theme, room.assets, "done", Tone.OK, 20)
        self._title, self._body = label(wraps=True), label(role="muted", wraps=True)
        self._show, self._snooze = button(texts.SHOW), button(toast_phrases.SNOOZE_FOR)
        self._acknowledge = button(texts.ACKNOWLEDGE, "primary")
        self._close = IconButton(room.theme, room.assets, "close", texts.CLOSE)
        self._fade = QTimer(self, singleShot=True)
        self._slide = QPropertyAnimation(self, b"pos", self)
        self._slide.setDuration(SLIDE)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._lay_out()
        self._fade.timeout.connect(self.hide)
        self._close.clicked.connect(self.hide)
        self._show.clicked.connect(self._show_alerts)
        self._snooze.clicked.connect(self._snooze_alerts)
        self._acknowledge.clicked.connect(self._acknowledge_alerts)
        over.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        return self._title.text()

    def answer(self, results: list[Result]) -> None:
        """What the desk answered. The answer to one thing that went well goes by itself; of many, none is lost."""
        well = all(result.done for result in results)
        alerts = self._room.picture.alerts
        names = {f"alert {number}": line.alert.ext_id or line.alert.feed for number, line in alerts.items()}
        title, body = results_phrases.summary(results), results_phrases.details(results, names)
        self._say(title, body, "done" if well else "failed", Tone.OK if well else Tone.LATE)
        if well and len(results) == 1:
            self._fade.start(FADES_AFTER)

    def complain(self, text: str) -> None:
        self._say(text, "", "failed", Tone.LATE)

    def hint(self, text: str) -> None:
        self._say(text, "", "info", Tone.INFO)

    def toast(self, wanted: ToastWanted) -> None:
        mark = SEVERITIES[wanted.severity]
        self._say(wanted.title, wanted.body, mark.icon, mark.tone, wanted.alert_ids)
        # What it tells of stays in the list beside the board; the counts below it must not stay hidden.
        self._fade.start(TOAST_FADES_AFTER)

    def keep_only(self, is_open: Callable[[int], bool]) -> None:
        """A toast all of whose alerts somebody has taken on meanwhile has nothing more to say."""
        if self._numbers and not any(is_open(number) for number in self._numbers):
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        tight(words, spacing=2)
        words.addWidget(self._title)
        words.addWidget(self._body)
        line = self._line = QHBoxLayout(self)
        tight(line, (16, 12, 12, 12), 12)
        line.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        for one in (self._show, self._snooze, self._acknowledge, self._close):
            line.addWidget(one, 0, Qt.AlignmentFlag.AlignVCenter)

    def _say(self, title: str, body: str, icon: str, tone: Tone, numbers: tuple[int, ...] = ()) -> None:
        self._fade.stop()
        self._numbers = numbers
        self._title.setText(title)
        self._body.setText(body)
        self._body.setVisible(bool(body))
        self._mark.wear(icon, tone)
        self._show.setVisible(bool(numbers))
        # Many are looked at before somebody takes them on.
        for acts in (self._snooze, self._acknowledge):
            acts.setVisible(len(numbers) == 1)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, " ".join((title, body))))
        self._slide_in()

    def _slide_in(self) -> None:
        appears = not self.isVisible()
        self._place()
        self.show()
        self.raise_()
        if appears:
            self._slide.stop()
            self._slide.setStartValue(QPoint(self.x(), -self.height()))
            self._slide.setEndValue(self.pos())
            self._slide.start()

    def _place(self) -> None:
        width = min(self._room.theme.px(WIDTH), self._over.width() - 32)
        self.ensurePolished()
        self._line.activate()
        self.setFixedSize(width, self._line.totalHeightForWidth(width))
        self.move((self._over.width() - width) // 2, self._room.theme.px(12))

    @Slot()
    def _show_alerts(self) -> None:
        self.hide()
        self.show_wanted.emit(self._numbers)

    @Slot()
    def _snooze_alerts(self) -> None:
        self.hide()
        self.snooze_wanted.emit(self._numbers)

    @Slot()
    def _acknowledge_alerts(self) -> None:
        self.hide()
        self.acknowledge_wanted.emit(self._numbers)
