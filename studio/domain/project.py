"""A project: a show's batch of episodes, with its settings and its output folder."""

from dataclasses import dataclass, field

from studio.domain.settings import Settings


@dataclass(frozen=True, slots=True)
class Project:
    """`out_dir` is an absolute path. `review_seed` freezes the random part of the review.

    An archived one keeps everything and is not listed. `used_at` (UTC, ISO 8601) is when it was last worked on or
    opened; empty where that is not known.
    """

    id: int
    name: str
    out_dir: str
    settings: Settings
    review_seed: int
    archived: bool = False
    used_at: str = field(default="", compare=False)
