"""The bridge, the models and how their cells are drawn."""

from typing import Any

import pytest
from hypothesis import given, settings, strategies
from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from studio.domain.episode import STAGES, Stage, State, StripFault
from studio.domain.findings import Severity
from studio.engine.events import (
    Doing,
    EpisodeAdded,
    EpisodeChanged,
    EpisodeRemoved,
    Eta,
    Events,
    Notice,
    Progress,
    RunChanged,
)
from studio.ui.bridge import Bridge
from studio.ui.columns import COLUMNS
from studio.ui.episode_filter import EpisodeFilter, Group
from studio.ui.episode_model import EpisodeModel
from studio.ui.episode_table import EpisodeTable
from studio.ui.strip import draw_strip
from studio.ui.theme import Theme
from tests.ui.memory_studio import an_episode

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


class Heard:
    """Everything that a bridge handed on, in order."""

    def __init__(self, bridge: Bridge) -> None:
        self.all: list[tuple[str, Any]] = []
        for name in ("added", "changed", "removed", "progressed", "doing", "eta_changed", "noticed"):
            getattr(bridge, name).connect(lambda value, name=name: self.all.append((name, value)))
        bridge.run_changed.connect(lambda running, paused: self.all.append(("run", (running, paused))))

    def of(self, name: str) -> list[Any]:
        return [value for kind, value in self.all if kind == name]


@pytest.fixture
def bridged(qapp: object) -> tuple[Events, Bridge, Heard]:
    events, bridge = Events(), Bridge()
    bridge.listen(events)
    return events, bridge, Heard(bridge)


def test_changes_of_one_turn_arrive_together_and_only_the_last_of_each_row(
    bridged: tuple[Events, Bridge, Heard], qtbot: QtBot
) -> None:
    events, _, heard = bridged
    for fraction in range(50):
        events.say(EpisodeChanged(an_episode(1, calls=fraction)))
        events.say(EpisodeChanged(an_episode(2, calls=fraction)))
    qtbot.waitUntil(lambda: bool(heard.of("changed")))
    assert [[(episode.id, episode.calls) for episode in burst] for burst in heard.of("changed")] == [[(1, 49), (2, 49)]]


def test_progress_is_sampled_and_states_are_not(bridged: tuple[Events, Bridge, Heard], qtbot: QtBot) -> None:
    events, _, heard = bridged
    for step in range(1000):
        events.say(Progress(1, Stage.CHECK, step / 1000))
        events.say(Progress(2, Stage.CHECK, step / 1000))
    events.say(EpisodeChanged(an_episode(2, State.DONE, Stage.EXPORT)))
    qtbot.waitUntil(lambda: bool(heard.of("progressed")))
    assert heard.of("progressed") == [{1: (Stage.CHECK, 0.999)}]
    assert [episode.state for episode in heard.of("changed")[0]] == [State.DONE]


def test_what_a_stage_was_at_is_forgotten_with_it(bridged: tuple[Events, Bridge, Heard], qtbot: QtBot) -> None:
    events, _, heard = bridged
    events.say(Doing(1, "waits for a slot"))
    events.say(EpisodeChanged(an_episode(1, stage=Stage.MASTER)))
    events.say(EpisodeChanged(an_episode(1, State.WORKING, Stage.MASTER)))
    events.say(Doing(2, "waits for a slot"))
    events.say(EpisodeRemoved(2))
    for place in (2, 1):
        events.say(Doing(3, f"waits for a slot, {place} in line"))
    qtbot.waitUntil(lambda: bool(heard.of("doing")))
    assert heard.of("doing") == [{3: "waits for a slot, 1 in line"}]


def test_what_was_added_and_removed_in_one_turn_is_not_shown(
    bridged: tuple[Events, Bridge, Heard], qtbot: QtBot
) -> None:
    events, bridge, heard = bridged
    events.say(EpisodeAdded(an_episode(1)))
    events.say(EpisodeChanged(an_episode(1, title="Newer")))
    events.say(EpisodeAdded(an_episode(2)))
    events.say(EpisodeRemoved(2))
    events.say(EpisodeRemoved(3))
    bridge.flush()
    assert [episode.title for episode in heard.of("added")[0]] == ["Newer"]
    assert heard.of("removed") == [[3]]
    bridge.deafen()
    events.say(Notice("unheard"))
    assert not heard.of("noticed")


