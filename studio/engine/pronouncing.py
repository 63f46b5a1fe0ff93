"""How words are spoken, from all that say so: the settings before the brand, the brand before the library."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from studio.domain.pronunciations import Entry, as_mapping, parse, under
from studio.domain.settings import Settings

if TYPE_CHECKING:
    from studio.engine.rooms import Rooms


class LexiconShelf(Protocol):
    """How words are spoken in every project (`store/lexicon.py`)."""

    async def entries(self) -> Sequence[Entry]:
        """All of them, by what is written."""

    async def change(self, entries: Sequence[Entry], gone: Sequence[str] = ()) -> None:
        """Keep these entries, in place of those of the same words, and remove those of the words in `gone`."""


@dataclass(frozen=True, slots=True)
class ReadLexicon:
    """What a lexicon file holds: its entries, its language as it says (“en-US”, or nothing), what cannot be used.

    Each of `unused` is a sentence that names the entry.
    """

    entries: tuple[Entry, ...]
    language: str = ""
    unused: tuple[str, ...] = ()


LexiconReader: TypeAlias = Callable[[Path], ReadLexicon]
"""`content.pls.read`. Raises `InputError`."""

LexiconWriter: TypeAlias = Callable[[Sequence[Entry], Path], None]
"""`content.pls.write`. Raises `ExportError`."""


async def pronunciations(
    rooms: "Rooms", settings: Settings, library: Sequence[Entry] | None = None
) -> Mapping[str, str]:
    """The brand's list over the library's; the settings' own come on top of it where the spoken form is made.

    `library` stands in for the entries that are kept. Raises `InputError` for a bad brand file.
    """
    brand: Mapping[str, str] = {}
    if settings.brand:
        brand = (await asyncio.to_thread(rooms.read_brand, Path(settings.brand))).pronunciations
    entries = await rooms.lexicon.entries() if library is None else library
    if not entries:
        return brand
    return await asyncio.to_thread(_merged, entries, brand, settings.pronunciations)  # there may be 50,000 of them


def _merged(entries: Sequence[Entry], brand: Mapping[str, str], listed: str) -> Mapping[str, str]:
    return {**under(as_mapping(entries), {**brand, **parse(listed)}), **brand}
