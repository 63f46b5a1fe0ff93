"""Which voice speaks, and how."""

from dataclasses import dataclass
from typing import Final, Self

from studio.domain.errors import SettingError

BUILTIN: Final = "builtin"
ELEVENLABS: Final = "elevenlabs"
WRITER: Final = "writer"
"""Whom questions to a writer's model are put down to in the books, and whose key that model gets; it has no voice."""


def provider_name(provider: str) -> str:
    """`elevenlabs` as a person would write it."""
    if provider.startswith(f"{WRITER}@"):
        return f"Writer at {provider.removeprefix(f'{WRITER}@')}"
    return {BUILTIN: "Built-in voice", ELEVENLABS: "ElevenLabs", WRITER: "Writer"}.get(provider, provider)


@dataclass(frozen=True, slots=True)
class VoiceRef:
    """A voice's address: who provides it, and its name there. Written `builtin:heart`, `elevenlabs:VOICE_ID`."""

    provider: str
    name: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `PROVIDER:NAME`. Raises `SettingError` when either half is missing."""
        provider, _, name = text.partition(":")
        if not provider or not name:
            raise SettingError(f"The voice “{text}” is not of the form PROVIDER:NAME.", "Try builtin:heart.")
        return cls(provider, name)

    def __str__(self) -> str:
        return f"{self.provider}:{self.name}"


@dataclass(frozen=True, slots=True)
class Manner:
    """What a vendor's voice can be told beside its pace. The first three are shares, 0 to 1.

    `language` is an ISO 639-1 code or empty. `dictionaries` are `ID` or `ID:VERSION` of pronunciation dictionaries.
    """

    stability: float = 0.5
    similarity: float = 0.75
    style: float = 0.0
    speaker_boost: bool = True
    language: str = ""
    normalisation: str = "auto"
    dictionaries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """How a voice is to speak. `speed` is a factor (1.0 the voice's own pace); the same seed gives the same take.

    `manner` is None for voices that know none of it.
    """

    voice: VoiceRef
    model: str
    seed: int = 0
    speed: float = 1.0
    manner: Manner | None = None


@dataclass(frozen=True, slots=True)
class VoiceCard:
    """A voice to choose from. `ref` is its address; `sample_url` is empty where there is nothing to hear."""

    ref: str
    name: str
    about: str
    sample_url: str = ""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model to choose from. `limit` in characters a request, price in micro-dollars per 1,000 characters."""

    id: str
    name: str
    limit: int
    micro_per_1000: int
