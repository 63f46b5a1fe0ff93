"""Writing a script from a topic: what is asked for, what a model is told, and what comes of it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from studio.domain.brand import Brand
from studio.domain.duration import SpeakingRate
from studio.domain.research import Excerpt
from studio.domain.script import Topic
from studio.domain.settings import Settings

KEY_VERSION: Final = 1  # part of every key: raise it when the meaning of a key changes


class Role(StrEnum):
    """Who says a message of a conversation with a model."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question to a chat model. `most_tokens` bounds the answer; `as_json` asks for a JSON object."""

    model: str
    messages: tuple[tuple[Role, str], ...]
    most_tokens: int
    temperature: float
    seed: int
    as_json: bool = False

    @property
    def characters(self) -> int:
        """Characters of everything that is sent."""
        return sum(len(text) for _, text in self.messages)


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's answer.

    Tokens are None where the server did not say. `cut` marks an answer that ended because it reached its bound;
    `refusal` is what the model, or its filter, said instead of answering.
    """

    text: str
    model: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cut: bool = False
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a model is shown, and what it writes."""

    asked: int = 0
    answered: int = 0


@dataclass(frozen=True, slots=True)
class Takes:
    """What writing one script takes of a model: usually, and at most."""

    usual: Tokens = Tokens()
    most: Tokens = Tokens()


@dataclass(frozen=True, slots=True)
class WriterAnswer:
    """What a writer's server said when it was tested, and works.

    `model` is the one that would write; `models` are the names it lists, None where it keeps no list. `spoke` says that
    the model has answered, for so many `tokens`.
    """

    model: str
    models: Sequence[str] | None
    spoke: bool = False
    tokens: int = 0


def prompt_key(address: str, prompt: Prompt) -> str:
    """sha256 (hex) over all that can change an answer: the same question is paid for once."""
    content = {"version": KEY_VERSION, "address": address, **asdict(prompt)}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Assignment:
    """Everything that a writer is given.

    `rate` and `settings` say how long text takes to speak; `minutes` is the length asked for. `excerpts` are in order
    of how well they fit; a writer cites them by their place there, from 0.
    """

    topic: Topic
    minutes: float
    excerpts: tuple[Excerpt, ...]
    rate: SpeakingRate
    settings: Settings
    brand: Brand | None = None
    template: str = ""  # the show's, Markdown with placeholders; empty for the one that comes with the studio


@dataclass(frozen=True, slots=True)
class Citation:
    """Characters `start` to `end` of a script's text rest on the excerpt at this place of the assignment."""

    start: int
    end: int
    excerpt: int


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What a writer made: Markdown, and what each part of it rests on.

    `writer` says who wrote it, as it stands in reports (“built-in digest”, “MODEL at HOST”). `notes` is what a person
    should know of how it came about. Tokens are those of all calls.
    """

    title: str
    text: str
    citations: tuple[Citation, ...]
    writer: str
    notes: tuple[str, ...] = ()
    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a script that the studio wrote comes from; it is kept beside the script."""

    writer: str
    excerpts: tuple[Excerpt, ...]
    citations: tuple[Citation, ...]
    notes: tuple[str, ...] = ()
    cost_micro: int = 0
    written_with: tuple[tuple[str, str], ...] = ()  # model, temperature, seed
