"""What a reader sees of a stretch of the source: its words as written, without mark-up and what is not spoken."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_TAG = re.compile(r"""</?[A-Za-z](?:[^<>"']|"[^"<]*"|'[^'<]*')*>|</?[A-Za-z][^<>]*>""")  # SSML and HTML
_BLEEPED = re.compile(r"""<say-as\b[^<>]*\b(?:expletive|bleep)\b[^<>]*>(.*?)</say-as\s*>""", re.IGNORECASE | re.DOTALL)
# Each pattern names with its groups what is taken out; a pattern without groups is taken out whole.
_MARKS = (
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"<desc\b[^<>]*>.*?</desc\s*>|<metadata\b[^<>]*>.*?</metadata\s*>", re.DOTALL | re.IGNORECASE),
    re.compile(r"\[\^[^\]\s]+\]"),  # footnote references
    re.compile(r"(!?\[)[^\[\]]*(\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+(?:\"[^\"]*\"|'[^']*'))?\))"),  # links and images
    re.compile(r"(!?\[)[^\[\]]*(\]\[[^\[\]]*\])"),  # links by reference
    re.compile(r"\n[^\S\n]*(>+)"),  # a quote that runs on
    re.compile(r"\*+|`+|~~"),
    re.compile(r"(?<!\w)_+|_+(?!\w)"),
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_KEPT_SYMBOLS = "©®™°№℠℗℃℉"
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # embeddings, overrides, isolates
_JOINERS = "\u200d\ufe0e\ufe0f\u20e3"  # what holds an emoji together


@dataclass(frozen=True, slots=True)
class Readable:
    """`text`, and for each of its characters the offset in the source that it comes from."""

    text: str
    offsets: Sequence[int]


def readable(source: str, start: int, end: int, spoken: Iterable[tuple[int, int]]) -> Readable:
    """What is left of `source[start:end]`; of a `spoken` span (source offsets) nothing but tags is ever taken out.

    Left out are mark-up, symbols and emoji that are not spoken, and whole words that are not (bare links, code). What
    is bleeped out in the sound is asterisks.
    """
    text = source[start:end]
    said = bytearray(len(text))
    for first, last in spoken:
        low, high = max(first - start, 0), min(last - start, len(text))
        said[low:high] = b"\1" * max(high - low, 0)
    hidden = bytearray(len(text))
    for pattern in _MARKS:
        for found in pattern.finditer(text):
            for group in range(1, pattern.groups + 1) if pattern.groups else (0,):
                low, high = found.span(group)
                hidden[low:high] = b"\1" * (high - low)
    for found in _TAG.finditer(text):
        low, high = found.span()
        hidden[low:high] = b"\1" * (high - low)
        said[low:high] = bytes(high - low)
    for found in _ESCAPE.finditer(text):
        hidden[found.start()], hidden[found.start(1)] = 1, 0
    # Where no word has a place of its own, every word counts as spoken.
    for found in re.finditer(r"\S+", text) if any(said) else ():
        low, high = found.span()
        if not any(said[low:high]) and any(text[at].isalnum() and not hidden[at] for at in range(low, high)):
            hidden[low:high] = b"\1" * (high - low)
    kept = [at for at, letter in enumerate(text) if said[at] or not (hidden[at] or _is_ornament(letter))]
    masked = {at for found in _BLEEPED.finditer(text) for at in range(*found.span(1)) if text[at].isalnum()}
    shown = "".join("*" if at in masked else _printable(text[at]) for at in kept)
    return Readable(shown, [start + at for at in kept])


def _is_ornament(letter: str) -> bool:
    if letter in _KEPT_SYMBOLS:
        return False
    return letter in _JOINERS or unicodedata.category(letter) in {"So", "Cn", "Co"}


def _printable(letter: str) -> str:
    """One character for one character, so that offsets hold: controls become a space, half characters a replacement."""
    kind = unicodedata.category(letter)
    if kind == "Cs":
        return "\ufffd"
    return " " if kind in {"Cc", "Zl", "Zp"} or letter in _TURNING else letter
