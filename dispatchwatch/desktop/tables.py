"""What all our tables have in common: whole rows, smooth scrolling, heights and widths that are ours to set."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from dispatchwatch.desktop import texts


def settle(table: QTableView, name: str, header: str) -> None:
    """Dresses a table. `name` is for screen readers, `header` what the style sheet calls its header."""
    table.setAccessibleName(name)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setMouseTracking(True)
    table.setTabKeyNavigation(False)
    table.setCornerButtonEnabled(False)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    across = table.horizontalHeader()
    across.setObjectName(header)
    across.setAccessibleName(texts.COLUMNS)
    across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    across.setSectionsClickable(False)
    across.setHighlightSections(False)
