"""What the blue button is for: the one thing that brings the batch on."""

from enum import Enum

from studio.domain.project import Project
from studio.ui.guidance import Tally
from studio.ui.top_bar import Offer


class Primary(Enum):
    """What pressing the button does."""

    NOTHING = "nothing"
    START = "start"
    REVIEW = "review"
    OPEN_FOLDER = "open_folder"


def offer(tally: Tally, project: Project | None) -> tuple[Primary, Offer]:
    """Start what is queued; else hear what needs ears; else look at what came out."""
    if tally.startable:
        if tally.to_export == tally.startable:
            return Primary.START, Offer(f"Export {tally.startable:,}", "package-check", "Write the folders")
        free = project is not None and project.settings.voice.startswith("builtin:")
        tip = "The built-in voice costs nothing" if free else "Speech is bought from here on, within the budget"
        return Primary.START, Offer(f"Start {tally.startable:,}", "play", tip)
    if tally.needs_you:
        return Primary.REVIEW, Offer(
            f"Review {tally.needs_you:,}", "ear", "Go to the next episode that needs your ears"
        )
    if tally.done:
        return Primary.OPEN_FOLDER, Offer("Open folder", "folder-open", "Look at the finished folders")
    return Primary.NOTHING, Offer()
