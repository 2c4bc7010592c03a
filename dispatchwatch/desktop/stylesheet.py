"""The style sheet of the whole window, built from the tokens: no widget is left in its default look."""

from __future__ import annotations

import re

from dispatchwatch.desktop.tokens import Tokens, mix


def build(tokens: Tokens, scale: float) -> str:
    """Lengths are those of the design at 13 px text; `scale` enlarges them with it. Hairlines stay hairlines."""
    colours = {name: str(getattr(tokens, name)) for name in Tokens.__slots__} | _shades(tokens)
    sheet = "".join((BASE, BUTTONS, FIELDS, VIEWS, PANELS))
    sheet = re.sub(r"(\d+)px", lambda length: f"{_scaled(int(length[1]), scale)}px", sheet)
    return re.sub(r"@(\w+)", lambda name: colours[name[1]], sheet)


def _scaled(length: int, scale: float) -> int:
    return length if length <= 2 else round(length * scale)


def _shades(tokens: Tokens) -> dict[str, str]:
    """What the tokens look like under the pointer, pressed, or only as a breath of colour."""
    return {
        "hover": mix(tokens.text, tokens.surface, 0.06),
        "press": mix(tokens.text, tokens.surface, 0.12),
        "hover_window": mix(tokens.text, tokens.window, 0.06),
        "accent_hover": mix("#FFFFFF" if tokens.dark else "#000000", tokens.accent, 0.12),
        "accent_tint": mix(tokens.accent, tokens.surface, 0.12),
        "late_tint": mix(tokens.late, tokens.surface, 0.10),
        "scroll": mix(tokens.text, tokens.surface, 0.26),
        "scroll_hover": mix(tokens.text, tokens.surface, 0.42),
        "disabled_line": mix(tokens.field, tokens.surface, 0.5),
    }


BASE = """
* { outline: none; }
QWidget { color: @text; }
QMainWindow, QDialog, #page { background: @window; }
QLabel { background: transparent; }
QLabel[role="muted"] { color: @muted; }
QLabel[role="small"] { color: @muted; font-size: 11px; }
QLabel[role="strong"] { font-size: 15px; font-weight: 600; }
QLabel[role="title"] { font-size: 20px; font-weight: 600; }
QLabel[role="clock"] { font-size: 28px; font-weight: 600; }
QLabel[role="figure"] { font-size: 20px; font-weight: 600; }
QLabel[role="problem"] { color: @late; }
QLabel[role="label"] { font-weight: 600; }
QLabel[tone="late"] { color: @late; }
QLabel[tone="soon"] { color: @soon; }
QLabel[tone="ok"] { color: @ok; }
QLabel[tone="info"] { color: @info; }
QLabel[tone="idle"] { color: @idle; }
QToolTip { background: @text; color: @surface; border: 0; padding: 6px 8px; font-size: 12px; }
QSplitter::handle { background: transparent; }
"""

