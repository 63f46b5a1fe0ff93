"""How far an episode is on the way from topic to script to speech, and what a row of the list says of it."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from studio.domain.episode import Episode, Stage, State
from studio.domain.findings import Severity, Verdict
from studio.ui import wording
from studio.ui.live import Live
from studio.ui.theme import Tone, state_look


class Step(Enum):
    """A step of the way, with the words on its chip and what it means."""

    ALL = ("All", "Every episode of the project")
    WAITING = ("Topics", "Topics that wait to be written, and scripts that wait to be read")
    UNDER_WAY = ("Being written", "Sources are read, the script is written and checked")
    TO_APPROVE = ("To approve", "Scripts that wait for your word before anything is spoken")
    APPROVED = ("Approved", "Scripts that may be spoken; the voice comes next")
    SPOKEN = ("Spoken", "Scripts of which there is sound")
    STOPPED = ("Stopped", "What failed or was cancelled before it was spoken")

    def __init__(self, words: str, means: str) -> None:
        self.words = words
        self.means = means

    __hash__ = object.__hash__  # Enum's own is Python code; ten thousand are counted at once


WAY: Final = (Step.WAITING, Step.UNDER_WAY, Step.TO_APPROVE, Step.APPROVED, Step.SPOKEN)
LOOKS: Final = {
    Step.ALL: ("list", Tone.NEUTRAL),
    Step.WAITING: ("circle-dashed", Tone.NEUTRAL),
    Step.UNDER_WAY: ("pen-line", Tone.ACCENT),
    Step.TO_APPROVE: ("scroll-text", Tone.LOOK),
    Step.APPROVED: ("check", Tone.GOOD),
    Step.SPOKEN: ("audio-lines", Tone.GOOD),
    Step.STOPPED: ("x", Tone.BAD),
}
VERDICT_LOOKS: Final = {
    Verdict.PASS: ("check", Tone.GOOD, "Passes"),
    Verdict.REVIEW: ("info", Tone.LOOK, "Worth a look"),
    Verdict.FAIL: ("octagon-alert", Tone.BAD, "Has faults"),
    Verdict.INCONCLUSIVE: ("info", Tone.INFO, "Undecided"),
}
SEVERITY_LOOKS: Final = {
    Severity.FAULT: ("octagon-alert", "Fault"),
    Severity.REVIEW: ("triangle-alert", "Look"),
    Severity.UNSURE: ("info", "Undecided"),
    Severity.NOTE: ("info", "Note"),
}
WEIGHT: Final = {Severity.FAULT: 0, Severity.UNSURE: 1, Severity.REVIEW: 2, Severity.NOTE: 3}


def step_of(episode: Episode) -> Step:
    """Where an episode is on the way."""
    stage, state = episode.stage, episode.state  # ten thousand are asked at once: no look-ups that take time
    early = stage is Stage.PREPARE or stage is Stage.WRITE
    if episode.takes or not (early or stage is Stage.SYNTHESIZE):
        return Step.SPOKEN
    if state is State.NEEDS_YOU and stage is Stage.PREPARE:
        return Step.TO_APPROVE
    if state is State.FAILED or state is State.CANCELLED or state is State.REJECTED:
        return Step.STOPPED
    if not early:
        return Step.APPROVED
    return Step.UNDER_WAY if state is State.WORKING else Step.WAITING


def is_open(episode: Episode) -> bool:
    """Whether its text may still be changed: nothing of it is spoken, and nothing is being spoken."""
    spoken = step_of(episode) is Step.SPOKEN
    return not spoken and not (episode.stage is Stage.SYNTHESIZE and episode.state is State.WORKING)


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says: an icon in its tone, the word that it stands for, and a line about now."""

    icon: str
    tone: Tone
    word: str
    line: str


def said_of(episode: Episode, live: Live) -> Said:
    """The row of an episode."""
    step = step_of(episode)
    icon, tone = LOOKS[step]
    length = wording.episode_length(episode)
    long = f" · {length}" if length != wording.NOTHING else ""
    match step:
        case Step.WAITING:
            word = "Topic" if episode.stage is Stage.WRITE else "Script"
            wait = "waits to be written" if episode.stage is Stage.WRITE else "waits to be read"
            return Said(icon, tone, word, wording.reason(episode) or wait)
        case Step.UNDER_WAY:
            return Said(icon, tone, "Writing" if episode.stage is Stage.WRITE else "Reading", _now(episode, live))
        case Step.TO_APPROVE:
            icon, tone, word = VERDICT_LOOKS[episode.script_verdict or Verdict.INCONCLUSIVE]
            why = f" · {wording.reason(episode)}" if episode.script_verdict is Verdict.FAIL else ""
            return Said(icon, tone, word, f"{long.removeprefix(' · ')}{why}".removeprefix(" · "))
        case Step.APPROVED:
            who = "by you" if episode.script_approved else "by the checks"
            return Said(icon, tone, "Approved", f"{who}{long} · {_now(episode, live)}")
        case Step.SPOKEN:
            if episode.state is not State.WORKING:
                icon, tone = state_look(episode)
            return Said(icon, tone, wording.state_word(episode), f"{length} · {_now(episode, live)}")
        case _:
            return Said(*state_look(episode), wording.state_word(episode), wording.reason(episode))


def _now(episode: Episode, live: Live) -> str:
    return wording.now_sentence(episode, live)


def said_aloud(episode: Episode, said: Said) -> str:
    """The whole row for a screen reader."""
    return f"{episode.number:03d} {episode.title}: {said.word}. {said.line}".strip()
