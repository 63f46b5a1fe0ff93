"""Thirty bodies in flight take no more memory when they are four times as long."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.elevenlabs_server import elevenlabs_server

ROOT = Path(__file__).parent.parent.parent
BODIES = 30
STATUS = Path("/proc/self/status")
MODULE = "tests.voices.test_elevenlabs_memory"


async def listen(base_url: str, folder: Path, sentences: int) -> None:
    """Thirty calls at once; prints the bytes on the disk and the most memory that this process ever had, in bytes."""
    from tests.voices.customers import customer_at

    async with customer_at(base_url, folder) as customer:
        terms = await customer.terms()

        async def one(number: int) -> int:
            chunk = await customer.chunk(*(f"This is sentence {place} of {number}." for place in range(sentences)))
            out = folder / f"{number}"
            delivery = await customer.voice.speak(chunk, customer.speech, terms, out, lambda _: None, after=())
            assert len(delivery.marks) == sentences
            return out.stat().st_size

        sizes = await asyncio.gather(*(one(number) for number in range(BODIES)))
    print(json.dumps([sum(sizes), peak_bytes()]))  # noqa: T201


def peak_bytes() -> int:
    """The most memory that this process had; `resource` would count in the process that started it."""
    (line,) = [line for line in STATUS.read_text("utf-8").splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux tells of a process")
def test_memory_does_not_grow_with_the_bodies(tmp_path: Path) -> None:
    measured = []
    with elevenlabs_server(plan="scale", time_scale=0.002) as server:
        for sentences in (15, 60):
            folder = tmp_path / str(sentences)
            folder.mkdir()
            call = f"listen({server.base_url!r}, Path({str(folder)!r}), {sentences})"
            code = f"import asyncio; from pathlib import Path; from {MODULE} import listen; asyncio.run({call})"
            run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
            measured.append(json.loads(run.stdout))
        assert server.in_flight_peak >= 25
    (small, before), (large, after) = measured
    assert large - small > 30_000_000
    assert after - before < (large - small) / 4
