"""What a changed setting means for the episodes that are there: which it holds for, and which stay as they are."""

from collections.abc import Collection, Iterable
from typing import Final

from studio.domain.episode import STAGES, Episode, Stage, State
from studio.ui.setting_groups import GROUPS
from studio.ui.wording import count_of

_AT_ONCE: Final = {
    "Money": "Holds at once, also for what is under way: a purchase that would go beyond it is not made.",
    "Requests": "Holds at once, for every call that has not left yet.",
}
_STAGE_OF: Final = {
    "Voice": Stage.SYNTHESIZE,
    "Writing": Stage.WRITE,
    "Speech": Stage.PREPARE,
    "Mastering": Stage.MASTER,
    "Checks": Stage.CHECK,
    "Brand": Stage.PREPARE,
    "Review": Stage.CHECK,
    "Tags": Stage.EXPORT,
}
_OTHERWISE: Final = dict.fromkeys(("dictionaries", "continuity", "speech_format"), Stage.SYNTHESIZE) | {
    "approve_scripts": Stage.PREPARE
}
_DONE_WORDS: Final = {
    Stage.WRITE: "written",
    Stage.PREPARE: "prepared",
    Stage.SYNTHESIZE: "spoken",
    Stage.MASTER: "mastered",
    Stage.CHECK: "checked",
    Stage.EXPORT: "exported",
}


def effect(names: Collection[str], episodes: Iterable[Episode]) -> str:
    """What a change of these settings, all of one group, means for `episodes`; empty where there is no change."""
    if not names:
        return ""
    title = next(group.title for group in GROUPS if not set(names).isdisjoint(group.names))
    if title in _AT_ONCE:
        return _AT_ONCE[title]
    stage = min((_OTHERWISE.get(name, _STAGE_OF[title]) for name in names), key=STAGES.index)
    ahead = now = past = 0
    for episode in episodes:
        if episode.state is State.WORKING and episode.stage is stage:
            now += 1
        elif episode.state in {State.QUEUED, State.WORKING} and STAGES.index(episode.stage) <= STAGES.index(stage):
            ahead += 1
        elif stage is not Stage.WRITE:  # a script that is there, handed in or written, is no longer about that
            past += 1
    return _told(_DONE_WORDS[stage], ahead, now, past, "it is exported again" if stage is Stage.EXPORT else "a retake")


def _told(done: str, ahead: int, now: int, past: int, until: str) -> str:
    if not ahead and not now and not past:
        return "Holds for every episode from now on."
    said = []
    if ahead:
        said.append(f"Holds for {count_of(ahead, 'episode that is', 'episodes that are')} still to be {done}.")
    if now:
        said.append(f"{now:,} {'is' if now == 1 else 'are'} being {done} now, and {_ends(now)} by the old values.")
    if past:
        stays = "stays" if past == 1 else "stay"
        said.append(f"{count_of(past, 'episode')} {stays} as {'it is' if past == 1 else 'they are'} until {until}.")
    return " ".join(said)


def _ends(count: int) -> str:
    return "ends" if count == 1 else "end"
