"""A second start of the program: it hands what it was given to the window that is open, which comes to the front.

Who may work in a library is decided by its lease alone. The socket here only carries the request, and may be stale.
"""

import hashlib
import json
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication, QWidget

logger = logging.getLogger(__name__)

_CONNECT_MS: Final = 500
_ANSWER_MS: Final = 3_000
_MOST_BYTES: Final = 4_000_000  # some ten thousand paths
_TAKEN: Final = b"taken\n"
_TOKEN: Final = "XDG_ACTIVATION_TOKEN"  # noqa: S105  (by which a desktop lets a window come to the front)


@dataclass(frozen=True, slots=True)
class Request:
    """What a start was given: the name of a project (empty for none), and absolute paths of scripts and folders."""

    project: str = ""
    paths: tuple[Path, ...] = ()

    def to_line(self) -> bytes:
        """As it goes over the socket, with what the desktop gave to come to the front with."""
        paths = [os.fsencode(path).hex() for path in self.paths]  # a name need not be valid Unicode
        told = {"project": self.project, "paths": paths, "token": os.environ.get(_TOKEN, "")}
        return json.dumps(told).encode() + b"\n"


def hand_over(library: Path, request: Request) -> bool:
    """Give `request` to the window that is open on `library`; False where there is none that answers.

    Waits for a local process for a moment: for use on the way to a window, not beside one.
    """
    socket = QLocalSocket()
    socket.connectToServer(_name(library))
    if not socket.waitForConnected(_CONNECT_MS):
        return False
    socket.write(request.to_line())
    answer = b""
    while not answer.endswith(b"\n") and socket.waitForReadyRead(_ANSWER_MS):
        answer += bytes(socket.readAll().data())
    socket.abort()
    return answer == _TAKEN


class Doorman(QObject):
    """Hears of later starts on `library`. To be made by whoever holds the library's lease, and closed before that goes.

    Since only one can hold the lease, a socket that is there already was left by a process that was killed.
    """

    asked = Signal(object)  # Request

    def __init__(self, library: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        name = _name(library)
        QLocalServer.removeServer(name)
        if not self._server.listen(name):
            # The window works all the same; a second start then says that the library is in use.
            logger.info("later starts will not be heard: %s", self._server.errorString())

    def close(self) -> None:
        """Hear no more of them."""
        self._server.close()

    def _greet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            _Guest(socket, self)


class _Guest(QObject):
    """One later start, until it has said what it wants."""

    def __init__(self, socket: QLocalSocket, doorman: Doorman) -> None:
        super().__init__(socket)
        self._socket = socket
        self._doorman = doorman
        self._said = bytearray()
        socket.disconnected.connect(socket.deleteLater)
        socket.readyRead.connect(self._listen)
        QTimer.singleShot(_ANSWER_MS, self, socket.abort)  # whoever says nothing is sent away
        self._listen()

    def _listen(self) -> None:
        self._said += self._socket.readAll().data()
        if not self._said.endswith(b"\n"):
            if len(self._said) > _MOST_BYTES:
                self._socket.abort()
            return
        read = _read(bytes(self._said))
        self._said.clear()
        if read is None:
            self._socket.abort()
            return
        self._socket.write(_TAKEN)
        self._socket.flush()
        request, token = read
        if token:
            os.environ[_TOKEN] = token  # Qt looks for it when a window asks to be in front
        self._doorman.asked.emit(request)


def bring_to_front(window: QWidget) -> None:
    """Show a window that is behind others, or minimised; where the desktop does not allow that, its task blinks."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
    QApplication.alert(window)


def _name(library: Path) -> str:
    """The same for every start of this user on this library, and short: socket paths may have some hundred bytes."""
    whose = f"{Path.home()}\n{library.expanduser().resolve()}"
    name = f"batchcast-{hashlib.sha256(os.fsencode(whose)).hexdigest()[:20]}"
    private = os.environ.get("XDG_RUNTIME_DIR", "")
    return str(Path(private) / name) if private and Path(private).is_dir() else name


def _read(line: bytes) -> tuple[Request, str] | None:
    """What another start said, and its token; None for what no start of this program says."""
    try:
        told: Any = json.loads(line)
        project, token = str(told["project"]), str(told["token"])
        paths: Sequence[Path] = [Path(os.fsdecode(bytes.fromhex(path))) for path in told["paths"]]
    except (ValueError, TypeError, KeyError):
        return None
    return (Request(project, tuple(paths)), token) if all(path.is_absolute() for path in paths) else None
