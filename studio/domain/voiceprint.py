"""What a voice is like as numbers, what it usually is, and how consistent an episode is with that."""

from dataclasses import dataclass

ENOUGH = 5  # accepted episodes before a voice is judged by its own baseline
LINE_MEANS = (
    "At 85% or more are 99 of 100 episodes in which nothing but chance differs from the voice's accepted ones. "
    f"Until {ENOUGH} were accepted, it is the share of the speech that sounds like one and the same voice."
)


@dataclass(frozen=True, slots=True)
class VoicePrint:
    """One episode's voice.

    `embedding` is the mean speaker embedding (unit length, 256 numbers), `pitch_hz` the median pitch of what is voiced,
    `rate` letters a second without the pauses (evened out by the syllables); `windows` stretches of up to 3 seconds of
    speech were looked at.
    """

    embedding: tuple[float, ...]
    likeness: float  # median cosine of the windows with that mean
    pitch_hz: float | None
    rate: float | None
    windows: int


@dataclass(frozen=True, slots=True)
class VoiceBaseline:
    """What was accepted of one voice and model: the prints of `episodes` episodes, newest first."""

    prints: tuple[VoicePrint, ...]

    @property
    def learned(self) -> bool:
        """Whether a deviation from it is to be believed."""
        return len(self.prints) >= ENOUGH


@dataclass(frozen=True, slots=True)
class VoiceReport:
    """How consistent the voice of an episode is, 0 to 1, and what that was compared with.

    With a learned baseline 0.85 is what 99 of 100 readings of the same voice reach. `learned_from` is the number of its
    episodes; 0 means that it is the share of the speech that is more like the voice of most of the episode than like
    any other voice of a cohort.
    """

    consistency: float
    learned_from: int
    print: VoicePrint
