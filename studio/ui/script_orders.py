"""What is ordered for scripts: to be written, heard, said in another way, held beside a newer text."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.domain.episode import Stage
from studio.domain.project import Project
from studio.domain.pronunciations import checked, parse, put_back, with_entry
from studio.engine.quote import Quote
from studio.engine.reception import Candidate
from studio.ui.desk import Desk
from studio.ui.script_desk import ScriptDesk
from studio.ui.unsaved import Unsaved


class ScriptOrders(QObject):
    """Gives them, one task each; what comes of them is said by signals, what goes wrong by the script's desk."""

    heard = Signal(object)  # Path
    quoted = Signal(object, object)  # Quote of what is to be written for money, and list[int]: what may be begun now
    pronounced = Signal(str, object)  # what was said of a word, and what takes it back
    compared = Signal(object, str, str)  # Comparison, the new text, what it came from

    def __init__(self, desk: Desk, unsaved: Unsaved, front: ScriptDesk) -> None:
        super().__init__(front)
        self._desk = desk
        self._unsaved = unsaved
        self._front = front

    def write(self, ids: Sequence[int]) -> None:
        """Have topics written, and scripts checked that are not yet; what costs money is said first (`quoted`)."""
        if self._desk.project is not None:
            self._front.do(self._write(self._desk.project, list(ids)))

    def write_now(self, ids: Sequence[int]) -> None:
        """The same, once what it costs is agreed to."""
        if self._desk.project is not None:
            self._front.do(self._desk.door().scripts.write(self._desk.project, ids))

    async def price(self, ids: Sequence[int]) -> Quote | None:
        """What it costs to have scripts written from their topics, and spoken after that; None without a project."""
        project = self._desk.project
        return await self._desk.door().market.topics_quote(project, ids) if project is not None else None

    def write_again(self, ids: Sequence[int]) -> None:
        """Have scripts written anew from their topics; what was typed over them goes."""
        if self._desk.project is not None:
            self._front.do(self._write_again(self._desk.project, ids))

    def hear(self, text: str) -> None:
        """Have a sentence or a few spoken by the built-in voice."""
        if self._desk.project is not None and text.strip():
            self._front.do(self._hear(self._desk.project, text))

    def pronounce(self, written: str, spoken: str) -> None:
        """Keep in the project how a word is spoken, and check the text with it."""
        if self._desk.project is not None:
            self._front.do(self._pronounce(self._desk.project, written, spoken))

    def compare(self, path: Path) -> None:
        """Read a newer text of the script in front, and hold it beside the one that is stored."""
        project, episode_id = self._desk.project, self._front.id
        if project is not None and episode_id is not None:
            self._front.do(self._compare(project, episode_id, path))

    def take_over(self, text: str, done: Callable[[], None]) -> None:
        """Take a newer text for the script in front."""
        project, episode_id = self._desk.project, self._front.id
        if project is not None and episode_id is not None:
            self._front.do(self._take_over(project, episode_id, text, done))

    async def _write(self, project: Project, ids: list[int]) -> None:
        rows = [self._desk.model.episode(each) for each in ids]
        topics = [each.id for each in rows if each is not None and each.stage is Stage.WRITE]
        quote = await self.price(topics) if topics else None
        if quote is not None and quote.cost_micro:
            self.quoted.emit(quote, ids)
        else:
            await self._desk.door().scripts.write(project, ids)

    async def _write_again(self, project: Project, ids: Sequence[int]) -> None:
        for episode_id in ids:
            await self._desk.door().scripts.write_again(project, episode_id)
            self._unsaved.forget(episode_id)

    async def _hear(self, project: Project, text: str) -> None:
        self.heard.emit(await self._desk.door().scripts.hear(project, text))

    async def _pronounce(self, project: Project, written: str, spoken: str) -> None:
        word, said = checked(written, spoken)
        before = ""
        words = f"“{word}” is spoken as “{said}” in this project"

        def added(listed: str) -> str:
            nonlocal before
            before = parse(listed).get(word, "")
            return with_entry(listed, word, said)

        async def back() -> None:
            now = self._desk.project
            if now is not None and now.id == project.id:
                await self._list(
                    now, lambda listed: put_back(listed, word, said, before), f"“{word}” is spoken as before"
                )

        await self._list(project, added, words)
        self.pronounced.emit(words, back)

    async def _list(self, project: Project, change: Callable[[str], str], words: str) -> None:
        """Change the list of words that the project has by then; the script in front is checked by it."""

        def changed(now: Project) -> Project:
            listed = change(now.settings.pronunciations)
            return replace(now, settings=now.settings.with_values({"pronunciations": listed}))

        await self._desk.change(project.id, changed, words)

    async def _compare(self, project: Project, episode_id: int, path: Path) -> None:
        read: list[Candidate] = []
        async for looked in self._desk.door().reception.look(project, [path], titles={}):
            for each in looked:
                if not isinstance(each, Candidate):
                    self._front.troubled.emit(f"{each.message} {each.remedy}")
                    return
                read.append(each)
        if len(read) != 1:
            self._front.troubled.emit(f"“{path.name}” holds {len(read):,} scripts. Choose a file with one of them.")
            return
        text = read[0].draft.script.text
        comparison = await self._desk.door().scripts.compare(project, episode_id, text)
        if episode_id == self._front.id:
            self.compared.emit(comparison, text, path.name)

    async def _take_over(self, project: Project, episode_id: int, text: str, done: Callable[[], None]) -> None:
        await self._desk.door().scripts.take_over(project, episode_id, text)
        self._unsaved.forget(episode_id)
        done()
