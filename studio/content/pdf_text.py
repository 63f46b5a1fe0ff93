"""A PDF with text as Markdown: its lines with their places, and from these its paragraphs (`pdf_layout`)."""

import logging
import math
import re
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from studio.content.archives import protected
from studio.content.documents import Document
from studio.content.markup import Sheet
from studio.content.pdf_layout import Fragment, Line, Page, lay_out
from studio.domain.errors import InputError

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

LARGEST: Final = 100_000_000
"""Bytes of one PDF."""

_MOST_PAGES: Final = 2_000
_MOST_TEXT: Final = 5_000_000  # characters of all pages
_MOST_STEPS: Final = 1_000_000  # drawing operators of all pages
_LARGEST_PAGE: Final = 10_000_000  # bytes of the drawing operators of one page, unpacked
_UNREADABLE: Final = 0.2  # share of characters that are no characters
_LIGATURES: Final = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_NO_CHARACTER: Final = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]|\(cid:\d+\)|/g\d{1,4}\b")
_UPRIGHT: Final = 0.2  # of sine to cosine
_OCR: Final = "Run text recognition (OCR) over it, and drop what comes of that."
_SAVE: Final = "Open it in a viewer, print it into a new PDF, and drop that."


class _TooMuch(BaseException):
    """Ends a page from within a callback, past the library's own handlers; it never leaves this module."""


def read(data: bytes, name: str) -> Document:
    """The text of a PDF. Raises `InputError` where it has none, is locked or damaged."""
    from pypdf import PdfReader
    from pypdf.errors import LimitReachedError

    if len(data) > LARGEST:
        raise InputError(f"“{name}” is over {LARGEST // 1_000_000} MB.", "Split it into several files.")
    if b"%PDF-" not in data[:1024]:
        raise InputError(f"“{name}” is not a PDF, whatever its name says.", "Save it again with the right ending.")
    sheet = Sheet()
    # It tells of each thing in a file that is not as it should be; whether it can be read is all that is asked here.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
    try:
        pages, pictured = _pages(PdfReader(BytesIO(data)), name, sheet)
    except (_TooMuch, LimitReachedError):
        raise InputError(
            f"“{name}” draws more than a document of one episode does.", "Save its text as Markdown, or split it."
        ) from None
    except (InputError, MemoryError):
        raise
    except Exception as error:  # what is built wrongly, or to do harm, breaks a parser in ways that nobody lists
        raise InputError(f"“{name}” is damaged: it cannot be read as a PDF.", _SAVE) from error
    text = "".join(line.text for page in pages for line in page.lines)
    if not text.strip():
        if pictured:
            raise InputError(f"“{name}” is scanned: it holds pictures of pages and no text.", _OCR)
        raise InputError(f"“{name}” has no text in it.", _OCR)
    if len(_NO_CHARACTER.findall(text)) > _UNREADABLE * len(text):
        raise InputError(f"The letters of “{name}” are drawn and have no meaning of their own.", _OCR)
    lay_out(pages, sheet)
    return Document(sheet.text, left_out=sheet.left_out, pages=sheet.pages)


def _pages(reader: "PdfReader", name: str, sheet: Sheet) -> tuple[Sequence[Page], bool]:
    """The pages with their lines, and whether there were pages of pictures only."""
    if reader.is_encrypted and not _opens(reader):
        raise protected(name)
    count = len(reader.pages)
    if count > _MOST_PAGES:
        raise InputError(f"“{name}” has {count:,} pages; at most {_MOST_PAGES:,} are read.", "Split it into several.")
    meter = _Meter()
    pages: list[Page] = []
    blank: list[int] = []
    pictured = False
    for number in range(count):
        page = reader.pages[number]
        lines = _lines(page, meter, sheet)
        has_picture = not lines and _has_picture(page)
        pictured = pictured or has_picture
        if has_picture:
            blank.append(number + 1)
        notes = sum(each.get_object().get("/Subtype") in {"/Text", "/FreeText"} for each in page.get("/Annots") or ())
        sheet.leave_out("comment", notes)
        pages.append(Page(number + 1, lines))
    if blank and any(page.lines for page in pages):
        sheet.leave_out(f"page that is a picture (page {', '.join(map(str, blank[:20]))})")
    return pages, pictured


def _has_picture(page: "PageObject") -> bool:
    resources: Any = page.get("/Resources")
    objects: Any = resources.get_object().get("/XObject") if resources is not None else None
    drawn = objects.get_object().values() if objects is not None else ()
    return any(each.get_object().get("/Subtype") in {"/Image", "/Form"} for each in drawn)


def _opens(reader: "PdfReader") -> bool:
    """Whether it opens without a password: many are only locked against printing."""
    from pypdf.errors import DependencyError

    try:
        return bool(reader.decrypt(""))
    except (DependencyError, NotImplementedError):
        return False


class _Meter:
    """What all pages together have come to; what is drawn a million times over ends here."""

    def __init__(self) -> None:
        self._steps = 0
        self._text = 0

    def step(self, *_drawn: Any) -> None:
        """One operator."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise _TooMuch

    def add(self, text: str) -> None:
        """Some text."""
        self._text += len(text)
        if self._text > _MOST_TEXT:
            raise _TooMuch


def _lines(page: "PageObject", meter: _Meter, sheet: Sheet) -> Sequence[Line]:
    contents = page.get_contents()
    if contents is not None and len(contents.get_data()) > _LARGEST_PAGE:
        raise _TooMuch
    lines: list[Line] = []
    fragments: list[Fragment] = []
    turned = 0

    def add(text: str, current: Sequence[float], text_matrix: Sequence[float], font: Any, size: float) -> None:
        nonlocal turned
        meter.add(text)
        a, b, c, d, e, f = _product(text_matrix, current)
        scale = math.sqrt(abs(a * d - b * c))
        is_upright = abs(b) <= _UPRIGHT * abs(a)
        bold = "bold" in str(font.get("/BaseFont", "")).lower() if hasattr(font, "get") else False
        first, *more = text.split("\n")
        for place, part in enumerate((first, *more)):
            if place and fragments:
                lines.append(Line.of(fragments))
                fragments.clear()
            plain = "".join(_LIGATURES.get(char, char) for char in part)
            if not plain.strip():
                if fragments and plain:
                    fragments[-1] = fragments[-1].with_space()
            elif is_upright:
                fragments.append(Fragment(plain, e, f, size * scale, bold))
            else:
                turned += 1

    page.extract_text(visitor_operand_before=meter.step, visitor_text=add)
    if fragments:
        lines.append(Line.of(fragments))
    sheet.leave_out("text across the page", turned)
    return lines


def _product(one: Sequence[float], two: Sequence[float]) -> tuple[float, ...]:
    """Two matrices of PDF, the first applied first (ISO 32000-1, 8.3.4)."""
    a, b, c, d, e, f = map(float, one)
    g, h, i, j, k, m = map(float, two)
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m
