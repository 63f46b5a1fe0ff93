"""Episodes, reports and costs as the JSON documents of the command line."""

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import Any, TypeAlias

from studio.domain.budget import BudgetUse, Scope
from studio.domain.episode import Episode, State
from studio.domain.findings import Finding, QaReport
from studio.domain.money import Attempt, Costs, usd
from studio.engine.quote import Quote
from studio.engine.topic_quote import Writing

Json: TypeAlias = dict[str, Any]


def finding_json(finding: Finding) -> Json:
    """One finding; about the whole episode, its times are null."""
    return {
        "kind": finding.kind,
        "severity": finding.severity,
        "start_s": _rounded(finding.start_s, 3),
        "end_s": _rounded(finding.end_s, 3),
        "said": finding.said,
        "script": finding.script,
        "detail": finding.detail,
        "sure": _rounded(finding.sure, 2),
    }


def report_json(report: QaReport) -> Json:
    """The document of `verify --json`."""
    sound, alignment = report.sound, report.alignment
    return {
        "verdict": report.verdict,
        "word_accuracy": _rounded(alignment.accuracy, 4),
        "loudness_lufs": _rounded(sound.loudness_lufs, 2),
        "loudness_channels": sound.channel_convention,
        "loudness_range_lu": _rounded(sound.loudness_range_lu, 2),
        "true_peak_dbtp": _rounded(sound.true_peak_dbtp, 2),
        "duration_s": _rounded(sound.duration_s, 3),
        "expected_duration_s": _rounded(report.expected_duration_s, 3),
        "voice_consistency": _rounded(report.voice.consistency if report.voice else None, 4),
        "voice_learned_from": report.voice.learned_from if report.voice else None,
        "words": len(alignment.words),
        "ears": report.ears,
        "findings": [finding_json(finding) for finding in report.findings],
        "forgiven": [
            {
                "said": each.said,
                "script": each.script,
                "grounds": each.grounds,
                "start_s": _rounded(each.start_s, 3),
                "end_s": _rounded(each.end_s, 3),
            }
            for each in report.alignment.forgiven
        ],
    }


def episode_json(episode: Episode, project: str, report: QaReport | None) -> Json:
    """One entry of the document of `batch --json`."""
    return {
        "project": project,
        "number": episode.number,
        "title": episode.title,
        "source": episode.source,
        "state": episode.state,
        "stage": episode.stage,
        "verdict": episode.verdict,
        "clearance": episode.clearance or None,
        "reason": f"{episode.reason} {episode.remedy}".strip() or None,
        "folder": episode.folder or None,
        "characters": episode.characters,
        "calls": episode.calls,
        "cost_usd": usd(episode.cost_micro),
        "word_accuracy": _rounded(episode.word_accuracy, 4),
        "loudness_lufs": _rounded(episode.loudness_lufs, 2),
        "true_peak_dbtp": _rounded(episode.true_peak_dbtp, 2),
        "duration_s": _rounded(episode.duration_s, 3),
        "expected_duration_s": _rounded(episode.expected_duration_s, 3),
        "voice_consistency": _rounded(episode.voice_consistency, 4),
        "brand_alignment": _rounded(episode.brand_alignment, 4),
        "repairs": episode.repairs,
        "findings": [finding_json(finding) for finding in report.findings] if report else [],
        "timings": {stage: round(seconds, 3) for stage, seconds in episode.timings},
    }


def batch_json(
    projects: Sequence[str],
    episodes: Sequence[tuple[Episode, str, QaReport | None]],
    refused: Iterable[Json],
    costs: Iterable[Costs],
    unclear: int,
    seconds: float,
) -> Json:
    """The document of `batch --json` and `resume --json`; `unclear` counts calls, `seconds` is what the run took."""
    rows = [episode for episode, _, _ in episodes]
    refused = list(refused)
    done = [episode for episode in rows if episode.state is State.DONE]
    total = len(rows) + len(refused)
    return {
        "project": projects[0] if len(projects) == 1 else list(projects),
        "episodes_produced": len(done),
        "success_rate": round(len(done) / total, 4) if total else 0.0,
        "production_time_s": round(seconds, 3),
        "quality_metrics": quality_metrics(rows, seconds),
        "cost_analysis": cost_analysis(rows, costs, unclear),
        "episodes": [episode_json(episode, project, report) for episode, project, report in episodes],
        "refused": refused,
    }


