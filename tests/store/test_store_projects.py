import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import fields, replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from studio.domain.duration import first_guess, learned_rate
from studio.domain.episode import Clearance, Episode, Stage, State, StripFault, may_move
from studio.domain.errors import StoreError
from studio.domain.extent import extent_of
from studio.domain.findings import Severity, Verdict
from studio.domain.project import Project
from studio.domain.script import Script
from studio.domain.settings import Settings
from studio.domain.sound import SoundReport
from studio.engine.ports import Checked, Decision, HistoryEntry, NewEpisode, Prepared, Product, Projects
from studio.store.database import Database
from studio.store.library import Library
from studio.store.projects import ProjectStore
from tests.store import store_samples
from tests.store.store_samples import queued, working


def test_keeps_the_engines_protocol(library: Library) -> None:
    projects: Projects = library.projects
    assert isinstance(projects, ProjectStore)


async def test_a_project_comes_back_as_it_was(library: Library, tmp_path: Path) -> None:
    settings = Settings(voice="elevenlabs:x", budget_usd=12.5, show="Ünïcode 📻")
    made = await library.projects.create("A name", tmp_path, settings)
    assert await library.projects.all() == [made]
    assert made.settings == settings
    assert made.out_dir == str(tmp_path)


async def test_a_name_is_given_once(library: Library, project: Project, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="“Walden” already"):
        await library.projects.create("Walden", tmp_path, Settings())
    other = await library.projects.create("Other", tmp_path, Settings())
    with pytest.raises(StoreError, match="“Walden” already"):
        await library.projects.update(replace(other, name="Walden"))


async def test_a_name_that_is_no_text_gets_a_sentence(library: Library) -> None:
    with pytest.raises(StoreError, match="not valid Unicode"):
        await library.projects.create("odd \udce9", Path("/tmp"), Settings())  # noqa: S108  (never made)
    with pytest.raises(StoreError, match="output folder"):
        await library.projects.create("fine", Path("/caf\udce9"), Settings())


async def test_update_stores_settings_and_folder(library: Library, project: Project) -> None:
    changed = replace(project, settings=Settings(speed=1.1), out_dir="/elsewhere")
    await library.projects.update(changed)
    assert await library.projects.all() == [changed]
    with pytest.raises(LookupError):
        await library.projects.update(replace(project, id=99, name="nobody"))


async def test_the_project_last_worked_on_comes_first(library: Library, tmp_path: Path) -> None:
    first, second, third = [await library.projects.create(name, tmp_path, Settings()) for name in "abc"]
    assert [project.id for project in await library.projects.all()] == [third.id, second.id, first.id]
    await asyncio.sleep(0.005)
    await queued(library, first)
    assert [project.id for project in await library.projects.all()] == [first.id, third.id, second.id]


async def test_scripts_are_queued_in_order_and_come_back_whole(library: Library, project: Project) -> None:
    scripts = [store_samples.script(number) for number in range(1, 6)]
    added = await library.projects.add(project, [NewEpisode(script, priority=3) for script in scripts])
    assert [(episode.number, is_new) for episode, is_new in added] == [(number, True) for number in range(1, 6)]
    assert [episode.title for episode, _ in added] == [script.title for script in scripts]
    for (episode, _), script in zip(added, scripts, strict=True):
        assert (episode.state, episode.stage, episode.priority) == (State.QUEUED, Stage.PREPARE, 3)
        assert episode.characters == script.characters
        assert await library.projects.script(episode.id) == script
        assert await library.projects.episode(episode.id) == episode


