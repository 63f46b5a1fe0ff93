"""What the engine asks of those who read sources, write scripts and check them. Each Protocol is kept by one room."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from studio.domain.brand import Brand
from studio.domain.budget import Limits
from studio.domain.duration import SpeakingRate
from studio.domain.money import Price
from studio.domain.research import Excerpt, Source
from studio.domain.script import Script, Topic
from studio.domain.script_report import Fingerprint, Neighbour, ScriptReport
from studio.domain.settings import Settings
from studio.domain.spoken import SpokenForm
from studio.domain.writing import Assignment, Completion, Manuscript, Prompt, Provenance, Takes, Tokens, WriterAnswer
from studio.engine.drafts import Refusal
from studio.engine.ports import Lane, Report
from studio.engine.trade import Seller


class ResearchShelf(Protocol):
    """Everything that was ever read, for this episode or for others (`store/research.py`)."""

    async def kept(self, address: str) -> Source | None:
        """The newest that was kept of this address, or None."""

    async def keep(self, source: Source, excerpts: Sequence[Excerpt]) -> None:
        """Keep a source with its excerpts, in their order. One of the same address and text is kept once.

        What the address held before is no longer found, but stays with the episodes that it was cited in.
        """

    async def search(self, words: str, addresses: Sequence[str], most: int) -> Sequence[Excerpt]:
        """The excerpts of these sources that fit the words best, best first, by BM25 (Okapi); `score` is set.

        Words that occur in hardly any excerpt count most; none needs all of them. Where there is no word, it gives the
        sources from their beginning.
        """


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was found for a topic, best first, and what could not be read."""

    excerpts: tuple[Excerpt, ...]
    refusals: tuple[Refusal, ...] = ()


class Research(Protocol):
    """Reads sources and finds what fits a topic (`content/research.py`)."""

    async def gather(self, topic: Topic, settings: Settings, report: Report) -> Gathered:
        """Excerpts for a topic from its own sources, those of the settings, and the reference.

        What cannot be read is a refusal and stops nothing. What was read within the last day is not read again.
        """

    async def close(self) -> None:
        """End every connection."""


Ask: TypeAlias = Callable[[Prompt], Awaitable[Completion]]
"""Puts a question to the writer's model, within every budget and limit. Raises as `Buyer.speech` does.

The same question gives the same answer: an answer that was paid is never paid again.
"""


class Writer(Protocol):
    """Makes a script of what was found (`content/`)."""

    @property
    def lane(self) -> Lane:
        """What bounds it: the cores, or the network."""

    def takes(self, topic: Topic, minutes: float, settings: Settings, rate: SpeakingRate) -> Takes:
        """The tokens that a script of so many minutes takes of a model, of a voice of this rate; none without one."""

    async def write(self, assignment: Assignment, ask: Ask, report: Report) -> Manuscript:
        """The script. Raises `InputError` where there is nothing to write from, or what `ask` raises."""


class ChatModel(Protocol):
    """A model behind an address that speaks the OpenAI protocol (`content/chat.py`)."""

    @property
    def address(self) -> str:
        """Where it is; part of every key."""

    @property
    def seller(self) -> Seller:
        """Whose concurrency, pace and troubles are shared."""

    def price(self, prompt: Prompt) -> Price:
        """Upper bound of what the answer costs; its `credits` are 0: no account's credits are used."""

    def micro(self, tokens: Tokens) -> int:
        """What so many tokens cost, in micro-dollars, rounded up."""

    def cost_micro(self, prompt: Prompt, completion: Completion) -> int:
        """What an answer cost, in micro-dollars; where the server does not say its tokens, an upper bound of them."""

    async def answer(self, prompt: Prompt, heard: Callable[[int], None]) -> Completion:
        """The whole answer, streamed; `heard` is told how many characters have come.

        Raises `CallError`; a stream that broke off is `Trouble.CUT`, one that runs on without an end too.
        """


