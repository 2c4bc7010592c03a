"""What a page asks of the window: to go somewhere, or to open a dialog. Whoever can do it listens."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Wishes(QObject):
    """`visit`, `note` and `link` carry the key of a visit, `acknowledge` and `resolve` the numbers of alerts, `page`
    its name, `settings` the name of a section. `reassign` carries a visit’s key and the technician it was dragged to,
    or None. `check_toasts` opens the self-test, `set_up` the first start.
    """

    visit = Signal(object)
    note = Signal(object)
    link = Signal(object)
    acknowledge = Signal(object)
    resolve = Signal(object)
    page = Signal(str)
    settings = Signal(str)
    reassign = Signal(object, object)
    wallboard = Signal()
    check_toasts = Signal()
    set_up = Signal()