async def test_the_same_text_is_found_instead(library: Library, project: Project, tmp_path: Path) -> None:
    script = store_samples.script()
    renamed = replace(script, title="Another title", source="copy.txt")
    (first, _), (again, is_new) = await library.projects.add(project, [NewEpisode(script), NewEpisode(renamed)])
    assert (again, is_new) == (first, False)
    assert [known for _, known in await library.projects.add(project, [NewEpisode(renamed)])] == [False]
    other = await library.projects.create("Other", tmp_path, Settings())
    ((elsewhere, is_new),) = await library.projects.add(other, [NewEpisode(renamed)])
    assert is_new
    assert await library.projects.script(elsewhere.id) == renamed
    assert await library.projects.script(first.id) == script


async def test_what_is_taken_out_may_come_back_under_a_new_number(library: Library, project: Project) -> None:
    one, two = await queued(library, project, 1), await queued(library, project, 2)
    await library.projects.remove(two.id)
    assert await library.projects.episodes(project.id) == [one]
    with pytest.raises(LookupError):
        await library.projects.episode(two.id)
    with pytest.raises(LookupError):
        await library.projects.save(two)
    back = await queued(library, project, 2)
    assert back.number == 3
    assert back.id != two.id


async def test_no_such_episode_is_a_lookup_error(library: Library) -> None:
    for wanted in (library.projects.episode(77), library.projects.script(77)):
        with pytest.raises(LookupError):
            await wanted
    assert await library.projects.spoken(77) is None
    assert await library.projects.take(77, 1) is None
    assert await library.projects.master(77, 1) is None
    assert await library.projects.report(77, 1) is None
    assert await library.projects.history(77) == []


async def test_episodes_of_all_projects_and_of_one(library: Library, project: Project, tmp_path: Path) -> None:
    other = await library.projects.create("Other", tmp_path, Settings())
    ours = [await queued(library, project, number) for number in (1, 2)]
    theirs = [await queued(library, other, number) for number in (1, 2)]
    assert await library.projects.episodes(project.id) == ours
    assert await library.projects.episodes() == [*ours, *theirs]


async def test_every_column_is_stored(library: Library, project: Project) -> None:
    episode = await working(library, project)
    full = replace(
        episode,
        title="A title",
        state=State.DONE,
        stage=Stage.EXPORT,
        priority=-2,
        characters=15_000,
        calls=2,
        expected_duration_s=900.5,
        duration_s=902.25,
        take=2,
        takes=3,
        repairs=1,
        verdict=Verdict.PASS,
        word_accuracy=0.985,
        loudness_lufs=-16.01,
        true_peak_dbtp=-1.3,
        findings=4,
        drawn=True,
        clearance=Clearance.APPROVED,
        cost_micro=10**12,
        reserved_micro=5,
        folder="/out/001-a-title",
        reason="because",
        remedy="do this",
        strip=bytes(range(256)),
        strip_faults=(StripFault(0.1, 0.2, Severity.FAULT), StripFault(0.5, 0.6, Severity.NOTE)),
        timings=((Stage.PREPARE, 0.25), (Stage.SYNTHESIZE, 33.0)),
        overrides='{"voice": "builtin:heart"}',
        voice_consistency=0.91,
        brand_alignment=0.88,
        mending="3-5 9-10",
        script_verdict=Verdict.REVIEW,
        script_approved=True,
    )
    same = {item.name for item in fields(Episode) if getattr(full, item.name) == getattr(episode, item.name)}
    assert same == {"id", "project_id", "number", "source"}
    await library.projects.save(full)
    assert await library.projects.episode(episode.id) == full


def test_any_row_comes_back(tmp_path: Path) -> None:
    whole = st.integers(0, 2**63 - 1)
    numbers = dict.fromkeys(("priority", "characters", "calls", "take", "takes", "repairs", "findings"), whole)
    known = {"id": st.just(1), "project_id": st.just(1), "number": st.just(1), "state": st.just(State.WORKING)}
    rows = st.builds(Episode, **known, **numbers, cost_micro=whole, reserved_micro=whole)

    async def begin() -> Library:
        library = await Library.open(tmp_path)
        await working(library, await library.projects.create("Show", tmp_path, Settings()))
        return library

    with asyncio.Runner() as runner:
        library = runner.run(begin())

        @given(rows)
        @examples(max_examples=80, deadline=None)
        def comes_back(episode: Episode) -> None:
            runner.run(library.projects.save(episode))
            assert runner.run(library.projects.episode(1)) == episode

        comes_back()
        runner.run(library.close())


