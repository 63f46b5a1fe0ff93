"""Readers of what strangers have written, each in a worker and for no longer than a source is worth."""

import asyncio
from collections.abc import Callable
from typing import Concatenate, Final, ParamSpec, TypeVar

from studio.domain.errors import InputError, WorkerLostError
from studio.engine.ports import Compute, Report

P = ParamSpec("P")
T = TypeVar("T")

READING_S: Final = 60.0


async def in_worker(
    compute: Compute, name: str, job: Callable[Concatenate[Report, P], T], *args: P.args, **more: P.kwargs
) -> T:
    """Run a job that reads `name`, and that reports when it begins: from then on it has a minute.

    Raises `InputError` where it takes longer, ends its process, or says so itself.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(None) as limit:

            def begun(_fraction: float) -> None:
                if limit.when() is None:  # before that it waited for others
                    limit.reschedule(loop.time() + READING_S)

            return await compute.run(job, begun, *args, **more)
    except TimeoutError:
        message = f"“{name}” was not read within {READING_S:.0f} s."
    except WorkerLostError:
        message = f"“{name}” ended the process that read it."
    raise InputError(message, "Save the part of it that matters as plain text, and give that.")
