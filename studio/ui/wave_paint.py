"""Draws the large wave: bars, suspect places, loudness, chapters, times; the words under it are in `wave_words`."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from studio.domain.sound import Peaks
from studio.ui import theme as look
from studio.ui import wording
from studio.ui.places import Place, lightest_first
from studio.ui.theme import SEVERITY_TONES, Theme
from studio.ui.time_scale import TimeScale
from studio.ui.wave_bars import STEP, Bar, bars
from studio.ui.wave_words import paint_hint, paint_words
from studio.ui.word_line import WordLine

BAR = 2.0  # pixels of a bar; the rest of its step is the gap
TICKS, WORDS = 18, 26  # heights of the rows above and below the wave
QUIETEST, LOUDEST = -40.0, -4.0  # LUFS at the foot and the top of the loudness curve
NO_LOUDNESS = 255
DASH = 4.0  # pixels of a dash of the loudness curve, and of the gap after it
WORDS_FROM = 1 / 70  # seconds a pixel from which words are legible
_SHADE, _EXTREME = 0.15, 0.37  # how much of its colour a suspect place, and the extremes of a bar, show
_SLIVER = 4.0  # pixels: a place that is no wider has no edges
_LEAST_TITLE = 24  # pixels: less holds no letters


@dataclass(frozen=True, slots=True)
class WaveContent:
    """What is drawn of one take."""

    peaks: Peaks
    places: tuple[Place, ...] = ()
    words: WordLine = field(default_factory=WordLine)
    chapters: tuple[tuple[float, str], ...] = ()


def wave_area(width: float, height: float) -> QRectF:
    """Where the wave itself stands."""
    return QRectF(0, TICKS, width, max(1.0, height - TICKS - WORDS))


def mixed(ground: QColor, ink: QColor, share: float) -> QColor:
    """`ink` laid over `ground`. Drawn as one solid colour it costs a tenth of what a translucent one does."""
    return QColor(
        round(ground.red() + (ink.red() - ground.red()) * share),
        round(ground.green() + (ink.green() - ground.green()) * share),
        round(ground.blue() + (ink.blue() - ground.blue()) * share),
    )


def paint_wave(painter: QPainter, theme: Theme, content: WaveContent, scale: TimeScale, area: QRectF) -> None:
    """Everything that stays where it is while the playhead moves."""
    painter.fillRect(area, theme.colour("background"))
    _places(painter, theme, content.places, scale, area)
    painter.setPen(QPen(theme.colour("line"), 1))
    painter.drawLine(QLineF(area.left(), area.center().y(), area.right(), area.center().y()))
    _bars(painter, theme, content, scale, area)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _loudness(painter, theme, content.peaks.loudness, scale, area)
    _chapters(painter, theme, content.chapters, scale, area)
    _names(painter, theme, content.places, scale, area)
    _frame(painter, theme, area)
    _ruler(painter, theme, scale, area)
    row = QRectF(area.left(), area.bottom(), area.width(), WORDS)
    if scale.per_pixel <= WORDS_FROM:
        paint_words(painter, theme, content.words.in_view(scale.start, scale.end), scale, row)
    else:
        paint_hint(painter, theme, row, any_words=len(content.words) > 0)


def _frame(painter: QPainter, theme: Theme, area: QRectF) -> None:
    """Rounds the corners off what was filled as a plain rectangle, which is much the faster."""
    edge = area.adjusted(0.5, 0.5, -0.5, -0.5)
    corners, inner = QPainterPath(), QPainterPath()
    corners.addRect(area)
    inner.addRoundedRect(edge, look.RADIUS, look.RADIUS)
    painter.fillPath(corners.subtracted(inner), theme.colour("panel"))
    painter.setPen(QPen(theme.colour("line"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(edge, look.RADIUS, look.RADIUS)


def _ruler(painter: QPainter, theme: Theme, scale: TimeScale, area: QRectF) -> None:
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
            left = x + 4 if x < 1 else x - 15 if x > 15 else x
            if left + painter.fontMetrics().horizontalAdvance(label) <= area.right():
                painter.drawText(QPointF(left, area.top() - 6), label)
        number += 1


def _span(place: Place, scale: TimeScale) -> tuple[float, float]:
    left, right = scale.x(place.start_s), scale.x(place.end_s)
    short = max(0.0, 3.0 - (right - left)) / 2
    return left - short, right + short


def _in_view(found: Sequence[Place], scale: TimeScale) -> list[Place]:
    return [place for place in found if place.end_s >= scale.start and place.start_s <= scale.end]


def _places(painter: QPainter, theme: Theme, found: Sequence[Place], scale: TimeScale, area: QRectF) -> None:
    ground = theme.colour("background")
    inks = {severity: theme.colour(tone) for severity, tone in SEVERITY_TONES.items()}
    shades = {severity: mixed(ground, ink, _SHADE) for severity, ink in inks.items()}
    slivers = {severity: mixed(ground, ink, 0.5) for severity, ink in inks.items()}
    for place in lightest_first(_in_view(found, scale)):
        left, right = _span(place, scale)
        severity = place.finding.severity
        if right - left <= _SLIVER:
            painter.fillRect(QRectF(left, area.top(), right - left, area.height()), slivers[severity])
            continue
        box = QRectF(left, area.top(), right - left, area.height()).intersected(area)
        painter.fillRect(box, shades[severity])
        for edge in (left, right - 1):
            if area.left() <= edge < area.right():
                painter.fillRect(QRectF(edge, area.top(), 1, area.height()), inks[severity])


def _bars(painter: QPainter, theme: Theme, content: WaveContent, scale: TimeScale, area: QRectF) -> None:
    """In whole device pixels, so that every bar and every gap is as sharp and as wide as the next."""
    ratio = painter.device().devicePixelRatioF()
    step, wide = max(2, round(STEP * ratio)), max(1, round(BAR * ratio))
    middle, reach = round(area.center().y() * ratio), (area.height() / 2 - 4) * ratio
    shown = list(bars(content.peaks, scale, step / ratio))
    extremes: dict[str, list[QRect]] = {}
    means: dict[str, list[QRect]] = {}
    for bar, tone in zip(shown, tones(content.places, scale, shown, "wave"), strict=True):
        x = round(bar.x * ratio)
        extremes.setdefault(tone, []).append(_box(x, wide, middle, bar.low * reach, bar.high * reach))
        means.setdefault(tone, []).append(_box(x, wide, middle, bar.mean_low * reach, bar.mean_high * reach))
    painter.save()
    painter.scale(1 / ratio, 1 / ratio)
    painter.setPen(Qt.PenStyle.NoPen)
    ground = theme.colour("background")
    for boxes_by_tone, share in ((extremes, _EXTREME), (means, 1.0)):
        for tone, boxes in boxes_by_tone.items():
            painter.setBrush(mixed(ground, theme.colour(tone), share))
            painter.drawRects(boxes)
    painter.restore()


def tones(found: Sequence[Place], scale: TimeScale, shown: Sequence[Bar], plain: str) -> list[str]:
    """What each bar is coloured in: `plain`, or as the suspect place that it touches, the worse or later of two."""
    names = [plain] * len(shown)
    if len(shown) > 1:
        first_s, step_s = shown[0].at, shown[1].at - shown[0].at
        for place in lightest_first(_in_view(found, scale)):
            first = max(0, int((place.start_s - first_s) / step_s))
            last = min(len(shown) - 1, int((place.end_s - first_s) / step_s))
            names[first : last + 1] = [SEVERITY_TONES[place.finding.severity].value] * max(0, last + 1 - first)
    return names


def _box(x: int, wide: int, middle: int, low: float, high: float) -> QRect:
    up, down = max(1, round(high / 127)), max(1, round(-low / 127))
    return QRect(x, middle - up, wide, up + down)


def _loudness(painter: QPainter, theme: Theme, loudness: bytes, scale: TimeScale, area: QRectF) -> None:
    dashes: list[QLineF] = []
    last: QPointF | None = None
    stride = max(1, int(scale.per_pixel * 2 * DASH))
    first, end = max(0, int(scale.start) - 2 * stride), min(len(loudness), int(scale.end) + 2 * stride + 1)
    for second in range(first - first % stride, end, stride):
        heard = [value for value in loudness[second : second + stride] if value != NO_LOUDNESS]
        if not heard:
            last = None
            continue
        lufs = -(sum(heard) / len(heard)) / 2
        share = (min(LOUDEST, max(QUIETEST, lufs)) - QUIETEST) / (LOUDEST - QUIETEST)
        point = QPointF(scale.x(second + stride / 2), area.bottom() - share * area.height())
        if last is not None:
            count = max(1, round((point.x() - last.x()) / (2 * DASH)))
            way = (point - last) / count
            dashes += [QLineF(last + way * number, last + way * (number + 0.5)) for number in range(count)]
        last = point
    pen = QPen(theme.colour("text", 150), 1.3)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawLines([dash for dash in dashes if dash.x1() >= area.left() and dash.x2() <= area.right()])


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
            painter.fillRect(QRectF(left, area.top(), 1, area.height()), theme.colour("info"))
        room = right - max(left, area.left()) - 12
        if room > _LEAST_TITLE:
            shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room)
            box = QRectF(max(left, area.left()) + 5, area.bottom() - 18, metrics.horizontalAdvance(shown) + 6, 15)
            painter.fillRect(box, theme.colour("background", 190))
            painter.setPen(theme.colour("info"))
            painter.drawText(box.adjusted(3, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, shown)


def _names(painter: QPainter, theme: Theme, found: Sequence[Place], scale: TimeScale, area: QRectF) -> None:
    font = look.font(look.SMALL, look.SEMIBOLD)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    widths: dict[str, float] = {}
    free = area.left()
    for place in _in_view(found, scale):
        left = max(_span(place, scale)[0], area.left()) + 4
        if left < free:
            continue
        name = wording.FINDING_NAMES[place.finding.kind].lower()
        if name not in widths:
            widths[name] = metrics.horizontalAdvance(name)
        width = widths[name]
        if left + width > area.right() - 2:
            continue
        free = left + width + 10
        box = QRectF(left - 2, area.top() + 3, width + 4, 15)
        painter.fillRect(box, theme.colour("background", 190))
        painter.setPen(theme.colour(SEVERITY_TONES[place.finding.severity]))
        painter.drawText(box.adjusted(2, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, name)
