"""The bytes of a text file as text."""

import codecs
import re
from typing import Final

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
_OTHER_KINDS = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP or Office"),
    (b"\xd0\xcf\x11\xe0", "an old Office"),
    (b"{\\rtf", "an RTF"),
    (b"ID3", "an MP3"),
)
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

# What a guess is believed to be: only encodings that are in use, only where the letters come in the order of a
# language, only where there are enough of them, and only where no other one of these makes as much sense of them.
_GUESSED: Final = frozenset(
    {
        "big5",
        "cp1250",
        "cp1251",
        "cp1253",
        "cp1254",
        "cp1255",
        "cp1256",
        "cp932",
        "cp949",
        "euc_jp",
        "euc_kr",
        "gb18030",
    }
    | {"iso8859_2", "iso8859_7", "koi8_r", "koi8_u", "shift_jis"}
)
# Ways of writing text that are no encodings of documents; some take the square of its length.
_OF_PYTHON: Final = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"})
_COHERENT: Final = 0.5
_EVIDENCE: Final = 60  # bytes outside of ASCII
_SAMPLE: Final = 100_000  # bytes
_META: Final = re.compile(rb"""<meta\b[^>]{0,200}?\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
XML_DECLARED: Final = re.compile(rb"""^\s*<\?xml\b[^>]{0,150}?\bencoding\s*=\s*["']([\w.:-]{1,40})["']""")


def decode(data: bytes, name: str) -> str:
    """`data` as text with line feeds for line ends.

    UTF-8, UTF-16 and UTF-32 with and without their marks, Windows-1252 and others where that is beyond reasonable
    doubt. Raises `InputError`, which calls the file `name`, for anything else.
    """
    for signature, kind in _OTHER_KINDS:
        if data.startswith(signature):
            raise InputError(f"“{name}” is {kind} file, not plain text.", "Export its text as Markdown or plain text.")
    return _checked(_decoded(data, name), name)


def decode_page(data: bytes, name: str) -> str:
    """The same for a web page, which may say itself what it is encoded in. A mark at its beginning goes before that."""
    encoding = "" if data.startswith(tuple(mark for mark, _ in _MARKS)) else _page_encoding(data[:4096])
    try:
        return _checked(data.decode(encoding), name) if encoding and not is_utf8(data) else decode(data, name)
    except UnicodeDecodeError:
        return decode(data, name)  # pages are often not what they claim to be


def declared(found: re.Match[bytes] | None) -> str:
    """The encoding that a document names, where it is one that is known; what browsers take for Latin-1 counts so."""
    return known_encoding(found[1].decode("ascii", "replace")) if found else ""


def known_encoding(named: str) -> str:
    """The same of a name, as a server gives one."""
    try:
        encoding = codecs.lookup(named).name
        b"".decode(encoding)  # some codecs are none of text
    except (LookupError, ValueError):
        return ""
    if encoding in _OF_PYTHON:
        return ""
    return "cp1252" if encoding in {"iso8859-1", "ascii"} else encoding


def is_utf8(data: bytes) -> bool:
    """Whether it is UTF-8 beyond ASCII: hardly anything else can be read so, whatever it is said to be."""
    try:
        return not data.isascii() and bool(data.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _page_encoding(start: bytes) -> str:
    encoding = declared(_META.search(start) or XML_DECLARED.search(start))
    return "" if encoding.startswith(("utf-16", "utf-32")) else encoding  # it could not have been read in these


def _checked(text: str, name: str) -> str:
    if "\0" in text or len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text):
        raise _no_text(name)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, name: str) -> str:
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")
    if not encoding and b"\0" in data:
        return _wide(data, name)
    try:
        # Half characters are let through: they are replaced, and not worth losing a script for.
        return data.decode(encoding or "utf-8", "surrogatepass")
    except UnicodeDecodeError:
        if encoding:
            raise InputError(
                f"“{name}” is damaged: it is not the {encoding.upper()} it claims to be.", SAVE_AS_UTF8
            ) from None
    text = data.decode("cp1252", "replace")
    accents = sum(char > "\x7f" for char in text)
    if _NOT_WESTERN.search(text) or accents > _MOST_ACCENTS * len(text):
        return _guessed(data, name)
    return text


def _wide(data: bytes, name: str) -> str:
    """Text of two or four bytes a character without a mark: of Latin writing, most of them are zero."""
    quarters = [data[place::4].count(0) / max(1, len(data) // 4) for place in range(4)]
    zero = [share > 0.7 for share in quarters]
    encoding = {
        (False, True, True, True): "utf-32-le",
        (True, True, True, False): "utf-32-be",
        (False, True, False, True): "utf-16-le",
        (True, False, True, False): "utf-16-be",
    }.get((zero[0], zero[1], zero[2], zero[3]))
    try:
        if encoding:
            return data.decode(encoding)
    except UnicodeDecodeError:
        pass
    raise _no_text(name)


def _guessed(data: bytes, name: str) -> str:
    from charset_normalizer import from_bytes

    found = [] if sum(byte > 0x7F for byte in data[:_SAMPLE]) < _EVIDENCE else list(from_bytes(data[:_SAMPLE]))
    likely = [each for each in found if each.encoding in _GUESSED and each.coherence >= _COHERENT]
    likely.sort(key=lambda each: -each.coherence)
    if likely and likely[0].encoding == found[0].encoding:
        others = [each for each in likely[1:] if each.coherence == likely[0].coherence and str(each) != str(likely[0])]
        if not others:
            try:
                return data.decode(likely[0].encoding)
            except UnicodeDecodeError:
                pass
    raise InputError(f"“{name}” is not UTF-8, and its encoding cannot be told for sure.", SAVE_AS_UTF8)


def _no_text(name: str) -> InputError:
    return InputError(f"“{name}” does not hold text.", "Drop a Markdown or plain text file.")
