"""Having what is usual of a voice learned anew: a button beside its chart, a question, and two ways back."""

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from studio.domain.measures import Renewal
from studio.engine.drift import Course
from studio.ui import quality_words as words
from studio.ui.commands import Do
from studio.ui.dialogs import ask
from studio.ui.pages import PageContext
from studio.ui.parts import button


class Renewing(QObject):
    """Asks before a baseline is learned anew, and offers to keep the old one for as long as it holds."""

    changed = Signal()  # what is to be learned

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._page = parent
        self._course: Course | None = None
        self.button = button("", "bulk")
        self.button.clicked.connect(self._press)
        self.show_course(None)

    def show_course(self, course: Course | None) -> None:
        """What the button is about."""
        self._course = course
        self.button.setVisible(course is not None and course.chart.baseline is not None)
        if course is not None:
            said, tip = words.renewal_offer(course)
            self.button.setText(said)
            self.button.setToolTip(tip)

    def _press(self) -> None:
        course = self._course
        if course is None:
            return
        voice = words.voice_words(course.series, self._context.desk.voice_names)
        if course.renewal is not None:
            self._context.desk.spawn(self._take_back(course.renewal))
        else:
            ask(
                self._page,
                f"Learn anew what is usual of {voice}?",
                words.renewal_means(course, voice),
                yes=("Learn it anew", lambda: self._context.desk.spawn(self._renew(course, voice))),
                no="Keep the old baseline",
            )

    async def _renew(self, course: Course, voice: str) -> None:
        renewal = await self._context.desk.door().drift.renew(course)
        key = self._context.commands.key(Do.UNDO)
        back = partial(self._take_back, renewal)
        self._context.sitting.note(f"What is usual of {voice} is learned anew", (), "refresh-cw", back, key)
        self.changed.emit()

    async def _take_back(self, renewal: Renewal) -> None:
        await self._context.desk.door().drift.take_back(renewal)
        self.changed.emit()
