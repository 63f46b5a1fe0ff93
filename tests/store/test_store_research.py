"""What was read for topics: kept once, found again by any words, and what an address held before stays."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.domain.research import Excerpt, Source, SourceKind
from studio.store.library import Library
from studio.store.research import match_of

POND = (
    "The pond in winter is still and deep, and the ice on it is cut in the early morning.",
    "A surveyor measured the depth of the pond with a line and a stone.",
    "Bread is baked of rye and Indian meal before an open fire.",
)


def source(address: str = "/pond.md", text: str = "pond", title: str = "Notes", **more: str) -> Source:
    return Source(SourceKind.FILE, address, title, text, **{"fetched_at": "2026-11-22T10:00:00+00:00", **more})


def excerpts(of: Source, *texts: str, place: str = "", language: str = "") -> list[Excerpt]:
    return [
        Excerpt(of, text, 100 * number, 100 * number + len(text), place, language=language)
        for number, text in enumerate(texts or POND)
    ]


async def found(library: Library, words: str, *addresses: str, most: int = 10) -> list[str]:
    return [each.text for each in await library.research.search(words, addresses or ["/pond.md"], most)]


async def test_what_is_kept_is_found_again_as_it_was(library: Library) -> None:
    kept = source(language="en", published="2020-01-02")
    await library.research.keep(kept, excerpts(kept, place="Ice", language="de"))
    (best, *_) = await library.research.search("who measured it?", ["/pond.md"], 5)
    assert (best.text, best.start, best.place, best.language, best.source) == (POND[1], 100, "Ice", "de", kept)
    assert best.score > 0
    assert await library.research.kept("/pond.md") == kept
    assert await library.research.kept("/other.md") is None


async def test_the_best_comes_first_and_other_forms_of_a_word_count(library: Library) -> None:
    await library.research.keep(source(), excerpts(source()))
    assert await found(library, "measuring ponds") == [POND[1], POND[0]]
    assert await found(library, "pond winter ice bread", most=1) == [POND[0]]
    assert await found(library, "whatever") == []
    assert await found(library, "pond", "/other.md") == []


async def test_a_word_counts_as_often_as_it_is_given(library: Library) -> None:
    texts = ["Oak trees stand here by the road.", "Elm trees stand here by the road.", "A road."]
    await library.research.keep(source(), excerpts(source(), *texts))
    assert (await found(library, "oak elm elm"))[:2] == [texts[1], texts[0]]
    assert (await found(library, "oak oak elm"))[:2] == [texts[0], texts[1]]


async def test_title_and_headings_count_like_the_text(library: Library) -> None:
    one, other = source("/one.md", title="Solitude"), source("/other.md")
    await library.research.keep(one, excerpts(one, "I was never lonely in my house."))
    await library.research.keep(other, excerpts(other, "I was often there.", place="On Loneliness"))
    assert await found(library, "solitude", "/one.md", "/other.md") == ["I was never lonely in my house."]
    assert await found(library, "loneliness", "/one.md", "/other.md") == ["I was often there."]


async def test_without_a_word_the_sources_come_from_their_beginning(library: Library) -> None:
    one, other = source("/one.md"), source("/other.md")
    for each in (one, other):
        await library.research.keep(each, excerpts(each, f"First of {each.address}.", "Second."))
    assert await found(library, "", "/other.md", "/one.md") == [
        "First of /other.md.",
        "Second.",
        "First of /one.md.",
        "Second.",
    ]
    assert await found(library, "?!", "/other.md", most=1) == ["First of /other.md."]
    assert (await library.research.search("", ["/one.md"], 1))[0].score == 0


async def test_what_an_address_held_before_is_no_longer_found_until_it_holds_it_again(library: Library) -> None:
    before, now = source(text="1"), source(text="2", title="Later")
    await library.research.keep(before, excerpts(before, "The old pond."))
    await library.research.keep(now, excerpts(now, "The new pond."))
    assert await found(library, "pond") == ["The new pond."]
    assert await library.research.kept("/pond.md") == now
    again = source(text="1", fetched_at="2026-11-23T10:00:00+00:00")
    await library.research.keep(again, excerpts(again, "The old pond."))
    assert await found(library, "pond") == ["The old pond."]
    assert await library.research.kept("/pond.md") == again


async def test_the_same_text_of_an_address_is_kept_once(library: Library) -> None:
    for _ in range(3):
        await library.research.keep(source(), excerpts(source()))
    assert sorted(await found(library, "pond bread")) == sorted(POND)


async def test_many_who_keep_at_once_leave_one_of_each(library: Library) -> None:
    kept = [source(f"/{number % 3}.md") for number in range(12)]
    await asyncio.gather(*(library.research.keep(each, excerpts(each)) for each in kept))
    assert len(await found(library, "pond", "/0.md", "/1.md", "/2.md", most=50)) == 6


async def test_it_is_there_after_a_restart(root: Path) -> None:
    library = await Library.open(root)
    await library.research.keep(source(), excerpts(source()))
    await library.close()
    library = await Library.open(root)
    assert await found(library, "bread") == [POND[2]]
    await library.close()


async def test_other_writing_is_found(library: Library) -> None:
    texts = ["瓦尔登湖的冬天很安静。", "Über die Brücke ging ein Mädchen.", "Пруд зимой тих и глубок.", "Café au lait."]
    await library.research.keep(source(), excerpts(source(), *texts))
    assert await found(library, "冬天") == [texts[0]]
    assert await found(library, "天冬") == []
    assert await found(library, "brucke") == [texts[1]]
    assert await found(library, "ПРУД") == [texts[2]]
    assert await found(library, "cafe") == [texts[3]]


async def test_odd_addresses_and_thousands_of_them(library: Library) -> None:
    odd = source("/odd\udce4 'name\".md")
    await library.research.keep(odd, excerpts(odd))
    assert await library.research.kept(odd.address) is not None
    assert len(await found(library, "pond", *(f"/{number}.md" for number in range(40_000)), odd.address)) == 2


HARD = [
    '"',
    "pond OR",
    "NOT pond",
    "pond AND NEAR(ice, 2)",
    "text:pond",
    "{text heading}: pond",
    "po*",
    "^pond",
    "-pond + ice",
    "pond\0ice",
    "(((((",
    "excerpt_words MATCH 'x'; DROP TABLE sources; --",
    "\ud800 pond",
    "pond " * 5000,
    "e\u0301\u0301\u0301",
    "\u202epond",
    "\uff11\uff12 ⅷ ²",
    "नमस्ते दुनिया",
    "한국어",
]


@pytest.mark.parametrize("words", HARD)
async def test_no_query_is_more_than_words(library: Library, words: str) -> None:
    await library.research.keep(source(), excerpts(source()))
    await library.research.search(words, ["/pond.md"], 5)
    if "pond" in words:
        assert set(await found(library, words)) >= set(POND[:2])


def test_no_text_breaks_the_query(tmp_path: Path) -> None:
    async def run() -> None:
        library = await Library.open(tmp_path / "library")
        await library.research.keep(source(), excerpts(source()))
        loop = asyncio.get_running_loop()

        @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
        @given(
            st.one_of(
                st.text(max_size=60), st.lists(st.sampled_from([*HARD[:12], *'"*(){}:^-+', "pond"])).map(" ".join)
            )
        )
        def search(words: str) -> None:
            result = asyncio.run_coroutine_threadsafe(library.research.search(words, ["/pond.md"], 5), loop).result(10)
            if "pond" in match_of(words).lower().replace('"', " ").split():
                assert {each.text for each in result} >= set(POND[:2])

        try:
            await asyncio.to_thread(search)
        finally:
            await library.close()

    asyncio.run(run())
