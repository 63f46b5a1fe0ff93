"""What a reading rule is, and how it sees what stands around it."""

import re
from collections.abc import Callable, Iterable
from typing import Final

Match = re.Match[str]
Reading = Callable[[Match], str | None]
Rule = tuple[re.Pattern[str], Reading]

END: Final = r"(?![^\W_])"
FRESH: Final = r"(?<![^\W_])"  # no letter or digit right before


def compiled(*pairs: tuple[str, Reading]) -> tuple[Rule, ...]:
    """Rules from patterns and their readings, in the order in which they are tried. A reading of None is no reading."""
    return tuple((re.compile(pattern), reading) for pattern, reading in pairs)


def before(match: Match, length: int = 16) -> str:
    """The characters right before a match: few, so that the work stays linear in the text."""
    return match.string[max(0, match.start() - length) : match.start()]


def after(match: Match, length: int = 16) -> str:
    """The characters right behind a match."""
    return match.string[match.end() : match.end() + length]


def one_of(names: Iterable[str]) -> str:
    """A pattern of any of `names`, the longest first."""
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


def always(said: str) -> Reading:
    """A reading that is the same whatever stands around."""
    return lambda _match: said
