"""The books on a real library: what the ledger says, by local days; and each mark of a budget is told once."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.domain.books import Entry, Period, Split, Sums, account, days_of
from studio.domain.budget import BudgetUse, Scope
from studio.domain.episode import Clearance, Stage, State
from studio.domain.money import Price
from studio.domain.project import Project
from studio.domain.purchase import Receipt
from studio.domain.settings import Settings
from studio.domain.voice import SpeechSettings, VoiceRef
from studio.engine.bookkeeping import BudgetMark, Extract
from studio.engine.budget import Balance, BudgetWatch, local_date, midnight, stamp
from studio.engine.events import BudgetReached, Event, Events
from studio.engine.ports import Checked, NewEpisode
from studio.engine.trade import Purchase
from studio.store import books
from studio.store.library import Library
from tests.engine.virtual_clock import VirtualClock
from tests.store.quick_library import SOUND, open_quick, run_story
from tests.store.store_samples import NO_LIMITS, TERMS, chunk, master, purchase, report, script, take, working

BERLIN = ZoneInfo("Europe/Berlin")
VOICES = (("elevenlabs:v1", "flash"), ("elevenlabs:v2", "flash"), ("builtin:heart", "hibari-1"))
ALWAYS = [""]


@pytest.fixture
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("the zone of the process cannot be chosen here")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@dataclass(frozen=True)
class Bought:
    """One purchase of a story: when (hours after the begin), for which episode, by which voice, and how it ended."""

    hours: int
    episode: int
    voice: int
    bound: int
    end: str


ENDS = ("settled", "spoiled", "failed", "unclear", "sent", "reused")
STORIES = st.lists(
    st.builds(
        Bought,
        st.integers(0, 24 * 9),  # over the end of summer time
        st.integers(1, 4),
        st.integers(0, 2),
        st.integers(1, 10**9),
        st.sampled_from(ENDS),
    ),
    max_size=14,
)
BEGIN = datetime(2026, 10, 21, 12, tzinfo=UTC)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STORIES)
def test_days_voices_models_and_projects_come_to_what_the_ledger_says(in_berlin: None, story: list[Bought]) -> None:
    async def run(root: Path) -> None:
        clock = [BEGIN]
        library = await open_quick(root, lambda: clock[0])
        try:
            rows = [await _live(library, clock, number, each) for number, each in enumerate(story)]
            today = local_date(BEGIN + timedelta(days=12))
            for project_id in (None, 1, 2):
                mine = [row for row in rows if project_id in {None, 1 if row.story.episode <= 2 else 2}]
                days = days_of(Period.ALL, today, local_date(BEGIN))
                edges = ["", *map(midnight, days[1:])]
                costs = await library.ledger.costs(project_id)
                for split in Split:
                    extract = await library.books.extract(project_id, split, edges, stamp(BEGIN))
                    told = account(extract.entries, days)
                    parts = (told.by_day, told.by_group, (told.total,))
                    for part in parts:
                        assert sum(sums.settled_micro for sums in part) == costs.settled_micro
                        assert sum(sums.held_micro for sums in part) == costs.reserved_micro
                        assert sum(sums.lost_micro for sums in part) == costs.lost_micro
                        assert sum(sums.saved_micro for sums in part) == costs.cached_micro
                        assert sum(sums.calls for sums in part) == costs.calls
                        assert sum(sums.characters for sums in part) == costs.characters
                    assert (extract.whole.settled_micro, extract.whole.held_micro) == (
                        costs.settled_micro,
                        costs.reserved_micro,
                    )
                    assert told.total.unclear_micro == sum(row.unclear for row in mine) == extract.whole.unclear_micro
                    # Which day it was, reckoned another way.
                    for day, sums in zip(told.days, told.by_day, strict=True):
                        assert sums.settled_micro == sum(row.settled for row in mine if row.day == day), day
                    for group, sums in zip(told.groups, told.by_group, strict=True):
                        assert sums.settled_micro == sum(row.settled for row in mine if row.group(split) == group)
        finally:
            await library.close()

    run_story(run)


@dataclass(frozen=True)
class Row:
    """What a purchase must be in the books."""

    story: Bought
    day: date
    settled: int
    unclear: int

    def group(self, split: Split) -> str:
        voice, model = VOICES[self.story.voice]
        return {Split.VOICE: voice, Split.MODEL: model, Split.PROJECT: "1" if self.story.episode <= 2 else "2"}[split]


async def _live(library: Library, clock: list[datetime], number: int, each: Bought) -> Row:
    clock[0] = BEGIN + timedelta(hours=each.hours)
    day = clock[0].astimezone(BERLIN).date()
    voice, model = VOICES[each.voice]
    free = voice.startswith("builtin:")
    bound = 0 if free else each.bound
    how = SpeechSettings(VoiceRef.parse(voice), model)
    wanted = Purchase(
        1 if each.episode <= 2 else 2, each.episode, chunk(f"key {number}"), how, TERMS, Price(bound, bound), NO_LIMITS
    )
    ledger = library.ledger
    if each.end == "reused":
        await ledger.reuse(wanted)
        return Row(each, day, 0, 0)
    attempt = await ledger.reserve(wanted)
    await ledger.sent(attempt)
    cost = bound - bound // 3
    match each.end:
        case "settled":
            await ledger.received(attempt, Receipt())
            await ledger.stored(attempt, SOUND)
            await ledger.settle(attempt, Receipt(credits=cost), cost)
            return Row(each, day, cost, 0)
        case "spoiled":
            await ledger.spoil(attempt, Receipt(credits=cost), cost, "no sound")
            return Row(each, day, cost, 0)
        case "failed":
            await ledger.fail(attempt, "refused")
        case "unclear":
            await ledger.unclear(attempt, "cut", Receipt())
            return Row(each, day, 0, bound)
    return Row(each, day, 0, 0)


def test_a_day_is_as_long_as_it_is_here(in_berlin: None) -> None:
    lengths = {
        day: datetime.fromisoformat(midnight(day + timedelta(days=1))) - datetime.fromisoformat(midnight(day))
        for day in (date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25), date(2026, 10, 26))
    }
    assert [each / timedelta(hours=1) for each in lengths.values()] == [24, 23, 25, 24]
    assert midnight(date(2026, 10, 25)) == "2026-10-24T22:00:00.000Z"


async def test_both_hours_of_the_longest_day_belong_to_it(in_berlin: None, root: Path, tmp_path: Path) -> None:
    clock = [datetime(2026, 10, 24, 22, 30, tzinfo=UTC)]  # half past midnight on the 25th
    library = await Library.open(root, now=lambda: clock[0])
    project = await library.projects.create("Walden", tmp_path, Settings())
    episode = await working(library, project)
    for number, at in enumerate(("2026-10-24T22:30Z", "2026-10-25T22:30Z", "2026-10-25T23:00Z")):
        clock[0] = datetime.fromisoformat(at)
        await _settled(library, purchase(episode, f"key {number}", 10**number), 10**number)
    days = days_of(Period.WEEK, date(2026, 10, 26), date(2026, 10, 26))
    extract = await library.books.extract(None, Split.VOICE, [midnight(day) for day in days], ALWAYS[0])
    told = account(extract.entries, days)
    assert [sums.settled_micro for sums in told.by_day][-3:] == [0, 11, 100]
    await library.close()


async def test_what_lies_before_the_period_is_not_in_it_and_what_the_clock_put_in_the_future_counts_today(
    library: Library, project: Project
) -> None:
    episode = await working(library, project)
    await _settled(library, purchase(episode, "key", 7), 7)
    now = datetime.now(UTC)
    later, earlier = stamp(now + timedelta(days=1)), stamp(now - timedelta(days=1))
    assert _spent(await library.books.extract(None, Split.VOICE, [later], "")) == 0
    assert _spent(await library.books.extract(None, Split.VOICE, [earlier], "")) == 7
    assert _spent(await library.books.extract(project.id + 1, Split.VOICE, [""], "")) == 0


async def test_minutes_count_when_they_were_checked_and_accepted_when_they_were_let_through(
    library: Library, project: Project
) -> None:
    paid, free, unchecked = [await working(library, project, number) for number in (1, 2, 3)]
    for episode, voice in ((paid, "elevenlabs:x"), (free, "builtin:heart"), (unchecked, "elevenlabs:x")):
        audio = await library.artifacts.keep_bytes(voice.encode() + bytes([episode.number]), ".flac")
        spoken = replace(take(audio), voice=voice, duration_s=60.0 * episode.number)
        now = replace(episode, take=1, takes=1, cost_micro=500 * episode.number, characters=900)
        await library.projects.save(now, product=spoken)
        await library.projects.save(now, product=master(audio, audio))
        if episode is not unchecked:
            await library.projects.save(now, product=Checked(1, report()))
    extract = await library.books.extract(None, Split.VOICE, ALWAYS, "")
    assert _of(extract, "elevenlabs:x") == Sums(episodes=1, finished_s=60.0)
    assert _of(extract, "builtin:heart") == Sums(episodes=1, free_finished_s=120.0)
    assert [(each.episodes, each.cost_micro, each.seconds, each.characters) for each in extract.taught] == [
        (1, 500, 60.0, 900)
    ]
    accepted = replace(paid, take=1, takes=1, stage=Stage.EXPORT, clearance=Clearance.APPROVED)
    await library.projects.save(accepted)
    await library.projects.remove(paid.id)  # its minutes were made all the same, as its costs were
    assert _of(await library.books.extract(None, Split.VOICE, ALWAYS, ""), "elevenlabs:x") == Sums(
        episodes=1, finished_s=60.0, accepted_s=60.0
    )


async def test_a_new_take_takes_its_minutes_to_its_own_day(library: Library, project: Project) -> None:
    episode = await working(library, project)
    for number in (1, 2):
        audio = await library.artifacts.keep_bytes(bytes([number]), ".flac")
        now = replace(episode, take=number, takes=number)
        for product in (take(audio, number, 100.0 * number), master(audio, audio, number), Checked(number, report())):
            await library.projects.save(now, product=product)
    extract = await library.books.extract(None, Split.MODEL, ALWAYS, "")
    assert _of(extract, "hibari-1") == Sums(episodes=1, free_finished_s=200.0)


async def test_what_waits_to_be_spoken_is_told_apart_by_its_settings(library: Library, project: Project) -> None:
    added = await library.projects.add(project, [NewEpisode(script(number)) for number in range(1, 7)])
    known, own, half, mended, spoken, gone = [episode for episode, _ in added]
    for episode in (
        replace(known, characters=1000, expected_duration_s=66.0),
        replace(own, characters=2000, overrides='{"voice": "builtin:heart"}'),
        replace(half, characters=4000, cost_micro=70),
        replace(mended, characters=8000, stage=Stage.SYNTHESIZE, take=1, takes=1, mending="0-1"),
        replace(spoken, characters=9000, stage=Stage.MASTER, state=State.QUEUED),
        replace(gone, characters=9000),
    ):
        if episode.stage is Stage.PREPARE:
            await library.projects.save(episode)
        else:
            await library.projects.save(replace(episode, state=State.WORKING))
    await library.projects.remove(gone.id)
    extract = await library.books.extract(project.id, Split.VOICE, ALWAYS, "")
    waits = {held.overrides: held.waiting for held in extract.waiting}
    assert set(waits) == {"", '{"voice": "builtin:heart"}'}
    plain = waits[""]
    assert (plain.episodes, plain.expected_s, plain.characters, plain.paid_micro) == (2, 66.0, 4000, 70)


async def test_recent_purchases_are_those_since_then(library: Library, project: Project) -> None:
    episode = await working(library, project)
    before = stamp(datetime.now(UTC) - timedelta(minutes=1))
    await _settled(library, purchase(episode, "key", 7), 7)
    extract = await library.books.extract(project.id, Split.VOICE, ALWAYS, before)
    assert extract.recent_micro == 7
    assert before < extract.recent_since < stamp(datetime.now(UTC) + timedelta(minutes=1))
    extract = await library.books.extract(
        project.id, Split.VOICE, ALWAYS, stamp(datetime.now(UTC) + timedelta(minutes=1))
    )
    assert (extract.recent_micro, extract.recent_since) == (0, "")
    assert (await library.books.first(project.id))[:10] == before[:10]
    assert await library.books.first(project.id + 1) == ""


async def test_a_day_is_found_by_an_index_however_much_was_bought(library: Library) -> None:
    def plans(connection: object) -> str:
        which = {"edges": '[["", "~"]]', "project": None}
        queries = (books._SPENT.format("voice"), books._MADE.format("voice"))
        rows = [row for query in queries for row in connection.execute(f"EXPLAIN QUERY PLAN {query}", which)]  # type: ignore[attr-defined]
        return "\n".join(row["detail"] for row in rows)

    found = await library.books._read(plans)
    assert "SEARCH attempts USING INDEX attempts_by_time" in found
    assert "SEARCH takes USING INDEX takes_by_time" in found
    assert "SCAN attempts" not in found
    assert "SCAN takes" not in found


async def test_a_mark_is_told_once_over_all_starts(root: Path, tmp_path: Path) -> None:
    mark = BudgetMark(Scope.DAY, 0, "2026-11-22", 5_000_000, 0.5)
    library = await Library.open(root)
    assert await library.books.tell_once(mark)
    assert not await library.books.tell_once(mark)
    await library.close()
    library = await Library.open(root)
    assert not await library.books.tell_once(mark)
    for other in (
        replace(mark, share=0.8),
        replace(mark, period="2026-11-23"),
        replace(mark, amount=6_000_000),
        replace(mark, scope=Scope.MONTH),
        replace(mark, project_id=1),
    ):
        assert await library.books.tell_once(other), other
    await library.close()


async def test_the_user_is_told_of_each_mark_once(root: Path, tmp_path: Path) -> None:
    said: list[BudgetReached] = []

    def hear(event: Event) -> None:
        assert isinstance(event, BudgetReached)
        said.append(event)

    events = Events()
    events.subscribe(hear)
    library = await Library.open(root)
    project = await library.projects.create("Walden", tmp_path, Settings(budget_usd=1.0))
    episode = await working(library, project)
    clock = VirtualClock()

    async def spend(key: str, micro: int, which: Project, again: Library) -> list[tuple[Scope, float, int]]:
        said.clear()
        await _settled(again, purchase(replace(episode, project_id=which.id), key, micro), micro)
        watch = BudgetWatch(again.ledger, again.books, clock, events)  # as a start of the program has it
        await asyncio.gather(*(watch.look(which, Balance()) for _ in range(3)))  # as purchases in parallel do
        return [(event.use.scope, event.mark, event.use.settled) for event in said]

    assert await spend("a", 490_000, project, library) == []
    assert await spend("b", 10_000, project, library) == [(Scope.BATCH, 0.5, 500_000)]
    assert said[0].message.startswith("50% of the budget of the project “Walden” ($1.00) is spent or promised")
    assert await spend("c", 10_000, project, library) == []
    await library.close()
    library = await Library.open(root)
    assert await spend("d", 10_000, project, library) == []
    assert await spend("e", 480_000, project, library) == [(Scope.BATCH, 1.0, 1_000_000)]  # 80% went with it
    assert said[0].remedy == "Raise it in the settings to go on; what is queued stays queued."
    raised = replace(project, settings=Settings(budget_usd=1.25))
    assert await spend("f", 1, raised, library) == [(Scope.BATCH, 0.8, 1_000_001)]  # of another budget
    assert await spend("g", 1, raised, library) == []
    both = replace(project, settings=Settings(budget_usd=1.25, day_budget_usd=100, month_budget_usd=1.1))
    assert await spend("h", 1, both, library) == [(Scope.MONTH, 0.8, 1_000_003)]
    await library.close()


async def test_almost_all_is_not_all(root: Path, tmp_path: Path) -> None:
    said: list[Event] = []
    events = Events()
    events.subscribe(said.append)
    library = await Library.open(root)
    project = await library.projects.create("Walden", tmp_path, Settings(budget_usd=1.0))
    episode = await working(library, project)
    await _settled(library, purchase(episode, "a", 999_999), 999_999)
    await BudgetWatch(library.ledger, library.books, VirtualClock(), events).look(project, Balance())
    (event,) = said
    assert isinstance(event, BudgetReached)
    assert event.message.startswith("99% of")
    assert event.mark == 0.8
    assert event.use == BudgetUse(Scope.BATCH, 1_000_000, 999_999, 0)
    await library.close()


async def _settled(library: Library, wanted: Purchase, cost: int) -> None:
    attempt = await library.ledger.reserve(wanted)
    await library.ledger.sent(attempt)
    await library.ledger.received(attempt, Receipt())
    await library.ledger.stored(attempt, SOUND)
    await library.ledger.settle(attempt, Receipt(), cost)


def _spent(extract: Extract) -> int:
    return sum(entry.sums.settled_micro for entry in extract.entries)


def _of(extract: Extract, group: str) -> Sums:
    return sum((entry.sums for entry in _entries(extract.entries, group)), Sums())


def _entries(entries: Sequence[Entry], group: str) -> list[Entry]:
    return [entry for entry in entries if entry.group == group]