def test_rows_come_before_the_word_that_the_run_ended(bridged: tuple[Events, Bridge, Heard]) -> None:
    events, _, heard = bridged
    events.say(EpisodeChanged(an_episode(1, State.DONE)))
    events.say(RunChanged(running=False, paused=False))
    events.say(Eta(1.0, 2.0))
    assert [kind for kind, _ in heard.all] == ["changed", "run", "eta_changed"]


def test_thousands_of_signals_do_not_bring_the_process_down(qapp: object) -> None:
    """Some versions of the binding abort after some hundred emits with a bool."""

    class Speaker(QObject):
        said = Signal(bool, object)

    speaker, count = Speaker(), [0]
    speaker.said.connect(lambda _flag, _value: count.__setitem__(0, count[0] + 1))
    for step in range(5000):
        speaker.said.emit(step % 2 == 0, {step: (Stage.CHECK, 0.5)})
    assert count[0] == 5000


def test_the_models_keep_qts_contract_while_rows_come_change_and_go(qapp: object) -> None:
    model = EpisodeModel()
    shown = EpisodeFilter(model)
    testers = [QAbstractItemModelTester(model, FATAL), QAbstractItemModelTester(shown, FATAL)]
    model.reset([an_episode(number) for number in range(1, 40)])
    model.add([an_episode(number) for number in range(30, 60)])
    assert len(model) == 59
    model.change([an_episode(number, State.FAILED, reason="It broke.") for number in (1, 2, 3, 50)])
    shown.show_group(Group.FAILED)
    assert shown.rowCount() == 4
    model.change([an_episode(2, State.DONE)])
    assert shown.rowCount() == 3
    model.remove([1, 50, 999])
    assert (len(model), shown.rowCount()) == (57, 1)
    model.reset([])
    assert model.count(*State) == 0
    del testers


def order(shown: EpisodeFilter) -> list[int]:
    return [shown.at(row).id for row in range(shown.rowCount())]


@settings(max_examples=60, deadline=None)
@given(data=strategies.data())
def test_what_is_shown_is_what_a_new_table_would_show(qapp: object, data: strategies.DataObject) -> None:
    """Whatever happens to the rows, filter and order come out as if everything were sorted afresh."""
    ids = strategies.integers(1, 60)
    model = EpisodeModel()
    shown = EpisodeFilter(model)
    testers = [QAbstractItemModelTester(model, FATAL), QAbstractItemModelTester(shown, FATAL)]
    number = 1
    for _ in range(data.draw(strategies.integers(1, 8))):
        match data.draw(strategies.sampled_from(["add", "change", "remove", "sort", "group", "text", "progress"])):
            case "add":
                more = data.draw(strategies.integers(1, 30))
                model.add([an_episode(each, title=f"T {each % 7}") for each in range(number, number + more)])
                number += more
            case "change":
                some = data.draw(strategies.dictionaries(ids, strategies.sampled_from(State), max_size=40))
                model.change([an_episode(each, state, title=f"T {each % 5}") for each, state in some.items()])
            case "remove":
                model.remove(data.draw(strategies.sets(ids, max_size=50)))
            case "sort":
                column = data.draw(strategies.integers(-1, len(COLUMNS) - 1))
                shown.sort(column, data.draw(strategies.sampled_from(Qt.SortOrder)))
            case "group":
                shown.show_group(data.draw(strategies.sampled_from(Group)))
            case "text":
                shown.show_text(data.draw(strategies.sampled_from(["", "T 3", "t", "nothing"])))
            case "progress":
                model.set_progress(dict.fromkeys(range(1, 9), (Stage.MASTER, 0.5)))
        fresh = order(shown)
        shown.show_view(shown.group, shown.text)
        assert fresh == order(shown)
    del testers


def test_sorting_keeps_the_chosen_rows_and_filtering_those_that_stay(theme: Theme, qtbot: QtBot) -> None:
    model = EpisodeModel()
    model.reset([an_episode(number, State.DONE if number % 2 else State.QUEUED) for number in range(1, 60)])
    shown = EpisodeFilter(model)
    table = EpisodeTable(theme, shown)
    qtbot.addWidget(table)
    heard: list[int | None] = []
    table.current_changed.connect(heard.append)
    table.choose(11)
    table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert (table.current_id(), shown.index_of(11).row()) == (11, 48)
    shown.show_group(Group.DONE)
    assert (table.current_id(), [episode.id for episode in table.chosen()]) == (11, [11])
    shown.show_group(Group.WAITING)
    assert table.current_id() == 58  # the first of those that are shown
    shown.show_text("nothing like it")
    assert heard == [11, 11, 58, None]


