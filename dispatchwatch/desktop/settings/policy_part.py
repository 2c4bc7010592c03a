"""Thresholds, each with an example of what it does in this office, played through by the rules themselves."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtWidgets import QLabel
from shiboken6 import isValid

from dispatchwatch.app.config import Config
from dispatchwatch.app.settings.examples import EXAMPLES, policy_example
from dispatchwatch.desktop.forms.form import Form
from dispatchwatch.desktop.pieces import label, wear
from dispatchwatch.desktop.settings.form_part import FormPart
from dispatchwatch.desktop.settings.state import State
from dispatchwatch.desktop.tasks import aside
from dispatchwatch.desktop.tokens import Tone


class PolicyPart(FormPart):
    """The examples are found one after the other beside the window, and only while they can be seen."""

    _config: Config | None = None
    _finding: asyncio.Task[Any] | None = None

    def show_state(self, state: State) -> None:
        super().show_state(state)
        if state.config is not None and state.config is not self._config:
            self._config = state.config
            if self.isVisible():
                self._find()

    def showEvent(self, event: Any) -> None:  # noqa: N802
        super().showEvent(event)
        self._find()

    def _make(self, state: State) -> Form:
        form = super()._make(state)
        self.examples: dict[str, QLabel] = {}
        for key in form.fields.keys() & EXAMPLES.keys():
            self.examples[key] = made = label(role="small", wraps=True)
            wear(made, Tone.INFO)
            made.hide()
            column = form.fields[key].layout()
            if column is not None:
                column.addWidget(made)
        return form

    def _find(self) -> None:
        if self._finding is not None:
            self._finding.cancel()
        if self._config is not None and self.form is not None:
            self._finding = self._room.tasks.spawn(self._find_all(self._config))

    async def _find_all(self, config: Config) -> None:
        for key in [one.key for one in self.fields if one.key in self.examples]:
            text = await aside(policy_example, config.standards, key)
            if not isValid(self):
                return
            self.examples[key].setText(text)
            self.examples[key].setVisible(bool(text))
