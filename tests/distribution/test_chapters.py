import json
from collections.abc import Callable

import jsonschema
import pytest

from studio.distribution.chapters import chapter_times, chapters_json, notes
from studio.distribution.timeline import sentences
from studio.domain.release import Release
from studio.domain.sound import Mark
from studio.domain.spoken import Chapter, SpokenForm

Make = Callable[..., Release]
# JSON chapters 1.2.0 as the podcast namespace describes them: only `version`, `chapters` and `startTime` are required.
CHAPTERS = {
    "type": "object",
    "required": ["version", "chapters"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": "1.2.0"},
        "chapters": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["startTime"],
                "additionalProperties": False,
                "properties": {
                    "startTime": {"type": "number", "minimum": 0},
                    "endTime": {"type": "number", "minimum": 0},
                    "title": {"type": "string", "minLength": 1},
                    "img": {"type": "string"},
                    "url": {"type": "string"},
                    "toc": {"type": "boolean"},
                    "location": {"type": "object"},
                },
            },
        },
        **{name: {"type": "string"} for name in ("author", "title", "podcastName", "description", "fileName")},
        "waypoints": {"type": "boolean"},
    },
}


def listed(release: Release) -> list[tuple[int, int, str]]:
    chapters = chapter_times(release, sentences(release))
    return [(chapter.start_ms, chapter.end_ms, chapter.title) for chapter in chapters]


def with_chapters(make: Make, *chapters: Chapter) -> Release:
    known = make(audio=False)
    return make(audio=False, spoken=SpokenForm("T", known.spoken.utterances, chapters))


def test_json_chapters_follow_the_schema(make_release: Make) -> None:
    release = make_release(audio=False)
    document = json.loads(chapters_json(release, chapter_times(release, sentences(release)), "007-x.mp3"))
    jsonschema.validate(document, CHAPTERS)
    assert document["podcastName"] == "Walks"
    assert document["fileName"] == "007-x.mp3"
    assert [item["title"] for item in document["chapters"]] == ["The Long Walk", "Setting out", "The end"]
    assert document["chapters"][0]["startTime"] == 0
    assert document["chapters"][-1]["endTime"] == 8.0
    bare = make_release(audio=False, show="", author="")
    assert "author" not in json.loads(chapters_json(bare, chapter_times(bare, sentences(bare)), "x.mp3"))


def test_silence_before_the_first_word_belongs_to_the_first_chapter(make_release: Make) -> None:
    release = make_release(audio=False)
    late = [Mark(m.utterance, m.source_start, m.source_end, m.start_s + 0.05, m.end_s) for m in release.marks]
    assert listed(make_release(audio=False, marks=late))[0][0] == 0


def test_without_headings_the_episode_is_its_only_chapter(make_release: Make) -> None:
    assert listed(make_release("Only one sentence.", audio=False)) == [(0, 8000, "The Long Walk")]
    assert listed(make_release("", title="", audio=False)) == [(0, 8000, "Episode")]


def test_words_before_the_first_heading_are_a_chapter_of_their_own(make_release: Make) -> None:
    chapters = listed(make_release("Hello there, friends.\n\n## One\n\nText.", audio=False))
    assert [title for _, _, title in chapters] == ["The Long Walk", "One"]
    assert chapters[0][1] == chapters[1][0] > 0


def test_odd_chapters_do_no_harm(make_release: Make) -> None:
    release = with_chapters(
        make_release, Chapter("", 0), Chapter("again at the same place", 0), Chapter("a\n\x00b\u202ec", 3)
    )
    assert [title for _, _, title in listed(release)] == ["Chapter 1", "a b c"]


def test_chapters_beyond_the_sound_are_left_out(make_release: Make) -> None:
    release = make_release(audio=False)
    late = [Mark(m.utterance, m.source_start, m.source_end, m.start_s + 7.5, m.end_s + 7.5) for m in release.marks]
    chapters = listed(make_release(audio=False, marks=late))
    assert chapters == [(0, 8000, "The Long Walk")]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_notes_list_chapters_from_three_on(make_release: Make, count: int) -> None:
    release = with_chapters(make_release, *[Chapter(f"Part {n}", n * 4) for n in range(count)])
    text = notes(chapter_times(release, sentences(release)))
    assert "machine voice" in text
    assert text.startswith("00:00:00 Part 0\n") is (count >= 3)
    assert text.count("Part") == (3 if count == 3 else 0)
