"""Draws the large wave: extremes out of the pyramid, suspect places, loudness, chapters, words and times."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen

from studio.domain.hearing import Match, TimedWord
from studio.domain.sound import PeakLevel, Peaks
from studio.ui import theme as look
from studio.ui import wording
from studio.ui.places import Place
from studio.ui.theme import SEVERITY_TONES, Theme, Tone
from studio.ui.time_scale import TimeScale

BAR, STEP = 2.0, 3.0
FINER = 8  # bins a bar, where there are that many: their extremes and their mean are both drawn
TICKS, WORDS = 18, 26  # heights of the rows above and below the wave
QUIETEST, LOUDEST = -40.0, -4.0  # LUFS at the foot and the top of the loudness curve
NO_LOUDNESS = 255
WORDS_FROM = 1 / 70  # seconds a pixel from which words are legible


@dataclass(frozen=True, slots=True)
class WaveContent:
    """What is drawn of one episode."""

    peaks: Peaks
    places: tuple[Place, ...] = ()
    words: tuple[TimedWord, ...] = ()
    chapters: tuple[tuple[float, str], ...] = ()


def level_for(peaks: Peaks, per_pixel: float) -> PeakLevel:
    """The coarsest level that still gives every bar a bin of its own; the finest where none does."""
    wanted = per_pixel * STEP
    fitting = [level for level in peaks.levels if level.bin_s <= wanted]
    return fitting[-1] if fitting else peaks.levels[0]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar at pixel `x`, second `at`: its extremes, and their mean over the bins within it (full scale is 127)."""

    x: float
    at: float
    low: int
    high: int
    mean_low: float
    mean_high: float


def bars(peaks: Peaks, scale: TimeScale) -> Iterator[Bar]:
    """Every bar in view. Bars keep their seconds when the view moves, so nothing shimmers."""
    level = level_for(peaks, scale.per_pixel / FINER)
    low, high = memoryview(level.low).cast("b"), memoryview(level.high).cast("b")
    seconds = STEP * scale.per_pixel
    first, last = int(scale.start / seconds), int(min(scale.end, peaks.duration_s) / seconds) + 1
    for number in range(first, last + 1):
        at = number * seconds
        a = int(at / level.bin_s)
        b = max(a + 1, int((at + seconds) / level.bin_s))
        lows, highs = low[a:b].tolist(), high[a:b].tolist()
        if not lows:
            return
        count = len(lows)
        yield Bar(scale.x(at), at, min(lows), max(highs), sum(lows) / count, sum(highs) / count)


def wave_area(width: float, height: float) -> QRectF:
    """Where the wave itself stands."""
    return QRectF(0, TICKS, width, max(1.0, height - TICKS - WORDS))


