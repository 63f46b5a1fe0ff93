"""`verify` and `master` on files from anywhere."""

import json
from collections.abc import Callable
from pathlib import Path

import hibari
import numpy as np
import pytest

from studio import cli, single
from studio.audio.decode import stream
from studio.domain.errors import ExportError, InputError
from studio.domain.findings import FindingKind, Verdict
from studio.domain.presets import PRESETS
from tests.audio.audio_samples import Wave, joined, write

TEXT = """The lighthouse at Eddystone was lit in November, and it burned sixty candles at a time.
The sea took the first tower away in a great storm, with the builder and all his men inside it.
The next one was built of oak and stood until it burned to the ground on a winter night.
"""
OTHER = "Electric trains need a way to take up current. Some of them take it from a wire above the track."


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a script and its mastered recording."""
    folder = tmp_path_factory.mktemp("single")
    (folder / "script.txt").write_text(TEXT)
    (folder / "other.txt").write_text(OTHER)
    gap = np.zeros(6000, np.float32)
    spoken = [part for sentence in hibari.Hibari().stream(TEXT, seed=3) for part in (sentence, gap)]
    write(folder / "take.wav", np.concatenate(spoken)[None], 24_000)
    single.master(folder / "take.wav", folder / "take.mp3", None, None)
    return folder


def waves(place: Path, rate_hz: int, channels: int) -> Wave:
    return joined(list(stream(place / "take.mp3", rate_hz, channels)))


def surround(place: Path) -> Wave:
    front = waves(place, 48_000, 2)
    return np.concatenate((front, np.zeros((4, front.shape[1]), np.float32)))


FORMATS: dict[str, Callable[[Path, Path], Path]] = {
    "the MP3": lambda place, _: place / "take.mp3",
    "WAV, 192 kHz, stereo": lambda place, out: write(out / "a.wav", waves(place, 192_000, 2), 192_000),
    "WAV, 8 kHz, mono": lambda place, out: write(out / "a.wav", waves(place, 8_000, 1), 8_000, "pcm_s16le"),
    "FLAC, 24 kHz, mono": lambda place, out: write(out / "a.flac", waves(place, 24_000, 1), 24_000, "flac"),
    "M4A, 44.1 kHz, stereo": lambda place, out: write(out / "a.m4a", waves(place, 44_100, 2), 44_100, "aac"),
    "FLAC, 48 kHz, 5.1": lambda place, out: write(out / "a.flac", surround(place), 48_000, "flac"),
}


@pytest.mark.model
@pytest.mark.parametrize("kind", FORMATS)
def test_any_format_is_heard_and_passes(kind: str, place: Path, tmp_path: Path) -> None:
    report = single.verify(FORMATS[kind](place, tmp_path), place / "script.txt", None, None)
    assert report.verdict is Verdict.PASS, report.findings
    assert report.alignment.accuracy is not None
    assert report.alignment.accuracy > 0.95


@pytest.mark.model
def test_another_script_fails_with_all_its_fields(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = cli.main(["verify", str(place / "take.mp3"), "--script", str(place / "other.txt"), "--json"])
    assert status == cli.UNFINISHED
    document = json.loads(capsys.readouterr().out)
    assert document["verdict"] == "fail"
    wanted = "word_accuracy loudness_lufs loudness_range_lu true_peak_dbtp duration_s expected_duration_s"
    assert {*wanted.split(), "voice_consistency", "words", "findings"} <= set(document)
    fields = {"kind", "severity", "start_s", "end_s", "said", "script", "detail"}
    assert document["findings"]
    assert all(fields <= set(finding) for finding in document["findings"])


@pytest.mark.model
def test_a_person_reads_the_verdict(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", str(place / "take.mp3"), "--script", str(place / "script.txt")]) == cli.OK
    told = capsys.readouterr().out
    assert "Verdict: pass" in told
    assert "-16.0 LUFS" in told
    # As a broadcast it is too loud.
    arguments = [str(place / "take.mp3"), "--script", str(place / "script.txt"), "--preset", "broadcast"]
    assert cli.main(["verify", *arguments]) == cli.UNFINISHED
    assert "-23.0 LUFS" in capsys.readouterr().out


@pytest.mark.model
@pytest.mark.parametrize(("channels", "wrong"), [(1, []), (2, [FindingKind.LOUDNESS])])
def test_a_level_is_judged_by_the_channels(
    channels: int, wrong: list[FindingKind], place: Path, tmp_path: Path
) -> None:
    """3 LU softer than stereo at -16 is what one channel of it measures, and too soft for two."""
    gain = 1.0 if channels == 1 else 0.7
    soft = write(tmp_path / "soft.wav", waves(place, 24_000, channels) * np.float32(gain), 24_000)
    found = single.verify(soft, place / "script.txt", None, None)
    assert found.sound.loudness_lufs == pytest.approx(-19.0, abs=0.2)
    assert [finding.kind for finding in found.findings if finding.kind is FindingKind.LOUDNESS] == wrong


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100_000])


def cut_off(path: Path) -> None:
    write(path, np.zeros((1, 96_000), np.float32), 24_000)
    cut(path)


def not_numbers(path: Path) -> None:
    wave = np.zeros((1, 48_000), np.float32)
    wave[0, 24_000] = np.nan
    write(path, wave, 24_000)


BAD: dict[str, tuple[str, Callable[[Path], object]]] = {
    "is not there": ("gone.wav", lambda _: None),
    "is empty": ("empty.wav", lambda path: path.write_bytes(b"")),
    "is no audio": ("text.mp3", lambda path: path.write_text("Not a sound. " * 100)),
    "is cut off": ("cut.wav", cut_off),
    "holds no numbers": ("nan.wav", not_numbers),
}


@pytest.mark.parametrize("how", BAD)
@pytest.mark.parametrize("command", ["verify", "master"])
def test_a_bad_file_gets_a_sentence(
    how: str, command: str, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, make = BAD[how]
    make(tmp_path / name)
    rest = ["--script", str(place / "script.txt")] if command == "verify" else [str(tmp_path / "out.mp3")]
    assert cli.main([command, str(tmp_path / name), *rest, "--json"]) == cli.UNFINISHED
    told = capsys.readouterr()
    assert not told.out
    assert told.err.startswith(f"batchcast: “{name}” ")
    assert told.err.count("\n") == 1
    assert not (tmp_path / "out.mp3").exists()


@pytest.mark.model
def test_silence_does_not_pass(place: Path, tmp_path: Path) -> None:
    silence = write(tmp_path / "a.wav", np.zeros((1, 72_000), np.float32), 24_000)
    assert single.verify(silence, place / "script.txt", None, None).verdict is not Verdict.PASS


def test_the_wrong_paths_are_told(place: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.txt"):
        single.verify(place / "take.mp3", tmp_path / "gone.txt", None, None)
    with pytest.raises(ExportError, match="is a folder"):
        single.master(place / "take.mp3", tmp_path, None, None)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_recording_is_mastered_for_a_preset(
    preset: str, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.mp3"
    assert cli.main(["master", str(place / "take.wav"), str(out), "--preset", preset, "--json"]) == cli.OK
    document = json.loads(capsys.readouterr().out)
    goal = PRESETS[preset]
    if not goal["loudness_by_rms"]:
        assert document["loudness_lufs"] == pytest.approx(goal["loudness_lufs"], abs=0.1)
    assert document["true_peak_dbtp"] <= goal["max_true_peak_dbtp"]
    assert document["deepest_limiting_db"] >= document["limited_db"] >= 0
    assert document["remarks"] == []
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp3"]


def test_what_takes_much_limiting_is_remarked(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wave = joined(list(stream(place / "take.wav")))
    wave[0, ::5003] = 0.99
    source = write(tmp_path / "peaky.wav", wave, 24_000)
    assert cli.main(["master", str(source), str(tmp_path / "out.mp3"), "--target", "-14"]) == cli.OK
    told = capsys.readouterr().out
    assert "-14.0" in told
    assert "dB of limiting; more than 3 dB can be heard" in told


def test_a_batch_takes_a_preset_and_what_is_said_beside_it() -> None:
    from studio.arguments import parser, settings_in

    options = parser("").parse_args(["batch", "a.md", "--out", "x", "--preset", "acx", "--repairs", "1"])
    assert settings_in(options) == {**PRESETS["acx"], "repairs": 1}
