"""SSML as Markdown with its tags in the lines: paragraphs of its own, everything about the voice where it stood."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import quoteattr

from studio.content.documents import Document
from studio.content.markup import Sheet, escaped, one_line
from studio.content.trees import tag_of, xml_tree
from studio.domain.errors import InputError

if TYPE_CHECKING:
    from lxml.etree import _Element

# SSML 1.1, section 3.
_KEPT: Final = frozenset(
    {"audio", "break", "emphasis", "lang", "mark", "phoneme", "prosody", "s", "say-as", "sub", "token", "voice", "w"}
)
_UNSAID: Final = frozenset({"desc", "lexicon", "lookup", "meta", "metadata"})
_STOPS: Final = frozenset(".!?…")
_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
_ONLY_BREAKS: Final = re.compile(r"(?:\s|<[^<>]*>)*")


def read(data: bytes, name: str) -> Document:
    """The text of an SSML document. Raises `InputError` where it is none."""
    root = xml_tree(data, name)
    if tag_of(root) != "speak":
        raise InputError(
            f"“{name}” is XML, but not SSML: it begins with <{tag_of(root)[:40]}> and not with <speak>.",
            "Save its text as Markdown, or as SSML.",
        )
    writer = _Writer()
    writer.add(root, ())
    writer.end(())
    return Document(writer.sheet.text, left_out=writer.sheet.left_out)


class _Writer:
    """Walks the elements once. What is open where a paragraph ends is closed there, and opened again in the next."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self._line: list[str] = []
        self._last = ""  # what was said last, between tags

    def add(self, element: "_Element", around: Sequence[str]) -> None:
        """What is in an element; `around` are the tags that are open, as they are written."""
        self._say(element.text)
        for child in element:
            tag = tag_of(child)
            if not tag:
                self.sheet.leave_out("comment")
            elif tag == "p" or (tag == "s" and not _in_paragraph(child)):
                self.end(around)
                self._line += around
                self.add(child, around)
                self.end(around)
                self._line += around
            elif tag in _UNSAID:
                self.sheet.leave_out(f"<{tag}>")
            elif tag in _KEPT:
                self._tagged(child, tag, around)
            else:
                self.sheet.leave_out(f"tag <{tag}>")
                self.add(child, around)
            self._say(child.tail)

    def end(self, around: Sequence[str]) -> None:
        """The text so far is a paragraph."""
        inline = "".join([*self._line, *(_closed(tag) for tag in reversed(around))])
        self._line, self._last = [], ""
        if not _ONLY_BREAKS.fullmatch(inline) or "<break" in inline:
            self.sheet.paragraph(one_line(inline))

    def _tagged(self, element: "_Element", tag: str, around: Sequence[str]) -> None:
        attributes = "".join(
            f" {key.replace(_XML, 'xml:').rpartition('}')[2]}={quoteattr(one_line(text))}"
            for key, text in element.attrib.items()
        )
        if not len(element) and not (element.text or "").strip():
            self._line.append(f"<{tag}{attributes}/>")
            return
        opened = f"<{tag}{attributes}>"
        self._line.append(opened)
        self.add(element, (*around, opened))
        while len(self._line) > 1 and self._line[-1].isspace():
            self._line.pop()
        if self._line[-1:] == [opened]:
            self._line.pop()  # it was opened again behind the last paragraph, and nothing followed
        else:
            self._line.append(_closed(opened))

    def _say(self, text: str | None) -> None:
        if text:
            if self._last in _STOPS and text[0].isalpha():
                self._line.append(" ")  # only tags part two sentences
            self._line.append(escaped(text))
            self._last = text[-1]


def _closed(opened: str) -> str:
    return f"</{opened[1:-1].split(maxsplit=1)[0]}>"


def _in_paragraph(element: "_Element") -> bool:
    return next(element.iterancestors("{*}p"), None) is not None