async def test_odd_characters_in_texts_do_not_stop_a_save(library: Library, project: Project) -> None:
    odd = Script("caf\udce9 \x00", "caf\udce9.md", "text \ud800", ())
    ((episode, _),) = await library.projects.add(project, [NewEpisode(odd)])
    assert episode.title == "caf? \x00"
    assert await library.projects.script(episode.id) == odd
    entry = HistoryEntry(Stage.PREPARE, "failed", 0.0, "caf\udce9.md")
    await library.projects.save(replace(episode, reason="“caf\udce9.md” is odd"), entry)
    assert (await library.projects.episode(episode.id)).reason == "“caf?.md” is odd"
    assert (await library.projects.history(episode.id))[0].note == "caf?.md"


@pytest.mark.parametrize(("old", "new"), list(product(State, State)), ids=str)
async def test_only_legal_moves_are_stored(library: Library, project: Project, old: State, new: State) -> None:
    episode = await working(library, project)
    way: Sequence[State] = (old,) if may_move(State.WORKING, old) else (State.NEEDS_YOU, old)
    for state in way:
        await library.projects.save(replace(episode, state=state))
    if may_move(old, new):
        await library.projects.save(replace(episode, state=new))
    else:
        with pytest.raises(ValueError, match=f"from {old} to {new}"):
            await library.projects.save(replace(episode, state=new), HistoryEntry(Stage.PREPARE, "done", 1.0))
        assert (await library.projects.episode(episode.id)).state is old
        assert await library.projects.history(episode.id) == []


async def test_what_the_stages_leave_comes_back(library: Library, project: Project) -> None:
    episode = replace(await working(library, project), take=1, takes=1)
    projects = library.projects
    audio = await library.artifacts.keep_bytes(b"flac", ".flac")
    mp3 = await library.artifacts.keep_bytes(b"mp3", ".mp3")
    peaks = await library.artifacts.keep_bytes(b"peaks", ".peaks")
    left: tuple[Product, ...] = (
        Prepared(store_samples.spoken()),
        store_samples.take(audio),
        store_samples.master(mp3, peaks),
        Checked(1, store_samples.report(words=300, findings=20)),
        Decision(Clearance.APPROVED, "sounds right"),
    )
    for stage, item in zip(Stage, left, strict=False):
        await projects.save(episode, HistoryEntry(stage, "done", 1.5, f"note {stage}"), item)
    assert await projects.spoken(episode.id) == store_samples.spoken()
    assert await projects.take(episode.id, 1) == store_samples.take(audio)
    assert await projects.master(episode.id, 1) == store_samples.master(mp3, peaks)
    assert await projects.report(episode.id, 1) == store_samples.report(words=300, findings=20)
    assert [entry.note for entry in await projects.history(episode.id)] == [
        f"note {stage}" for stage in list(Stage)[:5]
    ]


async def test_a_new_master_takes_the_old_report_away(library: Library, project: Project) -> None:
    episode = replace(await working(library, project), take=1, takes=1)
    audio = await library.artifacts.keep_bytes(b"flac", ".flac")
    master = store_samples.master(audio, audio)
    left: tuple[Product, ...] = (store_samples.take(audio), master, Checked(1, store_samples.report()))
    for item in left:
        await library.projects.save(episode, product=item)
    louder = replace(master, gain_db=9.0, sound=SoundReport(1.0, 44_100, 1, None, None, None, None, ()))
    await library.projects.save(episode, product=louder)
    assert await library.projects.master(episode.id, 1) == louder
    assert await library.projects.report(episode.id, 1) is None
    await library.projects.save(episode, product=Checked(1, store_samples.report(findings=1)))
    await library.projects.save(episode, product=Checked(1, store_samples.report(findings=0)))
    assert await library.projects.report(episode.id, 1) == store_samples.report(findings=0)


