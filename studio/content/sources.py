"""Reads what is named as a source, once for all who want it, and keeps it on the shelf."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote

from studio.content.addresses import is_link, kept, shown
from studio.content.fetching import Fetcher
from studio.content.folders import shown as shown_path
from studio.content.in_worker import in_worker
from studio.content.intake import ScriptIntake
from studio.content.shared_work import SharedWork
from studio.content.source_reading import Listing, Origin, Reading, read_file, read_page, read_reference
from studio.domain.errors import BatchcastError, InputError
from studio.domain.research import Source, SourceKind
from studio.engine.authoring import ResearchShelf
from studio.engine.drafts import Refusal
from studio.engine.ports import Clock, Compute

T = TypeVar("T")

_LARGEST: Final = 10_000_000  # bytes of a page
_LARGEST_ANSWER: Final = 4_000_000  # of a reference
_FRESH: Final = timedelta(days=1)
_AGAIN_S: Final = 300.0  # what could not be read is not tried again for so long
_ACCEPT: Final = "text/html, text/markdown, text/plain, application/rss+xml, application/atom+xml, */*;q=0.5"
_ACCEPT_ANSWER: Final = "application/json, application/rss+xml, application/atom+xml, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Read:
    """Sources that are on the shelf now, and what could not be read."""

    sources: tuple[Source, ...] = ()
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    """A file to be read; `stamp` is its size and when it was changed (ns), which say whether it is still the same."""

    path: Path
    address: str
    stamp: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Order:
    """An address to be read: as it is asked for, and as it is kept."""

    link: str = field(compare=False)
    address: str
    private: bool
    answers: bool
    listed: bool


class Sources:
    """Files, folders, pages, feeds, and the answers of a reference.

    A file is read again when its size or its time has changed, a page after a day. What failed is not tried again for
    five minutes. Several who want the same thing at the same time wait for the one reading.

    Args:
        shelf: Where sources are kept.
        compute: Where they are read: parsing holds up whatever else runs in its process.
        fetcher: Reads addresses.
        clock: Time.
    """

    def __init__(self, shelf: ResearchShelf, compute: Compute, fetcher: Fetcher, clock: Clock) -> None:
        self._shelf = shelf
        self._compute = compute
        self._fetcher = fetcher
        self._clock = clock
        self._work: SharedWork[Read] = SharedWork()
        self._files: dict[str, tuple[tuple[int, int], Read]] = {}
        self._remembered: dict[_Order, tuple[float, Read]] = {}  # until when: lists, and what failed

    async def named(self, where: str, *, private: bool) -> Read:
        """What lies at a path or an address that a person has named; what cannot be read is refused."""
        if is_link(where):
            return await self._link(where, private=private)
        try:
            files = await asyncio.to_thread(_files, where)
        except (InputError, RuntimeError) as error:
            return Read(refusals=(_refusal(where, error),))
        read = _together(await together([self._file(each) for each in files]))
        if not read.sources and not read.refusals:
            message, remedy = f"“{where}” holds topics, and no text to read.", "Name the texts that they are about."
            return Read(refusals=(Refusal(where, message, remedy),))
        return read

    async def referred(self, reference: str, queries: Sequence[str], *, private: bool) -> Read:
        """What a reference finds for the first of the queries that it finds anything for."""
        if "{query}" not in reference or not is_link(reference):
            message = f"The reference “{shown(reference)}” does not say where the words go."
            return Read(refusals=(Refusal(shown(reference), message, "Put {query} for them into its address."),))
        for query in queries:
            link = reference.replace("{query}", quote(query, safe=""))
            read = await self._link(link, private=private, answers=True)
            if read.sources or read.refusals:
                return read
        message = f"“{shown(reference)}” knows nothing of “{queries[0]}”."
        return Read(refusals=(Refusal(shown(reference), message, "Give its sources yourself, or call it otherwise."),))

    async def _file(self, file: _File) -> Read:
        stamp, read = self._files.get(file.address, (None, Read()))
        if stamp == file.stamp:
            return read
        return await self._work.done(file, lambda: self._read_file(file))

    async def _read_file(self, file: _File) -> Read:
        origin = Origin(SourceKind.FILE, file.address, self._now())
        try:
            reading = await in_worker(self._compute, file.path.name, read_file, file.path, origin)
            read = await self._keep([reading])
        except InputError as error:
            read = Read(refusals=(_refusal(file.address, error),))
        self._files[file.address] = file.stamp, read
        return read

    async def _link(self, link: str, *, private: bool, answers: bool = False, listed: bool = False) -> Read:
        """What lies at an address. It `answers` as a reference does, or is one that a feed or a reference `listed`."""
        try:
            self._fetcher.permitted(link, private=private)
            order = _Order(link, kept(link), private, answers, listed)
        except InputError as error:
            return Read(refusals=(_refusal(shown(link), error),))
        until, read = self._remembered.get(order, (0.0, Read()))
        if self._clock.monotonic() < until:
            return read
        # What is listed never waits for what was named: the lists of two feeds may name each other.
        return await self._work.done(order, lambda: self._read_link(order))

    async def _read_link(self, order: _Order) -> Read:
        before = None if order.answers else await self._shelf.kept(order.address)
        if before is not None and self._is_fresh(before):
            return Read((before,))
        try:
            found, seconds = await self._found(order), _FRESH.total_seconds()
        except InputError as error:
            found, seconds = _not_anew(order.link, before, error), _AGAIN_S
        if isinstance(found, Reading):
            return await self._keep([found])
        self._remembered[order] = self._clock.monotonic() + seconds, found
        return found

    async def _found(self, order: _Order) -> Reading | Read:
        """A source, or several that are on the shelf already. Raises `InputError`."""
        fetched = await self._fetcher.get(
            order.link,
            _LARGEST_ANSWER if order.answers else _LARGEST,
            private=order.private,
            ask_rules=not order.answers,  # an address that is made for programs
            accept=_ACCEPT_ANSWER if order.answers else _ACCEPT,
        )
        origin = Origin(SourceKind.REFERENCE if order.answers else SourceKind.PAGE, order.address, self._now())
        job: Callable[..., Reading | Listing] = read_reference if order.answers else read_page
        name = shown(order.link)
        found = await in_worker(self._compute, name, job, fetched.data, fetched.kind, fetched.address, origin)
        if isinstance(found, Reading):
            return found
        if order.listed:
            raise InputError(f"“{name}” is a feed, and stands in another.", "Give its address itself.")
        linked = [self._link(each, private=fetched.private, listed=True) for each in found.links]
        read = _summed(_together([await self._keep(found.readings), *await together(linked)]), name)
        if not order.answers and not read.sources and not read.refusals:
            raise InputError(f"“{name}” is a feed that holds nothing to read.", "Give the pages themselves.")
        return read

    async def _keep(self, readings: Sequence[Reading]) -> Read:
        for each in readings:
            if each.source is not None:
                await self._shelf.keep(each.source, each.excerpts)
        return Read(
            tuple(each.source for each in readings if each.source is not None),
            tuple(refusal for each in readings for refusal in each.refusals),
        )

    def _is_fresh(self, source: Source) -> bool:
        age = self._clock.now() - datetime.fromisoformat(source.fetched_at)
        return timedelta(0) <= age < _FRESH

    def _now(self) -> str:
        return self._clock.now().astimezone(UTC).isoformat(timespec="seconds")


async def together(work: Sequence[Coroutine[Any, Any, T]], done: Callable[[], None] = lambda: None) -> list[T]:
    """What each gives, side by side; `done` is called after each. One that raises ends the others."""
    tasks = [asyncio.ensure_future(each) for each in work]
    for task in tasks:
        task.add_done_callback(lambda _task: done())
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _files(where: str) -> list[_File]:
    """The files of a path, as they are now. Raises `InputError`, or `RuntimeError` for the home of nobody."""
    found = []
    for each in ScriptIntake().find([Path(where).expanduser()]):
        try:
            about = each.stat()
            stamp = about.st_size, about.st_mtime_ns
        except OSError:
            stamp = 0, 0  # whoever reads it says why
        found.append(_File(each, shown_path(Path(os.path.abspath(each))), stamp))  # noqa: PTH100  (as in `find`)
    return found


def _together(reads: Sequence[Read]) -> Read:
    return Read(
        tuple(source for each in reads for source in each.sources),
        tuple(refusal for each in reads for refusal in each.refusals),
    )


def _summed(read: Read, name: str) -> Read:
    """With one refusal for all that could not be read of what an address lists."""
    if len(read.refusals) < 2:
        return read
    first = read.refusals[0]
    message = f"{len(read.refusals)} addresses that “{name}” leads to could not be read. {first.message}"
    return Read(read.sources, (Refusal(name, message, first.remedy),))


def _refusal(where: str, error: Exception) -> Refusal:
    if isinstance(error, BatchcastError):
        return Refusal(where, error.message, error.remedy)
    return Refusal(where, f"“{where}” cannot be found: nobody knows whose folder that is.", "Give the whole path.")


def _not_anew(link: str, before: Source | None, error: InputError) -> Read:
    if before is None:
        return Read(refusals=(_refusal(shown(link), error),))
    message = f"{error.message} What was read there on {before.fetched_at[:10]} is used."
    return Read((before,), (Refusal(shown(link), message, error.remedy),))
