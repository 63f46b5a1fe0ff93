"""A project: a show's batch of episodes, with its settings and its output folder."""

from dataclasses import dataclass

from studio.domain.settings import Settings


@dataclass(frozen=True, slots=True)
class Project:
    """`out_dir` is an absolute path. `review_seed` freezes the random part of the review."""

    id: int
    name: str
    out_dir: str
    settings: Settings
    review_seed: int
