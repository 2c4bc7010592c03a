"""Who wants to know what happens: a plain list of listeners, called in order on the engine's thread."""

from __future__ import annotations

from collections.abc import Callable

from dispatchwatch.app.events import Event

Listener = Callable[[Event], None]


class Bus:
    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> None:
        """`listener` must return at once; it is called on the engine's thread."""
        self._listeners.append(listener)

    def publish(self, event: Event) -> None:
        for listener in self._listeners:
            listener(event)
