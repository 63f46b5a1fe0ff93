"""What the commands do: from a key, a menu or a button to the desk, with a question in between where it is needed."""

from collections import Counter
from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget

from studio.domain.episode import Episode, State
from studio.ui.batch_page import BatchPage
from studio.ui.buying import voiceable
from studio.ui.choice import Choice
from studio.ui.commands import CommandSet, Do
from studio.ui.desk import Desk
from studio.ui.dialogs import ask
from studio.ui.notice_list import NoticeList
from studio.ui.offers import Primary
from studio.ui.orders import Orders
from studio.ui.permitted import Act, how_many, ids_for, kind_of
from studio.ui.player import Player
from studio.ui.qa_panel import QaPanel
from studio.ui.reorder import add_to_menu
from studio.ui.review import Review
from studio.ui.script_approval import ScriptApproval
from studio.ui.wording import count_of, isolated

_MENU = (
    (Act.APPROVE_SCRIPT, Do.APPROVE_SCRIPT, "Approve the script"),
    (Act.APPROVE, Do.ACCEPT, "Accept"),
    (Act.REJECT, Do.REJECT, "Reject"),
    (Act.RETAKE, Do.RETAKE, "Speak anew"),
    (Act.RETRY, Do.RETRY, "Retry"),
    (Act.EXPORT, Do.EXPORT, "Export again"),
    (Act.CANCEL, Do.REMOVE, "Cancel"),
    (Act.REMOVE, Do.REMOVE, "Remove"),
)
_OF_MANY = {Act.APPROVE_SCRIPT: "Approve the scripts of", Act.EXPORT: "Export again the folders of"}


