"""What a cell of the batch table explains when one points at it: where its number comes from and what it means."""

from studio.domain.episode import STAGES, Clearance, Episode, Stage, State
from studio.domain.findings import Verdict, percent
from studio.domain.voiceprint import LINE_MEANS
from studio.ui import wording
from studio.ui.live import Live

VERDICTS = {
    Verdict.PASS: "Pass",
    Verdict.REVIEW: "Review",
    Verdict.FAIL: "Fail",
    Verdict.INCONCLUSIVE: "Undecided",
}

_VERDICTS_MEAN = {
    Verdict.PASS: "Pass: every check held.",
    Verdict.REVIEW: "Review: something was found that a person should hear.",
    Verdict.FAIL: "Fail: something is wrong as it stands.",
    Verdict.INCONCLUSIVE: "Undecided: a check could not tell, so a person has to.",
}

_STAGE_NAMES = {
    Stage.WRITE: "Writing",
    Stage.PREPARE: "Script",
    Stage.SYNTHESIZE: "Voice",
    Stage.MASTER: "Mastering",
    Stage.CHECK: "Check",
    Stage.REVIEW: "Review",
    Stage.EXPORT: "Folder",
}


def number(episode: Episode, _live: Live) -> str:
    """Which one it is."""
    folder = f"\nIts folder: {episode.folder}" if episode.folder else ""
    return f"Episode {episode.number} of this project{folder}"


def title(episode: Episode, _live: Live) -> str:
    """The whole title, and where the script is from."""
    own = wording.own_voice(episode)
    return f"{wording.isolated(episode.title)}\nfrom {wording.isolated(episode.source)}" + (f"\n{own}" if own else "")


def now(episode: Episode, live: Live) -> str:
    """What happens to it, and what helps."""
    sentence = wording.now_sentence(episode, live)
    lines = [sentence, episode.remedy, place(episode, live) if live.place else ""]
    return "\n".join(line for line in lines if line)


def stage_said(episode: Episode, _live: Live) -> str:
    """The stage in words."""
    return f"{STAGES.index(episode.stage) + 1} of {len(STAGES)}: {episode.stage.value}"


def stage(episode: Episode, live: Live) -> str:
    """Every stage: done and how long it took, under way and how far, or still to come."""
    seconds = dict(episode.timings)
    reached = STAGES.index(episode.stage)
    lines = []
    for at, each in enumerate(STAGES):
        took = f", {_took(seconds[each])}" if each in seconds else ""
        if at < reached or episode.state is State.DONE:
            said = f"done{took}"
        elif at > reached:
            said = "to come"
        else:
            said = _here(episode, live)
        lines.append(f"{_STAGE_NAMES[each]}: {said}")
    return "\n".join(lines)


def _here(episode: Episode, live: Live) -> str:
    match episode.state:
        case State.WORKING:
            return "under way" if live.fraction is None else f"under way, {live.fraction:.0%}"
        case State.FAILED:
            return f"failed. {wording.reason(episode)}"
        case State.REJECTED | State.CANCELLED:
            return "stopped here"
        case State.NEEDS_YOU if episode.awaits_approval:
            return "waits for your approval"
        case State.NEEDS_YOU:
            return "waits for you"
        case _:
            return "next"


def strip_said(episode: Episode, _live: Live) -> str:
    """How many places are marked."""
    if not episode.strip:
        return "No sound yet"
    faults = len(episode.strip_faults)
    return f"{wording.count_of(faults, 'suspect place')} marked" if faults else "No suspect places"


def strip(episode: Episode, live: Live) -> str:
    """What the wave shows."""
    said = strip_said(episode, live)
    return f"{said}\nThe whole episode from left to right; what is in colour should be heard" if episode.strip else said


def length(episode: Episode, _live: Live) -> str:
    """How it differs from what was expected."""
    said = wording.episode_length(episode)
    if episode.duration_s is None or episode.expected_duration_s is None:
        return f"{said} is expected from the script" if said.startswith("~") else said
    off = episode.duration_s / episode.expected_duration_s - 1
    return f"{said}, {wording.signed(off * 100)}% off the expected ~{wording.length(episode.expected_duration_s)}"


def expected(episode: Episode, _live: Live) -> str:
    """Where the expectation comes from."""
    if episode.expected_duration_s is None:
        return "Known once the script is read"
    return (
        f"~{wording.length(episode.expected_duration_s)}: what {wording.count_of(episode.characters, 'character')} "
        "take at the pace of this voice's accepted episodes"
    )


def words(episode: Episode, _live: Live) -> str:
    """What the percentage is of."""
    if episode.word_accuracy is None:
        return "Not heard yet"
    return (
        f"{percent(episode.word_accuracy)} of the script's words were heard right in the finished sound.\n"
        "What only differs in writing (a number, a spelling) counts as right; the panel lists it."
    )


def verdict(episode: Episode, _live: Live) -> str:
    """What the word means, and on what it stands."""
    if episode.verdict is None:
        return "Not checked yet"
    found = wording.count_of(episode.findings, "finding")
    heard = " A person approved it." if episode.clearance is Clearance.APPROVED else ""
    drawn = " It was drawn at random for a person to hear." if episode.drawn else ""
    return f"{_VERDICTS_MEAN[episode.verdict]} {found}.{drawn}{heard}"


def voice(episode: Episode, _live: Live) -> str:
    """What the likeness is to."""
    if episode.voice_consistency is None:
        return "Not compared yet"
    return f"{percent(episode.voice_consistency)} consistent with the voice. {LINE_MEANS}"


def brand(episode: Episode, _live: Live) -> str:
    """What it was held against."""
    if episode.brand_alignment is None:
        return "Not held against a brand file"
    return f"{percent(episode.brand_alignment)} in line with the brand file; the panel lists what was taken off"


def loudness(episode: Episode, _live: Live) -> str:
    """Loudness and peak of what is published."""
    if episode.loudness_lufs is None:
        return "Not mastered yet"
    peak = episode.true_peak_dbtp
    rest = "" if peak is None else f"; its true peak is {wording.signed(peak)} dBTP"
    return f"Integrated loudness of the MP3: {wording.signed(episode.loudness_lufs)} LUFS{rest}"


def characters(episode: Episode, _live: Live) -> str:
    """Of what."""
    of = "the script as it was queued" if episode.stage in {Stage.WRITE, Stage.PREPARE} else "the text as it is spoken"
    return f"{wording.count_of(episode.characters, 'character')}, of {of}"


def cost(episode: Episode, _live: Live) -> str:
    """Spent, in how many calls, and what is held."""
    calls = wording.count_of(episode.calls, "call")
    spent = f"{wording.money(episode.cost_micro)} spent in {calls}"
    held = f"\n{wording.money(episode.reserved_micro)} held for calls under way" if episode.reserved_micro else ""
    return f"{spent}, {wording.count_of(episode.characters, 'character')}{held}"


def place_said(_episode: Episode, live: Live) -> str:
    """Its place, as a number."""
    return f"{live.place:,}" if live.place else wording.NOTHING


def place(episode: Episode, live: Live) -> str:
    """Its place among how many, and how to change it."""
    if not live.place:
        return "Under way" if episode.state is State.WORKING else "Not in the queue"
    put = ", put there by hand" if episode.priority else ""
    return (
        f"{live.place:,} of {live.of:,} in the queue{put}.\n"
        "Drag the row, or right-click it, to change that; what is further along is finished first."
    )


def _took(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 60 else wording.length(seconds)
