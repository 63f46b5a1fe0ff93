"""What tests of the model-backed writer share: excerpts, assignments, and a model to put the questions to."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from studio.app import resources
from studio.content.writers import Writers
from studio.domain.duration import first_guess
from studio.domain.research import Excerpt, Source, SourceKind
from studio.domain.script import Topic
from studio.domain.settings import Settings
from studio.domain.writing import Assignment, Completion, Manuscript, Prompt
from studio.engine.ports import unfollowed
from tests.fakes.chat_server import ChatServer
from tests.money.parts import Threads

TOPIC = Topic("How lighthouses were built", "From open fires to lenses")


def excerpts(most: int = 10) -> tuple[Excerpt, ...]:
    """Paragraphs of the shipped samples."""
    found = []
    for path in sorted((resources() / "samples").glob("*.md")):
        text = path.read_text("utf-8")
        source = Source(SourceKind.FILE, str(path), path.stem.replace("-", " "), path.name)
        parts = re.finditer(r"(?:^|\n\n)([^#\n][^\n]{150,}(?:\n[^\n]+)*)", text)
        found += [Excerpt(source, part[1], part.start(1), part.end(1)) for part in parts]
    return tuple(found[:most])


def excerpt(text: str, title: str = "A source") -> Excerpt:
    return Excerpt(Source(SourceKind.PAGE, "https://example.com/a", title, "0"), text, 0, len(text))


def assignment(server: ChatServer, minutes: float = 1.0, topic: Topic = TOPIC, **more: Any) -> Assignment:
    settings = Settings().with_values({"writer": server.url, "writer_prices": "0.15 / 0.60", **more.pop("values", {})})
    given = {"excerpts": excerpts(), "rate": first_guess("builtin:heart", 1.0), "settings": settings, **more}
    return Assignment(topic=topic, minutes=minutes, **given)


class Pen:
    """The writer and its model, and every question that it put."""

    def __init__(self, writers: Writers) -> None:
        self.writers = writers
        self.prompts: list[Prompt] = []

    async def write(self, wanted: Assignment) -> Manuscript:
        model = self.writers.model(wanted.settings)
        assert model is not None

        async def ask(prompt: Prompt) -> Completion:
            self.prompts.append(prompt)
            return await model.answer(prompt, lambda _: None)

        return await self.writers.writer(wanted.settings).write(wanted, ask, unfollowed)


@asynccontextmanager
async def pen(prompts: Path | None = None) -> AsyncIterator[Pen]:
    async def key() -> str:
        return ""

    writers = Writers(Threads(), prompts or resources(), key)
    try:
        yield Pen(writers)
    finally:
        await writers.close()
