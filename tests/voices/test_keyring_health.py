"""Which keyring would hold an API key."""

from collections.abc import Callable, Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null

from studio.voices.keys import health


class PlaintextKeyring(KeyringBackend):
    """Like the ones that write keys into a file as they are."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError

    def delete_password(self, service: str, username: str) -> None:
        raise AssertionError


class VaultKeyring(PlaintextKeyring):
    """Stands for a backend of the system."""


class PlainChain(chainer.ChainerBackend):
    """A chain whose first link is plain."""

    backends = [PlaintextKeyring(), VaultKeyring()]  # noqa: RUF012  (keyring's own attribute)


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


@pytest.mark.parametrize(
    ("backend", "works", "words"),
    [
        (fail.Keyring, False, "no keyring"),
        (null.Keyring, False, "no keyring"),
        (PlaintextKeyring, False, "plain text"),
        (PlainChain, False, "plain text"),
        (VaultKeyring, True, "VaultKeyring"),
    ],
)
def test_only_a_real_keyring_works_and_none_is_needed(
    backend: Callable[[], KeyringBackend], works: bool, words: str
) -> None:
    keyring.set_keyring(backend())
    state = health()
    assert (state.works, state.needed) == (works, False)
    assert words in state.detail
    assert works or state.remedy
