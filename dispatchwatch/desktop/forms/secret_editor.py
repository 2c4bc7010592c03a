"""A secret: hidden while it is typed, and never read back from where it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import SecretStr
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from dispatchwatch.app.keeping_secrets import KEYRING
from dispatchwatch.app.key_path import Steps
from dispatchwatch.app.secrets import is_reference
from dispatchwatch.desktop import form_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.editor import Editor, Surroundings
from dispatchwatch.desktop.pieces import MarkLabel, button, label, tight, wear
from dispatchwatch.desktop.tokens import Tone


class SecretEditor(Editor):
    """`value` is a reference: `keyring:` once something was typed in, which is in `typed` until it is kept. What is
    typed as `env:NAME` or `file:PATH` is a reference itself."""

    def __init__(self, room: DeskRoom, surroundings: Surroundings) -> None:
        super().__init__(room)
        self._can_keep = surroundings.can_keep
        self._stands = ""
        self._own: SecretStr | None = None
        self.edit = QLineEdit()
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.show_it = button(form_phrases.SHOW)
        self.show_it.setCheckable(True)
        self.replace = button(form_phrases.REPLACE)
        self.leave, self.move_it = button(form_phrases.KEEP_OLD, "link"), button(form_phrases.MOVE, "link")
        self._mark, self._state = MarkLabel(room.theme, room.assets, "done", Tone.OK), label(wraps=True)
        self._entering, self._told = QWidget(), QWidget()
        self.hint = label(role="small", wraps=True)
        self._lay_out()
        self._wire()
        self.put(None)

    @property
    def parts(self) -> Sequence[QWidget]:
        return (self.edit,) if self._is_entering else (self.replace,)

    @property
    def value(self) -> Any:
        if self._own is not None:
            return KEYRING
        text = self.edit.text().strip() if self._is_entering else ""
        if not text:
            return self._stands or None
        return text if is_reference(text) or not self._can_keep else KEYRING

    @property
    def typed(self) -> Mapping[Steps, SecretStr]:
        if self._own is not None:
            return {(): self._own}
        text = self.edit.text().strip() if self._is_entering else ""
        return {(): SecretStr(text)} if text and not is_reference(text) and self._can_keep else {}

    def put(self, value: Any) -> None:
        self._stands = "" if value is None else str(value)
        self._own = None
        self.edit.clear()
        self._enter(not self._stands)

    def take(self, secret: SecretStr) -> None:
        """A secret that was brought, as by a sign-in, or typed before this form was left."""
        self._own = secret
        self._enter(False)
        self.changed.emit()

    def _lay_out(self) -> None:
        line, told = QHBoxLayout(self._entering), QHBoxLayout(self._told)
        tight(line, spacing=8)
        tight(told, spacing=8)
        line.addWidget(self.edit, 1)
        line.addWidget(self.show_it)
        told.addWidget(self._mark)
        told.addWidget(self._state, 1)
        told.addWidget(self.move_it)
        told.addWidget(self.replace)
        column = QVBoxLayout(self)
        tight(column, spacing=4)
        for widget in (self._entering, self._told, self.hint):
            column.addWidget(widget)
        below = QHBoxLayout()
        below.addWidget(self.leave)
        below.addStretch(1)
        column.addLayout(below)

    def _wire(self) -> None:
        self.edit.textEdited.connect(lambda _text: self.changed.emit())
        self.show_it.toggled.connect(self._show)
        self.replace.clicked.connect(self._replace)
        self.leave.clicked.connect(self._leave)
        self.move_it.clicked.connect(lambda: self.take(SecretStr(self._stands)))

    @property
    def _is_entering(self) -> bool:
        return not self._entering.isHidden()

    def _enter(self, entering: bool) -> None:
        in_clear = bool(self._stands) and not is_reference(self._stands) and self._own is None
        self._entering.setVisible(entering)
        self._told.setVisible(not entering)
        self.leave.setVisible(entering and bool(self._stands))
        self.hint.setText(form_phrases.WILL_BE_KEPT if self._can_keep else form_phrases.NO_KEYRING)
        self.hint.setVisible(entering)
        self.move_it.setVisible(in_clear and self._can_keep)
        self.show_it.setChecked(False)
        said = form_phrases.STANDS_IN_FILE if in_clear else form_phrases.read_from(self._stands)
        self._state.setText(form_phrases.TYPED_KEEPS if self._own is not None else said)
        self._mark.wear("warning" if in_clear else "done", Tone.SOON if in_clear else Tone.OK)
        wear(self._state, Tone.SOON if in_clear else Tone.TEXT)

    def _show(self, shown: bool) -> None:
        self.edit.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self.show_it.setText(form_phrases.HIDE if shown else form_phrases.SHOW)

    def _replace(self) -> None:
        self._own = None
        self._enter(True)
        self.edit.setFocus()

    def _leave(self) -> None:
        self.put(self._stands or None)
        self.replace.setFocus()
        self.changed.emit()
