"""What to do about an episode that failed its checks: speak it anew while that is allowed, then keep the best take."""

from collections.abc import Mapping

from studio.domain.findings import FindingKind, QaReport, Severity, Verdict

_SPEECH = {
    FindingKind.MISSING_WORDS,
    FindingKind.EXTRA_WORDS,
    FindingKind.REPEATED_WORDS,
    FindingKind.MISREAD_WORDS,
    FindingKind.CUT_OFF,
    FindingKind.SILENCE,
    FindingKind.NOISE,
    FindingKind.CLIPPING,
    FindingKind.CLICK,
    FindingKind.VOICE,
}
_RANK = {Verdict.PASS: 3, Verdict.REVIEW: 2, Verdict.INCONCLUSIVE: 1, Verdict.FAIL: 0}


def worth_a_retake(report: QaReport, repairs_so_far: int, limit: int) -> bool:
    """Whether another take may help: the speech itself is at fault, and the limit is not reached."""
    faults = {finding.kind for finding in report.findings if finding.severity is Severity.FAULT}
    return repairs_so_far < limit and report.verdict is Verdict.FAIL and bool(faults & _SPEECH)


def best_take(reports: Mapping[int, QaReport]) -> int:
    """The number of the take with the best verdict, then the most words right, then the newest."""
    return max(reports, key=lambda n: (_RANK[reports[n].verdict], reports[n].alignment.accuracy or 0.0, n))
