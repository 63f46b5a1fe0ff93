"""A key is tested by the real SDK, before it is kept anywhere, and comes out nowhere."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.domain.purchase import CallError, Trouble
from tests.fakes.account import PERMISSIONS
from tests.fakes.elevenlabs_server import Server, elevenlabs_server
from tests.voices.customers import customer_at, customer_of


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with elevenlabs_server(plan="pro", time_scale=0.0) as running:
        yield running


async def test_a_key_that_works_tells_plan_slots_and_what_is_left(server: Server, tmp_path: Path) -> None:
    async with customer_of(server, tmp_path) as customer:
        answer = await customer.registry.test_key("elevenlabs")
        assert (answer.account.plan, answer.tells) == ("pro", True)
        assert answer.account.credits_left
        assert answer.slots == {"fast": 20, "standard": 10}
        assert answer.models
        assert not server.ledger.charges  # a test costs nothing


async def test_a_typed_key_is_tested_beside_the_one_in_use(
    server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    typed = server.add_key("sk_typed_0123456789abcdef")
    wrong = "sk_wrong_0123456789abcdef"
    async with customer_of(server, tmp_path) as customer:
        assert (await customer.registry.test_key("elevenlabs", typed)).account.plan == "pro"
        with pytest.raises(CallError, match="does not know the API key") as caught:
            await customer.registry.test_key("elevenlabs", wrong)
        assert caught.value.trouble is Trouble.KEY
        assert (await customer.registry.test_key("elevenlabs")).tells  # the one in use is as it was
    for key in (typed, wrong, server.key):
        assert key not in caplog.text + str(caught.value) + repr(caught.value)


@pytest.mark.parametrize(
    ("lacks", "tells", "lists"),
    [({"user_read"}, False, True), ({"models_read"}, True, False)],
)
async def test_a_key_with_fewer_permissions_works_and_says_less(
    server: Server, tmp_path: Path, lacks: set[str], tells: bool, lists: bool
) -> None:
    narrow = server.add_key(f"sk_narrow_{''.join(sorted(lacks))}", PERMISSIONS - lacks)
    async with customer_of(server, tmp_path) as customer:
        answer = await customer.registry.test_key("elevenlabs", narrow)
        assert (answer.tells, answer.models is not None) == (tells, lists)


async def test_a_key_that_may_read_nothing_says_which_permission_is_missing(server: Server, tmp_path: Path) -> None:
    blind = server.add_key("sk_blind_0123456789abcdef", PERMISSIONS - {"user_read", "models_read"})
    async with customer_of(server, tmp_path) as customer:
        with pytest.raises(CallError, match="models_read"):
            await customer.registry.test_key("elevenlabs", blind)


async def test_without_a_network_the_reason_is_said(tmp_path: Path) -> None:
    async with customer_at("http://127.0.0.1:9", tmp_path) as customer:
        with pytest.raises(CallError, match="cannot be reached") as caught:
            await customer.registry.test_key("elevenlabs", "sk_0123456789abcdef")
        assert caught.value.trouble is Trouble.OFFLINE
