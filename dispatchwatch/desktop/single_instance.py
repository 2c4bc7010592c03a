"""One window per data folder: a second start raises the first one's window."""

from __future__ import annotations

import getpass
import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

RAISE, RAISED = b"raise\n", b"raised\n"
PATIENCE = 1000


class SingleInstance(QObject):
    """`raise_wanted` when another start asked for the window."""

    raise_wanted = Signal()

    def __init__(self, data: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = socket_name(data)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)

    def claim(self) -> bool:
        """Whether this is the first. If not, the first has been asked to show itself and has answered."""
        if ask_to_raise(self._name):
            return False
        # Nobody answered: what may lie there is the socket of a program that was killed.
        QLocalServer.removeServer(self._name)
        self._server.listen(self._name)
        return True

    def release(self) -> None:
        self._server.close()

    @Slot()
    def _greet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.setParent(self)
            socket.readyRead.connect(self._answer)
            socket.disconnected.connect(socket.deleteLater)

    @Slot()
    def _answer(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket) and bytes(socket.readAll().data()).startswith(RAISE.strip()):
            socket.write(RAISED)
            socket.flush()
            self.raise_wanted.emit()


def ask_to_raise(name: str) -> bool:
    """Asks the program that is already running to show its window; False if there is none that answers."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(PATIENCE):
        return False
    socket.write(RAISE)
    socket.waitForBytesWritten(PATIENCE)
    came = socket.bytesAvailable() > 0 or socket.waitForReadyRead(PATIENCE)
    answered = came and bytes(socket.readAll().data()) == RAISED
    socket.disconnectFromServer()
    return answered


def socket_name(data: Path) -> str:
    """Of this user and this data folder only."""
    identity = f"{getpass.getuser()}|{data.resolve()}"
    return f"dispatchwatch-{hashlib.sha256(identity.encode()).hexdigest()[:24]}"
