# ruff: noqa: ARG002, N802, PLR0917 - the methods and signals of the protocol, by its own names
"""A desktop's notification daemon on a session bus of its own: it takes toasts, and presses what it is told to."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import NamedTemporaryFile
from typing import Annotated

from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusDict, DBusInt32, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_signal

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
DISMISSED, TAKEN_BACK = 2, 3
Words = Annotated[list[str], DBusSignature("as")]
Info = Annotated[tuple[str, str, str, str], DBusSignature("ssss")]
Pressed = Annotated[tuple[int, str], DBusSignature("us")]
Closed = Annotated[tuple[int, int], DBusSignature("uu")]
Nothing = Annotated[None, DBusSignature("")]


@dataclass(frozen=True, slots=True)
class Shown:
    """A toast as the daemon was asked for it. `actions` are keys, each followed by its words."""

    number: int
    title: str
    body: str
    actions: tuple[str, ...]
    urgency: int

    @property
    def buttons(self) -> dict[str, str]:
        pairs = dict(zip(self.actions[::2], self.actions[1::2], strict=True))
        return {key: words for key, words in pairs.items() if key != "default"}


BUS = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@contextmanager
def session_bus() -> Iterator[str]:
    """The address of a bus that nobody else is on: of what this computer would start by itself it knows nothing."""
    with NamedTemporaryFile("w", suffix=".conf", encoding="utf-8") as config:
        config.write(BUS)
        config.flush()
        yield from _bus(["dbus-daemon", "--config-file", config.name, "--nofork", "--nopidfile", "--print-address"])


def _bus(command: list[str]) -> Iterator[str]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


class Desktop(ServiceInterface):
    def __init__(self, capabilities: Sequence[str], on_shown: Callable[[Shown], None]) -> None:
        super().__init__(NAME)
        self._capabilities = list(capabilities)
        self._on_shown = on_shown
        self._count = 0
        self.answers = asyncio.Event()
        self.answers.set()
        self.taken_back: list[int] = []

    @dbus_method()
    def GetCapabilities(self) -> Words:
        return self._capabilities

    @dbus_method()
    def GetServerInformation(self) -> Info:
        return "pretend", "tests", "1", "1.2"

    @dbus_method()
    async def Notify(
        self,
        app: DBusStr,
        replaces: DBusUInt32,
        icon: DBusStr,
        summary: DBusStr,
        body: DBusStr,
        actions: Words,
        hints: DBusDict,
        timeout: DBusInt32,  # noqa: ASYNC109 - the protocol's own
    ) -> DBusUInt32:
        await self.answers.wait()
        self._count += 1
        self._on_shown(Shown(self._count, summary, body, tuple(actions), hints["urgency"].value))
        return self._count

    @dbus_method()
    def CloseNotification(self, number: DBusUInt32) -> Nothing:
        self.taken_back.append(number)
        self.NotificationClosed(number, TAKEN_BACK)

    @dbus_signal()
    def ActionInvoked(self, number: int, key: str) -> Pressed:
        return number, key

    @dbus_signal()
    def NotificationClosed(self, number: int, reason: int) -> Closed:
        return number, reason


class NotificationDaemon:
    """Lives in a thread of its own, as another program would. `with` starts and ends it."""

    def __init__(self, address: str, capabilities: Sequence[str] = ("actions", "body", "body-markup")) -> None:
        self._address = address
        self._capabilities = capabilities
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._live, name="notification daemon", daemon=True)
        self._there = threading.Event()
        self.shown: list[Shown] = []

    def __enter__(self) -> NotificationDaemon:
        self._thread.start()
        assert self._there.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._desktop.answers.set)
        self._loop.call_soon_threadsafe(self._bus.disconnect)
        self._thread.join(10)

    @property
    def taken_back(self) -> list[int]:
        return self._desktop.taken_back

    def press(self, shown: Shown, key: str) -> None:
        self._loop.call_soon_threadsafe(self._desktop.ActionInvoked, shown.number, key)

    def hang(self) -> None:
        """From here on it takes toasts and does not answer."""
        self._loop.call_soon_threadsafe(self._desktop.answers.clear)

    def _live(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._bus = await MessageBus(self._address).connect()
        self._desktop = Desktop(self._capabilities, self.shown.append)
        self._bus.export(PATH, self._desktop)
        await self._bus.request_name(NAME)
        self._there.set()
        await self._bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
        # What it was still asked is answered to nobody.
        await asyncio.sleep(0)
