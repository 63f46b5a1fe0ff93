"""The main text of a web page, without what is around it; runs in a worker, for it takes time and memory."""

import codecs
import re
from dataclasses import dataclass
from html import unescape
from typing import Final

from studio.content.addresses import shown
from studio.content.decoding import decode, decode_page, is_utf8, known_encoding
from studio.content.html_text import read as read_all
from studio.content.titles import page_title
from studio.domain.errors import InputError
from studio.engine.ports import Report

PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
TEXTS: Final = frozenset({"text/plain", "text/markdown", "text/x-markdown"})

_CHARSET: Final = re.compile(r"charset\s*=\s*\"?([\w.:-]+)", re.IGNORECASE)
_DECLARED: Final = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_MARKS: Final = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_REFRESH: Final = re.compile(
    r"<meta\b(?=[^>]{0,500}\bhttp-equiv\s*=\s*[\"']?refresh\b)[^>]{0,300}?\burl\s*=\s*[\"']?([^\"'>\s]{1,500})",
    re.IGNORECASE,
)
_TITLE: Final = re.compile(r"<title\b[^>]{0,200}>([^<]{1,500})</title>", re.IGNORECASE)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MOST_TAGS: Final = 15_000  # of what is looked at twice
_TOO_MANY_TAGS: Final = 500_000
_FEWEST: Final = 12  # words of a page that says anything
_COPY: Final = "Copy its text from the browser into a file, and give that."


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says, as Markdown; its title, and when it was published (ISO 8601), both empty where untold."""

    title: str
    text: str
    published: str = ""


def main_text(data: bytes, kind: str, name: str) -> Page:
    """The main text of an HTML page of this content type. Raises `InputError`, which calls it `name`."""
    html = _DECLARED.sub("", decoded(data, kind, name, html=True), count=1)
    if html.count("<") > _TOO_MANY_TAGS:
        raise InputError(f"“{name}” is built of more parts than a text has.", _COPY)
    page = _extracted(html, name)
    if page is None or len(page.text.split()) < _FEWEST:
        whole = read_all(html, name)
        page = Page(whole.title, whole.text, page.published if page else "")
    if len(page.text.split()) < _FEWEST:
        if leads_on := _REFRESH.search(html):
            target = shown(unescape(leads_on[1]))
            raise InputError(f"“{name}” has no text of its own: it only leads on to “{target}”.", "Give that address.")
        raise InputError(f"“{name}” has no text of its own: it may be made by a script, or of links only.", _COPY)
    return page


def page_of(report: Report, data: bytes, kind: str, name: str) -> Page:
    """The same as a job of a worker."""
    report(0.0)
    return main_text(data, kind, name)


def decoded(data: bytes, kind: str, name: str, *, html: bool = False) -> str:
    """By the encoding that the server names, where it is known and can be right; else as a file of that content."""
    named = _CHARSET.search(kind)
    encoding = known_encoding(named[1]) if named else ""
    if encoding and not data.startswith(_MARKS) and not is_utf8(data):
        try:
            data = data.decode(encoding).encode("utf-8", "replace")
        except UnicodeError:
            pass
        else:
            return data.decode("utf-8").replace("\r\n", "\n") if html else decode(data, name)
    return decode_page(data, name) if html else decode(data, name)


def _extracted(html: str, name: str) -> Page | None:
    """What trafilatura finds; None where it finds nothing."""
    from trafilatura import extract, extract_metadata

    try:
        # A second opinion on what is text takes the square of the number of paragraphs.
        fast = html.count("<") > _MOST_TAGS
        text = extract(html, fast=fast, output_format="markdown", include_comments=False, include_tables=False)
        about = extract_metadata(html, date_config={"extensive_search": False, "original_date": True})
    except Exception as error:  # a page of strangers, and a parser that does not say what it raises
        raise InputError(f"“{name}” is built in a way that its text cannot be told from the rest.", _COPY) from error
    if not text:
        return None
    found = _DATE.match(about.date or "")
    site, told = about.sitename or "", about.title or ""
    tag = _TITLE.search(html)
    own = page_title(unescape(tag[1]), text, site) if tag else ""
    # Many sites have their own name as the first heading of every page.
    title = own if own and re.search(rf"^#+ +{re.escape(own)}", text, re.MULTILINE) else page_title(told, text, site)
    return Page(title, text, found[0] if found else "")