BUTTONS = """
QPushButton { background: @surface; border: 1px solid @field; border-radius: 6px; padding: 4px 12px; min-height: 20px; }
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @press; }
QPushButton:focus { border: 2px solid @accent; padding: 3px 11px; }
QPushButton:disabled { color: @idle; border-color: @disabled_line; }
QPushButton::menu-indicator { image: none; width: 0; }
QPushButton[kind="primary"] { background: @accent; color: @on_accent; border: 1px solid @accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: @accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid @text; padding: 3px 11px; }
QPushButton[kind="primary"]:disabled { background: @disabled_line; color: @muted; border-color: @disabled_line; }
QPushButton[kind="quiet"] { background: transparent; border: 1px solid transparent; color: @muted; padding: 4px 8px; }
QPushButton[kind="quiet"]:hover { background: @hover_window; color: @text; }
QPushButton[kind="quiet"]:focus { border: 2px solid @accent; padding: 3px 6px; }
QPushButton[kind="link"] { background: transparent; border: 1px solid transparent; color: @accent; padding: 2px 4px; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border: 1px solid @accent; }
QPushButton[kind="danger"] { color: @late; }
QPushButton[kind="danger"]:hover { background: @late_tint; }
QPushButton[kind="chip"] { background: transparent; border: 1px solid transparent; border-radius: 6px; color: @muted;
  padding: 4px 8px; min-height: 18px; }
QPushButton[kind="chip"]:hover { background: @hover_window; color: @text; }
QPushButton[kind="chip"]:checked { background: @accent_tint; color: @accent; font-weight: 600; }
QPushButton[kind="chip"]:focus { border: 1px solid @accent; }
QPushButton[kind="pill"] { background: @surface; border: 1px solid @line; border-radius: 6px; padding: 4px 10px; }
QPushButton[kind="pill"]:hover { background: @hover; }
QPushButton[kind="pill"]:focus { border: 1px solid @accent; }
QPushButton[kind="stat"] { background: @surface; border: 1px solid @line; border-radius: 6px; padding: 4px 12px; }
QPushButton[kind="stat"]:hover { background: @hover; }
QPushButton[kind="stat"]:checked { border: 1px solid @accent; }
QPushButton[kind="stat"]:focus { border: 2px solid @accent; padding: 3px 11px; }
QPushButton[kind="person"] { background: transparent; border: 1px solid transparent; border-radius: 6px;
  padding: 6px 8px; text-align: left; font-size: 15px; font-weight: 600; }
QPushButton[kind="person"]:hover { background: @hover; }
QPushButton[kind="person"]:checked { background: @accent_tint; color: @accent; }
QPushButton[kind="person"]:focus { border: 1px solid @accent; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 6px; }
QToolButton:hover { background: @hover_window; }
QToolButton:pressed { background: @press; }
QToolButton:focus { border: 1px solid @accent; }
QToolButton:checked { background: @accent_tint; }
QToolButton::menu-indicator { image: none; width: 0; }
QToolButton[kind="rail"] { border-radius: 6px; padding: 8px 2px 6px 2px; color: @muted; font-size: 11px; }
QToolButton[kind="rail"]:checked { background: @accent_tint; color: @accent; font-weight: 600; }
QToolButton#chipClose { padding: 2px; }
QPushButton[kind="tick"] { background: transparent; border: 1px solid @field; border-radius: 6px; padding: 4px 10px; }
QPushButton[kind="tick"]:hover { background: @hover; }
QPushButton[kind="tick"]:checked { background: @accent_tint; color: @accent; border: 1px solid @accent; }
QPushButton[kind="tick"]:focus { border: 2px solid @accent; padding: 3px 9px; }
QPushButton[kind="view"] { background: transparent; border: 1px solid transparent; padding: 4px 8px; font-weight: 600; }
QPushButton[kind="view"]:hover { background: @hover_window; }
QPushButton[kind="view"]:focus { border: 1px solid @accent; padding: 4px 8px; }
QPushButton[kind="filter"] { background: @accent_tint; border: 1px solid transparent; padding: 2px 8px; }
QPushButton[kind="filter"]:hover { border: 1px solid @accent; }
QPushButton[kind="filter"]:focus { border: 1px solid @accent; padding: 2px 8px; }
"""

FIELDS = """
QLineEdit, QPlainTextEdit, QTimeEdit, QComboBox { background: @surface; border: 1px solid @field; border-radius: 6px;
  padding: 4px 8px; min-height: 20px; selection-background-color: @accent; selection-color: @on_accent; }
QLineEdit:focus, QPlainTextEdit:focus, QTimeEdit:focus, QComboBox:focus { border: 2px solid @accent; padding: 3px 6px; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"] { border: 1px solid @late; }
QLineEdit[wrong="true"]:focus, QPlainTextEdit[wrong="true"]:focus { border: 2px solid @late; padding: 3px 6px; }
QLineEdit:disabled, QTimeEdit:disabled, QComboBox:disabled { color: @idle; border-color: @disabled_line; }
QTimeEdit QLineEdit { background: transparent; border: 0; padding: 0 6px; min-height: 0; }
QTimeEdit::up-button, QTimeEdit::down-button { width: 0; border: 0; }
QComboBox::drop-down { border: 0; width: 20px; }
QComboBox::down-arrow { image: none; width: 0; }
QComboBox QAbstractItemView { background: @surface; border: 1px solid @line; padding: 4px; outline: none;
  selection-background-color: @accent_tint; selection-color: @text; }
QComboBox QAbstractItemView::item { min-height: 28px; padding: 0 8px; }
QComboBox[wrong="true"], QTimeEdit[wrong="true"] { border: 1px solid @late; }
#offers { background: @surface; border: 1px solid @field; padding: 4px; }
#offers::item { min-height: 28px; padding: 0 8px; }
#offers::item:selected { background: @accent_tint; color: @text; }
QMenu { background: @surface; border: 1px solid @field; border-radius: 6px; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::icon { padding-left: 8px; }
QMenu::item:selected { background: @accent_tint; color: @text; }
QMenu::item:disabled { color: @idle; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
"""

