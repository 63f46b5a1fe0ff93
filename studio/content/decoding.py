"""The bytes of a text file as text."""

import codecs
import re

from studio.domain.errors import InputError

SAVE_AS_UTF8 = "Open it in a text editor and save it as UTF-8."

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_KINDS = ((b"%PDF-", "a PDF"), (b"PK\x03\x04", "a ZIP or Office"), (b"{\\rtf", "an RTF"), (b"ID3", "an MP3"))
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x19\x1b-\x1f\x7f-\x84\x86-\x9f]")
_MOST_CONTROLS = 0.005  # of all characters; a few stray ones are left over by some editors

# Windows-1252 gives a letter or sign to nearly every byte, so that decoding proves nothing. It is believed only where
# what comes out looks like the English of a script: no sign that Western text does not use, no capital with an accent
# right after a small letter (Mac Roman's quotes), no sign inside a word (Central European letters), mostly
# plain letters.
_NOT_WESTERN = re.compile(
    r"[^\x00-\x7f\u00a0¡£§©«®°·»¼½¾¿×À-ÿŒœŠšŽžŸ€\u201a„…†‡\u02c6‰\u2039\u2018’“”•–—™\u203a]"
    r"|[a-z][À-ÞŠŽŒŸ]|\w[¡£§«®¿†‡\u02c6\u2039][a-z]|[ÐÞþð¤¦¨¬¯\u00b4\u00b8]"
)
_MOST_ACCENTS = 0.2  # share of characters outside of ASCII


def decode(data: bytes, name: str) -> str:
    """`data` as text with line feeds for line ends.

    UTF-8, UTF-16 and UTF-32 by their marks, UTF-8 without one, Windows-1252 where that is beyond reasonable doubt.
    Raises `InputError`, which calls the file `name`, for anything else.
    """
    for signature, kind in _OTHER_KINDS:
        if data.startswith(signature):
            raise InputError(f"“{name}” is {kind} file, not plain text.", "Export its text as Markdown or plain text.")
    text = _decoded(data, name)
    if "\0" in text or len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text):
        raise InputError(f"“{name}” does not hold text.", "Drop a Markdown or plain text file.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, name: str) -> str:
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")
    try:
        return data.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        if encoding:
            raise InputError(
                f"“{name}” is damaged: it is not the {encoding.upper()} it claims to be.", SAVE_AS_UTF8
            ) from None
    if b"\0" in data:
        raise InputError(f"“{name}” does not hold text.", "Drop a Markdown or plain text file.")
    text = data.decode("cp1252", "replace")
    accents = sum(char > "\x7f" for char in text)
    if _NOT_WESTERN.search(text) or accents > _MOST_ACCENTS * len(text):
        raise InputError(f"“{name}” is not UTF-8, and its encoding cannot be told for sure.", SAVE_AS_UTF8)
    return text
