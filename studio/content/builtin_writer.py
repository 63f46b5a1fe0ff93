"""Writes a script without a model: an honest digest of what was found, in the shape of the show's template."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from studio.content.digest import Run, Segment, chosen, plain, runs_of, segments_of
from studio.content.fitting import seconds_of
from studio.content.template import Template, filled, read_template
from studio.domain.duration import SpeakingRate
from studio.domain.errors import InputError
from studio.domain.extent import extent_of
from studio.domain.script import Topic
from studio.domain.settings import Settings
from studio.domain.spoken import Utterance
from studio.domain.writing import Assignment, Citation, Manuscript, Takes
from studio.engine.authoring import Ask
from studio.engine.ports import Compute, Lane, Report

WRITER: Final = "built-in digest"
_CLOSE: Final = 0.04  # of the length that is asked for
_TRIES: Final = 12
_SPARE: Final = 30  # runs that are tried in the place of the last one
_BLANK: Final = "\n\n"


class BuiltinWriter:
    """Keeps the engine's `Writer` protocol.

    Args:
        compute: Where it works: weighing hundreds of passages takes longer than an event loop may wait.
        template: The file of the show's template that is used where the show has none of its own.
    """

    def __init__(self, compute: Compute, template: Path) -> None:
        self._compute = compute
        self._template = template

    @property
    def lane(self) -> Lane:
        """The cores."""
        return Lane.CPU

    def takes(self, topic: Topic, minutes: float, settings: Settings, rate: SpeakingRate) -> Takes:
        """Nothing: no model is asked."""
        return Takes()

    async def write(self, assignment: Assignment, ask: Ask, report: Report) -> Manuscript:
        """A digest of the excerpts; nobody is asked. Raises `InputError` where they hold no whole sentence."""
        return await self._compute.run(digest, report, assignment, self._template)


def digest(report: Report, assignment: Assignment, template: Path) -> Manuscript:
    """The digest of an assignment, as near to its length as its sentences allow.

    Raises `InputError` where there is nothing to write from.
    """
    own = assignment.template
    shape = read_template(own or template.read_text("utf-8"), assignment.settings.template or template.name)
    runs = runs_of(assignment.topic, assignment.excerpts)
    if not runs:
        raise InputError(
            f"There is nothing to write “{assignment.topic.title}” from: no source holds a passage that fits.",
            "Name sources for the topic, or for the show in the settings.",
        )
    report(0.3)
    made, seconds = _fitted(assignment, shape, runs)
    report(1.0)
    notes = ["Put together from the sources' own sentences, without a language model."]
    if seconds < assignment.minutes * 60 * (1 - _CLOSE):
        notes.append(
            f"The sources give {seconds / 60:.1f} minutes that fit, of the {assignment.minutes:g} that were asked for."
        )
    return Manuscript(assignment.topic.title, *made, WRITER, tuple(notes))


def _fitted(
    assignment: Assignment, shape: Template, runs: Sequence[Run]
) -> tuple[tuple[str, tuple[Citation, ...]], float]:
    """The text whose length is nearest to what is asked for, and its seconds.

    How much is taken is corrected by how long the whole came out; the last step is by the sentence.
    """
    asked_s, wanted_s = assignment.minutes * 60, assignment.minutes * 60
    best: tuple[float, tuple[str, tuple[Citation, ...]], float] | None = None
    for _ in range(_TRIES):
        picked = _taken(assignment, runs, wanted_s)
        made = _text(assignment, shape, segments_of(picked, assignment.excerpts, assignment.minutes))
        seconds = seconds_of(made[0], assignment)
        off = abs(seconds - asked_s)
        if best is None or off < best[0]:
            best = off, made, seconds
        if off <= _CLOSE * asked_s or (seconds < asked_s and len(picked) == len(runs)):
            break
        wanted_s = max(1.0, wanted_s + asked_s - seconds)
    if best is None:
        raise AssertionError("at least one try is made")
    return best[1], best[2]


def _taken(assignment: Assignment, runs: Sequence[Run], wanted_s: float) -> list[Run]:
    """The best runs that take about so long, the last of them cut at a sentence."""

    def seconds(picked: Sequence[Run]) -> float:
        pauses, rate = assignment.settings, assignment.rate
        said = [
            Utterance(sentence, 0, 0, (), pauses.sentence_pause_s if more else pauses.paragraph_pause_s)
            for run in picked
            for more, sentence in zip(range(len(run.sentences) - 1, -1, -1), run.sentences, strict=True)
        ]
        return rate.expected_s(extent_of(said))

    picked = chosen(runs, assignment.excerpts, assignment.minutes, lambda some: seconds(some) >= wanted_s)
    if len(picked) < 2 or seconds(picked) <= wanted_s:
        return picked
    last = picked.pop()
    spare = [last, *[run for run in runs if run not in picked and run is not last][:_SPARE]]
    ends = [_cut(run, count) for run in spare for count in range(1, len(run.sentences) + 1)]
    # What was chosen last stays, as much of it as there is room for, unless another one fills the room better.
    return min([picked, *([*picked, end] for end in ends)], key=lambda some: _off(seconds(some), wanted_s))


def _off(seconds: float, wanted_s: float) -> float:
    """How far from what is wanted, in steps: within one of them the first is as good as any."""
    return abs(seconds - wanted_s) // (_CLOSE / 2 * wanted_s)


def _cut(run: Run, sentences: int) -> Run:
    return replace(run, sentences=run.sentences[:sentences])


def _text(assignment: Assignment, shape: Template, segments: Sequence[Segment]) -> tuple[str, tuple[Citation, ...]]:
    """The whole script in Markdown, and which stretch of it rests on which excerpt."""
    excerpts = assignment.excerpts
    values = _values(assignment, segments)
    parts = [filled(shape.before, values).strip()]
    citations: list[Citation] = []
    length = len(parts[0])

    def add(text: str, excerpt: int | None = None) -> None:
        nonlocal length
        length += len(_BLANK)
        if excerpt is not None:
            citations.append(Citation(length, length + len(text), excerpt))
        parts.append(text)
        length += len(text)

    turns = 0
    for number, segment in enumerate(segments):
        add(f"## {segment.heading}")
        kind = "lead first" if not number else "lead last" if number == len(segments) - 1 else "lead next"
        before = excerpts[segment.runs[0].excerpt].source
        # The first of the others takes the first of their leads.
        turn = number - 1 if kind == "lead next" else number // len(segments)
        add(
            shape.lead(
                kind, max(0, turn), {"source": _called(before.title, before.address), "heading": segment.heading}
            )
        )
        for run in segment.runs:
            source = excerpts[run.excerpt].source
            if source.address != before.address:
                called = _called(source.title, source.address)
                add(shape.lead("turn", turns, {"source": called, "heading": segment.heading}))
                turns += 1
                before = source
            add(run.text, run.excerpt)
    add(filled(shape.after, values).strip())
    return _BLANK.join(parts) + "\n", tuple(citations)


def _values(assignment: Assignment, segments: Sequence[Segment]) -> Mapping[str, str]:
    used = dict.fromkeys(
        _called(assignment.excerpts[run.excerpt].source.title, assignment.excerpts[run.excerpt].source.address)
        for segment in segments
        for run in segment.runs
    )
    heard = [segment.heading for segment in segments]
    return {
        "title": assignment.topic.title.strip().rstrip("."),
        "show": assignment.settings.show.strip(),
        "brief": _sentence(assignment.topic.brief),
        "recap": f"You heard of {_listed(heard)}." if heard else "",
        "sources": _listed(list(used)),
    }


def _called(title: str, address: str) -> str:
    return f"“{plain(title)}”" if plain(title) else plain(Path(address).name)


def _sentence(text: str) -> str:
    """A brief as a sentence of its own, or nothing."""
    plain = " ".join(text.split())
    return plain if not plain or plain[-1] in ".!?…" else f"{plain}."


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
