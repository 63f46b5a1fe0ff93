"""Files, folders, text and links become drafts of episodes; what cannot be used is named and stops nothing else."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from studio.domain.errors import BatchcastError
from studio.engine.drafts import Draft, Refusal
from studio.engine.ports import Intake

FetchLink: TypeAlias = Callable[[str], Awaitable[Sequence[Draft | Refusal]]]
"""Reads what an address on the network holds. Raises `InputError` with the address and a cure."""


_MOMENT_S: Final = 0.05


def uncounted(_files: int) -> None:
    """For whom it does not matter how many files there are."""


async def drafts(
    intake: Intake, paths: Sequence[Path], found: Callable[[int], None] = uncounted
) -> AsyncIterator[Draft | Refusal]:
    """What files and folders hold, in natural order; `found` is told how many files that are, before they are read."""
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
    waiting = iter(files)
    while some := await asyncio.to_thread(_read, intake, waiting):
        for held in some:
            for each in held:
                yield each


def _read(intake: Intake, files: Iterator[Path]) -> list[Sequence[Draft | Refusal]]:
    """What the next files hold, each for itself; empty at the end.

    As many as are read in a moment: a way to a thread takes its time as well.
    """
    read: list[Sequence[Draft | Refusal]] = []
    until = time.monotonic() + _MOMENT_S
    for file in files:
        try:
            read.append(intake.drafts(file))
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
