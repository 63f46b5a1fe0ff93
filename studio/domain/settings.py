"""Every option of the studio, declared once: its type, default, label, help and range.

The command line, the settings page and the database read this one list.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import Field, asdict, dataclass, field, fields
from math import isfinite
from typing import Any, Final, Self, TypeAlias

from studio.domain import option_checks, pronunciations
from studio.domain.errors import SettingError
from studio.domain.sound import LoudnessTarget
from studio.domain.voice import BUILTIN, Manner, SpeechSettings, VoiceRef
from studio.domain.voiceprint import LINE_MEANS

Value: TypeAlias = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Option:
    """What a person needs to know of a setting. `low` and `high` include their ends; `unit` follows the number.

    `check` raises `SettingError` for a text that cannot be meant; it is asked where one is typed (`check`), and not
    of what is stored: a library must open whatever it holds.
    """

    label: str
    help: str
    low: float | None = None
    high: float | None = None
    unit: str = ""
    choices: tuple[str, ...] = ()
    check: Callable[[str], object] | None = None


def _option(default: Any, label: str, help_: str, **more: Any) -> Any:
    return field(default=default, metadata={"option": Option(label, help_, **more)})


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a project. Build changed copies with `with_values`, which validates."""

    voice: str = _option("builtin:heart", "Voice", "Who speaks, as PROVIDER:NAME.", check=VoiceRef.parse)
    model: str = _option("", "Model", "Of a vendor's voice; empty is the one that takes the longest texts.")
    speed: float = _option(1.0, "Speed", "Pace of the voice; 1.0 is its own.", low=0.7, high=1.2, unit="×")
    seed: int = _option(0, "Seed", "The same seed gives the same take.", low=0, high=2**31 - 1)
    sentence_pause_s: float = _option(
        0.25, "Pause after a sentence", "Silence between sentences.", low=0, high=3, unit="s"
    )
    paragraph_pause_s: float = _option(
        0.6, "Pause after a paragraph", "Silence between paragraphs.", low=0, high=5, unit="s"
    )
    heading_pause_s: float = _option(0.9, "Pause after a heading", "Silence after a heading.", low=0, high=5, unit="s")
    loudness_lufs: float = _option(
        -16.0, "Loudness", "Integrated loudness of the finished MP3.", low=-31, high=-9, unit="LUFS"
    )
    loudness_tolerance_lu: float = _option(
        0.1, "Loudness tolerance", "How far from the target a master may be.", low=0.05, high=3, unit="LU"
    )
    loudness_by_rms: bool = _option(
        False, "Loudness by RMS", "The loudness is the RMS level in dBFS, as ACX asks for, and not LUFS."
    )
    max_true_peak_dbtp: float = _option(
        -1.0, "Highest true peak", "Measured on the decoded MP3.", low=-9, high=0, unit="dBTP"
    )
    bitrate_kbps: int = _option(128, "MP3 bit rate", "Constant bit rate of the MP3.", low=64, high=320, unit="kbit/s")
    channels: int = _option(2, "Channels", "1 is mono, 2 is stereo.", low=1, high=2)
    high_pass_hz: float = _option(
        0.0,
        "High-pass",
        "Takes away rumble below this frequency; 0 leaves the sound as it is.",
        low=0,
        high=200,
        unit="Hz",
    )
    levelling: bool = _option(
        False, "Levelling", "Evens out the level of the speech, gently; leaves the sound as it is when off."
    )
    ears: str = _option(
        "tiny.en", "Hearing model", "The model that hears every word again.", choices=("tiny.en", "base")
    )
    word_accuracy: float = _option(
        0.94, "Word accuracy", "Lowest share of the script's words heard right.", low=0.5, high=1
    )
    duration_tolerance: float = _option(
        0.05, "Duration tolerance", "How far from the expected length an episode may be.", low=0.01, high=0.5
    )
    max_silence_s: float = _option(
        1.5,
        "Longest silence",
        "Longer silence that the script does not ask for is a finding.",
        low=0.3,
        high=10,
        unit="s",
    )
    voice_consistency: float = _option(
        0.85, "Voice consistency", f"Lowest consistency with the voice's accepted episodes. {LINE_MEANS}", low=0, high=1
    )
    brand: str = _option(
        "", "Brand file", "TOML file that says what the show's scripts must, should and must not say; empty is none."
    )
    brand_alignment: float = _option(
        0.85, "Brand alignment", "Lowest alignment with the brand file: 100% less its deductions.", low=0, high=1
    )
    pronunciations: str = _option(
        "",
        "Pronunciations",
        "How words are spoken, as WORD=SPOKEN, separated by semicolons: Hylas=High-las; Nguyen=Win. IPA stands between"
        " slashes, alone or behind a respelling: Goethe=Ger-tuh /ˈɡɜːtə/.",  # noqa: RUF001  (letters of the phonetic alphabet look like others)
        check=pronunciations.parse,
    )
    review_share: float = _option(
        0.10, "Random review", "Share of the passed episodes that a person hears all the same.", low=0, high=1
    )
    approve: str = _option(
        "none",
        "Without a person",
        "“passed” exports what passed without anyone hearing the random part; what is flagged always waits.",
        choices=("none", "passed"),
    )
    repairs: int = _option(
        2, "Automatic repairs", "How often a failed episode is mended, or spoken anew, by itself.", low=0, high=5
    )
    budget_usd: float = _option(
        0.0, "Budget", "Highest spend of the project; 0 is no limit.", low=0, high=1_000_000, unit="USD"
    )
    episode_budget_usd: float = _option(
        0.0, "Budget of an episode", "Highest spend on one episode; 0 is no limit.", low=0, high=100_000, unit="USD"
    )
    day_budget_usd: float = _option(
        0.0,
        "Budget of a day",
        "Highest spend of the whole library since midnight; 0 is no limit.",
        low=0,
        high=1_000_000,
        unit="USD",
    )
    month_budget_usd: float = _option(
        0.0,
        "Budget of a month",
        "Highest spend of the whole library in a calendar month; 0 is no limit.",
        low=0,
        high=1_000_000,
        unit="USD",
    )
    slots: int = _option(
        10,
        "Requests at once",
        "The most that a vendor is asked at the same time; its plan may allow fewer.",
        low=1,
        high=100,
    )
    requests_per_minute: int = _option(
        100, "Requests a minute", "The most that a vendor is asked in any minute.", low=1, high=10_000
    )
    unclear_after_min: float = _option(
        0.0,
        "Unclear calls",
        "Minutes after which a call that the vendor's history does not show counts as not charged and is made again; "
        "0 leaves that to you.",
        low=0,
        high=10_080,
        unit="min",
    )
    speech_format: str = _option(
        "auto",
        "Format of the speech",
        "What a vendor's voice is asked for; auto is the best MP3 that its plan includes.",
        choices=(
            "auto",
            "mp3_44100_64",
            "mp3_44100_96",
            "mp3_44100_128",
            "mp3_44100_192",
            "wav_24000",
            "wav_44100",
        ),
    )
    stability: float = _option(
        0.5, "Stability", "Lower is livelier, higher is steadier (vendors' voices).", low=0, high=1
    )
    similarity: float = _option(
        0.75, "Similarity", "How closely the original voice is kept (vendors' voices).", low=0, high=1
    )
    style: float = _option(0.0, "Style", "Exaggeration of the voice's style (vendors' voices).", low=0, high=1)
    speaker_boost: bool = _option(True, "Speaker boost", "More likeness to the speaker (vendors' voices).")
    language: str = _option(
        "",
        "Language",
        "ISO 639-1 code, such as en, for models that take one; empty lets the voice decide.",
        check=option_checks.language,
    )
    text_normalisation: str = _option(
        "auto",
        "Text normalisation",
        "Whether a vendor spells out numbers itself; Batchcast has done that before.",
        choices=("auto", "on", "off"),
    )
    dictionaries: str = _option(
        "",
        "Pronunciation dictionaries",
        "Up to three of the vendor's, as ID or ID:VERSION, separated by commas.",
        check=option_checks.dictionaries,
    )
    continuity: str = _option(
        "text",
        "Continuity of long texts",
        "What each part of a text beyond the limit is told of its neighbours. “text” keeps the parts parallel, "
        "“requests” buys them one after the other.",
        choices=("text", "requests", "none"),
    )
    minutes: float = _option(
        10.0,
        "Length of an episode",
        "What a topic is written for, unless it asks for another.",
        low=0.5,
        high=240,
        unit="min",
    )
    writer: str = _option(
        option_checks.BUILTIN_WRITER,
        "Writer",
        "Who writes scripts from topics: “builtin” makes a digest of the sources without a model; else the address of "
        "a chat model that speaks the OpenAI protocol, here or hosted, such as http://localhost:11434/v1.",
        check=option_checks.writer,
    )
    writer_model: str = _option("", "Model of the writer", "Its name at that address; empty is the first one there.")
    writer_prices: str = _option(
        "",
        "Prices of the writer",
        "Dollars for a million tokens, in and out, such as 0.15 / 0.60. A model on this machine or in your network "
        "needs none; for any other they must be given, so that no budget is exceeded.",
        check=option_checks.writer_prices,
    )
    temperature: float = _option(
        0.7, "Temperature", "How freely a model writes: 0 is the same every time.", low=0, high=2
    )
    sources: str = _option(
        "",
        "Sources",
        "What is read for every topic: files, folders, addresses of pages and feeds, one to a line or separated by "
        "semicolons.",
    )
    reference: str = _option(
        "",
        "Reference",
        "Address of a search or an encyclopaedia that is asked for every topic; {query} stands for the words.",
    )
    private_addresses: bool = _option(
        False,
        "Private addresses",
        "Sources may be read without encryption, from this machine and your own network. Leave it off unless they are "
        "yours.",
    )
    template: str = _option(
        "", "Template of the show", "Markdown file with the show's opening, segments and closing; empty is a plain one."
    )
    approve_scripts: str = _option(
        "written",
        "Scripts wait for you",
        "Before anything is spoken: “faults” only where a check fails, “written” also what the studio wrote itself, "
        "“all” every script.",
        choices=("faults", "written", "all"),
    )
    show: str = _option("", "Show", "Name of the podcast, written into the tags.")
    author: str = _option("", "Author", "Written into the tags.")

    def __post_init__(self) -> None:
        for item in fields(self):
            _validate(item, getattr(self, item.name))
        pronunciations.parse(self.pronunciations)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote; names of a newer version are left out, missing ones get their default."""
        known = {item.name for item in fields(cls)}
        return cls(**{name: value for name, value in json.loads(text).items() if name in known})

    def to_json(self) -> str:
        """All values as one JSON object."""
        return json.dumps(asdict(self), sort_keys=True)

    def with_values(self, values: Mapping[str, Value]) -> Self:
        """A copy with `values` changed. Raises `SettingError` for an unknown name or a value out of range."""
        unknown = set(values) - {item.name for item in fields(self)}
        if unknown:
            raise SettingError(f"There is no setting “{min(unknown)}”.", "Look at the list of settings.")
        return type(self)(**{**asdict(self), **values})

    def merged(self, overrides: str) -> Self:
        """A copy with one episode's own values (JSON, or empty) in place of the project's."""
        return self.with_values(json.loads(overrides)) if overrides else self

    @property
    def loudness_target(self) -> LoudnessTarget:
        """What mastering aims at."""
        return LoudnessTarget(
            lufs=self.loudness_lufs,
            tolerance_lu=self.loudness_tolerance_lu,
            max_true_peak_dbtp=self.max_true_peak_dbtp,
            channels=self.channels,
            bitrate_kbps=self.bitrate_kbps,
            by_rms=self.loudness_by_rms,
            high_pass_hz=self.high_pass_hz,
            levelling=self.levelling,
        )

    def speech(self, model: str, take: int = 1) -> SpeechSettings:
        """How take number `take` (from 1) is spoken: each take has a seed of its own."""
        voice = VoiceRef.parse(self.voice)
        return SpeechSettings(
            voice, model, self.seed + take - 1, self.speed, None if voice.provider == BUILTIN else self._manner()
        )

    def _manner(self) -> Manner:
        return Manner(
            stability=self.stability,
            similarity=self.similarity,
            style=self.style,
            speaker_boost=self.speaker_boost,
            language=self.language.strip(),
            normalisation=self.text_normalisation,
            dictionaries=tuple(part.strip() for part in self.dictionaries.split(",") if part.strip()),
        )


def option(name: str) -> Option:
    """The declaration of the setting `name`."""
    return next(_option_of(item) for item in fields(Settings) if item.name == name)


def check(name: str, value: Value) -> None:
    """Raise `SettingError` where the setting `name` cannot be `value`, as a person has typed it."""
    item = next(item for item in fields(Settings) if item.name == name)
    _validate(item, value)
    wanted = _option_of(item).check
    if wanted is not None and isinstance(value, str):
        wanted(value)


def _option_of(item: Field[Any]) -> Option:
    declared = item.metadata["option"]
    assert isinstance(declared, Option)  # noqa: S101  (for the type checker: `_option` puts nothing else there)
    return declared


_KINDS: Final = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}


def _validate(item: Field[Any], value: Any) -> None:
    declared = _option_of(item)
    wanted: Any = item.type  # a class: this module has no string annotations
    accepted = (int, float) if wanted is float else wanted
    # A bool is an int to Python, but not to a person.
    if isinstance(value, bool) is not (wanted is bool) or not isinstance(value, accepted):
        raise SettingError(f"{declared.label} cannot be “{value}”.", f"Give {_KINDS[wanted]}.")
    if declared.choices and value not in declared.choices:
        raise SettingError(f"{declared.label} cannot be “{value}”.", f"Choose one of {', '.join(declared.choices)}.")
    low, high = declared.low, declared.high
    # `not >=` and not `<`, so that NaN is refused.
    if (low is not None and not value >= low) or (high is not None and not value <= high):
        raise SettingError(
            f"{declared.label} cannot be {_figure(value)} {declared.unit}".rstrip() + ".",
            f"Give a value from {_figure(low)} to {_figure(high)}.",
        )


def _figure(value: float | None) -> str:
    if value is None:
        return "anything"
    return f"{value:,.0f}" if isfinite(value) and value == int(value) else f"{value:g}"
