"""The columns of the batch table, as data: what each says, sorts by, explains, and how wide it wants to be."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from studio.domain.episode import STAGES, Episode, State
from studio.domain.findings import Verdict
from studio.domain.queueing import turn
from studio.ui import tips, wording
from studio.ui.live import Live


class Look(Enum):
    """How a cell is drawn."""

    TEXT = "text"
    MUTED = "muted"
    STATE = "state"
    STAGE = "stage"
    STRIP = "strip"
    VERDICT = "verdict"


Said = Callable[[Episode, Live], str]
"""From an episode, and what is known of its stage, to words."""

SortKey = Callable[[Episode], str | int | float | tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Widths in logical pixels; `stretch` is its share of what is left over.

    A column with `there` is shown by itself once there is something in it. Where there is no room for all, those with
    the highest `spare` are left out first. One that is `extra` is shown only to who asks for it.
    """

    key: str
    title: str
    help: str
    said: Said
    sort: SortKey
    tip: Said
    least: int
    ideal: int
    stretch: int = 0
    look: Look = Look.TEXT
    right: bool = False
    there: Callable[[Episode], bool] | None = None
    spare: int = 0
    extra: bool = False


_STATE_ORDER = {
    State.NEEDS_YOU: 0,
    State.FAILED: 1,
    State.WORKING: 2,
    State.QUEUED: 3,
    State.DONE: 4,
    State.REJECTED: 5,
    State.CANCELLED: 6,
}

_VERDICT_ORDER: dict[Verdict | None, int] = {
    Verdict.FAIL: 0,
    Verdict.INCONCLUSIVE: 1,
    Verdict.REVIEW: 2,
    Verdict.PASS: 3,
    None: 4,
}


def _queue_order(episode: Episode) -> tuple[int, ...]:
    """What is under way, then those that wait in the order of their turns, then the rest."""
    if episode.state is State.QUEUED:
        return (1, *turn(episode))
    return (0,) if episode.state is State.WORKING else (2,)


