"""Parts of the Money page: a plot with its table, what is unclear, and what stands there while there is nothing."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from studio.ui import theme as look
from studio.ui.figures import FigureTable, Sheet
from studio.ui.parts import button, label
from studio.ui.plots import BarPlot, Bars
from studio.ui.theme import Theme, Tone
from studio.ui.wording import isolated, money


class UnclearLine(QFrame):
    """That money is held for calls nobody knows the end of, and the way to decide."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("notices")
        self._theme = theme
        row = QHBoxLayout(self)
        row.setContentsMargins(look.M, look.XS, look.S, look.XS)
        self._icon = label()
        self._words = label(wrap=True)
        self.way = button("Look at them…")
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        row.addWidget(self.way)
        theme.changed.connect(self._draw)
        self._draw()
        self.hide()

    def show_unclear(self, micro: int) -> None:
        """Say how much is held for them; nothing is said of nothing."""
        self.setVisible(micro > 0)
        self._words.setText(
            f"{money(micro)} is held for unclear calls: nobody knows yet whether they were charged. It is not spent, "
            "and counts against every budget."
        )

    def _draw(self) -> None:
        self._icon.setPixmap(self._theme.pixmap("triangle-alert", Tone.LOOK, 16, self.devicePixelRatioF()))


class FigurePanel(QFrame):
    """A plot, its colours, and the table with the same figures: beside it, or under it where it needs the width."""

    def __init__(self, theme: Theme, name: str, export: str, *, sort: int) -> None:
        super().__init__()
        self.setObjectName("card")
        self._theme = theme
        self._sort = sort  # by which column, until somebody chooses
        self._bars: Bars | None = None
        self._heading = label(name, "heading")
        self._legend = label("", "muted", wrap=True)
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self.plot = BarPlot(theme, f"Plot: {name}")
        self.table = FigureTable(f"Table: {name}")
        self.export: QPushButton = button("Export CSV…")
        self.export.setAccessibleName(export)
        self.export.setToolTip(f"{export}: the rows as they are shown, amounts to the millionth of a dollar")
        column = QVBoxLayout(self)
        column.setContentsMargins(look.M, look.S, look.M, look.M)
        column.setSpacing(look.S)
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self.export)
        column.addLayout(head)
        self._row = row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.setSpacing(look.L)
        left = QVBoxLayout()
        left.setSpacing(look.XS)
        left.addWidget(self.plot, 1)
        left.addWidget(self._legend)
        row.addLayout(left, 1)
        row.addWidget(self.table)
        column.addLayout(row, 1)
        theme.changed.connect(self._draw_legend)

    def show_sheet(self, heading: str, bars: Bars, sheet: Sheet) -> None:
        """Show a plot and its table; the largest, or the newest, first."""
        self._heading.setText(heading)
        self._bars = bars
        self.plot.show_bars(bars)
        self.table.show_sheet(sheet, sort=self._sort, descending=True)
        self._draw_legend()
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: what was beside may have to stand under it."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        room = self.width() - 2 * look.M - look.L
        beside = room - self.table.sizeHint().width() >= self.plot.minimumSizeHint().width()
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._row.direction() != way:
            self._row.setDirection(way)

    def _draw_legend(self) -> None:
        series = self._bars.series if self._bars is not None else ()
        self._legend.setVisible(len(series) > 1)
        self._legend.setText(
            "&nbsp; ".join(
                f'<span style="color:{self._theme.colour(each.colour).name()}">'
                f"{'■' if each.alpha == 255 else '▨'}</span>&nbsp;{isolated(escape(each.name))}"
                for each in series
            )
        )


class NothingYet(QWidget):
    """What stands in place of the plots while there is nothing to plot."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._icon = label()
        column = QVBoxLayout(self)
        column.setSpacing(look.S)
        column.addStretch(2)
        texts = (
            label("Nothing was spent or made in this time", "heading"),
            label(
                "Every purchase shows here on the day on which it is made. The built-in voice costs nothing.", "muted"
            ),
            label("Before a paid batch starts you see what it may cost, and no budget is ever exceeded.", "muted"),
        )
        for part in (self._icon, *texts):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(part)
        column.addStretch(3)
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self._icon.setPixmap(self._theme.pixmap("wallet", Tone.ACCENT, 40, self.devicePixelRatioF()))
