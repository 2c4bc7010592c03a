"""The form of a visit that the desk types itself: a new one, or one that is typed anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from dispatchwatch.app.deeds import Result
from dispatchwatch.app.typed_visit import LABELS, dated, key_of, told_of
from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import phrases, texts
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import button, label, on_key, tight
from dispatchwatch.desktop.sheet import Sheet
from dispatchwatch.desktop.visit.typed_field import TypedField
from dispatchwatch.domain.visit import Visit
from dispatchwatch.domain.wording import zone

WIDTH = 620
Lines = tuple[tuple[str, ...], ...]
FIRST: Lines = (
    ("customer", "site"),
    ("technician", "sched_start"),
    ("duration", "sched_end"),
    ("title",),
    ("order_ref", "priority"),
)
REST: Lines = (
    ("customer_phone", "technician_phone"),
    ("address", "site_timezone"),
    ("window_start", "window_end"),
    ("kind",),
    ("notes",),
)
LONG = frozenset({"notes"})


class VisitForm(Sheet):
    """`saved` carries the key of the visit. A refusal is shown at its field, and what was typed stays."""

    saved = Signal(object)

    def __init__(
        self, room: DeskRoom, known: Mapping[str, Sequence[str]], visit: Visit | None, parent: QWidget
    ) -> None:
        """`known` are names to complete, by field. With a `visit` that one is typed anew."""
        super().__init__(room.theme, phrases.changing(visit.ext_id) if visit else texts.NEW_VISIT, WIDTH, parent)
        self._room = room
        self._visit = visit
        names = [name for line in (*FIRST, *REST) for name in line]
        self.fields = {
            name: TypedField(LABELS[name], texts.FIELD_HINTS.get(name, ""), long=name in LONG) for name in names
        }
        for name, offered in known.items():
            self.fields[name].offer(offered)
        self._problem = label(role="problem", wraps=True)
        self._problem.hide()
        self.more = button(texts.MORE, "link")
        self.does = button(texts.SAVE if visit else texts.ADD_VISIT, "primary", "Enter")
        self._back = button(texts.BACK, key="Esc")
        self._rest = _grid(REST, self.fields)
        self._lay_out()
        self._wire()
        self._fill()

    def _lay_out(self) -> None:
        self.body.addWidget(_grid(FIRST, self.fields))
        self.body.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self._rest)
        self.body.addStretch(1)
        self._rest.hide()
        self.foot.addWidget(self._problem, 1)
        self.foot.addStretch(0)
        self.foot.addWidget(self._back, 0, Qt.AlignmentFlag.AlignRight)
        self.foot.addWidget(self.does)
        self.does.setDefault(True)

    def _wire(self) -> None:
        self.does.clicked.connect(self._save)
        self._back.clicked.connect(self.reject)
        self.more.clicked.connect(lambda: self._unfold(self._rest.isHidden()))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            on_key(self, keys, self.does.click)

    def _fill(self) -> None:
        if self._visit is None:
            self.fields["sched_start"].put(f"{self._day} ")
        else:
            for name, text in told_of(self._visit, self._room.timezone).items():
                self.fields[name].put(text)
            self._unfold(any(self.fields[name].text for line in REST for name in line))
        self.fields["customer"].setFocus()

    def _unfold(self, shown: bool) -> None:
        self._rest.setVisible(shown)
        self.more.setText(texts.LESS if shown else texts.MORE)
        self.more.setAccessibleName(self.more.text())

    @Slot()
    def _save(self) -> None:
        self._complain("", "")
        # Until the answer is there: pressed twice it would be two visits.
        self.does.setEnabled(False)
        told = dated({name: field.text for name, field in self.fields.items()}, self._day)
        if self._visit is None:
            self._room.deeds.add_visit(told, self._answer)
        else:
            self._room.deeds.change_visit(self._visit.ext_id, told, self._answer)

    def _answer(self, result: Result) -> None:
        if self.left or result.done:
            self._room.deeds.answered.emit([result])
        if self.left:
            return
        if result.done:
            self.saved.emit(key_of(result))
            self.accept()
            return
        self.does.setEnabled(True)
        self._complain(result.field, result.text)

    def _complain(self, name: str, problem: str) -> None:
        """At its field, which gets the keyboard; below all where it belongs to none."""
        for one, field in self.fields.items():
            field.complain(problem if one == name else "")
        self._problem.setText("" if name in self.fields else problem)
        self._problem.setVisible(bool(self._problem.text()))
        if name in self.fields:
            self._unfold(not self._rest.isHidden() or any(name in line for line in REST))
            self.fields[name].setFocus()
            self.reveal(self.fields[name])
        elif problem:
            self.fit()

    @property
    def _day(self) -> str:
        """The day of the visit; of a new one, today."""
        if self._visit is not None and self._visit.sched_start is not None:
            local = self._visit.sched_start.astimezone(zone(self._visit.site.timezone))
        else:
            local = self._room.now().astimezone(zone(self._room.timezone))
        return f"{local:%Y-%m-%d}"


def known_names(rows: Iterable[BoardRow]) -> dict[str, list[str]]:
    """The names on the board, by the field in which they can be completed."""
    visits = [row.visit for row in rows]
    found = {
        "customer": {visit.customer.name for visit in visits},
        "site": {visit.site.name for visit in visits},
        "technician": {one.name for visit in visits for one in visit.technicians},
    }
    return {name: sorted(names - {""}, key=str.casefold) for name, names in found.items()}


def _grid(lines: Lines, fields: Mapping[str, TypedField]) -> QWidget:
    """Two fields side by side; one that is alone has the whole line."""
    made = QWidget()
    grid = QGridLayout(made)
    tight(grid, spacing=12)
    for column in (0, 1):
        grid.setColumnStretch(column, 1)
    for number, line in enumerate(lines):
        for column, name in enumerate(line):
            grid.addWidget(fields[name], number, column, 1, 2 if len(line) == 1 else 1)
    return made
