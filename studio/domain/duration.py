"""How long an episode should be: a speaking rate per voice and model, learned from accepted episodes."""

from dataclasses import dataclass

# Characters a second without the script's own pauses: builtin:heart measured, 17.7 to 18.0 on two long scripts;
# any other voice starts from the usual narration pace of 150 to 160 words a minute.
FIRST_GUESS = {"builtin:heart": 17.8}
NARRATION = 15.0
ENOUGH = 5  # accepted episodes before a wrong length counts as more than a note


@dataclass(frozen=True, slots=True)
class SpeakingRate:
    """Characters spoken a second, pauses of the script excluded, and from how many accepted episodes it is known."""

    characters_per_s: float
    episodes: int

    @property
    def learned(self) -> bool:
        """Whether a length outside of the tolerance is to be believed."""
        return self.episodes >= ENOUGH

    def expected_s(self, characters: int, pauses_s: float) -> float:
        """Expected length in seconds of `characters` spoken ones and `pauses_s` seconds of asked-for silence."""
        return characters / self.characters_per_s + pauses_s


def first_guess(voice: str, speed: float) -> SpeakingRate:
    """The rate to go by while nothing was accepted of this voice."""
    return SpeakingRate(FIRST_GUESS.get(voice, NARRATION) * speed, 0)


def learned_rate(characters: int, speech_s: float, episodes: int) -> SpeakingRate:
    """The rate over accepted episodes: their characters together over their seconds of speech (pauses taken off)."""
    return SpeakingRate(characters / speech_s, episodes)


# A complete body is between these shares of its expected length: wide before the voice is known (10 to 25 characters a
# second), closer afterwards. What lies outside is not the whole text, or more than it.
_WIDE = (0.6, 1.6)
_KNOWN = (0.8, 1.25)
_SLACK_S = 1.5  # for what begins and ends every body: that makes it longer
_HASTE_S = 0.5  # a few words are soon said


def plausible(rate: SpeakingRate, characters: int, pauses_s: float) -> tuple[float, float]:
    """The shortest and the longest that a body for so many characters may be, in seconds."""
    low, high = _KNOWN if rate.learned else _WIDE
    spoken_s = characters / rate.characters_per_s
    return max(0.0, low * spoken_s - _HASTE_S), high * (spoken_s + pauses_s) + _SLACK_S
