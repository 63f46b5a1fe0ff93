"""What leads to a purchase, or away from one: the start sheet, the choice of a voice, unclear calls, money."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from studio.domain.episode import Episode, State
from studio.domain.money import Attempt
from studio.domain.settings import Settings, Value
from studio.domain.voice import provider_name
from studio.engine.events import PurchasesChanged
from studio.ui.batch_page import BatchPage
from studio.ui.commands import Do
from studio.ui.desk import Desk
from studio.ui.money_popup import MoneyPopup
from studio.ui.notice_list import NoticeList, Said
from studio.ui.orders import Orders
from studio.ui.purchases import Purchases
from studio.ui.theme import Theme
from studio.ui.wording import count_of, isolated


class Buying(QObject):
    """Opens what is asked for, and lets stand above the page what must not be overlooked."""

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        desk: Desk,
        orders: Orders,
        page: BatchPage,
        notices: NoticeList,
        purchases: Purchases,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._desk = desk
        self._orders = orders
        self._page = page
        self._notices = notices
        self._unclear: Sequence[Attempt] = ()
        self.popup = MoneyPopup(theme, window)
        self.popup.budgets_asked.connect(lambda: self.settings("Money"))
        self.popup.unclear_asked.connect(self.unclear)
        desk.costs_changed.connect(self.popup.show_costs)
        desk.unclear_changed.connect(self._take_unclear)
        purchases.changed.connect(self._take_purchases)
        orders.quote_asked.connect(self.quote)

    def serves(self, money_at: QWidget) -> dict[Do, Callable[[], object]]:
        """The commands that are carried out here; the money opens at `money_at`."""
        return {
            Do.SETTINGS: self.settings,
            Do.VOICE: self.voice,
            Do.LEXICON: lambda: self._open_lexicon(self._window),
            Do.EPISODE_VOICE: self.episode_voice,
            Do.UNCLEAR: self.unclear,
            Do.MONEY: lambda: self.popup.open_at(money_at),
        }

    def unclear_of(self, episode_id: int | None) -> bool:
        """Whether a call for this episode is unclear."""
        return any(attempt.episode_id == episode_id for attempt in self._unclear)

    def quote(self, ids: Sequence[int]) -> None:
        """Say what these episodes will cost and when they will be through; then start them, or what fits."""
        from studio.ui.start_sheet import StartSheet

        def change_budget(sheet: QWidget) -> None:
            self._open_settings(sheet, "Money")

        StartSheet(self._window, self._theme, self._desk, ids, self._orders.start_these, change_budget).open()

    def settings(self, group: str = "") -> None:
        """Show the settings of the project, at a group where one is named."""
        self._open_settings(self._window, group)

    def voice(self) -> None:
        """Choose the project's voice."""
        from studio.ui.voice_dialog import Purpose, VoiceDialog

        project = self._desk.project
        if project is None:
            return

        def take(values: Mapping[str, Value]) -> None:
            self._desk.save_settings(project.settings.with_values(values), project)

        about = "It holds for what is started from now on; what is made already stays."
        purpose = Purpose(f"Voice of {isolated(project.name)}", about, "Use this voice", take)
        VoiceDialog(self._window, self._theme, self._desk, project.settings, purpose).open()

    def episode_voice(self) -> None:
        """Choose another voice for the selected episodes."""
        from studio.ui.voice_dialog import Purpose, VoiceDialog

        chosen, project = voiceable(self._page.table.chosen()), self._desk.project
        if project is None or not chosen:
            return
        whole = asdict(project.settings)

        def take(values: Mapping[str, Value]) -> None:
            own = {name: value for name, value in values.items() if value != whole[name]}
            self._orders.override(chosen, own)

        title = f"Voice of {isolated(chosen[0].title)}" if len(chosen) == 1 else f"Voice of {len(chosen):,} episodes"
        spoken = sum(bool(episode.takes) for episode in chosen)
        about = "What is not changed here follows the project's settings."
        if spoken:
            about += (
                f" {count_of(spoken, 'episode has', 'episodes have')} sound already: it changes with the next take."
            )
        back = (lambda: self._orders.override(chosen, {})) if any(each.overrides for each in chosen) else None
        settings = project.settings.merged(chosen[0].overrides)
        purpose = Purpose(title, about, "Use this voice", take, back)
        VoiceDialog(self._window, self._theme, self._desk, settings, purpose).open()

    def unclear(self) -> None:
        """Show the calls that wait for a decision."""
        from studio.ui.unclear_dialog import UnclearDialog

        dialog = UnclearDialog(self._window, self._desk)
        dialog.look_again_asked.connect(self._orders.look_again)
        dialog.buy_again_asked.connect(self._orders.buy_again)
        dialog.show_attempts(self._unclear)
        dialog.open()

    def _open_settings(self, parent: QWidget, group: str) -> None:
        from studio.ui.settings_dialog import SettingsDialog

        if self._desk.project is None:
            return
        dialog = SettingsDialog(parent, self._desk.project, self._desk, self._choose_for_settings, self._open_lexicon)
        dialog.open()
        if group:
            dialog.show_group(group)

    def _choose_for_settings(
        self, parent: QWidget, settings: Settings, take: Callable[[Mapping[str, Value]], None]
    ) -> None:
        from studio.ui.voice_dialog import Purpose, VoiceDialog

        purpose = Purpose("Choose a voice", "It is kept when the settings are saved.", "Use this voice", take)
        VoiceDialog(parent, self._theme, self._desk, settings, purpose).open()

    def _open_lexicon(self, parent: QWidget, kept: Callable[[str], None] = lambda _: None) -> None:
        from studio.ui.lexicon_dialog import LexiconDialog

        if self._desk.project is not None:
            LexiconDialog(parent, self._theme, self._desk, self._desk.project, kept).open()

    def _take_unclear(self, attempts: Sequence[Attempt]) -> None:
        self._unclear = attempts
        self.popup.show_unclear(len(attempts))
        said = None
        if attempts:
            calls = count_of(len(attempts), "call is", "calls are")
            said = Said(
                f"{calls} unclear: nobody knows yet whether {'it was' if len(attempts) == 1 else 'they were'} charged.",
                "The amount is held, and nothing is bought twice.",
                do=Do.UNCLEAR,
            )
        self._notices.stand("unclear", said)

    def _take_purchases(self, now: PurchasesChanged) -> None:
        self.popup.show_purchases(now)
        said = None
        if now.stopped:
            said = Said(
                f"Nothing is bought from {provider_name(now.seller)}: {now.stopped}",
                "Everything else goes on. Press Start again when that is mended.",
                do=Do.VOICE,
            )
        self._notices.stand("stopped", said)


def voiceable(episodes: Sequence[Episode]) -> list[Episode]:
    """Those whose voice may be chosen now: all that are not under way."""
    return [episode for episode in episodes if episode.state is not State.WORKING]
