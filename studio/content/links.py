"""Scripts from addresses on the network: pages, Markdown, plain text, and tables of scripts."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote

from studio.content import tables
from studio.content.addresses import shown, split
from studio.content.extraction import PAGES, TEXTS, decoded, page_of
from studio.content.feeds import is_feed
from studio.content.fetching import SAVE, Fetched, Fetcher
from studio.content.in_worker import in_worker
from studio.content.intake import ScriptIntake
from studio.content.titles import short_title
from studio.domain.errors import InputError
from studio.domain.script import Script
from studio.engine.drafts import Draft, Refusal
from studio.engine.ports import Compute

_LARGEST: Final = 10_000_000  # bytes
_ACCEPT: Final = "text/markdown, text/plain, text/csv, text/html;q=0.9, */*;q=0.1"
_TABLES: Final = frozenset({"text/csv", "text/tab-separated-values"})
_UNTOLD: Final = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_SUFFIXES: Final = (".md", ".markdown", ".txt", *tables.SUFFIXES)


class LinkReader:
    """Reads what a person has given the address of; that it is read by a program needs no leave of its site then.

    Args:
        intake: Makes scripts of what comes.
        fetcher: Reads addresses.
        compute: Where the text of a page is told from what is around it.
    """

    def __init__(self, intake: ScriptIntake, fetcher: Fetcher, compute: Compute) -> None:
        self._intake = intake
        self._fetcher = fetcher
        self._compute = compute

    async def read(self, link: str) -> Sequence[Draft | Refusal]:
        """What the address holds. Raises `InputError` with its name and a cure."""
        fetched = await self._fetcher.get(link, _LARGEST, ask_rules=False, accept=_ACCEPT)
        if is_feed(fetched.data, fetched.media):
            raise InputError(
                f"“{shown(link)}” is a feed, and no script.",
                "Name it as a source of topics, under Writing in the settings or in their table.",
            )
        if fetched.media in PAGES:
            return [await self._page(link, fetched)]
        return await asyncio.to_thread(self._texts, link, fetched)

    async def _page(self, link: str, fetched: Fetched) -> Draft:
        source = shown(link)
        page = await in_worker(self._compute, source, page_of, fetched.data, fetched.kind, source)

        def script() -> Script:
            made = self._intake.read_text(page.text, _name(fetched.address))
            return replace(made, source=source, title=short_title(page.title) if page.title else made.title)

        return Draft(await asyncio.to_thread(script))

    def _texts(self, link: str, fetched: Fetched) -> Sequence[Draft | Refusal]:
        name, media, source = _name(fetched.address), fetched.media, shown(link)
        if media not in TEXTS | _TABLES and not (media in _UNTOLD and name.lower().endswith(_SUFFIXES)):
            what = f"is {media}" if media else "does not say what it is"
            raise InputError(f"“{source}” {what}; links are read as pages, Markdown or plain text only.", SAVE)
        if not fetched.data.strip():
            raise InputError(f"“{source}” is empty.", SAVE)
        text = decoded(fetched.data, fetched.kind, source)
        if media in _TABLES or name.lower().endswith(tables.SUFFIXES):
            return tables.Reader(self._intake.read_text, name, source, None).read(text)
        # By its name, where the text has no title; but from then on by its address.
        found = self._intake.text_drafts(text, name)
        return [
            replace(each, script=replace(each.script, source=source)) if isinstance(each, Draft) else each
            for each in found
        ]


def _name(address: str) -> str:
    """What lies at an address, as a file is called."""
    parts = split(address)
    return unquote(PurePosixPath(parts.path).name) or parts.hostname or "link"