def test_a_change_touches_its_rows_only(qapp: object) -> None:
    model = EpisodeModel()
    model.reset([an_episode(number) for number in range(1, 100)])
    touched: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: touched.append((first.row(), last.row())))
    model.change([an_episode(number, title="New") for number in (11, 12, 13, 40)])
    assert touched == [(10, 12), (39, 39)]
    model.change([an_episode(4000)])
    assert len(touched) == 2


def test_progress_belongs_to_the_stage_that_is_under_way(qapp: object) -> None:
    model = EpisodeModel()
    model.reset([an_episode(1, State.WORKING, Stage.MASTER), an_episode(2)])
    model.set_progress({1: (Stage.MASTER, 0.3), 2: (Stage.MASTER, 0.3), 9: (Stage.MASTER, 0.3)})
    now = [column.key for column in COLUMNS].index("now")
    assert model.index(0, now).data() == "Mastering 30%"
    assert model.live_of(model.episode_at(1)).fraction is None
    model.change([an_episode(1, State.WORKING, Stage.CHECK)])
    assert model.index(0, now).data() == "Listening"


def test_text_filters_by_every_word_and_columns_sort(qapp: object) -> None:
    model = EpisodeModel()
    shown = EpisodeFilter(model)
    titles = ["The Nature of Matter", "Idealism", "On Induction", "the nature of truth"]
    model.reset([an_episode(number, title=title) for number, title in enumerate(titles, start=1)])
    shown.show_text("NATURE tru")
    assert [shown.index(row, 1).data() for row in range(shown.rowCount())] == ["the nature of truth"]
    shown.show_text("")
    shown.sort(1, Qt.SortOrder.AscendingOrder)
    assert shown.index(0, 1).data() == "Idealism"
    assert shown.episode_at(shown.index_of(2)).title == "Idealism"
    assert not shown.index_of(77).isValid()


@pytest.mark.parametrize("scheme", [Qt.ColorScheme.Dark, Qt.ColorScheme.Light])
def test_every_state_and_stage_is_painted(theme: Theme, qtbot: QtBot, scheme: Qt.ColorScheme) -> None:
    theme.follow(scheme)
    model = EpisodeModel()
    rows = [
        an_episode(number, state, stage, strip=bytes(range(200)) if number % 2 else b"")
        for number, (state, stage) in enumerate(((state, stage) for state in State for stage in STAGES), start=1)
    ]
    model.reset(rows)
    model.set_progress({episode.id: (episode.stage, 0.4) for episode in rows})
    table = EpisodeTable(theme, EpisodeFilter(model))
    qtbot.addWidget(table)
    table.resize(1100, 36 * (len(rows) + 2))
    table.selectRow(2)
    table.show()
    picture: QPixmap = table.grab()
    image = picture.toImage()
    middles = range(table.horizontalHeader().height() + 17, image.height(), 36)
    colours = {image.pixelColor(x, y + off).name() for x in range(image.width()) for y in middles for off in (0, -12)}
    assert {theme.colour(name).name() for name in ("background", "selection", "good", "bad", "look")} <= colours


def test_thousands_of_rows_load_and_count(qapp: object, bridged: tuple[Events, Bridge, Heard]) -> None:
    model = EpisodeModel()
    states = list(State)
    model.reset([an_episode(number, states[number % len(states)]) for number in range(10_000)])
    assert sum(model.count(state) for state in State) == 10_000
    assert model.row_of(9_999) == 9_999


@pytest.mark.parametrize("width", [40, 170, 700])
def test_a_strip_fills_its_column_and_marks_faults_where_they_are(theme: Theme, width: int) -> None:
    picture = QPixmap(width, 24)
    picture.fill(theme.colour("background"))
    painter = QPainter(picture)
    strip = bytes([156, 100]) * 160
    draw_strip(painter, theme, strip, (StripFault(0.9, 1.0, Severity.FAULT),), QSize(width, 24), dim=False)
    painter.end()
    image = picture.toImage()

    def red(x: int) -> int:
        return image.pixelColor(x, 12).red() - image.pixelColor(x, 12).blue()

    assert all(red(x) > 0 for x in range(int(width * 0.9) + 2, width - 2))
    assert all(red(x) <= 0 for x in range(int(width * 0.9) - 5))
    assert any(image.pixelColor(x, 3) != theme.colour("background") for x in range(int(width * 0.8), int(width * 0.88)))
