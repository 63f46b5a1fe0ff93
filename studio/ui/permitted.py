"""What a person may do with an episode as it stands, and which episode asks for a person next."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from studio.domain.episode import Episode, State
from studio.domain.findings import Verdict


class Act(StrEnum):
    """Something that a person does to episodes."""

    APPROVE = "approve"
    REJECT = "reject"
    RETAKE = "retake"
    RETRY = "retry"
    CANCEL = "cancel"
    EXPORT = "export"
    REMOVE = "remove"


_STATES = {
    Act.APPROVE: frozenset({State.NEEDS_YOU}),
    Act.REJECT: frozenset({State.NEEDS_YOU}),
    Act.RETAKE: frozenset({State.NEEDS_YOU, State.DONE, State.REJECTED}),
    Act.RETRY: frozenset({State.FAILED, State.CANCELLED}),
    Act.CANCEL: frozenset({State.QUEUED, State.WORKING}),
    Act.EXPORT: frozenset({State.DONE}),
    Act.REMOVE: frozenset(State) - {State.WORKING},
}


def permitted(episode: Episode) -> frozenset[Act]:
    """Every act that is legal for `episode`."""
    return frozenset(act for act, states in _STATES.items() if episode.state in states)


def ids_for(act: Act, episodes: Iterable[Episode]) -> list[int]:
    """The ids among `episodes` on which `act` is legal."""
    return [episode.id for episode in episodes if episode.state in _STATES[act]]


def how_many(act: Act, states: Mapping[State, int]) -> int:
    """On how many of a selection `act` is legal; `states` says how many of it are in which state."""
    return sum(states.get(state, 0) for state in _STATES[act])


def review_queue(episodes: Iterable[Episode]) -> list[int]:
    """Who waits for a person's ears: what was flagged first, then what was drawn at random, each by number."""
    waiting = [episode for episode in episodes if episode.state is State.NEEDS_YOU]
    waiting.sort(key=lambda episode: (episode.verdict is Verdict.PASS, episode.number))
    return [episode.id for episode in waiting]


def next_in_queue(queue: Sequence[int], current: int | None) -> int | None:
    """The one after `current`, around the end; the first where `current` is not in the queue."""
    others = [item for item in queue if item != current]
    if not others:
        return None
    if current not in queue:
        return others[0]
    place = queue.index(current)
    return queue[(place + 1) % len(queue)]
