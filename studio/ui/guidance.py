"""What the panel says at its head: how the chosen episode stands, and what that asks of the user."""

from dataclasses import dataclass

from studio.domain.episode import Clearance, Episode, State
from studio.domain.findings import Severity, Verdict
from studio.engine.ports import Details
from studio.ui import wording
from studio.ui.live import Live
from studio.ui.places import minutes_to_hear, places


@dataclass(frozen=True, slots=True)
class Guidance:
    """A heading and one or two sentences."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How the batch stands, in episodes.

    `startable` are queued and not part of the run yet; `to_export` are those of them that only lack their folder.
    `needs_you` wait for a person's ears, `scripts` for a word on their text.
    """

    total: int = 0
    startable: int = 0
    to_export: int = 0
    working: int = 0
    needs_you: int = 0
    scripts: int = 0
    failed: int = 0
    done: int = 0


def of_episode(details: Details, live: Live, position: tuple[int, int], *, startable: bool) -> Guidance:
    """For one episode; `position` is which of its places the keys are about, `startable` that it waits for Start."""
    episode = details.episode
    match episode.state:
        case State.NEEDS_YOU:
            return _of_script(episode) if episode.awaits_approval else _of_review(details, position)
        case State.FAILED:
            return Guidance("Failed", f"{wording.reason(episode)}\n\n{episode.remedy}".strip())
        case State.WORKING:
            now = wording.now_sentence(episode, live).removesuffix(".")
            return Guidance("Being made", f"{now}. Nothing is needed from you.")
        case State.QUEUED if episode.reason:
            return Guidance("Held up", f"{wording.reason(episode)}\n\n{episode.remedy}".strip())
        case State.QUEUED:
            turn = "Press Start when you are ready." if startable else "Its turn comes. Nothing is needed from you."
            own = wording.own_voice(episode)
            return Guidance("Waiting", f"{turn}\n\n{own}." if own else turn)
        case State.REJECTED:
            why = f"You turned it down: {episode.reason}" if episode.reason else "You turned it down."
            return Guidance("Rejected", f"{why} A retake speaks it anew.")
        case State.CANCELLED:
            return Guidance("Cancelled", "Retry puts it back in the queue; what was made so far is kept.")
        case State.DONE:
            return Guidance("Finished", _of_done(details))


def _of_script(episode: Episode) -> Guidance:
    length = f"It will be {wording.expected_length(episode)} long. " if episode.expected_duration_s else ""
    if episode.script_verdict is Verdict.FAIL:
        said = f"{wording.reason(episode)}\n\nCure it on the page Scripts, or approve it there as it is."
        return Guidance("Its script has faults", said)
    return Guidance("Read its script", f"{length}Nothing is spoken or bought before you approve it.")


def _of_review(details: Details, position: tuple[int, int]) -> Guidance:
    episode, found = details.episode, places(details.report)
    if episode.verdict is Verdict.PASS and episode.drawn:
        text = (
            "Every check passed. A random part of such episodes is heard by a person all the same, "
            "so that what the checks miss is found. Listen to a stretch, then accept or reject."
        )
        return Guidance("Drawn for review", text)
    if not found:
        return Guidance("Needs your ears", _heaviest(details))
    at, count = position
    minutes = minutes_to_hear(found)
    where = f"Place {at} of {count}" if at else wording.count_of(count, "place")
    return Guidance("Needs your ears", f"{where} · about {minutes} min for this episode")


def _heaviest(details: Details) -> str:
    severities = {finding.severity for finding in details.report.findings} if details.report else set()
    if Severity.FAULT in severities:
        return "Something is wrong with the episode as a whole, see below."
    if Severity.UNSURE in severities:
        return "A check could not decide. Listen to a stretch, then accept or reject."
    return "Listen to a stretch, then accept or reject."


def _of_done(details: Details) -> str:
    approved = details.episode.clearance is Clearance.APPROVED
    checked = "You approved it." if approved else "Every check passed."
    where = f":\n{wording.isolated(details.episode.folder)}" if details.episode.folder else "."
    return f"{checked} Its folder is written and ready to publish{where}"


def of_batch(tally: Tally) -> Guidance:
    """For the batch, while no episode is chosen."""
    if not tally.total:
        return Guidance("Begin here", "Drop scripts on the window. Nothing is spent before you press Start.")
    if tally.scripts:
        wait = wording.count_of(tally.scripts, "script waits", "scripts wait")
        return Guidance("Scripts wait for you", f"{wait} for your approval. Nothing of them is spoken before.")
    if tally.needs_you:
        ears = wording.count_of(tally.needs_you, "episode needs", "episodes need")
        return Guidance("Your ears are needed", f"{ears} you to listen and decide.")
    if tally.startable:
        ready = wording.count_of(tally.startable, "episode is", "episodes are")
        return Guidance("Ready to start", f"{ready} queued. Press Start when you are ready.")
    if tally.failed:
        failed = wording.count_of(tally.failed, "episode failed", "episodes failed")
        return Guidance("Something failed", f"{failed}. Choose one to see why, and what helps.")
    if tally.working:
        making = wording.count_of(tally.working, "episode is", "episodes are")
        return Guidance("Nothing is needed from you", f"{making} being made. Whatever needs you will be said here.")
    return Guidance("All done", f"{wording.count_of(tally.done, 'folder is', 'folders are')} ready to publish.")
