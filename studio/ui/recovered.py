"""What is said at a start about what the last run left half done."""

from typing import TYPE_CHECKING

from studio.ui.commands import Do
from studio.ui.notice_list import Said
from studio.ui.wording import count_of

if TYPE_CHECKING:
    from studio.engine.salvage import Salvage


def passing(episodes: int) -> str:
    """In passing: how many are in the queue again."""
    was = count_of(episodes, "episode that was", "episodes that were")
    return f"{was} under way {'is' if episodes == 1 else 'are'} back in the queue"


def recovery_words(salvage: "Salvage") -> Said | None:
    """A message on purchases that had no end, and on what still needs a person; None where there was none of them.

    Episodes alone are said in passing: nothing of theirs is lost, and nothing is to be done but to press Start.
    """
    purchases = []
    if salvage.found:
        found = count_of(salvage.found, "purchase was", "purchases were")
        purchases.append(f"{found} found again, with {'its' if salvage.found == 1 else 'their'} sound")
    if salvage.not_made:
        purchases.append(f"{count_of(salvage.not_made, 'call was', 'calls were')} never made, and cost nothing")
    if not purchases:
        return None
    back = f"{passing(len(salvage.episodes))}; " if salvage.episodes else ""
    message = f"Batchcast had ended in the middle of its work: {back}{' and '.join(purchases)}."
    if salvage.unclear:
        calls = count_of(salvage.unclear, "call still needs", "calls still need")
        remedy = f"{calls} your decision, since nobody knows whether {_they(salvage.unclear)} charged."
        return Said(message, remedy, do=Do.UNCLEAR)
    return Said(message, "Nothing is lost, and nothing is paid twice. Press Start to go on.")


def _they(count: int) -> str:
    return "it was" if count == 1 else "they were"
