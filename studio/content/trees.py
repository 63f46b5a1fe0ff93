"""XML and HTML from anywhere as trees: no entities, nothing fetched, and no more elements than memory has room for."""

import codecs
import html
import re
from typing import TYPE_CHECKING, Final

from studio.content.decoding import XML_DECLARED, declared
from studio.domain.errors import InputError

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_SIGNS: Final = 1_500_000  # “<” of one document: some 100 MB, and half a minute at the very most
_DECLARATION: Final = re.compile(r"\s*<\?xml\b[^>]{0,200}\?>")
_SUBSET: Final = re.compile(r"<!DOCTYPE\b[^>\[]{0,2000}\[|<!ENTITY\b", re.IGNORECASE)
_ENTITY: Final = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_OF_XML: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_FIRST_TAG: Final = re.compile(r"<[A-Za-z_][\w.:-]{0,100}")
_PREFIXED: Final = re.compile(r"[<\s]/?([A-Za-z_][\w.-]{0,60}):[A-Za-z_]")
_DECLARED_PREFIX: Final = re.compile(r"\bxmlns:([\w.-]{1,60})\s*=")
_TOO_DEEP: Final = "is nested too deeply to be a text"


def xml_tree(data: bytes | str, name: str) -> "_Element":
    """The root of an XML document. Raises `InputError`, which calls it `name`, where it is not sound or does harm."""
    from lxml import etree

    text = _xml_text(data, name) if isinstance(data, bytes) else data.lstrip("\ufeff")
    text = _DECLARATION.sub("", text, count=1)
    _check_size(text, name)
    start = re.search(r"<[A-Za-z_]", text)
    if _SUBSET.search(text, 0, start.start() if start else len(text)):
        raise _entities(name)
    text = _CONTROLS.sub("\ufffd", _ENTITY.sub(_as_character, text))
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        try:
            root = etree.fromstring(text.encode(), parser)
        except etree.XMLSyntaxError as error:
            if error.code != etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE:
                raise
            # Vendors show their SSML with prefixes that nobody declares: “<amazon:effect>”.
            root = etree.fromstring(_with_prefixes(text).encode(), parser)
    except etree.XMLSyntaxError as error:
        if "depth" in str(error):
            raise InputError(f"“{name}” {_TOO_DEEP}.", "Save it again with the program that made it.") from error
        if "entity" in str(error).lower():
            raise _entities(name) from error
        line = f" (line {error.lineno})" if error.lineno else ""
        raise InputError(
            f"“{name}” is damaged: its markup is not closed or not well formed{line}.",
            "Save it again with the program that made it, or mend the markup.",
        ) from error
    subset = root.getroottree().docinfo.internalDTD
    if subset is not None and any(True for _ in subset.iterentities()):
        raise _entities(name)
    return root


def html_tree(text: str, name: str) -> "_Element":
    """The root of a web page, however loosely it is written. Raises `InputError` where there is none."""
    from lxml import etree
    from lxml import html as pages

    _check_size(text, name)
    parser = pages.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    text = _CONTROLS.sub("\ufffd", _DECLARATION.sub("", text.lstrip("\ufeff"), count=1))
    try:
        root = pages.document_fromstring(text.encode(), parser=parser)
    except etree.ParserError as error:
        raise InputError(f"“{name}” holds no text.", "Open it in a browser, and save the page again.") from error
    if any("depth" in entry.message for entry in parser.error_log):
        raise InputError(f"“{name}” {_TOO_DEEP}.", "Copy the text out of a browser, and paste it.")
    return root


def tag_of(element: "_Element") -> str:
    """The name of an element without its namespace, in small letters; empty for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _with_prefixes(text: str) -> str:
    """The document with every prefix declared that it uses and does not declare."""
    undeclared = {*_PREFIXED.findall(text)} - {*_DECLARED_PREFIX.findall(text), "xml", "xmlns"}
    declared_here = "".join(f' xmlns:{prefix}="urn:{prefix}"' for prefix in sorted(undeclared))
    return _FIRST_TAG.sub(lambda found: found[0] + declared_here, text, count=1)


def _as_character(found: re.Match[str]) -> str:
    """A character for what HTML has a name for and XML has none; a name that nobody knows is text."""
    name = found[1]
    if name in _OF_XML:
        return found[0]
    character = html.unescape(found[0])
    return f"&amp;{name};" if character == found[0] else html.escape(character, quote=False)


def _xml_text(data: bytes, name: str) -> str:
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")
    if not encoding:
        encoding = declared(XML_DECLARED.search(data[:300])) or "utf-8"
    try:
        return data.decode(encoding).lstrip("\ufeff")
    except (UnicodeDecodeError, LookupError) as error:
        raise InputError(
            f"“{name}” is damaged: it is not the {encoding.upper()} it claims to be.",
            "Save it again as UTF-8.",
        ) from error


def _check_size(text: str, name: str) -> None:
    if text.count("<") > _MOST_SIGNS:
        raise InputError(f"“{name}” has more markup than a document of one episode has.", "Split it into several.")


def _entities(name: str) -> InputError:
    return InputError(
        f"“{name}” defines entities of its own, which may hide files or grow without an end.",
        "Take the DOCTYPE with its entities out of it.",
    )
