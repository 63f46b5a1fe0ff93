"""A bad sentence is found, spoken anew, put in its place, and heard again; nothing else is bought."""

from dataclasses import replace
from pathlib import Path

import pytest

from studio.audio.decode import probe, stream
from studio.audio.encode import FlacWriter
from studio.domain.episode import Episode, Stage, State
from studio.domain.errors import InputError
from studio.domain.findings import FindingKind, QaReport, Severity, Verdict
from studio.domain.money import usd
from studio.domain.project import Project
from studio.domain.settings import Settings
from studio.domain.sound import Span
from studio.domain.take import Take
from studio.engine.batch import Studio
from studio.engine.rooms import Rooms
from studio.engine.runner import RunOptions
from tests.fakes.elevenlabs_server import elevenlabs_server
from tests.whole.flawed import FlawedVoices, Slip, flawed_service, opened

pytestmark = pytest.mark.model

VOICE = "elevenlabs:21m00Tcm4TlvDq8ikWAM"
MICRO_PER_CREDIT = 100  # by the shipped price book
ELSE = "Nobody here knows what any of this is supposed to mean."


SENTENCES = [
    "The harbour was quiet before the boats came home.",
    "She opened the letter slowly and read it by the window.",
    "A good map tells you more than the names of the roads.",
    "They carried the piano up the stairs and put it in the corner.",
    "His grandfather had built the house with his own hands.",
    "Every spring the swallows came back to the same barn.",
    "The teacher wrote one word on the board and left the room.",
    "Most of the bread was sold before the sun was up.",
    "The children found a small key under the kitchen floor.",
    "Far below them the lights of the city began to shine.",
    "Nothing travels faster than a rumour in a small town.",
    "He kept his money in an old tin behind the stove.",
    "The captain looked at the sky and changed his plan.",
    "Her voice was calm and clear, but her hands were not.",
    "The doctor came on foot because the road was under water.",
    "You could hear the sea from every room in the house.",
    "The painter mixed his colours in the light of the morning.",
    "Only one of the brothers wanted to leave the farm.",
    "The library was open until midnight in those days.",
    "It takes a patient person to repair a broken watch.",
    "The last train had gone before we reached the platform.",
    "In the morning the whole garden was green again.",
    "A dog barked somewhere, and then it was silent.",
    "The village could not remember a colder winter.",
]


async def begun(studio: Studio, out: Path, text: str, **values: object) -> Project:
    """A project with one episode."""
    wanted = Settings().with_values({"review_share": 0.0, **values})  # type: ignore[dict-item]
    project = await studio.create_project(f"Show {out.name}", out, wanted)
    assert not await studio.add_text(project, text, "show.txt")
    return project


async def through(studio: Studio, project: Project) -> Episode:
    """Its newest episode, where it stops by itself."""
    await studio.start([project])
    await studio.run.finished()
    return (await studio.episodes(project.id))[-1]


async def notes(studio: Studio, episode: Episode) -> list[str]:
    return [entry.note for entry in (await studio.details(episode.id)).history if entry.note]


async def kept(rooms: Rooms, episode: Episode) -> tuple[Take, QaReport]:
    take = await rooms.projects.take(episode.id, episode.take)
    report = await rooms.projects.report(episode.id, episode.take)
    assert take is not None
    assert report is not None
    return take, report


async def test_a_service_that_slipped_is_asked_for_those_sentences_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = SENTENCES[5]
    monkeypatch.setattr("tests.fakes.speech.spoken", flawed_service([Slip(lost, "")]))
    with elevenlabs_server(plan="creator", time_scale=0.0, speech=True) as server:
        async with opened(tmp_path / "library", server.base_url, server.key) as (studio, rooms):
            project = await begun(studio, tmp_path / "out", " ".join(SENTENCES[:14]), voice=VOICE)
            episode = await through(studio, project)
            take, report = await kept(rooms, episode)
            costs = await studio.costs(project.id)
            said = await notes(studio, episode)
    assert (episode.state, episode.verdict) == (State.DONE, Verdict.PASS)
    assert (episode.take, episode.takes, episode.repairs, episode.mending) == (2, 2, 1, "")
    # Bought: the whole, and that sentence once, in another seed; the books agree.
    whole, mend = server.ledger.charges
    assert (mend.order.text, mend.order.seed, whole.order.seed) == (lost, 1, 0)
    assert mend.characters < 0.1 * whole.characters
    assert not server.ledger.paid_twice()
    assert costs.settled_micro == episode.cost_micro == MICRO_PER_CREDIT * server.ledger.credits
    assert costs.reserved_micro == 0
    assert (episode.calls, episode.characters) == (2, whole.characters)
    # What was done is said: in the history, and at its place in the report.
    told = f"sentence 6 spoken anew ({len(lost)} of {sum(map(len, SENTENCES[:14]))} characters)"
    assert said == [f"take 1 failed, {told}", told, "pass"]
    (mended,) = take.mends
    assert (take.parent, mended.first, mended.last, mended.characters) == (1, 5, 6, len(lost))
    (finding,) = [finding for finding in report.findings if "spoken anew" in finding.detail]
    assert (finding.severity, finding.start_s, finding.end_s) == (Severity.NOTE, mended.start_s, mended.end_s)
    assert finding.kind is FindingKind.MENDED
    assert len(take.marks) == 14
    assert not [each for each in report.findings if each.severity is not Severity.NOTE]


