"""Keys are in the environment or in the keyring, and come out for a call only."""

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.errors import KeyringLocked

from studio.domain.errors import VoiceError
from studio.domain.purchase import CallError, Trouble
from studio.engine.trade import Keys
from studio.voices.keys import KeyStore

KEY = "sk_0123456789"


class Vault(KeyringBackend):
    """Stands for a backend of the system. Counts how often it is asked."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False
        self.asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        if self.locked:
            raise KeyringLocked(KEY)
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class PlaintextVault(Vault):
    """One that everybody can read."""


@pytest.fixture
def vault() -> Iterator[Vault]:
    before = keyring.get_keyring()
    backend = Vault()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


async def test_a_key_is_kept_found_and_forgotten(vault: Vault) -> None:
    keys: Keys = KeyStore({})
    assert not await keys.has("elevenlabs")
    await keys.keep("elevenlabs", f" {KEY}\n")
    assert vault.kept == {("batchcast", "elevenlabs"): KEY}
    assert await keys.has("elevenlabs")
    later = KeyStore({})
    assert [await later.key("elevenlabs"), await later.key("elevenlabs")] == [KEY, KEY]
    assert vault.asked <= 3  # it is asked once a run: it may be slow, or ask the user
    await keys.forget("elevenlabs")
    await keys.forget("elevenlabs")
    assert vault.kept == {}
    assert not await keys.has("elevenlabs")
    assert not await keys.has("acme")


async def test_every_change_is_noticed(vault: Vault) -> None:
    keys = KeyStore({})
    epochs = [keys.epoch()]
    await keys.keep("elevenlabs", KEY)
    epochs.append(keys.epoch())
    await keys.forget("elevenlabs")
    assert len({*epochs, keys.epoch()}) == 3


async def test_the_environment_goes_before_the_keyring(vault: Vault) -> None:
    vault.kept["batchcast", "elevenlabs"] = "sk_of_the_keyring"
    keys = KeyStore({"ELEVENLABS_API_KEY": f"{KEY}\n"})
    assert await keys.key("elevenlabs") == KEY
    with pytest.raises(VoiceError, match="goes before the keyring"):
        await keys.keep("elevenlabs", "sk_new")
    assert await KeyStore({"ELEVENLABS_API_KEY": " "}).key("elevenlabs") == "sk_of_the_keyring"


async def test_no_key_is_told_with_the_cure(vault: Vault) -> None:
    with pytest.raises(CallError, match="ELEVENLABS_API_KEY") as caught:
        await KeyStore({}).key("elevenlabs")
    assert caught.value.trouble is Trouble.KEY


async def test_a_locked_keyring_is_told_and_asked_again(vault: Vault) -> None:
    vault.locked = True
    keys = KeyStore({})
    with pytest.raises(CallError, match="KeyringLocked") as caught:
        await keys.key("elevenlabs")
    assert KEY not in repr((caught.value.args, caught.value.__cause__, caught.value.__context__))
    assert not await keys.has("elevenlabs")
    vault.locked = False
    vault.kept["batchcast", "elevenlabs"] = KEY
    assert await keys.key("elevenlabs") == KEY


@pytest.mark.parametrize("backend", [fail.Keyring, PlaintextVault])
async def test_a_keyring_that_is_none_or_plain_is_not_used(vault: Vault, backend: type[KeyringBackend]) -> None:
    plain = backend()
    if isinstance(plain, Vault):
        plain.kept["batchcast", "elevenlabs"] = KEY
    keyring.set_keyring(plain)
    keys = KeyStore({})
    assert not await keys.has("elevenlabs")
    with pytest.raises(VoiceError) as caught:
        await keys.keep("elevenlabs", KEY)
    assert KEY not in str(caught.value)
    await keys.forget("elevenlabs")


@pytest.mark.parametrize("key", ["", "  ", "sk two", "sk_ключ", "sk_\n1"])
async def test_what_cannot_be_a_key_is_not_kept(vault: Vault, key: str) -> None:
    with pytest.raises(VoiceError, match="no API key") as caught:
        await KeyStore({}).keep("elevenlabs", key)
    assert not key.strip() or key not in str(caught.value)
    assert vault.kept == {}


async def test_a_key_is_in_no_picture_of_its_store(vault: Vault) -> None:
    keys = KeyStore({"ELEVENLABS_API_KEY": KEY})
    await keys.key("elevenlabs")
    assert KEY not in repr(keys)


async def test_a_key_that_is_not_needed_is_looked_for_once(vault: Vault) -> None:
    keys = KeyStore({})
    assert await keys.found("writer") == ""
    assert await keys.found("writer") == ""
    assert vault.asked == 1
    await keys.keep("writer", KEY)
    assert await keys.found("writer") == KEY
    assert vault.kept == {("batchcast", "writer"): KEY}
    await keys.forget("writer")
    assert await keys.found("writer") == ""
    assert await KeyStore({"BATCHCAST_WRITER_KEY": KEY}).found("writer") == KEY
    vault.locked = True
    with pytest.raises(CallError) as caught:
        await KeyStore({}).found("writer")
    assert caught.value.trouble is Trouble.KEY
    with pytest.raises(CallError, match="characters that no key has"):
        await KeyStore({"BATCHCAST_WRITER_KEY": "no key"}).found("writer")
