"""What a file of a rich format holds, as Markdown that people can edit; which endings are read, and by whom."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from studio.content.archives import protected
from studio.domain.errors import InputError

LARGEST: Final = 200_000_000
"""Bytes of one file: a book with its pictures."""


@dataclass(frozen=True, slots=True)
class Document:
    """One text. `left_out` names what of the original is not in it (“page number ×12”).

    `title` is what the original calls it where the text does not say itself; `place` where in the file it stands
    (“chapter 3”), empty where it is all of it. `pages` are the offsets at which pages of the original begin, with their
    numbers.
    """

    text: str
    title: str = ""
    left_out: tuple[str, ...] = ()
    place: str = ""
    pages: tuple[tuple[int, int], ...] = ()


ReadDocuments: TypeAlias = Callable[[bytes, str], Sequence[Document]]
"""Takes the bytes of a file and its name for sentences. Raises `InputError`."""


def _docx(data: bytes, name: str) -> Sequence[Document]:
    from studio.content.docx_text import read

    return [read(data, name)]


def _epub(data: bytes, name: str) -> Sequence[Document]:
    from studio.content.epub_text import read

    return read(data, name)


def _html(data: bytes, name: str) -> Sequence[Document]:
    from studio.content.decoding import decode_page
    from studio.content.html_text import read

    return [read(decode_page(data, name), name)]


def _pdf(data: bytes, name: str) -> Sequence[Document]:
    from studio.content.pdf_text import read

    return [read(data, name)]


def _ssml(data: bytes, name: str) -> Sequence[Document]:
    from studio.content.ssml_text import read

    return [read(data, name)]


READERS: Final[Mapping[str, ReadDocuments]] = {
    ".docx": _docx,
    ".epub": _epub,
    ".htm": _html,
    ".html": _html,
    ".xhtml": _html,
    ".pdf": _pdf,
    ".ssml": _ssml,
    ".xml": _ssml,
}
"""By the ending of the file's name, in small letters."""

_KINDS: Final = {
    ".docx": "a Word document",
    ".epub": "an EPUB book",
    ".htm": "a web page",
    ".html": "a web page",
    ".xhtml": "a web page",
    ".pdf": "a PDF",
    ".ssml": "SSML",
    ".xml": "SSML",
}
_ZIPPED: Final = frozenset({".docx", ".epub"})
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")


def read_documents(data: bytes, suffix: str, name: str) -> Sequence[Document]:
    """What a file with this ending holds. Raises `InputError` where it cannot be read as what it is called."""
    kind = _KINDS[suffix]
    if not data.strip(b"\0 \t\r\n"):
        raise InputError(f"“{name}” is empty.", "Put a script into it, or take it off the list.")
    if data.startswith(_OLD_OFFICE):
        if _LOCKED in data:
            raise protected(name)
        raise InputError(
            f"“{name}” is a document of an old kind (.doc), whatever its name says.", "Save it as a .docx file."
        )
    zipped = data.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    if zipped is not (suffix in _ZIPPED) or (data.startswith(b"%PDF-") and suffix != ".pdf"):
        raise InputError(f"“{name}” is not {kind}, whatever its name says.", "Save it again with the right ending.")
    try:
        return READERS[suffix](data, name)
    except RecursionError as error:
        raise InputError(f"“{name}” is nested too deeply to be a text.", "Save its text as Markdown.") from error
