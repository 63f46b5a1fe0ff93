"""What a person may do with an episode as it stands, and which episode asks for a person next."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias

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
    APPROVE_SCRIPT = "approve_script"


Kind: TypeAlias = tuple[State, bool]
"""Its state, and whether it is its script that waits for a person: what an act's legality depends on."""

_STATES = {
    Act.APPROVE: frozenset({State.NEEDS_YOU}),
    Act.REJECT: frozenset({State.NEEDS_YOU}),
    Act.RETAKE: frozenset({State.NEEDS_YOU, State.DONE, State.REJECTED}),
    Act.RETRY: frozenset({State.FAILED, State.CANCELLED}),
    Act.CANCEL: frozenset({State.QUEUED, State.WORKING}),
    Act.EXPORT: frozenset({State.DONE}),
    Act.REMOVE: frozenset(State) - {State.WORKING},
    Act.APPROVE_SCRIPT: frozenset(),
}
_OF_A_SCRIPT = frozenset({Act.APPROVE_SCRIPT, Act.REMOVE})  # there is no sound yet to be decided on


def kind_of(episode: Episode) -> Kind:
    """What decides which acts are legal for `episode`."""
    return episode.state, episode.awaits_approval


def permitted(episode: Episode) -> frozenset[Act]:
    """Every act that is legal for `episode`."""
    return frozenset(act for act in Act if _is_legal(act, kind_of(episode)))


def ids_for(act: Act, episodes: Iterable[Episode]) -> list[int]:
    """The ids among `episodes` on which `act` is legal."""
    legal = {(state, script) for state in State for script in (False, True) if _is_legal(act, (state, script))}
    return [episode.id for episode in episodes if kind_of(episode) in legal]


def how_many(act: Act, kinds: Mapping[Kind, int]) -> int:
    """On how many of a selection `act` is legal; `kinds` says how many of it are of which kind."""
    return sum(count for kind, count in kinds.items() if _is_legal(act, kind))


def script_queue(episodes: Iterable[Episode]) -> list[int]:
    """Whose scripts wait for a person, by number."""
    waiting = [episode for episode in episodes if episode.awaits_approval]
    return [episode.id for episode in sorted(waiting, key=lambda episode: episode.number)]


def review_queue(episodes: Iterable[Episode]) -> list[int]:
    """Who waits for a person's ears: what was flagged first, then what was drawn at random, each by number."""
    waiting = [episode for episode in episodes if episode.state is State.NEEDS_YOU and not episode.awaits_approval]
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


def _is_legal(act: Act, kind: Kind) -> bool:
    state, of_a_script = kind
    return act in _OF_A_SCRIPT if of_a_script else state in _STATES[act]
