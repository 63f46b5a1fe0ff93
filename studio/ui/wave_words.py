"""The row under the large wave: the script's words where they are legible, the bad ones bold and underlined."""

from bisect import bisect_left, insort
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath

from studio.domain.hearing import TimedWord
from studio.ui import theme as look
from studio.ui.theme import Theme, Tone
from studio.ui.time_scale import TimeScale
from studio.ui.word_line import BAD

_GAP = 5.0  # pixels between two words
_BASE = 17.0  # of the letters, from the top of the row


def paint_words(painter: QPainter, theme: Theme, words: Sequence[TimedWord], scale: TimeScale, row: QRectF) -> None:
    """As many as there is room for, and none cut at an edge. Bad words are placed first: they are to be seen."""
    plain, bold = look.font(look.SECONDARY), look.font(look.SECONDARY, look.SEMIBOLD)
    metrics = {False: QFontMetricsF(plain), True: QFontMetricsF(bold)}
    taken: list[tuple[float, float]] = []
    for word in sorted(words, key=lambda word: word.match not in BAD):
        bad = word.match in BAD
        width = metrics[bad].horizontalAdvance(word.text)
        middle = scale.x((word.start_s + word.end_s) / 2)
        if not row.left() <= middle <= row.right():
            continue
        left = max(row.left(), min(middle - width / 2, row.right() - width))
        place = bisect_left(taken, (left,))
        beside = taken[max(0, place - 1) : place + 1]
        if any(left < end + _GAP and start - _GAP < left + width for start, end in beside):
            continue
        insort(taken, (left, left + width))
        painter.setFont(bold if bad else plain)
        painter.setPen(theme.colour(Tone.BAD if bad else Tone.NEUTRAL))
        base = row.top() + _BASE
        painter.drawText(QPointF(left, base), word.text)
        if bad:
            _wavy(painter, left, left + width, base + 4)


def paint_hint(painter: QPainter, theme: Theme, row: QRectF, *, any_words: bool) -> None:
    """What would be there: words, once the view is close enough, or once the episode is heard."""
    painter.setFont(look.font(look.SMALL))
    painter.setPen(theme.colour("muted"))
    words = "Zoom in to read the script's words here" if any_words else "Not heard yet: no words to show"
    painter.drawText(row, Qt.AlignmentFlag.AlignCenter, words)


def _wavy(painter: QPainter, left: float, right: float, y: float) -> None:
    path = QPainterPath(QPointF(left, y))
    x, up = left, True
    while x < right:
        x = min(right, x + 2.5)
        path.lineTo(x, y - 1.5 if up else y + 0.5)
        up = not up
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
