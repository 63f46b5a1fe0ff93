"""What the commands ask and say about money: quotes before a run, forecasts, costs, calls that need a decision."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console

from studio.domain.budget import BudgetUse, Scope
from studio.domain.episode import STAGES, Episode, Stage, State
from studio.domain.errors import BatchcastError, InputError, SettingError
from studio.domain.money import Attempt, Costs, bound_usd, usd
from studio.domain.option_checks import writing_is_paid
from studio.domain.prices import PriceBook
from studio.domain.project import Project
from studio.domain.voice import BUILTIN, VoiceRef
from studio.engine.batch import Studio
from studio.engine.quote import Quote
from studio.engine.topic_quote import Writing

_BUDGETS = {
    Scope.EPISODE: "an episode",
    Scope.BATCH: "the project",
    Scope.DAY: "the day",
    Scope.MONTH: "the month",
    Scope.CREDITS: "the account",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """What of a run the budgets leave room for: the episodes to start (None: all), and whether that is everything."""

    only: Collection[int] | None = None
    fits_all: bool = True


async def offer(studio: Studio, projects: Sequence[Project], until: Stage | None) -> Offer:
    """Say on standard error what a run will cost, before anything is bought, and hold back what does not fit.

    Raises `VoiceError` where a voice cannot be had.
    """
    if until is not None and STAGES.index(until) < STAGES.index(Stage.SYNTHESIZE):
        return Offer()
    fits: set[int] = set()
    held_back = False
    for project in projects:
        queued = [e for e in await studio.episodes(project.id) if e.state is State.QUEUED and _unspoken(e)]
        if not any(_may_cost(project, episode) for episode in queued):
            fits |= {episode.id for episode in queued}
            continue
        quote = await studio.market.quote(project)
        _say(quote_line(quote))
        fits |= set(quote.fits)
        if not quote.fits_all:
            held_back = True
            _say(quote.sentence)
            beyond = [episode.id for episode in queued if episode.id not in quote.fits]
            await studio.hold(beyond, quote.sentence, "Raise it to go on.")
    return Offer(fits, fits_all=False) if held_back else Offer()


def _unspoken(episode: Episode) -> bool:
    return STAGES.index(episode.stage) <= STAGES.index(Stage.SYNTHESIZE)


def _may_cost(project: Project, episode: Episode) -> bool:
    settings = project.settings.merged(episode.overrides)
    written = episode.stage is Stage.WRITE and writing_is_paid(settings.writer, settings.writer_prices)
    return written or VoiceRef.parse(settings.voice).provider != BUILTIN


def quote_line(quote: Quote) -> str:
    """A quote in a line: “125 episodes, 1,234,567 characters, up to $61.73, 40 to 55 min; …”."""
    paid = quote.calls or quote.cached_calls or quote.cost_micro
    cost = f"up to ${bound_usd(quote.cost_micro):,.2f}" if paid else "free of charge"
    line = (
        f"{counted(quote.episodes, 'episode')}, {counted(quote.characters, 'character')}, {cost}, "
        f"{_spell(quote.low_s, quote.high_s)}"
    )
    if quote.cached_calls:
        come = "comes" if quote.cached_calls == 1 else "come"
        line += (
            f"; {counted(quote.cached_calls, 'call')} {come} from what was bought before, "
            f"which saves ${usd(quote.saved_micro):,.2f}"
        )
    if quote.writing.topics:
        line += f"; of it, {_writing(quote.writing)}"
    return line


def topics_line(quote: Quote) -> str:
    """What topics come to, before they are written: “12 topics, 144 min: written for up to $5.13, usually …”."""
    spoken = quote.cost_micro - quote.writing.most_micro
    cost = f"for up to ${bound_usd(spoken):,.2f}" if spoken else "free of charge"
    return (
        f"{_writing(quote.writing)}; then spoken, at most {counted(quote.characters, 'character')}, {cost}, in "
        f"{_spell(quote.low_s, quote.high_s)}"
    )


def _writing(writing: Writing) -> str:
    what = f"{counted(writing.topics, 'topic')}, {writing.minutes:,.0f} min"
    if not writing.most_micro:
        return f"{what}: written free of charge"
    most, usual = bound_usd(writing.most_micro), bound_usd(writing.usual_micro)
    return f"{what}: written for up to ${most:,.2f}, usually about ${usual:,.2f}"


async def say_topics(studio: Studio, project: Project) -> None:
    """Say on standard error what the topics of a project will cost, and their speech after that, before any is begun.

    Where that cannot be told, it says why, and goes on: what is to be written does not wait for a voice.
    """
    waiting = [e.id for e in await studio.episodes(project.id) if e.state is State.QUEUED and e.stage is Stage.WRITE]
    if not waiting:
        return
    try:
        quote = await studio.market.topics_quote(project, waiting)
    except BatchcastError as error:
        _say(f"What {counted(len(waiting), 'topic')} will cost cannot be told: {error}")
        return
    _say(topics_line(quote) + ("" if quote.fits_all else f". {quote.sentence} What does not fit waits."))


# Forecasts


def check_plan(book: PriceBook, voice: str, plan: str) -> None:
    """Raises `SettingError` for a plan that the voice's provider does not have, by the price book."""
    provider = book.providers.get(VoiceRef.parse(voice).provider)
    plans = provider.plans if provider else {}
    if plan and plan not in plans:
        there = f"Choose one of {', '.join(plans)}." if plans else "That voice needs no plan."
        raise SettingError(f"There is no plan “{plan}” for the voice {voice}.", there)


