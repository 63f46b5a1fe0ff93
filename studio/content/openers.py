"""Whether a sentence can be understood by somebody who did not hear what was said before it.

By form alone, for English: what a listener would have to ask back about (“it did what?”) gives itself away by a word
that points back, and by a pronoun with nothing before it in the sentence that it could stand for.
"""

import re
from collections.abc import Sequence
from typing import Final

from studio.content.terms import STOP_WORDS

# What goes on with a thought, or points to it, at the beginning of a sentence.
_POINTS_BACK: Final = re.compile(
    r"(?:however|moreover|furthermore|therefore|thus|hence|consequently|nevertheless|nonetheless|besides|still|yet|but"
    r"|and|so|or|nor|for|then|also|too|again|instead|otherwise|likewise|similarly|accordingly|meanwhile|finally|indeed"
    r"|secondly|thirdly|lastly|such|this|that(?! which)|these|those|he|she|they|him|his|hers?|its?|their|theirs|them"
    r"|both|neither|another|others|the (?:former|latter|other|others|second|third|last|same|reason|result)"
    r"|not (?:so|that|only)"
    r"|in (?:this|that|these|those|such|fact|short|other words|the same|addition|contrast|consequence)"
    r"|on the (?:other|contrary|whole)|of (?:this|these|those|them|course)"
    r"|as (?:such|above|we have seen|i said|a result)"
    r"|(?:by|at|to|with|from|after|before|through|for|under|upon|on) (?:this|these|that|those|it|them|him|her)"
    r"|by contrast|after all|at any rate|even so|what is more|some of (?:them|these|those)|one of (?:them|these|those)"
    r"|(?:yes|no|well|why|oh|ah|here|now),)(?![\w’'-])",
    re.IGNORECASE,
)
# “It is well known that …”, “It was raining”: this it stands for nothing.
_EXPLETIVE: Final = re.compile(
    r"(?:is|was|will be|would be|may be|might be|has been|had been|can be|must be|seems?|seemed|appears?|appeared"
    r"|takes?|took|follows?|followed|happens?|happened|remains?)\b[^.,;:?!]{0,60}\b(?:that|to|how|whether|when|if|who|what"
    r"|where|why|until|before|since)\b|(?:is |was |will be )?(?:rain|snow|freez|thunder)(?:ing|s|e|es|ed)?\b"
    r"|(?:is|was) (?:very |quite |already |still )?(?:cold|warm|hot|dark|late|early|night|noon)\b",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[.,;:?!—–]")
_ONE: Final = frozenset({"it", "its", "itself"})
_MANY: Final = frozenset({"they", "them", "their", "themselves"})
_PERSON: Final = frozenset({"he", "she", "him", "her", "his", "himself", "herself"})
_DETERMINERS: Final = frozenset(
    "a an the my your our no every each any some what which whose one's one’s".split()  # noqa: SIM905
)
# “In the morning it …”: what stands in such a phrase is not what the pronoun means.
_PREPOSITIONS: Final = frozenset(
    (  # noqa: SIM905  (read as prose)
        "about above across against along amid among around at behind below beneath beside between beyond by despite"
        " during for from in inside into like near of off on over through throughout to toward towards under unlike"
        " upon with within without"
    ).split()
)
_SHORTLY: Final = frozenset({"after", "before", "since", "until"})  # prepositions where little follows
_LITTLE: Final = 6
_FAR: Final = 18  # words: what comes later has had something to stand for
_NEAR: Final = 3  # words from a determiner to its noun


def hangs(sentence: str) -> bool:
    """Whether the sentence stands in the middle of a thought."""
    said = sentence.lstrip("“‘\"'([ ")
    if _POINTS_BACK.match(said) and not _stands_for_nothing(said, 0):
        return True
    found = list(_WORD.finditer(said))
    words = [each[0] for each in found]
    for place, word in enumerate(words[:_FAR]):
        if word.lower() in _ONE | _MANY | _PERSON and not _stands_for_nothing(said, found[place].start()):
            return not (_named_before(word.lower(), words[:place]) or _named_behind(words[place:]))
    return False


def _stands_for_nothing(said: str, start: int) -> bool:
    return said[start : start + 3].lower() == "it " and _EXPLETIVE.match(said, start + 3) is not None


def _named_before(pronoun: str, before: Sequence[str]) -> bool:
    if any(_named(word) for word in before):
        return True
    leading = _PREPOSITIONS | _SHORTLY if len(before) < _LITTLE else _PREPOSITIONS
    if before and before[0].lower() in leading and ";" not in before and before.count(",") < 2:
        return False
    nouns = [
        word
        for place, word in enumerate(before)
        if word[0].isalpha()
        and word.lower() not in STOP_WORDS
        and (_plural(word) or any(each.lower() in _DETERMINERS for each in before[max(0, place - _NEAR) : place]))
    ]
    if pronoun in _MANY:
        return any(map(_plural, nouns)) or (bool(nouns) and "and" in before)
    return any(not _plural(word) for word in nouns)


def _named_behind(words: Sequence[str]) -> bool:
    """“When he was ill, Thoreau …”."""
    behind = words[words.index(",") + 1 :] if "," in words else []
    return bool(behind) and behind[0][0].isupper() and behind[0] != "I"


def _named(word: str) -> bool:
    return word[0].isupper() and word.lower() not in STOP_WORDS | _PREPOSITIONS and not word.endswith("ly")


def _plural(word: str) -> bool:
    return len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
