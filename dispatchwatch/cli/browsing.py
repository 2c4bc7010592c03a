"""Opening a page in the browser of whoever sits at this computer."""

from __future__ import annotations

import threading
import webbrowser
from contextlib import suppress


def open_page(address: str) -> None:
    """Opens it where that can be done; whoever calls has shown the address. Returns at once: some browsers end only
    when they are closed."""
    threading.Thread(target=_open, args=(address,), name="browser", daemon=True).start()


def _open(address: str) -> None:
    with suppress(webbrowser.Error):
        browser = webbrowser.get()
        # One in the terminal itself would take it away from us; it is of exactly this class.
        if type(browser) is not webbrowser.GenericBrowser:
            browser.open(address)
