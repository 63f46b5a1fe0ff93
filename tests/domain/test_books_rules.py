"""The books' sums, burn rate, forecast and alerts, and tables as CSV."""

import csv
import io
import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.books import (
    Burn,
    Entry,
    Period,
    Sums,
    Taught,
    Waiting,
    account,
    burn,
    crossed,
    days_of,
    forecast,
    lasts_s,
    per_minute,
    spoken,
)
from studio.domain.csv_text import csv_text

DAYS = (date(2026, 11, 21), date(2026, 11, 22))
PAID = "elevenlabs:v1"


def spent(micro: int, **more: int) -> Sums:
    return Sums(settled_micro=micro, **more)


def test_entries_add_up_by_day_and_by_group_and_the_dearest_comes_first() -> None:
    made = account(
        [
            Entry(0, "cheap", spent(1)),
            Entry(1, "dear", spent(5, held_micro=2)),
            Entry(1, "cheap", spent(2)),
            Entry(1, "cheap", spoken(1, 60.0, 30.0, free=False)),  # the minutes of the same day
        ],
        DAYS,
    )
    assert made.groups == ("dear", "cheap")
    assert [sums.settled_micro for sums in made.by_day] == [1, 7]
    assert [sums.settled_micro for sums in made.by_group] == [5, 3]
    assert made.cell(1, "cheap") == Sums(settled_micro=2, episodes=1, finished_s=60.0, accepted_s=30.0)
    assert made.cell(0, "dear") == Sums()
    assert made.total == Sums(settled_micro=8, held_micro=2, episodes=1, finished_s=60.0, accepted_s=30.0)


def test_of_nothing_there_are_empty_days() -> None:
    made = account([], DAYS)
    assert made.by_day == (Sums(), Sums())
    assert (made.groups, made.total) == ((), Sums())


@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from("abc"), st.integers(0, 10**12), st.integers(0, 10**9))))
def test_days_and_groups_come_to_the_same(rows: list[tuple[int, str, int, int]]) -> None:
    made = account([Entry(day, group, spent(micro, held_micro=held)) for day, group, micro, held in rows], DAYS)
    for total in (sum((sums.settled_micro for sums in part), 0) for part in (made.by_day, made.by_group)):
        assert total == sum(micro for _, _, micro, _ in rows) == made.total.settled_micro
    assert made.total.held_micro == sum(held for *_, held in rows)


def test_a_period_ends_today_and_everything_begins_with_the_first_day() -> None:
    today = date(2026, 3, 1)
    assert days_of(Period.WEEK, today, date(2020, 1, 1))[0] == date(2026, 2, 23)
    assert len(days_of(Period.QUARTER, today, today)) == 90
    assert days_of(Period.ALL, today, date(2026, 2, 27)) == (
        date(2026, 2, 27),
        date(2026, 2, 28),
        date(2026, 3, 1),
    )
    assert days_of(Period.ALL, today, date(2027, 1, 1)) == (today,)  # the clock was put back since
    assert days_of(Period.ALL, today, date(1970, 1, 1))[0] == date(2016, 3, 1)  # a clock without a battery


def test_a_minute_costs_what_everything_did_and_free_ones_are_left_out() -> None:
    sums = (
        spent(3_000_000, lost_micro=1_000_000) + spoken(2, 600.0, 300.0, free=False) + spoken(1, 6000.0, 0, free=True)
    )
    assert sums.micro_per_finished_minute == 300_000
    assert sums.micro_per_accepted_minute == 600_000
    assert (sums.all_finished_s, sums.all_accepted_s, sums.episodes) == (6600.0, 300.0, 3)
    assert per_minute(5, 0.0) is None


def test_the_burn_rate_is_of_the_last_hour_and_of_the_days_since_the_first_purchase() -> None:
    days = [Sums(), spent(6_000_000), Sums(), spent(3_000_000)]
    assert burn(1_000_000, 1800.0, days) == Burn(2_000_000, 3_000_000)
    assert burn(1_000_000, 0.0, days).hour_micro == 60_000_000  # the first minute is not told as a moment
    assert burn(0, 0.0, [Sums()]) == Burn(None, None)
    assert lasts_s(1_000_000, 2_000_000) == 1800.0
    assert lasts_s(1, 0) == math.inf


