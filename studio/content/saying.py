"""Pieces in a row as the text that a voice is given."""

import re
from collections.abc import Sequence

from studio.content.lexicon import Lexicon
from studio.content.reading import Piece, read_pieces

_ENDS = (".", "!", "?", "…", ":", ";", ",", "—")
_BEFORE_MARK = re.compile(r" +(?=[,.;:!?)])")
_DOUBLE_STOP = re.compile(r"[,;:](?=[,;:.!?])|(?<=[A-Z]\.)\.(?!\.)")  # “P.M..”, and what a left out link leaves
_NO_BEGINNING = " ,;:.!?)—-"
_LAST_MARKS = re.compile(r"[\s,;:!?…—]+$|(?<!\b[A-Z])\.$")
_NO_LEXICON = Lexicon({})


def said(pieces: Sequence[Piece], stop: str) -> str:
    """Pieces in a row: a space where words meet, none before a mark, `stop` where no mark stands at the end.

    Letters and digits stay as many as they are, in their order.
    """
    text = ""
    for piece in pieces:
        if text and piece.said and text[-1].isalnum() and piece.said[0].isalnum():
            text += " "
        text += piece.said
    text = _BEFORE_MARK.sub("", " ".join(text.split()).replace(" - ", " — "))
    text = _DOUBLE_STOP.sub("", text).lstrip(_NO_BEGINNING)
    core = text.rstrip(" ”’\"')")
    return text if core.endswith(_ENDS) else text + stop


def read_aloud(text: str) -> str:
    """A phrase by the rules, as words: without a mark at its end. Empty where nothing in it is spoken."""
    pieces = list(read_pieces(text, 0, len(text), _NO_LEXICON))
    spoken = _LAST_MARKS.sub("", said(pieces, ""))
    return spoken if any(map(str.isalnum, spoken)) else ""
