"""A channel's own words, operation by operation, with what goes out beside them while they are written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from dispatchwatch.app.trying_templates import Tried, parts_of, tried, written
from dispatchwatch.desktop import channel_phrases, form_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.editor import Editor, Problems
from dispatchwatch.desktop.forms.said_line import SaidLine
from dispatchwatch.desktop.forms.text_editors import LinesEditor
from dispatchwatch.desktop.pieces import button, label, panel, tight
from dispatchwatch.desktop.tasks import aside
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.domain.alert import Operation

PARTS: Mapping[str, tuple[str, int]] = {
    "headline": (channel_phrases.HEADLINE, 2),
    "subject": (channel_phrases.SUBJECT, 2),
    "body": (channel_phrases.BODY, 5),
}
SOON = 200
AT_LINE = re.compile(r"line (\d+):")


class TemplatesEditor(Editor):
    """One part below the other, each operation with its own; they are made when they are first seen or needed."""

    def __init__(self, room: DeskRoom) -> None:
        super().__init__(room)
        self._made: dict[Operation, OperationWords] = {}
        self._column = QVBoxLayout(self)
        tight(self._column, spacing=16)
        self._column.addWidget(label(channel_phrases.TEMPLATE_HELP, "small", wraps=True))

    @property
    def operations(self) -> Mapping[Operation, OperationWords]:
        if not self._made:
            self._made = {one: OperationWords(self.room, one) for one in channel_phrases.TEMPLATE_NAMES}
            for one in self._made.values():
                one.changed.connect(self.changed)
                self._column.addWidget(one)
        return self._made

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        for one in self.operations.values():
            one.show()

    @property
    def parts(self) -> Sequence[QWidget]:
        return [editor.edit for one in self._made.values() for editor in one.editors.values()]

    @property
    def value(self) -> Any:
        told = {operation.value: one.value for operation, one in self._made.items()}
        return {name: words for name, words in told.items() if words is not None} or None

    def put(self, value: Any) -> None:
        table = value if isinstance(value, Mapping) else {}
        if table or self._made:
            for operation, one in self.operations.items():
                one.put(table.get(operation.value))

    def complain(self, problems: Problems) -> Problems:
        """Each at its own text; these are the words of the file's check, which come when it is saved."""
        rest: dict[Any, str] = {}
        for steps, text in problems.items():
            place = next((one for one in Operation if steps[:1] == (one.value,)), None)
            if place is None or place not in self.operations:
                rest[steps] = text
            else:
                self.operations[place].complain(str(steps[1]) if len(steps) > 1 else "headline", text)
        return rest


class OperationWords(QWidget):
    """The words of one operation. Subject and lines are folded away as long as nothing stands there."""

    changed = Signal()

    def __init__(self, room: DeskRoom, operation: Operation) -> None:
        super().__init__()
        self._room, self._operation = room, operation
        self.editors = {part: LinesEditor(room, lines=lines, code=True) for part, (_, lines) in PARTS.items()}
        self.said = {part: SaidLine(room) for part in PARTS}
        self._labels = {part: label(name, "small") for part, (name, _) in PARTS.items()}
        self.more = button(channel_phrases.SUBJECT_AND_LINES, "link")
        self.preview = Preview(room)
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(lambda: room.tasks.spawn(self._try()))
        self._lay_out()
        for editor in self.editors.values():
            editor.changed.connect(self._edited)
        self.more.clicked.connect(lambda: self._unfold(shown=True))
        self.put(None)

    @property
    def value(self) -> Any:
        return written(self._parts)

    def put(self, value: Any) -> None:
        told = parts_of(value)
        for part, editor in self.editors.items():
            editor.put(told.get(part, ""))
        self._unfold(shown=any(told.get(part) for part in ("subject", "body")))
        self._soon.start()

    def complain(self, part: str, text: str) -> None:
        part = part if part in self.said else "headline"
        self.said[part].say(form_phrases.as_sentence(text))
        self._mark(self.editors[part].edit, text)
        if part != "headline":
            self._unfold(shown=True)

    @property
    def _parts(self) -> dict[str, str]:
        return {part: str(editor.value) for part, editor in self.editors.items() if editor.value is not None}

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        tight(column, spacing=4)
        name = channel_phrases.TEMPLATE_NAMES[self._operation]
        column.addWidget(label(name, "label"))
        for part, editor in self.editors.items():
            editor.says(f"{name}: {PARTS[part][0]}", "")
            for widget in (self._labels[part], editor, self.said[part]):
                column.addWidget(widget)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(4)
        column.addWidget(self.preview)

    def _unfold(self, *, shown: bool) -> None:
        for part in ("subject", "body"):
            self._labels[part].setVisible(shown)
            self.editors[part].setVisible(shown)
        self._labels["headline"].setVisible(shown)
        self.more.setVisible(not shown)

    def _edited(self) -> None:
        self._soon.start()
        self.changed.emit()

    async def _try(self) -> None:
        """Translating a template takes longer than a key press may."""
        parts, now = self._parts, self._room.now()
        found = await aside(tried, parts, self._operation, channel_phrases.THIS_CHANNEL, self._room.timezone, now)
        if isValid(self) and parts == self._parts:
            self._show(found)

    def _show(self, found: Tried) -> None:
        built_in = {"headline": found.headline, "subject": found.subject}
        for part, editor in self.editors.items():
            self.said[part].say("")
            self._mark(editor.edit, "")
            if part not in self._parts:
                editor.edit.setPlaceholderText(built_in.get(part) or "\n".join(": ".join(one) for one in found.lines))
        for part, text in found.problems.items():
            self.complain(part, text)
        self.preview.show_tried(found)

    def _mark(self, edit: QPlainTextEdit, problem: str) -> None:
        """The line that a problem speaks of has a ground of its own."""
        marks: list[QTextEdit.ExtraSelection] = []
        if found := AT_LINE.match(problem):
            mark = QTextEdit.ExtraSelection()
            block = edit.document().findBlockByNumber(int(found[1]) - 1)
            if block.isValid():
                mark.cursor = QTextCursor(block)
                mark.format.setBackground(self._room.theme.tint(Tone.LATE, 0.15))
                mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
                marks.append(mark)
        edit.setExtraSelections(marks)


class Preview(QWidget):
    """What goes out for a made-up alert."""

    def __init__(self, room: DeskRoom) -> None:
        super().__init__()
        self._room = room
        self.headline, self.lines = label(wraps=True, selectable=True), label(role="small", wraps=True, selectable=True)
        self.headline.setProperty("role", "label")
        self._note = label(channel_phrases.PREVIEW, "small")
        box = panel("preview")
        inner, column = QVBoxLayout(box), QVBoxLayout(self)
        tight(inner, (12, 8, 12, 8), 4)
        tight(column)
        for widget in (self._note, self.headline, self.lines):
            inner.addWidget(widget)
        column.addWidget(box)

    def show_tried(self, found: Tried) -> None:
        self.headline.setText(found.headline)
        self.lines.setText("\n".join(f"{name}: {value}" for name, value in found.lines))
        note = channel_phrases.PREVIEW_BUILT_IN if found.problems else channel_phrases.PREVIEW
        self._note.setText(note)
