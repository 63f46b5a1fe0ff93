"""A web page as Markdown: its main part; what is there for browsers and readers only is left out and listed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from studio.content.documents import Document
from studio.content.markup import Sheet, escaped, note_mark, one_line
from studio.content.titles import page_title
from studio.content.trees import html_tree, tag_of

if TYPE_CHECKING:
    from lxml.etree import _Element

# What is left out, and what it is called. Nothing is said of what holds nothing.
_DROPPED: Final = {
    **dict.fromkeys(("script", "noscript", "template"), "script"),
    "nav": "navigation",
    **dict.fromkeys(("form", "button", "input", "select", "textarea", "dialog", "menu"), "form"),
    "aside": "side note",
    "footer": "page footer",
    **dict.fromkeys(("iframe", "object", "embed", "applet"), "embedded page"),
    **dict.fromkeys(("audio", "video"), "sound or video"),
    **dict.fromkeys(("svg", "canvas"), "drawing"),
    "math": "formula",
    **dict.fromkeys(("del", "s", "strike"), "deleted text"),
    **dict.fromkeys(("rt", "rp"), "reading aid"),
    "map": "image map",
}
_UNSAID: Final = frozenset({"style", "link", "meta", "title", "base", "param", "source", "track", "col", "colgroup"})
_EVEN_EMPTY: Final = frozenset(
    {"iframe", "object", "embed", "applet", "audio", "video", "svg", "canvas", "math", "script"}
)
_ROLES: Final = {
    "navigation": "navigation",
    "search": "form",
    "banner": "page header",
    "contentinfo": "page footer",
    "dialog": "dialog",
    "alertdialog": "dialog",
}
_PAGE_NUMBERS: Final = frozenset({"pagebreak", "doc-pagebreak"})
_WHOLE: Final = frozenset({"html", "body", "main", "article"})
_CONSENT: Final = re.compile(
    r"cookies?[\s_-]?(?:alert|banner|bar|consent|disclaimer|info|law|message|modal|notice|overlay|pop|wall)"
    r"|consent[\s_-]?(?:banner|bar|manager|modal|overlay|pop)|\bgdpr\b|onetrust",
    re.IGNORECASE,
)
_BLOCKS: Final = frozenset(
    {"address", "article", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure"}
    | {"footer", "head", "header", "hgroup", "html", "legend", "main", "ol", "p", "section", "summary", "ul"}
    | {"caption", "tbody", "thead", "tfoot", "tr", "td", "th"}
)
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_NOTE_REFERENCES: Final = frozenset({"noteref", "doc-noteref"})
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SUPERSCRIPT: Final = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_SUBSCRIPT: Final = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
_TWO_BREAKS: Final = re.compile(r"\n\s*\n")
_SPACE: Final = re.compile(r"[ \t\n\r\f]+")
_LONG: Final = re.compile(r"(?:http|https|mailto|ftp):", re.IGNORECASE)
_ANY_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class _Block:
    """What the text at hand is part of. `number` counts the items of a list, 0 where they are not numbered."""

    heading: int = 0
    depth: int = 0
    number: int | None = None
    quoted: bool = False


def read(text: str, name: str) -> Document:
    """The main part of a page. Raises `InputError` where it is none."""
    root = html_tree(text, name)
    page = Page(root)
    page.add_main()
    title = root.find(".//title")
    called = page_title(title.text or "", page.sheet.text) if title is not None else ""
    return Document(page.sheet.text, called, page.sheet.left_out)


class Page:
    """Walks the elements of a page once; they are at most 256 deep."""

    def __init__(self, root: "_Element") -> None:
        self.sheet = Sheet()
        self._root = root
        self._notes = dict(_notes(root))
        self._line: list[str] = []

    def add_main(self) -> None:
        """Its main part, where the page names one; else all of its body."""
        body = self._root  # whatever the parser has put into the head, or behind the body
        main = _main(body)
        if main is not None:
            heading = next((each for each in _headings(body) if main not in each.iterancestors()), None)
            if heading is not None and next(_headings(main), None) is None:
                self._walk(heading, _Block())
                _take_out(heading)
            if _has_more(body, main):
                self.sheet.leave_out("what stands around the main part of the page")
        self.add(body if main is None else main)

    def add(self, element: "_Element") -> None:
        """Everything in an element."""
        self._inside(element, _Block())
        self._end(_Block())

    def _walk(self, element: "_Element", block: _Block) -> None:
        """One element, in the block that it is part of."""
        tag = tag_of(element)
        why = _why_not(element, tag)
        if element in self._notes:
            self._end(block)
            self.sheet.note(self._notes[element], escaped(_text(element, note=True)))
        elif tag in _UNSAID or not tag or why:
            if why and (tag in _EVEN_EMPTY or _text(element).strip()):
                self.sheet.leave_out(why)
        elif tag in _HEADINGS:
            self._block(element, block, replace(block, heading=_HEADINGS[tag]))
        elif tag in {"ul", "ol"}:
            self._list(element, block, numbered=tag == "ol")
        elif tag == "blockquote":
            self._block(element, block, replace(block, quoted=True))
        elif tag in {"pre", "xmp", "listing"}:
            self._end(block)
            self.sheet.code("".join(map(str, element.itertext())))
        elif tag == "table":
            self._table(element, block)
        elif tag == "figure":
            self._figure(element, block)
        elif tag in _BLOCKS or tag == "li":
            self._block(element, block, block)
        elif tag == "hr":
            self._end(block)
        else:
            self._inline(element, tag, block)

    def _inside(self, element: "_Element", block: _Block) -> None:
        self._say(element.text)
        for child in element:
            self._walk(child, block)
            self._say(child.tail)

    def _say(self, text: str | None) -> None:
        if text:
            self._line.append(escaped(_SPACE.sub(" ", text)))

    def _block(self, element: "_Element", before: _Block, block: _Block) -> None:
        self._end(before)
        self._inside(element, block)
        self._end(block)

    def _end(self, block: _Block) -> None:
        """The text so far is a block of its own."""
        inline, self._line = re.sub(" +", " ", "".join(self._line)), []
        if not inline.strip():
            return
        if block.heading:
            self.sheet.heading(block.heading, inline)
        elif block.quoted:
            self.sheet.quote(inline)
        elif block.depth:
            self.sheet.item(inline, block.depth, block.number or None)
        else:
            for part in _TWO_BREAKS.split(inline):  # how many write paragraphs
                self.sheet.paragraph(part)

    def _list(self, element: "_Element", block: _Block, *, numbered: bool) -> None:
        self._end(block)
        start = element.get("start", "1")
        number = int(start) if numbered and re.fullmatch(r"[0-9]{1,3}", start) else 1
        self._say(element.text)
        for child in element:
            inside = replace(block, depth=block.depth + 1, number=number if numbered else None)
            self._walk(child, inside)
            self._end(inside)
            number += tag_of(child) == "li"
            self._say(child.tail)
        self._end(block)

    def _figure(self, element: "_Element", block: _Block) -> None:
        """A picture takes its caption along; anything else keeps it beside it, as what is not spoken."""
        self._end(block)
        if next(element.iterdescendants("{*}figure"), None) is not None:
            self._block(element, block, block)
            return
        captions = list(element.iter("{*}figcaption"))
        words = one_line(" ".join(map(_text, captions)))
        for caption in captions:
            _take_out(caption)
        pictures = list(element.iter("{*}img", "{*}image"))
        if pictures and not _text(element).strip():
            first, *others = pictures
            self._line.append(self.sheet.picture(words or first.get("alt", ""), _source(first)))
            self._line += [self.sheet.picture(each.get("alt", ""), _source(each)) for each in others]
            self._end(_Block())
            return
        self._block(element, block, block)
        if words:
            self._line.append(self.sheet.picture(words, "caption"))
            self._end(_Block())

    def _table(self, element: "_Element", block: _Block) -> None:
        """A table of figures is kept as one; one that only places things on the page is not there."""
        self._end(block)
        nested = next(element.iterdescendants("{*}table"), None) is not None
        cells = (
            [] if nested else [[each for each in row if tag_of(each) in {"td", "th"}] for row in element.iter("{*}tr")]
        )
        is_layout = element.get("role") in {"presentation", "none"} or next(_headings(element), None) is not None
        if is_layout or max(map(len, cells), default=0) < 2:
            self._block(element, block, block)
            return
        for caption in element.findall("{*}caption"):
            self.sheet.leave_out(f"caption of a table (“{one_line(_text(caption))[:100]}”)")
        self.sheet.table([[escaped(_text(cell)) for cell in row] for row in cells])

    def _inline(self, element: "_Element", tag: str, block: _Block) -> None:
        if tag == "br":
            self._line.append("\n")
        elif tag in {"img", "image"}:
            # A picture without words is there for the eye.
            self._line.append(self.sheet.picture(element.get("alt", ""), _source(element)))
        elif tag == "a":
            self._link(element, block)
        elif tag in {"sup", "sub"} and not len(element) and re.fullmatch(r"[0-9+-]{1,6}", (element.text or "").strip()):
            self._line.append((element.text or "").strip().translate(_SUPERSCRIPT if tag == "sup" else _SUBSCRIPT))
        elif tag == "q":
            self._line.append("“")
            self._inside(element, block)
            self._line.append("”")
        else:
            self._inside(element, block)

    def _link(self, element: "_Element", block: _Block) -> None:
        address = element.get("href", "").strip()
        if _is_note_reference(element) and (mark := address.partition("#")[2] or one_line(_text(element))):
            self._line.append(note_mark(mark))
            return
        before = len(self._line)
        self._inside(element, block)
        # Where blocks stand inside of it, they have ended before.
        if len(self._line) > before and address and not address.startswith("#"):
            words = "".join(self._line[before:])
            if "![" not in words and "\n" not in words and (_LONG.match(address) or not _ANY_SCHEME.match(address)):
                self._line[before:] = [self.sheet.link(words, address)]


def _main(body: "_Element") -> "_Element | None":
    for wanted in ("main", "article"):
        found = [
            each
            for each in body.iter("{*}*")
            if tag_of(each) == wanted or (wanted == "main" and each.get("role") == "main")
        ]
        there = set(found)
        outer = [each for each in found if not any(above in there for above in each.iterancestors())]
        if len(outer) == 1 and _text(outer[0]).strip():
            return outer[0]
    return None


def _why_not(element: "_Element", tag: str) -> str:
    """What is left out with this element is called; empty where it is spoken."""
    if not tag:
        return ""
    if tag == "header" and next(element.iterancestors("{*}article", "{*}main", "{*}section"), None) is None:
        return "" if next(_headings(element), None) is not None else "page header"
    if tag == "footer" and next(element.iterancestors("{*}blockquote"), None) is not None:
        return ""
    if tag in _DROPPED:
        return _DROPPED[tag]
    if "hidden" in element.attrib or element.get("aria-hidden") == "true" or _HIDDEN.search(element.get("style", "")):
        return "hidden text"
    return _around(element, tag)


def _around(element: "_Element", tag: str) -> str:
    """What an element says of itself that is around the text, or in it by the way."""
    role = element.get("role", "")
    if role in _ROLES:
        return _ROLES[role]
    if role in _PAGE_NUMBERS or _PAGE_NUMBERS & {*_kind(element).split()}:
        return "page number"
    named = f"{element.get('id', '')} {element.get('class', '')}"
    return "cookie notice" if tag not in _WHOLE and _CONSENT.search(named) else ""


def _notes(root: "_Element") -> Iterator[tuple["_Element", str]]:
    """The elements that are footnotes, with their marks."""
    wanted = {
        each.get("href", "").partition("#")[2]
        for each in root.iter("{*}a")
        if each.get("href", "").startswith("#") and _is_note_reference(each)
    }
    for element in root.iter("{*}*"):
        role = element.get("role", "") or _kind(element)
        mark = element.get("id") or element.get("name") or ""
        if mark in wanted and mark:
            block = element
            while tag_of(block) not in {"li", "p", "aside", "div", "dd", "td", "section"}:
                above = block.getparent()
                if above is None:
                    break
                block = above
            if tag_of(block) not in {"section", "html", "body"}:
                yield block, mark
        elif role in {"doc-footnote", "doc-endnote", "footnote", "endnote", "rearnote"}:
            yield element, mark or "note"


def _is_note_reference(element: "_Element") -> bool:
    if element.get("role") in _NOTE_REFERENCES or _kind(element) in _NOTE_REFERENCES:
        return True
    if "#" not in element.get("href", "") or element.get("href", "").startswith("#fnref"):
        return False
    above = element.getparent()
    return (above is not None and tag_of(above) == "sup") or any(tag_of(each) == "sup" for each in element)


def _kind(element: "_Element") -> str:
    """What EPUB says that an element is."""
    return element.get("{http://www.idpf.org/2007/ops}type") or element.get("epub:type") or ""


def _text(element: "_Element", *, note: bool = False) -> str:
    """The plain text of an element without what is left out; of a `note` without the way back."""
    parts: list[str] = []
    _gather(element, parts, note=note)
    return "".join(parts)


def _gather(element: "_Element", parts: list[str], *, note: bool) -> None:
    parts.append(element.text or "")
    for child in element:
        tag = tag_of(child)
        is_way_back = note and tag == "a" and "#" in child.get("href", "")
        if tag and tag not in _DROPPED and tag not in _UNSAID and not is_way_back:
            spaced = tag in _BLOCKS or tag in _HEADINGS or tag in {"li", "br", "blockquote"}
            parts.append(" " if spaced else "")
            _gather(child, parts, note=note)
            parts.append(" " if spaced else "")
        parts.append(child.tail or "")


def _headings(element: "_Element") -> Iterator["_Element"]:
    return element.iterdescendants("{*}h1", "{*}h2") if tag_of(element) not in {"h1", "h2"} else iter((element,))


def _has_more(body: "_Element", main: "_Element") -> bool:
    """Whether there is any text outside of the main part."""
    at = main
    while at is not body and (above := at.getparent()) is not None:
        beside = [
            each for each in above if each is not at and tag_of(each) not in {"", "head", "script", "style", "noscript"}
        ]
        loose = [above.text, at.tail, *(each.tail for each in above)]
        if any(part and part.strip() for part in loose) or any("".join(map(str, e.itertext())).strip() for e in beside):
            return True
        at = above
    return False


def _take_out(element: "_Element") -> None:
    """Remove an element, but not the text behind it."""
    above = element.getparent()
    if above is not None:
        before = element.getprevious()
        if before is None:
            above.text = (above.text or "") + (element.tail or "")
        else:
            before.tail = (before.tail or "") + (element.tail or "")
        above.remove(element)


def _source(element: "_Element") -> str:
    address = element.get("src") or element.get("data-src") or element.get("{http://www.w3.org/1999/xlink}href") or ""
    return "" if address.startswith("data:") else address
