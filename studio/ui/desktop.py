"""Notifications of the desktop: over D-Bus where there is one, else from the tray; nothing where there is neither."""

import os
import sys
import threading
from html import escape
from pathlib import Path
from typing import Final

from PySide6.QtCore import Q_ARG, QMetaObject, Qt, QThreadPool, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QSystemTrayIcon

_SERVICE: Final = "org.freedesktop.Notifications"
_PATH: Final = "/org/freedesktop/Notifications"
_PATIENCE_MS: Final = 2000
_SHOWN_MS: Final = 12_000


def send(title: str, sentence: str) -> None:
    """Have the desktop show it. Returns at once; a desktop that cannot is no failure."""
    if QApplication.platformName() in {"offscreen", "minimal"}:
        return  # nobody sits before it
    if sys.platform in {"win32", "darwin"}:
        _by_tray(title, sentence)
    elif _has_bus():
        # The bus answers when it likes, and the window does not wait.
        QThreadPool.globalInstance().start(lambda: send_by_bus(title, sentence))


def send_by_bus(title: str, sentence: str) -> bool:
    """Tell the notification service of the session; whether it took it. Waits for it: not for the window's thread.

    See the Desktop Notifications Specification, https://specifications.freedesktop.org/notification-spec/.
    """
    from PySide6.QtDBus import QDBusConnection, QDBusInterface

    name = f"batchcast {threading.get_ident()}"
    bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, name)
    try:
        if not bus.isConnected():
            return False
        service = QDBusInterface(_SERVICE, _PATH, _SERVICE, bus)
        if not service.isValid():
            return False
        service.setTimeout(_PATIENCE_MS)
        # By the types that the service itself declares: a Python number has none, and it wants an unsigned one.
        said = (
            Q_ARG("QString", "Batchcast"),
            Q_ARG("uint", 0),  # replaces none
            Q_ARG("QString", "batchcast"),
            Q_ARG("QString", title),
            Q_ARG("QString", escape(sentence, quote=False)),  # its body is marked up
            Q_ARG("QStringList", []),
            Q_ARG("QVariantMap", {"desktop-entry": "batchcast"}),
            Q_ARG("int", -1),  # as long as the desktop shows such things
        )
        return bool(QMetaObject.invokeMethod(service, "Notify", Qt.ConnectionType.DirectConnection, *said))
    finally:
        QDBusConnection.disconnectFromBus(name)


def _has_bus() -> bool:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS")) or bool(runtime and (Path(runtime) / "bus").exists())


def _by_tray(title: str, sentence: str) -> None:
    window = next(each for each in QApplication.topLevelWidgets() if isinstance(each, QMainWindow))
    tray = QSystemTrayIcon(QApplication.windowIcon(), window)
    if not (QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()):
        tray.deleteLater()
        return
    tray.messageClicked.connect(window.activateWindow)
    tray.show()
    tray.showMessage(title, sentence, QApplication.windowIcon())
    QTimer.singleShot(_SHOWN_MS, tray, tray.deleteLater)
