"""An engine that lives in memory: for tests of the view alone. The window on the real engine is tested elsewhere."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer

from studio.domain.books import Burn, Period, Split, Sums, account, days_of
from studio.domain.budget import BudgetUse, Scope
from studio.domain.editing import Edit, Passage
from studio.domain.episode import Clearance, Episode, Stage, State, StripFault
from studio.domain.errors import BatchcastError, VoiceError
from studio.domain.findings import Finding, FindingKind, QaReport, Severity, Verdict
from studio.domain.hearing import Alignment, Match, TimedWord
from studio.domain.measures import Check, Renewal
from studio.domain.money import Attempt, AttemptState, Costs, Price, micro
from studio.domain.project import Project
from studio.domain.sampling import RandomReview
from studio.domain.script import Script
from studio.domain.settings import Settings, Value
from studio.domain.sound import PeakLevel, Peaks, SoundReport
from studio.domain.voice import ModelCard, VoiceCard
from studio.domain.writing import WriterAnswer
from studio.engine.batch import Studio
from studio.engine.books import BookRoom, Books
from studio.engine.drafts import Draft, Refusal, Size
from studio.engine.drift import Drift
from studio.engine.events import EpisodeAdded, EpisodeChanged, EpisodeRemoved, Event, Events, RunChanged
from studio.engine.market import Market, Place
from studio.engine.mending import MendQuote
from studio.engine.ports import Details
from studio.engine.quote import Estimate, Quote
from studio.engine.reading import uncounted
from studio.engine.reception import Candidate, Looked, Reception
from studio.engine.review import Offered, Review
from studio.engine.run import Run
from studio.engine.runner import TO_THE_END, RunOptions
from studio.engine.salvage import Salvage, Salvaging
from studio.engine.shelf import Shelf
from studio.engine.trade import KeyPlace
from studio.ui.main_window import MainWindow

A_MOMENT_MS = 100
WORDS = [
    "what",
    "we",
    "know",
    "of",
    "which",
    "we",
    "are",
    "immediately",
    "aware",
    "is",
    "in",
    "some",
    "sense",
    "nearer",
    "to",
    "us",
]


def an_episode(number: int, state: State = State.QUEUED, stage: Stage = Stage.PREPARE, **more: Any) -> Episode:
    """Episode `number` of project 1; one that was checked has sound."""
    base = Episode(number, 1, number, f"On subject {number}", f"subject-{number}.md", state, stage, characters=1600)
    if state in {State.NEEDS_YOU, State.DONE, State.REJECTED}:
        heard = {"duration_s": 100.0, "take": 1, "takes": 1, "calls": 1, "word_accuracy": 0.96, "strip": bytes(80)}
        base = replace(base, expected_duration_s=98.0, verdict=Verdict.FAIL, **heard)  # type: ignore[arg-type]
        base = replace(base, strip_faults=(StripFault(0.3, 0.31, Severity.FAULT),), findings=2)
    return replace(base, **more)


def as_fields(episode: Episode) -> dict[str, Any]:
    """Its fields by name, to change another one into it."""
    return {item.name: getattr(episode, item.name) for item in fields(episode)}


def some_peaks(duration_s: float = 100.0) -> Peaks:
    """A pyramid of two levels."""
    fine = int(duration_s / 0.02)
    return Peaks(
        duration_s,
        (
            PeakLevel(0.02, bytes([200]) * fine, bytes([50]) * fine),
            PeakLevel(0.2, bytes([180]) * (fine // 10), bytes([80]) * (fine // 10)),
        ),
        bytes([34]) * int(duration_s),
    )


def some_words() -> tuple[TimedWord, ...]:
    """A word each half second, two of them missing at 3.0 s."""
    made, offset = [], 0
    for place in range(190):
        text = WORDS[place % len(WORDS)]
        match = Match.MISSING if place in {6, 7} else Match.SAME
        made.append(TimedWord(text, offset, offset + len(text), place * 0.5, place * 0.5 + 0.4, match))
        offset += len(text) + 1
    return tuple(made)


def a_report(words: tuple[TimedWord, ...]) -> QaReport:
    """Two places and a note on the whole."""
    findings = (
        Finding(FindingKind.SILENCE, Severity.REVIEW, "2.4 s of silence", 60.0, 62.4),
        Finding(
            FindingKind.MISSING_WORDS,
            Severity.FAULT,
            "heard twice",
            3.0,
            3.9,
            "",
            f"{words[6].text} {words[7].text}",
            words[6].source_start,
            words[7].source_end,
        ),
        Finding(FindingKind.DURATION, Severity.NOTE, "2% longer than expected"),
    )
    sound = SoundReport(100.0, 44_100, 1, -16.02, 5.0, -13.0, -1.3, ())
    return QaReport(Verdict.FAIL, Alignment(words, 0.96, 1, 2, 0), sound, 98.0, True, findings, "tiny.en")


def an_attempt(number: int, **more: Any) -> Attempt:
    """Unclear call `number`, for episode `number`."""
    base = Attempt(
        id=number,
        project_id=1,
        episode_id=number,
        key=f"key {number}",
        voice="elevenlabs:v1",
        model="eleven_multilingual_v2",
        characters=1600,
        state=AttemptState.UNKNOWN,
        upper_bound_micro=160_000,
        reserved_micro=160_000,
        settled_micro=0,
        credits=None,
        request_id="",
        history_id="",
        error="The connection was cut after the request had left.",
        created_at="2026-11-22T10:00:00+00:00",
        sent_at="2026-11-22T10:00:01+00:00",
        ended_at="",
    )
    return replace(base, **more)


def a_quote(**more: Any) -> Quote:
    """Three episodes, all of which fit."""
    base = Quote(
        voice="elevenlabs:v1",
        model="eleven_multilingual_v2",
        plan="creator",
        episodes=3,
        characters=124_000,
        calls=13,
        cached_calls=1,
        cached_characters=9_000,
        credits=124_000,
        cost_micro=12_400_000,
        saved_micro=900_000,
        low_s=1200,
        high_s=1560,
        tightest=BudgetUse(Scope.BATCH, 20_000_000, 0, 0),
        fits=(1, 2, 3),
        fits_micro=12_400_000,
    )
    return replace(base, **more)


CARDS = (
    VoiceCard("elevenlabs:v1", "Rachel", "American, calm, narration", "https://samples.example/rachel.mp3"),
    VoiceCard("elevenlabs:v2", "Callum", "Scottish, warm, for long stories", "https://samples.example/callum.mp3"),
    VoiceCard("elevenlabs:v3", "Silent Sam", "No sample of this one"),
)
MODELS = (
    ModelCard("eleven_multilingual_v2", "Multilingual v2", 10_000, 100_000),
    ModelCard("eleven_flash_v2_5", "Flash v2.5", 40_000, 50_000),
)


class MemoryKeys:
    """A keyring that can be told to refuse."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {"elevenlabs": "made-up"}
        self.refusal: VoiceError | None = None

    async def has(self, provider: str) -> bool:
        return provider in self.kept

    async def place(self, provider: str) -> KeyPlace:
        return KeyPlace("", provider in self.kept, "")

    async def keep(self, provider: str, key: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.kept[provider] = key

    async def forget(self, provider: str) -> None:
        self.kept.pop(provider, None)


class MemoryRun(Run):
    """A run that only says what it was told."""

    running = False
    on = False  # whether it would go on with what is approved
    paused = False
    slots = 2

    def __init__(self, events: Events) -> None:
        self._events = events

    def pause(self) -> None:
        self.paused = True
        self._events.say(RunChanged(running=True, paused=True))

    def works_on(self, project_id: int) -> bool:
        return self.on

    def unpause(self) -> None:
        self.paused = False
        self._events.say(RunChanged(running=True, paused=False))


class MemoryMarket(Market):
    """Everything about voices and money, as it was set."""

    def __init__(self, studio: "MemoryStudio") -> None:
        self._studio = studio
        self.keys: MemoryKeys = MemoryKeys()
        self.quoted = a_quote()
        self.topics = a_quote(cost_micro=0)
        self.attempts: list[Attempt] = []
        self.trouble: BatchcastError | None = None  # what the vendor answers to everything
        self.sound = Path("/nowhere/sample.mp3")
        self.gate = asyncio.Event()  # what is slow waits for it
        self.gate.set()

    async def budgets(self, project: Project) -> Sequence[BudgetUse]:
        limit = micro(project.settings.budget_usd)
        spent = self._studio.spent
        return [BudgetUse(Scope.BATCH, limit, spent.settled_micro, spent.reserved_micro)] if limit else []

    async def voices(self, provider: str) -> Sequence[VoiceCard]:
        await self._ask()
        return CARDS if provider == "elevenlabs" else [VoiceCard("builtin:heart", "Heart", "English, built in")]

    async def models(self, provider: str) -> Sequence[ModelCard]:
        return MODELS if provider == "elevenlabs" else ()

    async def test_writer(self, settings: Settings, key: str = "", *, say_a_word: bool = False) -> WriterAnswer:
        self._studio.asked.append(("test_writer", (settings.writer, settings.writer_model, key, say_a_word)))
        await self._ask()
        return WriterAnswer("tale-1", ["tale-1", "tale-2"], say_a_word, 3 if say_a_word else 0)

    async def sample(self, card: VoiceCard) -> Path:
        self._studio.asked.append(("sample", card.name))
        await self._ask()
        return self.sound

    async def quote(self, project: Project, ids: Sequence[int] | None = None) -> Quote:
        self._studio.asked.append(("quote", None if ids is None else list(ids)))
        await self._ask()
        return self.quoted

    async def topics_quote(self, project: Project, ids: Sequence[int]) -> Quote:
        self._studio.asked.append(("topics_quote", list(ids)))
        await self._ask()
        return self.topics

    async def unclear(self) -> Sequence[Attempt]:
        return list(self.attempts)

    async def look_again(self, attempt_ids: Sequence[int]) -> None:
        self._studio.asked.append(("look_again", list(attempt_ids)))
        self.attempts = [attempt for attempt in self.attempts if attempt.id not in attempt_ids]

    async def buy_again(self, attempt_ids: Sequence[int]) -> None:
        self._studio.asked.append(("buy_again", list(attempt_ids)))
        self.attempts = [attempt for attempt in self.attempts if attempt.id not in attempt_ids]

    async def _ask(self) -> None:
        await self.gate.wait()
        if self.trouble is not None:
            raise self.trouble


class MemoryReview(Review):
    """What a person does in review, noted; every place is about one sentence, which costs three cents."""

    def __init__(self, studio: "MemoryStudio") -> None:
        self._studio = studio
        self.price_micro = 30_000

    async def offered(self, project: Project, episode_id: int, where: Finding | Sequence[Place]) -> Offered:
        sentence = "We are immediately aware."
        return Offered(Passage(0, sentence, sentence), await self.quote(project, episode_id, Edit(0, "", sentence)))

    async def quote(self, project: Project, episode_id: int, edit: Edit) -> MendQuote:
        price = Price(0, self.price_micro)
        return MendQuote(((5, 6),), len(edit.now), price, 7_800, Price(0, 780_000))

    async def edit(self, project: Project, episode_id: int, edit: Edit) -> None:
        self._studio.asked.append(("edit", edit.now))
        await self._studio.retake([episode_id])

    async def reopen(self, before: Episode) -> Episode:
        self._studio.change([before.id], state=before.state, stage=before.stage, clearance=before.clearance)
        return before

    async def restore(self, episode_id: int) -> Episode:
        self._studio.rows[episode_id] = self._studio.gone.pop(episode_id)
        self._studio.say(EpisodeAdded(self._studio.rows[episode_id]))
        return self._studio.rows[episode_id]


class MemoryBooks(BookRoom):
    """Books in which nothing stands."""

    def __init__(self) -> None:
        """Nothing is read from anywhere."""

    async def read(self, period: Period, split: Split, project: Project | None = None) -> Books:
        empty = account([], days_of(period, date(2026, 11, 22), date(2026, 11, 22)))
        return Books(empty, Sums(), Burn(None, None), None, {})


class MemoryShelf(Shelf):
    """The projects of a `MemoryStudio`."""

    def __init__(self, studio: "MemoryStudio") -> None:
        self._studio = studio
        self.used: list[str] = []

    async def all(self) -> Sequence[Project]:
        return self._studio.known

    async def use(self, project: Project) -> None:
        self.used.append(project.name)

    async def archive(self, project: Project) -> None:
        await self._studio.update_project(replace(project, archived=True))

    async def take_out(self, project: Project) -> None:
        await self._studio.update_project(replace(project, archived=False))


class MemorySalvage(Salvaging):
    """What an earlier run left, as it was set."""

    def __init__(self) -> None:
        self.episodes: Sequence[Episode] = ()
        self.came_of_it = Salvage()

    async def outcome(self) -> Salvage:
        return self.came_of_it


class MemoryReception(Reception):
    """Reads nothing: a name with “empty” in it is refused, everything else is a script of that name."""

    def __init__(self, studio: "MemoryStudio") -> None:
        self._studio = studio

    async def look(
        self,
        project: Project,
        paths: Sequence[Path],
        text: str = "",
        links: Sequence[str] = (),
        *,
        titles: dict[str, str],
        found: Callable[[int], None] = uncounted,
    ) -> AsyncIterator[Sequence[Looked]]:
        looked: list[Looked] = []
        for path in paths:
            if "empty" in path.name:
                looked.append(Refusal(path.name, f"{path.name} is empty.", "Write something into it."))
            else:
                looked.append(a_candidate(path.stem, path.name))
        if text:
            self._studio.asked.append(("add_text", text))
            looked.append(a_candidate("Pasted text", "Pasted text"))
        looked += [Refusal(link, f"“{link}” cannot be reached.", "Try again.") for link in links]
        yield looked

    async def queue(
        self, project: Project, chosen: Sequence[Draft], shared: str = ""
    ) -> tuple[Sequence[Episode], Sequence[Refusal]]:
        made = []
        for draft in chosen:
            number = len(self._studio.rows) + 1
            script = draft.script
            row = an_episode(number, project_id=project.id, title=script.title, source=script.source)
            self._studio.rows[number] = row
            self._studio.say(EpisodeAdded(row))
            made.append(row)
        return made, []

    async def take_back(self, project: Project, ids: Collection[int]) -> tuple[int, int]:
        await self._studio.remove(list(ids))
        return len(ids), 0

    async def estimate(
        self, project: Project, sizes: Sequence[tuple[Size, str]], shared: str, budget_usd: float
    ) -> Estimate:
        each = len(sizes)
        characters = tuple(size.characters for size, _ in sizes)
        return Estimate((60.0,) * each, (0,) * each, 0, 0, 10.0, 20.0, None, each, characters=characters)


def a_candidate(title: str, source: str) -> Candidate:
    """A script of a few words."""
    draft = Draft(Script(title, source, f"Words of {title}.", ()))
    return Candidate(draft, Size(16, 1, 0, 1, 0))


class MemoryChecks:
    """Nothing was checked yet."""

    async def all(self) -> Sequence[Check]:
        return ()

    async def reviewed(self) -> Mapping[int, RandomReview]:
        return {}

    async def renewals(self) -> Sequence[Renewal]:
        return ()

    async def renew(self, voice: str, model: str, since: str) -> Renewal:
        raise NotImplementedError

    async def take_back(self, renewal: Renewal) -> None:
        raise NotImplementedError


class MemoryStudio(Studio):
    """The engine's door with nothing behind it but a dictionary; moves episodes at once and says so."""

    def __init__(self, episodes: Sequence[Episode] = ()) -> None:
        self.events = Events()
        self.run: MemoryRun = MemoryRun(self.events)
        self.closed = False
        self.asked: list[tuple[str, Any]] = []
        self.project = Project(1, "Problems", "/nowhere/problems", Settings(), 1)
        self.known = [self.project]
        self.rows = {episode.id: episode for episode in episodes}
        self.spent = Costs(7_040_000, 2_180_000, 1000, 3, 1, 200, 84_000, 10_000)
        self.market: MemoryMarket = MemoryMarket(self)
        self.drift = Drift(MemoryChecks())
        self.reception: MemoryReception = MemoryReception(self)
        self.books = MemoryBooks()
        self.review: MemoryReview = MemoryReview(self)
        self.shelf: MemoryShelf = MemoryShelf(self)
        self.salvage: MemorySalvage = MemorySalvage()
        self.gone: dict[int, Episode] = {}  # what was removed

    def say(self, event: Event) -> None:
        self.events.say(event)

    def change(self, ids: Sequence[int], **new: Any) -> None:
        for episode_id in ids:
            self.rows[episode_id] = replace(self.rows[episode_id], **new)
            self.say(EpisodeChanged(self.rows[episode_id]))

    async def projects(self) -> Sequence[Project]:
        return [project for project in self.known if not project.archived]

    async def create_project(self, name: str, out_dir: Path, settings: Settings) -> Project:
        self.known.append(Project(len(self.known) + 1, name, str(out_dir), settings, 1))
        return self.known[-1]

    async def update_project(self, project: Project) -> None:
        self.known = [project if item.id == project.id else item for item in self.known]

    async def episodes(self, project_id: int) -> Sequence[Episode]:
        return [episode for episode in self.rows.values() if episode.project_id == project_id]

    async def add(self, project: Project, paths: Sequence[Path], *, topics: bool = False) -> Sequence[Refusal]:
        refused = []
        for path in paths:
            if "empty" in path.name:
                refused.append(Refusal(path.name, f"{path.name} is empty.", "Write something into it."))
                continue
            number = len(self.rows) + 1
            self.rows[number] = an_episode(number, project_id=project.id, title=path.stem, source=path.name)
            self.say(EpisodeAdded(self.rows[number]))
        return refused

    async def remove(self, ids: Sequence[int]) -> None:
        for episode_id in ids:
            self.gone[episode_id] = self.rows.pop(episode_id)
            self.say(EpisodeRemoved(episode_id))

    async def start(
        self,
        projects: Sequence[Project],
        options: RunOptions = TO_THE_END,
        only: Collection[int] | None = None,
    ) -> None:
        self.asked.append(("start", [project.id for project in projects]))
        if only is not None:
            self.asked.append(("only", list(only)))
        self.run.running = True
        self.say(RunChanged(running=True, paused=False))

    async def cancel(self, ids: Sequence[int]) -> None:
        self.change(ids, state=State.CANCELLED)

    async def retry(self, ids: Sequence[int]) -> None:
        self.change(ids, state=State.QUEUED, reason="", remedy="")

    async def approve(self, ids: Sequence[int]) -> None:
        self.change(ids, state=State.DONE, stage=Stage.EXPORT, clearance=Clearance.APPROVED)

    async def reject(self, ids: Sequence[int], reason: str) -> None:
        self.change(ids, state=State.REJECTED, reason=reason)

    async def retake(self, ids: Sequence[int]) -> None:
        self.change(ids, state=State.QUEUED, stage=Stage.SYNTHESIZE)

    async def mend(self, episode_id: int, places: Sequence[Place]) -> None:
        self.asked.append(("mend", list(places)))
        await self.retake([episode_id])

    async def export(self, ids: Sequence[int]) -> None:
        self.asked.append(("export", list(ids)))

    async def details(self, episode_id: int) -> Details:
        episode = self.rows[episode_id]
        script = Script(episode.title, episode.source, "text", ())
        if not episode.strip:
            return Details(episode, script, None, None, None, (), (), (), ())
        words = some_words()
        audio = Path("/nowhere/episode.mp3")
        chapters = ((0.0, "Opening"), (50.0, "Closing"))
        return Details(episode, script, audio, some_peaks(), a_report(words), words, (), chapters, ())

    async def costs(self, project_id: int | None = None) -> Costs:
        assert project_id is not None
        return self.spent

    async def override(self, ids: Sequence[int], values: Mapping[str, Value]) -> None:
        self.change(ids, overrides=json.dumps(values) if values else "")

    async def close(self) -> None:
        self.closed = True
        self.run.running = False


@dataclass
class Opened:
    """A shown window and the engine behind it."""

    window: MainWindow
    studio: MemoryStudio

    async def settle(self) -> None:
        """Let every task and timer of the window come to rest."""
        turns = 0
        while turns < 4 or self._about_to_go_on():
            await asyncio.sleep(0.03)
            self.window.bridge.flush()
            await self.window.desk.settle()
            turns += 1

    def _about_to_go_on(self) -> bool:
        """Whether something is put off for a moment: what follows from it may put off something else."""
        timers = self.window.findChildren(QTimer)
        return any(each.isSingleShot() and each.isActive() and each.interval() <= A_MOMENT_MS for each in timers)

    def state_of(self, episode_id: int) -> State:
        """How an episode stands in the engine."""
        return self.studio.rows[episode_id].state

    async def choose(self, episode_id: int) -> None:
        """Put the cursor on an episode and wait for its details."""
        assert self.window.page.table.choose(episode_id)
        await self.settle()

    async def close(self) -> None:
        """Close without work under way."""
        self.studio.run.running = False
        self.window.close()
        await self.window.until_closed()
