"""Is a script as long as it was asked for, and does the voice take it in one call?"""

from collections.abc import Iterator
from math import ceil
from typing import Final

from studio.content.subject import Subject
from studio.domain.findings import Severity
from studio.domain.script_report import Check, ScriptFinding

NEAR: Final = 0.05
"""Share of the asked length that a script may be off without a word."""
FAR: Final = 0.15
"""Share from which what the studio wrote is not what was asked for."""


def check_length(subject: Subject, expected_s: float) -> Iterator[ScriptFinding]:
    """Against the minutes asked for, 0 for none; `expected_s` is how long it should take to speak."""
    asked_s = 60 * subject.job.asked_minutes
    off = abs(expected_s / asked_s - 1) if asked_s else 0.0
    if round(off, 3) > NEAR:
        side = "longer" if expected_s > asked_s else "shorter"
        severity = Severity.FAULT if subject.written and off > FAR else Severity.REVIEW
        detail = (
            f"It takes about {_minutes(expected_s)} to speak, {off:.0%} {side} than the {_minutes(asked_s)} that were"
            " asked for."
        )
        yield ScriptFinding(Check.LENGTH, severity, detail)


def check_limit(subject: Subject) -> Iterator[ScriptFinding]:
    """Against what the voice's model takes in one call: more is no fault, but has seams."""
    limit, characters = subject.job.limit, subject.job.spoken.characters
    if limit and characters > limit:
        detail = (
            f"Its {characters:,} characters are more than the {limit:,} that the voice takes in one call: it will be"
            f" spoken in {ceil(characters / limit)} parts and joined in silence."
        )
        yield ScriptFinding(Check.LIMIT, Severity.NOTE, detail)


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d} min"
