"""From one take to another at the same spoken place, equally loud: what the ear needs to choose between them."""

import asyncio

from PySide6.QtCore import QObject, Signal

from studio.domain.same_place import Course
from studio.engine.ports import Details
from studio.engine.takes import Takes, TakeSound, attenuation_db
from studio.ui import take_words
from studio.ui.desk import Desk
from studio.ui.player import Player

ONLY_ONE = "There is only one take of this episode with a sound. Speaking it anew makes another, and keeps this one."


class TakeSwitch(QObject):
    """Knows every take of the chosen episode, and which of them sounds."""

    learned = Signal()  # the takes of the episode are there
    switched = Signal(object, object)  # TakeSound that is to be shown, Course that leads to it
    said = Signal(str)

    def __init__(self, desk: Desk, player: Player) -> None:
        super().__init__(desk)
        self._desk = desk
        self._player = player
        self._key = (0, 0, 0)  # episode, take in use, takes
        self._sounds: tuple[TakeSound, ...] = ()
        self._number = 0
        self._turn = asyncio.Lock()

    @property
    def number(self) -> int:
        """The take that sounds."""
        return self._number

    @property
    def count(self) -> int:
        """How many takes the episode has."""
        return self._key[2]

    @property
    def shows_another(self) -> bool:
        """Whether it is not the one in use that sounds."""
        return self._number != self._key[1]

    @property
    def trim_db(self) -> float:
        """How much softer it plays than it is, so that all takes are equally loud."""
        sound = self._sound(self._number)
        return attenuation_db(sound, [each for each in self._sounds if each is not sound]) if sound else 0.0

    @property
    def line(self) -> str:
        """Which take sounds, and why one of them is in use; empty where there is nothing to choose from."""
        return take_words.said(self._number, self._key[1], self._sounds) if len(self._sounds) > 1 else ""

    def load(self, details: Details | None) -> None:
        """Take another episode, or a newer state of this one: what sounds stays while its takes are the same."""
        key = (details.episode.id, details.episode.take, details.episode.takes) if details else (0, 0, 0)
        if key == self._key:
            return
        self._key, self._number, self._sounds = key, key[1], ()
        if key[2] > 1:
            self._desk.spawn(self._learn(key))

    def next(self) -> None:
        """Play the next take from the place where this one is; after the last comes the first."""
        if self._key[0]:
            self._desk.spawn(self._switch(self._key))

    def back(self) -> None:
        """The take in use is shown again."""
        self._number = self._key[1]

    async def _learn(self, key: tuple[int, int, int]) -> None:
        try:
            sounds = await self._desk.door().takes.all(key[0])
        except LookupError:
            return  # it was removed meanwhile
        if key == self._key:
            self._sounds = sounds
            self._player.set_trim(self.trim_db)
            self.learned.emit()

    async def _switch(self, key: tuple[int, int, int]) -> None:
        async with self._turn:  # pressed twice, it goes two takes on
            if not self._sounds and key == self._key and self.count > 1:
                await self._learn(key)  # it was pressed before they were there, or they could not be read
            here, there = self._sound(self._number), self._sound(self._after(self._number))
            if key != self._key:
                return
            if here is None or there is None or here is there:
                self.said.emit(ONLY_ONE)
                return
            course = await Takes.course(here, there)
            if key != self._key or here.number != self._number:
                return
            self._number = there.number
            self._show(there, course)

    def _show(self, there: TakeSound, course: Course) -> None:
        at, stretch = self._player.position, self._player.stretch
        over = stretch is not None and not self._player.playing and at >= stretch.until_s
        self.switched.emit(there, course)
        self._player.load(there.audio)
        self._player.set_trim(self.trim_db)
        self._player.seek(course.to_there(at))
        if stretch is None:
            self._player.play()
        else:
            start, until = course.to_there(stretch.start_s), course.to_there(stretch.until_s)
            self._player.play(start if over else None, until, again_from=start if stretch.again else None)

    def _after(self, number: int) -> int:
        numbers = [sound.number for sound in self._sounds]
        return next((each for each in numbers if each > number), numbers[0] if numbers else number)

    def _sound(self, number: int) -> TakeSound | None:
        return next((sound for sound in self._sounds if sound.number == number), None)