def quality_metrics(episodes: Sequence[Episode], seconds: float) -> Json:
    """Extremes and means over what has been checked; `seconds` is what the run took."""
    accuracies = [episode.word_accuracy for episode in episodes if episode.word_accuracy is not None]
    loudness = [episode.loudness_lufs for episode in episodes if episode.loudness_lufs is not None]
    peaks = [episode.true_peak_dbtp for episode in episodes if episode.true_peak_dbtp is not None]
    audio_s = sum(episode.duration_s for episode in episodes if episode.verdict and episode.duration_s)
    return {
        "verdicts": dict(Counter(str(episode.verdict) for episode in episodes if episode.verdict)),
        "word_accuracy_mean": round(fmean(accuracies), 4) if accuracies else None,
        "word_accuracy_min": round(min(accuracies), 4) if accuracies else None,
        "loudness_lufs_min": round(min(loudness), 2) if loudness else None,
        "loudness_lufs_max": round(max(loudness), 2) if loudness else None,
        "true_peak_dbtp_max": round(max(peaks), 2) if peaks else None,
        "audio_hours": round(audio_s / 3600, 3),
        "audio_hours_per_hour": round(audio_s / seconds, 2) if seconds else None,
    }


def cost_analysis(episodes: Sequence[Episode], costs: Iterable[Costs], unclear: int) -> Json:
    """What was spent, is held, was lost and was spared, in dollars; `unclear` calls may have been charged."""
    costs = list(costs)
    settled = sum(each.settled_micro for each in costs)
    minutes = sum(e.duration_s for e in episodes if e.state is State.DONE and e.duration_s) / 60
    return {
        "spent_usd": usd(settled),
        "held_usd": usd(sum(each.reserved_micro for each in costs)),
        "lost_usd": usd(sum(each.lost_micro for each in costs)),
        "saved_usd": usd(sum(each.cached_micro for each in costs)),
        "characters": sum(each.characters for each in costs),
        "calls": sum(each.calls for each in costs),
        "unclear": unclear,
        "cached_calls": sum(each.cached_calls for each in costs),
        "cached_characters": sum(each.cached_characters for each in costs),
        "usd_per_finished_minute": round(usd(settled) / minutes, 6) if minutes else None,
    }


def costs_json(project: str, costs: Costs, budgets: Iterable[BudgetUse]) -> Json:
    """One project's entry of the document of `costs --json`."""
    return {
        "project": project,
        "spent_usd": usd(costs.settled_micro),
        "held_usd": usd(costs.reserved_micro),
        "lost_usd": usd(costs.lost_micro),
        "saved_usd": usd(costs.cached_micro),
        "characters": costs.characters,
        "calls": costs.calls,
        "cached_calls": costs.cached_calls,
        "cached_characters": costs.cached_characters,
        "budgets": [_budget_json(use) for use in budgets],
    }


def _budget_json(use: BudgetUse) -> Json:
    credits_ = use.scope is Scope.CREDITS
    amounts = {"limit": use.limit, "spent": use.settled, "held": use.reserved, "left": use.left}
    return {
        "scope": use.scope,
        **{f"{name}_{'credits' if credits_ else 'usd'}": n if credits_ else usd(n) for name, n in amounts.items()},
    }


def unclear_json(attempt: Attempt, project: str, episode: str) -> Json:
    """What is known of a call of which nobody knows whether it was charged."""
    return {
        "id": attempt.id,
        "project": project,
        "episode": episode,
        "voice": attempt.voice,
        "model": attempt.model,
        "characters": attempt.characters,
        "held_usd": usd(attempt.reserved_micro),
        "sent_at": attempt.sent_at or attempt.created_at,
        "request_id": attempt.request_id or None,
        "error": attempt.error,
    }


def quote_json(quote: Quote) -> Json:
    """The figures of `forecast --json`; `fits` is how many episodes the budgets leave room for."""
    return {
        "voice": quote.voice,
        "model": quote.model,
        "plan": quote.plan or None,
        "episodes": quote.episodes,
        "characters": quote.characters,
        "calls": quote.calls,
        "cached_calls": quote.cached_calls,
        "cached_characters": quote.cached_characters,
        "credits": quote.credits,
        "cost_usd": usd(quote.cost_micro),
        "saved_usd": usd(quote.saved_micro),
        "time_s": [round(quote.low_s, 1), round(quote.high_s, 1)],
        "fits": len(quote.fits),
    } | _writing_json(quote.writing)


def _writing_json(writing: Writing) -> Json:
    """What of a quote is for topics that are still to be written; nothing where there are none."""
    if not writing.topics:
        return {}
    return {
        "topics": writing.topics,
        "topic_minutes": round(writing.minutes, 2),
        "writing_cost_usd": usd(writing.most_micro),
        "writing_usual_usd": usd(writing.usual_micro),
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
