"""What the speech service sells: plans, models, voices and output formats, as the real one publishes them."""

import math
from dataclasses import dataclass

STANDARD, FAST = "standard", "turbo"  # concurrency groups


@dataclass(frozen=True, slots=True)
class Plan:
    """What a subscription allows. `width` is the requests at once per concurrency group."""

    name: str
    rank: int
    credits: int
    width: dict[str, int]


PLANS = {
    plan.name: plan
    for plan in (
        Plan("free", 0, 10_000, {STANDARD: 2, FAST: 4}),
        Plan("starter", 1, 30_000, {STANDARD: 3, FAST: 6}),
        Plan("creator", 2, 100_000, {STANDARD: 5, FAST: 10}),
        Plan("pro", 3, 500_000, {STANDARD: 10, FAST: 20}),
        Plan("scale", 4, 2_000_000, {STANDARD: 15, FAST: 30}),
        Plan("business", 5, 11_000_000, {STANDARD: 15, FAST: 30}),
    )
}


@dataclass(frozen=True, slots=True)
class Model:
    """A model: its longest text, its price and what it refuses."""

    model_id: str
    name: str
    limit: int
    group: str = STANDARD
    credits_per_character: float = 1.0
    takes_context: bool = True

    def cost(self, characters: int) -> int:
        """Credits for one request, rounded up."""
        return math.ceil(characters * self.credits_per_character)

    def listed(self) -> dict[str, object]:
        """As `GET /v1/models` shows it."""
        return {
            "model_id": self.model_id,
            "name": self.name,
            "can_be_finetuned": False,
            "can_do_text_to_speech": True,
            "can_do_voice_conversion": False,
            "can_use_style": self.group == STANDARD,
            "can_use_speaker_boost": self.group == STANDARD,
            "serves_pro_voices": False,
            "token_cost_factor": self.credits_per_character,
            "description": f"{self.name}, at most {self.limit:,} characters a request.",
            "requires_alpha_access": False,
            "max_characters_request_free_user": self.limit,
            "max_characters_request_subscribed_user": self.limit,
            "maximum_text_length_per_request": self.limit,
            "languages": [{"language_id": "en", "name": "English"}],
            "model_rates": {"character_cost_multiplier": self.credits_per_character, "cost_discount_multiplier": 1.0},
            "concurrency_group": self.group,
        }


MODELS = {
    model.model_id: model
    for model in (
        Model("eleven_multilingual_v2", "Eleven Multilingual v2", 10_000),
        Model("eleven_flash_v2_5", "Eleven Flash v2.5", 40_000, FAST, 0.5),
        Model("eleven_turbo_v2_5", "Eleven Turbo v2.5", 40_000, FAST, 0.5),
        Model("eleven_flash_v2", "Eleven Flash v2", 30_000, FAST, 0.5),
        Model("eleven_turbo_v2", "Eleven Turbo v2", 30_000, FAST, 0.5),
        Model("eleven_v3", "Eleven v3", 5_000, takes_context=False),
        Model("eleven_v4", "Eleven v4", 10_000, takes_context=False),
        Model("eleven_v4_turbo", "Eleven v4 Turbo", 10_000, FAST, 0.5, takes_context=False),
    )
}
DEFAULT_MODEL = "eleven_multilingual_v2"

DEFAULT_SETTINGS: dict[str, float | bool] = {
    "stability": 0.5,
    "similarity_boost": 0.75,
    "style": 0.0,
    "use_speaker_boost": True,
    "speed": 1.0,
}


@dataclass(frozen=True, slots=True)
class VoiceCard:
    """A voice of the account."""

    voice_id: str
    name: str
    gender: str
    category: str = "premade"

    def listed(self, base_url: str) -> dict[str, object]:
        """As the voice lists show it; the sample is served here."""
        return {
            "voice_id": self.voice_id,
            "name": self.name,
            "samples": None,
            "category": self.category,
            "labels": {"gender": self.gender, "accent": "american", "use_case": "narration"},
            "description": f"{self.name}, for narration.",
            "preview_url": f"{base_url}/preview/{self.voice_id}.mp3",
            "available_for_tiers": [],
            "settings": dict(DEFAULT_SETTINGS),
            "high_quality_base_model_ids": [],
            "is_owner": False,
            "is_legacy": False,
        }


VOICES = {
    card.voice_id: card
    for card in (
        VoiceCard("21m00Tcm4TlvDq8ikWAM", "Rachel", "female"),
        VoiceCard("pNInz6obpgDQGcFmaJgB", "Adam", "male"),
        VoiceCard("EXAVITQu4vr4xnSDxMaL", "Sarah", "female"),
        VoiceCard("MyOwnVoice0000000001", "Producer", "male", "professional"),
    )
}


@dataclass(frozen=True, slots=True)
class Format:
    """An output format: `codec` is mp3, pcm or wav; `kbps` is 0 where it is not compressed."""

    name: str
    codec: str
    rate_hz: int
    kbps: int
    rank: int  # of the least plan that may have it

    @property
    def content_type(self) -> str:
        """MIME type of a body."""
        return {"mp3": "audio/mpeg", "wav": "audio/wav", "pcm": "audio/pcm"}[self.codec]


def _mp3(rate_hz: int, kbps: int, rank: int = 0) -> Format:
    return Format(f"mp3_{rate_hz}_{kbps}", "mp3", rate_hz, kbps, rank)


FORMATS = {
    form.name: form
    for form in (
        _mp3(22_050, 32),
        _mp3(24_000, 48),
        *(_mp3(44_100, kbps) for kbps in (32, 64, 96, 128)),
        _mp3(44_100, 192, PLANS["creator"].rank),
        *(
            Format(f"{codec}_{rate}", codec, rate, 0, PLANS["pro"].rank if rate == 44_100 or codec == "wav" else 0)
            for codec in ("pcm", "wav")
            for rate in (8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
        ),
    )
}
DEFAULT_FORMAT = "mp3_44100_128"
