"""What a change of pronunciations would touch, said before anything is stored."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from studio.domain.episode import State
from studio.engine.lexicon import Touched
from studio.ui import theme as look
from studio.ui.parts import label
from studio.ui.theme import Theme, Tone
from studio.ui.wording import count_of, isolated, money

_NAMED = 12  # episodes in the tool tip


def head_of(touched: Sequence[Touched]) -> str:
    """How many episodes are touched, in one sentence."""
    if not touched:
        return "No episode is touched: what is queued or spoken sounds as before."
    spoken = sum(bool(each.mending) for each in touched)
    busy = sum(_is_busy(each) for each in touched)
    queued = len(touched) - spoken - busy
    counts = [(queued, "queued"), (busy, "under way"), (spoken, "finished")]
    parts = [f"{count:,} {word}" for count, word in counts if count]
    listed = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    shows = len({each.episode.project_id for each in touched})
    where = f" in {shows:,} shows" if shows > 1 else ""
    return f"Touches {listed} {'episode' if len(touched) == 1 else 'episodes'}{where}."


def lines_of(touched: Sequence[Touched]) -> list[str]:
    """What is done about them, a sentence each."""
    said: list[str] = []
    spoken = [each for each in touched if each.mending]
    if any(not each.mending and not _is_busy(each) for each in touched):
        said.append("What is queued is prepared with it, which costs nothing.")
    if any(map(_is_busy, touched)):
        said.append("What is under way stays as it is until it is through.")
    if spoken:
        many = count_of(sum(each.sentences for each in spoken), "sentence")
        said.append(f"Speaking {many} of the finished anew {_price(spoken)}")
    return said


def _price(spoken: Sequence[Touched]) -> str:
    known = sum(each.cost_micro or 0 for each in spoken)
    unknown = [each for each in spoken if each.cost_micro is None]
    if not unknown:
        return f"costs at most {money(known)}." if known else "costs nothing."
    if len(unknown) == len(spoken):
        return f"has no price that can be told now. {unknown[0].why}"
    those = "one episode costs" if len(unknown) == 1 else f"{len(unknown):,} episodes cost"
    return f"costs at most {money(known)}, and what {those} cannot be told now. {unknown[0].why}"


def _is_busy(each: Touched) -> bool:
    return each.episode.state is State.WORKING


def _of_one(each: Touched) -> str:
    places = count_of(each.places, "place")
    anew = f", {count_of(each.sentences, 'sentence')} anew" if each.mending else ""
    cost = f", {money(each.cost_micro)}" if each.cost_micro else ""
    return f"{isolated(each.episode.title)}: {places}{anew}{cost}"


class TouchCard(QFrame):
    """An icon, a sentence, and what follows from it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self._theme = theme
        self._shown = ("info", Tone.NEUTRAL)
        self._icon = QLabel()
        self._head = label("", "strong", wrap=True)
        self._lines = label("", "muted", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.M, 10, look.M, 10)
        row.setSpacing(look.M)
        row.addWidget(self._icon)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._head)
        words.addWidget(self._lines)
        row.addLayout(words, 1)
        self.setMinimumHeight(64)  # the table stays as high as it is while this is counted
        theme.changed.connect(self._draw)
        self._draw()

    def say(self, head: str, more: str = "", *, wrong: bool = False) -> None:
        """Say something else than what is touched."""
        self._show(head, more, ("triangle-alert", Tone.BAD) if wrong else ("info", Tone.NEUTRAL))
        self.setToolTip("")

    def show_touched(self, touched: Sequence[Touched]) -> None:
        """Say what is touched; the tool tip names the episodes."""
        spoken = any(each.mending for each in touched)
        look_of_it = ("audio-lines", Tone.LOOK) if spoken else ("check", Tone.GOOD)
        self._show(head_of(touched), " ".join(lines_of(touched)), look_of_it)
        named = [_of_one(each) for each in touched[:_NAMED]]
        if len(touched) > _NAMED:
            named.append(f"and {count_of(len(touched) - _NAMED, 'episode')} more")
        self.setToolTip("\n".join(named))
        self.setAccessibleDescription("; ".join(named))

    def _show(self, head: str, more: str, icon: tuple[str, Tone]) -> None:
        self._head.setText(head)
        self._lines.setText(more)
        self._lines.setVisible(bool(more))
        self.setAccessibleName(f"{head} {more}".strip())
        self._shown = icon
        self._draw()

    def _draw(self) -> None:
        name, tone = self._shown
        self._icon.setPixmap(self._theme.pixmap(name, tone, 18, self.devicePixelRatioF()))
