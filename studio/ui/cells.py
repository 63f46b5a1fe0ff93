"""How the cells of the batch table are drawn."""

from collections import OrderedDict

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPixmap, QStaticText, QTextOption

from studio.domain.episode import Episode, Stage, State, StripFault
from studio.domain.findings import Verdict
from studio.ui import theme as look
from studio.ui import wording
from studio.ui.columns import Column, Look
from studio.ui.live import Live
from studio.ui.stamps import Stamps
from studio.ui.strip import draw_strip
from studio.ui.strokes import COUNT, strokes
from studio.ui.theme import Theme, Tone, state_look

CHIP_ICON = 12
VERDICT_TONES = {
    Verdict.PASS: Tone.GOOD,
    Verdict.REVIEW: Tone.LOOK,
    Verdict.FAIL: Tone.BAD,
    Verdict.INCONCLUSIVE: Tone.INFO,
}
KEPT = 1500  # lines of text; some six screens of rows


class Lines:
    """Draws single lines, cut off with an ellipsis, and keeps the last ones: shaping them is what scrolling costs."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self._metrics = QFontMetrics(font)
        self._option = QTextOption()
        self._option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        self._option.setWrapMode(QTextOption.WrapMode.NoWrap)
        self._kept: OrderedDict[tuple[str, int], tuple[QStaticText, float]] = OrderedDict()
        self._height = self._metrics.height()

    def draw(self, painter: QPainter, rect: QRect, text: str, *, right: bool = False) -> None:
        """`text` in the middle of the height of `rect`, in the painter's pen."""
        key = (text, rect.width())
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = self._made(text, rect.width())
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        line, width = kept
        left = rect.left() + rect.width() - width if right else rect.left()
        painter.setFont(self.font)
        painter.drawStaticText(QPointF(left, rect.top() + (rect.height() - self._height) // 2), line)

    def width(self, text: str) -> int:
        """How wide `text` is, in logical pixels."""
        return self._metrics.horizontalAdvance(text)

    def _made(self, text: str, width: int) -> tuple[QStaticText, float]:
        line = QStaticText(self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, width))
        line.setTextFormat(Qt.TextFormat.PlainText)
        line.setTextOption(self._option)
        line.prepare(font=self.font)
        return line, line.size().width()


class CellPainter:
    """Plain text. The other kinds of cell draw what is theirs."""

    def __init__(self, theme: Theme, column: Column, lines: Lines) -> None:
        self.theme = theme
        self.column = column
        self.lines = lines

    def draw(self, painter: QPainter, rect: QRect, episode: Episode, live: Live) -> None:
        """Draw the content into `rect`. Painters leave antialiasing, pen, brush and font as they please."""
        now = self.column.key == "now"
        failed, held_up = now and episode.state is State.FAILED, now and wording.held_up(episode)
        tone = (
            Tone.BAD
            if failed
            else Tone.LOOK
            if held_up
            else Tone.TEXT
            if self.column.look is Look.TEXT
            else Tone.NEUTRAL
        )
        painter.setPen(self.theme.colour(tone))
        self.lines.draw(painter, rect, self.column.said(episode, live), right=self.column.right)


class VerdictPainter(CellPainter):
    """The word of the checks, in its tone."""

    def draw(self, painter: QPainter, rect: QRect, episode: Episode, live: Live) -> None:
        """Draw the word."""
        tone = VERDICT_TONES[episode.verdict] if episode.verdict else Tone.NEUTRAL
        painter.setPen(self.theme.colour(tone))
        self.lines.draw(painter, rect, self.column.said(episode, live))


class StatePainter(CellPainter):
    """The state as a chip: icon and word, never colour alone."""

    def __init__(self, theme: Theme, column: Column, lines: Lines, stamps: Stamps) -> None:
        super().__init__(theme, column, lines)
        self._stamps = stamps

    def draw(self, painter: QPainter, rect: QRect, episode: Episode, live: Live) -> None:
        """Draw the chip."""
        word = self.column.said(episode, live)
        icon, tone = state_look(episode)
        scale = painter.device().devicePixelRatioF()

        def draw(stamp: QPainter) -> None:
            width = min(rect.width(), self.lines.width(word) + CHIP_ICON + 24)
            chip = QRectF(0.5, 0.5, width - 1, look.CHIP_HEIGHT - 1)
            stamp.setPen(self.theme.colour(tone, 110))
            stamp.setBrush(self.theme.colour(tone, look.CHIP_TINT))
            stamp.drawRoundedRect(chip, chip.height() / 2, chip.height() / 2)
            pixmap = self.theme.pixmap(icon, tone, CHIP_ICON, scale)
            stamp.drawPixmap(8, (look.CHIP_HEIGHT - CHIP_ICON) // 2, pixmap)
            stamp.setPen(self.theme.colour(tone))
            room = QRect(8 + CHIP_ICON + 4, 0, width - CHIP_ICON - 18, look.CHIP_HEIGHT)
            self.lines.draw(stamp, room, word)

        made = self._stamps.get((word, icon, tone), QSize(rect.width(), look.CHIP_HEIGHT), scale, draw)
        painter.drawPixmap(rect.left(), rect.top() + (rect.height() - look.CHIP_HEIGHT) // 2, made)


class StagePainter(CellPainter):
    """Four strokes."""

    def __init__(self, theme: Theme, column: Column, lines: Lines, stamps: Stamps) -> None:
        super().__init__(theme, column, lines)
        self._stamps = stamps

    def draw(self, painter: QPainter, rect: QRect, episode: Episode, live: Live) -> None:
        """Draw the strokes, the one under way as far as it is."""
        # In hundredths, so that rows whose stages are equally far share a picture.
        shown = strokes(episode, None if live.fraction is None else round(live.fraction, 2))
        gap, height = 4.0, 5.0

        def draw(stamp: QPainter) -> None:
            stamp.setPen(Qt.PenStyle.NoPen)
            width = (min(rect.width(), 92) - gap * (COUNT - 1)) / COUNT
            for place, stroke in enumerate(shown):
                ground = QRectF(place * (width + gap), 0.5, width, height)
                stamp.setBrush(self.theme.colour("line"))
                stamp.drawRoundedRect(ground, height / 2, height / 2)
                if stroke.fraction > 0:
                    ground.setWidth(max(height, width * stroke.fraction))
                    stamp.setBrush(self.theme.colour(stroke.tone))
                    stamp.drawRoundedRect(ground, height / 2, height / 2)

        made = self._stamps.get(shown, QSize(rect.width(), 6), painter.device().devicePixelRatioF(), draw)
        painter.drawPixmap(rect.left(), rect.center().y() - 2, made)


class StripCellPainter(CellPainter):
    """The sound strip; while it is being heard, what was not heard yet is dim."""

    def __init__(self, theme: Theme, column: Column, lines: Lines, stamps: Stamps) -> None:
        super().__init__(theme, column, lines)
        self._stamps = stamps

    def draw(self, painter: QPainter, rect: QRect, episode: Episode, live: Live) -> None:
        """Draw the strip, or the line on which it will stand."""
        if not episode.strip:
            painter.fillRect(rect.left(), rect.center().y(), rect.width(), 1, self.theme.colour("line"))
            return
        area = rect.adjusted(0, 6, 0, -5)
        scale = painter.device().devicePixelRatioF()
        heard = self._heard(episode, live)
        bright = self._stamp(episode.strip, episode.strip_faults, area.size(), scale, dim=False)
        if heard == 1:
            painter.drawPixmap(area.topLeft(), bright)
            return
        painter.drawPixmap(area.topLeft(), self._stamp(episode.strip, (), area.size(), scale, dim=True))
        painter.save()
        painter.setClipRect(QRectF(area.left(), area.top(), area.width() * heard, area.height()))
        painter.drawPixmap(area.topLeft(), bright)
        painter.restore()

    def _stamp(self, strip: bytes, faults: tuple[StripFault, ...], size: QSize, scale: float, *, dim: bool) -> QPixmap:
        def draw(stamp: QPainter) -> None:
            draw_strip(stamp, self.theme, strip, faults, size, dim=dim)

        return self._stamps.get((strip, faults, dim), size, scale, draw)

    @staticmethod
    def _heard(episode: Episode, live: Live) -> float:
        """The share of the sound that was listened to."""
        if episode.stage is not Stage.CHECK or episode.state not in {State.QUEUED, State.WORKING}:
            return 1.0
        return live.fraction or 0.0


def cell_painters(theme: Theme, columns: tuple[Column, ...], stamps: Stamps) -> list[CellPainter]:
    """Who draws the cells of each column."""
    text, muted = Lines(look.font()), Lines(look.font(look.SECONDARY))
    chips = Lines(look.font(look.SECONDARY, QFont.Weight.Medium))
    made: list[CellPainter] = []
    for column in columns:
        match column.look:
            case Look.STATE:
                made.append(StatePainter(theme, column, chips, stamps))
            case Look.STAGE:
                made.append(StagePainter(theme, column, text, stamps))
            case Look.STRIP:
                made.append(StripCellPainter(theme, column, text, stamps))
            case Look.VERDICT:
                made.append(VerdictPainter(theme, column, text))
            case Look.MUTED:
                made.append(CellPainter(theme, column, muted))
            case Look.TEXT:
                made.append(CellPainter(theme, column, text))
    return made