def test_the_forecast_adds_what_waits_at_the_price_of_a_finished_minute() -> None:
    taught = [Taught(1, 16, 10_000_000, 6000.0, 90_000)]  # 10 cents a minute, 15 characters a second
    waiting = [Waiting(1, PAID, 2, 600.0, 9000, 0)]  # 10 minutes known, 10 by their characters
    told = forecast(spent(11_000_000), waiting, taught)
    assert told is not None
    assert (told.likely_micro, told.left_episodes, told.left_s, told.evidence) == (13_000_000, 2, 1200.0, 16)
    assert (told.low_micro, told.high_micro) == (12_800_000, 13_400_000)  # a spread of 0.2


def test_a_forecast_counts_half_bought_episodes_once_and_free_ones_not_at_all() -> None:
    taught = [Taught(1, 1, 1_000_000, 600.0, 9000)]
    half = forecast(spent(1_600_000), [Waiting(1, PAID, 1, 600.0, 0, 600_000)], taught)
    assert half is not None
    assert half.likely_micro == 2_000_000
    over = forecast(spent(9_000_000), [Waiting(1, PAID, 1, 600.0, 0, 8_000_000)], taught)
    assert over is not None
    assert over.likely_micro == over.low_micro == 9_000_000  # never less than is spent
    free = forecast(spent(5), [Waiting(1, "builtin:heart", 9, 9e9, 0, 0)], [])
    assert free is not None
    assert (free.likely_micro, free.left_episodes) == (5, 0)


def test_a_forecast_without_evidence_is_none_and_another_project_lends_its_own() -> None:
    waiting = [Waiting(2, PAID, 1, 600.0, 0, 0)]
    assert forecast(spent(0), waiting, []) is None
    lent = forecast(spent(0), waiting, [Taught(1, 1, 1_000_000, 600.0, 9000)])
    assert lent is not None
    assert lent.likely_micro == 1_000_000


def test_unclear_calls_raise_the_upper_end_only() -> None:
    taught = [Taught(1, 16, 1_000_000, 600.0, 9000)]
    waiting = [Waiting(1, PAID, 1, 600.0, 0, 0)]
    clear, unclear = (forecast(Sums(unclear_micro=micro), waiting, taught) for micro in (0, 70_000))
    assert clear is not None
    assert unclear is not None
    assert (unclear.low_micro, unclear.likely_micro) == (clear.low_micro, clear.likely_micro)
    assert unclear.high_micro == clear.high_micro + 70_000


@pytest.mark.parametrize(
    ("share", "told", "fresh"),
    [(0.49, (), ()), (0.5, (), (0.5,)), (0.81, (0.5,), (0.8,)), (1.2, (), (0.5, 0.8, 1.0)), (0.99, (0.5, 0.8), ())],
)
def test_a_mark_is_crossed_once(share: float, told: tuple[float, ...], fresh: tuple[float, ...]) -> None:
    assert crossed(share, told) == fresh


def test_csv_is_read_back_as_it_was() -> None:
    rows: list[list[str | int | float | None]] = [
        ["a,b", 'say "so"', 1, 2.5, None],
        ["two\nlines", "", 0, "0.100000", "ends"],
    ]
    text = csv_text(["A", "B", "C", "D", "E"], rows)
    assert text.splitlines()[0] == "A,B,C,D,E"
    assert text.count("\r\n") == 3
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["A", "B", "C", "D", "E"],
        ["a,b", 'say "so"', "1", "2.5", ""],
        ["two\nlines", "", "0", "0.100000", "ends"],
    ]


@pytest.mark.parametrize(
    "title",
    ["=1+1", "+1", "-1", "@A1", "\t=1", " =1", "\u2066=1+1\u2069", "＝1", "\r=1", "=cmd|'/c calc'!A0"],  # noqa: RUF001
)
def test_a_title_is_no_formula(title: str) -> None:
    ((cell,),) = csv.reader(io.StringIO(csv_text([title], []), newline=""))
    assert cell == f"'{title}"


def test_numbers_stay_numbers() -> None:
    assert csv_text(["x"], [[-5], [-0.5]]) == "x\r\n-5\r\n-0.5\r\n"
