"""Scripts before they are spoken: read, checked while they are edited, approved, written anew."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from studio.domain import citing
from studio.domain.editing import edits_to_text
from studio.domain.episode import Episode, Stage, State
from studio.domain.errors import InputError
from studio.domain.extent import extent_of
from studio.domain.project import Project
from studio.domain.revision import compared, edits_between
from studio.domain.script import Block, BlockKind, Script
from studio.domain.script_report import ScriptReport
from studio.domain.settings import Settings
from studio.domain.spoken import SpokenForm
from studio.domain.voice import BUILTIN
from studio.domain.writing import Provenance
from studio.engine import checking, editing, speaking
from studio.engine.market import HEARD
from studio.engine.mending import quoted
from studio.engine.ports import unfollowed
from studio.engine.revision import Comparison, kept_share
from studio.engine.rooms import Rooms
from studio.engine.run import Run
from studio.engine.work import Work

_WAITS = frozenset({State.QUEUED, State.NEEDS_YOU, State.FAILED, State.CANCELLED})
_BEFORE_GATE = frozenset({Stage.WRITE, Stage.PREPARE})
_BEFORE_SPEECH = frozenset({Stage.WRITE, Stage.PREPARE, Stage.SYNTHESIZE})


@dataclass(frozen=True, slots=True)
class Proof:
    """A script as it would be spoken: what the checks say, how long it takes and the most that it costs.

    `cost_micro` is an upper bound in micro-dollars, 0 for a voice that costs nothing. `provenance` is that of what the
    studio wrote, its citations at their places in this text.
    """

    script: Script
    spoken: SpokenForm
    report: ScriptReport
    seconds: float
    cost_micro: int
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that is known of an episode's script. A topic has neither proof nor provenance yet."""

    episode: Episode
    script: Script
    report: ScriptReport | None
    provenance: Provenance | None
    spoken: SpokenForm | None


