"""What was done to an episode, what was taken off and what was let go, in plain words."""

from collections.abc import Sequence

from studio.domain.brand import BrandReport, Deduction
from studio.domain.hearing import Forgiven, Grounds
from studio.domain.settings import Settings
from studio.domain.take import Master, Mend, Take
from studio.domain.voiceprint import LINE_MEANS, VoiceReport
from studio.ui import wording

GROUNDS = {
    Grounds.NUMBER: "the same number, written or read another way",
    Grounds.SPELLING: "a spelling variant, an abbreviation or an acronym",
    Grounds.DIVISION: "the same words, joined or split",
    Grounds.SOUND: "it sounds alike: a name the ears cannot spell",
    Grounds.HEARD_AGAIN: "heard right at the second hearing",
    Grounds.WITNESS: "the sound fits the script at least as well",
}

_INAUDIBLE_DB = 0.05


def done(take: Take | None, master: Master | None, settings: Settings) -> tuple[str, ...]:
    """A sentence each: what was mended in this take, how far the limiter went."""
    said = []
    if take is not None and take.mends:
        said.append(_mended(take.parent, take.mends))
    if master is not None and master.limited_db >= _INAUDIBLE_DB:
        limited = f"The limiter took up to {master.limited_db:.1f} dB off, on average over 100 ms"
        most = settings.loudness_target.most_limiting_db
        said.append(
            f"{limited}, more than {most:g} dB: it may be heard." if master.limited_db > most else f"{limited}."
        )
    return tuple(said)


def _mended(parent: int, mends: Sequence[Mend]) -> str:
    count = sum(mend.last - mend.first for mend in mends)
    places = ", ".join(wording.moment(mend.start_s) for mend in mends)
    return f"{wording.count_of(count, 'sentence')} spoken anew, at {places}; the rest is take {parent}."


def line_means(voice: VoiceReport | None) -> str:
    """What the number of the voice says; empty where there is none."""
    if voice is None:
        return ""
    if voice.learned_from:
        return f"Voice: {LINE_MEANS}"
    return f"Voice: {LINE_MEANS} There are none yet, so known voices stand in."


def deductions(brand: BrandReport | None) -> tuple[str, ...]:
    """A line each: place, points and why."""
    return tuple(_deduction(each) for each in brand.deductions) if brand else ()


def _deduction(each: Deduction) -> str:
    points = f"{wording.MINUS}{each.points:g}" if each.points else "no further points"
    return f"{wording.place(each.start_s)} · {points} · {each.detail}"


def let_go(forgiven: Sequence[Forgiven]) -> tuple[str, ...]:
    """A line each: place, both wordings, and on what grounds they are the same."""
    return tuple(
        f"{wording.moment(each.start_s)} · {_quoted(each.said)} for {_quoted(each.script)} · {GROUNDS[each.grounds]}"
        for each in forgiven
    )


def _quoted(text: str) -> str:
    return f"“{wording.isolated(text)}”" if text else "nothing"
