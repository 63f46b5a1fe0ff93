"""What the blue button is for: the one thing that brings the batch on."""

from collections.abc import Sequence
from enum import Enum

from studio.domain.episode import Episode, Stage
from studio.domain.option_checks import writing_is_paid
from studio.domain.project import Project
from studio.domain.settings import Settings
from studio.domain.voice import BUILTIN, VoiceRef
from studio.ui.guidance import Tally
from studio.ui.top_bar import Offer
from studio.ui.wording import count_of


class Primary(Enum):
    """What pressing the button does."""

    NOTHING = "nothing"
    START = "start"
    REVIEW = "review"
    READ_SCRIPTS = "read_scripts"
    OPEN_FOLDER = "open_folder"


def to_be_spoken(episode: Episode) -> bool:
    """Whether its speech is still to be made."""
    return episode.stage in {Stage.WRITE, Stage.PREPARE, Stage.SYNTHESIZE}


def costs_money(project: Project, episodes: Sequence[Episode]) -> bool:
    """Whether any of `episodes` is still to be written, or spoken, for money."""
    return any(_is_paid(project.settings.merged(episode.overrides), episode) for episode in episodes)


def _is_paid(settings: Settings, episode: Episode) -> bool:
    written = episode.stage is Stage.WRITE and writing_is_paid(settings.writer, settings.writer_prices)
    return written or (to_be_spoken(episode) and VoiceRef.parse(settings.voice).provider != BUILTIN)


def offer(tally: Tally, project: Project | None) -> tuple[Primary, Offer]:
    """Start what is queued; else read the scripts that wait, hear what needs ears, look at what came out."""
    if tally.startable:
        if tally.to_export == tally.startable:
            return Primary.START, Offer(f"Export {tally.startable:,}", "package-check", "Write the folders")
        free = project is not None and VoiceRef.parse(project.settings.voice).provider == BUILTIN
        tip = "The built-in voice costs nothing" if free else "First you see what it costs and when it is done"
        return Primary.START, Offer(f"Start {tally.startable:,}", "play", tip)
    if tally.scripts:
        words = f"Read {count_of(tally.scripts, 'script')}"
        return Primary.READ_SCRIPTS, Offer(words, "scroll-text", "Read and approve what is to be spoken")
    if tally.needs_you:
        return Primary.REVIEW, Offer(
            f"Review {tally.needs_you:,}", "ear", "Go to the next episode that needs your ears"
        )
    if tally.done:
        return Primary.OPEN_FOLDER, Offer("Open folder", "folder-open", "Look at the finished folders")
    return Primary.NOTHING, Offer()
