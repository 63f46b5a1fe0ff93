"""What topics come to before they are written: what writing them costs, and how much speech they become at most."""

import math
from dataclasses import dataclass
from typing import Final

from studio.domain.duration import SpeakingRate
from studio.domain.script import Topic
from studio.domain.settings import Settings
from studio.engine.authoring import Writers

_LONGER: Final = 1.05  # of the length asked for that a script may be longer


@dataclass(frozen=True, slots=True)
class Writing:
    """Topics that are still to be written, how long they are to be together, and what that costs in micro-dollars.

    `usual_micro` is what it costs when nothing goes wrong, `most_micro` an upper bound; 0 where nothing is paid.
    """

    topics: int = 0
    minutes: float = 0.0
    usual_micro: int = 0
    most_micro: int = 0

    def __add__(self, other: "Writing") -> "Writing":
        return Writing(
            self.topics + other.topics,
            self.minutes + other.minutes,
            self.usual_micro + other.usual_micro,
            self.most_micro + other.most_micro,
        )


NO_WRITING: Final = Writing()


def minutes_of(topic: Topic, settings: Settings) -> float:
    """The length that is asked for."""
    return topic.minutes or settings.minutes


def writing(writers: Writers, topic: Topic, settings: Settings, rate: SpeakingRate) -> Writing:
    """What writing a topic costs. Raises `SettingError` where its writer cannot be had."""
    minutes, model = minutes_of(topic, settings), writers.model(settings)
    takes = writers.writer(settings).takes(topic, minutes, settings, rate)
    if model is None:
        return Writing(1, minutes)
    return Writing(1, minutes, model.micro(takes.usual), model.micro(takes.most))


def most_characters(minutes: float, rate: SpeakingRate) -> int:
    """The characters of its speech at most: spoken without a pause, and as much longer as a script may be."""
    return math.ceil(minutes * 60 * _LONGER * rate.characters_per_s)
