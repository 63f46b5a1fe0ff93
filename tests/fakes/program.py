"""The service as a program of its own, started and asked for its books by tests and measurements of whole programs."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

from tests.fakes.elevenlabs_server import KEY

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Books:
    """What the service has written down up to now."""

    document: dict[str, Any]

    @property
    def outcomes(self) -> Counter[str]:
        """How often requests for speech ended how; `ok` is a sound that was sent."""
        return Counter(asked["outcome"] for asked in self.document["asked"])

    @property
    def charges(self) -> list[dict[str, Any]]:
        """Every request that was charged, oldest first, without its text."""
        charges: list[dict[str, Any]] = self.document["charges"]
        return charges

    @property
    def credits(self) -> int:
        """Charged in all."""
        return int(self.document["credits"])

    @property
    def paid_twice(self) -> int:
        """Charges for what could have been had without."""
        return int(self.document["paid_twice"])

    @property
    def peak(self) -> int:
        """The most requests that were in work at once."""
        return int(self.document["in_flight_peak"])

    @property
    def mean(self) -> float:
        """Mean number of requests in work, by time, from the first start to the last."""
        return float(self.document["mean_in_flight"])


class ServerProgram:
    """A running server."""

    def __init__(self, process: "subprocess.Popen[str]", base_url: str, key: str) -> None:
        self.process, self.base_url, self.key = process, base_url, key

    @property
    def environment(self) -> dict[str, str]:
        """What a customer of it has in its environment."""
        return {"ELEVENLABS_BASE_URL": self.base_url, "ELEVENLABS_API_KEY": self.key}

    def books(self) -> Books:
        """The books as they are now."""
        opener = build_opener(ProxyHandler({}))  # it is on this machine, whatever the environment says of proxies
        with opener.open(f"{self.base_url}/-/ledger", timeout=60) as answer:
            return Books(json.load(answer))


@contextmanager
def server_program(*arguments: str, key: str = KEY) -> Iterator[ServerProgram]:
    """The server in a process of its own, as long as the `with` lasts; `arguments` are those of its command line."""
    command = [sys.executable, "-m", "tests.fakes.elevenlabs_server", "--key", key, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            base_url = process.stdout.readline().strip()
            assert base_url, "the server did not start"
            yield ServerProgram(process, base_url, key)
        finally:
            process.terminate()
