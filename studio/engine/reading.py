"""Files, folders, text and links become drafts of episodes; what cannot be used is named and stops nothing else."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from studio.domain.errors import BatchcastError, WorkerLostError
from studio.engine.drafts import Draft, Refusal
from studio.engine.ports import Compute, Intake, Report, unfollowed

FetchLink: TypeAlias = Callable[[str], Awaitable[Sequence[Draft | Refusal]]]
"""Reads what an address on the network holds. Raises `InputError` with the address and a cure."""


_Reader: TypeAlias = Callable[[Path], Sequence[Draft | Refusal]]

_MOMENT_S: Final = 0.05
_AT_ONCE: Final = 25  # files that a worker is handed together
_FEW: Final = 20  # plain texts that are read here, before a worker would have started
_PLAIN: Final = frozenset({".md", ".markdown", ".txt"})
_TOO_LONG_S: Final = 60.0


def uncounted(_files: int) -> None:
    """For whom it does not matter how many files there are."""


async def drafts(
    intake: Intake,
    compute: Compute,
    paths: Sequence[Path],
    found: Callable[[int], None] = uncounted,
    *,
    topics: bool = False,
) -> AsyncIterator[Draft | Refusal]:
    """What files and folders hold, in natural order; `found` is told how many files that are, before they are read.

    With `topics` a list of short lines holds a topic in each of them, and is no script.

    Whatever is not plain text, and many files, are read by a worker: what takes long, or more than there is, must not
    take the window with it.
    """
    there: list[Path] = []
    for path in paths:
        try:
            there += await asyncio.to_thread(intake.find, [path])
        except BatchcastError as error:
            yield Refusal(str(path), error.message, error.remedy)
    # All at once for their common order: a shell or a file manager hands them over in an order of its own. Each is a
    # file by now, so that no folder is searched again.
    files = await asyncio.to_thread(intake.find, there)
    found(len(files))
    here = len(files) <= _FEW and all(path.suffix.lower() in _PLAIN for path in files)
    read = intake.topics if topics else intake.drafts
    left = list(files)
    while left:
        some = await (asyncio.to_thread(_read, unfollowed, read, left) if here else _elsewhere(compute, read, left))
        del left[: len(some)]
        for held in some:
            for each in held:
                yield each


async def _elsewhere(compute: Compute, read: _Reader, files: Sequence[Path]) -> list[Sequence[Draft | Refusal]]:
    """What the next files hold, read by a worker. One that ends its worker, or comes to no end, is named."""
    some = list(files[:_AT_ONCE])
    while True:
        try:
            async with asyncio.timeout(_TOO_LONG_S):
                return await compute.run(_read, unfollowed, read, some)
        except (TimeoutError, WorkerLostError) as error:
            if len(some) > 1:
                some = some[:1]
                continue
            took = f"was not read within {_TOO_LONG_S:.0f} s" if isinstance(error, TimeoutError) else "cannot be read"
            refusal = Refusal(str(some[0]), f"“{some[0].name}” {took}.", "Save its text as Markdown or plain text.")
            return [[refusal]]


def _read(_report: Report, reader: _Reader, files: Sequence[Path]) -> list[Sequence[Draft | Refusal]]:
    """What the next files hold, each for itself: as many as are read in a moment, since the way here takes time too."""
    read: list[Sequence[Draft | Refusal]] = []
    until = time.monotonic() + _MOMENT_S
    for file in files:
        try:
            read.append(reader(file))
        except BatchcastError as error:
            read.append([Refusal(str(file), error.message, error.remedy)])
        if time.monotonic() > until:
            break
    return read


async def text_drafts(intake: Intake, text: str, source: str) -> Sequence[Draft | Refusal]:
    """What pasted or dropped text holds; `source` is what to call it."""
    try:
        return await asyncio.to_thread(intake.text_drafts, text, source)
    except BatchcastError as error:
        return [Refusal(source, error.message, error.remedy)]


async def link_drafts(fetch: FetchLink, link: str) -> Sequence[Draft | Refusal]:
    """What an address holds, or why it cannot be had."""
    try:
        return await fetch(link)
    except BatchcastError as error:
        return [Refusal(link, error.message, error.remedy)]