COLUMNS: Final[tuple[Column, ...]] = (
    Column(
        "number",
        "#",
        "Number within the project; the folder's name begins with it",
        said=lambda episode, _: f"{episode.number:03d}",
        sort=lambda episode: episode.number,
        tip=tips.number,
        least=44,
        ideal=48,
        look=Look.MUTED,
    ),
    Column(
        "title",
        "Episode",
        "The script's title",
        said=lambda episode, _: episode.title,
        sort=lambda episode: episode.title.casefold(),
        tip=tips.title,
        least=170,
        ideal=300,
        stretch=5,
    ),
    Column(
        "state",
        "State",
        "How it stands",
        said=lambda episode, _: wording.state_word(episode),
        sort=lambda episode: _STATE_ORDER[episode.state],
        tip=tips.now,
        least=104,
        ideal=108,
        look=Look.STATE,
    ),
    Column(
        "stage",
        "Stage",
        "Four strokes: script, voice, mastering and check, review and folder",
        said=tips.stage_said,
        sort=lambda episode: STAGES.index(episode.stage),
        tip=tips.stage,
        least=80,
        ideal=100,
        look=Look.STAGE,
    ),
    Column(
        "sound",
        "Sound",
        "The whole episode as a wave, suspect places in colour",
        said=tips.strip_said,
        sort=lambda episode: len(episode.strip_faults),
        tip=tips.strip,
        least=76,
        ideal=130,
        stretch=3,
        look=Look.STRIP,
        spare=1,
    ),
    Column(
        "length",
        "Length",
        "Finished length; ~ is expected",
        said=lambda episode, _: wording.episode_length(episode),
        sort=lambda episode: episode.duration_s or episode.expected_duration_s or 0.0,
        tip=tips.length,
        least=78,
        ideal=80,
        right=True,
    ),
    Column(
        "expected",
        "Expected",
        "How long the finished episode should be, from its script and the pace of the voice",
        said=lambda episode, _: wording.expected_length(episode),
        sort=lambda episode: episode.expected_duration_s or 0.0,
        tip=tips.expected,
        least=78,
        ideal=80,
        right=True,
        spare=6,
    ),
    Column(
        "words",
        "Words",
        "Share of the script's words that were heard right",
        said=lambda episode, _: wording.episode_words(episode),
        sort=lambda episode: -1.0 if episode.word_accuracy is None else episode.word_accuracy,
        tip=tips.words,
        least=66,
        ideal=72,
        right=True,
        spare=2,
    ),
    Column(
        "voice",
        "Voice",
        "How consistent the voice is with its accepted episodes",
        said=lambda episode, _: wording.share(episode.voice_consistency),
        sort=lambda episode: -1.0 if episode.voice_consistency is None else episode.voice_consistency,
        tip=tips.voice,
        least=66,
        ideal=70,
        right=True,
        there=lambda episode: episode.voice_consistency is not None,
        spare=4,
    ),
    Column(
        "brand",
        "Brand",
        "How well the script keeps to the brand file",
        said=lambda episode, _: wording.share(episode.brand_alignment),
        sort=lambda episode: -1.0 if episode.brand_alignment is None else episode.brand_alignment,
        tip=tips.brand,
        least=66,
        ideal=70,
        right=True,
        there=lambda episode: episode.brand_alignment is not None,
        spare=5,
    ),
    Column(
        "verdict",
        "Verdict",
        "What the checks say of the finished sound: pass, review, fail, or undecided",
        said=lambda episode, _: tips.VERDICTS[episode.verdict] if episode.verdict else wording.NOTHING,
        sort=lambda episode: _VERDICT_ORDER[episode.verdict],
        tip=tips.verdict,
        least=84,
        ideal=88,
        look=Look.VERDICT,
        spare=3,
    ),
    Column(
        "loudness",
        "Loudness",
        "Integrated loudness of the MP3, in LUFS",
        said=lambda episode, _: (
            wording.NOTHING if episode.loudness_lufs is None else wording.signed(episode.loudness_lufs)
        ),
        sort=lambda episode: -99.0 if episode.loudness_lufs is None else episode.loudness_lufs,
        tip=tips.loudness,
        least=84,
        ideal=86,
        right=True,
        extra=True,
    ),
    Column(
        "characters",
        "Characters",
        "How long the text is; what a voice is paid by",
        said=lambda episode, _: f"{episode.characters:,}",
        sort=lambda episode: episode.characters,
        tip=tips.characters,
        least=92,
        ideal=94,
        right=True,
        extra=True,
    ),
    Column(
        "takes",
        "Takes",
        "How often it was spoken, repairs included",
        said=lambda episode, _: f"{episode.takes:,}" if episode.takes else wording.NOTHING,
        sort=lambda episode: episode.takes,
        tip=lambda episode, _: f"Take {episode.take} of {episode.takes} is in use" if episode.takes else "No take yet",
        least=62,
        ideal=64,
        right=True,
        extra=True,
    ),
    Column(
        "cost",
        "Cost",
        "Spent, or held for calls under way",
        said=lambda episode, _: wording.episode_cost(episode),
        sort=lambda episode: episode.cost_micro + episode.reserved_micro,
        tip=tips.cost,
        least=92,
        ideal=94,
        right=True,
        spare=1,
    ),
    Column(
        "queue",
        "Queue",
        "Whose turn is next among those that wait; drag rows, or right-click one, to change it",
        said=tips.place_said,
        sort=_queue_order,
        tip=tips.place,
        least=68,
        ideal=70,
        right=True,
        there=lambda episode: episode.priority != 0 and episode.state is State.QUEUED,
        spare=2,
    ),
    Column(
        "now",
        "Now",
        "What happens to it now",
        said=wording.now_sentence,
        sort=lambda episode: f"{_STATE_ORDER[episode.state]}{STAGES.index(episode.stage)}{episode.reason}",
        tip=tips.now,
        least=140,
        ideal=190,
        stretch=4,
        look=Look.MUTED,
    ),
)

NUMBERS: Final = {column.key: number for number, column in enumerate(COLUMNS)}
