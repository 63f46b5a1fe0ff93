"""What the paragraphs of a Word document are, by their styles, outline levels and lists."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from studio.content.trees import tag_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADING: Final = re.compile(r"(?:heading|überschrift|titre|título|titolo|kop|rubrik|заголовок) ?(\d)$", re.IGNORECASE)
_ANCESTORS: Final = 20  # of a style, where they run in a circle


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph: `heading` is its level, `depth` that of a list item, 0 where it is none.

    `list_id` and `level` are the list that it is of, for its number.
    """

    heading: int = 0
    depth: int = 0
    list_id: str = ""
    is_quote: bool = False
    is_caption: bool = False
    is_code: bool = False
    is_contents: bool = False


class Styles:
    """The styles and the lists of one document.

    Args:
        styles: The root of `styles.xml`; None where there is none.
        numbering: The root of `numbering.xml`.
    """

    def __init__(self, styles: "_Element | None", numbering: "_Element | None") -> None:
        self._styles = {} if styles is None else {value(each, "styleId"): each for each in styles.iterfind("{*}style")}
        self._formats = {} if numbering is None else _formats(numbering)
        self._counts: dict[tuple[str, int], int] = {}

    def of(self, paragraph: "_Element") -> Style:
        """What a paragraph is."""
        own = paragraph.find("{*}pPr")
        chain = [] if own is None else [own]
        names = []
        for style in self._chain(_child(own, "pStyle")):
            names.append(_child(style, "name").casefold())
            inherited = style.find("{*}pPr")
            if inherited is not None:
                chain.append(inherited)
        heading = next((int(found[1]) for name in names if (found := _HEADING.match(name))), 0)
        if not heading:
            outline = next((level for each in chain if (level := _child(each, "outlineLvl"))), "")
            heading = int(outline) + 1 if outline in {"0", "1", "2", "3", "4", "5"} else 0
        if not heading and any(name in {"title", "titel", "titre"} for name in names):
            heading = 1
        if not heading and "subtitle" in names:
            heading = 2
        list_id, depth = self._list(chain)
        said = " ".join(names)
        return Style(
            heading=heading,
            depth=0 if heading else depth,
            list_id=list_id,
            is_quote="quote" in said,
            is_caption="caption" in names,
            is_code=any(word in said for word in ("code", "preformatted", "source text", "macro")),
            is_contents=any(name.startswith("toc ") or name in {"toc heading", "index 1"} for name in names),
        )

    def next_number(self, style: Style) -> int | None:
        """The number of the next item of a list, None where it has bullets."""
        if self._formats.get((style.list_id, style.depth - 1), "bullet") in {"bullet", "none"}:
            return None
        key = (style.list_id, style.depth)
        for other in [each for each in self._counts if each[0] == style.list_id and each[1] > style.depth]:
            del self._counts[other]
        self._counts[key] = self._counts.get(key, 0) + 1
        return self._counts[key]

    def _chain(self, style_id: str) -> list["_Element"]:
        chain: list[_Element] = []
        while style_id in self._styles and len(chain) < _ANCESTORS:
            chain.append(self._styles[style_id])
            style_id = _child(chain[-1], "basedOn")
        return chain

    def _list(self, chain: list["_Element"]) -> tuple[str, int]:
        for properties in chain:
            numbering = properties.find("{*}numPr")
            if numbering is not None:
                list_id, level = _child(numbering, "numId"), _child(numbering, "ilvl") or "0"
                if not list_id or list_id == "0":  # taken out of the list of its style
                    return "", 0
                return list_id, min(int(level), 8) + 1 if level.isdecimal() else 1
        return "", 0


def unseen(run: "_Element") -> str:
    """What a run of characters is called that is not to be read; empty where it is."""
    properties = run.find("{*}rPr")
    if properties is None:
        return ""
    if _is_on(properties.find("{*}vanish")):
        return "hidden text"
    struck = any(_is_on(properties.find(f"{{*}}{name}")) for name in ("strike", "dstrike"))
    return "struck text" if struck else ""


def value(element: "_Element", name: str) -> str:
    """An attribute of an element, whatever its namespace; empty where it has none."""
    return next((text for key, text in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _child(element: "_Element | None", name: str) -> str:
    """The value that a child of this name has; empty where there is none."""
    child = None if element is None else element.find(f"{{*}}{name}")
    return "" if child is None else value(child, "val")


def _is_on(element: "_Element | None") -> bool:
    return element is not None and value(element, "val") not in {"0", "false", "off"}


def _formats(numbering: "_Element") -> dict[tuple[str, int], str]:
    """How the levels of each list are numbered."""
    abstract = {
        value(each, "abstractNumId"): [_child(level, "numFmt") for level in each if tag_of(level) == "lvl"]
        for each in numbering.iterfind("{*}abstractNum")
    }
    return {
        (value(each, "numId"), place): form
        for each in numbering.iterfind("{*}num")
        for place, form in enumerate(abstract.get(_child(each, "abstractNumId"), ()))
    }
