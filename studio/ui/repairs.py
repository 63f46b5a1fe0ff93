"""What can be done about the place in front, and what it costs: repair, edit, say a word, go back to an older take."""

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from studio.domain.errors import BatchcastError
from studio.domain.findings import Finding
from studio.domain.mending import in_words
from studio.domain.misreading import word_to_pronounce
from studio.domain.project import Project
from studio.domain.pronunciations import checked
from studio.domain.sound import Span
from studio.domain.voice import BUILTIN, VoiceRef
from studio.engine.mending import MendQuote
from studio.engine.ports import Details
from studio.engine.review import Offered
from studio.ui.acts import Acts
from studio.ui.choice import Choice
from studio.ui.commands import Do
from studio.ui.desk import Desk
from studio.ui.permitted import Act, permitted
from studio.ui.places import Place
from studio.ui.player import Player
from studio.ui.review import Review
from studio.ui.sitting import Sitting
from studio.ui.standing import Standing
from studio.ui.wording import count_of, isolated, money

LOOK_MS = 80  # so that going through the places quickly asks once


class Repairs(QObject):
    """Asks the engine for the sentence of the place and its price, and orders what is wished for.

    What comes late, of a place that was left meanwhile, is dropped.
    """

    ordered = Signal(int)  # the episode goes back to work

    def __init__(
        self,
        desk: Desk,
        choice: Choice,
        standing: Standing,
        review: Review,
        player: Player,
        acts: Acts,
        sitting: Sitting,
    ) -> None:
        super().__init__(desk)
        self._desk = desk
        self._choice = choice
        self._standing = standing
        self._review = review
        self._player = player
        self._acts = acts
        self._sitting = sitting
        self._details: Details | None = None
        self._asked: object = None  # what the last question was about
        self._offered: Offered | None = None
        self._wording = ""  # the word that is being pronounced; empty while a sentence is edited
        self._soon = QTimer(self, singleShot=True, interval=LOOK_MS)
        self._soon.timeout.connect(self._look)
        acts.editor.typed.connect(self._quote)
        acts.editor.sent.connect(self._send)

    def serves(self) -> dict[Do, Callable[[], object]]:
        """The commands that are served here."""
        return {
            Do.REPAIR: self.repair,
            Do.EDIT: self.edit,
            Do.PRONOUNCE: self.pronounce,
            Do.EARLIER_TAKE: self.earlier_take,
        }

    def show_details(self, details: Details | None) -> None:
        """Another episode is in front, or a newer state of it."""
        same = details is not None and self._details is not None and _take(details) == _take(self._details)
        self._details = details
        if not same:
            self.look()

    def look(self) -> None:
        """The keys are about another place."""
        self._asked = self._offered = None
        self._acts.show_repair("", "")
        place = self._review.current
        self._acts.show_word(word_to_pronounce(place.finding) if place else "")
        self._soon.start()

    def repair(self) -> None:
        """Have the sentence of the place spoken anew."""
        details, offered = self._details, self._offered
        if details is not None and offered is not None and self._acts.offers(Do.REPAIR):
            mending = offered.quote.mending
            work = self._desk.door().mend(details.episode.id, mending)
            self._order(details, f"Repair of {in_words(mending)} in", work)

    def edit(self) -> None:
        """Open the sentence of the place, or of where the playhead is."""
        if self._details is None or not self._acts.offers(Do.EDIT):
            return
        if self._offered is not None and self._review.current is not None:
            self._open_sentence(self._offered)
        else:
            self._soon.stop()  # or what it asks would take the place of this question
            self._find(self._details, self._where(), opens=True)

    def pronounce(self) -> None:
        """Ask how the word of the place is spoken."""
        place = self._review.current
        if place is not None and self._acts.offers(Do.PRONOUNCE):
            self._wording = word_to_pronounce(place.finding)
            title = f"How is “{isolated(self._wording)}” spoken? Write it as it sounds"
            self._acts.edit(title, self._wording, chosen=True)
            self._acts.editor.show_price(self._price(self._offered.quote) if self._offered else "")

    def earlier_take(self) -> None:
        """Go back to what the take in use was made from."""
        details, project = self._details, self._desk.project
        if details is None or details.take is None or project is None or not self._acts.offers(Do.EARLIER_TAKE):
            return
        episode, was = details.episode, details.take
        use = self._desk.door().review.use
        words = f"Take {was.parent} again of “{isolated(episode.title)}”"
        edited = any(mend.edited for mend in was.mends)  # what is said there now is not what that take says
        back = None if edited else lambda: use(project, episode.id, was.number)
        self._desk.spawn(self._then(use(project, episode.id, was.parent), words, details, back))

    def _where(self) -> Finding | Span:
        place = self._review.current
        if place is not None:
            return place.finding
        return Span(self._player.position, self._player.position + 0.05)

    def _look(self) -> None:
        details, place = self._details, self._review.current
        if details is None or place is None or Act.RETAKE not in permitted(details.episode):
            return
        self._find(details, place.finding)

    def _find(self, details: Details, where: Finding | Span, *, opens: bool = False) -> None:
        """Ask for the sentence that is there; with `opens` it is to be edited."""
        project = self._desk.project
        if project is not None:
            self._asked = asked = object()
            self._desk.spawn(self._found(project, details, where, asked, opens=opens))

    async def _found(
        self, project: Project, details: Details, where: Finding | Span, asked: object, *, opens: bool
    ) -> None:
        place = where if isinstance(where, Finding) else [where]
        try:
            offered = await self._desk.door().review.offered(project, details.episode.id, place)
        except (BatchcastError, LookupError):
            if opens:
                self._desk.said.emit("There is no sentence at this place")
            return
        if self._asked is asked:
            self._offered = offered
            if place is where:
                self._show(offered)
            if opens:
                self._open_sentence(offered)

    def _show(self, offered: Offered) -> None:
        quote = offered.quote
        tip = (
            f"Speaks {in_words(quote.mending)} anew: {count_of(quote.characters, 'character')}, {self._price(quote)}; "
            "the rest of the take stays"
        )
        self._acts.show_repair(f"Repair · {self._price(quote, short=True)}", tip)

    def _open_sentence(self, offered: Offered) -> None:
        self._wording = ""
        self._acts.edit(f"Edit {in_words(offered.quote.mending)}", offered.passage.text)
        self._acts.editor.show_price(self._price(offered.quote))

    def _quote(self, text: str) -> None:
        if self._details is not None and self._offered is not None and not self._wording:
            self._desk.spawn(self._price_of(self._details, self._offered, text))

    async def _price_of(self, details: Details, offered: Offered, text: str) -> None:
        project, editor = self._desk.project, self._acts.editor
        try:
            edit = offered.passage.edited(text)
            assert project is not None  # noqa: S101  (a sentence was found in it)
            quote = await self._desk.door().review.quote(project, details.episode.id, edit)
            words = self._price(quote)
        except BatchcastError as error:
            words = error.message
        if editor.text == text:
            editor.show_price(words)

    def _send(self, text: str) -> None:
        details, offered, project = self._details, self._offered, self._desk.project
        if details is None or offered is None or project is None:
            return
        review = self._desk.door().review
        if self._wording:
            try:
                word, spoken = checked(self._wording, text)
            except BatchcastError as error:
                self._acts.editor.show_price(error.message)
                return
            self._order(details, f"“{word}” as “{spoken}” in", self._pronounce(details, offered, word, spoken))
        else:
            try:
                edit = offered.passage.edited(text)
            except BatchcastError as error:
                self._acts.editor.show_price(error.message)
                return
            work = review.edit(project, details.episode.id, edit)
            self._order(details, f"Edit of {in_words(offered.quote.mending)} in", work)
        self._acts.close_fields()

    async def _pronounce(self, details: Details, offered: Offered, word: str, spoken: str) -> None:
        project = self._desk.project
        assert project is not None  # noqa: S101  (asked by who sends)
        review, places = self._desk.door().review, offered.quote.mending
        changed = await review.pronounce(project, details.episode.id, places, word, spoken)
        self._desk.save_settings(changed.settings, project)

    def _order(self, details: Details, what: str, work: Coroutine[Any, Any, object]) -> None:
        """Send it to work; when it comes back, its place is the one that the keys are about."""
        place = self._review.current
        self._standing.take_on([details.episode.id])
        self._asked = self._offered = None  # pressed once more, the key has nothing to order
        self._desk.spawn(self._then(work, f"{what} “{isolated(details.episode.title)}”", details, None, place))

    async def _then(
        self,
        work: Coroutine[Any, Any, object],
        words: str,
        details: Details,
        back: Callable[[], Coroutine[Any, Any, object]] | None,
        place: Place | None = None,
    ) -> None:
        following = self._choice.next_that_needs_you() if back is None and place is not None else None
        try:
            await work
        except BatchcastError:
            self.look()  # it is as it was, and can be ordered again
            raise
        if place is not None:
            self._review.await_back(details.episode.id, place)
        self._sitting.note(words, (details.episode.id,), "wrench", back)
        if following is not None and self._choice.id == details.episode.id:
            self._choice.asked.emit(following)

    def _price(self, quote: MendQuote, *, short: bool = False) -> str:
        if quote.price.micro:
            return money(quote.price.micro) if short else f"up to {money(quote.price.micro)}"
        if short:
            return "free"
        take = self._details.take if self._details else None
        own = take is not None and VoiceRef.parse(take.voice).provider == BUILTIN
        return "free, the voice is built in" if own else "nothing, it was bought before"


def _take(details: Details) -> tuple[int, int, object, bool]:
    """What a repair depends on: another one is another question."""
    return details.episode.id, details.episode.take, details.report, Act.RETAKE in permitted(details.episode)
