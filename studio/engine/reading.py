"""Files and folders become scripts; what cannot be used is named, with its cure, and stops nothing else."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from studio.domain.errors import BatchcastError
from studio.domain.script import Script
from studio.engine.ports import Intake


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that was handed in and made no new episode: its name, what is wrong with it, and the cure.

    `known` marks a script that the project has already, which is no fault.
    """

    source: str
    message: str
    remedy: str
    known: bool = False


async def scripts(intake: Intake, paths: Sequence[Path], refusals: list[Refusal]) -> AsyncIterator[Script]:
    """The scripts in files and folders, in natural order; what cannot be used is added to `refusals`."""
    there: list[Path] = []
    for path in paths:
        try:
            await asyncio.to_thread(intake.find, [path])
        except BatchcastError as error:
            refusals.append(Refusal(str(path), error.message, error.remedy))
        else:
            there.append(path)
    # All at once for their common order: a shell or a file manager hands them over in an order of its own.
    for file in await asyncio.to_thread(intake.find, there):
        try:
            script = await asyncio.to_thread(intake.read, file)
        except BatchcastError as error:
            refusals.append(Refusal(str(file), error.message, error.remedy))
        else:
            yield script
