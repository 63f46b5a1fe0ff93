"""Whether anybody can find where a long take was put together: the sound around each join, against its neighbours."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np

from studio import app
from studio.audio.decode import probe, stream
from studio.audio.encode import FlacWriter
from studio.content.intake import ScriptIntake
from studio.domain.dialect import Dialect
from studio.domain.settings import Settings
from studio.domain.sound import Mark
from studio.domain.speech_plan import Chunk, Terms, plan_speech
from tests.audio.seams import Finding, seams

AROUND_S = 60.0  # enough boundaries to say what is usual


def planned(text: str, limit: int) -> tuple[Chunk, ...]:
    """How a plain text is cut for a model of this limit."""
    settings = Settings(voice="elevenlabs:x")
    spoken = app.spoken_form(ScriptIntake().read_text(text, "text"), settings, {})
    terms = Terms(limit, "mp3_44100_192", Dialect.BREAKS, True, settings.sentence_pause_s + 0.01)
    return plan_speech(spoken, settings.speech("eleven_flash_v2_5"), terms)


def found_at_joins(audio: Path, marks: Sequence[Mark], chunks: Sequence[Chunk], scratch: Path) -> list[Finding]:
    """What the checks find at the joins of a take at `audio`; empty is what it should be."""
    joins = [chunk.last - 1 for chunk in chunks[:-1]]
    spans = [(max(0.0, marks[last].end_s - AROUND_S), marks[last].end_s + AROUND_S) for last in joins]
    found = []
    for last, (begin_s, end_s), excerpt in zip(joins, spans, _excerpts(audio, spans, scratch), strict=True):
        near = [mark for mark in marks if begin_s + 1 < mark.start_s and mark.end_s < end_s - 1]
        shifted = [replace(mark, start_s=mark.start_s - begin_s, end_s=mark.end_s - begin_s) for mark in near]
        found += [finding for finding in seams(excerpt, shifted) if finding.after == last]
    return found


def _excerpts(audio: Path, spans: Sequence[tuple[float, float]], scratch: Path) -> list[Path]:
    """Parts of `audio` as files of their own, decoded once and never as a whole."""
    rate_hz = probe(audio).rate_hz
    paths = [scratch / f"join-{number}.flac" for number in range(len(spans))]
    with ExitStack() as open_files:
        files = [open_files.enter_context(FlacWriter(path, rate_hz)) for path in paths]
        place = 0
        for block in stream(audio, channels=1) if spans else ():
            for (begin_s, end_s), file in zip(spans, files, strict=True):
                begin, end = (max(0, round(at_s * rate_hz) - place) for at_s in (begin_s, end_s))
                if block[:, begin:end].size:
                    file.write(np.ascontiguousarray(block[:, begin:end]))
            place += block.shape[1]
    return paths
