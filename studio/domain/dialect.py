"""What a voice understands beside words, and one text made of utterances accordingly."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from studio.domain.spoken import Utterance

# A vendor's voice pauses by itself at full stops and paragraphs; only longer rests than these are asked for.
OWN_PAUSE_S = 1.0
LONGEST_BREAK_S = 3.0  # of one tag; ElevenLabs documents it


class Dialect(StrEnum):
    """How pauses are told to a voice."""

    UTTERANCES = "utterances"  # it is handed one utterance after the other; the silence between them is ours
    BREAKS = "breaks"  # <break time="1.5s" />
    PAUSES = "pauses"  # [pause]
    PLAIN = "plain"  # paragraphs only


@dataclass(frozen=True, slots=True)
class Composed:
    """One text, as it is sent and charged; `offsets` says where in it each utterance begins."""

    text: str
    offsets: tuple[int, ...]


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


def compose(utterances: Sequence[Utterance], dialect: Dialect, paragraph_from_s: float) -> Composed:
    """The utterances as one text. What would follow the last one is left out: silence is added where chunks join."""
    parts: list[str] = []
    offsets: list[int] = []
    length = 0
    for utterance in utterances:
        offsets.append(length)
        between = separator(utterance, dialect, paragraph_from_s)
        parts += [utterance.text, between]
        length += len(utterance.text) + len(between)
    return Composed("".join(parts[:-1]), tuple(offsets))
