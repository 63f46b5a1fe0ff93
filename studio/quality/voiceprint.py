"""What a voice is like, how consistent an episode is with what was accepted of it, and where somebody else speaks."""

from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from studio.audio.gathered import Gathered
from studio.audio.mono import RATE_HZ, Mono
from studio.domain.findings import Finding, FindingKind, Severity, percent
from studio.domain.hearing import Match, TimedWord
from studio.domain.sound import Span
from studio.domain.spoken import SpokenForm
from studio.domain.voiceprint import VoiceReport
from studio.engine.jobs import CheckJob
from studio.quality.kept_sound import KeptSound
from studio.quality.pitch import median_pitch
from studio.quality.speaker import SAMPLES, SIZE, Embeddings, Speaker, cohort
from studio.quality.speech_windows import SpeechWindow, SpeechWindows
from studio.quality.voice_changes import Change, changes
from studio.quality.voice_score import consistency, consistency_within, print_of
from studio.quality.voice_windows import Heard, main_voice

_BATCH: Final = 4  # windows; with more the encoder is no faster, but takes more memory
_FEWEST: Final = 3  # windows of speech, under which nothing is said
_FAR_OFF: Final = 0.3  # of a consistency with a learned baseline: not the same voice any more
_CLOSELY_S: Final = 30.0  # of a passage are looked at closely
_STEP: Final = RATE_HZ // 2  # samples from one close look to the next
_QUIET: Final = 0.2  # of the loudest of them: a pause
_ROUGH_S: Final = 0.5  # that the times of heard words may be wrong by
_QUOTE: Final = 12  # words


class VoiceEars:
    """A listener that gathers what a voice is like: one row of numbers for each window of up to 3 seconds of speech.

    An hour of speech takes about 1 MB. `models` is the folder of the models that come with the studio, unless given.
    Raises `EarsError` as soon as there is speech and no whole model.
    """

    def __init__(self, models: Path | None = None) -> None:
        self._models = models
        self._windows = SpeechWindows()
        self._batch: list[SpeechWindow] = []
        self._speaker: Speaker | None = None
        self._embeddings = Gathered()  # float16
        self._rows = array("f")

    def feed(self, samples: Mono) -> None:
        """Listen."""
        for window in self._windows.feed(samples):
            self._take(window)

    def finish(self) -> None:
        """There is no more."""
        for window in self._windows.finish():
            self._take(window)
        self._look()

    def judged(
        self, job: CheckJob, sound: KeptSound, words: Sequence[TimedWord]
    ) -> tuple[VoiceReport | None, list[Finding]]:
        """How consistent the voice is, and where it changes; None where there is too little speech to tell.

        Passages of `sound`, that of `job`, that are suspicious are looked at closely.
        """
        said = [word for word in words if word.match is not Match.MISSING]
        heard = self._heard(said)
        if len(heard.start_s) < _FEWEST:
            return None, []
        main = main_voice(heard.embeddings)
        speech_s = float(heard.speech_s.sum()) + self._windows.crumbs_s
        voice = print_of(heard, " ".join(word.text for word in said), speech_s)
        if job.baseline is not None and job.baseline.learned:
            report = VoiceReport(consistency(voice, job.baseline), len(job.baseline.prints), voice)
        else:
            report = VoiceReport(consistency_within(heard, main, cohort(self._models)), 0, voice)
        sentences = _sentences(job, words)
        found = changes(heard, main, sentences, lambda spans: self._closely(sound, spans), exact=bool(job.marks))
        return report, [*_whole(report, job.settings.voice_consistency), *(_changed(each, words) for each in found)]

    def _take(self, window: SpeechWindow) -> None:
        self._batch.append(window)
        if len(self._batch) == _BATCH:
            self._look()

    def _look(self) -> None:
        if not self._batch:
            return
        sounds = np.stack([window.sound for window in self._batch])
        self._embeddings.add(self._embedded(sounds).astype(np.float16).tobytes())
        for window, pitch in zip(self._batch, median_pitch(sounds).tolist(), strict=True):
            self._rows.extend((window.start_s, window.end_s, window.speech_s, pitch))
        self._batch = []

    def _embedded(self, sounds: Mono) -> Embeddings:
        if self._speaker is None:
            self._speaker = Speaker(self._models)
        return self._speaker.embed(sounds)

    def _heard(self, words: Sequence[TimedWord]) -> Heard:
        """The windows in which words are; all of them where the words are not known. Music is nobody's voice."""
        rows = np.array(self._rows, np.float32).reshape(-1, 4)
        embeddings = np.frombuffer(self._embeddings.all(), np.float16).reshape(-1, SIZE).astype(np.float32)
        if words:
            middles = np.sort([(word.start_s + word.end_s) / 2 for word in words])
            first, last = np.searchsorted(middles, [rows[:, 0] - _ROUGH_S, rows[:, 1] + _ROUGH_S])
            rows, embeddings = rows[last > first], embeddings[last > first]
        return Heard(embeddings, *rows.T)

    def _closely(self, sound: KeptSound, spans: Sequence[Span]) -> Iterator[Embeddings]:
        """Embeddings half a second apart of the first seconds of each of `spans`."""
        for span in spans:
            yield self._looks(sound.excerpt(Span(span.start_s, min(span.end_s, span.start_s + _CLOSELY_S))))

    def _looks(self, sound: Mono) -> Embeddings:
        if not len(sound):
            return np.zeros((0, SIZE), np.float32)
        long = np.resize(sound, max(len(sound), SAMPLES))
        looks = np.stack([long[at : at + SAMPLES] for at in range(0, len(long) - SAMPLES + 1, _STEP)])
        power = np.square(looks).mean(axis=1)
        looks = looks[power >= _QUIET**2 * power.max()]
        return np.concatenate([self._embedded(looks[at : at + _BATCH]) for at in range(0, len(looks), _BATCH)])


