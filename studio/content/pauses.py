"""Pauses that a script asks for with `<break>`."""

import re

LONGEST_S = 5.0
"""What several breaks in one place may come to."""

# The attribute part is bounded: a lone "<break" in a long text must not make the search slow.
BREAK = re.compile(r"<break\b([^<>]{0,100})>", re.IGNORECASE)
_TIME = re.compile(r"""\btime\s*=\s*["'”“]?\s*\+?(\d{1,6}(?:\.\d{1,6})?|\.\d{1,6})\s*(ms|s)\b""", re.IGNORECASE)
_STRENGTH = re.compile(r"""\bstrength\s*=\s*["']?\s*([a-z-]{1,10})""", re.IGNORECASE)
_STRENGTHS_S = {"none": 0.0, "x-weak": 0.1, "weak": 0.25, "medium": 0.5, "strong": 0.8, "x-strong": 1.2}


def break_seconds(attributes: str) -> float:
    """Seconds that a break's attributes ask for; half a second where they say nothing (SSML's “medium”)."""
    time = _TIME.search(attributes)
    if time:
        seconds = float(time[1]) / (1000 if time[2].lower() == "ms" else 1)
        return min(seconds, LONGEST_S)
    strength = _STRENGTH.search(attributes)
    return _STRENGTHS_S.get(strength[1].lower() if strength else "medium", _STRENGTHS_S["medium"])
