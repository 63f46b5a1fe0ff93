"""The Quality page: how each voice has done over time, how the batch stands, and where each project goes."""

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.domain.control import Rule, Signal
from studio.domain.measures import Check, Measure, Series, line_of
from studio.engine.drift import Course, Quality
from studio.ui import quality_words as words
from studio.ui.commands import Do
from studio.ui.pages import PageContext
from studio.ui.plots import loaded
from studio.ui.quality_frame import QualityFrame
from studio.ui.quality_seen import Seen, seen_of
from studio.ui.renewal import Renewing
from studio.ui.signal_list import MOST, SignalWords
from studio.ui.slices import painted
from studio.ui.theme import Tone
from studio.ui.trend_table import TrendRow
from studio.ui.wording import isolated

if TYPE_CHECKING:
    from studio.ui.quality_drawing import Drawing
    from studio.ui.quality_plots import ControlPlot, ScoreBars

SOON_MS = 1200  # after a change, so that a busy batch is not read at every step
KEPT = "quality/measure"


def build(context: PageContext) -> QWidget:
    """The page, built when it is first shown."""
    return QualityPage(context)


class QualityPage(QWidget):
    """Reads anew while it is in front; what takes long is done in threads."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.setAccessibleName(context.commands[Do.QUALITY_PAGE].text())
        self._context = context
        self._seen: Seen | None = None
        self._series: tuple[Series, ...] = ()
        self._wanted: Series | None = None
        self._after: int | None = None  # the episode to choose when its project is open
        self._reading = False
        self._again = False
        self._plot: ControlPlot | None = None
        self._bars: ScoreBars | None = None
        self._frame = QualityFrame(context.theme)
        kept = self._frame.measure.findData(context.memory.read(KEPT, str(Measure.WORDS)))
        self._frame.measure.setCurrentIndex(max(0, kept))
        self._renewing = Renewing(context, self)
        self._frame.renew_place.addWidget(self._renewing.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._frame)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._connect()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: read what is new."""
        super().showEvent(event)
        self.read()

    def hideEvent(self, event: QHideEvent) -> None:
        """Qt: nobody looks."""
        super().hideEvent(event)
        self._soon.stop()

    def read(self) -> None:
        """Read everything anew; where that is under way, once more afterwards."""
        if self._context.desk.studio is None or self._context.desk.project is None:
            self._frame.say_nothing("The library is not open yet.")
        elif self._reading:
            self._again = True
        else:
            self._reading = True
            self._context.desk.spawn(self._read())

    async def _read(self) -> None:
        desk = self._context.desk
        try:
            project = desk.project
            if project is None:
                return
            measure, studio = self._chosen_measure, desk.door()
            quality = await studio.drift.quality(measure, self._wanted)
            projects = tuple(await studio.projects())
            seen = await asyncio.to_thread(seen_of, quality, list(desk.model), project, projects)
            if self._plot is None and quality.checked:
                await loaded()
                await self._make_plots()
            drawing = await asyncio.to_thread(_drawn, quality.course) if quality.course else None
            if measure is self._chosen_measure and project is desk.project:
                await self._show(seen, drawing)
        finally:
            self._reading = False
            if self._again:
                self._again = False
                self.read()

    @property
    def _chosen_measure(self) -> Measure:
        return Measure(self._frame.measure.currentData())

    async def _show(self, seen: Seen, drawing: "Drawing | None") -> None:
        self._seen = seen
        quality = seen.quality
        if not quality.checked:
            self._frame.say_nothing(
                "No episode has been checked yet. Each one that is checked adds a point here. From 25 of a voice it is "
                "known what is usual, and a voice that gets worse is seen before anyone hears it."
            )
            return
        self._frame.show_all()
        self._show_series(quality)
        self._show_course(quality.course, drawing)
        await painted()
        if quality.course is not None and drawing is not None:
            self._show_signals(quality.course)
            await painted()
        self._show_batch(seen)
        await painted()
        self._show_projects(seen)

    async def _make_plots(self) -> None:
        """Make both, each in a turn of the loop of its own: one takes 20 ms."""
        from studio.ui.quality_plots import ControlPlot, ScoreBars

        plot = ControlPlot(self._context.theme)
        self._frame.chart_place.addWidget(plot)
        plot.chosen.connect(self._open_place)
        plot.marked.connect(self._say_point)
        QWidget.setTabOrder(self._frame.voice, plot)
        await painted()
        self._bars = ScoreBars(self._context.theme)
        self._frame.bars_place.addWidget(self._bars)
        await painted()
        self._plot = plot

    def _show_series(self, quality: Quality) -> None:
        voices = self._context.desk.voice_names
        self._frame.voice.blockSignals(True)
        self._series = quality.series
        self._frame.voice.clear()
        self._frame.voice.addItems([words.series_name(each, quality.series, voices) for each in quality.series])
        if quality.course is not None:
            self._frame.voice.setCurrentIndex(quality.series.index(quality.course.series))
        self._frame.voice.setEnabled(bool(quality.series))
        self._frame.voice.blockSignals(False)

    def _show_course(self, course: Course | None, drawing: "Drawing | None") -> None:
        assert self._plot is not None  # noqa: S101  (made with the first that was checked)
        measure = self._chosen_measure
        self._frame.meaning.set_words(words.MEANINGS[measure])
        self._renewing.show_course(course)
        self._plot.setVisible(course is not None)
        self._frame.legend.setVisible(course is not None)
        self._frame.chart_words.setVisible(course is None)
        if course is None or drawing is None:
            self._frame.state.setText("")
            self._frame.chart_words.setText(words.missing_words(measure))
            self._frame.signals.show_signals((), "")
            self._frame.hints.setText("")
            return
        self._plot.show_course(course, drawing)
        self._frame.legend.show_kinds(drawing.kinds)
        self._frame.state.setText(words.state_words(course))
        self._frame.state.setToolTip(words.BASELINE_MEANS)
        self._say_point(None)

    def _show_signals(self, course: Course) -> None:
        newest = course.chart.signals[: -MOST - 1 : -1]
        told = tuple(self._signal(course, each) for each in newest)
        self._frame.signals.show_signals(told, words.no_signals(course), len(course.chart.signals) - len(told))
        self._frame.hints.setText(words.hint_words(course.chart.hints))
        self._frame.hints.setVisible(bool(course.chart.hints))

    def _signal(self, course: Course, signal: Signal) -> SignalWords:
        voice = words.voice_words(course.series, self._context.desk.voice_names)
        first = course.checks[signal.first]
        good = words.is_good(course, signal)
        way = "trending-up" if signal.side > 0 else "trending-down"
        icon = "diamond" if signal.rule is Rule.OUTLIER else way
        tone = Tone.GOOD if good else Tone.BAD if signal.rule is Rule.DRIFT and signal.lasting else Tone.LOOK
        place = signal.last if signal.rule is Rule.DRIFT else signal.first
        return SignalWords(
            words.sentence(
                course, signal, voice, self._of_project(first), self._of_project(course.checks[signal.last])
            ),
            words.cure(course, signal),
            f"Show episode {course.checks[place].number:03d}",
            place,
            icon,
            tone,
        )

    def _of_project(self, check: Check) -> str:
        """Of which project an episode is, where that is not the open one."""
        seen = self._seen
        if seen is None or check.project_id == seen.project.id:
            return ""
        name = next((each.name for each in seen.projects if each.id == check.project_id), "")
        return f" of “{isolated(name)}”" if name else ""

    def _show_batch(self, seen: Seen) -> None:
        assert self._bars is not None  # noqa: S101  (as above)
        measure = seen.quality.measure
        self._frame.batch_words.setText(words.under_words(seen.batch, measure, seen.line))
        self._frame.batch_words.setToolTip(
            "Every episode of this project as it stands now"
            if seen.mended
            else "Every episode of this project as it was first spoken"
        )
        self._bars.setVisible(bool(seen.batch))
        self._bars.show_bars(measure, seen.bars, seen.line)
        self._bars.setAccessibleName(f"{words.NAMES[measure]}: {self._frame.batch_words.text()}")

    def _show_projects(self, seen: Seen) -> None:
        found = {each.project_id: each for each in seen.quality.projects}
        measure = seen.quality.measure
        rows = [
            TrendRow(project.name, line_of(measure, project.settings), found[project.id])
            for project in seen.projects
            if project.id in found
        ]
        self._frame.trends.show_rows(measure, rows)
        self._frame.review_words.setText(words.review_words(seen.quality.reviews.get(seen.project.id)))

    def _say_point(self, place: int | None) -> None:
        """Where the mark is, for those who cannot see it."""
        course = self._seen.quality.course if self._seen else None
        if self._plot is None or course is None:
            return
        about = f"Control chart of {words.NAMES[course.measure]}: {words.state_words(course)}"
        self._plot.setAccessibleName(about if place is None else words.point_words(course, place))
        self._plot.setAccessibleDescription("Left and Right go from episode to episode, Return shows it in the batch")

    def _open_place(self, place: int) -> None:
        course = self._seen.quality.course if self._seen else None
        if course is not None and place < len(course.checks):
            self._open(course.checks[place])

    def _open(self, check: Check) -> None:
        """Show an episode in the batch, in its own project."""
        desk, seen = self._context.desk, self._seen
        if not check.shown:
            desk.said.emit(f"Episode {check.number:03d} was taken out of its project")
            return
        if desk.project is not None and check.project_id == desk.project.id:
            self._choose(check.episode_id)
            return
        project = next((each for each in (seen.projects if seen else ()) if each.id == check.project_id), None)
        if project is not None:
            self._after = check.episode_id
            desk.open_project(project)

    def _choose(self, episode_id: int) -> None:
        self._context.commands[Do.BATCH_PAGE].trigger()
        self._context.choice.asked.emit(episode_id)

    def _take_project(self) -> None:
        if self._after is not None:
            episode_id, self._after = self._after, None
            self._choose(episode_id)
        elif self.isVisible():
            self.read()

    def _read_soon(self) -> None:
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def _choose_series(self, number: int) -> None:
        self._wanted = self._series[number] if 0 <= number < len(self._series) else None
        self.read()

    def _choose_measure(self) -> None:
        self._context.memory.keep(KEPT, str(self._chosen_measure))
        self.read()

    def _connect(self) -> None:
        context = self._context
        self._soon.timeout.connect(self.read)
        self._frame.voice.currentIndexChanged.connect(self._choose_series)
        self._frame.measure.currentIndexChanged.connect(self._choose_measure)
        self._frame.signals.asked.connect(self._open_place)
        self._renewing.changed.connect(self.read)
        context.desk.project_changed.connect(self._take_project)
        context.desk.voices_learned.connect(self._read_soon)
        for told in (context.bridge.added, context.bridge.changed, context.bridge.removed):
            told.connect(self._read_soon)


def _drawn(course: Course) -> "Drawing":
    from studio.ui.quality_drawing import drawing_of

    return drawing_of(course)
