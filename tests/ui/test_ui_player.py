"""Playing: without a device, without QtMultimedia, and, where there is a sound server to be had, for the ear."""

import json
import os
import shutil
import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtMultimedia import QMediaDevices
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from studio.ui.player import NO_DEVICE, SPEEDS, Player

RATE_HZ, TONE_HZ = 44_100, 440


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    path = tmp_path / "tone.wav"
    sound = 0.2 * np.sin(2 * np.pi * TONE_HZ * np.arange(30 * RATE_HZ) / RATE_HZ)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes((sound * 32767).astype("<i2").tobytes())
    return path


@pytest.fixture
def player(qapp: object) -> Iterator[Player]:
    made = Player()
    yield made
    made.shut()
    made.deleteLater()


@pytest.mark.skipif(bool(QMediaDevices.audioOutputs()), reason="this machine can be heard")
def test_without_a_device_everything_but_the_sound_goes_on(player: Player, tone: Path) -> None:
    said, at = QSignalSpy(player.troubled), QSignalSpy(player.position_changed)
    player.load(tone)
    player.play(2.0, 3.0)
    assert said.at(said.count() - 1) == [NO_DEVICE]
    assert not player.playing
    assert player.position == 2.0
    player.seek(5.0)
    assert at.at(at.count() - 1) == [5.0]
    player.faster()
    assert said.at(said.count() - 1) == [NO_DEVICE]
    player.back()
    assert player.position == 2.0
    player.toggle()
    player.pause()
    assert not player.playing


def test_the_speed_goes_up_by_steps_and_back_down_to_hear_it_again(player: Player) -> None:
    speeds = QSignalSpy(player.speed_changed)
    for speed in SPEEDS[1:]:
        player.set_speed(speed)
    player.seek(20.0)
    went = []
    for _ in range(4):
        player.back()
        went.append((player.speed, player.position))
    assert [speed for speed, _ in went] == [1.5, 1.25, 1.0, 1.0]
    assert [at for _, at in went] == [15.5, 11.75, 8.75, 5.75]  # three seconds as they are heard
    assert speeds.count() == 6
    for _ in range(3):
        player.back()
    assert player.position == 0.0


def test_going_elsewhere_forgets_the_stretch_and_going_back_within_keeps_it(player: Player, tone: Path) -> None:
    player.load(tone)
    player.play(4.0, 9.0, again_from=3.0)
    assert player.stretch is not None
    assert (player.stretch.start_s, player.stretch.until_s, player.stretch.again) == (3.0, 9.0, True)
    player.repeat(False)
    player.back()
    assert player.stretch is not None
    assert not player.stretch.again
    player.seek(6.0)
    assert player.stretch is None


def test_a_system_without_the_library_for_sound_is_told_so(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "studio.ui.deck", None)  # as an import that fails leaves it
    said = QSignalSpy(player.troubled)
    player.load(Path("/nowhere/episode.mp3"))
    player.play(1.0)
    assert said.count() > 0
    assert "cannot play sound" in said.at(0)[0]
    assert player.position == 1.0
    player.pause()


def test_a_file_that_is_gone_is_named(player: Player, tmp_path: Path, qtbot: QtBot) -> None:
    said = QSignalSpy(player.troubled)
    player.wake()
    player.load(tmp_path / "gone.mp3")
    qtbot.waitUntil(lambda: said.count() > 0)
    assert said.at(said.count() - 1)[0].startswith("“gone.mp3” cannot be played (")


