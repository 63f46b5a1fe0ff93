"""What a finished file is made for, as a named set of values of the settings.

Podcasts: Apple asks for -16 LKFS, measured in stereo; a mono file is played on two speakers and aims 3 LU lower.
Broadcast: EBU R 128 (-23 LUFS, at most -1 dBTP). ACX (audiobooks): RMS between -23 and -18 dBFS, peaks at most -3 dB,
noise floor at most -60 dB, mono throughout, 192 kbit/s constant bit rate, 44.1 kHz.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from studio.domain.errors import SettingError
from studio.domain.settings import Settings, Value

CUSTOM: Final = "custom"
ACX_FLOOR_DB: Final = -60.0  # of the noise; mastering cannot bring that about


def _values(**values: Value) -> Mapping[str, Value]:
    named: dict[str, Value] = {"max_true_peak_dbtp": -1.0, "loudness_tolerance_lu": 0.1, "loudness_by_rms": False}
    return MappingProxyType(named | values)


PRESETS: Final[Mapping[str, Mapping[str, Value]]] = MappingProxyType(
    {
        "podcast-stereo": _values(loudness_lufs=-16.0, channels=2, bitrate_kbps=128),
        "podcast-mono": _values(loudness_lufs=-19.0, channels=1, bitrate_kbps=96),
        "acx": _values(
            loudness_lufs=-20.5, loudness_by_rms=True, max_true_peak_dbtp=-3.0, channels=1, bitrate_kbps=192
        ),
        "broadcast": _values(loudness_lufs=-23.0, channels=2, bitrate_kbps=192),
    }
)
"""Every preset by its name; all of them set the same values."""


def preset_values(name: str) -> Mapping[str, Value]:
    """What the preset `name` sets. Raises `SettingError` for a name that is none."""
    if name not in PRESETS:
        raise SettingError(f"There is no preset “{name}”.", f"Choose one of {', '.join(PRESETS)}.")
    return PRESETS[name]


def preset_of(settings: Settings) -> str:
    """The name of the preset that these settings are, or `CUSTOM`."""
    for name, values in PRESETS.items():
        if all(getattr(settings, key) == value for key, value in values.items()):
            return name
    return CUSTOM
