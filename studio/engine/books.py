"""The books as they are asked for: of a project or of all, over a period, split by something."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from studio.domain.books import (
    Account,
    Burn,
    Forecast,
    Period,
    Split,
    Sums,
    Waiting,
    account,
    burn,
    days_of,
    forecast,
)
from studio.domain.csv_text import csv_text
from studio.domain.errors import ExportError
from studio.domain.project import Project
from studio.engine.bookkeeping import Extract, Unvoiced
from studio.engine.budget import local_date, midnight, stamp
from studio.engine.rooms import Rooms

RECENT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Books:
    """What there is to say about money. `whole` is of all time, whatever the period; so is the forecast."""

    account: Account
    whole: Sums
    burn: Burn
    forecast: Forecast | None
    names: Mapping[int, str]  # of projects


class BookRoom:
    """Reads the books. Days are local days, from midnight to midnight, however many hours those have."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def read(self, period: Period, split: Split, project: Project | None = None) -> Books:
        """Of a project, or of the whole library."""
        project_id = project.id if project else None
        now = self._rooms.clock.now()
        known = await self._rooms.projects.all()
        first = "" if period.value else await self._rooms.books.first(project_id)
        today = local_date(now)
        days = days_of(period, today, local_date(datetime.fromisoformat(first)) if first else today)
        edges = [midnight(day) for day in days]
        if not period.value:
            edges[0] = ""
        extract = await self._rooms.books.extract(project_id, split, edges, stamp(now - RECENT))
        return await asyncio.to_thread(_books, extract, days, known, now)

    async def save(self, path: Path, header: Sequence[str], rows: Sequence[Sequence[str | int | float | None]]) -> None:
        """Write a table as a CSV file. Raises `ExportError`; what was there before is there still.

        In UTF-8 with a mark at the beginning, without which Excel takes it for the system's old encoding.
        """
        await asyncio.to_thread(_write, path, csv_text(header, rows))


def _books(extract: Extract, days: Sequence[date], known: Sequence[Project], now: datetime) -> Books:
    projects = {project.id: project for project in known}
    told = account(extract.entries, days)
    since_s = (now - datetime.fromisoformat(extract.recent_since)).total_seconds() if extract.recent_since else 0.0
    waiting = [
        _voiced(held, projects[each]) for held in extract.waiting if (each := held.waiting.project_id) in projects
    ]
    return Books(
        account=told,
        whole=extract.whole,
        burn=burn(extract.recent_micro, since_s, told.by_day),
        forecast=forecast(extract.whole, waiting, extract.taught),
        names=extract.names,
    )


def _voiced(held: Unvoiced, project: Project) -> Waiting:
    each = held.waiting
    voice = project.settings.merged(held.overrides).voice
    return Waiting(each.project_id, voice, each.episodes, each.expected_s, each.characters, each.paid_micro)


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(text.encode("utf-8-sig", "replace"))
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise ExportError(
            f"The table cannot be written to “{path}” ({error.strerror}).", "Choose another folder, or another name."
        ) from error
