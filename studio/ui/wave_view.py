"""The hands on the large wave: zoom at the pointer, mark a stretch, click to go there, hear a place."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from studio.ui.places import Place
from studio.ui.selection import Selection
from studio.ui.theme import Theme
from studio.ui.wave_canvas import ZOOM_STEP, WaveCanvas
from studio.ui.wave_keys import arrow_goal
from studio.ui.wave_paint import TICKS
from studio.ui.wave_tip import tip

NOTCH = 120  # of a wheel, in Qt's eighths of a degree
DRAG_FROM = 4  # pixels
EDGE = 5  # pixels beside an end of the selection that take hold of it


@dataclass(slots=True)
class _Drag:
    """A mouse button is held down: what the drag that may come of it is about."""

    from_x: float
    anchor_s: float  # the end of the selection that stays where it is
    moves_view: bool
    begun: bool = False


class WaveView(WaveCanvas):
    """Mouse, wheel, trackpad and keys; says where they lead."""

    sought = Signal(float)  # seconds
    place_chosen = Signal(int)  # index of a finding

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._drag: _Drag | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def set_playhead(self, second: float, *, follow: bool) -> None:
        """Move the playhead; the view follows it only while no hand is on it."""
        super().set_playhead(second, follow=follow and self._drag is None)

    def focusInEvent(self, _event: QFocusEvent) -> None:
        """Qt: show that the keys go here."""
        self.update()

    def focusOutEvent(self, _event: QFocusEvent) -> None:
        """Qt: show that they no longer do."""
        self.update()

    def event(self, event: QEvent) -> bool:
        """Qt: fingers on a trackpad, and the tool tip, have no handler of their own."""
        if isinstance(event, QNativeGestureEvent) and self._content is not None:
            if event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
                self.show_scale(self._scale.zoomed(event.position().x(), 1 + event.value()))
                return True
            if event.gestureType() is Qt.NativeGestureType.SmartZoomNativeGesture:
                self.zoom(ZOOM_STEP**3, event.position().x())
                return True
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            if self._content is not None:
                said = tip(self._content, self._shown.second(event.x()), 3 * self._shown.per_pixel)
                QToolTip.showText(event.globalPos(), said, self)
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt: zoom at the pointer; move with Shift or a sideways wheel. A trackpad says pixels, and is followed."""
        if self._content is None:
            return
        turn, pixels = event.angleDelta(), event.pixelDelta()
        sideways = abs(turn.x()) > abs(turn.y())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier or sideways:
            by = (pixels.x() or pixels.y()) if not pixels.isNull() else (turn.x() or turn.y()) / NOTCH * 90
            self.show_scale(self._scale.moved(-by * self._scale.per_pixel))
        elif pixels.isNull() and abs(turn.y()) >= NOTCH:
            self.zoom(1.0018 ** turn.y(), event.position().x())
        else:
            self.show_scale(self._scale.zoomed(event.position().x(), 1.0018 ** turn.y()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: the beginning of a click or a drag; with Shift the marked stretch reaches here."""
        if event.button() is not Qt.MouseButton.LeftButton or self._content is None:
            return
        x, selection = event.position().x(), self._selection
        edge = self._edge_at(x)
        anchor = self._shown.second(x)
        if edge is not None:
            anchor = edge
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            held = (selection.start_s, selection.end_s) if selection else (self._playhead,)
            anchor = max(held, key=lambda second: abs(second - anchor))
            self.select(Selection.between(anchor, self._shown.second(x)))
        extends = edge is not None or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._drag = _Drag(x, anchor, moves_view=event.position().y() < TICKS, begun=extends)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: drag the view by its ruler, or mark a stretch."""
        drag, x = self._drag, event.position().x()
        if drag is None:
            self._show_cursor(event.position())
            return
        if not drag.begun and abs(x - drag.from_x) <= DRAG_FROM:
            return
        drag.begun = True
        if drag.moves_view:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.show_scale(self._scale.moved((drag.from_x - x) * self._scale.per_pixel))
            drag.from_x = x
            return
        beyond = min(0.0, x) + max(0.0, x - self.width())
        if beyond:
            self.show_scale(self._scale.moved(beyond * self._scale.per_pixel))
        self.select(Selection.between(drag.anchor_s, self._shown.second(min(max(x, 0.0), float(self.width())))))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: a click goes there, and a stretch that was marked begins there."""
        drag, self._drag = self._drag, None
        if drag is None:
            return
        if not drag.begun and event.button() is Qt.MouseButton.LeftButton:
            self.select(None)
            self.sought.emit(self._shown.second(event.position().x()))
        elif self._selection is not None and not drag.moves_view:
            self.sought.emit(self._selection.start_s)
        self._show_cursor(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Qt: hear the place under the pointer; elsewhere, mark the word there."""
        if self._content is None or event.position().y() < TICKS:
            return
        place = self._place_at(event.position().x())
        word = self._content.words.at(self._shown.second(event.position().x()))
        if place is not None:
            self.place_chosen.emit(place.index)
        elif word is not None:
            self.select(Selection.between(word.start_s, word.end_s))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: arrows go through the time or, with Shift, mark a stretch; Page Up and Down turn pages."""
        if self._content is None:
            super().keyPressEvent(event)
            return
        page = 0.9 * (self._scale.end - self._scale.start)
        goal = arrow_goal(event, self._playhead, self._scale, self._content.words)
        if event.key() in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            self.show_scale(self._scale.moved(page if event.key() == Qt.Key.Key_PageDown else -page))
        elif goal is None:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.extend_selection(goal)
        else:
            self.sought.emit(goal)
            self.hold_span(goal, goal)

    def extend_selection(self, second: float) -> None:
        """Let the marked stretch, which begins at the playhead where there is none, reach to `second`; go there."""
        selection, at = self._selection, self._playhead
        ends = (selection.start_s, selection.end_s) if selection else (at, at)
        anchor = max(ends, key=lambda end: abs(end - at))
        self.select(Selection.between(anchor, second))
        self.sought.emit(second)
        self.hold_span(second, second)

    def _edge_at(self, x: float) -> float | None:
        """Where the pointer holds an end of the selection: the other end."""
        if self._selection is not None:
            start, end = self._selection.start_s, self._selection.end_s
            for edge, other in ((start, end), (end, start)):
                if abs(self._shown.x(edge) - x) <= EDGE:
                    return other
        return None

    def _show_cursor(self, at: QPointF) -> None:
        if self._content is None:
            self.unsetCursor()
        elif at.y() < TICKS:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            over_edge = self._edge_at(at.x()) is not None
            self.setCursor(Qt.CursorShape.SizeHorCursor if over_edge else Qt.CursorShape.IBeamCursor)

    def _place_at(self, x: float) -> Place | None:
        if self._content is None:
            return None
        slack, second = 3 * self._shown.per_pixel, self._shown.second(x)
        hit = [place for place in self._content.places if place.start_s - slack <= second <= place.end_s + slack]
        return hit[0] if hit else None