def _sentences(job: CheckJob, words: Sequence[TimedWord]) -> list[Span]:
    """Where each utterance sounds: as the voice said, else by the first and last of its words that were heard."""
    if job.marks:
        return [Span(mark.start_s, mark.end_s) for mark in job.marks if mark.end_s > mark.start_s]
    return [*_heard_sentences(job.spoken, words)]


def _heard_sentences(spoken: SpokenForm, words: Sequence[TimedWord]) -> Iterator[Span]:
    heard = [word for word in words if word.match is not Match.MISSING]
    at = 0
    for utterance in spoken.utterances:
        first = at
        while at < len(heard) and heard[at].source_start < utterance.end:
            at += 1
        if at > first and heard[at - 1].end_s > heard[first].start_s:
            yield Span(heard[first].start_s, heard[at - 1].end_s)


def _whole(report: VoiceReport, line: float) -> Iterator[Finding]:
    """The finding about the whole episode, if there is one."""
    if report.consistency >= line:
        return
    asked = f"at least {line:.0%} is asked for"
    if not report.learned_from:
        detail = f"Only {percent(report.consistency)} of the speech sounds like one and the same voice; {asked}."
        yield Finding(FindingKind.VOICE, Severity.REVIEW, detail)
        return
    known = f"its {report.learned_from} accepted episodes"
    detail = f"The voice is {percent(report.consistency)} consistent with {known}; {asked}."
    far = report.consistency < min(_FAR_OFF, line)
    yield Finding(FindingKind.VOICE, Severity.FAULT if far else Severity.REVIEW, detail)


def _changed(change: Change, words: Sequence[TimedWord]) -> Finding:
    span = change.span
    spoken = [word for word in words if span.start_s <= (word.start_s + word.end_s) / 2 <= span.end_s]
    quoted = [word.text for word in spoken]
    if len(quoted) > _QUOTE:
        quoted = [*quoted[: _QUOTE - 4], "…", *quoted[-3:]]
    return Finding(
        kind=FindingKind.VOICE,
        severity=Severity.FAULT if change.certain else Severity.REVIEW,
        detail="The voice is not the one of the rest" + (f": “{' '.join(quoted)}”." if quoted else "."),
        start_s=span.start_s,
        end_s=span.end_s,
        script=" ".join(word.text for word in spoken),
        source_start=spoken[0].source_start if spoken else None,
        source_end=spoken[-1].source_end if spoken else None,
        sure=change.sure,
    )
