"""The measured values of a checked episode, each beside its line."""

from dataclasses import dataclass

from studio.domain.brand import BrandReport
from studio.domain.episode import Episode
from studio.domain.findings import QaReport, percent
from studio.domain.settings import Settings
from studio.domain.voiceprint import ENOUGH, LINE_MEANS, VoiceReport
from studio.ui import wording
from studio.ui.theme import Tone


@dataclass(frozen=True, slots=True)
class Metric:
    """A value, the line it is held against, what colour that makes it, and what it means."""

    name: str
    value: str
    line: str
    tone: Tone
    tip: str


def metrics(episode: Episode, report: QaReport, settings: Settings) -> tuple[Metric, ...]:
    """Words, loudness, true peak and length; voice and brand where they were judged."""
    measured = [
        _words(report, settings),
        _loudness(report, settings),
        _peak(report, settings),
        _length(episode, report, settings),
    ]
    if report.voice is not None:
        measured.append(_voice(report.voice, settings))
    if report.brand is not None:
        measured.append(_brand(report.brand, settings))
    return tuple(measured)


def _words(report: QaReport, settings: Settings) -> Metric:
    line = f"of {settings.word_accuracy * 100:g}"
    heard = report.alignment
    if heard.accuracy is None:
        return Metric("Words", wording.NOTHING, line, Tone.LOOK, "The script has no words to compare.")
    wrong = f"{heard.substituted} misread, {heard.deleted} missing, {heard.inserted} extra"
    tip = (
        f"{percent(heard.accuracy)} of the script's words were heard right by {report.ears} ({wrong}). "
        f"The line is {settings.word_accuracy:.0%}."
    )
    return Metric("Words", percent(heard.accuracy), line, _held(heard.accuracy >= settings.word_accuracy), tip)


def _loudness(report: QaReport, settings: Settings) -> Metric:
    value = report.sound.loudness_lufs
    tip = (
        f"Integrated loudness of the MP3, {report.sound.channel_convention}. The target is "
        f"{wording.signed(settings.loudness_lufs)} LUFS, within {settings.loudness_tolerance_lu:g} LU."
    )
    if value is None:
        return Metric("Loudness on MP3", wording.NOTHING, "LUFS", Tone.LOOK, tip)
    on_target = abs(value - settings.loudness_lufs) <= settings.loudness_tolerance_lu
    line = f"of {wording.signed(settings.loudness_lufs, 0)} LUFS"
    return Metric("Loudness on MP3", wording.signed(value), line, _held(on_target), tip)


def _peak(report: QaReport, settings: Settings) -> Metric:
    value = report.sound.true_peak_dbtp
    line = f"of {wording.signed(settings.max_true_peak_dbtp)} dBTP"
    tip = "The highest peak between the samples of the decoded MP3; above the line it may distort on some players."
    if value is None:
        return Metric("True peak", wording.NOTHING, line, Tone.LOOK, tip)
    return Metric("True peak", wording.signed(value), line, _held(value <= settings.max_true_peak_dbtp), tip)


def _length(episode: Episode, report: QaReport, settings: Settings) -> Metric:
    expected, actual = report.expected_duration_s, report.sound.duration_s
    if not expected:
        return Metric("Length", wording.length(actual), "", Tone.TEXT, "Nothing is known of how long it should be.")
    off = actual / expected - 1
    sign = "+" if off >= 0 else wording.MINUS
    value = f"{sign}{abs(off) * 100:.1f}%"
    tip = (
        f"{wording.length(actual)} long, ~{wording.length(expected)} was expected of {episode.characters:,} characters."
    )
    if not report.duration_learned:
        tip += " The pace of this voice is still being learned, so this is only a note."
        return Metric("Length", value, "still learning", Tone.TEXT, tip)
    tolerance = settings.duration_tolerance
    return Metric("Length", value, f"of ±{tolerance * 100:g}%", _held(abs(off) <= tolerance), tip)


def _voice(voice: VoiceReport, settings: Settings) -> Metric:
    held = voice.consistency >= settings.voice_consistency
    tip = f"{percent(voice.consistency)} consistent with {compared_with(voice)}. {LINE_MEANS}"
    line = f"of {settings.voice_consistency * 100:g}"
    return Metric("Voice", percent(voice.consistency), line, _held(held), tip)


def compared_with(voice: VoiceReport) -> str:
    """What a voice was held against."""
    if not voice.learned_from:
        return "known voices, while none of its own episodes is accepted"
    own = wording.count_of(voice.learned_from, "accepted episode")
    return own if voice.learned_from >= ENOUGH else f"{own}, and known voices while there are fewer than {ENOUGH}"


def _brand(brand: BrandReport, settings: Settings) -> Metric:
    held = brand.alignment >= settings.brand_alignment
    tip = f"100% less {wording.count_of(len(brand.deductions), 'deduction')} by the brand file, listed below."
    line = f"of {settings.brand_alignment * 100:g}"
    return Metric("Brand", percent(brand.alignment), line, _held(held), tip)


def _held(held: bool) -> Tone:
    return Tone.TEXT if held else Tone.LOOK
