"""Two texts for one sound, weighed against one another by ears."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from studio.quality.figures import as_figures
from studio.quality.witness import Score, Statement, Witness
from studio.quality.wordings import without_accents

FOLLOWING: Final = 8  # words behind those that are weighed; what comes later no longer tells the two texts apart


@dataclass(frozen=True, slots=True)
class Choice:
    """What is weighed: the script's words `right` or those heard, `wrong`, with the words around them."""

    before: tuple[str, ...]
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    after: tuple[str, ...]


def best(statement: Statement, before: Sequence[str], script: Sequence[str], after: Sequence[str]) -> Score:
    """How well words fit, as they are or as the ears write them: numbers in figures, and no accents."""
    plain = tuple(map(without_accents, script))
    ways = (plain, *as_figures(plain)) if plain == tuple(script) else (script, plain, *as_figures(plain))
    return max((statement.score(before, way, after) for way in ways), key=lambda score: score.total)


class FirstEars:
    """What the ears that heard it first, sped up and in one go, think of it now, at the pace at which it was said."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness

    def fit(self, statement: Statement, choices: Sequence[Choice]) -> float:
        """How much better the script's words fit the sound of the statement, in nats; the least of all choices.

        Raises `EarsError`.
        """
        own = self._witness.listen(*statement.behind(statement.start_s))
        return min(
            best(own, each.before, each.right, each.after).total - best(own, each.before, each.wrong, each.after).total
            for each in choices
        )
