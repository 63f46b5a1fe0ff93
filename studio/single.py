"""The commands for one file, without a library: `verify` and `master`."""

import tempfile
from pathlib import Path
from typing import Any, Final

from studio import app
from studio.domain.duration import first_guess
from studio.domain.errors import ExportError
from studio.domain.findings import QaReport
from studio.domain.presets import ACX_FLOOR_DB, preset_values
from studio.domain.settings import Settings
from studio.engine.jobs import CheckJob, MasterJob, MasterResult
from studio.engine.ports import unfollowed

# What a finished file may be off without a word: encoding it again, or at a lower rate, shifts its level and its peaks.
_DELIVERED_LU: Final = 1.0  # what Apple Podcasts allows around -16
_DELIVERED_RMS_DB: Final = 2.5  # ACX: -23 to -18 dBFS
_OVERSHOOT_DB: Final = 0.5
# Of one channel at -16 LUFS nobody knows whether it was meant: on two speakers it is as loud as stereo at -13, so that
# practice is -19. Both are taken.
_BETWEEN_CONVENTIONS: Final = {"loudness_lufs": -17.5, "loudness_tolerance_lu": 1.5 + _DELIVERED_LU}


def verify(audio: Path, script: Path, brand: Path | None, preset: str | None) -> QaReport:
    """Hear any recording against any script; judge its level by a preset, else as a podcast.

    Raises `AudioError`, `InputError`, `SettingError` and what else a check does.
    """
    written = app.read_script(script)
    read = app.read_brand(brand) if brand else None
    settings = _delivered(preset, app.channels(audio))
    spoken = app.spoken_form(written, settings, read.pronunciations if read else {})
    rate = first_guess(settings.voice, settings.speed)
    return app.check(unfollowed, CheckJob(audio, spoken, (), rate, settings, brand=read, script=written))


def master(source: Path, out: Path, preset: str | None, target: float | None) -> MasterResult:
    """Bring a recording to a preset, or to the level `target` in its place, and write the MP3 `out`, whole or not.

    Raises `AudioError`, `SettingError`, and `ExportError` where `out` is a folder.
    """
    if out.is_dir():
        raise ExportError(f"“{out}” is a folder.", "Give the name of the MP3 that is to be written.")
    settings = Settings()
    if preset is not None:
        settings = settings.with_values(preset_values(preset))
    if target is not None:
        settings = settings.with_values({"loudness_lufs": target})
    with tempfile.TemporaryDirectory(dir=out.absolute().parent, prefix=".batchcast-") as scratch:
        mp3, peaks = Path(scratch) / "master.mp3", Path(scratch) / "master.peaks"
        job = MasterJob(source, mp3, peaks, settings.loudness_target, settings.max_silence_s)
        result = app.master(unfollowed, job)
        mp3.replace(out)
    return result


def master_json(out: Path, result: MasterResult, preset: str | None) -> dict[str, Any]:
    """The document of `master --json`."""
    sound = result.sound
    document = {
        "out": str(out),
        "loudness_lufs": sound.loudness_lufs,
        "loudness_channels": sound.channel_convention,
        "loudness_range_lu": sound.loudness_range_lu,
        "true_peak_dbtp": sound.true_peak_dbtp,
        "rms_db": sound.rms_db,
        "noise_floor_db": sound.noise_floor_db,
        "duration_s": sound.duration_s,
        "gain_db": result.gain_db,
        "limited_db": result.limited_db,
        "deepest_limiting_db": result.deepest_db,
        "remarks": remarks(result, preset),
        "spots": [
            {"kind": spot.kind, "start_s": round(spot.start_s, 3), "end_s": round(spot.end_s, 3)}
            for spot in sound.spots
        ],
    }
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in document.items()}


def master_text(out: Path, result: MasterResult, preset: str | None) -> str:
    """The same for a person, in a line or more."""
    sound = result.sound
    rms = "" if sound.rms_db is None else f"RMS {sound.rms_db:.2f} dBFS, "
    line = (
        f"{out}: {sound.loudness_lufs:.2f} LUFS ({sound.channel_convention}), {rms}{sound.true_peak_dbtp:.2f} dBTP, "
        f"gain {result.gain_db:+.1f} dB, limited by {result.limited_db:.1f} dB, "
        f"for moments by {result.deepest_db:.1f} dB"
    )
    spots = (f"{spot.kind} in the take, {spot.start_s:.1f} to {spot.end_s:.1f} s" for spot in sound.spots)
    return "\n".join((line, *remarks(result, preset), *spots))


def remarks(result: MasterResult, preset: str | None) -> list[str]:
    """What a person should know before the file goes out."""
    most_db = Settings().loudness_target.most_limiting_db
    found = []
    if result.limited_db > most_db:
        found.append(
            f"On average over 100 ms, it took up to {result.limited_db:.1f} dB of limiting; more than {most_db:g} dB "
            "can be heard. Choose a lower loudness, or mend the peaks of the recording."
        )
    floor_db = result.sound.noise_floor_db
    if preset == "acx" and floor_db is not None and floor_db > ACX_FLOOR_DB:
        found.append(f"The noise floor is {floor_db:.1f} dB; ACX takes at most {ACX_FLOOR_DB:g} dB.")
    return found


def _delivered(preset: str | None, channels: int) -> Settings:
    settings = Settings()
    if preset is not None:
        settings = settings.with_values(preset_values(preset))
        tolerance = _DELIVERED_RMS_DB if settings.loudness_by_rms else _DELIVERED_LU
        settings = settings.with_values({"loudness_tolerance_lu": tolerance})
    elif channels == 2:
        settings = settings.with_values({"loudness_tolerance_lu": _DELIVERED_LU})
    else:
        settings = settings.with_values(_BETWEEN_CONVENTIONS)
    return settings.with_values({"max_true_peak_dbtp": settings.max_true_peak_dbtp + _OVERSHOOT_DB})
