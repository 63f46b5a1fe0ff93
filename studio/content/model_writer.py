"""Writes a script with a chat model: an outline, its sections, then what holds them together; as long as asked for.

The structure is ours: a model fills it with prose, and nothing that it reads or writes can change it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import Final

from studio.content.citing import MARK, blanked, numbers, taken_out
from studio.content.conversation import Conversation
from studio.content.fitting import fitted, seconds_of
from studio.content.framing import Frame, edges_of, frame_of, lines_asked, said_in
from studio.content.intake import ScriptIntake
from studio.content.outline import Section, plain_outline, sections_of
from studio.content.prompting import PromptTexts, Questions, shown
from studio.content.returned import Cleaner
from studio.content.sentences import sentence_spans
from studio.content.writing_takes import (
    EDGE_WORDS,
    IN_OUTLINE,
    IN_SECTION,
    MOST_MORE,
    TRUST,
    WORDS_OUTLINE,
    edge,
    sections,
    takes,
)
from studio.domain.duration import SpeakingRate
from studio.domain.errors import InputError
from studio.domain.script import BlockKind, Topic
from studio.domain.settings import Settings
from studio.domain.writing import Assignment, Citation, Manuscript, Takes
from studio.engine.authoring import Ask
from studio.engine.ports import Compute, Lane, Report, unfollowed

_NEAR: Final = 0.02  # of the length asked for: short of it by more, more is asked for
_SPARE: Final = 0.04  # of the length asked for that is written beyond it: trimming costs nothing
_TAIL: Final = 2  # sentences of the section before that the next one is shown
_FAR: Final = 0.05
_SAMPLE: Final = 1_500  # characters by which the pace in words is told
_PROSE: Final = (
    "The lighthouse stood at the end of a long pier. Every evening the keeper climbed the stairs, lit the lamp, and "
    "waited for the ships to come home. In winter, when the storms were at their worst, he sometimes stayed awake all "
    "night."
)


class ModelWriter:
    """Keeps the engine's `Writer` protocol.

    Args:
        compute: Where texts are measured and trimmed: that takes longer than an event loop may wait.
        prompts: The folder of the questions' texts.
        host: Where the model is, as it stands in reports.
    """

    def __init__(self, compute: Compute, prompts: Path, host: str) -> None:
        self._compute = compute
        self._prompts = prompts
        self._host = host

    @property
    def lane(self) -> Lane:
        """The network, also where the model is on this machine: the studio's own cores are free meanwhile."""
        return Lane.NETWORK

    def takes(self, topic: Topic, minutes: float, settings: Settings, rate: SpeakingRate) -> Takes:
        """What a script of so many minutes takes of the model."""
        return takes(topic, minutes, settings, rate)

    async def write(self, assignment: Assignment, ask: Ask, report: Report) -> Manuscript:
        """The script. Raises `InputError` where the model gives none, and what `ask` raises."""
        texts = await asyncio.to_thread(PromptTexts, self._prompts)
        questions = Questions(texts, assignment)
        conversation = Conversation(assignment, questions, ask, self._host)
        episode = _Episode(self._compute, assignment, questions, conversation, report)
        text, citations = await episode.written()
        return Manuscript(
            title=assignment.topic.title,
            text=text,
            citations=citations,
            writer=f"{conversation.model} at {self._host}",
            notes=tuple(episode.notes),
            prompt_tokens=conversation.prompt_tokens,
            completion_tokens=conversation.completion_tokens,
        )


