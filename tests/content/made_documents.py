"""Documents made by hand, byte by byte where need be: Word, EPUB, PDF."""

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_NAMES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_STYLES = (
    '<w:style w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:styleId="Mine"><w:name w:val="My own"/><w:basedOn w:val="Heading1"/></w:style>'
    '<w:style w:styleId="Circle"><w:name w:val="c"/><w:basedOn w:val="Circle"/></w:style>'
    '<w:style w:styleId="Title"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="Quote"><w:name w:val="Quote"/></w:style>'
    '<w:style w:styleId="Caption"><w:name w:val="caption"/></w:style>'
    '<w:style w:styleId="Code"><w:name w:val="HTML Preformatted"/></w:style>'
    '<w:style w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:styleId="ListBullet"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
    "</w:pPr></w:style>"
)
_NUMBERING = (
    '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>'
)


def zipped(members: Mapping[str, str | bytes], level: int = 6) -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def p(text: str, style: str = "", properties: str = "") -> str:
    """A paragraph of Word; `text` may hold runs of its own."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    runs = text if text.startswith(("<w:", "<mc:")) else run(text)
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{runs}</w:p>"


def run(text: str, properties: str = "") -> str:
    """A run of characters of Word."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def docx(body: str, extra: Mapping[str, str | bytes] | None = None) -> bytes:
    """A Word document with styles, lists, footnotes, headers and comments."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relationships = "".join(
        f'<Relationship Id="{name}" Type="{office}/{kind}" Target="{target}"{mode}/>'
        for name, kind, target, mode in [
            ("s", "styles", "styles.xml", ""),
            ("n", "numbering", "numbering.xml", ""),
            ("f", "footnotes", "/word/footnotes.xml", ""),
            ("h", "header", "header1.xml", ""),
            ("l", "hyperlink", "https://example.org/lamp(1)", ' TargetMode="External"'),
            ("i", "image", "media/image1.png", ""),
        ]
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{package}"><Relationship Id="d" Type="{office}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'{_HEAD}<Relationships xmlns="{package}">{relationships}</Relationships>',
        "word/document.xml": f"{_HEAD}<w:document {_NAMES}><w:body>{body}<w:sectPr/></w:body></w:document>",
        "word/styles.xml": f"{_HEAD}<w:styles {_NAMES}>{_STYLES}</w:styles>",
        "word/numbering.xml": f"{_HEAD}<w:numbering {_NAMES}>{_NUMBERING}</w:numbering>",
        "word/footnotes.xml": f'{_HEAD}<w:footnotes {_NAMES}><w:footnote w:type="separator" w:id="0">{p("x")}'
        f'</w:footnote><w:footnote w:id="2">{p("The note of it.")}</w:footnote></w:footnotes>',
        "word/header1.xml": f"{_HEAD}<w:hdr {_NAMES}>{p('Draft of May')}</w:hdr>",
    }
    return zipped({**members, **(extra or {})})


_CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def epub(
    pages: Mapping[str, str], contents: Mapping[str, str], extra: Mapping[str, str | bytes] | None = None
) -> bytes:
    """A book: `pages` are the bodies by file name, in order; `contents` what the table of contents calls them."""
    items = "".join(
        f'<item id="i{number}" href="{name}" media-type="application/xhtml+xml"/>' for number, name in enumerate(pages)
    )
    spine = "".join(f'<itemref idref="i{number}"/>' for number in range(len(pages)))
    links = "".join(f'<li><a href="{name}">{title}</a></li>' for name, title in contents.items())
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Lamp Book</dc:title></metadata>'
        '<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        f"{items}</manifest><spine>{spine}</spine></package>"
    )
    opened = (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head>'
    )
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": _CONTAINER,
            "OEBPS/book.opf": package,
            "OEBPS/nav.xhtml": f'{opened}<body><nav epub:type="toc"><ol>{links}</ol></nav></body></html>',
            **{f"OEBPS/{name}": f"{opened}<body>{body}</body></html>" for name, body in pages.items()},
            **(extra or {}),
        }
    )


@dataclass(frozen=True)
class Put:
    """A piece of text on a page of a PDF, in points from the lower left corner."""

    x: float
    y: float
    text: str
    size: float = 11
    bold: bool = False


def lines(texts: Sequence[str], *, top: float = 700, left: float = 72, indent: float = 0) -> list[Put]:
    """Lines of a paragraph, one under the other."""
    return [Put(left + (indent if number == 0 else 0), top - 13.5 * number, text) for number, text in enumerate(texts)]


def pdf(
    pages: Sequence[Sequence[Put]], extra: Sequence[bytes] = (), resources: bytes = b"", draw: bytes = b""
) -> bytes:
    """A PDF with these pages.

    `extra` are further objects, numbered from 5; `resources` go into every page's, `draw` into every page's drawing.
    """
    objects: list[bytes] = [b"", b"", _font(b"Helvetica"), _font(b"Helvetica-Bold"), *extra]
    kids = []
    for page in pages:
        stream = b"".join(
            b"BT /F%d %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n" % (1 + put.bold, put.size, put.x, put.y, _text(put.text))
            for put in page
        )
        packed = zlib.compress(stream + draw)
        objects.append(b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R/F2 4 0 R>>%s>>>>" % (len(objects), resources)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    return written(objects)


def written(objects: Sequence[bytes]) -> bytes:
    """Objects of a PDF, numbered from 1, the first being its root."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _font(name: bytes) -> bytes:
    return b"<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding/WinAnsiEncoding>>" % name


def _text(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