VIEWS = """
QAbstractScrollArea { background: @surface; border: 0; }
QTableView, QListView, QScrollArea { background: @surface; border: 0; }
QScrollArea > QWidget > QWidget { background: transparent; }
#strip, #sheet, #cards { background: @window; }
QHeaderView { background: @surface; border: 0; }
QHeaderView::section { background: @surface; color: @muted; border: 0; border-bottom: 1px solid @line;
  padding: 6px 8px; font-size: 11px; }
#boardHeader::section { padding: 6px 0; }
#boardHeader::section:first { padding: 6px 16px 6px 0; }
#sentHeader::section:first { padding: 6px 8px 6px 16px; }
QTableCornerButton::section { background: @surface; border: 0; }
QPlainTextEdit { border: 1px solid @field; border-radius: 6px; }
QPlainTextEdit:focus { border: 2px solid @accent; }
QPlainTextEdit[wrong="true"] { border: 1px solid @late; }
QPlainTextEdit[wrong="true"]:focus { border: 2px solid @late; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @scroll; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @scroll_hover; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""

PANELS = """
#card { background: @surface; border: 1px solid @line; border-radius: 6px; }
FeedCard#card:checked { border: 1px solid @accent; }
FeedCard#card:hover { border: 1px solid @field; }
FeedCard#card:focus { border: 2px solid @accent; }
#header { background: @surface; border-bottom: 1px solid @line; }
#rail { background: @window; border-right: 1px solid @line; }
#watchLine { background: @surface; border-bottom: 1px solid @line; }
#watchLine[tone="late"] { background: @late_tint; }
#bar { background: @surface; border-bottom: 1px solid @line; min-height: 46px; }
#problems::item { padding: 0 8px; border-bottom: 1px solid @line; }
#problems::item:selected { background: @accent_tint; color: @text; }
#side { background: @surface; border-left: 1px solid @line; }
#pane { background: @surface; border-left: 1px solid @line; }
#form { background: @sunken; border-radius: 6px; }
#group { background: transparent; border: 1px solid @line; border-radius: 6px; }
#preview { background: @sunken; border: 1px solid @line; border-radius: 6px; }
#options, #help { background: @surface; border: 1px solid @line; border-radius: 6px; }
#options:focus { border: 1px solid @accent; }
#found { background: @surface; border: 1px solid @line; border-radius: 6px; }
#found::item { padding: 0 8px; border-bottom: 1px solid @line; }
#found::item:selected { background: @accent_tint; color: @text; }
#choices::indicator { width: 14px; height: 14px; border: 1px solid @field; border-radius: 4px; background: @surface; }
#choices::indicator:checked { background: @accent; border: 1px solid @accent; }
#nameChip { background: @accent_tint; border-radius: 6px; }
#notice { background: @surface; border: 1px solid @field; border-radius: 6px; }
#badge { background: @late; color: @surface; border-radius: 7px; font-size: 11px; font-weight: 600; padding: 0 4px;
  min-height: 14px; max-height: 14px; min-width: 6px; }
#strip_bar { background: @surface; border-bottom: 1px solid @line; }
#popup { background: @surface; border: 1px solid @field; }
#choices { background: @surface; border: 1px solid @line; padding: 4px; }
#choices::indicator { width: 14px; height: 14px; border: 1px solid @field; border-radius: 4px; background: @surface; }
#choices::indicator:checked { background: @accent; border: 1px solid @accent; }
#navigation { background: @window; border-right: 1px solid @line; border-bottom: 1px solid @line; }
#sections { background: transparent; border: 0; }
#sections::item { padding: 0 10px; border-radius: 6px; }
#sections::item:hover { background: @hover_window; }
#sections::item:selected { background: @accent_tint; color: @accent; }
#sections::item:selected:focus { border: 1px solid @accent; }
#settingsBar { background: @surface; border-top: 1px solid @line; min-height: 46px; }
QProgressBar { background: @sunken; border: 1px solid @line; border-radius: 4px; min-height: 6px; max-height: 6px; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
"""
