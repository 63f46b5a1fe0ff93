"""What the Money page says: its tables, its plots, and the words of its figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from studio.domain.books import Account, Split, Sums, is_free
from studio.domain.money import usd
from studio.engine.books import Books
from studio.ui.figures import Column, Figure, Sheet
from studio.ui.plots import Bars, Series
from studio.ui.wording import NOTHING, count_of, isolated, money, voice_name

COLOURS: Final = ("accent", "info", "good", "look", "dim_wave", "muted")
OTHERS: Final = "faint"
MOST_BARS: Final = 12
_HELD_ALPHA: Final = 110


class Measure(StrEnum):
    """What the plots show."""

    MONEY = "money"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Names:
    """How projects and voices are called."""

    split: Split
    projects: Mapping[int, str]
    voices: Mapping[str, str]

    def of(self, group: str) -> str:
        """What a group is called."""
        match self.split:
            case Split.PROJECT:
                return self.projects.get(int(group), f"Project {group}")
            case Split.VOICE:
                return voice_name(group, self.voices)
            case Split.MODEL:
                return group or "No model"


@dataclass(frozen=True, slots=True)
class Told:
    """Groups that have a colour together: each of the largest by itself, then all the others."""

    name: str
    colour: str
    groups: tuple[str, ...]


def told_apart(account: Account, names: Names) -> tuple[Told, ...]:
    """The groups in their order, with their colours."""
    many = len(account.groups) > len(COLOURS)
    single = account.groups[: len(COLOURS) - 1] if many else account.groups
    told = [Told(names.of(group), colour, (group,)) for group, colour in zip(single, COLOURS, strict=False)]
    if many:
        rest = account.groups[len(single) :]
        told.append(Told(f"{len(rest):,} others", OTHERS, rest))
    return tuple(told)


def day_bars(books: Books, names: Names, measure: Measure) -> Bars:
    """Day by day, told apart by colour; what is held stands on top."""
    account = books.account
    told = told_apart(account, names)
    series = [
        Series(
            each.name, each.colour, tuple(_of(_cells(account, day, each), measure) for day in range(len(account.days)))
        )
        for each in told
    ]
    if measure is Measure.MONEY and account.total.held_micro:
        held = tuple(float(sums.held_micro) for sums in account.by_day)
        series.append(Series("Held, not spent", "text", held, _HELD_ALPHA))
    tips = tuple(_day_tip(account, told, day, measure) for day in range(len(account.days)))
    return Bars(
        labels=tuple(short_day(day) for day in account.days),
        series=tuple(series),
        tips=tips,
        scale=_scale(measure),
        step=1_000_000 if measure is Measure.MONEY else 1.0,
        about=f"{_what(measure)} for each of {count_of(len(account.days), 'day')}. The same figures are in the table.",
    )


def group_bars(books: Books, names: Names, measure: Measure) -> Bars:
    """The largest groups, one bar each; what is held is paler."""
    account = books.account
    shown = list(zip(account.groups, account.by_group, strict=True))[:MOST_BARS]
    series = [Series(_what(measure), "accent", tuple(_of(sums, measure) for _, sums in shown))]
    if measure is Measure.MONEY:
        series.append(Series("Held", "accent", tuple(float(sums.held_micro) for _, sums in shown), _HELD_ALPHA))
    return Bars(
        labels=tuple(names.of(group) for group, _ in shown),
        series=tuple(series),
        tips=tuple(f"{isolated(names.of(group))}\n{_sums_tip(sums)}" for group, sums in shown),
        scale=_scale(measure),
        step=1_000_000 if measure is Measure.MONEY else 1.0,
        about=f"{_what(measure)} for each {names.split}. The same figures are in the table.",
        across=True,
    )


def day_sheet(books: Books, names: Names, measure: Measure) -> Sheet:
    """One row for each day on which there was anything."""
    account = books.account
    told = told_apart(account, names)
    apart = told if len(told) > 1 else ()
    columns = (
        Column(
            "Day",
            "By the calendar on the wall here; a purchase counts on the day on which it was asked for",
            number=False,
        ),
        *_SUM_COLUMNS,
        *(Column(each.name, f"{_what(measure)}: {each.name}", f"{each.name} ({_UNITS[measure]})") for each in apart),
    )
    rows = [
        (
            Figure(long_day(day), day.isoformat(), day.isoformat()),
            *_sum_figures(account.by_day[place]),
            *(_measured(_cells(account, place, each), measure) for each in apart),
        )
        for place, day in enumerate(account.days)
        if account.by_day[place] != Sums()
    ]
    return Sheet(columns, tuple(rows))


def group_sheet(books: Books, names: Names) -> Sheet:
    """One row for each project, voice or model."""
    columns = (Column(names.split.capitalize(), number=False), *_SUM_COLUMNS, *_MORE_COLUMNS)
    account = books.account
    rows = [
        (_named(names, group), *_sum_figures(sums, free=_costs_nothing(names, group)), *_more_figures(sums))
        for group, sums in zip(account.groups, account.by_group, strict=True)
    ]
    return Sheet(columns, tuple(rows))


def minutes(seconds: float) -> str:
    """A length in whole minutes; what is not nothing is never said to be."""
    return "<1 min" if 0 < seconds < 30 else f"{seconds / 60:,.0f} min"


def fine_money(micro: int) -> str:
    """Money to the cent, or finer where it is less than ten cents."""
    if 0 < micro < 100_000:
        return f"${usd(micro):.4f}" if micro >= 100 else "<$0.0001"
    return money(micro)


def short_day(day: date) -> str:
    """`22 Nov`."""
    return f"{day.day} {day:%b}"


def long_day(day: date) -> str:
    """`Sun 22 Nov 2026`."""
    return f"{day:%a} {day.day} {day:%b %Y}"


_UNITS: Final = {Measure.MONEY: "USD", Measure.MINUTES: "minutes"}

_SUM_COLUMNS: Final = (
    Column("Spent", "Settled with the vendor, calls without usable sound included", "Spent (USD)"),
    Column("Held", "Promised to calls under way or unclear: not spent", "Held (USD)"),
    Column("Finished", "Minutes that were checked, of the take in use", "Finished (minutes)"),
    Column("Accepted", "Minutes of it that were let through the review", "Accepted (minutes)"),
    Column(
        "A finished minute",
        "Everything that was spent, by the finished minutes; voices that cost nothing do not count",
        "A finished minute (USD)",
    ),
    Column(
        "An accepted minute",
        "Everything that was spent, by the accepted minutes; voices that cost nothing do not count",
        "An accepted minute (USD)",
    ),
)
_MORE_COLUMNS: Final = (
    Column("Unclear", "Held for calls of which nobody knows yet whether they were charged", "Unclear (USD)"),
    Column("Lost", "Spent on calls that brought no usable sound", "Lost (USD)"),
    Column("Saved", "What sound that was there already would have cost", "Saved (USD)"),
    Column("Calls", "Calls that brought sound, free ones included"),
    Column("Characters", "Characters of those calls"),
    Column("Episodes", "Episodes that were checked"),
)


def _sum_figures(sums: Sums, *, free: bool = False) -> tuple[Figure, ...]:
    spent = Figure("costs nothing", 0, _dollars(0)) if free else _money(sums.settled_micro)
    return (
        spent,
        _money(sums.held_micro, nothing=True),
        _minutes(sums.all_finished_s),
        _minutes(sums.all_accepted_s),
        _price(sums.micro_per_finished_minute),
        _price(sums.micro_per_accepted_minute),
    )


def _more_figures(sums: Sums) -> tuple[Figure, ...]:
    unclear = _money(sums.unclear_micro, nothing=True)
    if sums.unclear_calls:
        unclear = Figure(f"{unclear.text} ({count_of(sums.unclear_calls, 'call')})", unclear.value, unclear.plain)
    return (
        unclear,
        _money(sums.lost_micro, nothing=True),
        _money(sums.saved_micro, nothing=True),
        *(Figure(f"{value:,}", value, value) for value in (sums.calls, sums.characters, sums.episodes)),
    )


def _named(names: Names, group: str) -> Figure:
    name = names.of(group)
    return Figure(name, name.casefold(), name)


def _costs_nothing(names: Names, group: str) -> bool:
    return names.split is Split.VOICE and is_free(group)


def _money(micro: int, *, nothing: bool = False) -> Figure:
    return Figure(NOTHING if nothing and not micro else money(micro), micro, _dollars(micro))


def _price(micro: int | None) -> Figure:
    if micro is None:
        return Figure(NOTHING, -1, None)
    return Figure(fine_money(micro), micro, _dollars(micro))


def _minutes(seconds: float) -> Figure:
    return Figure(minutes(seconds) if seconds else NOTHING, seconds, f"{seconds / 60:.2f}")


def _dollars(micro: int) -> str:
    """To the micro-dollar: a file is added up again."""
    return f"{usd(micro):.6f}"


def _cells(account: Account, day: int, told: Told) -> Sums:
    made = Sums()
    for group in told.groups:
        made += account.cell(day, group)
    return made


def _of(sums: Sums, measure: Measure) -> float:
    return float(sums.settled_micro) if measure is Measure.MONEY else sums.all_finished_s / 60


def _measured(sums: Sums, measure: Measure) -> Figure:
    return _money(sums.settled_micro, nothing=True) if measure is Measure.MONEY else _minutes(sums.all_finished_s)


def _what(measure: Measure) -> str:
    return "Money spent" if measure is Measure.MONEY else "Minutes finished"


def _day_tip(account: Account, told: tuple[Told, ...], day: int, measure: Measure) -> str:
    lines = [long_day(account.days[day]), _sums_tip(account.by_day[day])]
    for each in told if len(told) > 1 else ():
        sums = _cells(account, day, each)
        if _of(sums, measure):
            lines.append(f"{isolated(each.name)}: {_measured(sums, measure).text}")
    return "\n".join(lines)


def _sums_tip(sums: Sums) -> str:
    parts = [f"{money(sums.settled_micro)} spent"]
    if sums.held_micro:
        parts.append(f"{money(sums.held_micro)} held")
    if sums.all_finished_s:
        parts.append(f"{minutes(sums.all_finished_s)} finished")
    return ", ".join(parts)


def _scale(measure: Measure) -> Callable[[float], str]:
    return (
        (lambda micro: fine_money(round(micro))) if measure is Measure.MONEY else (lambda length: f"{length:,.6g} min")
    )
