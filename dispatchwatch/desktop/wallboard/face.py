"""The face of the wallboard: the time, the counts, how old it is, and what is due next, in letters for five metres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import marks, phrases
from dispatchwatch.desktop.assets import Assets
from dispatchwatch.desktop.canvas import Canvas
from dispatchwatch.desktop.countdown import countdown
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.theme import Theme
from dispatchwatch.desktop.tokens import DARK, Tone
from dispatchwatch.desktop.wallboard.face_data import COUNTED, Face, Freshness, face, freshness
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.wording import clock, zone

# All lengths are of a screen 720 high; they grow with it.
HEIGHT = 720
LEAST_SCALE, MOST_SCALE = 0.6, 6.0
MARGIN, TOP, ROW, FOOT = 32, 152, 72, 52
TIME_WIDTH, STATE_WIDTH, DUE_WIDTH, GAP = 210, 190, 130, 32
BLACK = replace(DARK, window="#000000", surface="#000000", sunken="#000000", line="#2E3846")
CALM = {Standing.ON_SITE: Tone.OK, Standing.DONE: Tone.IDLE, Standing.EN_ROUTE: Tone.TEXT}


class WallboardFace(QWidget):
    """Painted whole each second: a screen on a wall shows a dozen lines. A screen reader hears `accessibleName`."""

    def __init__(self, room: DeskRoom, application: QApplication, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = room
        self._theme = Theme(application, self)
        self._theme.tokens = BLACK
        self._assets: Assets = room.assets.wearing(self._theme)
        self._now = room.now()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def tick(self, now: datetime) -> None:
        self._now = now
        self.setAccessibleName(self.says())
        self.update()

    def says(self) -> str:
        shown, fresh = self._face(), self._freshness()
        counts = ", ".join(f"{number} {word}" for number, word in self._counts(shown.counts))
        rows = " ".join(phrases.row_sentence(row) for row in shown.rows)
        return f"{fresh.text}. {counts}. {rows}"

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        least = min(self.height() / HEIGHT, self.width() / (HEIGHT * 1.45))
        self._theme.scale = min(max(least, LEAST_SCALE), MOST_SCALE)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        with QPainter(self) as painter:
            canvas = Canvas(painter, self._theme, self._assets)
            canvas.fill(self.rect(), self._theme.named(BLACK.surface))
            shown, fresh = self._face(), self._freshness()
            self._top(canvas, shown, fresh)
            if shown.rows:
                self._rows(canvas, shown, fresh)
            else:
                self._nothing(canvas, fresh)

    @property
    def fits(self) -> int:
        """How many rows there is room for."""
        px = self._theme.px
        return max(1, (self.height() - px(TOP) - px(FOOT)) // px(ROW))

    def _face(self) -> Face:
        return face(self._room.picture.rows.values(), self.fits)

    def _freshness(self) -> Freshness:
        status = self._room.picture.status
        return freshness(status.feeds if status else (), self._now, self._room.timezone)

    def _counts(self, counts: Mapping[Standing, int]) -> list[tuple[int, str]]:
        return [
            (counts.get(one, 0), marks.STANDINGS[one].word.lower())
            for one in COUNTED
            if counts.get(one, 0) or one in {Standing.LATE, Standing.SOON}
        ]

    def _top(self, canvas: Canvas, shown: Face, fresh: Freshness) -> None:
        px, width = self._theme.px, self.width()
        local = self._now.astimezone(zone(self._room.timezone))
        time = QRect(px(MARGIN), px(16), px(330), px(76))
        canvas.text(time, f"{local:%H:%M:%S}", size=68, strong=True)
        self._show_counts(canvas, shown.counts, time.right(), old=fresh.is_old)
        canvas.fill(QRect(0, px(TOP) - px(8), width, max(1, px(2))), self._theme.named(BLACK.line))
        if fresh.is_old:
            self._warn(canvas, QRect(0, px(94), width, px(TOP) - px(8 + 94)), fresh.text)
            return
        name = f"{self._room.office_name} · " if self._room.office_name else ""
        below = QRect(px(MARGIN), px(96), width - 2 * px(MARGIN), px(32))
        canvas.text(below, f"{name}{local:%A} {local.day} {local:%B}", Tone.MUTED, 20)
        used = canvas.text(below, fresh.text, Tone.MUTED, 20, right=True)
        canvas.icon(below.adjusted(below.width() - used - px(32), 0, 0, 0), "feeds", Tone.MUTED, 22)

    def _warn(self, canvas: Canvas, band: QRect, words: str) -> None:
        """Across the whole screen: nobody may take an old picture for the present."""
        px = self._theme.px
        canvas.fill(band, self._theme.color(Tone.LATE))
        black = self._theme.named(BLACK.surface)
        canvas.painter.setFont(self._theme.font(26, strong=True))
        canvas.painter.setPen(black)
        canvas.painter.drawText(band.adjusted(px(MARGIN), 0, -px(MARGIN), 0), Qt.AlignmentFlag.AlignVCenter, words)

    def _show_counts(self, canvas: Canvas, counts: Mapping[Standing, int], left: int, *, old: bool) -> None:
        """From the right, the most urgent leftmost, as many as there is room for."""
        px = self._theme.px
        place = self.width() - px(MARGIN) + px(GAP)
        shown = [one for one in COUNTED if counts.get(one, 0) or one in {Standing.LATE, Standing.SOON}]
        while shown and place - sum(self._count_width(one, counts) for one in shown) < left + px(24):
            shown.pop()
        for one in reversed(shown):
            number, mark = counts.get(one, 0), marks.STANDINGS[one]
            tone = CALM.get(one, mark.tone) if number and not old else Tone.IDLE
            width = self._count_width(one, counts)
            place -= width
            canvas.icon(QRect(place, px(24), px(30), px(60)), mark.icon, tone, 28)
            figure = canvas.text(QRect(place + px(38), px(24), width, px(60)), str(number), tone, 46, strong=True)
            canvas.text(
                QRect(place + px(48) + figure, px(36), width, px(48)),
                mark.word.lower(),
                tone if number else Tone.MUTED,
                20,
            )

    def _count_width(self, one: Standing, counts: Mapping[Standing, int]) -> int:
        figure = self._theme.metrics(46, strong=True).horizontalAdvance(str(counts.get(one, 0)))
        word = self._theme.metrics(20).horizontalAdvance(marks.STANDINGS[one].word.lower())
        return figure + word + self._theme.px(48 + GAP)

    def _rows(self, canvas: Canvas, shown: Face, fresh: Freshness) -> None:
        px = self._theme.px
        for number, row in enumerate(shown.rows):
            self._row(canvas, QRect(0, px(TOP) + number * px(ROW), self.width(), px(ROW)), row, fresh)
        if shown.more:
            foot = QRect(px(MARGIN), self.height() - px(FOOT), self.width() - 2 * px(MARGIN), px(FOOT))
            canvas.text(foot, shown.more, Tone.LATE if "late" in shown.more else Tone.MUTED, 22, strong=True)

    def _row(self, canvas: Canvas, area: QRect, row: BoardRow, fresh: Freshness) -> None:
        px, visit = self._theme.px, row.visit
        old = fresh.is_old or row.unverified_since is not None
        mark = marks.of_row(row)
        tone = Tone.IDLE if old else mark.tone
        if row.standing is Standing.LATE and not old:
            canvas.fill(area.adjusted(0, 0, 0, -px(2)), self._theme.tint(mark.tone, 0.14))
            canvas.fill(QRect(0, area.top(), px(8), area.height() - px(2)), self._theme.color(mark.tone))
        canvas.fill(QRect(0, area.bottom(), area.width(), 1), self._theme.named(BLACK.line))
        left = area.left() + px(MARGIN)
        if row.deadline is not None:
            left_time = countdown(row.deadline, self._now)
            canvas.text(QRect(left, area.top(), px(TIME_WIDTH), area.height()), left_time.figure, tone, 42, strong=True)
        left += px(TIME_WIDTH)
        canvas.icon(QRect(left, area.top(), px(28), area.height()), mark.icon, tone, 26)
        note = phrases.row_note(row, self._now)
        self._pair(canvas, QRect(left + px(36), area.top(), px(STATE_WIDTH - 44), area.height()), mark.word, note, tone)
        left += px(STATE_WIDTH)
        due = self.width() - px(MARGIN) - px(DUE_WIDTH)
        half = (due - left) * 2 // 5
        who = visit.technician or phrases.crew(visit)
        ink = Tone.IDLE if old else Tone.TEXT
        self._pair(canvas, QRect(left, area.top(), half - px(16), area.height()), who, visit.ext_id, ink)
        where, site = phrases.where(visit), QRect(left + half, area.top(), due - left - half - px(16), area.height())
        self._pair(canvas, site, visit.customer.name or where, where, ink)
        if row.deadline is not None:
            at = clock(row.deadline, visit.site.timezone, label=False)
            canvas.text(QRect(due, area.top(), px(DUE_WIDTH), area.height()), f"due {at}", ink, 22, right=True)

    def _pair(self, canvas: Canvas, area: QRect, above: str, below: str, tone: Tone) -> None:
        """Two lines, or one in the middle where there is nothing to say below."""
        px = self._theme.px
        if not below or below == above:
            canvas.text(area, above, tone, 26, strong=True)
            return
        canvas.text(QRect(area.left(), area.top() + px(8), area.width(), px(34)), above, tone, 24, strong=True)
        canvas.text(QRect(area.left(), area.top() + px(40), area.width(), px(24)), below, Tone.MUTED, 17)

    def _nothing(self, canvas: Canvas, fresh: Freshness) -> None:
        px = self._theme.px
        middle = QRect(px(MARGIN), px(TOP), self.width() - 2 * px(MARGIN), self.height() - px(TOP) - px(FOOT))
        tone, words = (Tone.LATE, "Not known") if fresh.is_old else (Tone.OK, "Nothing is due")
        painted = self._theme.elided(words, 64, middle.width() - px(90), strong=True)
        left = (self.width() - painted.width - px(90)) // 2
        canvas.icon(QRect(left, middle.top(), px(72), middle.height()), "warning" if fresh.is_old else "done", tone, 72)
        canvas.text(QRect(left + px(90), middle.top(), middle.width(), middle.height()), words, tone, 64, strong=True)
