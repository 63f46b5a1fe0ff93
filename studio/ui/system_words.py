"""How the machine, the network and the stages are said on the System page."""

from collections.abc import Sequence
from typing import Final

from studio.domain.episode import Stage
from studio.domain.findings import percent
from studio.domain.settings import Settings
from studio.domain.stage_times import StageTime, bottleneck
from studio.domain.voice import BUILTIN, VoiceRef, provider_name
from studio.engine.events import PurchasesChanged
from studio.ui.figures import Column, Figure, Sheet
from studio.ui.machine import Load
from studio.ui.money_words import pace_words, paused_words, retry_words, seller_words, slot_words
from studio.ui.wording import NOTHING, count_of, size

STAGES: Final = {
    Stage.WRITE: ("Write", "From a topic to its script, with reading its sources"),
    Stage.PREPARE: ("Read", "From the script to its spoken form"),
    Stage.SYNTHESIZE: ("Speak", "The voice, and waiting for it"),
    Stage.MASTER: ("Master", "Loudness, peaks, and the MP3"),
    Stage.CHECK: ("Check", "Hearing every word again"),
    Stage.EXPORT: ("Export", "Writing the folder"),
}
_CURES: Final = {
    Stage.WRITE: "Fewer sources, or a quicker model, make it shorter.",
    Stage.PREPARE: "Long scripts and a brand file make it longer.",
    Stage.MASTER: "More cores would help.",
    Stage.CHECK: "More cores would help; so does the hearing model “tiny.en”, which is the quicker one.",
    Stage.EXPORT: "It waits for the disk of the output folder.",
}
COLUMNS: Final = (
    Column("Stage", "What is done to an episode, in order", number=False),
    Column("Episodes", "How many of this batch went through it"),
    Column("An episode", "The median of what an episode took, waiting included"),
    Column("A minute of sound", "What a minute of the finished sound took"),
    Column("Of all the time", "Its share of what all stages took together"),
)


def seconds(value: float) -> str:
    """A time that may be short: `0.4 s`, `41 s`, `3 min 20 s`, `1 h 05 min`."""
    if value < 9.95:
        return f"{value:.1f} s"
    whole = round(value)
    if whole < 100:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,} h {minutes:02d} min"


def stage_sheet(times: Sequence[StageTime]) -> Sheet:
    """The stages as a table."""
    return Sheet(COLUMNS, tuple(_row(number, each) for number, each in enumerate(times)))


def _row(number: int, time: StageTime) -> tuple[Figure, ...]:
    a_minute = time.per_minute_s
    return (
        Figure(STAGES[time.stage][0], number, str(time.stage)),
        Figure(f"{time.episodes:,}", time.episodes, time.episodes),
        Figure(seconds(time.usual_s), time.usual_s, round(time.usual_s, 3)),
        Figure(NOTHING if a_minute is None else seconds(a_minute), a_minute or 0.0, a_minute),
        Figure(percent(time.share), time.share, round(time.share, 4)),
    )


def bottleneck_words(times: Sequence[StageTime], workers: int, settings: Settings) -> str:
    """What holds the batch up, and what would help."""
    bought = VoiceRef.parse(settings.voice).provider != BUILTIN
    slowest = bottleneck(times, workers, settings.slots if bought else None)
    if slowest is None:
        return "As soon as episodes have gone through, this says which stage takes longest."
    word, meaning = STAGES[slowest.stage]
    if slowest.stage is Stage.SYNTHESIZE:
        cure = "More requests at once would help, where the plan allows them." if bought else "More cores would help."
    else:
        cure = _CURES[slowest.stage]
    share = percent(slowest.share)
    return f"“{word}” takes longest, {share} of all the time. It is {meaning[:1].lower()}{meaning[1:]}. {cure}"


def memory_words(load: Load) -> tuple[str, str]:
    """What Batchcast holds, and what the machine has left."""
    return size(load.memory), f"held by Batchcast · {size(load.memory_free)} of {size(load.memory_total)} left"


def disk_words(load: Load, needed: int) -> tuple[str, str]:
    """What is left, and what the batch will take of it."""
    batch = f"this batch still needs about {size(needed)}" if needed else "nothing is waiting to be made"
    return f"{size(load.disk_free)} free", f"of {size(load.disk_total)} · {batch}"


def network_words(load: Load) -> tuple[str, str]:
    """Whether there is a network, and what goes over it."""
    if not load.online:
        return "No network", "Buying and downloads wait; everything on this machine goes on."
    return "Connected", f"{size(load.received)}/s in · {size(load.sent)}/s out, by all programs"


def worker_words(load: Load, slots: int, lost: int) -> tuple[str, str]:
    """How many worker processes there are."""
    if lost:
        said = f"{count_of(lost, 'was', 'were')} lost and replaced since the start"
    else:
        said = "none was lost since the start"
    value = f"{load.workers:,} running" if load.workers else "None running"
    return value, f"{count_of(slots, 'job')} at the same time · {said}"


def temporary_words(load: Load) -> tuple[str, str]:
    """What lies in the library only while it is worked on."""
    return size(load.temporary), "in files that are removed when their episode is through"


def provider_words(now: PurchasesChanged | None, settings: Settings | None) -> tuple[str, str]:
    """How the vendor of the voice is, and how buying goes."""
    provider = VoiceRef.parse(settings.voice).provider if settings else BUILTIN
    if now is None:
        if provider == BUILTIN:
            return provider_name(BUILTIN), "It speaks on this machine and needs no network."
        return provider_name(provider), "Nothing was bought since the start, so nothing is known of it yet."
    if now.stopped:
        return "Nothing is bought", now.stopped
    if now.paused:
        return "Waiting", paused_words(now)
    parts = [slot_words(each) for each in now.slots[:2]]
    parts += [pace_words(now), retry_words(now)]
    return seller_words(now), " · ".join(part for part in parts if part)