async def test_a_take_is_never_overwritten(library: Library, project: Project) -> None:
    episode = await working(library, project)
    audio = await library.artifacts.keep_bytes(b"flac", ".flac")
    await library.projects.save(episode, product=store_samples.take(audio))
    with pytest.raises(sqlite3.IntegrityError):
        await library.projects.save(episode, product=store_samples.take(audio, duration_s=1.0))
    assert (await library.projects.take(episode.id, 1)) == store_samples.take(audio)
    await library.projects.save(episode, product=store_samples.take(audio, number=2))
    assert await library.projects.take(episode.id, 2)


async def test_a_failing_product_takes_the_row_and_the_history_with_it(library: Library, project: Project) -> None:
    episode = await working(library, project)
    with pytest.raises(sqlite3.IntegrityError):  # no master of that take
        await library.projects.save(
            replace(episode, title="changed"),
            HistoryEntry(Stage.CHECK, "done", 1.0),
            Checked(1, store_samples.report()),
        )
    assert await library.projects.episode(episode.id) == episode
    assert await library.projects.history(episode.id) == []


async def test_findings_can_be_asked_for_by_kind(library: Library, root: Path, project: Project) -> None:
    episode = replace(await working(library, project), take=1, takes=1)
    audio = await library.artifacts.keep_bytes(b"flac", ".flac")
    master = store_samples.master(audio, audio)
    left: tuple[Product, ...] = (store_samples.take(audio), master, Checked(1, store_samples.report()))
    for item in left:
        await library.projects.save(episode, product=item)
    database = await Database.open(root / "library.db")
    rows = await database.read(
        lambda connection: connection.execute(
            "SELECT said, script, start_s FROM findings WHERE kind = 'misread_words' AND severity = 'review'"
        ).fetchall()
    )
    await database.close()
    assert [tuple(row) for row in rows] == [("fifty", "fifteen", 0.0), ("fifty", "fifteen", 1.0)]


async def test_recover_puts_back_what_was_under_way(library: Library, project: Project) -> None:
    busy = replace(await working(library, project, 1), stage=Stage.CHECK)
    await library.projects.save(busy)
    waiting = await queued(library, project, 2)
    gone = await working(library, project, 3)
    await library.projects.remove(gone.id)
    assert await library.projects.recover() == [replace(busy, state=State.QUEUED)]
    assert await library.projects.episodes(project.id) == [replace(busy, state=State.QUEUED), waiting]
    assert [entry.outcome for entry in await library.projects.history(busy.id)] == ["interrupted"]
    assert await library.projects.recover() == []


