"""How numbers and states are said to a person: one place, so that the table, the panel and the dock agree."""

import math
from datetime import datetime, timedelta
from pathlib import PurePath

from studio.domain.episode import Clearance, Episode, Stage, State
from studio.domain.findings import FindingKind, Verdict
from studio.domain.money import usd

NOTHING = "—"
LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"  # before a sentence of ours that may begin with a word of the other direction
MINUS = "\N{MINUS SIGN}"

FINDING_NAMES = {
    FindingKind.MISSING_WORDS: "Missing words",
    FindingKind.EXTRA_WORDS: "Extra words",
    FindingKind.REPEATED_WORDS: "Repeated words",
    FindingKind.MISREAD_WORDS: "Misread",
    FindingKind.CUT_OFF: "Cut off",
    FindingKind.SILENCE: "Long silence",
    FindingKind.NOISE: "Noise",
    FindingKind.CLIPPING: "Clipping",
    FindingKind.LOUDNESS: "Loudness",
    FindingKind.TRUE_PEAK: "True peak",
    FindingKind.DURATION: "Length",
    FindingKind.VOICE: "Voice change",
    FindingKind.CLICK: "Click",
}

_WORKING_WORDS = {
    Stage.PREPARE: "Read",
    Stage.SYNTHESIZE: "Speak",
    Stage.MASTER: "Master",
    Stage.CHECK: "Check",
    Stage.REVIEW: "Review",
    Stage.EXPORT: "Export",
}

_STATE_WORDS = {
    State.QUEUED: "Queued",
    State.NEEDS_YOU: "Review",
    State.DONE: "Done",
    State.FAILED: "Failed",
    State.REJECTED: "Rejected",
    State.CANCELLED: "Cancelled",
}

_UNDER_WAY = {
    Stage.PREPARE: "Reading the script",
    Stage.SYNTHESIZE: "Speaking",
    Stage.MASTER: "Mastering",
    Stage.CHECK: "Listening",
    Stage.REVIEW: "Going to review",
    Stage.EXPORT: "Writing the folder",
}

_WAITING = {
    Stage.PREPARE: "Queued",
    Stage.SYNTHESIZE: "Waits for the voice",
    Stage.MASTER: "Waits to be mastered",
    Stage.CHECK: "Waits to be heard",
    Stage.REVIEW: "Waits for review",
    Stage.EXPORT: "Waits to be exported",
}


def isolated(text: str) -> str:
    """`text` of either direction of writing, so that it does not turn the words around it."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def count_of(number: int, one: str, many: str = "") -> str:
    """`1 episode`, `2,000 episodes`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def length(seconds: float) -> str:
    """A duration to the second: `15:10`, `2:24:07`."""
    hours, rest = divmod(round(seconds), 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{secs:02d}" if hours else f"{minutes:02d}:{secs:02d}"


def moment(seconds: float) -> str:
    """A place in the sound to the tenth of a second: `04:52.1`."""
    tenths = round(seconds * 10)
    whole, tenth = divmod(tenths, 10)
    return f"{length(whole)}.{tenth}"


def money(micro: int) -> str:
    """Micro-dollars to the cent; what is less than half a cent, but not nothing, is said so."""
    if 0 < micro < 5_000:
        return "<$0.01"
    return f"${usd(micro):,.2f}"


def percent(share: float) -> str:
    """A share as a percentage, rounded down: what misses its line never looks as if it met it."""
    return f"{math.floor(share * 1000 + 1e-6) / 10:.1f}%"


def signed(value: float, digits: int = 1) -> str:
    """A number with a real minus sign."""
    return f"{value:.{digits}f}".replace("-", MINUS)


def state_word(episode: Episode) -> str:
    """The word on the state chip."""
    if episode.state is State.WORKING:
        return _WORKING_WORDS[episode.stage]
    return _STATE_WORDS[episode.state]


def episode_length(episode: Episode) -> str:
    """How long it is, or `~` how long it should become."""
    if episode.duration_s is not None:
        return length(episode.duration_s)
    if episode.expected_duration_s is not None:
        return f"~{length(episode.expected_duration_s)}"
    return NOTHING


def episode_cost(episode: Episode) -> str:
    """What was spent, or else what is held for it."""
    if episode.reserved_micro:
        return f"{money(episode.reserved_micro)} held"
    if episode.cost_micro or episode.calls:
        return money(episode.cost_micro)
    return NOTHING


def episode_words(episode: Episode) -> str:
    """The share of the script's words that were heard right."""
    return NOTHING if episode.word_accuracy is None else percent(episode.word_accuracy)


def now_sentence(episode: Episode, progress: float | None = None) -> str:
    """One plain sentence about what happens to `episode` now; `progress` is that of its stage, 0 to 1."""
    match episode.state:
        case State.QUEUED if episode.stage is Stage.SYNTHESIZE and episode.takes:
            return f"Take {episode.takes + 1} is next"
        case State.QUEUED:
            return _WAITING[episode.stage]
        case State.WORKING:
            sentence = _UNDER_WAY[episode.stage]
            return sentence if progress is None else f"{sentence} {progress:.0%}"
        case State.NEEDS_YOU:
            return _what_it_needs(episode)
        case State.DONE:
            return "Exported, you approved" if episode.clearance is Clearance.APPROVED else "Exported"
        case State.FAILED:
            return reason(episode) or "Failed"
        case State.REJECTED:
            return f"Rejected: {episode.reason}" if episode.reason else "Rejected"
        case State.CANCELLED:
            return "Cancelled"


def reason(episode: Episode) -> str:
    """Why it failed, without the file's name in front: it stands in the same row."""
    said = episode.reason
    for name in (episode.source, PurePath(episode.source).name):
        if said.startswith(f"{name} "):
            said = said.removeprefix(f"{name} ")
            return said[:1].upper() + said[1:]
    return said


def _what_it_needs(episode: Episode) -> str:
    if episode.verdict is Verdict.PASS:
        return "Drawn at random" if episode.drawn else "Waits for your word"
    if episode.verdict is Verdict.INCONCLUSIVE:
        return "Checks are undecided"
    if episode.strip_faults:
        return f"{count_of(len(episode.strip_faults), 'place')} to hear"
    return "Needs your ears"


def finish_time(now: datetime, low_s: float | None, high_s: float | None) -> str:
    """When the batch will be through, as clock times: `finished 14:32\N{EN DASH}14:36`; empty while it is not known."""
    if low_s is None or high_s is None:
        return ""
    early, late = now + timedelta(seconds=low_s), now + timedelta(seconds=high_s)
    first, last = f"{early:%H:%M}", f"{late:%H:%M}"
    days = (late.date() - now.date()).days
    day = "" if days == 0 else " tomorrow" if days == 1 else f" in {days} days"
    clock = first if first == last and early.date() == late.date() else f"{first}\N{EN DASH}{last}"
    return f"finished ~{clock}{day}"


def voice_name(voice: str) -> str:
    """`builtin:heart` as a person would say it."""
    provider, _, name = voice.partition(":")
    names = {"builtin": "Built-in voice", "elevenlabs": "ElevenLabs"}
    return f"{names.get(provider, provider)}: {name}"


def size(count: float) -> str:
    """Bytes in the unit a person would choose."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit in {"B", "kB", "MB"} or count >= 100 else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
