"""What the checks have measured, read back in order of checking."""

from dataclasses import replace

from studio.domain.brand import BrandReport
from studio.domain.episode import Clearance, Episode, State
from studio.domain.findings import Finding, FindingKind, QaReport, Severity, Verdict
from studio.domain.measures import Check
from studio.domain.project import Project
from studio.domain.sampling import RandomReview
from studio.domain.voiceprint import VoicePrint, VoiceReport
from studio.engine.ports import Checked, Decision
from studio.store.library import Library
from tests.store.store_samples import SOUND, master, report, take, working

PRINT = VoicePrint((1.0,), 0.9, 180.0, 15.0, 12)
NOTE = Finding(FindingKind.DURATION, Severity.NOTE, "2% longer than expected")


def a_report(accuracy: float, verdict: Verdict = Verdict.REVIEW) -> QaReport:
    heard = report()
    return replace(
        heard,
        verdict=verdict,
        alignment=replace(heard.alignment, accuracy=accuracy),
        sound=replace(SOUND, duration_s=90.0, loudness_lufs=-15.5, true_peak_dbtp=-0.5),
        findings=(*heard.findings, NOTE),
        voice=VoiceReport(0.91, 7, PRINT),
        brand=BrandReport(0.8, ()),
    )


async def checked(
    library: Library, episode: Episode, number: int, heard: QaReport, *, in_use: bool = True, parent: int = 0
) -> Episode:
    """The episode after take `number` was spoken, mastered and checked."""
    audio = await library.artifacts.keep_bytes(b"sound", ".flac")
    await library.projects.save(episode, product=replace(take(audio, number), parent=parent))
    await library.projects.save(episode, product=master(audio, audio, number))
    if in_use:
        episode = replace(
            episode,
            take=number,
            takes=number,
            verdict=heard.verdict,
            word_accuracy=heard.alignment.accuracy,
            duration_s=60.0,
            expected_duration_s=61.0,
            loudness_lufs=-16.02,
            true_peak_dbtp=-1.2,
            voice_consistency=0.88,
            brand_alignment=None,
        )
    await library.projects.save(episode, product=Checked(number, heard))
    return episode


async def all_of(library: Library) -> list[Check]:
    return list(await library.checks.all())


async def test_the_take_in_use_is_read_from_its_row(library: Library, project: Project) -> None:
    episode = await checked(library, await working(library, project), 1, a_report(0.97))
    (check,) = await all_of(library)
    assert (check.episode_id, check.number, check.title, check.shown) == (episode.id, 1, "Chapter 1", True)
    assert (check.voice, check.model, check.ears) == ("builtin:heart", "hibari-1", "tiny.en")
    assert (check.word_accuracy, check.voice_consistency, check.brand_alignment) == (0.97, 0.88, None)
    assert (check.duration_s, check.expected_duration_s, check.limited_db) == (60.0, 61.0, -1.5)
    assert (check.loudness_lufs, check.true_peak_dbtp, check.verdict) == (-16.02, -1.2, Verdict.REVIEW)
    assert check.findings == 2  # the note is none


async def test_what_was_mended_counts_as_it_was_first_spoken(library: Library, project: Project) -> None:
    episode = await checked(library, await working(library, project), 1, a_report(0.80), in_use=False)
    episode = await checked(library, episode, 2, a_report(0.99), parent=1)
    await checked(library, episode, 3, a_report(0.98))  # whole, and in use
    (check,) = await all_of(library)
    assert (check.word_accuracy, check.voice_consistency, check.brand_alignment) == (0.80, 0.91, 0.8)
    assert (check.loudness_lufs, check.true_peak_dbtp, check.duration_s) == (-15.5, -0.5, 90.0)


async def test_what_was_only_ever_checked_mended_is_no_point(library: Library, project: Project) -> None:
    episode = await working(library, project)
    audio = await library.artifacts.keep_bytes(b"sound", ".flac")
    await library.projects.save(episode, product=take(audio, 1))  # spoken, and never checked as it was
    await checked(library, episode, 2, a_report(0.99), parent=1)
    assert await all_of(library) == []


async def test_each_voice_that_spoke_an_episode_counts_once(library: Library, project: Project) -> None:
    episode = await checked(library, await working(library, project), 1, a_report(0.80), in_use=False)
    audio = await library.artifacts.keep_bytes(b"sound", ".flac")
    await library.projects.save(episode, product=replace(take(audio, 2), voice="elevenlabs:x", model="flash"))
    await library.projects.save(episode, product=master(audio, audio, 2))
    await library.projects.save(replace(episode, take=2), product=Checked(2, a_report(0.99)))
    assert [(check.voice, check.word_accuracy) for check in await all_of(library)] == [
        ("builtin:heart", 0.80),
        ("elevenlabs:x", 0.99),
    ]


async def test_settings_tell_series_apart(library: Library, project: Project) -> None:
    await checked(library, await working(library, project, 1), 1, a_report(0.9))
    await library.projects.update(replace(project, settings=project.settings.with_values({"loudness_lufs": -19.0})))
    await checked(library, await working(library, project, 2), 1, a_report(0.9))
    slow = replace(await working(library, project, 3), overrides='{"speed": 0.9}')
    await library.projects.save(slow)
    await checked(library, slow, 1, a_report(0.9))
    one, two, three = await all_of(library)
    assert one.spoken_as == two.spoken_as == '{"speed":1.0}'
    assert one.mastered_as != two.mastered_as == three.mastered_as
    assert three.spoken_as == '{"speed":0.9}'


async def test_what_was_made_before_settings_were_kept_goes_on(library: Library, project: Project) -> None:
    await checked(library, await working(library, project, 1), 1, a_report(0.9))
    await library._database.write(lambda connection: connection.execute("UPDATE takes SET spoken_as = ''"))
    await checked(library, await working(library, project, 2), 1, a_report(0.9))
    assert len({check.spoken_as for check in await all_of(library)}) == 1


async def test_what_was_taken_out_stays_in_the_course(library: Library, project: Project) -> None:
    episode = await checked(library, await working(library, project, 1), 1, a_report(0.9))
    await library.projects.remove(episode.id)
    assert [check.shown for check in await all_of(library)] == [False]


async def test_the_random_review_counts_the_last_word_on_each_take(library: Library, project: Project) -> None:
    async def passed(number: int, *decisions: Clearance, drawn: bool = True, verdict: Verdict = Verdict.PASS) -> None:
        episode = replace(await working(library, project, number), drawn=drawn)
        episode = await checked(library, episode, 1, a_report(0.99, verdict))
        for clearance in decisions:
            await library.projects.save(replace(episode, state=State.WORKING), product=Decision(clearance, ""))

    await passed(1, Clearance.APPROVED)
    await passed(2, Clearance.NONE)  # turned down
    await passed(3, Clearance.NONE, Clearance.APPROVED)  # thought better of
    await passed(4, Clearance.NOT_NEEDED, drawn=False)
    await passed(5, Clearance.UNATTENDED)  # nobody heard it
    await passed(6)
    await passed(7, Clearance.APPROVED, verdict=Verdict.REVIEW)  # flagged: no part of it
    await passed(8, Clearance.APPROVED, drawn=False)  # heard, but not drawn
    assert await library.checks.reviewed() == {project.id: RandomReview(passed=7, heard=3, bad=1)}
