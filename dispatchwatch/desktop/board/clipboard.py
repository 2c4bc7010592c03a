"""Rows as they go to the clipboard: cells that a spreadsheet takes as they are, sentences, or numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from PySide6.QtGui import QGuiApplication

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import board_phrases, phrases
from dispatchwatch.desktop.board.cells import words
from dispatchwatch.desktop.board.columns import Column

FORMULA = re.compile(r"^\s*[=+\-@|]")
BREAKS = re.compile(r"\s*[\r\n\t\v\f]+\s*")


def as_cells(rows: Iterable[BoardRow], columns: Sequence[Column], now: datetime) -> str:
    """A line of heads and one for each row, between tabs: a spreadsheet makes cells of it."""
    heads = ["Visit", *(board_phrases.COLUMN_NAMES[column] for column in columns)]
    lines = [heads]
    lines += [[row.visit.ext_id, *(words(row, column, now=now) for column in columns)] for row in rows]
    return "\n".join("\t".join(safe(cell) for cell in line) for line in lines)


def as_text(rows: Iterable[BoardRow]) -> str:
    return "\n".join(phrases.row_sentence(row) for row in rows)


def as_numbers(rows: Iterable[BoardRow]) -> str:
    return "\n".join(row.visit.ext_id for row in rows)


def safe(cell: str) -> str:
    """One cell: what a spreadsheet would take for a formula is defused, and nothing in it begins another cell."""
    text = BREAKS.sub(" ", cell).strip()
    text = f"'{text}" if FORMULA.match(text) else text
    return '"' + text.replace('"', '""') + '"' if '"' in text else text


def put(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
