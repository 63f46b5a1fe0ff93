"""What a person decided since the window opened, and how it is taken back."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.ui.desk import Desk

MOST = 200  # lines that are kept


@dataclass(frozen=True, slots=True, eq=False)
class Done:
    """Something that was done: in words, when, with which episodes; `back` undoes it, where it can be undone."""

    words: str
    ids: tuple[int, ...]
    at: datetime
    icon: str = "check"
    back: Callable[[], Coroutine[Any, Any, object]] | None = None


class Sitting(QObject):
    """Keeps them in order. Another project begins another sitting."""

    changed = Signal()
    returned = Signal(int)  # the episode whose decision was taken back

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.done: list[Done] = []  # oldest first
        self.turn = asyncio.Lock()  # decisions are made, and taken back, in the order of the keys that were pressed
        desk.opening.connect(self._begin)

    def note(
        self,
        words: str,
        ids: tuple[int, ...],
        icon: str,
        back: Callable[[], Coroutine[Any, Any, object]] | None = None,
        key: str = "",
    ) -> None:
        """Remember what was done, and say so; with the `key` that takes it back, where that is possible."""
        self.done = [*self.done, Done(words, ids, datetime.now().astimezone(), icon, back)][-MOST:]
        self._desk.said.emit(f"{words} · {key} takes it back" if back and key else words)
        self.changed.emit()

    def undo(self) -> None:
        """Take the last one back that can be, once what was asked for before is done."""
        self._desk.spawn(self._undo())

    def take_back(self, done: Done) -> None:
        """Take this one back."""
        if done in self.done and done.back is not None:
            self.done.remove(done)
            self.changed.emit()
            self._desk.spawn(self._in_turn(done, done.back))

    async def _undo(self) -> None:
        async with self.turn:
            last = next((each for each in reversed(self.done) if each.back), None)
            if last is None or last.back is None:
                self._desk.said.emit("There is nothing to take back")
                return
            self.done.remove(last)
            self.changed.emit()
            await self._take_back(last, last.back)

    async def _in_turn(self, done: Done, back: Callable[[], Coroutine[Any, Any, object]]) -> None:
        async with self.turn:
            await self._take_back(done, back)

    async def _take_back(self, done: Done, back: Callable[[], Coroutine[Any, Any, object]]) -> None:
        await back()
        self._desk.said.emit(f"Taken back: {done.words[:1].lower()}{done.words[1:]}")
        if done.ids:
            self.returned.emit(done.ids[0])

    def _begin(self) -> None:
        self.done = []
        self.changed.emit()
