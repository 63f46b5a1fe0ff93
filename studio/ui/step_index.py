"""Which step of the way every episode is at, kept up to date row by row, so that nobody goes through all of them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QTimer

from studio.domain.episode import Episode
from studio.ui.episode_model import EpisodeModel
from studio.ui.script_steps import Step, step_of
from studio.ui.slices import Slices

QUIET_MS: Final = 100  # after other rows came
_AT_ONCE: Final = 500


class StepIndex(QObject):
    """Looks at a row that has changed when somebody asks; at all of them, after others came, as soon as it is quiet."""

    def __init__(self, model: EpisodeModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._steps: list[Step] = []
        self._counts: Counter[Step] = Counter()
        self._stale: set[int] = set()  # rows that are different now
        self._looking = Slices(self)
        self._soon = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._soon.timeout.connect(lambda: self._looking.begin(self._look_at_all()))
        for moved in (model.modelReset, model.rowsInserted, model.rowsRemoved):
            moved.connect(self._forget_all)
        model.dataChanged.connect(self._forget)
        self._soon.start()

    @property
    def counts(self) -> Mapping[Step, int]:
        """How many episodes are at each step, and in all."""
        self._look()
        return self._counts

    def at(self, step: Step) -> list[Episode]:
        """The episodes at a step, or all of them, in the order of the model."""
        self._look()
        if step is Step.ALL:
            return list(self._model)
        return [episode for episode, at in zip(self._model, self._steps, strict=True) if at is step]

    def _look(self) -> None:
        if len(self._steps) < len(self._model):
            for _ in self._look_at_all():
                pass
        for row in self._stale:
            self._counts[self._steps[row]] -= 1
            self._steps[row] = step_of(self._model.episode_at(row))
            self._counts[self._steps[row]] += 1
        self._stale.clear()

    def _look_at_all(self) -> Iterator[None]:
        while (done := len(self._steps)) < len(self._model):
            rows = range(done, min(done + _AT_ONCE, len(self._model)))
            some = [step_of(self._model.episode_at(row)) for row in rows]
            self._steps += some
            self._counts.update(some)
            self._counts[Step.ALL] += len(some)
            yield

    def _forget(self, first: QModelIndex, last: QModelIndex) -> None:
        self._stale.update(range(first.row(), min(last.row() + 1, len(self._steps))))

    def _forget_all(self) -> None:
        self._looking.begin(())
        self._steps, self._counts = [], Counter()
        self._stale.clear()
        self._soon.start()
