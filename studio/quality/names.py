"""Names and other words that the ears do not know, for which they write any sound, and what that is worth."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from studio.domain.letters import FOREIGN
from studio.domain.spoken import SpokenForm
from studio.quality.normalise import Unit, normaliser
from studio.quality.vocabulary import is_known

_PARTICLE_NAMES: Final = """al ap av bin bint da das de del della den der des di do dos du e el ibn la le les
los ten ter van von wa y zu zum zur"""
_PARTICLES: Final = frozenset(_PARTICLE_NAMES.split())  # small words inside of names
_LONG: Final = 4  # letters; the ears guess shorter words
_FEW: Final = 3  # strange words that are no names: a Latin tag, and not a page of it


def names_in(spoken: SpokenForm, units: Sequence[Unit]) -> frozenset[int]:
    """Units that are names: never written small, with a capital inside of a sentence or unknown to the ears.

    And words in other letters than Latin ones, which everybody writes by their sound.
    """
    words = spoken.words
    inside = {
        word.text
        for utterance in spoken.utterances
        if not utterance.heading
        for word in utterance.words[1:]
        if len(word.text) > 1 and word.text[0].isupper()
    }
    small = {word.text for word in words if word.text[:1].islower()}
    names = []
    for index, unit in enumerate(units):
        text = words[unit.first].text
        name = (
            text[:1].isupper() and text.lower() not in small and (text in inside or not all(map(is_known, unit.plain)))
        )
        if name or unit.pronounced or FOREIGN.search(text):
            names.append(index)
    # So is “Khoung tseu”.
    strange = [index + 1 for index in names if index + 1 < len(units) and _is_strange(units[index + 1])]
    # “Rue de Lausanne” is one name, which is heard as one word.
    particles = [
        index + 1
        for index, after in pairwise(names)
        if after == index + 2 and words[units[index + 1].first].text in _PARTICLES
    ]
    return frozenset((*names, *particles, *strange))


def only_garbled(meant: Sequence[str], said: Sequence[str]) -> bool:
    """Whether `meant` are names, or a few other words, that the ears do not know, and so is all that they wrote.

    Then nobody can tell from what was heard how it was said. Another name, or another word, is no such case.
    """
    strange, written = ([text for text in texts if text.lower() not in _PARTICLES] for texts in (meant, said))
    if not strange or not written or any(map(_is_known, (*strange, *written))):
        return False
    return len(strange) <= _FEW or all(text[:1].isupper() for text in strange)


def _is_strange(unit: Unit) -> bool:
    return all(len(word) >= _LONG and word.isalpha() and not is_known(word) for word in unit.plain)


def _is_known(text: str) -> bool:
    """Whether there is a word in it that the ears know as such, or a figure."""
    return any(word.isdecimal() or is_known(word) for word in normaliser().folded(text))
