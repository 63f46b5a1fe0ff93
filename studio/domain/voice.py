"""Which voice speaks, and how."""

from dataclasses import dataclass
from typing import Self

from studio.domain.errors import SettingError


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
class SpeechSettings:
    """How a voice is to speak. `speed` is a factor (1.0 the voice's own pace); the same seed gives the same take."""

    voice: VoiceRef
    model: str
    seed: int = 0
    speed: float = 1.0
