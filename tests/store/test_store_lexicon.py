# ruff: noqa: RUF001  (letters of the phonetic alphabet look like others)
"""The library's pronunciations are kept, each word once."""

from pathlib import Path

from studio.domain.pronunciations import Entry
from studio.store.library import Library


async def test_entries_are_kept_changed_and_removed(library: Library, root: Path) -> None:
    shelf = library.lexicon
    assert await shelf.entries() == []
    await shelf.change([Entry("Nguyen", "win"), Entry("Hylas", "High-las"), Entry("Éluard", "", "elyaʁ")])
    await shelf.change([Entry("Nguyen", "win", "wɪn")], gone=["Hylas", "nobody"])
    assert await shelf.entries() == [Entry("Nguyen", "win", "wɪn"), Entry("Éluard", "", "elyaʁ")]
    await library.close()
    again = await Library.open(root)
    try:
        assert await again.lexicon.entries() == [Entry("Nguyen", "win", "wɪn"), Entry("Éluard", "", "elyaʁ")]
    finally:
        await again.close()


async def test_a_word_is_there_once(library: Library) -> None:
    await library.lexicon.change([Entry("a", "b"), Entry("a", "c")])
    assert await library.lexicon.entries() == [Entry("a", "c")]