def print_forecast(quote: Quote, book: PriceBook) -> None:
    """A forecast, with where its prices come from."""
    console = _out()
    only_topics = quote.writing.topics and quote.writing.topics == quote.episodes
    console.print(topics_line(quote) + "." if only_topics else quote_line(quote))
    if quote.calls or quote.cached_calls:
        plan = f", plan {quote.plan}" if quote.plan else ""
        changed = " and the library's prices.toml" if book.changed else ""
        console.print(
            f"{quote.voice}, {quote.model}{plan}: {counted(quote.calls, 'call')}, {counted(quote.credits, 'credit')}."
        )
        console.print(f"Prices of {book.day}{changed}: {book.source}.")
    if not quote.fits_all:
        console.print(quote.sentence)


# Costs


def print_all_costs(costs: Sequence[tuple[str, Costs, Sequence[BudgetUse]]]) -> None:
    """What each project has cost, was spared and has lost, and its budgets."""
    if not costs:
        _out().print("There is no project yet, and nothing was spent.")
    for each in costs:
        _print_costs(*each)


def _print_costs(project: str, costs: Costs, budgets: Sequence[BudgetUse]) -> None:
    console = _out()
    lost = f"${usd(costs.lost_micro):.2f} of it brought no usable sound, " if costs.lost_micro else ""
    saved = f", which saved ${usd(costs.cached_micro):.2f}" if costs.cached_micro else ""
    console.print(
        f"{project}: spent ${usd(costs.settled_micro):.2f}, {lost}held ${usd(costs.reserved_micro):.2f}, "
        f"{counted(costs.calls, 'call')}, {counted(costs.characters, 'character')}; "
        f"{counted(costs.cached_calls, 'call')} ({counted(costs.cached_characters, 'character')}) "
        f"came from what was bought before{saved}."
    )
    for use in budgets:
        console.print(f"  {_budget_line(use)}")


def _budget_line(use: BudgetUse) -> str:
    if use.scope is Scope.CREDITS:
        return (
            f"credits of {_BUDGETS[use.scope]}: {use.limit:,} when last asked, {use.left:,} left ({use.share:.0%} used)"
        )
    return (
        f"budget of {_BUDGETS[use.scope]}: ${usd(use.limit):,.2f}, ${usd(use.settled):,.2f} spent, "
        f"${usd(use.reserved):,.2f} held, ${usd(use.left):,.2f} left ({use.share:.0%} used)"
    )


