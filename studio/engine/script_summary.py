"""What was found in a script, for people and programs: places as lines and columns, and the report as JSON."""

from bisect import bisect_right
from dataclasses import asdict
from itertools import accumulate
from typing import Any

from studio.domain.script_report import Cure, ScriptFinding, ScriptReport


class Places:
    """Offsets as lines and columns."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]

    def of(self, finding: ScriptFinding) -> tuple[int, int] | None:
        """Line and column, from 1, where a finding begins; None where it is about the whole."""
        if finding.start is None:
            return None
        line = bisect_right(self._starts, finding.start)
        return line, finding.start - self._starts[line - 1] + 1


def script_report_json(text: str, report: ScriptReport) -> dict[str, Any]:
    """A report on a script with this text; places are offsets into it, and lines and columns from 1."""
    place = Places(text)
    return {
        "verdict": report.verdict,
        "words": report.words,
        "characters": report.characters,
        "expected_s": round(report.expected_s, 1),
        "asked_s": report.asked_s,
        "reading_grade": report.grade,
        "language": report.language or None,
        "brand_alignment": report.brand_alignment,
        "findings": [
            {
                "check": each.check,
                "severity": each.severity,
                "detail": each.detail,
                "start": each.start,
                "end": each.end,
                **dict(zip(("line", "column"), place.of(each) or (None, None), strict=True)),
                "cure": _cure(each.cure),
            }
            for each in report.findings
        ],
    }


def _cure(cure: Cure | None) -> dict[str, Any] | None:
    if cure is None:
        return None
    written, spoken = cure.pronounce or (None, None)
    edit = asdict(cure.edit) if cure.edit else None
    return {"label": cure.label, "edit": edit, "pronunciation": f"{written}={spoken}" if written else None}
