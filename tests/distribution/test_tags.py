import io
from collections.abc import Callable
from pathlib import Path

import av
import eyed3
import pytest
from eyed3.id3 import ID3_V2_3
from eyed3.id3.frames import TocFrame

from studio.audio.playback import play
from studio.distribution.chapters import ChapterTime, chapter_times
from studio.distribution.mp3 import write_tagged
from studio.distribution.tags import id3_tag, tag_length
from studio.distribution.timeline import sentences
from studio.domain.errors import AudioError, ExportError
from studio.domain.release import Release

Make = Callable[..., Release]


def silent(_fraction: float) -> None:
    """A report that nobody reads."""


def tagged(release: Release, target: Path, chapters: tuple[ChapterTime, ...] | None = None) -> bytes:
    tag = id3_tag(release, chapters or chapter_times(release, sentences(release)))
    with Path(release.audio_path).open("rb") as source:
        write_tagged(source, target, tag, silent)
    return tag


def test_another_reader_finds_every_field(make_release: Make, tmp_path: Path) -> None:
    release = make_release()
    tagged(release, tmp_path / "a.mp3")
    tag = eyed3.load(tmp_path / "a.mp3").tag
    assert tag.version == ID3_V2_3
    assert (tag.title, tag.artist, tag.album) == ("The Long Walk", "A. Walker", "Walks")
    assert tag.track_num.count == 7
    assert tag.genre.name == "Podcast"
    assert "machine voice" in tag.comments[0].text
    assert {text.description: text.text for text in tag.user_text_frames} == {
        "AI-CONTENT": "true",
        "AI-VOICE": "builtin:heart",
    }
    assert tag.getTextFrame("TLEN") == "8000"
    assert tag.getTextFrame("TSSE") == "Batchcast 0.1.0"


def test_chapters_stand_at_their_marks(make_release: Make, tmp_path: Path) -> None:
    release = make_release()
    tagged(release, tmp_path / "a.mp3")
    tag = eyed3.load(tmp_path / "a.mp3").tag
    (toc,) = tag.table_of_contents
    assert toc.toplevel
    assert toc.ordered
    chapters = [tag.chapters[name] for name in toc.child_ids]
    assert [chapter.title for chapter in chapters] == ["The Long Walk", "Setting out", "The end"]
    starts = [0] + [round(release.marks[chapter.utterance].start_s * 1000) for chapter in release.spoken.chapters[1:]]
    assert [chapter.times for chapter in chapters] == list(zip(starts, [*starts[1:], 8000], strict=True))


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("Café — déjà vu", None),
        ("🚀 Rockets 👩‍👩‍👧", None),
        ("שלום עולם", None),
        ("He said “no” & 'yes' \"ok\" <b>", None),
        ("x" * 300, None),
        ("a\x00b\x07c\nd\u202ee\ud800f", "a b c d e\ufffdf"),
    ],
)
def test_titles_of_every_kind_come_back(make_release: Make, tmp_path: Path, title: str, read: str | None) -> None:
    tagged(make_release(title=title), tmp_path / "a.mp3")
    assert eyed3.load(tmp_path / "a.mp3").tag.title == (read or title)
    with av.open(str(tmp_path / "a.mp3")) as container:
        assert container.metadata["title"] == (read or title)


def test_empty_fields_are_left_out(make_release: Make, tmp_path: Path) -> None:
    tagged(make_release(show="", author=" \x00"), tmp_path / "a.mp3")
    tag = eyed3.load(tmp_path / "a.mp3").tag
    assert tag.artist is None
    assert tag.album is None


def test_the_sound_is_the_masters_byte_for_byte(make_release: Make, tmp_path: Path) -> None:
    release = make_release()
    tag = tagged(release, tmp_path / "a.mp3")
    written, master = (tmp_path / "a.mp3").read_bytes(), Path(release.audio_path).read_bytes()
    assert tag_length(master) > 0  # the encoder put a tag of its own there, which must go
    assert written == tag + master[tag_length(master) :]
    assert tag_length(written) == len(tag)
    assert written[len(tag) : len(tag) + 2] == b"\xff\xfb"
    assert b"Info" in written[len(tag) : len(tag) + 417]  # the Xing frame of a constant bit rate, right behind the tag


def test_a_master_without_a_tag_is_taken_as_it_is(make_release: Make, tmp_path: Path) -> None:
    release = make_release()
    master = Path(release.audio_path).read_bytes()
    bare = master[tag_length(master) :]
    (tmp_path / "bare.mp3").write_bytes(bare)
    tag = tagged(make_release(audio_path=str(tmp_path / "bare.mp3")), tmp_path / "a.mp3")
    assert (tmp_path / "a.mp3").read_bytes() == tag + bare


def test_a_decoder_hears_every_sample_and_sees_every_chapter(make_release: Make, tmp_path: Path) -> None:
    release = make_release()
    tagged(release, tmp_path / "a.mp3")
    played = play(tmp_path / "a.mp3", 8.0, silent)
    assert played.duration_s == 8.0
    assert (played.bit_rate, played.rate_hz, played.channels) == (128_000, 44_100, 1)
    assert played.chapter_starts_ms[0] == 0
    assert len(played.chapter_starts_ms) == 3


@pytest.mark.parametrize("count", [1, 255, 256, 600])
def test_any_number_of_chapters_is_listed_in_order(make_release: Make, tmp_path: Path, count: int) -> None:
    chapters = tuple(ChapterTime(f"Part {n} – ü", n * 10, n * 10 + 10) for n in range(count))
    tagged(make_release(), tmp_path / "a.mp3", chapters)
    tag = eyed3.load(tmp_path / "a.mp3").tag
    tables: dict[bytes, TocFrame] = {toc.element_id: toc for toc in tag.table_of_contents}
    (top,) = [toc for toc in tables.values() if toc.toplevel]
    listed = [leaf for child in top.child_ids for leaf in (tables[child].child_ids if child in tables else [child])]
    assert [tag.chapters[name].times[0] for name in listed] == [n * 10 for n in range(count)]
    assert tag.chapters[listed[-1]].title == f"Part {count - 1} – ü"
    assert len(play(tmp_path / "a.mp3", 8.0, silent).chapter_starts_ms) == count


def test_what_is_no_mp3_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "wav").open("xb") as wav:
        wav.write(b"RIFF" * 1000)
    with (tmp_path / "wav").open("rb") as source, pytest.raises(ExportError, match="not an MP3"):
        write_tagged(source, tmp_path / "a.mp3", b"", silent)
    (tmp_path / "torn.mp3").write_bytes(b"\xff\xfb" + b"no frame" * 999)
    with pytest.raises(AudioError, match="cannot be decoded"):
        play(tmp_path / "torn.mp3", 8.0, silent)


@pytest.mark.parametrize(
    ("head", "length"),
    [(b"", 0), (b"\xff\xfb\x90\xc0" * 3, 0), (b"ID3\x03\0\0\0\0\x02\x01", 10 + 257), (b"ID3\x04\0\x10\0\0\0\x01", 21)],
)
def test_the_length_of_a_tag_is_read(head: bytes, length: int) -> None:
    assert tag_length(io.BytesIO(head).read(10)) == length


def test_no_byte_of_a_tag_size_looks_like_sound(make_release: Make) -> None:
    tag = id3_tag(make_release(title="é" * 20_000), (ChapterTime("x", 0, 1),))
    assert all(byte < 0x80 for byte in tag[6:10])
    assert tag_length(tag) == len(tag)
