"""What the dock says of the take that sounds: which one it is, which one is in use, and why."""

from collections.abc import Sequence

from studio.domain.findings import QaReport
from studio.engine.takes import Reason, TakeSound, attenuation_db, why_in_use
from studio.ui import wording
from studio.ui.tips import VERDICTS

_BECAUSE = {
    Reason.ONLY: "no other take was checked",
    Reason.UNCHECKED: "it is the newest, and not checked yet",
    Reason.PASSED: "it passed the checks",
    Reason.VERDICT: "its verdict is better ({mine[0]}, {rival}: {other[0]})",
    Reason.FAULTS: "less of it is wrong than of {rival}",
    Reason.FINDINGS: "less of it is in doubt than of {rival}",
    Reason.WORDS: "more of its words were heard right ({mine[1]}, {rival}: {other[1]})",
    Reason.NEWEST: "it is as good as {rival}, and newer",
    Reason.CHOSEN: "it was chosen by hand; the checks put {rival} before it",
}
_AUDIBLE_DB = 0.05


def short(number: int, takes: int) -> str:
    """On the button: `Take 2 of 3`."""
    return f"Take {number} of {takes}"


def said(number: int, in_use: int, sounds: Sequence[TakeSound]) -> str:
    """One line: `Take 1 sounds. In use is take 2: its verdict is better (pass, take 1: fail). It plays as it is …`."""
    which = "and is in use" if number == in_use else f"in place of take {in_use}, which is in use"
    return f"Take {number} sounds, {which}: {_why(in_use, sounds)}. {_loudness(number, sounds)}."


def _why(in_use: int, sounds: Sequence[TakeSound]) -> str:
    why = why_in_use(in_use, sounds)
    reports = {sound.number: sound.report for sound in sounds}
    mine, other = (_verdict_and_words(reports.get(number)) for number in (in_use, why.rival))
    return _BECAUSE[why.reason].format(rival=f"take {why.rival}", mine=mine, other=other)


def _verdict_and_words(report: QaReport | None) -> tuple[str, str]:
    return (VERDICTS[report.verdict].lower(), wording.share(report.alignment.accuracy)) if report else ("", "")


def _loudness(number: int, sounds: Sequence[TakeSound]) -> str:
    here = next((sound for sound in sounds if sound.number == number), None)
    others = [sound for sound in sounds if sound.number != number]
    if here is None or any(sound.heard_lufs is None for sound in sounds):
        return "Not every take was measured, so their loudness is not matched"
    softer = -attenuation_db(here, others)
    if softer >= _AUDIBLE_DB:
        return f"It plays {softer:.1f} dB softer, so that all are equally loud"
    rest = max(-attenuation_db(sound, [each for each in sounds if each is not sound]) for sound in others)
    return "The others play softer, to match it" if rest >= _AUDIBLE_DB else "All are equally loud"
