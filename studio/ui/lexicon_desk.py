"""The draft of the pronunciations and the engine: what is stored, what a change touches, keeping, hearing, files."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from studio.domain.errors import BatchcastError, SettingError
from studio.domain.project import Project
from studio.domain.pronunciations import Entry, with_entry
from studio.engine.lexicon import Changes, Touched
from studio.ui.desk import Desk
from studio.ui.lexicon_model import LexiconRows, lines_of
from studio.ui.wording import count_of

LOOK_MS: Final = 300  # after the last letter


class LexiconDesk(QObject):
    """Asks the engine. What comes late, of a draft that is another one by now or after it was shut, is dropped."""

    answered = Signal()  # it is known what the draft touches: `touched`, or why that cannot be told: `error`
    told = Signal(str)  # what just happened
    troubled = Signal(str)  # what went wrong, and its cure
    heard = Signal(object)  # Path
    read = Signal(object, str, bool)  # ReadLexicon, the name of its file, whether it is meant for every show
    busy_changed = Signal()
    kept = Signal(str)  # the list of the show, stored

    def __init__(self, desk: Desk, project: Project, rows: LexiconRows, parent: QObject) -> None:
        super().__init__(parent)
        self.project = project
        self.touched: Sequence[Touched] = ()
        self.error: BatchcastError | None = None
        self.busy = False
        self._desk = desk
        self._rows = rows
        self._shut = self._looking = False
        self._wanted = self._answered = 0  # drafts that were asked about
        self._soon = QTimer(self, singleShot=True, interval=LOOK_MS)
        self._soon.timeout.connect(self._ask)

    @property
    def ready(self) -> bool:
        """Whether the draft may be kept: it is known what that does, or that this cannot be known."""
        barred = isinstance(self.error, SettingError)
        return self._rows.is_changed and self._answered == self._wanted and not self.busy and not barred

    def load(self) -> None:
        """Show what is stored."""
        self._do(self._load())

    def follow(self) -> None:
        """The draft is another one now: what was said of it holds no more."""
        self._wanted += 1
        self.touched, self.error = (), None
        self._soon.stop()
        if self._rows.is_changed and not self._rows.wrong:
            self._soon.start()

    def store(self, *, anew: bool) -> None:
        """Keep the draft; with `anew`, have what is finished spoken by it."""
        if self.ready:
            show, everywhere = self._rows.changes()
            self._set_busy(busy=True)
            self._do(self._store(show, everywhere, self.touched, anew=anew))

    def hear(self, said: Entry) -> None:
        """Have a word spoken, as the draft has it."""
        self._do(self._hear(said))

    def take(self, path: Path, *, everywhere: bool) -> None:
        """Read a file of pronunciations."""
        self._do(self._take(path, everywhere=everywhere))

    def write(self, path: Path, *, everywhere: bool) -> None:
        """Write a file of what is stored for one place."""
        self._do(self._write(path, None if everywhere else self.project))

    def shut(self) -> None:
        """Nothing is shown any more."""
        self._shut = True
        self._soon.stop()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        self._desk.spawn(work, self._say_trouble)

    def _say_trouble(self, error: BatchcastError) -> bool:
        if not self._shut:
            self.troubled.emit(f"{error.message} {error.remedy}".strip())
        return not self._shut  # the window tells it then

    async def _load(self) -> None:
        lexicon = self._desk.door().lexicon
        show, everywhere = await lexicon.entries(self.project), await lexicon.entries(None)
        lines = await asyncio.to_thread(lines_of, show, everywhere)
        if not self._shut:
            self._rows.show_lines(lines)

    def _ask(self) -> None:
        if not self._looking:
            self._looking = True
            self._do(self._look())

    async def _look(self) -> None:
        """Until an answer is about the draft as it stands; one question at a time."""
        try:
            while not self._shut and self._answered != self._wanted and self._rows.is_changed and not self._rows.wrong:
                if self._soon.isActive():
                    return  # it is still being typed; the pause after it asks again
                asked, failed = self._wanted, None
                touched: Sequence[Touched] = ()
                try:
                    touched = await self._desk.door().lexicon.preview(self.project, *self._rows.changes())
                except BatchcastError as error:
                    failed = error
                if asked == self._wanted and not self._shut:
                    self._answered, self.touched, self.error = asked, touched, failed
                    self.answered.emit()
        finally:
            self._looking = False

    async def _store(self, show: Changes, everywhere: Changes, touched: Sequence[Touched], *, anew: bool) -> None:
        lexicon = self._desk.door().lexicon
        words = f"{count_of(len(show.words) + len(everywhere.words), 'pronunciation')} kept"
        try:
            changed = await lexicon.apply(self.project, show) if show.words else None
            if everywhere.words:
                await lexicon.apply(None, everywhere)
            if changed is not None:
                self.project = changed
                await self._desk.keep(changed, words)
            moved = await lexicon.respeak(
                [each.episode.id for each in touched] if anew else await self._silent(touched)
            )
        finally:
            self._set_busy(busy=False)
        follow = f"; {count_of(len(moved), 'episode follows', 'episodes follow')}" if moved else ""
        self._desk.said.emit(f"{words}{follow}")
        self.kept.emit(self.project.settings.pronunciations)

    async def _silent(self, touched: Sequence[Touched]) -> list[int]:
        """Those that have no sound yet, as they are now: nothing is bought that nobody asked for."""
        silent: set[int] = set()
        for project_id in {each.episode.project_id for each in touched}:
            silent.update(each.id for each in await self._desk.door().episodes(project_id) if not each.takes)
        return [each.episode.id for each in touched if each.episode.id in silent]

    def _set_busy(self, *, busy: bool) -> None:
        self.busy = busy
        if not self._shut:
            self.busy_changed.emit()

    async def _hear(self, said: Entry) -> None:
        settings = self.project.settings
        listed = with_entry(settings.pronunciations, said.written, said.listed)
        with_it = replace(self.project, settings=settings.with_values({"pronunciations": listed}))
        sound = await self._desk.door().scripts.hear(with_it, f"They call it {said.written} now.")
        if not self._shut:
            self.heard.emit(sound)

    async def _take(self, path: Path, *, everywhere: bool) -> None:
        found = await self._desk.door().lexicon.import_pls(path)
        if not self._shut:
            self.read.emit(found, path.name, everywhere)

    async def _write(self, path: Path, whose: Project | None) -> None:
        await self._desk.door().lexicon.export_pls(path, whose)
        if not self._shut:
            unkept = " What is not kept yet is not in it." if self._rows.is_changed else ""
            self.told.emit(f"{path.name} is written.{unkept}")