class Scripts:
    """The acts at the gate before the purchase. All of them are told as changes of the episode's row."""

    def __init__(self, rooms: Rooms, run: Run) -> None:
        self._rooms = rooms
        self._run = run

    async def dossier(self, episode_id: int) -> Dossier:
        """What is known of an episode's script now."""
        projects, scripts = self._rooms.projects, self._rooms.scripts
        return Dossier(
            episode=await projects.episode(episode_id),
            script=await projects.script(episode_id),
            report=await scripts.report(episode_id),
            provenance=await scripts.provenance(episode_id),
            spoken=await projects.spoken(episode_id),
        )

    async def proof(self, project: Project, episode_id: int, text: str) -> Proof:
        """What would become of an episode with this text; nothing is stored. Raises `InputError`, `VoiceError`.

        For what is being typed: it does not wait behind the jobs of the stages.
        """
        rooms = replace(self._rooms, compute=self._rooms.attendant)
        episode = await rooms.projects.episode(episode_id)
        settings = project.settings.merged(episode.overrides)
        script = await self._revised(episode_id, text)
        spoken = await speaking.spoken_form(rooms, script, settings, unfollowed)
        provenance = await self._provenance(episode_id, script.text)
        report = await checking.check(rooms, episode, script, spoken, settings, provenance, unfollowed)
        cost = await self._cost(episode, spoken, settings)
        return Proof(script, spoken, report, report.expected_s, cost, provenance)

    async def save(self, project: Project, episode_id: int, text: str, title: str = "") -> Episode:
        """Give an episode that was not spoken yet another text; it is prepared and checked again.

        Raises `InputError` where it is no script then, and where the episode has gone on.
        """
        async with self._run.orders:
            return await self._saved(project, episode_id, text, title)

    async def _saved(self, project: Project, episode_id: int, text: str, title: str) -> Episode:
        episode = await self._held(episode_id)
        script = await self._revised(episode_id, text)
        if title.strip():
            script = replace(script, title=title.strip())
        provenance = await self._provenance(episode_id, script.text)
        moved = await self._run.runner.revise(episode, script, provenance)
        self._prepare(project, moved)
        return moved

    async def write(self, project: Project, ids: Sequence[int]) -> None:
        """Have queued topics written and queued scripts checked; nothing is spoken before somebody starts that."""
        self._run.know([project])
        for episode_id in ids:
            async with self._run.orders:
                episode = await self._rooms.projects.episode(episode_id)
                if episode.state is State.QUEUED and episode.stage in _BEFORE_GATE:
                    self._run.prepare(episode)

    async def price(self, project: Project, ids: Sequence[int]) -> int:
        """The most that speaking these scripts costs, in micro-dollars; of those that are prepared and not spoken."""
        total = 0
        for episode_id in ids:
            episode = await self._rooms.projects.episode(episode_id)
            spoken = await self._rooms.projects.spoken(episode_id)
            if spoken is not None and not episode.takes and episode.stage in _BEFORE_SPEECH:
                total += await self._cost(episode, spoken, project.settings.merged(episode.overrides))
        return total

    async def approve(self, ids: Sequence[int]) -> None:
        """Let scripts be spoken; a run that is on goes on with them, otherwise they wait for its start."""
        for episode_id in ids:
            async with self._run.orders:
                episode = await self._rooms.projects.episode(episode_id)
                if episode.awaits_approval:
                    moved = await self._run.runner.approve_script(episode)
                    if self._run.works_on(moved.project_id):
                        self._run.go(moved)

    async def hold_back(self, ids: Sequence[int]) -> Sequence[Episode]:
        """Take an approval back, as long as nothing was spoken; returns the episodes that wait for it again."""
        held = []
        for episode_id in ids:
            async with self._run.orders:
                episode = await self._run.stop(episode_id)
                if episode.state is State.QUEUED and episode.stage is Stage.SYNTHESIZE and not episode.takes:
                    held.append(await self._run.runner.hold_back_script(episode))
        return held

    async def compare(self, project: Project, episode_id: int, text: str) -> Comparison:
        """A script that came once more beside the one that an episode has; nothing is stored.

        Raises `InputError` where it is no script, `VoiceError`.
        """
        work = await self._work(project, episode_id)
        before, script = await work.rooms.projects.script(episode_id), await self._revised(episode_id, text)
        rows = await asyncio.to_thread(compared, before, script)
        if not work.episode.takes:
            proof = await self.proof(project, episode_id, text)
            return Comparison(rows, 0.0, proof.cost_micro, proof.seconds)
        edits = await asyncio.to_thread(edits_between, before, script)
        plan = await editing.planned(work, edits)
        quote = await quoted(work, await work.take(), plan.spoken, plan.stretches)
        settings = project.settings.merged(work.episode.overrides)
        model = work.rooms.voices.voice(settings).model
        rate = await work.rooms.projects.speaking_rate(episode_id, settings.voice, model, settings.speed)
        seconds = rate.expected_s(extent_of(plan.spoken.utterances))
        return Comparison(rows, kept_share(plan.spoken, plan.stretches), quote.price.micro, seconds, edits)

    async def take_over(self, project: Project, episode_id: int, text: str) -> Episode:
        """Give an episode the script that came once more; of a spoken one only the changed sentences are bought.

        The script changes with the take, or not at all. Raises `InputError` where nothing differs, and where the
        episode is being worked on.
        """
        episode = await self._rooms.projects.episode(episode_id)
        if not episode.takes:
            return await self.save(project, episode_id, text)
        if episode.state not in HEARD:
            raise InputError(f"“{episode.title}” cannot be changed now.", "Wait until it is through.")
        before, script = await self._rooms.projects.script(episode_id), await self._revised(episode_id, text)
        edits = await asyncio.to_thread(edits_between, before, script)
        plan = await editing.planned(await self._work(project, episode_id), edits) if edits else None
        if plan is None or not plan.stretches:
            raise InputError(
                f"Nothing that is spoken differs in the new script of “{episode.title}”.", "There is nothing to do."
            )
        self._run.know([project])
        async with self._run.orders:
            if (await self._rooms.projects.episode(episode_id)).state not in HEARD:
                raise InputError(f"“{episode.title}” is being changed already.", "Wait until it is through.")
            moved = await self._run.runner.retake(episode, edits_to_text(edits))
            self._run.go(moved)
        return moved

    async def write_again(self, project: Project, episode_id: int) -> Episode:
        """Have a script written anew from its topic, with another seed. Raises `InputError` where it has none."""
        async with self._run.orders:
            return await self._written_again(project, episode_id)

    async def _written_again(self, project: Project, episode_id: int) -> Episode:
        episode = await self._held(episode_id)
        script = await self._rooms.projects.script(episode_id)
        if script.topic is None:
            raise InputError(f"“{episode.title}” was not written from a topic.", "Edit it instead.")
        own = json.loads(episode.overrides) if episode.overrides else {}
        own["seed"] = project.settings.merged(episode.overrides).seed + 1
        episode = replace(episode, overrides=json.dumps(own, sort_keys=True))
        moved = await self._run.runner.write_again(episode, replace(script, blocks=(), skipped=()))
        self._prepare(project, moved)
        return moved

    async def hear(self, project: Project, text: str) -> Path:
        """A file with a sentence or a few, spoken by the built-in voice whatever voice the project has; costs nothing.

        Raises `InputError` where there is nothing to speak.
        """
        rooms = replace(self._rooms, compute=self._rooms.attendant)
        voice_settings = project.settings.with_values({"voice": f"{BUILTIN}:heart", "model": ""})
        # Not read as a script: a word or two would be too short for one.
        script = Script("Preview", "Preview", text, (Block(BlockKind.PARAGRAPH, 0, len(text)),))
        spoken = await speaking.spoken_form(rooms, script, voice_settings, unfollowed)
        if not spoken.utterances:
            raise InputError("There is nothing to speak in what is marked.", "Mark a word or a sentence.")
        voice = rooms.voices.voice(voice_settings)
        nobody = Episode(-1, project.id, 0, "", "", State.QUEUED, Stage.PREPARE)
        planned = await speaking.plan(rooms, nobody, spoken, voice_settings, keep=False)
        out = rooms.artifacts.scratch(".flac")
        for chunk in planned.chunks:
            await voice.speak(chunk, planned.how, planned.terms, out, unfollowed, after=())
        return out

    async def _work(self, project: Project, episode_id: int) -> Work:
        rooms = replace(self._rooms, compute=self._rooms.attendant)
        episode = await rooms.projects.episode(episode_id)
        return Work(rooms, self._run.buyer, self._run.asker, project, episode, unfollowed)

    async def _revised(self, episode_id: int, text: str) -> Script:
        before = await self._rooms.projects.script(episode_id)
        made = await asyncio.to_thread(self._rooms.intake.read_text, text, before.source)
        return replace(made, title=before.title, topic=before.topic)

    async def _provenance(self, episode_id: int, text: str) -> Provenance | None:
        """Where a script comes from that the studio wrote, its citations at their places in `text`."""
        known = await self._rooms.scripts.provenance(episode_id)
        if known is None:
            return None
        before = (await self._rooms.projects.script(episode_id)).text
        return replace(known, citations=await asyncio.to_thread(citing.moved, known.citations, before, text))

    async def _cost(self, episode: Episode, spoken: SpokenForm, settings: Settings) -> int:
        """The most that speaking it costs, in micro-dollars."""
        if self._rooms.voices.voice(settings).seller is None:
            return 0
        planned = await speaking.plan(self._rooms, episode, spoken, settings, keep=False)
        return sum(planned.voice.price(chunk.characters).micro for chunk in planned.chunks)

    async def _held(self, episode_id: int) -> Episode:
        """The episode, out of the run, where its script may still be changed."""
        episode = await self._rooms.projects.episode(episode_id)
        if episode.stage in _BEFORE_SPEECH and not episode.takes:
            episode = await self._run.stop(episode_id)
        if episode.state not in _WAITS or episode.stage not in _BEFORE_SPEECH or episode.takes:
            raise InputError(
                f"“{episode.title}” has been spoken; its script is not changed here.",
                "Edit a sentence of it on the page Review, or hand in the new script to compare the two.",
            )
        return episode

    def _prepare(self, project: Project, episode: Episode) -> None:
        """Whether a run is on or not; what nobody has started does not go beyond the gate."""
        self._run.know([project])
        if self._run.works_on(project.id):
            self._run.go(episode)
        else:
            self._run.prepare(episode)
