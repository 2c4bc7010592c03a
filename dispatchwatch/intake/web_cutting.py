"""Breaking connections off when their time is up: a source that trickles its headers never falls silent."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Event, Timer
from typing import Any

OPENED = ("connect_tcp.complete", "start_tls.complete")


class Cutting:
    """Knows the connections of one client. TLS puts a socket of its own in the place of the first."""

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []
        self._over = Event()

    def note(self, event: str, told: Mapping[str, Any]) -> None:
        """httpx tells of each connection it opens (its `trace` extension)."""
        if not event.endswith(OPENED):
            return
        found = told["return_value"].get_extra_info("socket")
        if isinstance(found, socket.socket):
            self._sockets = [*(one for one in self._sockets if one.fileno() >= 0), found]
        # one that was being opened while the others were broken off
        if self._over.is_set():
            self._break_off()

    @contextmanager
    def after(self, limit: timedelta) -> Iterator[Event]:
        """The event is set when the time is up; what is read or written from then on fails."""
        over = self._over = Event()

        def end() -> None:
            over.set()
            self._break_off()

        timer = Timer(limit.total_seconds(), end)
        timer.daemon = True
        timer.start()
        try:
            yield over
        finally:
            timer.cancel()

    def _break_off(self) -> None:
        for one in self._sockets:
            with suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)
