"""The large wave under a hand: zoom, scroll, mark, jump; and its marks as a list."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPointingDevice,
    QWheelEvent,
)
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from studio.domain.findings import Finding, FindingKind, Severity
from studio.domain.hearing import Match, TimedWord
from studio.domain.sound import PeakLevel, Peaks
from studio.ui.mark_list import MarkList, MarkModel
from studio.ui.marks import Kind, following, marks_of, preceding
from studio.ui.overview import Overview
from studio.ui.places import Place
from studio.ui.selection import Selection
from studio.ui.theme import Theme
from studio.ui.time_scale import TimeScale
from studio.ui.wave_bars import bars
from studio.ui.wave_paint import WaveContent, wave_area
from studio.ui.wave_tip import tip
from studio.ui.wave_view import WaveView
from studio.ui.wave_words import paint_words
from studio.ui.word_line import WordLine
from tests.ui.memory_studio import some_peaks, some_words

WIDTH, HEIGHT = 1000, 200
NONE, SHIFT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


def a_place(start_s: float, end_s: float, index: int = 0) -> Place:
    finding = Finding(FindingKind.MISREAD_WORDS, Severity.FAULT, "heard twice", start_s, end_s, "mist", "most")
    return Place(index, finding, start_s, end_s)


CONTENT = WaveContent(
    some_peaks(100.0),
    (a_place(40.0, 42.0, 1), a_place(60.0, 60.5, 0)),
    WordLine(some_words()),
    ((0.0, "Opening"), (50.0, "Closing")),
)


def test_no_word_is_cut_at_an_edge(qapp: QApplication, theme: Theme) -> None:
    times = (("Extraordinarily", 0.0, 0.2), ("incomprehensible", 9.8, 10.0), ("gone", 9.9, 10.9))
    words = [TimedWord(text, 0, len(text), start, end, Match.SAME) for text, start, end in times]
    row, image = QRectF(0, 0, 400, 30), QImage(520, 30, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.translate(60, 0)
    paint_words(painter, theme, words, TimeScale(20.0, 400, 0.0, 10.0 / 400), row)
    painter.end()
    drawn = [x for x in range(520) if any(image.pixelColor(x, y).alpha() for y in range(30))]
    assert 60 <= min(drawn) < 64
    assert 456 < max(drawn) <= 460


@pytest.fixture
def view(theme: Theme) -> Iterator[WaveView]:
    made = WaveView(theme)
    made.resize(WIDTH, HEIGHT)
    made.show()
    made.show_content(CONTENT)
    yield made
    made.deleteLater()


def turn(
    view: QWidget, x: float, angle: QPoint, pixels: QPoint | None = None, keys: Qt.KeyboardModifier = NONE
) -> None:
    """A wheel, or two fingers, at a place."""
    event = QWheelEvent(
        QPointF(x, 80),
        QPointF(x, 80),
        pixels or QPoint(),
        angle,
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def hand(view: QWidget, kind: QEvent.Type, x: float, y: float = 80, keys: Qt.KeyboardModifier = NONE) -> None:
    button = Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else button
    QApplication.sendEvent(view, QMouseEvent(kind, QPointF(x, y), QPointF(x, y), button, held, keys))


def drag(view: QWidget, start: float, end: float, y: float = 80) -> None:
    hand(view, QEvent.Type.MouseButtonPress, start, y)
    for share in (0.3, 0.7, 1.0):
        hand(view, QEvent.Type.MouseMove, start + (end - start) * share, y)
    hand(view, QEvent.Type.MouseButtonRelease, end, y)


def test_the_wheel_zooms_at_the_pointer_from_the_whole_to_single_words(view: WaveView) -> None:
    under = view.scale.second(300)
    for _ in range(60):
        turn(view, 300, QPoint(0, 120))
        assert view.scale.second(300) == pytest.approx(under, abs=1e-6)
    seen = view.scale.end - view.scale.start
    assert seen < 2.0
    assert len(CONTENT.words.in_view(view.scale.start, view.scale.end)) <= 5
    for _ in range(80):
        turn(view, 300, QPoint(0, -120))
    assert view.scale.all_in_view


def test_a_zoom_is_followed_by_the_eye_and_ends_where_it_should(view: WaveView, qtbot: QtBot) -> None:
    seen: list[TimeScale] = []
    view.scale_changed.connect(seen.append)
    turn(view, 700, QPoint(0, 480))
    goal = view.scale
    for moment_ms in (30, 60, 90):
        view._glide._motion.setCurrentTime(moment_ms)
    qtbot.waitUntil(lambda: seen[-1:] == [goal])
    closeness = [scale.per_pixel for scale in seen]
    assert len(set(closeness)) > 3
    assert closeness == sorted(closeness, reverse=True)
    for scale in seen:
        assert scale.second(700) == pytest.approx(70.0, abs=0.2)


def test_fingers_pinch_and_push(view: WaveView) -> None:
    pinch = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        QPointF(250, 80),
        QPointF(250, 80),
        QPointF(250, 80),
        1.0,
        QPointF(),
    )
    QApplication.sendEvent(view, pinch)
    assert view.scale.end - view.scale.start == pytest.approx(50.0)
    assert view.scale.second(250) == pytest.approx(25.0)
    start = view.scale.start
    turn(view, 250, QPoint(-40, 3), QPoint(-100, 8))  # two fingers to the left: on by as many pixels
    assert view.scale.start == pytest.approx(start + 100 * view.scale.per_pixel)
    turn(view, 250, QPoint(0, 120), keys=SHIFT)
    assert view.scale.start < start + 100 * view.scale.per_pixel


def test_a_drag_marks_a_stretch_and_says_its_words(view: WaveView) -> None:
    seeks = QSignalSpy(view.sought)
    drag(view, 200, 250)
    assert view.selection == Selection(20.0, 25.0)
    assert seeks.at(0) == [20.0]
    said = view.selection.said(CONTENT.words)
    assert said.startswith("00:20.0 to 00:25.0 (5.0 s) “")
    assert "in some sense nearer to us" in said
    assert said in view.accessibleDescription()
    drag(view, 250, 150)  # an end of it, to the other side
    assert view.selection == Selection(15.0, 20.0)
    hand(view, QEvent.Type.MouseButtonPress, 300, keys=SHIFT)
    hand(view, QEvent.Type.MouseButtonRelease, 300, keys=SHIFT)
    assert view.selection == Selection(15.0, 30.0)
    hand(view, QEvent.Type.MouseButtonPress, 700)
    hand(view, QEvent.Type.MouseButtonRelease, 700)
    assert view.selection is None
    assert seeks.at(seeks.count() - 1) == [70.0]


def test_a_drag_beyond_the_edge_moves_on_and_one_of_the_ruler_moves_the_view(view: WaveView) -> None:
    view.show_span(40.0, 42.0)
    end = view.scale.end
    drag(view, 900, WIDTH + 60)
    assert view.scale.end > end
    assert view.selection is not None
    assert view.selection.end_s == pytest.approx(view.scale.end)
    view.select(None)
    start = view.scale.start
    drag(view, 500, 400, y=5)
    assert view.scale.start == pytest.approx(start + 100 * view.scale.per_pixel)
    assert view.selection is None


def test_a_double_click_hears_a_place_or_marks_a_word(view: WaveView) -> None:
    chosen = QSignalSpy(view.place_chosen)
    hand(view, QEvent.Type.MouseButtonDblClick, 410)
    assert chosen.at(0) == [1]
    assert view.selection is None
    view.show_span(20.0, 20.4)
    hand(view, QEvent.Type.MouseButtonDblClick, view.scale.x(20.2))
    assert view.selection == Selection(20.0, 20.4)


def test_the_keys_reach_everything(view: WaveView) -> None:
    seeks = QSignalSpy(view.sought)
    view.sought.connect(lambda second: view.set_playhead(second, follow=False))

    def at() -> float:
        return float(seeks.at(seeks.count() - 1)[0])

    QTest.keyClick(view, Qt.Key.Key_Right)
    assert at() == 5.0
    QTest.keyClick(view, Qt.Key.Key_Right, CTRL)
    assert at() == 5.5
    QTest.keyClick(view, Qt.Key.Key_Left, CTRL)
    assert at() == 5.0
    QTest.keyClick(view, Qt.Key.Key_Right, SHIFT)
    QTest.keyClick(view, Qt.Key.Key_Right, SHIFT | CTRL)
    assert view.selection == Selection(5.0, 10.5)
    view.show_span(50.0, 50.5)  # closer, a step is smaller
    QTest.keyClick(view, Qt.Key.Key_End)
    assert at() == 100.0
    assert view.scale.end == pytest.approx(100.0)
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert at() == pytest.approx(99.2)
    start = view.scale.start
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    assert view.scale.start < start
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert at() == 0.0
    assert view.scale.start == 0.0


def test_a_newer_state_of_the_same_take_leaves_everything_where_it_is(view: WaveView) -> None:
    view.show_span(40.0, 42.0)
    view.select(Selection(40.0, 41.0))
    scale = view.scale
    view.show_content(CONTENT, same=True)
    assert (view.scale, view.selection) == (scale, Selection(40.0, 41.0))
    view.show_content(CONTENT)
    assert view.scale.all_in_view
    assert view.selection is None


def colours(view: QWidget, y: int) -> list[str]:
    picture = view.grab().toImage()
    return [QColor(picture.pixel(x, y)).name() for x in range(picture.width())]


def test_findings_playhead_and_what_is_marked_are_drawn_where_they_are(view: WaveView, theme: Theme) -> None:
    area = wave_area(WIDTH, HEIGHT)
    middle = int(area.center().y())
    row = colours(view, middle - 2)
    bad, wave = theme.colour("bad").name(), theme.colour("wave").name()
    assert bad in row[400:421]
    assert bad not in row[:396] + row[430:590] + row[610:]
    assert wave in row[:396]
    view.set_playhead(80.0, follow=False)
    assert theme.colour("text").name() in colours(view, int(area.bottom()) - 3)[798:803]
    before = colours(view, int(area.top()) + 30)
    view.select(Selection(10.0, 20.0))
    after = colours(view, int(area.top()) + 30)
    assert [x for x in range(WIDTH) if before[x] != after[x]][:1] == [99]
    assert all(before[x] == after[x] for x in range(210, 780))


def unlike(part: QWidget, before: QImage) -> Callable[[], bool]:
    """Whether a part looks different now."""
    return lambda: part.grab().toImage() != before


def test_what_is_far_too_small_or_large_to_draw_is_drawn_all_the_same(theme: Theme, qtbot: QtBot) -> None:
    for peaks in (
        Peaks(0.0, (), b""),
        Peaks(0.005, (PeakLevel(0.01, bytes(1), bytes(1)),), b"\xff"),
        some_peaks(36_000.0),
    ):
        view, overview = WaveView(theme), Overview(theme)
        word = TimedWord("x" * 300, 0, 300, 0.0, 0.004, Match.MISREAD)
        content = WaveContent(peaks, (a_place(0.0, 9e9),), WordLine((word,)), ((0.0, ""), (0.0, "\u200f" * 9)))
        for part in (view, overview):
            part.resize(600, 160)
            part.show()
            part.show_content(content)
        assert not view.grab().isNull()
        view.zoom(1e9)
        view.show_scale(view.scale)
        assert not view.grab().isNull()
        empty = overview.grab().toImage()
        qtbot.waitUntil(unlike(overview, empty))  # a frame later
        view.deleteLater()
        overview.deleteLater()


def test_bars_keep_their_seconds_when_the_view_moves() -> None:
    scale = TimeScale.spanning(100.0, 900, 20.0, 30.0)
    here = {bar.at: bar for bar in bars(CONTENT.peaks, scale)}
    there = {bar.at: bar for bar in bars(CONTENT.peaks, scale.moved(0.7))}
    both = here.keys() & there.keys()
    assert len(both) > 250
    for at in both:
        assert (here[at].low, here[at].high) == (there[at].low, there[at].high)
        assert here[at].x - there[at].x == pytest.approx(0.7 / scale.per_pixel)


def test_the_way_from_one_scale_to_another_holds_what_both_show_at_one_place() -> None:
    start = TimeScale.whole(3600.0, 1000)
    goal = start.zoomed(400, 50.0)
    for share in (0.1, 0.5, 0.9):
        assert start.toward(goal, share).second(400) == pytest.approx(1440.0)
    assert start.toward(goal, 1.0) == goal
    assert goal.holding(10.0, 12.0).start <= 10.0
    assert goal.holding(goal.start + 20, goal.start + 21) == goal


def test_words_are_found_by_time() -> None:
    line = CONTENT.words
    word = line.at(10.2)
    assert word is not None
    assert word.start_s == 10.0
    assert line.at(10.45) is None
    assert [each.start_s for each in line.within(10.0, 11.1)] == [10.0, 10.5]
    assert (line.next_start(10.0), line.previous_start(10.2)) == (10.5, 10.0)
    assert (line.next_start(99.0), line.previous_start(0.0)) == (None, None)
    assert Selection.between(5.0, 5.001) is None
    assert "…" in Selection(0.0, 90.0).words(line)


def test_the_tool_tip_says_what_is_there(view: WaveView) -> None:
    said = tip(CONTENT, 41.2, 0.3)
    assert "00:41.2 · −17.0 LUFS" in said
    assert "Misread: heard twice" in said
    assert "in the script" in said
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, QPoint(412, 80), view.mapToGlobal(QPoint(412, 80))))
    assert "heard twice" in QToolTip.text()
    QToolTip.hideText()


def test_the_marks_are_a_list_that_a_screen_reader_can_use(theme: Theme) -> None:
    model = MarkModel(theme)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    marks = marks_of(CONTENT, None)
    model.show_marks(marks)
    assert [mark.kind for mark in marks] == [Kind.CHAPTER, Kind.FINDING, Kind.CHAPTER, Kind.FINDING]
    inserted, removed = QSignalSpy(model.rowsInserted), QSignalSpy(model.rowsRemoved)
    marked = marks_of(CONTENT, Selection(45.0, 47.0))
    model.show_marks(marked)
    assert (inserted.count(), removed.count()) == (1, 0)
    assert inserted.at(0)[1:] == [2, 2]
    index = model.index(1)
    assert model.data(index, Qt.ItemDataRole.AccessibleTextRole).startswith("Misread “")
    assert model.data(index, Qt.ItemDataRole.AccessibleTextRole).endswith("(fault), at 00:40.0")
    assert model.data(index).startswith("00:40.0  Misread")
    model.show_marks(())
    assert model.rowCount() == 0
    assert (following(marked, 40.0), preceding(marked, 40.0)) == (marked[2], marked[0])
    assert (following(marked, 60.0), preceding(marked, 0.0)) == (None, None)
    del tester


def test_return_and_a_click_go_to_a_mark(theme: Theme) -> None:
    shown = MarkList(theme)
    shown.resize(260, 200)
    shown.show()
    shown.marks.show_marks(marks_of(CONTENT, None))
    chosen: list[object] = []
    shown.chosen.connect(chosen.append)
    shown.take_focus()
    QTest.keyClick(shown, Qt.Key.Key_Down)
    QTest.keyClick(shown, Qt.Key.Key_Return)
    assert chosen == [shown.marks.mark(1)]
    centre = shown.visualRect(shown.marks.index(2)).center()
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    assert chosen[-1] == shown.marks.mark(2)
    shown.deleteLater()
