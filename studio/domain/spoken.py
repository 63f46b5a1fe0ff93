"""The spoken form: what the voice is asked to say, every span tied to its place in the source.

It is the one reference for buying (what is sent), for hearing (what should be heard) and for transcripts.
"""

from dataclasses import dataclass
from enum import StrEnum


class MarkKind(StrEnum):
    """What a script asks of the voice beside the words."""

    PHONEMES = "phonemes"
    EMPHASIS = "emphasis"


@dataclass(frozen=True, slots=True)
class SpeechMark:
    """How a stretch of an utterance is to be spoken: `start` and `end` are offsets into `Utterance.text`.

    `value` is IPA for phonemes; the utterance's text has a respelling of them, `written` is the word as the script has
    it. For emphasis, `value` is the level: strong, moderate, reduced, none.
    """

    kind: MarkKind
    start: int
    end: int
    value: str
    written: str = ""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """One word of the reference as it is spoken ("nineteen", not "19"), and the source span that it comes from.

    Several spoken words may share a source span ("1596" is four words); `start`/`end` are offsets into its text.
    `also` are other right ways to write it, such as the name that a pronunciation stands for.
    """

    text: str
    start: int
    end: int
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Utterance:
    """One sentence, or heading, as one breath of the voice.

    `text` is what is handed to the voice, without mark-up; `pause_after_s` is the silence that follows it, in seconds.
    `marks` are in order and do not overlap within their kind. What of them is heeded is the voice's matter.
    """

    text: str
    start: int
    end: int
    words: tuple[SpokenWord, ...]
    pause_after_s: float = 0.0
    heading: bool = False
    marks: tuple[SpeechMark, ...] = ()

    def marked(self, kind: MarkKind) -> tuple[SpeechMark, ...]:
        """The marks of one kind."""
        return tuple(mark for mark in self.marks if mark.kind is kind)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the episode: its title and the first utterance in it."""

    title: str
    utterance: int


@dataclass(frozen=True, slots=True)
class SpokenForm:
    """A whole script as it is to be spoken."""

    title: str
    utterances: tuple[Utterance, ...]
    chapters: tuple[Chapter, ...]

    @property
    def characters(self) -> int:
        """Characters that the voice is asked to speak; what a vendor would count."""
        return sum(len(utterance.text) for utterance in self.utterances)

    @property
    def words(self) -> tuple[SpokenWord, ...]:
        """Every reference word of the episode in order."""
        return tuple(word for utterance in self.utterances for word in utterance.words)

    @property
    def pauses_s(self) -> float:
        """Seconds of silence that the script itself asks for."""
        return sum(utterance.pause_after_s for utterance in self.utterances)

    def is_cut_like(self, other: "SpokenForm") -> bool:
        """Whether both have the same sentences at the same places of the source, however these are said."""
        return [(each.start, each.end) for each in self.utterances] == [
            (each.start, each.end) for each in other.utterances
        ]
