"""The words of every row, put together before anybody types."""

from collections.abc import Iterator
from itertools import islice

from PySide6.QtCore import QObject, QTimer

from studio.domain.episode import Episode
from studio.ui.episode_model import EpisodeModel
from studio.ui.search import words_of

EVERY_MS = 30
AT_ONCE = 500  # under two milliseconds


class WordIndex(QObject):
    """Reads the rows in slices after they came, so that the first key of a search has no more to do than the second."""

    def __init__(self, model: EpisodeModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._words: dict[int, str] = {}
        self._to_read: Iterator[int] = iter(())
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._read_on)

    def of(self, episode: Episode) -> str:
        """The words of this row."""
        words = self._words.get(episode.id)
        if words is None:
            words = self._words[episode.id] = words_of(episode)
        return words

    def forget(self, episode_id: int) -> None:
        """That row is different now."""
        self._words.pop(episode_id, None)

    def begin(self) -> None:
        """All rows are different now."""
        self._words.clear()
        self._to_read = iter([episode.id for episode in self._model])
        self._timer.start()

    def _read_on(self) -> None:
        some = list(islice(self._to_read, AT_ONCE))
        for episode_id in some:
            episode = self._model.episode(episode_id)
            if episode is not None:
                self.of(episode)
        if not some:
            self._timer.stop()
