"""What the batch table is made of: layouts of its columns, the filter's words, places in the queue, explanations."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from studio.domain.episode import STAGES, Episode, Stage, State
from studio.domain.findings import Verdict
from studio.domain.queueing import turn
from studio.ui.column_layout import ALWAYS, Layout
from studio.ui.columns import COLUMNS, NUMBERS
from studio.ui.episode_filter import EpisodeFilter, Group
from studio.ui.episode_model import EpisodeModel
from studio.ui.memory import Memory
from studio.ui.queue_line import QueueLine
from studio.ui.search import Search, words_of
from studio.ui.state_chips import short
from studio.ui.views import View, Views
from tests.ui.memory_studio import an_episode

KEYS = st.sampled_from(list(NUMBERS))
LAYOUTS = st.builds(
    Layout,
    order=st.one_of(st.just(()), st.permutations(list(NUMBERS)).map(tuple)),
    chosen=st.dictionaries(KEYS.filter(lambda key: key != ALWAYS), st.booleans()),
    widths=st.dictionaries(KEYS, st.integers(100, 900)),
    sort=st.one_of(st.just(""), KEYS),
    descending=st.booleans(),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9999) | st.text(max_size=5) | KEYS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=40, deadline=None)
@given(LAYOUTS)
def test_a_layout_comes_back_as_it_was_kept(layout: Layout) -> None:
    assert Layout.from_json(json.loads(json.dumps(layout.to_json()))) == layout


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["order", "chosen", "widths", "sort", "descending"]), JSON))
def test_whatever_was_kept_makes_a_layout_that_can_be_shown(kept: dict[str, object]) -> None:
    layout = Layout.from_json(kept)
    assert sorted(layout.keys) == sorted(NUMBERS)
    shown = layout.visible(1000, NUMBERS)
    assert ALWAYS in shown
    assert all(width > 0 for width in layout.fitted(1000, shown).values())
    assert Layout.from_json(layout.to_json()) == layout


def test_a_column_of_a_later_version_stands_beside_its_neighbour() -> None:
    old = [key for key in NUMBERS if key not in {"verdict", "number"}][::-1]
    order = list(Layout.from_json({"order": [*old, "gone"]}).keys)
    assert order[0] == "number"
    assert order[order.index("brand") + 1] == "verdict"
    assert [key for key in order if key in old] == old


@settings(max_examples=40, deadline=None)
@given(LAYOUTS, st.integers(300, 4000))
def test_columns_fill_the_width_where_they_can(layout: Layout, width: int) -> None:
    shown = layout.visible(width, NUMBERS)
    widths = layout.fitted(width, shown)
    assert set(widths) == shown
    free = [key for key in shown if key not in layout.widths]
    assert all(widths[key] >= COLUMNS[NUMBERS[key]].least for key in free)
    least = sum(layout.widths.get(key, COLUMNS[NUMBERS[key]].least) for key in shown)
    if free and least <= width:
        assert sum(widths.values()) == width


def test_where_there_is_no_room_the_least_needed_columns_go_first() -> None:
    layout = Layout()
    wide, narrow = layout.visible(2000, NUMBERS), layout.visible(700, NUMBERS)
    assert "expected" in replace(layout, sort="expected").visible(700, ())
    assert {"verdict", "queue"} <= layout.visible(1150, NUMBERS)
    assert "voice" not in layout.visible(1150, NUMBERS)
    assert not {"verdict", "voice"} & layout.visible(885, ())  # a window of 1280: the sentence of now is worth more
    assert {"title", "state", "sound", "words", "cost", "now"} <= layout.visible(885, ())
    assert {"expected", "verdict", "voice", "brand", "queue"} <= wide
    assert not {"expected", "verdict", "voice", "brand", "queue"} & narrow
    assert "verdict" not in layout.showing("verdict", shown=False).visible(4000, NUMBERS)
    asked = layout.showing("expected", shown=True).showing("loudness", shown=True)
    assert {"expected", "loudness"} <= asked.visible(300, ())
    assert "verdict" in layout.visible(1100, ())
    assert {"title", "state", "stage", "length", "now"} <= layout.visible(645, ())  # the smallest window
    assert sum(COLUMNS[NUMBERS[key]].least for key in layout.visible(645, ())) <= 645
    assert layout.showing(ALWAYS, shown=False) == layout


@settings(max_examples=40, deadline=None)
@given(LAYOUTS, KEYS, st.integers(-20, 20), st.sets(KEYS, min_size=1))
def test_a_moved_column_passes_those_that_are_shown(layout: Layout, key: str, by: int, among: set[str]) -> None:
    among = among | {key}
    before = [each for each in layout.keys if each in among]
    after = [each for each in layout.moved(key, by, among).keys if each in among]
    wanted = [each for each in before if each != key]
    wanted.insert(min(max(0, before.index(key) + by), len(wanted)), key)
    assert after == wanted
    assert sorted(layout.moved(key, by, among).keys) == sorted(NUMBERS)


ROWS = (
    an_episode(1, State.FAILED, Stage.SYNTHESIZE, title="The Nature of Matter", reason="The quota is spent."),
    an_episode(
        2,
        State.NEEDS_YOU,
        Stage.REVIEW,
        title="On Truth: John 3:16",
        cost_micro=1_500_000,
        duration_s=700.0,
        word_accuracy=0.91,
    ),
    an_episode(3, State.DONE, Stage.EXPORT, verdict=Verdict.PASS, cost_micro=250_000, word_accuracy=0.995),
    an_episode(4, State.QUEUED, Stage.PREPARE, overrides='{"voice": "builtin:heart"}', title="Über die Wahrheit"),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", {1, 2, 3, 4}),
        ("matter NATURE", {1}),
        ("quota", {1}),
        ("-quota", {2, 3, 4}),
        ('"the nature of"', {1}),
        ('"nature the"', set()),
        ("verdict:fail", {2}),
        ("-verdict:fail", {1, 3, 4}),
        ("verdict:", {1, 2, 3, 4}),
        ("pass", {3}),
        ("state:failed", {1}),
        ("state:review", {2}),
        ("stage:synth", {1}),
        ("voice:heart", {4}),
        ("heart", {4}),
        ("reason:quota", {1}),
        ("file:subject-3", {3}),
        ("title:wahrheit", {4}),
        ("ÜBER", {4}),
        ("3:16", {2}),
        ("cost>1", {2}),
        ("cost>$0.20", {2, 3}),
        ("cost<=0.25 done", {3}),
        ("words<95", {2}),
        ("words<95%", {2}),
        ("words>=99.5", {3}),
        ("-words<95", {3}),
        ("length>10", {2}),
        ("length>11:30", {2}),
        ("length<2", {3}),
        ("number=3", {3}),
        ("cost>", {1, 2, 3, 4}),
        ("cost>x", {1, 2, 3, 4}),
        ("colour>1", set()),
        ('title:"nature of"', {1}),
        ("-", {1, 2, 3, 4}),
        ("003", {3}),
    ],
)
def test_words_and_conditions(typed: str, found: set[int]) -> None:
    search = Search(typed)
    assert {row.id for row in ROWS if search.accepts(row, words_of(row))} == found
    assert {row.id for row in search.among(ROWS, words_of)} == found
    assert search.empty is (typed in {"", "verdict:", "cost>", "cost>x"})


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_nothing_that_is_typed_is_an_error(typed: str) -> None:
    search = Search(typed)
    assert [row for row in ROWS if search.accepts(row, words_of(row))] == search.among(ROWS, words_of)


def test_text_and_group_narrow_together(qapp: object) -> None:
    model = EpisodeModel()
    shown = EpisodeFilter(model)
    tester = QAbstractItemModelTester(shown, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.reset(ROWS)
    shown.show_view(Group.DONE, "subject")
    assert [shown.at(row).id for row in range(shown.rowCount())] == [3]
    shown.show_text("verdict:fail")
    assert shown.rowCount() == 0
    model.change([replace(ROWS[2], verdict=Verdict.FAIL)])
    assert [shown.at(row).id for row in range(shown.rowCount())] == [3]
    model.change([replace(ROWS[2], verdict=Verdict.PASS)])
    assert shown.rowCount() == 0
    shown.show_view(Group.ALL, "sea")
    assert shown.rowCount() == 0
    model.change([replace(ROWS[2], title="The Sea")])
    assert [shown.at(row).id for row in range(shown.rowCount())] == [3]
    shown.show_view(Group.ALL, "")
    flags = [bool(shown.flags(shown.index(row, 0)) & Qt.ItemFlag.ItemIsDragEnabled) for row in range(4)]
    assert flags == [False, False, False, True]
    del tester


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 8), st.sampled_from(State), st.integers(0, 2), st.integers(1, 3))))
def test_places_in_the_queue_are_those_of_a_sorted_queue(
    changes: list[tuple[int, State, int, int]],
) -> None:
    line, rows = QueueLine(), dict[int, Episode]()
    for number, state, priority, characters in changes:
        rows[number] = replace(an_episode(number, state), priority=priority, characters=characters)
        line.take(rows[number])
    expected = [row.id for row in sorted(rows.values(), key=turn) if row.state is State.QUEUED]
    assert [line.place(number) for number in expected] == list(range(1, len(expected) + 1))
    assert line.from_place(1) == expected
    assert all(line.place(row.id) == 0 for row in rows.values() if row.state is not State.QUEUED)
    for number in list(rows)[:2]:
        line.drop(number)
    assert len(line) == sum(number not in list(rows)[:2] for number in expected)
    fresh = QueueLine()
    fresh.reset(rows.values())
    assert fresh.from_place(1) == expected


def test_every_cell_and_every_header_explains_itself(qapp: object) -> None:
    model = EpisodeModel()
    rows = [
        an_episode(10 * at + place, state, stage, timings=((Stage.PREPARE, 0.4), (Stage.SYNTHESIZE, 75.0)))
        for at, state in enumerate(State)
        for place, stage in enumerate(STAGES)
    ]
    full = {"voice_consistency": 0.9, "brand_alignment": 0.8, "loudness_lufs": -16.0, "true_peak_dbtp": -1.4}
    rows += [an_episode(900, State.DONE, Stage.EXPORT, **full), an_episode(901, State.FAILED, reason="It broke.")]
    model.reset(rows)
    for row in range(len(rows)):
        for number, column in enumerate(COLUMNS):
            tip = model.index(row, number).data(Qt.ItemDataRole.ToolTipRole)
            assert tip, column.key
            assert "None" not in tip
    assert all(model.headerData(each, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) for each in range(17))
    stage = NUMBERS["stage"]
    said = model.index(len(rows) - 1, stage).data(Qt.ItemDataRole.ToolTipRole)
    assert "Script: failed. It broke." in said
    queued = next(row for row in range(len(rows)) if rows[row].state is State.QUEUED)
    now = model.index(queued, NUMBERS["now"]).data(Qt.ItemDataRole.ToolTipRole)
    assert "of 7 in the queue" in now


def test_views_are_kept_and_junk_is_not(qapp: object, tmp_path: Path) -> None:
    memory = Memory(tmp_path / "window.ini")
    views = Views(memory)
    layout = Layout(sort="cost", descending=True)
    for name in ("Dear", "Bad"):
        views.save(View(name, Group.FAILED, "cost>1", layout))
    views.rename("Dear", "Expensive & long")
    views.rename("Nobody", "x")
    again = Views(memory)
    assert [view.name for view in again] == ["Expensive & long", "Bad"]
    assert again["Bad"] == View("Bad", Group.FAILED, "cost>1", layout)
    again.rename("Bad", "Expensive & long")
    again.delete("nobody")
    assert [view.name for view in Views(memory)] == ["Expensive & long"]
    memory.keep("table/views", [7, {}, {"name": "A", "text": "", "layout": {}}, {"name": "B", "text": 3, "layout": {}}])
    assert [(view.name, view.group, view.layout) for view in Views(memory)] == [("A", Group.ALL, Layout())]


def test_large_numbers_are_short_where_there_is_no_room() -> None:
    assert [short(count) for count in (0, 999, 1000, 1999, 9_999, 10_000, 12_345)] == [
        "0",
        "999",
        "1.0k",
        "1.9k",
        "9.9k",
        "10k",
        "12k",
    ]


@pytest.mark.parametrize("order", list(Qt.SortOrder))
def test_rows_of_a_sorted_table_move_together_and_the_chosen_stay_chosen(qapp: object, order: Qt.SortOrder) -> None:
    model = EpisodeModel()
    shown = EpisodeFilter(model)
    tester = QAbstractItemModelTester(shown, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.reset([an_episode(number, title=f"{number % 4}") for number in range(1, 13)])
    shown.sort(NUMBERS["title"], order)
    held = QPersistentModelIndex(shown.index_of(5))
    model.change([an_episode(number, title=title) for number, title in ((4, "9"), (5, "2"), (6, "0"), (7, "7"))])
    model.add([an_episode(number, title=title) for number, title in ((13, "5"), (14, "1"), (15, "5"))])
    model.remove([1, 8])
    rows = sorted(model, key=lambda row: row.number)
    rows.sort(key=lambda row: row.title, reverse=order is Qt.SortOrder.DescendingOrder)
    assert [shown.at(row).number for row in range(shown.rowCount())] == [row.number for row in rows]
    assert shown.at(held.row()).number == 5
    assert all(shown.index_of(row.id).row() == at for at, row in enumerate(rows))
    del tester