class Writers(Protocol):
    """Finds a writer (`content/writers.py`)."""

    def writer(self, settings: Settings) -> Writer:
        """The writer that `settings` names, without asking anybody. Raises `SettingError` where there is none."""

    def model(self, settings: Settings) -> ChatModel | None:
        """The model that it asks; None for the built-in writer. Raises `SettingError`."""

    async def test(self, settings: Settings, key: str = "", *, say_a_word: bool = False) -> WriterAnswer:
        """What the server of a model says, asked now: with this key, kept nowhere, or the one in use.

        It costs nothing; with `say_a_word` a token or two. Raises `SettingError`, `CallError`.
        """

    async def close(self) -> None:
        """End every connection."""


@dataclass(frozen=True, slots=True)
class PromptOrder:
    """A question that is about to be put, and what it may cost."""

    project_id: int
    episode_id: int
    key: str
    writer: str  # “writer:HOST”, as the voice of a purchase of speech
    model: str
    characters: int
    price: Price
    limits: Limits = field(default_factory=Limits)


class PromptLedger(Protocol):
    """Every question to a writer's model, in the one ledger with speech (`store/prompts.py`).

    Between `reserve` and `answered` come `sent`, and `lost` or `fail` where no answer came. All are one
    `BEGIN IMMEDIATE` transaction, and raise `StoreError` like the `Ledger`.
    """

    async def answer(self, key: str) -> Completion | None:
        """What this question was answered before, whatever the project, or None."""

    async def reserve(self, order: PromptOrder) -> int:
        """Store the intent and hold its upper bound; returns the attempt's id.

        Raises `BudgetError` when settled plus reserved plus this would exceed a budget, and `StoreError` when the key
        is held already.
        """

    async def sent(self, attempt_id: int, limits: Limits | None = None) -> None:
        """From here on it may have been charged. Raises `BudgetError` as the `Ledger` of `trade.py` does."""

    async def answered(self, attempt_id: int, completion: Completion, cost_micro: int) -> None:
        """Keep the answer under its key and turn the reservation into a cost, in one step."""

    async def lost(self, attempt_id: int, error: str) -> None:
        """No whole answer came of one that was sent; no history tells more, so what is held counts as spent."""

    async def fail(self, attempt_id: int, error: str) -> None:
        """It was certainly not charged: release the reservation."""


@dataclass(frozen=True, slots=True)
class ScriptJob:
    """A script to be checked, with what it is measured against.

    `limit` is what the voice's model takes in one call, in characters (None: any number). `asked_minutes` is 0 where
    nothing was asked for. `provenance` is that of a script that the studio wrote.
    """

    script: Script
    spoken: SpokenForm
    settings: Settings
    rate: SpeakingRate
    limit: int | None = None
    asked_minutes: float = 0.0
    brand: Brand | None = None
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """What the checks say of a script alone, and its likeness, by which others like it are found."""

    report: ScriptReport
    fingerprint: Fingerprint


KnownWords: TypeAlias = Callable[[str], bool]
"""Whether a voice knows how an English word is said (`voices.vocabulary.knows`); it guesses all others."""

ExamineFunction: TypeAlias = Callable[[Report, ScriptJob], Examined]
"""`content.script_check.examine`, with the words that the built-in voice knows."""


class ScriptShelf(Protocol):
    """What is known of the scripts of episodes (`store/scripts.py`)."""

    async def report(self, episode_id: int) -> ScriptReport | None:
        """What the checks said of the script as it is now, or None before them."""

    async def provenance(self, episode_id: int) -> Provenance | None:
        """Where a script that the studio wrote comes from, or None."""

    async def alike(self, fingerprint: Fingerprint, but: int, *, keep: bool = False) -> Sequence[Neighbour]:
        """The episodes but one, of any project, that share a band with this text; those that share most of them first.

        Behind them come those in which it stands, or which stand in it, as far as that is a finding. What was rejected
        or cancelled is not among them. With `keep` the one left out is found by this text from now on: of two that are
        checked at the same time, the later one finds the earlier.
        """
