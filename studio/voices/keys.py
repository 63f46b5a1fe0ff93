"""Where API keys are kept: the environment, or the operating system's keyring."""

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, TypeVar

from studio.domain.errors import VoiceError
from studio.domain.health import Health
from studio.domain.purchase import CallError, Trouble
from studio.domain.voice import ELEVENLABS, WRITER, provider_name
from studio.engine.trade import KeyPlace

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

SERVICE: Final = "batchcast"  # in the keyring
VARIABLES: Final = {ELEVENLABS: "ELEVENLABS_API_KEY", WRITER: "BATCHCAST_WRITER_KEY"}
_OTHERWISE: Final = f"{VARIABLES[ELEVENLABS]} for a vendor's voice, {VARIABLES[WRITER]} for a writer's model"

# Backends that keep nothing, or keep it readable for everybody.
_NO_BACKEND = ("keyring.backends.fail", "keyring.backends.null")
_PLAIN = ("plaintext", "keyrings.alt")


class KeyStore:
    """The keys of this user. Keeps the engine's `Keys` Protocol; `key` is for this room alone.

    Args:
        environment: Variables; one that has a key goes before the keyring.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._given = {
            provider: key for provider, name in VARIABLES.items() if (key := environment.get(name, "").strip())
        }
        self._read: dict[str, str] = {}  # from the keyring, which may take its time, or ask the user
        self._absent: set[str] = set()  # not there when it was looked for
        self._epoch = 0

    def epoch(self) -> int:
        """A number that changes whenever a key does."""
        return self._epoch

    async def key(self, provider: str) -> str:
        """The key for `provider`. Raises `CallError` where there is none that could be one."""
        self._absent.discard(provider)
        key = await self.found(provider)
        name = provider_name(provider)
        if not key:
            raise CallError(
                Trouble.KEY,
                f"There is no API key for {name}.",
                f"Enter it in the window, under “Voice…”, or set {VARIABLES[provider]}.",
            )
        return key

    async def found(self, provider: str) -> str:
        """The key for `provider`, empty where there is none: for those that work without. Raises `CallError`.

        The keyring is asked once for a key that it has not, until one is kept there.
        """
        key = self._given.get(provider) or self._read.get(provider) or ""
        if not key and provider not in self._absent:
            key = await self._from_keyring(provider)
            if not key:
                self._absent.add(provider)
        # Checked here, since what cannot stand in a header is repeated in the error that says so.
        if key and not _can_be_sent(key):
            name = provider_name(provider)
            raise CallError(
                Trouble.KEY, f"The API key for {name} has characters that no key has.", "Copy the key again, whole."
            )
        return key

    async def has(self, provider: str) -> bool:
        """Whether there is a key for it, in the environment or in the keyring."""
        if provider not in VARIABLES:
            return False
        try:
            await self.key(provider)
        except VoiceError:
            return False
        return True

    async def place(self, provider: str) -> KeyPlace:
        """Where its key is, and whether one can be kept. Raises nothing."""
        given = VARIABLES[provider] if provider in self._given else ""
        state = await asyncio.to_thread(health)
        refusal = "" if state.works else f"{state.detail} {state.remedy}"
        return KeyPlace(given, not given and await self.has(provider), refusal)

    async def keep(self, provider: str, key: str) -> None:
        """Put a key into the system's keyring. Raises `VoiceError` where there is none that is safe."""
        key = key.strip()
        if not key or not _can_be_sent(key):
            raise VoiceError(f"This is no API key for {provider_name(provider)}.", "Copy the key again, whole.")
        if provider in self._given:
            raise VoiceError(
                f"{VARIABLES[provider]} is set, and goes before the keyring.",
                "Unset it, start Batchcast again, then enter the key.",
            )
        state = await asyncio.to_thread(health)
        if not state.works:
            raise VoiceError(state.detail, state.remedy)
        await _with_keyring(lambda backend: backend.set_password(SERVICE, provider, key))
        self._read[provider] = key
        self._absent.discard(provider)
        self._epoch += 1

    async def forget(self, provider: str) -> None:
        """Take it out of the keyring again."""
        if await self._from_keyring(provider):
            await _with_keyring(lambda backend: backend.delete_password(SERVICE, provider))
        self._read.pop(provider, None)
        self._epoch += 1

    async def _from_keyring(self, provider: str) -> str:
        """Empty where it has none, or is not to be used."""
        if not (await asyncio.to_thread(health)).works:
            return ""
        found = await _with_keyring(lambda backend: backend.get_password(SERVICE, provider))
        key = (found or "").strip()
        if key:
            self._read[provider] = key
        return key


async def _with_keyring(work: "Callable[[KeyringBackend], T]") -> T:
    """Off the event loop: it is another process, and may be a dialogue with the user."""
    # Not what the thread returns: a loop that is told to log everything would log it.
    answer: list[T] = []

    def run() -> None:
        import keyring

        answer.append(work(keyring.get_keyring()))

    from keyring.errors import KeyringError

    try:
        await asyncio.to_thread(run)
        return answer[0]
    except KeyringError as error:
        kind = type(error).__name__
    raise CallError(
        Trouble.KEY,
        f"The system's keyring does not give access to the API key ({kind}).",
        f"Unlock the keyring and try again, or set {_OTHERWISE}.",
    )


def _can_be_sent(key: str) -> bool:
    return key.isascii() and key.isprintable() and " " not in key


def health() -> Health:
    """Which keyring would hold an API key. None is needed while only the built-in voice speaks."""
    import keyring

    backend = keyring.get_keyring()
    # Several at once are chained; the first one that works takes the key.
    chained = list(getattr(backend, "backends", [])) or [backend]
    chosen = type(chained[0])
    name = f"{chosen.__module__}.{chosen.__qualname__}"
    part = "Keyring"
    if name.startswith(_NO_BACKEND):
        return Health(
            part,
            works=False,
            detail="This system has no keyring to hold an API key.",
            remedy=f"Install one (GNOME Keyring, KWallet), or set {_OTHERWISE}.",
            needed=False,
        )
    if any(word in name.lower() for word in _PLAIN):
        return Health(
            part,
            works=False,
            detail=f"The keyring {name} stores keys as plain text; it is not used.",
            remedy=f"Install GNOME Keyring or KWallet, or set {_OTHERWISE}.",
            needed=False,
        )
    return Health(part, works=True, detail=name, needed=False)
