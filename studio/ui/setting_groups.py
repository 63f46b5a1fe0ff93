"""The settings by subject, as data: in which order and under which headings a person finds them."""

from dataclasses import dataclass
from typing import Final

from studio.domain.voice import BUILTIN


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """A heading, a sentence on what stands under it, and the names of the settings."""

    title: str
    about: str
    names: tuple[str, ...]


GROUPS: Final = (
    SettingGroup(
        "Voice",
        "Who speaks, and how.",
        ("voice", "model", "speed", "stability", "similarity", "style", "speaker_boost", "language", "seed"),
    ),
    SettingGroup(
        "Speech",
        "How text becomes speech: pauses, pronunciation, long texts.",
        (
            "sentence_pause_s",
            "paragraph_pause_s",
            "heading_pause_s",
            "pronunciations",
            "text_normalisation",
            "dictionaries",
            "continuity",
            "speech_format",
        ),
    ),
    SettingGroup(
        "Writing",
        "How topics become scripts, and which scripts wait for you.",
        (
            "minutes",
            "writer",
            "writer_model",
            "writer_prices",
            "temperature",
            "sources",
            "reference",
            "private_addresses",
            "template",
            "approve_scripts",
        ),
    ),
    SettingGroup(
        "Money",
        "What may be spent. No purchase exceeds any of these.",
        ("budget_usd", "episode_budget_usd", "day_budget_usd", "month_budget_usd"),
    ),
    SettingGroup(
        "Requests",
        "How fast a vendor is asked, and what becomes of a call with an unknown end.",
        ("slots", "requests_per_minute", "unclear_after_min"),
    ),
    SettingGroup(
        "Mastering",
        "How loud the finished MP3 is, and how it is encoded.",
        (
            "loudness_lufs",
            "loudness_by_rms",
            "loudness_tolerance_lu",
            "max_true_peak_dbtp",
            "channels",
            "bitrate_kbps",
            "high_pass_hz",
            "levelling",
        ),
    ),
    SettingGroup(
        "Checks",
        "What every episode is heard for.",
        ("ears", "word_accuracy", "duration_tolerance", "max_silence_s", "voice_consistency"),
    ),
    SettingGroup("Brand", "What the show's scripts must, should and must not say.", ("brand", "brand_alignment")),
    SettingGroup("Review", "What is cured by itself, and what a person hears.", ("repairs", "review_share", "approve")),
    SettingGroup("Tags", "What is written into the files.", ("show", "author")),
)

_OF_EVERY_VOICE = ("speed", "seed")
_OF_A_VENDOR = (
    "stability",
    "similarity",
    "style",
    "speaker_boost",
    "speed",
    "language",
    "speech_format",
    "text_normalisation",
    "continuity",
    "dictionaries",
    "seed",
)

SPOKEN_BY: Final = frozenset({"voice", "model", *_OF_EVERY_VOICE, *_OF_A_VENDOR})
"""The settings that are decided together with a voice."""


def manner_names(provider: str) -> tuple[str, ...]:
    """The settings that a voice of `provider` goes by, beside which one it is and its model."""
    return _OF_EVERY_VOICE if provider == BUILTIN else _OF_A_VENDOR