class Wishes(QObject):
    """One method a command; `serve` ties them to the actions."""

    def __init__(
        self,
        window: QWidget,
        desk: Desk,
        choice: Choice,
        orders: Orders,
        page: BatchPage,
        notices: NoticeList,
        panel: QaPanel,
        player: Player,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._choice = choice
        self._orders = orders
        self._page = page
        self._notices = notices
        self._panel = panel
        self._player = player
        self.review = Review(self)
        self.approval = ScriptApproval(window, desk, choice, orders, panel.acts)
        self.purpose = Primary.NOTHING  # of the blue button, as it is shown
        self.home: Callable[[], QWidget | None] = lambda: page  # the page in front
        self._commands: CommandSet | None = None

    def serve(self, commands: CommandSet, served: dict[Do, Callable[[], object]]) -> None:
        """Tie every command to what it does; `served` are those that others do."""
        own: dict[Do, Callable[[], object]] = {
            Do.PRIMARY: self.primary,
            Do.PAUSE: self._orders.pause_or_resume,
            Do.EXPORT: lambda: self.act(Act.EXPORT),
            Do.OPEN_FOLDER: self.open_folder,
            Do.REMOVE: self.cancel_or_remove,
            Do.RETRY: lambda: self.act(Act.RETRY),
            Do.OPEN: self._panel.focus_first,
            Do.FIND: self._page.focus_search,
            Do.PLAY_PLACE: self.play_place,
            Do.PLAY: self._player.toggle,
            Do.NEXT_PLACE: self.next_place,
            Do.PREVIOUS_PLACE: self.review.previous,
            Do.ACCEPT: lambda: self.act(Act.APPROVE),
            Do.REJECT: self._panel.acts.ask_reason,
            Do.RETAKE: lambda: self.act(Act.RETAKE),
            Do.NEXT_EPISODE: self.next_episode,
            Do.READ_SCRIPT: commands[Do.SCRIPTS_PAGE].trigger,
            Do.APPROVE_SCRIPT: self.approve_scripts,
            Do.KEYS: self.keys,
            Do.ESCAPE: self.escape,
        }
        self._commands = commands
        for do, doing in {**own, **served}.items():
            commands[do].triggered.connect(lambda _checked=False, doing=doing: doing())

    def primary(self) -> None:
        """Press the blue button."""
        match self.purpose:
            case Primary.START:
                self._orders.start()
            case Primary.REVIEW:
                self.next_episode()
            case Primary.READ_SCRIPTS if self._commands is not None:
                self._commands[Do.SCRIPTS_PAGE].trigger()
            case Primary.OPEN_FOLDER:
                self.open_folder()
            case _:
                pass

    def press(self, do: Do) -> None:
        """Do what a button of the panel is for. Cancel there is about the episode in front, and removes nothing."""
        if do is Do.REMOVE:
            self.act(Act.CANCEL)
        elif do is Do.PLAY_PLACE:
            self.play_or_stop()
        elif self._commands is not None:
            self._commands[do].trigger()

    def focus_list(self) -> None:
        """Bring the keyboard to the list of the page in front."""
        (self.home() or self._page).setFocus()

    def act(self, act: Act) -> None:
        """Do something to the selected episodes for which it is legal."""
        ids = ids_for(act, self._page.table.chosen())
        if ids:
            self._orders.act(act, ids)

    def reject(self, reason: str) -> None:
        """Turn the selected episodes down."""
        self._orders.act(Act.REJECT, ids_for(Act.REJECT, self._page.table.chosen()), reason)

    def cancel_or_remove(self) -> None:
        """Cancel what is under way among the selected; remove the rest, after a question where there is sound."""
        chosen = self._page.table.chosen()
        busy = [episode.id for episode in chosen if episode.state is State.WORKING]
        if busy:
            self._orders.act(Act.CANCEL, busy)
            return
        self._remove([episode for episode in chosen if episode.state is not State.WORKING])

    def play_place(self) -> None:
        """Space: stop what plays, or play the place; on a button that has the focus it presses that."""
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton):
            focused.click()
        else:
            self.play_or_stop()

    def play_or_stop(self) -> None:
        """Stop what plays, or play the place."""
        if self._player.playing:
            self._player.pause()
        elif not self.review.play():
            self._player.play()

    def next_place(self) -> None:
        """The next place; behind the last one the first of the next episode that needs ears, or of this one again."""
        following = self._choice.next_that_needs_you() if self.review.at_end else None
        if following is None:
            self.review.next()
        else:
            self.review.play_when_shown()
            self.choose(following)

    def next_episode(self) -> None:
        """Go to the next one that needs ears, whatever is filtered."""
        following = self._choice.next_that_needs_you()
        if following is None:
            self._desk.said.emit("Nothing else needs your ears")
        else:
            self.choose(following)

    def begin(self) -> None:
        """Put the cursor where a person is needed, else on the first row."""
        following = self._choice.next_that_needs_you()
        if following is not None:
            self.choose(following)
        elif len(self._desk.model):
            self.choose(self._desk.model.episode_at(0).id)

    def choose(self, episode_id: int) -> None:
        """Put the cursor on an episode; a filter that hides it is lifted."""
        if not self._page.table.choose(episode_id):
            self._page.close_search()
            self._page.table.choose(episode_id)
        self.focus_list()

    def open_folder(self) -> None:
        """Show the output folder in the system's file manager."""
        if self._desk.project is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self._desk.project.out_dir))

    def keys(self) -> None:
        """Show what the keys do."""
        from studio.ui.keys_sheet import KeysSheet

        if self._commands is not None:
            KeysSheet(self._window, self._commands).open()

    def escape(self) -> None:
        """Close what is open: the reason, the messages, the filter; one at a time."""
        if self._panel.acts.close_fields():
            self.focus_list()
        elif len(self._notices):
            self._notices.clear()
        elif not self._page.choose_one():
            self._page.close_search()
            self.focus_list()

    def menu(self, commands: CommandSet, at: QPoint) -> None:
        """The legal acts for the selected episodes, with how many each is about."""
        chosen = self._page.table.chosen()
        if not chosen:
            return
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if len(chosen) == 1 and chosen[0].awaits_approval:
            menu.addAction(commands[Do.READ_SCRIPT])
        kinds = Counter(map(kind_of, chosen))
        for act, do, words in _MENU:
            count = how_many(act, kinds)
            if not count:
                continue
            if act is Act.REMOVE and menu.actions():
                menu.addSeparator()
            text = words if len(chosen) == 1 else f"{_OF_MANY.get(act, words)} {count_of(count, 'episode')}"
            entry = menu.addAction(commands[Do.ESCAPE if act is Act.CANCEL else do].icon(), text)
            entry.setShortcut(commands[do].shortcut() if act is not Act.CANCEL else "")
            entry.triggered.connect(lambda _checked=False, act=act: self.act_on_chosen(act))
        add_to_menu(menu, commands, chosen)
        self._add_voices(menu, commands, voiceable(chosen))
        menu.popup(at)

    def _add_voices(self, menu: QMenu, commands: CommandSet, chosen: list[Episode]) -> None:
        if not chosen:
            return
        menu.addSeparator()
        one = len(chosen) == 1
        entry = menu.addAction(
            commands[Do.EPISODE_VOICE].icon(),
            "Voice of this episode…" if one else f"Voice of {len(chosen):,} episodes…",
        )
        entry.setShortcut(commands[Do.EPISODE_VOICE].shortcut())
        entry.triggered.connect(commands[Do.EPISODE_VOICE].trigger)
        if any(episode.overrides for episode in chosen):
            back = menu.addAction("Use the project's voice")
            back.triggered.connect(lambda: self._orders.override(chosen, {}))

    def approve_scripts(self) -> None:
        """Let the chosen scripts of the page in front be spoken."""
        self.approval.approve(self.approval.chosen() or self._page.table.chosen())

    def act_on_chosen(self, act: Act) -> None:
        """What a menu or the bar of the chosen ones asks for: with the reason or the question that it needs."""
        chosen = self._page.table.chosen()
        if act is Act.APPROVE_SCRIPT:
            self.approval.approve(chosen)
        elif act is Act.REJECT:
            self._panel.acts.ask_reason()
        elif act is Act.REMOVE:
            self._remove([episode for episode in chosen if episode.state is not State.WORKING])
        else:
            self._orders.act(act, ids_for(act, chosen))

    def _remove(self, episodes: list[Episode]) -> None:
        ids = [episode.id for episode in episodes]
        if not ids:
            return
        if not any(episode.takes or episode.cost_micro for episode in episodes):
            self._orders.act(Act.REMOVE, ids)
            return
        what = f"“{isolated(episodes[0].title)}”" if len(episodes) == 1 else count_of(len(episodes), "episode")
        ask(
            self._window,
            f"Remove {what} from the project?",
            "Takes and costs stay in the library's history, and a folder that was written stays on the disk.",
            yes=("Remove", lambda: self._orders.act(Act.REMOVE, ids)),
            no="Keep",
        )
