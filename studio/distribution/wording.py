"""Text as every file of a folder may hold it: no controls, no half characters, nothing that turns a line around."""

import re

_SURROGATE = re.compile("[\ud800-\udfff]")
# C0 and C1 controls, line and paragraph separators, embeddings, overrides and isolates: none may stand in a title, and
# the last seven would turn around whatever is written after it.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+")


def storable(text: str) -> str:
    """`text` with every lone surrogate replaced, so that UTF-8 and UTF-16 can hold it. The length stays the same."""
    return _SURROGATE.sub("\ufffd", text)


def one_line(text: str) -> str:
    """`text` as one printable line: controls and runs of white space become one space."""
    return " ".join(_UNPRINTABLE.sub(" ", storable(text)).split())


def clock(milliseconds: int, point: str = "") -> str:
    """`HH:MM:SS`, and with a decimal `point` also the milliseconds, as WebVTT and SRT want it."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02d}:{minute:02d}:{second:02d}" + (f"{point}{rest:03d}" if point else "")


DISCLOSURE = "This episode is read by a machine voice, not by a person."
