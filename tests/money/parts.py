"""The real parts of the studio, put together for one process: threads in place of worker processes, a faster clock."""

import asyncio
import os
import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast

from studio import app
from studio.domain.prices import PriceBook
from studio.engine.ports import Report
from studio.engine.rooms import Rooms
from studio.store.library import Library
from studio.voices.elevenlabs_client import Patience
from studio.voices.keys import KeyStore
from studio.voices.registry import Registry

if TYPE_CHECKING:
    from studio.compute.local_pool import LocalPool

P = ParamSpec("P")
T = TypeVar("T")


class QuickClock:
    """The machine's clock, `factor` times as fast; `jump_file` holds seconds by which the time of day is wrong.

    With `sleeps_count` the jump counts for the monotonic clock too, as on systems whose clock goes on in their sleep.
    """

    def __init__(self, factor: float, jump_file: Path, *, sleeps_count: bool = False) -> None:
        self._factor = factor
        self._jump_file = jump_file
        self._sleeps_count = sleeps_count
        self._chance = random.Random(os.getpid())

    @property
    def _jump_s(self) -> float:
        return float(self._jump_file.read_text() or 0) if self._jump_file.exists() else 0.0

    def monotonic(self) -> float:
        return time.monotonic() * self._factor + (self._jump_s if self._sleeps_count else 0.0)

    def now(self) -> datetime:
        return datetime.now().astimezone() + timedelta(seconds=self._jump_s)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._factor)

    def uniform(self, low: float, high: float) -> float:
        return self._chance.uniform(low, high)


class Threads:
    """Runs jobs in threads: a `Compute` that costs no start."""

    slots = 2

    async def run(
        self, job: Callable[Concatenate[Report, P], T], report: Report, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        loop = asyncio.get_running_loop()

        def advanced(fraction: float) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(report, fraction)

        return await asyncio.to_thread(job, advanced, *args, **kwargs)


def rooms(library: Library, clock: QuickClock, base_url: str, key: str, patience: Patience) -> Rooms:
    """As `app.py` builds them, on a server of our own."""
    threads = Threads()
    prices = PriceBook.parse((app.resources() / "prices.toml").read_text("utf-8"))
    voices = Registry(threads, prices, KeyStore({"ELEVENLABS_API_KEY": key}), base_url, patience)
    pool = cast("LocalPool", threads)
    shipped = app.rooms(library, pool, pool, pool, prices)
    return replace(shipped, voices=voices, keys=voices.keys, clock=clock)