async def test_what_is_bad_again_takes_a_neighbour_along_and_the_best_take_is_kept(tmp_path: Path) -> None:
    text = " ".join(SENTENCES[:6])
    third = SENTENCES[3]
    # At first a few words are wrong; the next time it is all of the sentence, and never the same.
    slips = [
        Slip(third, f"{third[:-1]} in a boat with goats."),
        Slip(third, ELSE, frozenset({1})),
        Slip(third, "Whatever you do, never open that other door again.", frozenset({2})),
    ]
    async with opened(tmp_path / "library", slips=slips) as (studio, rooms):
        assert isinstance(rooms.voices, FlawedVoices)
        episode = await through(studio, await begun(studio, tmp_path / "out", text))
        takes = [await rooms.projects.take(episode.id, number) for number in (1, 2, 3)]
        said = await notes(studio, episode)
    assert (episode.take, episode.takes, episode.repairs) == (1, 3, 2)
    assert episode.state is State.NEEDS_YOU
    assert said[-1].endswith("take 1 kept")
    asked = [(chunk.first, chunk.last) for chunk in rooms.voices.asked]
    assert asked[:2] == [(0, 6), (3, 4)]
    assert asked[2] in {(2, 4), (3, 5)}
    assert len({chunk.key for chunk in rooms.voices.asked}) == 3
    assert [take.parent for take in takes if take] == [0, 1, 1]


async def test_a_word_that_is_misread_every_time_becomes_a_proposal(tmp_path: Path) -> None:
    text = (
        "The river had changed its course twice. In the evening Zoltan Kerekes took them across. "
        "Nobody in the village could remember a colder winter. The apples were red on one side."
    )
    slips = [Slip("Zoltan Kerekes", "purple elephants", None)]
    async with opened(tmp_path / "library", slips=slips) as (studio, rooms):
        project = await begun(studio, tmp_path / "out", text, repairs=5)
        episode = await through(studio, project)
        _, report = await kept(rooms, episode)
        assert not await studio.add_text(project, f"{text} Another day began.", "other.txt")
        other = await through(studio, project)
        _, other_report = await kept(rooms, other)
        # A person says how it is spoken: that sentence alone is spoken anew, with what it takes.
        said = project.settings.with_values({"pronunciations": "Zoltan=Zoll-tun; Kerekes=Care-a-cash"})
        project = replace(project, settings=said)
        await studio.update_project(project)
        await studio.start([project], RunOptions(Stage.SYNTHESIZE))
        await studio.mend(other.id, [(1, 2)])
        await studio.run.finished()
        assert isinstance(rooms.voices, FlawedVoices)
        last = rooms.voices.asked[-1]
        mended = await rooms.projects.take(other.id, 2)
    assert (episode.state, episode.takes, episode.repairs) == (State.NEEDS_YOU, 2, 1)
    for each in (report, other_report):
        details = [finding.detail for finding in each.findings if "Pronunciations" in finding.detail]
        assert len(details) == 2
        assert details[0].startswith("“Zoltan” was heard as “")
        assert "Zoltan=SPOKEN" in details[0]
        assert "brand file" in details[0]
    # What one episode has shown, the next one knows.
    assert (other.state, other.takes) == (State.NEEDS_YOU, 1)
    assert [each.text for each in last.utterances] == ["In the evening Zoll-tun Care-a-cash took them across."]
    assert mended is not None
    assert (mended.parent, len(mended.marks)) == (1, 5)


