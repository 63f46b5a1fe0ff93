"""A Word document as Markdown, by its parts: what people wrote, in the order in which they wrote it."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from studio.content.archives import Archive
from studio.content.documents import Document
from studio.content.docx_styles import Styles, unseen, value
from studio.content.markup import Sheet, escaped, note_mark, one_line
from studio.content.trees import tag_of, xml_tree
from studio.domain.errors import InputError

if TYPE_CHECKING:
    from lxml.etree import _Element

_RELATIONSHIP: Final = "{*}Relationship"
_ID: Final = re.compile(r"\}(?:id|embed|link|pict)$")
_DROPPED: Final = {
    "del": "tracked deletion",
    "movefrom": "tracked deletion",
    "commentreference": "comment",
    "omath": "formula",
    "object": "embedded object",
    "chart": "chart",
    "rt": "reading aid",
    "fallback": "",  # the same once more, for older programs
}
_PLAIN: Final = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "nobreakhyphen": "-", "softhyphen": ""}
_PAGE_PARTS: Final = ("header", "footer")


@dataclass(frozen=True, slots=True)
class _Related:
    """What a part refers to: its target by its id, and by its kind."""

    by_id: Mapping[str, str]
    by_kind: Mapping[str, tuple[str, ...]]


def read(data: bytes, name: str) -> Document:
    """The text of a document. Raises `InputError` where it is none."""
    archive = Archive(data, name)
    main = next(iter(_related(archive, "", name).by_kind.get("officedocument", ())), "word/document.xml")
    if main not in archive.names:
        raise InputError(f"“{name}” is not a Word document, whatever its name says.", "Save it as a .docx file.")
    related = _related(archive, main, name)
    tree = xml_tree(archive.read(main), name)
    body = next(tree.iter("{*}body"), None)
    if body is None:
        raise InputError(f"“{name}” has no text in it.", "Open it in the program that made it, and save it again.")

    def parts(kind: str) -> Iterator["_Element"]:
        for part in related.by_kind.get(kind, ()):
            if part in archive.names:
                yield xml_tree(archive.read(part), name)

    styles = Styles(next(parts("styles"), None), next(parts("numbering"), None))
    writer = _Writer(styles, related)
    writer.add(body)
    for kind in ("footnote", "endnote"):
        for notes in parts(f"{kind}s"):
            writer.add_notes(notes, kind)
    for kind in _PAGE_PARTS:
        texts = {one_line("".join(map(str, part.itertext()))) for part in parts(kind)}
        writer.sheet.leave_out(f"page {kind}", len(texts - {""}))
    return Document(writer.sheet.text, left_out=writer.sheet.left_out)


def _related(archive: Archive, part: str, name: str) -> _Related:
    folder, file = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{file}.rels")
    by_id: dict[str, str] = {}
    by_kind: dict[str, list[str]] = {}
    if path in archive.names:
        for each in xml_tree(archive.read(path), name).iter(_RELATIONSHIP):
            target = each.get("Target", "")
            if each.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            by_id[each.get("Id", "")] = target
            by_kind.setdefault(each.get("Type", "").rpartition("/")[2].lower(), []).append(target)
    return _Related(by_id, {kind: tuple(targets) for kind, targets in by_kind.items()})


class _Writer:
    """Writes the paragraphs and tables of one document; they are at most 256 deep."""

    def __init__(self, styles: Styles, related: _Related) -> None:
        self.sheet = Sheet()
        self._styles = styles
        self._related = related
        self._fields: list[bool] = []  # of the fields that are open, whether their result has begun

    def add(self, body: "_Element") -> None:
        """Blocks in their order."""
        for element in body:
            tag = tag_of(element)
            if tag == "p":
                self._paragraph(element)
            elif tag == "tbl":
                self._table(element)
            elif tag in _DROPPED:
                self._leave_out(element, tag)
            elif tag in {"sdt", "sdtcontent", "customxml", "ins", "moveto", "alternatecontent", "choice", "smarttag"}:
                if _is_contents(element):
                    self.sheet.leave_out("table of contents")
                else:
                    self.add(element)
            elif tag == "altchunk":
                self.sheet.leave_out("embedded document")

    def add_notes(self, notes: "_Element", kind: str) -> None:
        """The footnotes, or the endnotes."""
        for note in notes:
            if value(note, "type") in {"", "normal"}:
                self.sheet.note(f"{kind}-{value(note, 'id')}", " ".join(self._inline(p) for p in note.iter("{*}p")))

    def _paragraph(self, element: "_Element") -> None:
        style = self._styles.of(element)
        inline = self._inline(element)
        if not inline.strip():
            pass  # but a text box may hang on it
        elif style.is_contents:
            self.sheet.leave_out("line of a table of contents")
        elif style.is_caption:
            # Beside the picture that it is of, as words that nobody speaks.
            self.sheet.paragraph(self.sheet.picture(one_line("".join(_plain(element))), "caption"))
        elif style.heading:
            self.sheet.heading(style.heading, inline)
        elif style.is_code:
            self.sheet.code("".join(_plain(element)))
        elif style.depth:
            self.sheet.item(inline, style.depth, self._styles.next_number(style))
        elif style.is_quote:
            self.sheet.quote(inline)
        else:
            self.sheet.paragraph(inline)
        for box in element.iter("{*}txbxContent"):
            # What a text box holds stands behind the paragraph that it hangs on.
            if next(box.iterancestors("{*}Fallback", "{*}del"), None) is None and _nearest(box, element):
                self.add(box)

    def _table(self, element: "_Element") -> None:
        rows = [[cell for cell in row.iterdescendants("{*}tc") if _row_of(cell) is row] for row in _rows(element)]
        if max(map(len, rows), default=0) < 2 or next(element.iterdescendants("{*}tbl"), None) is not None:
            for row in rows:  # it only places things on the page
                for cell in row:
                    self.add(cell)
            return
        self.sheet.table([[" ".join(map(self._inline, cell.iter("{*}p"))) for cell in row] for row in rows])

    def _inline(self, element: "_Element") -> str:
        parts: list[str] = []
        for child in element:
            tag = tag_of(child)
            if tag == "t":
                if self._is_shown:
                    parts.append(escaped(child.text or ""))
            elif tag in _PLAIN:
                parts.append("" if tag == "br" and value(child, "type") == "page" else _PLAIN[tag])
            elif tag == "r" and (why := unseen(child)):
                self.sheet.leave_out(why, 1 if "".join(_plain(child)).strip() else 0)
            elif tag in _DROPPED:
                self._leave_out(child, tag)
            else:
                parts.append(self._special(child, tag))
        return "".join(parts)

    def _special(self, element: "_Element", tag: str) -> str:
        """What is neither text nor left out: fields, notes, pictures, links, and whatever holds more text."""
        match tag:
            case "fldchar":
                self._field(value(element, "fldCharType"))
            case "footnotereference" | "endnotereference":
                return note_mark(f"{tag.removesuffix('reference')}-{value(element, 'id')}")
            case "drawing" | "pict":
                return self._picture(element)
            case "sym":
                return escaped(_symbol(value(element, "char")))
            case "hyperlink":
                return self._link(element)
            case "txbxcontent" | "instrtext" | "deltext" | "ppr" | "rpr":
                pass
            case _:
                return self._inline(element)
        return ""

    @property
    def _is_shown(self) -> bool:
        """Whether text is what a reader sees, and not the code of a field."""
        return all(self._fields)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif self._fields and kind == "separate":
            self._fields[-1] = True
        elif self._fields and kind == "end":
            self._fields.pop()

    def _link(self, element: "_Element") -> str:
        inline = self._inline(element)
        address = next(
            (self._related.by_id.get(text, "") for key, text in element.attrib.items() if _ID.search(key)), ""
        )
        is_link = bool(address) and "![" not in inline and "\n" not in inline
        return self.sheet.link(inline, address) if is_link else inline

    def _picture(self, element: "_Element") -> str:
        words = next((each.get("descr") or each.get("title") or "" for each in element.iter("{*}docPr")), "")
        blips = (each.attrib for each in element.iter("{*}blip", "{*}imagedata"))
        ids = [text for attributes in blips for key, text in attributes.items() if _ID.search(key)]
        if ids:
            return self.sheet.picture(words, posixpath.basename(self._related.by_id.get(ids[0], "")))
        if next(element.iter("{*}txbxContent"), None) is None:
            self.sheet.leave_out("chart" if next(element.iter("{*}chart"), None) is not None else "drawing")
        return ""

    def _leave_out(self, element: "_Element", tag: str) -> None:
        if _DROPPED[tag] and (tag not in {"del", "movefrom"} or "".join(_plain(element, deleted=True)).strip()):
            self.sheet.leave_out(_DROPPED[tag])


def _rows(table: "_Element") -> Iterator["_Element"]:
    return (row for row in table.iterdescendants("{*}tr") if next(row.iterancestors("{*}tbl"), None) is table)


def _row_of(cell: "_Element") -> "_Element | None":
    return next(cell.iterancestors("{*}tr"), None)


def _nearest(box: "_Element", paragraph: "_Element") -> bool:
    """Whether a text box hangs on this paragraph itself, and not on one inside of another box."""
    return next(box.iterancestors("{*}p"), None) is paragraph


def _plain(element: "_Element", *, deleted: bool = False) -> Iterator[str]:
    for each in element.iter("{*}t", "{*}tab", "{*}br", "{*}delText" if deleted else "{*}noBreakHyphen"):
        tag = tag_of(each)
        yield each.text or "" if tag in {"t", "deltext"} else _PLAIN[tag]


def _is_contents(element: "_Element") -> bool:
    """Whether a control is the table of contents that Word makes."""
    gallery = next(element.iterfind("{*}sdtPr/{*}docPartObj/{*}docPartGallery"), None)
    return gallery is not None and value(gallery, "val") == "Table of Contents"


def _symbol(code: str) -> str:
    """A character of a symbol font: the ones that people put into lists and arrows have no words."""
    number = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,6}", code) else 0
    return chr(number) if 0x20 < number < 0xD800 else "\N{BULLET}"
