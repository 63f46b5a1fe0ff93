"""Reads sources and finds what fits a topic."""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from itertools import count
from typing import Final

from studio.content.fetching import Fetcher
from studio.content.languages import same_language
from studio.content.ranking import choose, query_of
from studio.content.sources import Read, Sources, together
from studio.domain.option_checks import listed
from studio.domain.research import Excerpt, Source
from studio.domain.script import Topic
from studio.domain.settings import Settings
from studio.engine.authoring import Gathered, ResearchShelf
from studio.engine.drafts import Refusal
from studio.engine.ports import Clock, Compute, Report, unfollowed

_ENGLISH: Final = "en"
_FEWEST: Final = 40  # excerpts that a topic gets, where there are as many
_A_MINUTE: Final = 4  # for a long episode: three times what is said in a minute
_MOST: Final = 120
_CANDIDATES: Final = 4  # for each that is taken
_QUERY: Final = 8  # words
_CONTINUED: Final = 3  # sources of which more than what was found is taken, where that is little
_WHOLE: Final = 2_000  # excerpts of one source
_NEAR: Final = 3
_NEXT: Final = 0.4  # of its score, what the passage beside a fitting one is worth
_NAMED: Final = 3  # sources of another language that are named one by one


class Researcher:
    """Keeps the engine's `Research` protocol.

    Args:
        shelf: Where sources are kept, and looked up.
        compute: Where they are read and weighed; a long one holds up what else is done there.
        fetcher: Reads addresses; it is closed with this.
        clock: Time.
    """

    def __init__(self, shelf: ResearchShelf, compute: Compute, fetcher: Fetcher, clock: Clock) -> None:
        self._shelf = shelf
        self._compute = compute
        self._fetcher = fetcher
        self._sources = Sources(shelf, compute, fetcher, clock)

    async def gather(self, topic: Topic, settings: Settings, report: Report) -> Gathered:
        """Excerpts for a topic from its own sources, those of the settings, and the reference, best first.

        What cannot be read is a refusal and stops nothing. What was read within the last day is not read again.
        """
        private = settings.private_addresses
        own = [each for each in dict.fromkeys(each.strip() for each in topic.sources) if each]
        shared = [each for each in dict.fromkeys(listed(settings.sources)) if each not in own]
        work = [self._sources.named(each, private=private) for each in (*own, *shared)]
        queries = _queries(topic)
        if settings.reference.strip() and queries:
            work.append(self._sources.referred(settings.reference.strip(), queries, private=private))
        if not work:
            return Gathered((), (_no_sources(topic),))
        reads = await together(work, _counted(report, len(work)))
        wanted = settings.language or _ENGLISH
        refusals = [refusal for read in reads for refusal in read.refusals]
        sources = _unique(reads)
        refusals += _foreign(sources, wanted)
        excerpts = await self._fitting(topic, settings, sources, _unique(reads[: len(own)]), wanted)
        if sources and not excerpts:
            refusals.append(_nothing(topic, sources))
        return Gathered(excerpts, tuple(dict.fromkeys(refusals)))

    async def close(self) -> None:
        """End every connection."""
        await self._fetcher.close()

    async def _fitting(
        self, topic: Topic, settings: Settings, sources: Sequence[Source], own: Sequence[Source], wanted: str
    ) -> tuple[Excerpt, ...]:
        most = min(_MOST, max(_FEWEST, math.ceil((topic.minutes or settings.minutes) * _A_MINUTE)))
        candidates = most * _CANDIDATES
        addresses = [each.address for each in sources]
        of_topic = [each.address for each in own]
        found = list(_in_language(await self._shelf.search(query_of(topic), addresses, candidates), wanted))
        if len(found) < most:
            found += _in_language(await self._beside(found), wanted)
        if of_topic and len(found) < most:
            # What a topic names itself is about it, whatever words it uses.
            there = set(map(_place, found))
            first = _in_language(await self._shelf.search("", of_topic, candidates), wanted)
            found += [each for each in first if _place(each) not in there]
        if not found:
            return ()
        return await self._compute.run(choose, unfollowed, found, frozenset(of_topic), most)

    async def _beside(self, found: Sequence[Excerpt]) -> list[Excerpt]:
        """What stands before and behind the best of them, for a topic of which few passages use the words."""
        scores = {_place(each): each.score for each in found}
        beside: list[Excerpt] = []
        for address in list(dict.fromkeys(each.source.address for each in found))[:_CONTINUED]:
            passages = await self._shelf.search("", [address], _WHOLE)
            near = [0.0] * len(passages)
            for place, each in enumerate(passages):
                for other in range(max(0, place - _NEAR), min(len(passages), place + _NEAR + 1)):
                    near[other] = max(near[other], scores.get(_place(each), 0.0) * _NEXT ** abs(other - place))
            beside += [
                replace(each, score=score)
                for each, score in zip(passages, near, strict=True)
                if score > 0 and _place(each) not in scores
            ]
        return beside


def _place(excerpt: Excerpt) -> tuple[str, int]:
    return excerpt.source.address, excerpt.start


def _queries(topic: Topic) -> list[str]:
    """What a reference is asked: the title, then its telling words, for those that look for every single one."""
    telling = dict.fromkeys(query_of(topic if not topic.title.strip() else replace(topic, brief="")).split())
    queries = " ".join(topic.title.split()), " ".join(list(telling)[:_QUERY])
    return [query for query in dict.fromkeys(queries) if query]


def _unique(reads: Iterable[Read]) -> list[Source]:
    return list({source.address: source for read in reads for source in read.sources}.values())


def _in_language(found: Iterable[Excerpt], wanted: str) -> Iterable[Excerpt]:
    """Those in a language, or in one that could not be told."""
    for each in found:
        language = each.language or each.source.language
        if not language or same_language(language, wanted):
            yield each


def _foreign(sources: Collection[Source], wanted: str) -> list[Refusal]:
    others = [each for each in sources if each.language and not same_language(each.language, wanted)]
    remedy = f"Give sources in “{wanted}”, or set the language of the episodes in the settings."
    if len(others) <= _NAMED:
        return [
            Refusal(each.address, f"“{each.title}” is left out: it is in “{each.language}”, not in “{wanted}”.", remedy)
            for each in others
        ]
    named = ", ".join(f"“{each.title}”" for each in others[:_NAMED])
    return [
        Refusal(
            others[0].address, f"{len(others)} sources are left out: they are not in “{wanted}” ({named} …).", remedy
        )
    ]


def _no_sources(topic: Topic) -> Refusal:
    return Refusal(
        topic.title,
        f"There are no sources for “{topic.title}”.",
        "Name files, folders or addresses with --sources, in the column “sources” of its table, or under Writing in "
        "the settings.",
    )


def _nothing(topic: Topic, sources: Collection[Source]) -> Refusal:
    many = "one source" if len(sources) == 1 else f"{len(sources)} sources"
    return Refusal(
        topic.title,
        f"Nothing in {many} fits “{topic.title}”.",
        "Say more in its brief, in words that the sources use, or name other sources.",
    )


def _counted(report: Report, total: int) -> Callable[[], None]:
    """Tells how many of so many are done, each time that it is called."""
    done = count(1)
    return lambda: report(next(done) / total)