# Calls that need a decision


def print_unclear_hint(attempts: Sequence[Attempt]) -> None:
    """That there are such calls, where there are any."""
    if attempts:
        held = usd(sum(attempt.reserved_micro for attempt in attempts))
        _out().print(
            f"{counted(len(attempts), 'call')} may have been charged (${held:,.2f} held): "
            "`batchcast costs --unclear` lists them."
        )


def print_unclear(attempts: Sequence[Attempt], names: Mapping[int, tuple[str, str]]) -> None:
    """Each with its facts; `names` are project and episode by the call's number."""
    console = _out()
    for attempt in attempts:
        project, episode = names[attempt.id]
        sent = (attempt.sent_at or attempt.created_at)[:19].replace("T", " ")
        request = f", request {attempt.request_id}" if attempt.request_id else ""
        facts = (
            f"{attempt.id}  {project}, {episode}: {counted(attempt.characters, 'character')} sent {sent} UTC to "
            f"{attempt.voice} ({attempt.model}){request}, ${usd(attempt.reserved_micro):.2f} held. {attempt.error}"
        )
        console.print(facts.rstrip())
    if attempts:
        console.print(
            "`batchcast resume` looks for them in the vendor's history once more. "
            "`batchcast resume --buy-again ID` counts what a call holds as spent and makes it again."
        )
    else:
        console.print("No call is unclear.")


async def unclear_calls(studio: Studio, projects: Sequence[Project]) -> Sequence[Attempt]:
    """The calls of these projects of which nobody knows whether they were charged."""
    ids = {project.id for project in projects}
    return [attempt for attempt in await studio.market.unclear() if attempt.project_id in ids]


async def named(studio: Studio, attempts: Sequence[Attempt]) -> dict[int, tuple[str, str]]:
    """The names of project and episode for each call, by the call's number."""
    projects = {project.id: project.name for project in await studio.shelf.all()}
    titles = {
        episode.id: f"{episode.number:03d} {episode.title}"
        for project_id in {attempt.project_id for attempt in attempts}
        for episode in await studio.episodes(project_id)
    }
    return {
        attempt.id: (
            projects.get(attempt.project_id, f"project {attempt.project_id}"),
            titles.get(attempt.episode_id, "an episode that was taken out"),
        )
        for attempt in attempts
    }


async def buy_again(studio: Studio, projects: Sequence[Project], wanted: Sequence[int | str]) -> None:
    """A person's decision about unclear calls; what the vendor's history shows by now is not bought again.

    Raises `InputError` for numbers of calls that are not unclear in these projects, before anything is done.
    """
    unclear = [attempt.id for attempt in await unclear_calls(studio, projects)]
    ids = set(unclear if "all" in wanted else [number for number in wanted if isinstance(number, int)])
    strange = sorted(ids - set(unclear))
    if strange:
        there = ", ".join(map(str, unclear)) or "none"
        raise InputError(f"There is no unclear call {', '.join(map(str, strange))}.", f"Unclear at present: {there}.")
    await studio.market.look_again(sorted(ids))
    still = ids & {attempt.id for attempt in await studio.market.unclear()}
    await studio.market.buy_again(sorted(still))
    _say(f"{counted(len(still), 'call')} to be made again, {len(ids) - len(still)} cleared up without.")


def counted(number: int, what: str) -> str:
    """“1 call”, “1,200 calls”."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _spell(low_s: float, high_s: float) -> str:
    if high_s < 90:
        unit, low, high = "s", f"{low_s:.0f}", f"{high_s:.0f}"
    elif high_s < 5_400:
        unit, low, high = "min", f"{low_s / 60:.0f}", f"{high_s / 60:.0f}"
    else:
        unit, low, high = "h", f"{low_s / 3600:.1f}", f"{high_s / 3600:.1f}"
    return f"{high} {unit}" if low == high else f"{low} to {high} {unit}"


def _out() -> Console:
    return Console(highlight=False, markup=False, soft_wrap=True)


def _say(line: str) -> None:
    Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(line)
