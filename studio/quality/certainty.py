"""How sure it is that a difference was really said, from what the better ears make of it."""

import math
from dataclasses import dataclass
from typing import Final

# Of single words that were exchanged, dropped and put in, in speech of the built-in voice, the script's words fitted
# worse by 9 to 30; of those that were said right and heard wrongly twice, by 7 at most, and by more only where both
# sound alike (“prætors”, “preters”). In between, it is even odds where the line is.
_LINE: Final = -8.0
# The same where the first ears were asked too, for what those make of it that see less of a difference. Of 63 common
# words that were exchanged or dropped, 38 lie below it, and two of 34 that were said right; below that of the
# better ears alone, 42 and 8.
_AGREED_LINE: Final = -7.0
_ALIKE: Final = 0.75  # from that likeness on it takes more
_ALIKE_LINE: Final = -28.0  # for two words that sound the same
_RARE_LINE: Final = -14.0  # the same for a word that the ears do not know: they spell it by its sound
_RARE_ALIKE: Final = 0.3
_EACH: Final = 0.5  # of that for every such word: each of them is spelled in its own way
_MOST: Final = 2.0  # of it; what is strange from end to end is not understood
# The same between two numbers. Written in figures, as the ears do, 36 that were said right fitted better than another
# by 5.6 to 20, and 36 that were said wrong worse by 5.6 to 28: “fifty” and “fifteen” are no further apart.
_FIGURE_LINE: Final = -3.0
_SLOPE: Final = 0.9
# Words too many are judged by themselves: a text fits about as well without them, for the ears pass over repetitions.
_SAID_LINE: Final = -2.2
_ADDED_LINE: Final = -4.0  # of the fit, where they are said well although they are unlikely
_SAID_SLOPE: Final = 2.5
_UNHEARD_LINE: Final = -0.7  # where only the first ears heard them, and the better ones but allow for them
_ENOUGH: Final = 3  # words
_ROOM: Final = 0.5  # of the time that so many words take, there has to be; that of a single one is not known so well


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a difference.

    `fit` is the log probability of the script's words less that of the words heard, for the same sound; `said` the mean
    log probability of each token that was heard; `alike` how alike both sound, 0 to 1; `added` the number of words
    too many, `room` the time in which they would have been said, as a share of the time that they take. `twice` is
    whether both hearings had it. `rare` is whether the script has a word there that the ears cannot spell, `strange`
    how many; `figure` whether it is one number, or unit, against another. `first` is the fit by the first ears, where
    they were asked: where two ears agree, neither knows what the other guesses by.
    """

    fit: float
    said: float
    alike: float
    added: int = 0
    room: float = 1.0
    twice: bool = True
    rare: bool = False
    figure: bool = False
    strange: int = 1
    first: float | None = None


def sure(evidence: Evidence) -> float:
    """How likely the difference was said, 0 to 1."""
    if not evidence.added and evidence.figure:
        return _logistic(_SLOPE * (_FIGURE_LINE - evidence.fit))
    if not evidence.added:
        line, alike = (_RARE_LINE, _RARE_ALIKE) if evidence.rare else (_LINE, _ALIKE)
        fit = evidence.fit
        if evidence.first is not None and not evidence.rare:
            line, fit = _AGREED_LINE, max(fit, evidence.first)
        more = max(0.0, evidence.alike - alike) / (1 - alike)
        if evidence.rare:
            more *= min(_MOST, max(1.0, evidence.strange * _EACH))
        return _logistic(_SLOPE * (line + more * (_ALIKE_LINE - line) - fit))
    if evidence.room < _ROOM and (evidence.added >= _ENOUGH or not evidence.twice):
        return 0.0
    if evidence.twice:
        said, fits = _SAID_SLOPE * (evidence.said - _SAID_LINE), _SLOPE * (_ADDED_LINE - evidence.fit)
        return _logistic(max(said, fits))
    return _logistic(_SAID_SLOPE * (evidence.said - _UNHEARD_LINE)) if evidence.added >= _ENOUGH else 0.0


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, value))))
