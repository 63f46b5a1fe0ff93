"""What a voice understands beside words, and one text made of utterances accordingly.

`<phoneme>` and `<break>` as ElevenLabs documents them; its v3 and later take `[pause]`, and stress what is written in
capitals.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from studio.domain.spoken import MarkKind, SpeechMark, Utterance

# A vendor's voice pauses by itself at full stops and paragraphs; only longer rests than these are asked for.
OWN_PAUSE_S = 1.0
LONGEST_BREAK_S = 3.0  # of one tag; ElevenLabs documents it
FEW_BREAKS: Final = 8
"""Places in one call where a `<break>` does no harm: with many of them the voice hurries and adds noises."""

_STRESSED: Final = frozenset({"strong", "moderate"})
_SHOUTED: Final = 60  # characters; whole sentences in capitals are not stressed but shouted
_LONGEST_LETTER: Final = 1  # in capitals it is the same

# A tag in what is sent is one of ours: these signs have no reading, so that no utterance should hold them. One for one,
# for the places of what follows.
_HARMLESS: Final = str.maketrans({"<": "\u2039", ">": "\u203a", "&": "\uff06", "[": "(", "]": ")"})


class Dialect(StrEnum):
    """How pauses are told to a voice."""

    UTTERANCES = "utterances"  # it is handed one utterance after the other; the silence between them is ours
    BREAKS = "breaks"  # <break time="1.5s" />
    PAUSES = "pauses"  # [pause]
    PLAIN = "plain"  # paragraphs only


@dataclass(frozen=True, slots=True)
class Manner:
    """How one model is told what it is to do.

    From `paragraph_from_s` seconds on a pause is that of a paragraph. `phonemes` says whether it understands
    `<phoneme>`; `breaks` is how many places of a call may have a `<break>`, None for any number.
    """

    dialect: Dialect
    paragraph_from_s: float
    phonemes: bool = False
    breaks: int | None = None


@dataclass(frozen=True, slots=True)
class Composed:
    """One text, as it is sent and charged; `offsets` and `ends` say where in it each utterance begins and ends."""

    text: str
    offsets: tuple[int, ...]
    ends: tuple[int, ...]


def separator(utterance: Utterance, dialect: Dialect, paragraph_from_s: float) -> str:
    """What stands between an utterance and the next one.

    From `paragraph_from_s` seconds on its pause is that of a paragraph.
    """
    if dialect is Dialect.UTTERANCES:
        return ""
    pause_s = utterance.pause_after_s
    if pause_s > OWN_PAUSE_S and dialect is Dialect.BREAKS:
        whole, tenths = divmod(round(pause_s * 10), round(LONGEST_BREAK_S * 10))
        lengths = [LONGEST_BREAK_S] * whole + ([tenths / 10] if tenths else [])
        return "\n" + "".join(f'<break time="{length:.1f}s" />' for length in lengths) + "\n"
    if pause_s > OWN_PAUSE_S and dialect is Dialect.PAUSES:
        return "\n[pause]\n"
    return "\n\n" if utterance.heading or pause_s >= paragraph_from_s else " "


def rendered(utterance: Utterance, manner: Manner) -> str:
    """An utterance as it is sent: its text, and of its marks what the model understands.

    Without marks it is the text itself. What stands in a script cannot become a tag.
    """
    if manner.dialect is Dialect.UTTERANCES:
        return utterance.text
    replaced: list[tuple[int, int, Callable[[str], str]]] = []
    if manner.phonemes:
        replaced = [(mark.start, mark.end, _as_phoneme(mark)) for mark in utterance.marked(MarkKind.PHONEMES)]
    elif manner.dialect is Dialect.PAUSES:
        replaced = [
            (mark.start, mark.end, str.upper) for mark in utterance.marked(MarkKind.EMPHASIS) if _may_be_stressed(mark)
        ]
    parts: list[str] = []
    at = 0
    for start, end, change in sorted(replaced, key=lambda each: each[:2]):
        parts += [_harmless(utterance.text[at:start]), change(_harmless(utterance.text[start:end]))]
        at = end
    return "".join([*parts, _harmless(utterance.text[at:])])


def plainly(utterance: Utterance) -> str:
    """An utterance as it is shown to a voice that is to know it, but not to speak it."""
    return _harmless(utterance.text)


def compose(utterances: Sequence[Utterance], manner: Manner) -> Composed:
    """The utterances as one text. What would follow the last one is left out: silence is added where chunks join."""
    if manner.dialect is Dialect.UTTERANCES:
        return Composed("", (), ())
    gaps = [separator(utterance, manner.dialect, manner.paragraph_from_s) for utterance in utterances]
    if manner.breaks is not None:
        for place in _too_many(utterances, gaps, manner.breaks):
            gaps[place] = "\n\n"
    parts: list[str] = []
    offsets: list[int] = []
    ends: list[int] = []
    length = 0
    for utterance, between in zip(utterances, gaps, strict=True):
        sent = rendered(utterance, manner)
        offsets.append(length)
        ends.append(length + len(sent))
        parts += [sent, between]
        length += len(sent) + len(between)
    return Composed("".join(parts[:-1]), tuple(offsets), tuple(ends))


def _too_many(utterances: Sequence[Utterance], gaps: Sequence[str], most: int) -> list[int]:
    """The places of breaks beyond the `most` longest, the earlier of equal ones staying. The last gap is not sent."""
    places = [place for place, gap in enumerate(gaps[:-1]) if "<break" in gap]
    return sorted(places, key=lambda place: (-utterances[place].pause_after_s, place))[most:]


def _as_phoneme(mark: SpeechMark) -> Callable[[str], str]:
    tag = f'<phoneme alphabet="ipa" ph="{_harmless(mark.value).replace(chr(34), "")}">'
    return lambda text: f"{tag}{_harmless(mark.written) or text}</phoneme>"


def _may_be_stressed(mark: SpeechMark) -> bool:
    return mark.value in _STRESSED and _LONGEST_LETTER < mark.end - mark.start <= _SHOUTED


def _harmless(text: str) -> str:
    return text.translate(_HARMLESS)
