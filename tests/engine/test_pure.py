"""The engine's pure rules: when it will be done, which take is kept, what the documents say."""

from dataclasses import replace

from studio.domain.episode import STAGES, Episode, Stage, State
from studio.domain.findings import Finding, FindingKind, QaReport, Severity, Verdict
from studio.domain.hearing import Alignment
from studio.domain.money import Costs
from studio.domain.sound import SoundReport
from studio.engine.events import Eta
from studio.engine.forecast import eta
from studio.engine.repair import best_take
from studio.engine.summary import batch_json, report_json

SOUND = SoundReport(60.0, 44_100, 1, -16.0, 3.0, -14.0, -1.2, ())


def episode(number: int, state: State, stage: Stage = Stage.PREPARE, **more: object) -> Episode:
    row = Episode(number, 1, number, f"E{number}", "e.md", state, stage, characters=1_000)
    return replace(row, **more)  # type: ignore[arg-type]  # fields by name


def report(verdict: Verdict, accuracy: float, *findings: Finding) -> QaReport:
    return QaReport(verdict, Alignment((), accuracy, 0, 0, 0), SOUND, 61.0, False, findings, "tiny.en")


def done(number: int, seconds: float) -> Episode:
    return episode(number, State.DONE, Stage.EXPORT, timings=tuple((stage, seconds) for stage in STAGES))


def test_the_eta_is_unknown_until_every_stage_was_seen() -> None:
    assert eta([episode(1, State.QUEUED)], 2, 2) == Eta(None, None)
    assert eta([done(1, 1.0)], 2, 2) == Eta(0.0, 0.0)


def test_the_eta_counts_what_is_left_of_each() -> None:
    rows = [done(1, 2.0), episode(2, State.QUEUED), episode(3, State.QUEUED, Stage.CHECK)]
    found = eta(rows, 1, 1)
    # Two seconds for each of the timed stages: five are left of the second, two of the third.
    assert found.low_s is not None
    assert found.high_s is not None
    assert found.low_s < 14.0 < found.high_s
    faster = eta(rows, 2, 2)
    assert faster.high_s is not None
    # Ten of the fourteen seconds belong to one episode, which nothing can split.
    assert faster.high_s * 14 > found.high_s * 9.9
    later = eta([*[done(n, 2.0) for n in range(10, 40)], *rows[1:]], 1, 1)
    assert later.high_s is not None
    assert later.low_s is not None
    assert later.high_s - later.low_s < found.high_s - found.low_s


def test_the_eta_of_bought_speech_goes_by_the_slots() -> None:
    # A hundred calls of a minute, a second on a core each, two cores: 30 calls at once take 200 s.
    timings = tuple((stage, 60.0 if stage is Stage.SYNTHESIZE else 1.0) for stage in STAGES)
    rows = [
        *(episode(n, State.DONE, Stage.EXPORT, timings=timings) for n in range(100)),
        *(episode(100 + n, State.QUEUED, Stage.SYNTHESIZE) for n in range(100)),
    ]
    found = eta(rows, 2, 30)
    assert found.low_s is not None
    assert found.high_s is not None
    assert found.low_s < 200.0 < found.high_s < 300.0


def test_the_best_take_has_the_best_verdict_then_the_most_words() -> None:
    assert best_take({1: report(Verdict.REVIEW, 0.95), 2: report(Verdict.FAIL, 0.99)}) == 1
    assert best_take({1: report(Verdict.FAIL, 0.90), 2: report(Verdict.FAIL, 0.91)}) == 2
    assert best_take({1: report(Verdict.FAIL, 0.90), 2: report(Verdict.FAIL, 0.90)}) == 2


def test_the_documents() -> None:
    place = Finding(FindingKind.SILENCE, Severity.REVIEW, "2 s", 1.23456, 3.5)
    document = report_json(report(Verdict.REVIEW, 0.98765, place, Finding(FindingKind.DURATION, Severity.NOTE, "x")))
    assert document["word_accuracy"] == 0.9877
    assert document["findings"][0]["start_s"] == 1.235
    assert (document["findings"][1]["start_s"], document["findings"][1]["end_s"]) == (None, None)
    rows = [done(1, 1.0), episode(2, State.FAILED, reason="No.", remedy="Do.")]
    costs = Costs(2_500_000, 100, 10, 1, 0, 0)
    whole = batch_json(["A"], [(row, "A", None) for row in rows], [{"source": "bad.md"}], [costs], 2, 10.0)
    assert (whole["project"], whole["episodes_produced"], whole["success_rate"]) == ("A", 1, 0.3333)
    assert (whole["cost_analysis"]["spent_usd"], whole["cost_analysis"]["unclear"]) == (2.5, 2)
    assert whole["episodes"][1]["reason"] == "No. Do."
    assert batch_json([], [], [], [], 0, 0.0)["success_rate"] == 0.0
