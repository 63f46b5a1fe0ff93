"""Which words the ears can spell: those that are a word of their own in the hearing model's vocabulary."""

import functools

from studio.quality import models

_ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "er", "est", "ness", "ment")
_START = "Ġ"  # a token that begins a word
_SHORTEST = 3  # letters; shorter tokens are pieces of words


def is_known(word: str) -> bool:
    """Whether a lower-case word, or what it is derived from, is one that the ears write as such.

    Any other is a rare word or a name, which is heard right and spelled by its sound. Raises `EarsError` where the
    built-in ears are missing.
    """
    known = _known()
    if word in known:
        return True
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > _SHORTEST and (stem in known or f"{stem}e" in known or stem[:-1] in known):
            return True
    return False


@functools.cache
def _known() -> frozenset[str]:
    text = (models.folder("tiny.en") / "vocabulary.txt").read_text(encoding="utf-8")
    words = (line[1:].lower() for line in text.splitlines() if line.startswith(_START))
    return frozenset(word for word in words if len(word) >= _SHORTEST and word.isalpha())
