"""The inbox of the office software's events: kept in the store, read from memory by feeds in threads of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from threading import Lock

from dispatchwatch.intake.webhook import KEPT, REMEMBERED, Letter
from dispatchwatch.store.inbox import Inbox


class KeptInbox:
    """Implements `intake.webhook.Inbox`. `keep` and `forget` belong on the engine's thread."""

    def __init__(self, inbox: Inbox, feeds: Iterable[str]) -> None:
        """`feeds` are those whose events tell of visits; of the others nothing is ever read again."""
        self._inbox = inbox
        self._lock = Lock()
        self._letters = {feed: [Letter(*kept) for kept in inbox.of_feed(feed)] for feed in feeds}

    def keep(self, feed: str, marks: Sequence[str], body: bytes, at: datetime) -> bool:
        number = self._inbox.keep(feed, marks, body, at)
        if number is None:
            return False
        if feed in self._letters:
            with self._lock:
                self._letters[feed].append(Letter(number, at, body))
        return True

    def after(self, feed: str, number: int) -> Sequence[Letter]:
        with self._lock:
            return [letter for letter in self._letters.get(feed, ()) if letter.number > number]

    def forget(self, now: datetime) -> None:
        """Lets go of what was kept long enough."""
        self._inbox.forget(letters_before=now - KEPT, marks_before=now - REMEMBERED)
        with self._lock:
            for letters in self._letters.values():
                letters[:] = [letter for letter in letters if letter.at >= now - KEPT]
