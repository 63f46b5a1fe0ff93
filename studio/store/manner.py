"""By which settings something was made, as far as they change what comes out, kept beside it."""

import json
import sqlite3
from typing import Any

from studio.domain.settings import Settings
from studio.domain.voice import BUILTIN, VoiceRef

_SPOKEN = (
    "speed",
    "stability",
    "similarity",
    "style",
    "speaker_boost",
    "language",
    "text_normalisation",
    "speech_format",
    "dictionaries",
)
_MASTERED = (
    "loudness_lufs",
    "loudness_by_rms",
    "max_true_peak_dbtp",
    "bitrate_kbps",
    "channels",
    "high_pass_hz",
    "levelling",
)


def settings_of(connection: sqlite3.Connection, episode_id: int) -> Settings:
    """The settings in force for an episode now."""
    row = connection.execute(
        "SELECT settings, overrides FROM episodes JOIN projects ON projects.id = project_id WHERE episodes.id = ?",
        (episode_id,),
    ).fetchone()
    return Settings.from_json(row["settings"]).merged(row["overrides"])


def spoken_as(settings: Settings, voice: str) -> str:
    """What `voice` was told beside the text. The built-in voice knows its pace alone."""
    names = _SPOKEN[:1] if VoiceRef.parse(voice).provider == BUILTIN else _SPOKEN
    return _json(settings, names)


def mastered_as(settings: Settings) -> str:
    """What the mastering aimed at."""
    return _json(settings, _MASTERED)


def of_pace(speed: float) -> str:
    """What is known of a take from before these settings were kept."""
    return _text({"speed": speed})


def _json(settings: Settings, names: tuple[str, ...]) -> str:
    return _text({name: getattr(settings, name) for name in names})


def _text(values: dict[str, Any]) -> str:
    return json.dumps(values, separators=(",", ":"))
