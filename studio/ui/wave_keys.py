"""Where the arrow keys of the large wave lead."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from studio.ui.time_scale import TimeScale
from studio.ui.word_line import WordLine

STEP_S, SHARE = 5.0, 0.1  # an arrow goes on by 5 s, or by a tenth of what is in view where that is less


def arrow_goal(event: QKeyEvent, at: float, scale: TimeScale, words: WordLine) -> float | None:
    """The second that an arrow key, Home or End leads to from `at`; None for any other key.

    With Ctrl it goes from word to word.
    """
    step = min(STEP_S, SHARE * (scale.end - scale.start))
    by_word = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    match event.key():
        case Qt.Key.Key_Left:
            before = words.previous_start(at) if by_word else at - step
            goal = 0.0 if before is None else before
        case Qt.Key.Key_Right:
            after = words.next_start(at) if by_word else at + step
            goal = scale.duration if after is None else after
        case Qt.Key.Key_Home:
            goal = 0.0
        case Qt.Key.Key_End:
            goal = scale.duration
        case _:
            return None
    return min(scale.duration, max(0.0, goal))