async def test_the_speaking_rate_is_learned_from_accepted_episodes(library: Library, project: Project) -> None:
    async def rate(voice: str = "builtin:heart", model: str = "hibari-1", speed: float = 1.0) -> tuple[float, int]:
        found = await library.projects.speaking_rate(asking, voice, model, speed)
        return round(found.expected_s(extent), 3), found.episodes

    asking = (await working(library, project, 90)).id
    audio = await library.artifacts.keep_bytes(b"flac", ".flac")
    spoken = store_samples.spoken(characters_a_word=4, words=100, pause_s=2.0)
    extent = extent_of(spoken.utterances)
    unknown = round(first_guess("builtin:heart", 1.0).expected_s(extent), 3)
    assert await rate() == (unknown, 0)
    for number, (state, clearance) in enumerate(
        [
            (State.DONE, Clearance.NOT_NEEDED),
            (State.QUEUED, Clearance.APPROVED),
            (State.FAILED, Clearance.NONE),
            (State.NEEDS_YOU, Clearance.NONE),
        ]
    ):
        episode = replace(await working(library, project, number), take=1, takes=1)
        await library.projects.save(episode, product=Prepared(spoken))
        await library.projects.save(episode, product=store_samples.take(audio, duration_s=42.0))
        await library.projects.save(replace(episode, state=state, clearance=clearance), product=Decision(clearance, ""))
    # What was queued before those were accepted is judged as it would have been then.
    assert await rate() == (unknown, 0)
    await asyncio.sleep(0.002)
    asking = (await working(library, project, 91)).id
    learned = learned_rate("builtin:heart", 1.0, [(extent, 42.0)] * 2)
    assert await rate() == (round(learned.expected_s(extent), 3), 2)
    assert abs(learned.expected_s(extent) - 42.0) < abs(unknown - 42.0)
    # Another pace, model or voice is known nothing of.
    assert await rate(speed=1.1) == (round(first_guess("builtin:heart", 1.1).expected_s(extent), 3), 0)
    assert await rate(model="hibari-2") == (unknown, 0)
    assert await rate(voice="elevenlabs:x") == (round(first_guess("elevenlabs:x", 1.0).expected_s(extent), 3), 0)


async def test_readers_and_writers_at_once_see_whole_rows(library: Library, project: Project) -> None:
    episode = await working(library, project)

    async def write(number: int) -> None:
        await library.projects.save(
            replace(episode, calls=number, takes=number), HistoryEntry(Stage.CHECK, "x", number)
        )

    async def read() -> None:
        seen = await library.projects.episode(episode.id)
        assert seen.calls == seen.takes

    await asyncio.gather(*(task for number in range(1, 60) for task in (write(number), read())))
    assert (await library.projects.episode(episode.id)).calls == 59
    assert [entry.seconds for entry in await library.projects.history(episode.id)] == list(range(1, 60))


async def test_thousands_of_episodes(library: Library, project: Project) -> None:
    added = await library.projects.add(project, [NewEpisode(store_samples.script(n)) for n in range(2_000)])
    assert [episode.number for episode, _ in added] == list(range(1, 2_001))
    assert await library.projects.episodes(project.id) == [episode for episode, _ in added]


async def test_the_first_terms_of_a_plan_stay(library: Library, project: Project) -> None:
    episode = await queued(library, project)
    projects, terms = library.projects, store_samples.TERMS
    assert await projects.terms(episode.id, 1, "inputs") is None
    await projects.keep_terms(episode.id, 1, "inputs", terms)
    await projects.keep_terms(episode.id, 1, "inputs", replace(terms, limit=10))
    await projects.keep_terms(episode.id, 2, "inputs", replace(terms, limit=None))
    assert await projects.terms(episode.id, 1, "inputs") == terms
    assert await projects.terms(episode.id, 2, "inputs") == replace(terms, limit=None)
    assert await projects.terms(episode.id, 1, "other inputs") is None
    with pytest.raises(sqlite3.IntegrityError):
        await projects.keep_terms(4711, 1, "inputs", terms)


async def test_a_pace_of_its_own_is_what_is_learned(library: Library, project: Project) -> None:
    episode = replace(await working(library, project), overrides='{"speed": 1.1}', take=1, takes=1)
    audio = await library.artifacts.keep_bytes(b"flac", ".flac")
    await library.projects.save(episode, product=Prepared(store_samples.spoken(pause_s=2.0)))
    await library.projects.save(episode, product=store_samples.take(audio, duration_s=42.0))
    done = replace(episode, state=State.DONE, clearance=Clearance.APPROVED)
    await library.projects.save(done, product=Decision(Clearance.APPROVED, ""))
    await asyncio.sleep(0.002)
    asking = (await working(library, project, 2)).id
    assert (await library.projects.speaking_rate(asking, "builtin:heart", "hibari-1", 1.1)).episodes == 1
    assert (await library.projects.speaking_rate(asking, "builtin:heart", "hibari-1", 1.0)).episodes == 0
