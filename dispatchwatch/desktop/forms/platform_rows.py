"""The platforms as lines of a list: name, what it does, and what it can."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from dispatchwatch.app.platform_lines import PlatformLine, platform_lines
from dispatchwatch.desktop import channel_phrases
from dispatchwatch.desktop.forms.two_lines import ASIDE, BELOW, NAME

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
KEY = Qt.ItemDataRole.UserRole


class PlatformRows(QAbstractListModel):
    """By name; `search` narrows them."""

    def __init__(self) -> None:
        super().__init__()
        self._all = platform_lines()
        self._shown = list(self._all)
        self._does: Mapping[str, str] = {}
        self._words = ""

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(one.key for one in self._all)

    def tell(self, does: Mapping[str, str]) -> None:
        """What each does, in a sentence."""
        self._does = does
        self._narrow()

    def search(self, words: str) -> None:
        self._words = words.casefold().strip()
        self._narrow()

    def place_of(self, key: str) -> int:
        return next((place for place, one in enumerate(self._shown) if one.key == key), -1)

    def rowCount(self, parent: Index = NO_INDEX) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = 0) -> Any:
        if not index.isValid():
            return None
        one = self._shown[index.row()]
        match role:
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{one.name}. {self._does.get(one.key, '')} {self._can(one)}."
            case Qt.ItemDataRole.ToolTipRole:
                return channel_phrases.LISTENS_MEANING if one.listens else channel_phrases.DEAF_MEANING
        return {KEY: one.key, NAME: one.name, BELOW: self._does.get(one.key, ""), ASIDE: self._can(one)}.get(role)

    def _narrow(self) -> None:
        self.beginResetModel()
        self._shown = [
            one for one in self._all if self._words in f"{one.name} {self._does.get(one.key, '')}".casefold()
        ]
        self.endResetModel()

    @staticmethod
    def _can(one: PlatformLine) -> str:
        return channel_phrases.does(one.operations, listens=one.listens)