class _Episode:
    """One episode as it grows. Its text keeps the marks of its citations until it is whole."""

    def __init__(
        self,
        compute: Compute,
        assignment: Assignment,
        questions: Questions,
        conversation: Conversation,
        report: Report,
    ) -> None:
        self._compute = compute
        self._assignment = assignment
        self._bare = replace(assignment, excerpts=(), brand=None, template="")  # what measuring takes
        self._talk = conversation
        self._report = report
        known = frozenset(range(1, len(assignment.excerpts) + 1))
        self._cleaner = Cleaner(known, questions.is_leaked, assignment.brand)
        self._asked_s = assignment.minutes * 60
        self._pace = 1.0  # words a second
        self._asked_words = self._got_words = 0.0
        self._sections: list[Section] = []
        self._bodies: list[str] = []
        self.notes: list[str] = []

    async def written(self) -> tuple[str, tuple[Citation, ...]]:
        """All of it, trimmed, and what it rests on. Raises `InputError` where nothing usable came."""
        if not self._assignment.excerpts:
            self.notes.append("There was no source: nothing in it rests on one.")
        sample = " ".join(each.text for each in self._assignment.excerpts)[:_SAMPLE]
        sample = sample if len(sample) > _SAMPLE / 2 else _PROSE
        self._pace = len(sample.split()) / max(1.0, (await self._seconds([sample]))[0])
        total = round(self._asked_s * self._pace)
        await self._outlined(total)
        self._report(0.1)
        await self._filled(total)
        frame = await self._framed(total)
        self._report(0.85)
        text = await self._lengthened(frame)
        made = await self._compute.run(finished, unfollowed, text, self._bare, _kept(frame))
        text, citations, seconds = made
        off = seconds / self._asked_s - 1
        if abs(off) > _FAR:
            side = "longer" if off > 0 else "shorter"
            self.notes.append(f"It is {abs(off):.0%} {side} than the {self._assignment.minutes:g} minutes asked for.")
        if self._cleaner.wrong_marks:
            self.notes.append(f"{self._cleaner.wrong_marks} citations of excerpts that do not exist were taken out.")
        self._report(1.0)
        return text, citations

    async def _outlined(self, total: int) -> None:
        excerpts = self._assignment.excerpts
        count = sections(self._assignment.minutes)
        most, characters = IN_OUTLINE
        values = {
            "total": total,
            "sections": count,
            "excerpts": shown(excerpts, range(1, min(most, len(excerpts)) + 1), characters),
        }
        words = WORDS_OUTLINE[0] + WORDS_OUTLINE[1] * count
        found = sections_of(await self._talk.document("outline", values, words, {"sections"}), count, excerpts)
        if not found:
            found = plain_outline(self._assignment.topic.title, count, excerpts)
            self.notes.append("The model's outline could not be read: a plain one was used.")
        self._sections = list(found)

    async def _filled(self, total: int) -> None:
        """Every section, each as long as those before it have left to it."""
        left_s = self._asked_s * (1 + _SPARE) - sum(edge(name, total) for name in EDGE_WORDS) / self._pace
        heading_s = 2 + self._assignment.settings.heading_pause_s if len(self._sections) > 1 else 0.0
        left_s -= heading_s * (len(self._sections) + 1)
        wanted, self._sections = self._sections, []
        before = ""
        for number, section in enumerate(wanted):
            share_s = max(4.0, left_s / (len(wanted) - number))
            values = {
                "number": number + 1,
                "count": len(wanted),
                "plan": "; ".join(each.heading for each in wanted),
                "heading": section.heading,
                "points": "\n".join(f"- {point}" for point in section.points),
                "before": before or "(it is the first)",
            }
            body = await self._prose("section", values, section, share_s)
            if body:
                self._sections.append(section)
                self._bodies.append(body)
                before = _tail(body)
                # What is far too long is trimmed: the others are not to pay for it.
                left_s -= min((await self._seconds([body]))[0], 1.3 * share_s)
            self._report(0.1 + 0.65 * (number + 1) / len(wanted))
        if not self._bodies:
            raise InputError(
                f"What the model wrote about “{self._assignment.topic.title}” cannot be spoken.",
                "Try it again with another seed, or choose another model of the writer.",
            )

    async def _framed(self, total: int) -> Frame:
        settings = self._assignment.settings
        steps = len(self._sections) - 1
        values = {
            **{name: edge(name, total) for name in EDGE_WORDS},
            "transitions": steps,
            "lines": lines_asked(self._assignment),
            "sections": "\n".join(map(edges_of, self._sections, self._bodies)),
        }
        name = "recap" if self._assignment.template else "polish"
        words = 120 + sum(edge(each, total) for each in EDGE_WORDS) + 25 * steps
        document = await self._talk.document(name, values, words, {"opening", "closing", "recap"})
        said = said_in(document, self._cleaner, steps)
        if not (said.recap if self._assignment.template else said.opening and said.closing):
            self.notes.append("The model gave no opening or closing that could be read: plain ones were used.")
        cited = [number for body in self._bodies for mark in MARK.findall(body) for number in numbers(mark)]
        sources = [self._assignment.excerpts[number - 1].source.title for number in cited or ()]
        return frame_of(self._assignment, said, self._sections, [name for name in sources if name] or [settings.show])

    async def _lengthened(self, frame: Frame) -> str:
        """The whole; where it is too short, with what the model adds to its shortest section."""
        for again in range(MOST_MORE):
            text = self._whole(frame)
            short_s = self._asked_s - (await self._seconds([text]))[0]
            if short_s <= _NEAR * self._asked_s:
                return text
            place = min(range(len(self._bodies)), key=lambda number: len(self._bodies[number]))
            section, body = self._sections[place], self._bodies[place]
            values = {"section": f"{section.heading}\n\n{body}"}
            more = await self._prose("more", values, section, short_s + _SPARE * self._asked_s, seed=again)
            self._bodies[place] = f"{body}\n\n{more}" if more else body
        return self._whole(frame)

    async def _prose(
        self, name: str, values: Mapping[str, object], section: Section, seconds: float, seed: int = 0
    ) -> str:
        """Clean prose of about so many seconds, asked for in the words that this model is known to make of it."""
        low, high = TRUST
        given = self._got_words / self._asked_words if self._asked_words else 1.0
        wanted = seconds * self._pace
        words = max(12, ceil(wanted / min(high, max(low, given))))
        most = min(IN_SECTION[0], IN_SECTION[1] // max(1, len(section.sources)))
        excerpts = shown(self._assignment.excerpts, sorted(section.sources), most)
        completion = await self._talk.prose(name, {**values, "words": words, "excerpts": excerpts}, words, seed=seed)
        body = self._cleaner.prose(completion)
        self._asked_words += words
        self._got_words += len(blanked(body).split())
        return body

    def _whole(self, frame: Frame) -> str:
        parts = [frame.before]
        for number, (section, body) in enumerate(zip(self._sections, self._bodies, strict=True)):
            step = frame.transitions[number - 1] if 0 < number <= len(frame.transitions) else ""
            heading = [f"## {section.heading}"] if len(self._sections) > 1 else []
            parts += [*heading, f"{step} {body}".strip()]
        return "\n\n".join(part for part in [*parts, frame.after] if part) + "\n"

    async def _seconds(self, texts: Sequence[str]) -> Sequence[float]:
        return await self._compute.run(measured, unfollowed, texts, self._bare)


def measured(_report: Report, texts: Sequence[str], assignment: Assignment) -> Sequence[float]:
    """How long each takes to speak. In a worker."""
    return [seconds_of(text, assignment) for text in texts]


def finished(
    _report: Report, text: str, assignment: Assignment, kept: tuple[int, int]
) -> tuple[str, tuple[Citation, ...], float]:
    """The text as `fitting.fitted` leaves it, without its marks; what these said; how long it takes. In a worker."""
    text, citations = taken_out(fitted(text, assignment, kept))
    return text, citations, seconds_of(text, assignment)


def _kept(frame: Frame) -> tuple[int, int]:
    """How many blocks of speech are the opening, and how many the closing."""
    before, after = (
        sum(block.kind is not BlockKind.HEADING for block in ScriptIntake().read_text(part, "frame").blocks)
        for part in (frame.before, frame.after)
    )
    return before, after


def _tail(body: str) -> str:
    """The last sentences of a section."""
    plain = " ".join(blanked(body).split())
    spans = list(sentence_spans(plain))[-_TAIL:]
    return plain[spans[0][0] :] if spans else ""
