"""What the engine asks of voices and of the ledger: everything that money passes through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from studio.domain.budget import BudgetUse, Limits
from studio.domain.money import Attempt, Costs, Price
from studio.domain.purchase import Account, Delivery, Found, KeyAnswer, Receipt
from studio.domain.settings import Settings
from studio.domain.speech_plan import Chunk, Terms
from studio.domain.take import Speech
from studio.domain.voice import ModelCard, SpeechSettings, VoiceCard
from studio.engine.ports import Lane, Report


class Seller(Protocol):
    """Who is paid for a voice: an account at a vendor. Reading costs nothing."""

    @property
    def name(self) -> str:
        """Whose concurrency, pace and troubles are shared: `elevenlabs`."""

    async def probe(self) -> None:
        """Ask for something free. Raises `CallError` while the vendor cannot be reached or does not answer."""

    async def account(self) -> Account:
        """Plan and credits as they are now. Raises `CallError`; a key that may not ask gives an empty `Account`."""

    def slots(self, plan: str) -> Mapping[str, int]:
        """Requests at the same time for each kind of model, by the price book; empty for a plan that it lacks."""


class Voice(Protocol):
    """Someone who speaks (`voices/`)."""

    @property
    def lane(self) -> Lane:
        """What bounds it: the cores, or the network."""

    @property
    def model(self) -> str:
        """The model's name, part of every content key."""

    @property
    def seller(self) -> Seller | None:
        """Who is paid; None for a voice that costs nothing."""

    @property
    def slots(self) -> str:
        """The kind of model that its concurrency is counted with; empty without a seller."""

    async def terms(self, settings: Settings) -> Terms:
        """How it takes text at present. Asks the vendor once; goes by the price book where it does not answer."""

    def price(self, characters: int, used_credits: int = 0, plan: str = "") -> Price:
        """Upper bound of one call, when `used_credits` were bought this month already.

        By the prices of the account's plan, or of the one that is given.
        """

    def cost_micro(self, charged: int, used_credits: int = 0) -> int:
        """What `charged` credits cost, in micro-dollars."""

    async def speak(
        self, chunk: Chunk, settings: SpeechSettings, terms: Terms, out: Path, report: Report, *, after: Sequence[str]
    ) -> Delivery:
        """Write the chunk's sound to `out`.

        `after` are the request ids of the calls before it, newest last, where continuity is wanted. A voice without a
        seller gives exact marks. Raises `CallError`; where the file is not whole it is left as it is, for nobody.
        """

    async def find(
        self, chunk: Chunk, settings: SpeechSettings, terms: Terms, since: str, claimed: frozenset[str]
    ) -> Found | None:
        """This very call in the vendor's history, made since about `since` (UTC, ISO 8601), or None.

        What other purchases account for (`claimed`: request and history ids) is passed over. Raises `HistoryError`.
        """

    async def fetch(self, found: Found, terms: Terms, out: Path, report: Report) -> None:
        """Write the sound of a call that the history shows to `out`; free. Raises `CallError`."""


class Voices(Protocol):
    """Finds a voice."""

    def voice(self, settings: Settings) -> Voice:
        """The voice that `settings` names, without asking anybody. Raises `VoiceError` when there is none."""

    async def cards(self, provider: str) -> Sequence[VoiceCard]:
        """The voices to choose from. Raises `CallError`."""

    async def models(self, provider: str) -> Sequence[ModelCard]:
        """The models to choose from; empty where there is no choice. Raises `CallError`."""

    async def test_key(self, provider: str, key: str = "") -> KeyAnswer:
        """What a vendor says of `key`, which is kept nowhere; empty for the one in use. Raises `CallError`."""

    async def sample(self, card: VoiceCard, out: Path) -> None:
        """Write the sample of a voice to `out`. Raises `CallError`."""

    async def close(self) -> None:
        """End every connection."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is about to be asked of a voice. Calls that cost nothing have the price `FREE` and no limits.

    `chunk`, `settings` and `terms` are kept until the purchase is over: with them the provider's history can be
    searched, and the sound be proven, by another run.
    """

    project_id: int
    episode_id: int
    chunk: Chunk
    settings: SpeechSettings
    terms: Terms
    price: Price
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Ask:
    """What an open or unclear attempt had asked for; what is needed to find and prove it."""

    attempt: Attempt
    chunk: Chunk
    settings: SpeechSettings
    terms: Terms


