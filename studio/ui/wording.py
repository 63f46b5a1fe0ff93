"""How numbers and states are said to a person: one place, so that the table, the panel and the dock agree."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import PurePath
from types import MappingProxyType

from studio.domain.episode import Clearance, Episode, Stage, State
from studio.domain.findings import FindingKind, Verdict, percent
from studio.domain.money import usd
from studio.domain.voice import BUILTIN, provider_name
from studio.ui.live import NOTHING_LIVE, Live

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
    FindingKind.BRAND: "Brand",
    FindingKind.MENDED: "Mended",
}

_WORKING_WORDS = {
    Stage.WRITE: "Write",
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
    Stage.WRITE: "Writing the script",
    Stage.PREPARE: "Reading the script",
    Stage.SYNTHESIZE: "Speaking",
    Stage.MASTER: "Mastering",
    Stage.CHECK: "Listening",
    Stage.REVIEW: "Going to review",
    Stage.EXPORT: "Writing the folder",
}

_WAITING = {
    Stage.WRITE: "Waits to be written",
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


def place(start_s: float | None) -> str:
    """Where something is: a moment, or the whole."""
    return "whole episode" if start_s is None else moment(start_s)


def share(value: float | None) -> str:
    """A share of one, or that there is none."""
    return NOTHING if value is None else percent(value)


def signed(value: float, digits: int = 1) -> str:
    """A number with a real minus sign."""
    return f"{value:.{digits}f}".replace("-", MINUS)


def state_word(episode: Episode) -> str:
    """The word on the state chip."""
    if held_up(episode):
        return "Held up"
    if episode.state is State.WORKING:
        return _WORKING_WORDS[episode.stage]
    if episode.awaits_approval:
        return "Script"
    return _STATE_WORDS[episode.state]


def episode_length(episode: Episode) -> str:
    """How long it is, or `~` how long it should become."""
    return expected_length(episode) if episode.duration_s is None else length(episode.duration_s)


def expected_length(episode: Episode) -> str:
    """`~` how long it should become."""
    return NOTHING if episode.expected_duration_s is None else f"~{length(episode.expected_duration_s)}"


def episode_cost(episode: Episode) -> str:
    """What was spent, or else what is held for it."""
    if episode.reserved_micro:
        return f"{money(episode.reserved_micro)} held"
    if episode.cost_micro or episode.calls:
        return money(episode.cost_micro)
    return NOTHING


def episode_words(episode: Episode) -> str:
    """The share of the script's words that were heard right."""
    return share(episode.word_accuracy)


def now_sentence(episode: Episode, live: Live = NOTHING_LIVE) -> str:
    """One plain sentence about what happens to `episode` now."""
    match episode.state:
        case State.QUEUED:
            return _what_is_next(episode)
        case State.WORKING:
            return _what_is_done(episode, live)
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


def held_up(episode: Episode) -> bool:
    """Whether something other than its turn keeps it in the queue: a budget, a vendor, an unclear call."""
    return episode.state is State.QUEUED and bool(episode.reason)


def reason(episode: Episode) -> str:
    """Why it failed or is held up, without the file's name in front: it stands in the same row."""
    said = episode.reason
    for name in (episode.source, PurePath(episode.source).name):
        if said.startswith(f"{name} "):
            said = said.removeprefix(f"{name} ")
            return said[:1].upper() + said[1:]
    return said


def _what_is_next(episode: Episode) -> str:
    if episode.reason:
        return reason(episode)
    if episode.stage is Stage.SYNTHESIZE and episode.takes:
        return f"Take {episode.takes + 1} is next"
    return _WAITING[episode.stage]


def _what_is_done(episode: Episode, live: Live) -> str:
    if live.doing:
        return live.doing[:1].upper() + live.doing[1:]
    sentence = _UNDER_WAY[episode.stage]
    return sentence if live.fraction is None else f"{sentence} {live.fraction:.0%}"


def _what_it_needs(episode: Episode) -> str:
    if episode.awaits_approval:
        return reason(episode) or "The script waits for your approval"
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


def duration_range(low_s: float, high_s: float) -> str:
    """How long something will take, as a person would say it: `20 to 26 min`, `1 h 05 min to 2 h`, `under a minute`."""
    if high_s < 60:
        return "under a minute"
    first, last = _span(low_s), _span(high_s)
    if first == last:
        return f"about {last}"
    if first.endswith(" min") and last.endswith(" min") and " h " not in first + last:
        first = first.removesuffix(" min")
    return f"{first} to {last}"


def _span(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02d} min" if rest else f"{hours} h"


def clock_time(stamp: str) -> str:
    """A stored time (UTC, ISO 8601) by the clock on the wall: `2026-11-22 14:32`."""
    return f"{datetime.fromisoformat(stamp).astimezone():%Y-%m-%d %H:%M}"


def voice_name(voice: str, known: Mapping[str, str] = MappingProxyType({})) -> str:
    """`builtin:heart` as a person would say it; `known` are the names of those whose address is no name."""
    return f"{provider_name(voice.partition(':')[0])}: {voice_called(voice, known)}"


def voice_called(voice: str, known: Mapping[str, str] = MappingProxyType({})) -> str:
    """The name alone. Those of this machine are names, whose list may not have been read yet."""
    provider, _, name = voice.partition(":")
    return known.get(voice, name.capitalize() if provider == BUILTIN else name)


def own_voice(episode: Episode) -> str:
    """That it has a voice of its own; empty where it has the project's."""
    own = json.loads(episode.overrides) if episode.overrides else {}
    if not own:
        return ""
    return (
        f"Spoken by {voice_name(own['voice'])}, unlike the project" if "voice" in own else "It has settings of its own"
    )


def size(count: float) -> str:
    """Bytes in the unit a person would choose."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit in {"B", "kB", "MB"} or count >= 100 else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