def paint_wave(painter: QPainter, theme: Theme, content: WaveContent, scale: TimeScale, area: QRectF) -> None:
    """Everything that stays where it is while the playhead moves."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _ground(painter, theme, scale, area)
    _places(painter, theme, content.places, scale, area)
    _bars(painter, theme, content, scale, area)
    _loudness(painter, theme, content.peaks.loudness, scale, area)
    _chapters(painter, theme, content.chapters, scale, area)
    _names(painter, theme, content.places, scale, area)
    if scale.per_pixel <= WORDS_FROM:
        _words(painter, theme, content.words, scale, area)
    else:
        _hint(painter, theme, area)


def _ground(painter: QPainter, theme: Theme, scale: TimeScale, area: QRectF) -> None:
    painter.setPen(QPen(theme.colour("line"), 1))
    painter.setBrush(theme.colour("background"))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), look.RADIUS, look.RADIUS)
    painter.drawLine(QLineF(area.left(), area.center().y(), area.right(), area.center().y()))
    painter.setFont(look.font(look.SMALL))
    step = scale.tick_step()
    number = int(scale.start / step)
    while (at := number * step) <= min(scale.end, scale.duration):
        x = scale.x(at)
        if x >= 0:
            painter.setPen(theme.colour("line"))
            painter.drawLine(QLineF(x, area.top() - 4, x, area.top()))
            painter.setPen(theme.colour("muted"))
            label = wording.length(at) if step >= 1 else wording.moment(at)
            painter.drawText(QPointF(x + 4 if x < 1 else x - 15 if x > 15 else x, area.top() - 6), label)
        number += 1


def _span(place: Place, scale: TimeScale) -> tuple[float, float]:
    left, right = scale.x(place.start_s), scale.x(place.end_s)
    short = max(0.0, 3.0 - (right - left)) / 2
    return left - short, right + short


def _in_view(found: Sequence[Place], scale: TimeScale) -> list[Place]:
    return [place for place in found if place.end_s >= scale.start and place.start_s <= scale.end]


def _places(painter: QPainter, theme: Theme, found: Sequence[Place], scale: TimeScale, area: QRectF) -> None:
    for place in _in_view(found, scale):
        left, right = _span(place, scale)
        tone = SEVERITY_TONES[place.finding.severity]
        box = QRectF(left, area.top(), right - left, area.height()).intersected(area)
        painter.fillRect(box, theme.colour(tone, 38))
        painter.setPen(QPen(theme.colour(tone), 1))
        for edge in (left, right):
            if area.left() <= edge <= area.right():
                painter.drawLine(QLineF(edge, area.top(), edge, area.bottom()))


def _bars(painter: QPainter, theme: Theme, content: WaveContent, scale: TimeScale, area: QRectF) -> None:
    middle, reach = area.center().y(), area.height() / 2 - 4
    spans = [(place.start_s, place.end_s, SEVERITY_TONES[place.finding.severity]) for place in content.places]
    spans = [span for span in spans if span[1] >= scale.start and span[0] <= scale.end]
    width_s = STEP * scale.per_pixel
    painter.setPen(Qt.PenStyle.NoPen)
    extremes: dict[str, list[QRectF]] = {}
    means: dict[str, list[QRectF]] = {}
    for bar in bars(content.peaks, scale):
        inside = [tone for start, end, tone in spans if start < bar.at + width_s and bar.at <= end]
        tone = inside[-1] if inside else "wave"
        extremes.setdefault(tone, []).append(_box(bar.x, middle, bar.low * reach, bar.high * reach))
        means.setdefault(tone, []).append(_box(bar.x, middle, bar.mean_low * reach, bar.mean_high * reach))
    painter.save()
    painter.setClipRect(area.adjusted(1, 1, -1, -1))
    for boxes_by_tone, alpha in ((extremes, 95), (means, 255)):
        for tone, boxes in boxes_by_tone.items():
            painter.setBrush(theme.colour(tone, alpha))
            painter.drawRects(boxes)
    painter.restore()


def _box(x: float, middle: float, low: float, high: float) -> QRectF:
    up, down = max(0.6, high / 127), max(0.6, -low / 127)
    return QRectF(x, middle - up, BAR, up + down)


def _loudness(painter: QPainter, theme: Theme, loudness: bytes, scale: TimeScale, area: QRectF) -> None:
    path, drawing = QPainterPath(), False
    first, last = max(0, int(scale.start) - 1), min(len(loudness), int(scale.end) + 2)
    stride = max(1, int(scale.per_pixel * 4))
    for second in range(first - first % stride, last, stride):
        heard = [value for value in loudness[second : second + stride] if value != NO_LOUDNESS]
        if not heard:
            drawing = False
            continue
        lufs = -(sum(heard) / len(heard)) / 2
        share = (min(LOUDEST, max(QUIETEST, lufs)) - QUIETEST) / (LOUDEST - QUIETEST)
        point = QPointF(scale.x(second + stride / 2), area.bottom() - share * area.height())
        if drawing:
            path.lineTo(point)
        else:
            path.moveTo(point)
        drawing = True
    painter.save()
    painter.setClipRect(area)
    pen = QPen(theme.colour("text", 150), 1.2, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([3, 3])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.restore()


def _chapters(
    painter: QPainter, theme: Theme, chapters: Sequence[tuple[float, str]], scale: TimeScale, area: QRectF
) -> None:
    font = look.font(look.SMALL)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    for number, (at, title) in enumerate(chapters):
        end = chapters[number + 1][0] if number + 1 < len(chapters) else scale.duration
        left, right = scale.x(at), min(area.right(), scale.x(end))
        if right < area.left() or left > area.right():
            continue
        if left >= area.left():
            painter.setPen(QPen(theme.colour("info"), 1))
            painter.drawLine(QLineF(left, area.top() + 1, left, area.bottom() - 1))
        room = right - max(left, area.left()) - 12
        if room > 24:  # pixels: less holds no letters
            shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room)
            box = QRectF(max(left, area.left()) + 5, area.bottom() - 18, metrics.horizontalAdvance(shown) + 6, 15)
            painter.fillRect(box, theme.colour("background", 190))
            painter.setPen(theme.colour("info"))
            painter.drawText(box.adjusted(3, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, shown)


def _names(painter: QPainter, theme: Theme, found: Sequence[Place], scale: TimeScale, area: QRectF) -> None:
    font = look.font(look.SMALL, look.SEMIBOLD)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    free = area.left()
    for place in _in_view(found, scale):
        left = max(_span(place, scale)[0], area.left()) + 4
        name = wording.FINDING_NAMES[place.finding.kind].lower()
        width = metrics.horizontalAdvance(name)
        if left < free or left + width > area.right() - 2:
            continue
        free = left + width + 10
        box = QRectF(left - 2, area.top() + 3, width + 4, 15)
        painter.fillRect(box, theme.colour("background", 190))
        painter.setPen(theme.colour(SEVERITY_TONES[place.finding.severity]))
        painter.drawText(box.adjusted(2, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, name)


def _words(painter: QPainter, theme: Theme, words: Sequence[TimedWord], scale: TimeScale, area: QRectF) -> None:
    plain, bold = look.font(look.SECONDARY), look.font(look.SECONDARY, look.SEMIBOLD)
    plain_metrics, bold_metrics = QFontMetricsF(plain), QFontMetricsF(bold)
    shown = [word for word in words if word.end_s >= scale.start and word.start_s <= scale.end]
    taken: list[tuple[float, float]] = []
    # Bad words are placed first: where there is no room for all, they are the ones to be seen.
    for word in sorted(shown, key=lambda word: word.match not in {Match.MISREAD, Match.MISSING}):
        bad = word.match in {Match.MISREAD, Match.MISSING}
        width = (bold_metrics if bad else plain_metrics).horizontalAdvance(word.text)
        left = scale.x((word.start_s + word.end_s) / 2) - width / 2
        if any(left < end + 5 and start - 5 < left + width for start, end in taken):
            continue
        taken.append((left, left + width))
        painter.setFont(bold if bad else plain)
        painter.setPen(theme.colour(Tone.BAD if bad else Tone.NEUTRAL))
        base = area.bottom() + 17
        painter.drawText(QPointF(left, base), word.text)
        if bad:
            _wavy(painter, left, left + width, base + 4)


def _wavy(painter: QPainter, left: float, right: float, y: float) -> None:
    path = QPainterPath(QPointF(left, y))
    x, up = left, True
    while x < right:
        x = min(right, x + 2.5)
        path.lineTo(x, y - 1.5 if up else y + 0.5)
        up = not up
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def _hint(painter: QPainter, theme: Theme, area: QRectF) -> None:
    painter.setFont(look.font(look.SMALL))
    painter.setPen(theme.colour("faint"))
    row = QRectF(area.left(), area.bottom(), area.width(), WORDS)
    painter.drawText(row, Qt.AlignmentFlag.AlignCenter, "Scroll to zoom in: the script's words appear here")
