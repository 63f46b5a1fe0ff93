"""The columns of the batch table, as data: what each says, sorts by, explains, and how wide it wants to be."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum
from typing import Final

from studio.domain.episode import STAGES, Episode, State
from studio.domain.voiceprint import LINE_MEANS
from studio.ui import wording
from studio.ui.live import Live


class Look(Enum):
    """How a cell is drawn."""

    TEXT = "text"
    MUTED = "muted"
    STATE = "state"
    STAGE = "stage"
    STRIP = "strip"


Said = Callable[[Episode, Live], str]
"""From an episode, and what is known of its stage, to words."""

SortKey = Callable[[Episode], str | int | float]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Widths in logical pixels; `stretch` is its share of what is left over.

    A column with `there` is shown once there is something in it.
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


def _title_tip(episode: Episode, _live: Live) -> str:
    own = wording.own_voice(episode)
    return f"{episode.title}\nfrom {episode.source}" + (f"\n{own}" if own else "")


def _reason_tip(episode: Episode, live: Live) -> str:
    sentence = wording.now_sentence(episode, live)
    return f"{sentence}\n{episode.remedy}" if episode.remedy else sentence


def _stage_said(episode: Episode, _live: Live) -> str:
    return f"{STAGES.index(episode.stage) + 1} of {len(STAGES)}: {episode.stage.value}"


def _strip_said(episode: Episode, _live: Live) -> str:
    if not episode.strip:
        return "No sound yet"
    faults = len(episode.strip_faults)
    return f"{wording.count_of(faults, 'suspect place')} marked" if faults else "No suspect places"


def _length_tip(episode: Episode, _live: Live) -> str:
    said = wording.episode_length(episode)
    if episode.duration_s is None or episode.expected_duration_s is None:
        return f"{said} is expected from the script" if said.startswith("~") else said
    off = episode.duration_s / episode.expected_duration_s - 1
    return f"{said}, {wording.signed(off * 100)}% off the expected ~{wording.length(episode.expected_duration_s)}"


def _words_tip(episode: Episode, _live: Live) -> str:
    if episode.word_accuracy is None:
        return "Not heard yet"
    return f"{wording.percent(episode.word_accuracy)} of the script's words were heard right"


def _voice_tip(episode: Episode, _live: Live) -> str:
    if episode.voice_consistency is None:
        return "Not compared yet"
    return f"{wording.percent(episode.voice_consistency)} consistent with the voice. {LINE_MEANS}"


def _brand_tip(episode: Episode, _live: Live) -> str:
    if episode.brand_alignment is None:
        return "Not held against a brand file"
    return f"{wording.percent(episode.brand_alignment)} in line with the brand file; the panel lists what was taken off"


def _cost_tip(episode: Episode, _live: Live) -> str:
    calls = wording.count_of(episode.calls, "call")
    spent = f"{wording.money(episode.cost_micro)} spent in {calls}"
    held = f"\n{wording.money(episode.reserved_micro)} held for calls under way" if episode.reserved_micro else ""
    return f"{spent}, {wording.count_of(episode.characters, 'character')}{held}"


_STATE_ORDER = {
    State.NEEDS_YOU: 0,
    State.FAILED: 1,
    State.WORKING: 2,
    State.QUEUED: 3,
    State.DONE: 4,
    State.REJECTED: 5,
    State.CANCELLED: 6,
}

COLUMNS: Final[tuple[Column, ...]] = (
    Column(
        "number",
        "#",
        "Number within the project; the folder's name begins with it",
        said=lambda episode, _: f"{episode.number:03d}",
        sort=lambda episode: episode.number,
        tip=lambda episode, _: f"Episode {episode.number}",
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
        tip=_title_tip,
        least=112,
        ideal=230,
        stretch=5,
    ),
    Column(
        "state",
        "State",
        "How it stands",
        said=lambda episode, _: wording.state_word(episode),
        sort=lambda episode: _STATE_ORDER[episode.state],
        tip=_reason_tip,
        least=104,
        ideal=108,
        look=Look.STATE,
    ),
    Column(
        "stage",
        "Stage",
        "Four strokes: script, voice, mastering and check, review and folder",
        said=_stage_said,
        sort=lambda episode: STAGES.index(episode.stage),
        tip=_reason_tip,
        least=92,
        ideal=104,
        look=Look.STAGE,
    ),
    Column(
        "sound",
        "Sound",
        "The whole episode as a wave, suspect places in colour",
        said=_strip_said,
        sort=lambda episode: len(episode.strip_faults),
        tip=_strip_said,
        least=80,
        ideal=170,
        stretch=3,
        look=Look.STRIP,
    ),
    Column(
        "length",
        "Length",
        "Finished length; ~ is expected",
        said=lambda episode, _: wording.episode_length(episode),
        sort=lambda episode: episode.duration_s or episode.expected_duration_s or 0.0,
        tip=_length_tip,
        least=68,
        ideal=76,
        right=True,
    ),
    Column(
        "words",
        "Words",
        "Share of the script's words that were heard right",
        said=lambda episode, _: wording.episode_words(episode),
        sort=lambda episode: -1.0 if episode.word_accuracy is None else episode.word_accuracy,
        tip=_words_tip,
        least=70,
        ideal=72,
        right=True,
    ),
    Column(
        "voice",
        "Voice",
        "How consistent the voice is with its accepted episodes",
        said=lambda episode, _: wording.share(episode.voice_consistency),
        sort=lambda episode: -1.0 if episode.voice_consistency is None else episode.voice_consistency,
        tip=_voice_tip,
        least=66,
        ideal=70,
        right=True,
        there=lambda episode: episode.voice_consistency is not None,
    ),
    Column(
        "brand",
        "Brand",
        "How well the script keeps to the brand file",
        said=lambda episode, _: wording.share(episode.brand_alignment),
        sort=lambda episode: -1.0 if episode.brand_alignment is None else episode.brand_alignment,
        tip=_brand_tip,
        least=66,
        ideal=70,
        right=True,
        there=lambda episode: episode.brand_alignment is not None,
    ),
    Column(
        "cost",
        "Cost",
        "Spent, or held for calls under way",
        said=lambda episode, _: wording.episode_cost(episode),
        sort=lambda episode: episode.cost_micro + episode.reserved_micro,
        tip=_cost_tip,
        least=92,
        ideal=94,
        right=True,
    ),
    Column(
        "now",
        "Now",
        "What happens to it now",
        said=wording.now_sentence,
        sort=wording.now_sentence,
        tip=_reason_tip,
        least=90,
        ideal=170,
        stretch=3,
        look=Look.MUTED,
    ),
)


def fitted(width: int, hidden: Collection[int] = ()) -> list[int]:
    """Widths that fill `width` exactly where that is possible: least widths, then ideal ones, then the stretch.

    The columns of the numbers `hidden` take none.
    """
    least = [0 if number in hidden else column.least for number, column in enumerate(COLUMNS)]
    ideal = [0 if number in hidden else column.ideal for number, column in enumerate(COLUMNS)]
    if width <= sum(least):
        return least
    if width < sum(ideal):
        share = (width - sum(least)) / (sum(ideal) - sum(least))
        widths = [low + int((high - low) * share) for low, high in zip(least, ideal, strict=True)]
    else:
        spare, weight = width - sum(ideal), sum(column.stretch for column in COLUMNS)
        widths = [wide + spare * column.stretch // weight for wide, column in zip(ideal, COLUMNS, strict=True)]
    title = next(index for index, column in enumerate(COLUMNS) if column.key == "title")
    widths[title] += width - sum(widths)  # what rounding left
    return widths
