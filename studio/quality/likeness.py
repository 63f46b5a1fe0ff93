"""Whether two spellings sound alike: "Kantian" and "kanteen", "Hylas" and "highless".

A name that the ears have never read is heard right and written wrong. Spellings are reduced to rough sounds by the
commonest rules of English spelling and compared with a weighted edit distance, in which vowels and voicing count less.
"""

import functools
import re
from typing import Final

# Applied in order to a lower-case ASCII word. Capitals are sounds of several letters: C (ch), S (sh), T (th), J (j),
# and long vowels: A (ay), I (igh), O (oh). N is the end of “sing”.
_RULES: Final = tuple((re.compile(pattern), sound) for pattern, sound in (
    (r"^once$", "wunce"), (r"^(?:kn|gn|pn)", "n"), (r"^wr", "r"), (r"^ps", "s"), (r"^x", "z"), (r"wh", "w"),
    (r"^([^aeiouk]+)ey$", r"\1A"), (r"mb$", "m"), (r"mn$", "m"), (r"kh", "k"), (r"ng(?![aeiouy])", "N"),
    (r"ight", "It"), (r"tch", "C"), (r"sch", "sk"), (r"ch", "C"), (r"sh", "S"), (r"th", "T"), (r"ph", "f"),
    (r"ght", "t"), (r"gh", ""),
    (r"dg(?=[eiym])", "J"), (r"[ts]i(?=[aou])", "S"), (r"ci(?=[aou])", "S"), (r"tu(?=r|al)", "Ca"),
    (r"sc(?=[eiy])", "s"), (r"c(?=[eiy])", "s"), (r"ck|[cq]", "k"), (r"g(?=[ei])", "J"), (r"j", "J"),
    (r"x", "ks"), (r"z", "s"),
    (r"a(?=[bdfgklmnprstvJ]es?$)", "A"), (r"i(?=[bdfgklmnprstvJ]es?$)", "I"), (r"o(?=[bdfgklmnprstvJ]es?$)", "O"),
    (r"(?<=[aeiou])h", ""), (r"h(?![aeiouy])", ""), (r"(?<=[^aeiouy])e$", ""), (r"(?<=[^aeiouy])es$", "s"),
    (r"^[yw](?=[aeiou])", "Y"), (r"(?<=[aeiou])w(?=[aeiou])", "W"),
    (r"(.)\1+", r"\1"),
    (r"[iy]|ee|ea|ie|ei", "i"), (r"oo|ou|ow|ew|eu|u", "u"), (r"au|aw|oa|o", "o"), (r"ai|ay", "A"), (r"w", "u"),
))  # fmt: skip
_VOWELS: Final = frozenset("aeiouAIO")
_GLIDE: Final = "W"  # between vowels it is hardly heard: “nowhere”, “no here”
_NEAR: Final = frozenset(
    frozenset(pair)
    for pair in (
        "bp",
        "dt",
        "gk",
        "vf",
        "sS",
        "CJ",
        "CS",
        "JS",
        "Tt",
        "Td",
        "Tf",
        "mn",
        "Nn",
        "lr",
        "kC",
        "gJ",
        "YJ",
        "vb",
    )
)


@functools.lru_cache(maxsize=65_536)
def sounds(word: str) -> str:
    """The rough sounds of a lower-case ASCII word, one letter a sound."""
    for pattern, sound in _RULES:
        word = pattern.sub(sound, word)
    return re.sub(r"(.)\1+", r"\1", word)


@functools.lru_cache(maxsize=65_536)
def likeness(first: str, second: str) -> float:
    """How alike two words sound, 0 to 1; 1 is the same rough sounds."""
    one, two = sounds(first), sounds(second)
    longest = max(len(one), len(two))
    if not longest:
        return 0.0
    row = [0.0]
    for sound in two:
        row.append(row[-1] + _weight(sound))
    for above in one:
        diagonal, row[0] = row[0], row[0] + _weight(above)
        for column, sound in enumerate(two, 1):
            best = min(row[column] + _weight(above), row[column - 1] + _weight(sound), diagonal + _change(above, sound))
            diagonal, row[column] = row[column], best
    return max(0.0, 1 - row[-1] / longest)


def _weight(sound: str) -> float:
    return 0.5 if sound in _VOWELS or sound == _GLIDE else 1.0


def _change(first: str, second: str) -> float:
    if first == second:
        return 0.0
    if first in _VOWELS and second in _VOWELS:
        return 0.3
    return 0.5 if frozenset((first, second)) in _NEAR else 1.0
