"""What a folder says about itself: `metadata.json` and `qa-report.json`."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from studio.audio.playback import Played
from studio.distribution.chapters import ChapterTime
from studio.distribution.wording import DISCLOSURE, one_line, storable
from studio.domain.brand import BrandReport
from studio.domain.hearing import Match
from studio.domain.money import usd
from studio.domain.release import Release
from studio.domain.sound import SoundReport
from studio.domain.voiceprint import LINE_MEANS, VoiceReport

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FORMAT = 1  # of both files; raised when the meaning of a key changes


def metadata_json(release: Release, chapters: Sequence[ChapterTime], played: Played, files: Mapping[str, int]) -> str:
    """Who, what, how long and loud, from which voice, at what cost, and who let it through. `files` gives bytes."""
    sound = release.master.sound
    return _json(
        {
            "format": FORMAT,
            "number": release.number,
            "title": one_line(release.title),
            "show": one_line(release.show),
            "author": one_line(release.author),
            "source": source_name(release.source),
            "script_sha256": script_sha256(release),
            "generator": release.generator,
            "ai_content": True,
            "ai_disclosure": DISCLOSURE,
            "voice": release.take.voice,
            "model": release.take.model,
            "seed": release.take.seed,
            "take": release.take.number,
            "mended": [_plain(mend) for mend in release.take.mends],
            "characters": release.spoken.characters,
            "cost_usd": usd(release.cost_micro),
            "duration_s": _rounded(sound.duration_s),
            "audio": {
                "format": "mp3",
                "bitrate_kbps": round(played.bit_rate / 1000),
                "rate_hz": played.rate_hz,
                "channels": played.channels,
                **_loudness(sound),
                "gain_db": _rounded(release.master.gain_db),
                "limited_db": _rounded(release.master.limited_db),
            },
            "verdict": release.report.verdict,
            "word_accuracy": _rounded(release.report.alignment.accuracy, 4),
            "voice_consistency": _rounded(release.report.voice.consistency, 4) if release.report.voice else None,
            "brand_alignment": _rounded(release.report.brand.alignment, 4) if release.report.brand else None,
            "clearance": release.clearance or None,
            "drawn_for_review": release.drawn,
            "chapters": [{"start_s": chapter.start_ms / 1000, "title": chapter.title} for chapter in chapters],
            "files": [{"name": name, "bytes": size} for name, size in sorted(files.items())],
        }
    )


def qa_report_json(release: Release) -> str:
    """Everything that the checks said, in the words of `batchcast verify --json`, and what their numbers rest on."""
    report = release.report
    alignment = report.alignment
    matches = Counter(word.match for word in alignment.words)
    return _json(
        {
            "format": FORMAT,
            "title": one_line(release.title),
            "verdict": report.verdict,
            "word_accuracy": _rounded(alignment.accuracy, 4),
            "words": {
                "script": len(alignment.words),
                **{match.value: matches[match] for match in Match},
                "substituted": alignment.substituted,
                "deleted": alignment.deleted,
                "inserted": alignment.inserted,
            },
            "ears": report.ears,
            **_loudness(report.sound),
            "duration_s": _rounded(report.sound.duration_s),
            "expected_duration_s": _rounded(report.expected_duration_s),
            "duration_learned": report.duration_learned,
            "silences": [[_rounded(span.start_s), _rounded(span.end_s)] for span in report.sound.silences],
            "confirmed_lufs": _rounded(report.sound.confirmed_lufs, 2),
            "noise_floor_db": _rounded(report.sound.noise_floor_db, 2),
            "rms_db": _rounded(report.sound.rms_db, 2),
            "limited_db": _rounded(release.master.limited_db),
            "spots": [_plain(spot) for spot in report.sound.spots],
            "take": {
                "number": release.take.number,
                "parent": release.take.parent or None,
                "mends": [_plain(mend) for mend in release.take.mends],
            },
            "voice": _voice(report.voice),
            "brand": _brand(report.brand),
            "forgiven": [_plain(each) for each in alignment.forgiven],
            "findings": [_plain(finding) for finding in report.findings],
        }
    )


def _voice(voice: VoiceReport | None) -> dict[str, Any] | None:
    """How consistent the voice is, and what that was compared with; the embedding is of no use outside."""
    if voice is None:
        return None
    return {
        "consistency": _rounded(voice.consistency, 4),
        "learned_from": voice.learned_from,
        "pitch_hz": _rounded(voice.print.pitch_hz, 1),
        "characters_per_s": _rounded(voice.print.rate, 2),
        "meaning": LINE_MEANS,
    }


def _brand(brand: BrandReport | None) -> dict[str, Any] | None:
    if brand is None:
        return None
    return {
        "alignment": _rounded(brand.alignment, 4),
        "deductions": [_plain(deduction) for deduction in brand.deductions],
    }


def script_sha256(release: Release) -> str:
    """What tells two episodes of the same number and title apart."""
    return hashlib.sha256(release.script_text.encode("utf-8", "surrogatepass")).hexdigest()


def source_name(source: str) -> str:
    """The script's file name alone: a folder that is given away says nothing of the disk that it was made on."""
    return one_line(PurePosixPath(PureWindowsPath(source).name).name or source)


def _loudness(sound: SoundReport) -> dict[str, Any]:
    return {
        "loudness_lufs": _rounded(sound.loudness_lufs, 2),
        "loudness_channels": sound.channel_convention,
        "loudness_range_lu": _rounded(sound.loudness_range_lu, 2),
        "true_peak_dbtp": _rounded(sound.true_peak_dbtp, 2),
    }


def _plain(thing: "DataclassInstance") -> dict[str, Any]:
    """Its fields by name, in numbers that a person would write."""
    return {key: _rounded(value) if isinstance(value, float) else value for key, value in asdict(thing).items()}


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits)


def _json(document: Mapping[str, Any]) -> str:
    # Half characters of a broken script stand in its findings, too. NaN is not JSON and would be a bug of ours.
    return storable(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)) + "\n"
