"""Plays a sound in a process of its own, on the sound server that it is told of, and says what happened.

    python -m tests.ui.listen SOUND OTHER

One JSON object a scene; the test that starts it owns the sound server, and takes devices away between the scenes.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.ui.player import Player

PATIENCE_MS = 15_000


class Listener:
    """Does what it reads on standard input, one word a line, and answers with how the player stands."""

    def __init__(self, sound: Path, other: Path) -> None:
        self.other = other
        self.player = Player()
        self.said: list[str] = []
        self.positions: list[float] = []
        self.player.troubled.connect(self.said.append)
        self.player.position_changed.connect(self.positions.append)
        self.player.load(sound)

    def answer(self, order: str) -> None:
        self.positions.clear()
        player = self.player
        match order:
            case "stretch":
                player.play(2.0, 2.6)
                self.until(lambda: not player.playing)
            case "loop":
                player.play(2.0, 2.4, again_from=2.0)
                self.until(
                    lambda: sum(two < one for one, two in zip(self.positions, self.positions[1:], strict=False)) >= 2
                )
                player.pause()
            case "twice":
                player.set_speed(2.0)
                player.play(3.0)
                self.until(lambda: player.position > 4.0)
            case "other":
                player.pause()
                player.load(self.other)
                player.seek(6.0)
                player.play()
                self.until(lambda: len(set(self.positions)) > 8)
            case "end":
                player.set_speed(1.0)
                player.play(29.6)
                self.until(lambda: not player.playing)
                self.positions.clear()
                player.play(5.0, 5.5)
                self.until(lambda: not player.playing)
            case "on":
                player.play()
                start = player.position
                self.until(lambda: player.position > start + 0.3 or not player.playing)
            case "lost":
                self.until(lambda: not player.playing)
            case _:
                player.shut()
        state = {"playing": player.playing, "position": player.position, "said": self.said, "at": self.positions}
        sys.stdout.write(json.dumps(state) + "\n")
        sys.stdout.flush()

    @staticmethod
    def until(condition: Callable[[], bool]) -> None:
        for _ in range(PATIENCE_MS // 20):
            if condition():
                return
            QTest.qWait(20)


def main() -> None:
    application = QApplication([])
    listener = Listener(*map(Path, sys.argv[1:]))
    for line in sys.stdin:
        listener.answer(line.strip())
    del application


if __name__ == "__main__":
    main()