async def test_what_cannot_be_paid_waits_for_a_person_and_is_mended_when_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its sound comes from the history, without the voice's times: its sentences are where they are heard."""
    text = " ".join(SENTENCES[8:14])
    changed = SENTENCES[10]
    monkeypatch.setattr("tests.fakes.speech.spoken", flawed_service([Slip(changed, ELSE)]))
    enough = usd(MICRO_PER_CREDIT * -(-len(text) // 2))  # for one take of half a credit a character
    with elevenlabs_server(plan="creator", time_scale=0.0, speech=True) as server:
        server.schedule_next("cut_in_body")
        async with opened(tmp_path / "library", server.base_url, server.key) as (studio, rooms):
            project = await begun(studio, tmp_path / "out", text, voice=VOICE, budget_usd=enough)
            episode = await through(studio, project)
            assert (episode.state, episode.stage, episode.takes) == (State.NEEDS_YOU, Stage.REVIEW, 1)
            assert "the budget of the project" in episode.reason
            assert episode.remedy
            assert (episode.repairs, episode.mending) == (0, "")
            assert not studio.run.stopped_by_budget

            # A person may ask for it all the same: it is refused where it is bought, and nothing is stuck.
            take, report = await kept(rooms, episode)
            assert take.marks == ()
            (bad,) = [each for each in report.findings if each.severity is Severity.FAULT and each.start_s]
            place = Span(bad.start_s or 0.0, bad.end_s or 0.0)
            quote = await studio.market.mend_quote(project, episode, [place])
            assert (quote.mending, quote.characters) == (((2, 3),), len(changed))
            assert quote.price.micro == MICRO_PER_CREDIT * -(-len(changed) // 2)
            assert quote.all_characters == len(text)
            await studio.mend(episode.id, [place])
            await studio.run.finished()
            (episode,) = await studio.episodes(project.id)
            assert (episode.state, episode.stage, episode.takes) == (State.NEEDS_YOU, Stage.REVIEW, 1)
            assert "It was not mended, and stays as it is. The budget of the project" in episode.reason
            assert len(server.ledger.asked) == 1

            project = replace(project, settings=project.settings.with_values({"budget_usd": 1.0}))
            await studio.update_project(project)
            await studio.mend(episode.id, [(2, 3)])
            await studio.run.finished()
            (episode,) = await studio.episodes(project.id)
            assert (episode.state, episode.verdict, episode.takes) == (State.DONE, Verdict.PASS, 2)
            assert (episode.repairs, episode.reason) == (0, "")
            assert [charge.order.text for charge in server.ledger.charges[1:]] == [changed]
            with pytest.raises(InputError, match="no sentence"):
                await studio.mend(episode.id, [(90, 91)])


async def test_damage_on_the_disk_is_found_and_cured(tmp_path: Path) -> None:
    """A sentence is silenced in the stored take, behind the back of everybody, before it is mastered."""
    text = " ".join(SENTENCES[14:22])
    async with opened(tmp_path / "library") as (studio, rooms):
        project = await begun(studio, tmp_path / "out", text)
        await studio.start([project], RunOptions(Stage.SYNTHESIZE))
        await studio.run.finished()
        (episode,) = await studio.episodes(project.id)
        take = await rooms.projects.take(episode.id, 1)
        assert take is not None
        silenced(rooms.artifacts.path(take.audio), take.marks[4].start_s, take.marks[4].end_s)
        episode = await through(studio, project)
        mended, report = await kept(rooms, episode)
    assert (episode.verdict, episode.takes, mended.parent) == (Verdict.PASS, 2, 1)
    assert [(mend.first, mend.last) for mend in mended.mends] == [(4, 5)]
    assert {finding.kind for finding in report.findings if finding.severity is not Severity.NOTE} == set()
    assert abs(mended.duration_s - take.duration_s) < 1.0
    assert FindingKind.MENDED in {finding.kind for finding in report.findings if "anew" in finding.detail}


def silenced(path: Path, start_s: float, end_s: float) -> None:
    """Overwrite a part of a FLAC with digital silence."""
    rate_hz = probe(path).rate_hz
    blocks = [block.copy() for block in stream(path)]
    path.chmod(0o644)
    with FlacWriter(path, rate_hz) as flac:
        done = 0
        for block in blocks:
            first, last = (min(max(round(at * rate_hz) - done, 0), block.shape[1]) for at in (start_s, end_s))
            block[:, first:last] = 0.0
            done += block.shape[1]
            flac.write(block[0])
