"""Where the parts of the Quality page stand."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from studio.domain.measures import Measure
from studio.ui import quality_words as words
from studio.ui import theme as look
from studio.ui.parts import Chooser, ElidedLabel, label
from studio.ui.quality_legend import Legend
from studio.ui.signal_list import SignalList
from studio.ui.theme import Theme, Tone
from studio.ui.trend_table import TrendModel, TrendTable

NARROW = 440  # of the words that stand alone


class QualityFrame(QWidget):
    """Choosers at the head, the chart and what it says under them, the batch and the projects at the foot.

    The plots come later into `chart_place` and `bars_place`: what draws them takes a while to load.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.voice, self.measure = Chooser(), Chooser()
        self.meaning, self.state = ElidedLabel("", "muted"), label("", "strong")
        self.chart_words, self.hints = label("", "muted", wrap=True), label("", "muted", wrap=True)
        self.batch_words, self.review_words = label("", "", wrap=True), label("", "muted", wrap=True)
        self.legend, self.signals = Legend(theme), SignalList(theme)
        self.trends = TrendModel(self)
        self.chart_place, self.bars_place = QVBoxLayout(), QVBoxLayout()
        self.renew_place = QHBoxLayout()
        self._icon, self._nothing = QLabel(), label("", "muted", wrap=True)
        self._stack = QStackedLayout(self)
        self._build()
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def show_all(self) -> None:
        """There is something to show."""
        self._stack.setCurrentIndex(0)

    def say_nothing(self, text: str) -> None:
        """Say `text` in place of everything."""
        self._nothing.setText(text)
        self._nothing.setFixedHeight(self._nothing.heightForWidth(NARROW))
        self._stack.setCurrentIndex(1)

    def _build(self) -> None:
        for measure in Measure:
            self.measure.addItem(words.NAMES[measure], str(measure))
            self.measure.setItemData(self.measure.count() - 1, words.MEANINGS[measure], Qt.ItemDataRole.ToolTipRole)
        self.voice.setAccessibleName("Voice")
        self.voice.setToolTip("Voice and model; where its settings or the hearing model changed, a new course begins")
        self.measure.setAccessibleName("Measure")
        self.voice.setMinimumWidth(220)
        self.voice.setMaximumWidth(420)
        self.measure.setMinimumWidth(190)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(look.L, look.M, look.L, look.M)
        column.setSpacing(look.M)
        column.addLayout(self._head())
        upper, lower = QSplitter(Qt.Orientation.Horizontal), QSplitter(Qt.Orientation.Horizontal)
        upper.addWidget(self._chart())
        upper.addWidget(self._side())
        lower.addWidget(self._batch())
        lower.addWidget(self._projects())
        for splitter, sizes in ((upper, [720, 300]), (lower, [400, 620])):
            splitter.setHandleWidth(look.M)
            splitter.setChildrenCollapsible(False)
            splitter.setSizes(sizes)
        lower.setMaximumHeight(440)
        upper.setStretchFactor(0, 1)
        lower.setStretchFactor(1, 1)
        column.addWidget(upper, 5)
        column.addWidget(lower, 4)
        self._stack.addWidget(whole)
        self._stack.addWidget(self._alone())
        self.say_nothing("Reading what was checked…")

    def _alone(self) -> QWidget:
        """What stands in place of everything while there is nothing to show."""
        alone = QWidget()
        middle = QVBoxLayout(alone)
        middle.setSpacing(look.M)
        middle.addStretch(2)
        for part in (self._icon, label("Quality over time", "title"), self._nothing):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            middle.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        self._nothing.setFixedWidth(NARROW)
        middle.addStretch(3)
        return alone

    def _draw_icon(self) -> None:
        self._icon.setPixmap(self._theme.pixmap("chart-line", Tone.ACCENT, 48, self.devicePixelRatioF()))

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(look.S)
        row.addWidget(label("Quality over time", "title"))
        row.addWidget(self.meaning, 1)
        self.meaning.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.measure)
        row.addWidget(self.voice)
        return row

    def _chart(self) -> QWidget:
        tile, column = _tile()
        head = QHBoxLayout()
        head.addWidget(self.state)
        head.addStretch(1)
        head.addLayout(self.renew_place)
        column.addLayout(head)
        column.addLayout(self.chart_place, 1)
        self.chart_words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.chart_words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        column.addWidget(self.chart_words, 1)
        column.addWidget(self.legend)
        return tile

    def _side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, look.M, 0, 0)  # its heading stands in line with that of the chart
        column.setSpacing(look.S)
        column.addWidget(label("What it says", "heading"))
        column.addWidget(self.signals, 1)
        column.addWidget(self.hints)
        side.setMinimumWidth(240)
        return side

    def _batch(self) -> QWidget:
        tile, column = _tile()
        column.addWidget(label("This batch", "heading"))
        column.addWidget(self.batch_words)
        column.addLayout(self.bars_place, 1)
        tile.setMinimumWidth(260)
        return tile

    def _projects(self) -> QWidget:
        tile, column = _tile()
        column.addWidget(label("Each project", "heading"))
        column.addWidget(TrendTable(self._theme, self.trends), 1)
        column.addWidget(label("Random review of this project", "strong"))
        column.addWidget(self.review_words)
        tile.setMinimumWidth(560)
        return tile


def _tile() -> tuple[QFrame, QVBoxLayout]:
    tile = QFrame()
    tile.setObjectName("tile")
    column = QVBoxLayout(tile)
    column.setContentsMargins(look.M, look.M, look.M, look.M)
    column.setSpacing(6)
    return tile, column
