"""A server with an unhurried plan and no delays."""

from collections.abc import Iterator

import pytest

from tests.fakes.elevenlabs_server import Server, elevenlabs_server


@pytest.fixture
def server() -> Iterator[Server]:
    with elevenlabs_server(plan="pro", time_scale=0.0) as running:
        yield running
