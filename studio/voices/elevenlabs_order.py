"""One request for speech, from our settings to the parameters of the SDK."""

from collections.abc import Sequence
from typing import Any, Final

from studio.domain.purchase import CallError, Trouble
from studio.domain.speech_plan import Chunk, Terms
from studio.domain.voice import Manner, SpeechSettings
from studio.voices.elevenlabs_errors import no_dictionary
from studio.voices.elevenlabs_headers import identifier

MOST_DICTIONARIES: Final = 3
MOST_EARLIER: Final = 3  # requests that continuity may be taken from


def order_of(chunk: Chunk, settings: SpeechSettings, terms: Terms, after: Sequence[str]) -> dict[str, Any]:
    """The parameters of `text_to_speech.*` but for the voice. Raises `CallError` for what cannot be asked.

    What is kept in the account's history is not switched off: without it, what a lost connection has cost is lost.
    """
    from elevenlabs.types.voice_settings import VoiceSettings

    manner = settings.manner or Manner()
    order: dict[str, Any] = {
        "text": chunk.text,
        "model_id": settings.model,
        "output_format": terms.audio_format,
        "seed": settings.seed,
        "voice_settings": VoiceSettings(**voice_settings(settings)),
        "apply_text_normalization": manner.normalisation,
    }
    if manner.language:
        order["language_code"] = manner.language
    if dictionaries := terms.dictionaries or manner.dictionaries:
        order["pronunciation_dictionary_locators"] = _locators(dictionaries)
    if terms.context:
        # Text before is not heeded where requests are named; text after is.
        if after:
            order["previous_request_ids"] = list(after)[-MOST_EARLIER:]
        if chunk.before:
            order["previous_text"] = chunk.before
        if chunk.after:
            order["next_text"] = chunk.after
    return order


def voice_settings(settings: SpeechSettings) -> dict[str, Any]:
    """The settings of the voice by ElevenLabs' names, as they go out and as the history shows them."""
    manner = settings.manner or Manner()
    return {
        "stability": manner.stability,
        "similarity_boost": manner.similarity,
        "style": manner.style,
        "use_speaker_boost": manner.speaker_boost,
        "speed": settings.speed,
    }


def _locators(dictionaries: Sequence[str]) -> list[Any]:
    from elevenlabs.types.pronunciation_dictionary_version_locator import PronunciationDictionaryVersionLocator

    locators = []
    for dictionary in dictionaries:
        name, _, version = (part.strip() for part in dictionary.partition(":"))
        if not identifier(name) or (version and not identifier(version)):
            raise no_dictionary(dictionary)
        wanted = {"pronunciation_dictionary_id": name} | ({"version_id": version} if version else {})
        locators.append(PronunciationDictionaryVersionLocator(**wanted))
    return locators


def check_dictionaries(named: Sequence[str]) -> None:
    """Raises `CallError` for more pronunciation dictionaries than a request takes."""
    if len(named) > MOST_DICTIONARIES:
        raise CallError(
            Trouble.REFUSED,
            f"A request takes at most {MOST_DICTIONARIES} pronunciation dictionaries, not {len(named)}.",
            "Correct the setting “Pronunciation dictionaries”.",
        )
