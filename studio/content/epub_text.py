"""A book (EPUB) as one Markdown text for each of its chapters, in reading order."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from studio.content.archives import Archive
from studio.content.decoding import decode_page
from studio.content.documents import Document
from studio.content.html_text import Page
from studio.content.markdown import is_numeral, read_blocks
from studio.content.markup import one_line
from studio.content.trees import html_tree, xml_tree
from studio.domain.errors import InputError
from studio.domain.script import BlockKind

if TYPE_CHECKING:
    from lxml.etree import _Element

_ENOUGH: Final = 40  # words of a chapter; less is a cover, a title page, a copyright notice
_PAGES: Final = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/x-dtbook+xml"})
_NO_CHAPTERS: Final = frozenset(
    {"cover", "titlepage", "halftitlepage", "copyright-page", "toc", "landmarks", "loi", "lot", "loa", "index"}
    | {"colophon", "bibliography", "glossary"}
)
_FONTS: Final = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
_SAVE: Final = "Open it in the program that made it, and save it again."
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Chapter:
    document: Document
    named: bool  # by the table of contents, or by a heading of its own
    words: int


def read(data: bytes, name: str) -> Sequence[Document]:
    """The chapters of a book. Raises `InputError` where it has none."""
    archive = Archive(data, name)
    _check_rights(archive, name)
    container = xml_tree(archive.read("META-INF/container.xml"), name)
    path = next((each.get("full-path", "") for each in container.iter("{*}rootfile")), "")
    package = xml_tree(archive.read(path), name)
    title = one_line(next((each.text or "" for each in package.iter("{http://purl.org/dc/elements/1.1/}title")), ""))
    items = {each.get("id", ""): each for each in package.iter("{*}item")}
    folder = posixpath.dirname(path)
    names = dict(_contents(archive, name, folder, items))
    kept: list[_Chapter] = []
    left: list[str] = []
    there = {reference.get("idref", ""): reference for reference in package.iter("{*}itemref")}  # each of them once
    for place, (identity, reference) in enumerate(there.items(), 1):
        item = items.get(identity)
        if item is None or item.get("media-type") not in _PAGES:
            continue
        part = _path(folder, item.get("href", ""))
        chapter = _chapter(archive, name, part, names.get(part, ""))
        is_contents = "nav" in item.get("properties", "").split()
        if reference.get("linear") == "no" or is_contents or chapter is None or chapter.words < _ENOUGH:
            if chapter is None or chapter.words:
                known = chapter.document.title if chapter is not None else names.get(part, "")
                left.append(known or f"{posixpath.basename(part)}")
        elif kept and not chapter.named and names:
            kept[-1] = _joined(kept[-1], chapter)
        else:
            kept.append(replace(chapter, document=replace(chapter.document, place=f"part {place}")))
    if not kept:
        raise InputError(f"“{name}” has no chapter with text in it.", "Drop a book with text, not one of pictures.")
    chapters = [_titled(each.document, title, number) for number, each in enumerate(kept, 1)]
    if left:
        quoted = ", ".join(f"“{each}”" for each in left)
        chapters[0] = replace(
            chapters[0], left_out=(*chapters[0].left_out, f"part of the book without a chapter ({quoted})")
        )
    return chapters


def _check_rights(archive: Archive, name: str) -> None:
    if "META-INF/encryption.xml" in archive.names:
        rights = xml_tree(archive.read("META-INF/encryption.xml"), name)
        if any(
            each.get("Algorithm") not in _FONTS for each in rights.iterfind(".//{*}EncryptedData/{*}EncryptionMethod")
        ):
            raise InputError(f"“{name}” is protected against copying.", "Get a copy without protection.")


def _contents(archive: Archive, name: str, folder: str, items: Mapping[str, "_Element"]) -> Iterator[tuple[str, str]]:
    """What the table of contents calls each part, by the part's path; the first name of each is behind the others."""
    found: list[tuple[str, str]] = []
    for item in items.values():
        part = _path(folder, item.get("href", ""))
        if part not in archive.names:
            continue
        if "nav" in item.get("properties", "").split():
            for nav in _page(archive, name, part).iter("{*}nav"):
                kind = nav.get("{http://www.idpf.org/2007/ops}type") or nav.get("epub:type") or "toc"
                for link in nav.iter("{*}a") if kind == "toc" else ():
                    text = one_line("".join(map(str, link.itertext())))
                    found.append((_path(posixpath.dirname(part), link.get("href", "")), text))
        elif item.get("media-type") == "application/x-dtbncx+xml":
            for point in xml_tree(archive.read(part), name).iter("{*}navPoint"):
                label, content = point.find("{*}navLabel/{*}text"), point.find("{*}content")
                if label is not None and content is not None:
                    target = _path(posixpath.dirname(part), content.get("src", ""))
                    found.append((target, one_line(label.text or "")))
    return reversed(found)


def _path(folder: str, reference: str) -> str:
    """Where in the archive a reference leads, without the place within the page."""
    return posixpath.normpath(posixpath.join("/", folder, unquote(reference.partition("#")[0]))).lstrip("/")


def _page(archive: Archive, name: str, part: str) -> "_Element":
    data = archive.read(part)
    try:
        return xml_tree(data, name)
    except InputError as error:
        if "entities" in error.message:
            raise
        return html_tree(decode_page(data, name), name)  # many books are not as well formed as they ought to be


def _chapter(archive: Archive, name: str, part: str, label: str) -> _Chapter | None:
    """One part of the book; None where it is no chapter by what it says itself."""
    if part not in archive.names:
        return None
    root = _page(archive, name, part)
    body = next(root.iter("{*}body"), root)
    kinds = {
        kind
        for each in (body, *body[:1])
        for kind in (each.get("{http://www.idpf.org/2007/ops}type") or each.get("epub:type") or "").split()
    }
    if kinds & _NO_CHAPTERS:
        return None
    page = Page(root)
    page.add(body)
    text = page.sheet.text
    blocks, _ = read_blocks(text)
    words = sum(len(_WORD.findall(text[each.start : each.end])) for each in blocks)
    has_heading = any(each.kind is BlockKind.HEADING and each.level <= 3 for each in blocks)
    return _Chapter(Document(text, label, page.sheet.left_out), bool(label) or has_heading, words)


def _joined(before: _Chapter, after: _Chapter) -> _Chapter:
    """A chapter that goes on in the next part."""
    one, two = before.document, after.document
    joined = replace(one, text=f"{one.text}\n\n{two.text}", left_out=(*one.left_out, *two.left_out))
    return replace(before, document=joined, words=before.words + after.words)


def _titled(chapter: Document, book: str, number: int) -> Document:
    """With the name of the book, where its own says nothing outside of it."""
    title = chapter.title
    if not title:
        return replace(chapter, title=f"{book}: part {number}" if book else "")
    return replace(chapter, title=f"{book}: {title}" if book and is_numeral(title) else title)
