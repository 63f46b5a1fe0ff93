"""Finds a voice by its address."""

from studio.domain.errors import VoiceError
from studio.domain.settings import Settings
from studio.domain.voice import VoiceRef
from studio.engine.ports import Compute, Voice
from studio.voices.builtin import PROVIDER as BUILTIN
from studio.voices.builtin import BuiltinVoice


class Registry:
    """The voices of this installation. Keeps the engine's `Voices` Protocol."""

    def __init__(self, compute: Compute) -> None:
        self._compute = compute

    def voice(self, settings: Settings) -> Voice:
        """The voice that `settings` names. Raises `VoiceError` when there is none."""
        address = VoiceRef.parse(settings.voice)
        if address.provider == BUILTIN:
            return BuiltinVoice(self._compute, address.name)
        if address.provider == "elevenlabs":
            raise VoiceError("This version has no ElevenLabs voice yet.", "Use builtin:heart.")
        raise VoiceError(f"There is no voice provider “{address.provider}”.", "Use builtin:heart.")
