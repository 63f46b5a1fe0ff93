"""How the cells of the batch table are drawn."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from studio.domain.episode import Episode, Stage, State
from studio.ui import theme as look
from studio.ui.columns import COLUMNS, Look
from studio.ui.episode_model import EPISODE_ROLE, PROGRESS_ROLE
from studio.ui.strip import StripPainter
from studio.ui.strokes import COUNT, strokes
from studio.ui.theme import Theme, Tone, state_look

Index = QModelIndex | QPersistentModelIndex
CHIP_ICON = 12


class CellDelegate(QStyledItemDelegate):
    """The ground of every cell, and plain text on it. The kinds of cell add what is theirs in `paint_cell`."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme
        self.text_font = look.font()
        self._metrics = QFontMetrics(self.text_font)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Qt: all rows are of one height."""
        return QSize(0, look.ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt: draw one cell."""
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, self.theme.colour("selection"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, self.theme.colour("hover"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, self.theme.colour("line", 150))
        if chosen and index.column() == 0:
            painter.fillRect(rect.left(), rect.top(), 3, rect.height() - 1, self.theme.colour("accent"))
        painter.save()
        self.paint_cell(painter, rect.adjusted(look.S, 0, -look.S, -1), index)
        painter.restore()

    def paint_cell(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Draw the content into `rect`."""
        column = COLUMNS[index.column()]
        episode: Episode = index.data(EPISODE_ROLE)
        painter.setFont(self.text_font)
        failed = episode.state is State.FAILED and column.key == "now"
        tone = Tone.BAD if failed else Tone.TEXT if column.look is Look.TEXT else Tone.NEUTRAL
        painter.setPen(self.theme.colour(tone))
        text = self._metrics.elidedText(index.data(), Qt.TextElideMode.ElideRight, rect.width())
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, text)


class MutedDelegate(CellDelegate):
    """Secondary text, a size smaller."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(theme, parent)
        self.text_font = look.font(look.SECONDARY)
        self._metrics = QFontMetrics(self.text_font)


class StateDelegate(CellDelegate):
    """The state as a chip: icon and word, never colour alone."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(theme, parent)
        self._font = look.font(look.SECONDARY, QFont.Weight.Medium)
        self._chip_metrics = QFontMetrics(self._font)

    def paint_cell(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Draw the chip."""
        word: str = index.data()
        icon, tone = state_look(index.data(EPISODE_ROLE))
        width = min(rect.width(), self._chip_metrics.horizontalAdvance(word) + CHIP_ICON + 24)
        top = rect.top() + (rect.height() - look.CHIP_HEIGHT) / 2
        chip = QRectF(rect.left() + 0.5, top + 0.5, width - 1, look.CHIP_HEIGHT - 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.theme.colour(tone, 110))
        painter.setBrush(self.theme.colour(tone, 30))
        painter.drawRoundedRect(chip, chip.height() / 2, chip.height() / 2)
        pixmap = self.theme.pixmap(icon, tone, CHIP_ICON, painter.device().devicePixelRatioF())
        painter.drawPixmap(int(chip.left()) + 8, round(top + (look.CHIP_HEIGHT - CHIP_ICON) / 2), pixmap)
        painter.setFont(self._font)
        painter.setPen(self.theme.colour(tone))
        painter.drawText(chip.adjusted(8 + CHIP_ICON + 4, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, word)


class StageDelegate(CellDelegate):
    """Four strokes."""

    def paint_cell(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Draw the strokes, the one under way as far as it is."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        gap, height = 4.0, 5.0
        width = (min(rect.width(), 92) - gap * (COUNT - 1)) / COUNT
        top = rect.center().y() - height / 2 + 0.5
        for place, stroke in enumerate(strokes(index.data(EPISODE_ROLE), index.data(PROGRESS_ROLE))):
            ground = QRectF(rect.left() + place * (width + gap), top, width, height)
            painter.setBrush(self.theme.colour("line"))
            painter.drawRoundedRect(ground, height / 2, height / 2)
            if stroke.fraction > 0:
                ground.setWidth(max(height, width * stroke.fraction))
                painter.setBrush(self.theme.colour(stroke.tone))
                painter.drawRoundedRect(ground, height / 2, height / 2)


class StripDelegate(CellDelegate):
    """The sound strip; while it is being heard, what was not heard yet is dim."""

    def __init__(self, theme: Theme, strips: StripPainter, parent: QObject) -> None:
        super().__init__(theme, parent)
        self._strips = strips

    def paint_cell(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Draw the strip, or the line on which it will stand."""
        episode: Episode = index.data(EPISODE_ROLE)
        if not episode.strip:
            painter.fillRect(rect.left(), rect.center().y(), rect.width(), 1, self.theme.colour("line"))
            return
        area = rect.adjusted(0, 6, 0, -5)
        scale = painter.device().devicePixelRatioF()
        heard = self._heard(episode, index.data(PROGRESS_ROLE))
        if heard < 1:
            dim = self._strips.pixmap(episode.strip, (), area.size(), scale, dim=True)
            painter.drawPixmap(area.topLeft(), dim)
            painter.setClipRect(QRectF(area.left(), area.top(), area.width() * heard, area.height()))
        bright = self._strips.pixmap(episode.strip, episode.strip_faults, area.size(), scale, dim=False)
        painter.drawPixmap(area.topLeft(), bright)

    @staticmethod
    def _heard(episode: Episode, progress: float | None) -> float:
        """The share of the sound that was listened to."""
        if episode.stage is not Stage.CHECK or episode.state not in {State.QUEUED, State.WORKING}:
            return 1.0
        return progress or 0.0


def delegate_for(kind: Look, theme: Theme, strips: StripPainter, parent: QObject) -> CellDelegate:
    """The delegate that draws cells of that kind."""
    match kind:
        case Look.STATE:
            return StateDelegate(theme, parent)
        case Look.STAGE:
            return StageDelegate(theme, parent)
        case Look.STRIP:
            return StripDelegate(theme, strips, parent)
        case Look.MUTED:
            return MutedDelegate(theme, parent)
        case Look.TEXT:
            return CellDelegate(theme, parent)