class Ledger(Protocol):
    """Every purchase, its state and its cost (`store/ledger.py`).

    Every write is one `BEGIN IMMEDIATE` transaction. All of them raise `StoreError`, and store nothing, when another
    copy of the program has taken over the library since (its fencing token is higher).
    """

    async def bought(self, key: str) -> Speech | None:
        """The sound that this key has given before, whatever the project, or None."""

    async def reserve(self, purchase: Purchase) -> int:
        """Store the intent and hold its upper bound; returns the attempt's id.

        Raises `BudgetError` when settled plus reserved plus this would exceed a budget, and `StoreError` when the key
        is held or bought; nothing is stored then.
        """

    async def sent(self, attempt_id: int, limits: Limits | None = None) -> None:
        """From here on it may have been charged.

        With `limits`, a budget that was lowered since the intent holds: raises `BudgetError`, and leaves the intent as
        it is, where what is settled and reserved exceeds one of them.
        """

    async def received(self, attempt_id: int, receipt: Receipt) -> None:
        """The whole body is on the disk, under `Artifacts.incoming`."""

    async def stored(self, attempt_id: int, speech: Speech) -> None:
        """The sound is proven and in its place; remember the key."""

    async def settle(self, attempt_id: int, receipt: Receipt, cost_micro: int) -> None:
        """Turn the reservation into a cost."""

    async def spoil(self, attempt_id: int, receipt: Receipt, cost_micro: int, error: str) -> None:
        """It was charged and brought no usable sound: a cost all the same, and the key is free again."""

    async def fail(self, attempt_id: int, error: str) -> None:
        """It was certainly not charged: release the reservation."""

    async def unclear(self, attempt_id: int, error: str, receipt: Receipt) -> None:
        """It may have been charged: go on holding it."""

    async def write_off(self, attempt_id: int, reason: str) -> None:
        """A person gives up on an unclear one that may have been charged: count what is held as spent."""

    async def open_under(self, key: str) -> Ask | None:
        """The attempt that holds this key, or None."""

    async def asks(self) -> Sequence[Ask]:
        """Every attempt that is not over, oldest first."""

    async def claimed(self) -> frozenset[str]:
        """Request and history ids that purchases of this library account for."""

    async def recover(self) -> None:
        """Take over what an earlier run left: intents fail, what was sent is unclear; the rest is for `asks`."""

    async def reuse(self, purchase: Purchase) -> None:
        """Note that a key was served from what was bought before, and what that saved."""

    async def budgets(self, project_id: int, episode_id: int | None, limits: Limits) -> Sequence[BudgetUse]:
        """Every budget in `limits` that has a limit, and what counts against it now."""

    async def used_credits(self, since: str) -> int:
        """Credits of everything that ended since then. What is under way may come to nothing: it is no volume yet."""

    async def costs(self, project_id: int | None = None) -> Costs:
        """Totals of a project, or of the library."""

    async def episode_costs(self, episode_id: int) -> Costs:
        """Totals of one episode."""


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where a vendor's key is: `variable` names the environment's variable that has it, else empty.

    `in_keyring` is whether the system's keyring has one. `refusal` says why no key can be kept there, with the cure;
    empty where one can.
    """

    variable: str
    in_keyring: bool
    refusal: str


class Keys(Protocol):
    """Where API keys are kept (`voices/keys.py`). A key never comes back out to a window, a log or a message."""

    async def has(self, provider: str) -> bool:
        """Whether there is a key for it, in the environment or in the keyring."""

    async def place(self, provider: str) -> KeyPlace:
        """Where its key is, and whether one can be kept. Raises nothing."""

    async def keep(self, provider: str, key: str) -> None:
        """Put a key into the system's keyring. Raises `VoiceError` where there is none that is safe."""

    async def forget(self, provider: str) -> None:
        """Take it out again."""
