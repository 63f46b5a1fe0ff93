"""What is broken, and what is built to do harm: one sentence, one cure, and the others go on."""

import io
import stat
import struct
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.content import archives
from studio.content.archives import Archive
from studio.content.documents import READERS, read_documents
from studio.content.intake import ScriptIntake
from studio.content.speech_text import spoken_form
from studio.domain.errors import InputError
from studio.domain.script import Script
from studio.domain.settings import Settings
from studio.engine.drafts import Draft
from tests.content.made_documents import Put, docx, epub, lines, p, pdf, written, zipped

RUSSIAN = "Привет, как дела? Это длинное предложение: как мы жили раньше. "
SPOKEN = "The lamp was lit, and it burned all through the night. "
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'
STOLEN = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
FETCHED = (
    '<!DOCTYPE x SYSTEM "http://169.254.169.254/latest/meta-data/" [<!ENTITY % p SYSTEM "http://127.0.0.1/"> %p;]>'
)


def told(path: Path, content: str | bytes) -> str:
    """The sentence and the cure that a bad file gets."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        ScriptIntake().drafts(path)
    error = caught.value
    assert path.name in error.message
    for sentence in (error.message, error.remedy):
        assert sentence.endswith(".")
        assert "\n" not in sentence
        assert len(sentence) < 400
    return str(error)


def made(path: Path, content: str | bytes) -> Script:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (draft,) = ScriptIntake().drafts(path)
    assert isinstance(draft, Draft)
    spoken = spoken_form(draft.script, Settings())
    assert spoken.utterances
    return draft.script


# --- text -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \t\r\n\xc2\xa0" * 10_000, "white space"),
        (b"\xef\xbb\xbf", "white space"),
        (b"\xff\xfe", "white space"),
        (b"one\0two\0three " * 100, "does not hold text"),
        (bytes(1000), "does not hold text"),
        (bytes(range(256)) * 50, "does not hold text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(128, 256)) * 9, ""),
        (SPOKEN.encode("utf-16")[:-1], "damaged"),
        (b"\xef\xbb\xbfcaf\xe9", "damaged"),
        (b"\x81\x8d\x8f\x90\x9d " * 40, "encoding cannot be told"),
        (("\u202e" * 500).encode(), "nothing in it to speak"),
        (("\u200b" * 500).encode(), "white space"),
        ("😀 🎉 ".encode() * 50, "nothing in it to speak"),
        (b"https://example.org/a https://example.org/b", "nothing in it to speak"),
        (b"* " * 100_000, "nothing in it to speak"),
        (b"> " * 100_000, "nothing in it to speak"),
        (b"```\n" + SPOKEN.encode() * 9, "only markup"),
        (b"<!-- " + SPOKEN.encode() + b"-->", "only markup"),
        (b"x" * 5_000_000, "too long"),
        (b"Hm.", "too short"),
        (b"{\\rtf1 hello}", "an RTF file"),
    ],
)
def test_text_of_which_nothing_can_be_spoken(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in told(tmp_path / "bad.md", content)


@pytest.mark.parametrize(
    ("content", "listed"),
    [
        ((SPOKEN * 1900)[:100_000].encode(), ()),
        (b"word" * 25_000 + b" and more", ()),
        ("a\u0301\u0302\u0303\u0304".encode() * 5_000 + b" and more", ()),
        (SPOKEN.encode("utf-16"), ()),
        (SPOKEN.encode("utf-16-be"), ()),
        (SPOKEN.encode("utf-32-le"), ()),
        (SPOKEN.replace("t", "\ud83d", 1).encode("utf-8", "surrogatepass"), ("half character",)),
        (SPOKEN.replace("t", "\udc00", 1).encode("utf-16", "surrogatepass"), ("half character",)),
        (("\u202eThe lamp\u202c was \u2066lit\u2069 at night.").encode(), ("mark of writing direction ×4",)),
        (("The la\u200bmp was lit \ufeffat night.").encode(), ("invisible character ×2",)),
        ((SPOKEN * 9).replace(" ", "\x07", 1).encode(), ("control character",)),
        (SPOKEN.replace(" ", "\r").encode(), ()),
        (b"[" * 50_000 + SPOKEN.encode(), ()),
        (b"<" * 50_000 + SPOKEN.encode(), ()),
        (b"*_`~" * 20_000 + SPOKEN.encode(), ()),
        (b"&" * 50_000 + SPOKEN.encode(), ()),
        (b"![" * 20_000 + b"](" * 20_000 + SPOKEN.encode(), ()),
        (b"- " * 20_000 + SPOKEN.encode(), ()),
        (b"\n" * 200_000 + SPOKEN.encode(), ()),
        (b"# " + b"long " * 20_000 + b"\n\n" + SPOKEN.encode(), ()),
        ("Café – déjà vu, they said, was lit.".encode("cp1252"), ()),
        ((RUSSIAN * 4).encode("koi8_r"), ()),
    ],
)
def test_odd_text_that_can_be_spoken(tmp_path: Path, content: bytes, listed: tuple[str, ...]) -> None:
    script = made(tmp_path / "odd.md", content)
    assert [hole.why for hole in script.skipped if hole.end == 0] == list(listed)
    script.text.encode()
    assert script.title.isprintable()


def test_one_bad_file_stops_no_other(tmp_path: Path) -> None:
    for name, content in [
        ("a.md", SPOKEN.encode()),
        ("b.docx", OLE),
        ("c.pdf", b"%PDF-"),
        ("d.html", PAGE_OK),
        ("e.json", b"{"),
    ]:
        (tmp_path / name).write_bytes(content)
    intake = ScriptIntake()
    found = intake.find([tmp_path])
    titles = []
    for path in found:
        with suppress(InputError):
            titles += [each.script.title for each in intake.drafts(path) if isinstance(each, Draft)]
    assert [path.name for path in found] == ["a.md", "b.docx", "c.pdf", "d.html"]  # nobody takes “e.json” for scripts
    assert titles == ["A", "The lamp"]


PAGE_OK = f"<h1>The lamp</h1><p>{SPOKEN}</p>".encode()

# --- XML ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "attack", [BOMB, STOLEN, FETCHED], ids=["billion laughs", "external entity", "parameter entity"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_wherever_xml_is_read(tmp_path: Path, attack: str, encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    ssml = f"{declared}{attack}<speak>{SPOKEN}&l9;&f;</speak>".encode(encoding)
    assert "entities" in told(tmp_path / "a.ssml", ssml)
    body = f'{declared}{attack}<w:document xmlns:w="w"><w:body><w:p><w:t>&l9;&f;</w:t></w:p></w:body></w:document>'
    assert "entities" in told(tmp_path / "a.docx", docx("", {"word/document.xml": body.encode(encoding)}))
    page = f"{declared}{attack}<html><body><p>&l9;&f;{SPOKEN * 9}</p></body></html>"
    assert "entities" in told(tmp_path / "a.epub", epub({"a.xhtml": ""}, {}, {"OEBPS/a.xhtml": page.encode(encoding)}))
    package = f"{declared}{attack}<package>&l9;&f;</package>"
    assert "entities" in told(
        tmp_path / "b.epub", epub({"a.xhtml": ""}, {}, {"OEBPS/book.opf": package.encode(encoding)})
    )


def test_entities_behind_a_comment_or_in_attributes_do_no_harm(tmp_path: Path) -> None:
    hidden = f'<?xml version="1.0"?><!-- <a> -->{BOMB}<speak x="&l11;">{SPOKEN}&l11;</speak>'
    assert "entities" in told(tmp_path / "a.ssml", hidden)


def test_a_page_of_the_web_does_not_know_entities(tmp_path: Path) -> None:
    script = made(tmp_path / "a.html", f"{STOLEN}<html><body><p>&f; {SPOKEN}</p></body></html>")
    assert "root:" not in script.text


def test_a_document_type_without_entities_is_no_attack(tmp_path: Path) -> None:
    public = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">'
    held = epub(
        {"a.xhtml": ""}, {}, {"OEBPS/a.xhtml": f"{public}<html><body><p>{SPOKEN * 9}&nbsp;&hellip;</p></body></html>"}
    )
    (tmp_path / "a.epub").write_bytes(held)
    (draft,) = ScriptIntake().drafts(tmp_path / "a.epub")
    assert isinstance(draft, Draft)
    assert "…" in draft.script.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<speak>" + "<prosody>" * 5_000 + SPOKEN + "</prosody>" * 5_000 + "</speak>", "nested too deeply"),
        ("<speak>" + SPOKEN, "not closed"),
        (f"<speak><p>{SPOKEN}</speak>", "not closed"),
        ("<speak/>", "white space"),
        ("<speak>" + "<s><p>" * 800_000, "more markup"),
        ("<html/>", "not with <speak>"),
        ("", "is empty"),
        (b"\xff\xfe<\0s\0p", "damaged"),
        (b'<?xml version="1.0" encoding="no-such"?><speak>Hm</speak>', "too short"),
        (b"<speak>\x01\x02 \0</speak>", "nothing in it to speak"),
    ],
)
def test_ssml_that_cannot_be_read(tmp_path: Path, content: str | bytes, words: str) -> None:
    assert words in told(tmp_path / "bad.ssml", content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<div>" * 5_000 + SPOKEN, "nested too deeply"),
        ("<table><tr><td>" * 2_000 + SPOKEN, "nested too deeply"),
        ("<p>" * 1_600_000, "more markup"),
        ("<!-- nothing -->", "holds no text"),
        ("<html><body><script>x</script></body></html>", "white space"),
        ("<p>Hm", "too short"),
        (b"\0\0\0\0", "is empty"),
    ],
)
def test_pages_that_cannot_be_read(tmp_path: Path, content: str | bytes, words: str) -> None:
    assert words in told(tmp_path / "bad.html", content)


@pytest.mark.parametrize(
    "content",
    [
        f"<p>{SPOKEN}" + "<b>" * 200 + "x",
        f"<p>{SPOKEN}<![CDATA[ x ]]><?php echo 1 ?></p>",
        f"<p>{SPOKEN}</p>" + "<article></article>" * 20_000,
        f"<p>{SPOKEN}</p>" + "<table><tr><td>a<td>b</table>" * 5_000,
        f"<p>{SPOKEN}</p>" + "<figure><img src=x></figure>" * 5_000,
        f"<p>{SPOKEN}<a href='javascript:alert(1)'>press</a><img src='data:image/png;base64,{'A' * 9_000}'></p>",
        f"<p>{SPOKEN}</p>" + "".join(f"<sup><a href='#n{n}'>{n}</a></sup>" for n in range(5_000)),
        f"<p>{SPOKEN}&#xD800;&#0;&#x110000;&nosuch;</p>",
    ],
)
def test_odd_pages_are_read(tmp_path: Path, content: str) -> None:
    script = made(tmp_path / "odd.html", content)
    assert "The lamp was lit" in script.text
    assert "javascript" not in script.text
    assert "base64" not in script.text


# --- archives -------------------------------------------------------------------------------------------------------


def _with_member(name: str, content: bytes = b"x", mode: int = 0) -> bytes:
    out = io.BytesIO(docx(p(SPOKEN)))
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, content)
    return out.getvalue()


def _patched(data: bytes, *, flag: int = 0, method: int | None = None, size: int | None = None) -> bytes:
    """An archive whose entries, all of them, say something else of themselves."""
    out = bytearray(data)
    for mark, flags, sizes in ((b"PK\x03\x04", 6, 22), (b"PK\x01\x02", 8, 24)):
        at = out.find(mark)
        while at >= 0:
            out[at + flags] |= flag
            if method is not None:
                struct.pack_into("<H", out, at + flags + 2, method)
            if size is not None:
                struct.pack_into("<L", out, at + sizes, size)
            at = out.find(mark, at + 4)
    return bytes(out)


@pytest.mark.parametrize("suffix", [".docx", ".epub"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (_with_member("../../etc/cron.d/x"), "leads out of it"),
        (_with_member("word/../../x"), "leads out of it"),
        (_with_member("/etc/passwd"), "leads out of it"),
        (_with_member("..\\..\\x"), "leads out of it"),
        (_with_member("C:\\x"), "leads out of it"),
        (_with_member("word/link", b"/etc/passwd", stat.S_IFLNK | 0o777), "a link to another place"),
        (zipped({"bomb": bytes(50_000_000)}, 9), "times its size"),
        (zipped({f"{number}": b"" for number in range(10_001)}, 0), "10,001 files"),
        (_patched(docx(p(SPOKEN)), flag=1), "protected with a password"),
        (_patched(docx(p(SPOKEN)), method=12), "packed in a way"),
        (_patched(docx(p(SPOKEN)), size=90_000_000), ""),
        (_patched(docx(p(SPOKEN)), size=3), ""),
        (docx(p(SPOKEN))[:-30], "damaged"),
        (b"PK\x03\x04" + bytes(100), "damaged"),
        (b"PK\x05\x06" + bytes(18), ""),
        (OLE + b"EncryptedPackage".decode().encode("utf-16-le"), "protected with a password"),
        (OLE + bytes(600), "an old kind"),
        (b"", "is empty"),
    ],
)  # fmt: skip
def test_archives_that_are_broken_or_do_harm(tmp_path: Path, suffix: str, content: bytes, words: str) -> None:
    assert words in told(tmp_path / f"bad{suffix}", content)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    out = io.BytesIO(docx(p(SPOKEN)))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", "<x/>")
    assert "two files of the same name" in told(tmp_path / "a.docx", out.getvalue())


def test_a_list_of_files_is_measured_before_it_is_read() -> None:
    data = bytearray(zipped({"a": b"x"}))
    at = data.rfind(b"PK\x05\x06")
    struct.pack_into("<L", data, at + 12, 90_000_000)
    with pytest.raises(InputError, match="too many files"):
        Archive(bytes(data), "a.docx")
    with pytest.raises(InputError, match="more than 4 GB"):
        Archive(bytes(data[:at]) + b"PK\x06\x07" + bytes(16) + bytes(data[at:]), "a.docx")


def test_what_is_read_again_and_again_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_LARGEST_MEMBER", 1000)
    archive = Archive(zipped({"a": b"x" * 900, "b": b"x" * 1001}), "a.epub")
    with pytest.raises(InputError, match="unpacks to more than"):
        archive.read("b")
    for _ in range(4):
        archive.read("a")
    with pytest.raises(InputError, match="unpacks to more than"):
        archive.read("a")


def test_parts_are_never_looked_for_outside(tmp_path: Path) -> None:
    (tmp_path / "secret.xml").write_text("<w><body><p><t>Secret words of the house.</t></p></body></w>")
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    rels = f'<Relationships><Relationship Id="d" Type="{office}" Target="{{}}"/></Relationships>'
    for target in ("../../secret.xml", f"file://{tmp_path}/secret.xml", str(tmp_path / "secret.xml")):
        assert "not a Word document" in told(tmp_path / "a.docx", docx("", {"_rels/.rels": rels.format(target)}))
    container = '<container><rootfiles><rootfile full-path="../secret.xml"/></rootfiles></container>'
    assert "lacks a part" in told(tmp_path / "a.epub", epub({}, {}, {"META-INF/container.xml": container}))


def test_books_that_cannot_be_read(tmp_path: Path) -> None:
    assert "no chapter" in told(tmp_path / "a.epub", epub({"a.xhtml": "<img src='x'/>"}, {}))
    rights = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData '
        'xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="{}"/></EncryptedData></encryption>'
    )
    page = {"a.xhtml": f"<p>{SPOKEN * 9}</p>"}
    locked = rights.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")
    assert "against copying" in told(tmp_path / "b.epub", epub(page, {}, {"META-INF/encryption.xml": locked}))
    fonts = rights.format("http://www.idpf.org/2008/embedding")
    (tmp_path / "c.epub").write_bytes(epub(page, {}, {"META-INF/encryption.xml": fonts}))
    assert len(ScriptIntake().drafts(tmp_path / "c.epub")) == 1
    again = "".join('<itemref idref="i0"/>' for _ in range(20_000))
    opf = (
        '<package><manifest><item id="i0" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        f"<spine>{again}</spine></package>"
    )
    (tmp_path / "d.epub").write_bytes(epub(page, {}, {"OEBPS/book.opf": opf}))
    assert len(ScriptIntake().drafts(tmp_path / "d.epub")) == 1


def test_word_documents_that_hold_nothing_or_too_much(tmp_path: Path) -> None:
    assert "nothing in it to speak" in told(tmp_path / "a.docx", docx(""))
    assert "no text in it" in told(tmp_path / "b.docx", docx("", {"word/document.xml": "<x/>"}))
    deep = "<w:sdt>" * 400 + p(SPOKEN) + "</w:sdt>" * 400
    assert "nested too deeply" in told(tmp_path / "c.docx", docx(deep))
    assert "times its size" in told(tmp_path / "d.docx", docx("<w:p/>" * 1_500_001))
    based = '<w:style w:styleId="{}"><w:basedOn w:val="{}"/></w:style>'
    circle = f'<w:styles xmlns:w="w">{based.format("A", "B")}{based.format("B", "A")}</w:styles>'
    made(tmp_path / "e.docx", docx(p(SPOKEN, "A"), {"word/styles.xml": circle}))


# --- PDF ------------------------------------------------------------------------------------------------------------


def _page(contents: bytes, resources: bytes = b"") -> bytes:
    packed = zlib.compress(contents)
    return written(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<<%s>>>>" % resources,
            b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
            b"<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/Length 1>>stream\nx\nendstream",
        ]
    )


def _locked() -> bytes:
    from pypdf import PdfWriter

    writer = PdfWriter(io.BytesIO(pdf([lines([SPOKEN])])))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


MANY = b"<</Type/Pages/Count 3000/Kids[" + b"3 0 R " * 3000 + b"]>>"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (_page(b"q 9 0 0 9 0 0 cm /I Do Q", b"/XObject<</I 5 0 R>>"), "is scanned"),
        (_page(b""), "has no text"),
        (_locked(), "protected with a password"),
        (b"%PDF-1.7\n", "damaged"),
        (pdf([lines([SPOKEN])])[:200], "damaged"),
        (b"Hello to all of you", "not a PDF"),
        (written([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 2/Kids[2 0 R 2 0 R]>>"]), "damaged"),
        (written([b"<</Type/Catalog/Pages 2 0 R>>", MANY, b"<</Type/Page/Parent 2 0 R>>"]), "3,000 pages"),
        (written([b"<</X " + b"[" * 90_000 + b">>", b"<</Type/Pages/Count 0/Kids[]>>"]), "damaged"),
        (_page(b"BT /F1 9 Tf (a) Tj ET\n" * 1_000_000), "draws more"),
        (pdf([[]], draw=b"BT /F1 9 Tf [" + b"(abc) -300 " * 600_000 + b"] TJ ET"), "draws more"),
        (pdf([[]], draw=b"BT /F1 9 Tf (" + b"a" * 5_100_000 + b") Tj ET"), "draws more"),
        (pdf([[Put(9, 700, "ok")]]), "too short"),
    ],
)
def test_pdfs_that_cannot_be_read(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in told(tmp_path / "bad.pdf", content)


def test_forms_that_draw_each_other_come_to_an_end(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    forms = []
    for number in range(7):
        draw = b"/X%d Do " % (number + 1) * 3 if number < 6 else b"BT /F1 9 Tf 1 0 0 1 9 9 Tm (ha) Tj ET"
        forms.append(
            b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F1 3 0 R>>/XObject<</X%d %d 0 R>>>>"
            b"/Length %d>>stream\n%s\nendstream" % (number + 1, 6 + number, len(draw), draw)
        )
    bomb = pdf([lines([SPOKEN])], forms, b"/XObject<</X0 5 0 R>>", b"/X0 Do")
    script = made(tmp_path / "forms.pdf", bomb)
    assert len(script.text) < 100_000
    itself = b"/Resources<</XObject<</X0 5 0 R>>>>"
    circle = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]%s/Length 6>>stream\n/X0 Do\nendstream" % itself
    made(tmp_path / "circle.pdf", pdf([lines([SPOKEN])], [circle], b"/XObject<</X0 5 0 R>>", b"/X0 Do"))
    assert not caplog.records


# --- anything -------------------------------------------------------------------------------------------------------

GOOD = {
    ".docx": docx(p(SPOKEN) + p("More", "Heading1")),
    ".epub": epub({"a.xhtml": f"<h1>A</h1><p>{SPOKEN * 9}</p>"}, {"a.xhtml": "A"}),
    ".pdf": pdf([lines([SPOKEN, SPOKEN])]),
    ".html": PAGE_OK,
    ".ssml": f"<speak><p>{SPOKEN}</p></speak>".encode(),
}


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(GOOD)),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=3)), max_size=12),
    st.floats(0, 1),
)
def test_whatever_is_done_to_a_document_it_is_read_or_refused(
    suffix: str, changes: list[tuple[float, bytes]], cut: float
) -> None:
    data = bytearray(GOOD[suffix])
    for place, content in changes:
        at = int(place * len(data))
        data[at : at + len(content)] = content
    for content in (bytes(data), bytes(data[: int(cut * len(data))])):
        with suppress(InputError):
            assert read_documents(content, suffix, f"any{suffix}")


def test_every_reader_has_its_attacks() -> None:
    assert {".htm", ".xhtml", ".xml", *GOOD} == set(READERS)
