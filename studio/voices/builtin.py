"""The built-in voice: no key, no network. Speaks in a worker process.

Nothing here loads the model or its libraries (over a second, cold): the window's thread comes through this module.
"""

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from studio.domain.errors import BatchcastError, VoiceError
from studio.domain.health import Health
from studio.domain.money import FREE, Price
from studio.domain.purchase import Delivery, Found
from studio.domain.settings import Settings
from studio.domain.speech_plan import Chunk, Terms
from studio.domain.voice import BUILTIN, SpeechSettings, VoiceCard, VoiceRef
from studio.engine.ports import Compute, Lane, Report
from studio.engine.trade import Seller
from studio.voices.speak_job import SpeakJob, run

_PACKAGE = "hibari-tts"
_INSTALL = "Install Batchcast again: bash packaging/run.sh doctor."


class BuiltinVoice:
    """One of hibari's voices, such as “heart”. Keeps the engine's `Voice` Protocol; nobody is paid.

    Raises `VoiceError` for a name that hibari does not know, or when hibari is not installed.
    """

    lane = Lane.CPU
    seller: Seller | None = None
    slots = ""

    def __init__(self, compute: Compute, name: str) -> None:
        known = voice_names()
        if name not in known:
            raise VoiceError(f"There is no built-in voice “{name}”.", f"Choose one of {', '.join(known)}.")
        self._compute = compute
        self._name = name
        self.model = f"hibari-{version(_PACKAGE)}"

    async def terms(self, settings: Settings) -> Terms:
        """Utterances, as many as there are, as FLAC."""
        return Terms(limit=None, audio_format="flac_24000")

    def price(self, characters: int, used_credits: int = 0, plan: str = "") -> Price:
        """Nothing, for any number of characters."""
        return FREE

    def cost_micro(self, charged: int, used_credits: int = 0) -> int:
        """Nothing."""
        return 0

    async def speak(
        self, chunk: Chunk, settings: SpeechSettings, terms: Terms, out: Path, report: Report, *, after: Sequence[str]
    ) -> Delivery:
        """Write the chunk to `out` as FLAC, with the exact mark of each utterance. Raises `VoiceError`."""
        job = SpeakJob(out, self._name, settings.seed, settings.speed, chunk.first, chunk.utterances)
        return Delivery(await self._compute.run(run, report, job))

    async def find(
        self, chunk: Chunk, settings: SpeechSettings, terms: Terms, since: str, claimed: frozenset[str]
    ) -> Found | None:
        """None: it keeps no history."""
        return None

    async def fetch(self, found: Found, terms: Terms, out: Path, report: Report) -> None:
        """Raises `VoiceError`: there is nothing to fetch."""
        raise VoiceError("The built-in voice keeps no history.", "Let it speak again: it costs nothing.")


def voice_cards() -> tuple[VoiceCard, ...]:
    """The voices to choose from. Raises `VoiceError` when hibari is not installed."""
    return tuple(
        VoiceCard(
            ref=str(VoiceRef(BUILTIN, name)),
            name=name.capitalize(),
            about=f"{entry['gender']}, {entry['accent']}" + ("" if entry["bundled"] else " (to be fetched once)"),
        )
        for name, entry in _registry().items()
    )


def voice_names() -> tuple[str, ...]:
    """The voices that hibari knows, on this machine or not. Raises `VoiceError` when hibari is not installed."""
    return tuple(_registry())


def health() -> Health:
    """Whether the voice in the package is whole and speaks. Loads the model: seconds, not for the window's thread."""
    part = "Built-in voice"
    try:
        entry = _registry()["heart"]
        model = assets() / str(entry["file"])
        digest = hashlib.sha256(model.read_bytes()).hexdigest()
        if digest != entry["sha256"]:
            return Health(
                part, works=False, detail=f"{model} is damaged (its sha256 is not the published one).", remedy=_INSTALL
            )
        from studio.voices.builtin_worker import RATE_HZ, load, trimmed

        sound = trimmed(load("heart")("Ready.", seed=0))
    except (BatchcastError, ImportError, OSError, PackageNotFoundError) as error:
        return Health(part, works=False, detail=str(error), remedy=_INSTALL)
    if not len(sound):
        return Health(part, works=False, detail="The voice gave no sound.", remedy=_INSTALL)
    detail = f"hibari {version(_PACKAGE)}, voice heart, sha256 {digest[:12]}…, spoke {len(sound) / RATE_HZ:.1f} s"
    return Health(part, works=True, detail=detail)


def assets() -> Path:
    """The folder of the voice's files. Raises `VoiceError` when hibari is not installed."""
    spec = find_spec("hibari")  # finds the package without running it
    if spec is None or spec.origin is None:
        raise VoiceError("The built-in voice is not installed.", _INSTALL)
    return Path(spec.origin).parent / "assets"


def _registry() -> dict[str, dict[str, str | int | bool]]:
    """What `hibari.voices.VOICES` holds, without importing hibari."""
    registry: dict[str, dict[str, str | int | bool]] = json.loads((assets() / "voices.json").read_text("utf-8"))
    return registry
