"""What was spent, is held and was spared, added up."""

import sqlite3

from studio.domain.money import Costs
from studio.store.attempts import OF_SPEECH

# In the order of the fields of `Costs`. Characters are those that were spoken, and not those of questions.
_COSTS = (
    "SELECT coalesce(sum(settled_micro), 0), coalesce(sum(reserved_micro), 0), "  # noqa: S608  (names from code)
    f"coalesce(sum(iif(state = 'settled' AND kind = 'purchase' AND {OF_SPEECH}, characters, 0)), 0), "
    "coalesce(sum(state = 'settled' AND kind = 'purchase'), 0), "
    "coalesce(sum(kind = 'reuse'), 0), coalesce(sum(iif(kind = 'reuse', characters, 0)), 0), "
    "coalesce(sum(iif(kind = 'reuse', upper_bound_micro, 0)), 0), "
    "coalesce(sum(iif(state = 'failed', settled_micro, 0)), 0) FROM attempts"
)


def of_all(connection: sqlite3.Connection) -> Costs:
    """Of the library."""
    return Costs(*connection.execute(_COSTS).fetchone())


def of_project(connection: sqlite3.Connection, project_id: int) -> Costs:
    """Of a project, the episodes included that were taken out of it."""
    return Costs(*connection.execute(f"{_COSTS} WHERE project_id = ?", (project_id,)).fetchone())


def of_episode(connection: sqlite3.Connection, episode_id: int) -> Costs:
    """Of an episode."""
    return Costs(*connection.execute(f"{_COSTS} WHERE episode_id = ?", (episode_id,)).fetchone())