class Server:
    """A sound server with two outputs that are heard by nobody, and a player on it in a process of its own."""

    def __init__(self, folder: Path, *sounds: Path) -> None:
        socket = folder / "native"
        self._environment = {
            **os.environ,
            "PULSE_SERVER": f"unix:{socket}",
            "XDG_RUNTIME_DIR": str(folder),
            "HOME": str(folder),
            "QT_QPA_PLATFORM": "offscreen",
        }
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disable-shm=yes"]
        listening = f"module-native-protocol-unix socket={socket} auth-anonymous=1"
        self._server = subprocess.Popen(
            [*command, "-L", listening], env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while not socket.exists() and self._server.poll() is None:
            time.sleep(0.05)
        self.sinks = {name: self.plug(name) for name in ("Headphones", "Loudspeakers")}
        self._listener = subprocess.Popen(
            [sys.executable, "-m", "tests.ui.listen", *map(str, sounds)],
            env=self._environment,
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def plug(self, name: str) -> str:
        sink = ("load-module", "module-null-sink", "norewinds=1", f"sink_name={name}")
        return self._pactl(*sink, f"sink_properties=device.description={name}")

    def unplug(self, name: str) -> None:
        self._pactl("unload-module", self.sinks[name])

    def ask(self, order: str) -> dict[str, Any]:
        assert self._listener.stdin is not None
        assert self._listener.stdout is not None
        self._listener.stdin.write(order + "\n")
        self._listener.stdin.flush()
        found: dict[str, Any] = json.loads(self._listener.stdout.readline())
        return found

    def hear(self, seconds: float = 0.7) -> tuple[float, float]:
        """The pitch in Hz and the level (RMS) of what comes out of the headphones."""
        command = ["parec", "-d", "Headphones.monitor", "--format=s16le", f"--rate={RATE_HZ}", "--channels=1"]
        with subprocess.Popen(command, env=self._environment, stdout=subprocess.PIPE) as recording:
            assert recording.stdout is not None
            heard = recording.stdout.read(int(seconds * RATE_HZ) * 2)
            recording.terminate()
        sound = np.frombuffer(heard, "<i2").astype(float)[-RATE_HZ // 3 :]
        spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
        return float(np.argmax(spectrum)) * RATE_HZ / len(sound), float(np.sqrt((sound**2).mean()))

    def close(self) -> None:
        for process in (self._listener, self._server):
            process.terminate()
            process.communicate()

    def _pactl(self, *order: str) -> str:
        return subprocess.run(
            ["pactl", *order], env=self._environment, capture_output=True, text=True, check=True
        ).stdout.strip()


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory, tone: Path) -> Iterator[Server]:
    other = shutil.copy(tone, tone.with_name("other.wav"))
    made = Server(tmp_path_factory.mktemp("pulse"), tone, Path(other))
    yield made
    made.close()


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("pulseaudio"), reason="there is no sound server to be started")
def test_what_is_heard_and_what_happens_when_a_device_goes(server: Server) -> None:
    once = server.ask("stretch")
    assert not once["playing"]
    assert 2.6 <= once["position"] < 3.0
    looped = server.ask("loop")
    heard = [at for at in looped["at"] if at > 0]
    assert min(heard) >= 1.9
    assert max(heard) < 2.8
    assert server.ask("twice")["playing"]
    pitch, level = server.hear()
    assert pitch == pytest.approx(TONE_HZ, abs=5)  # twice as fast, and not an octave higher
    assert level > 100
    other = server.ask("other")  # another file in the midst of this one goes on where it is told to
    assert other["playing"]
    assert other["at"][-1] >= 6.0
    assert min(other["at"][2:]) >= 5.9
    after = server.ask("end")  # from the very end back to a place
    assert 5.5 <= after["position"] < 6.0
    assert min(after["at"]) >= 4.9
    assert server.ask("on")["playing"]
    server.unplug("Headphones")
    lost = server.ask("lost")
    assert not lost["playing"]
    assert "“Headphones” is gone" in lost["said"][-1]
    assert "Loudspeakers" in lost["said"][-1]
    on = server.ask("on")
    assert on["playing"]
    assert on["position"] >= lost["position"]
    server.unplug("Loudspeakers")
    gone = server.ask("lost")
    assert not gone["playing"]
    assert gone["said"][-1].endswith("then press play again.")
    server.sinks["Headphones"] = server.plug("Headphones")
    # Pressed before the system has told of the new one, play asks to be pressed again.
    assert any(server.ask("on")["playing"] for _ in range(2))
