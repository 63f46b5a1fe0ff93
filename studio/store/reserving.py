"""An intent that nobody waits for any more is none: nothing was sent for it, nor will be."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

from studio.domain.errors import BatchcastError


async def reserved(storing: Coroutine[Any, Any, int], fail: Callable[[int, str], Awaitable[None]]) -> int:
    """The attempt that `storing` stores. Who is cancelled meanwhile never learns its id: it is failed then."""
    task = asyncio.ensure_future(storing)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        with suppress(BatchcastError):
            await fail(await task, "cancelled before it was sent")
        raise
