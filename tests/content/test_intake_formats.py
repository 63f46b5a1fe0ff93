"""Scripts in every format: what is spoken of each, and that the rest is listed and not lost."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studio.content.clean import cleaned_blocks
from studio.content.intake import ScriptIntake
from studio.content.markdown import read_blocks
from studio.content.markup import Sheet, escaped
from studio.content.speech_text import spoken_form
from studio.domain.errors import InputError
from studio.domain.script import BlockKind, Script
from studio.domain.settings import Settings
from studio.engine.drafts import Draft, Refusal
from tests.content.made_documents import Put, docx, epub, lines, p, pdf, run

KEPT = "The keeper sat beside it and counted the ships that went by on their way. "
CHAPTER = f"<p>{KEPT * 6}</p>"


def drafts(path: Path, content: str | bytes) -> Sequence[Draft | Refusal]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return ScriptIntake().drafts(path)


def script(path: Path, content: str | bytes) -> Script:
    (draft,) = drafts(path, content)
    assert isinstance(draft, Draft)
    return draft.script


def blocks(made: Script) -> list[tuple[str, str]]:
    return [(block.kind.value, made.text[block.start : block.end]) for block in made.blocks]


def said(made: Script) -> str:
    return " ".join(utterance.text for utterance in spoken_form(made, Settings()).utterances)


def left_out(made: Script) -> list[str]:
    return [hole.why for hole in made.skipped]


PAGE = """<!doctype html><html lang=en><head><title>The Lamp | Harbour News</title><style>p{}</style></head><body>
<header><nav><a href=/>Home</a></nav></header>
<article><h1>The <em>Lamp</em></h1>
<p>It was 2*3 fathoms, a&lt;b and c&gt;d. See <a href="https://x.y/a(b)">the page</a><sup><a href="#n1">1</a></sup>.</p>
<p># is no heading<br>- nor an item</p>
<ul><li>One<ul><li>Deeper</li></ul></li></ul><ol start=3><li><p>Three</p></li></ol>
<blockquote><p>Quoted words.</p></blockquote><pre>print("x")</pre>
<figure><img src="a b.png" alt="alt"><figcaption>A lamp, lit.</figcaption></figure>
<table><tr><th>a</th><th>b</th></tr><tr><td>1|2</td><td>2</td></tr></table>
<table role=presentation><tr><td><p>Laid out by a table.</p></td><td>Beside it.</td></tr></table>
<p>She said <q>so</q> twice. <del>Gone.</del></p><div hidden>Secret</div>
<ol><li id=n1>The note itself. <a href="#r1">back</a></li></ol>
<form>Subscribe</form><aside>Related</aside></article><footer>Copyright</footer><script>evil()</script></body></html>"""


def test_a_web_page_is_its_main_part(tmp_path: Path) -> None:
    made = script(tmp_path / "page.html", PAGE)
    assert made.title == "The Lamp"
    assert [kind for kind, _ in blocks(made)] == [
        *("heading", "paragraph", "paragraph", "list_item", "list_item", "list_item", "quote"),
        *("paragraph", "paragraph", "paragraph", "paragraph"),
    ]
    heard = said(made)
    for words in (
        "two times three",
        "See the page.",
        "is no heading",
        "Laid out by a table.",
        "Beside it.",
        "“so” twice",
    ):
        assert words in heard, words
    assert "a&lt;b and c>d" in made.text
    for words in (
        "Home",
        "Subscribe",
        "Related",
        "Copyright",
        "evil",
        "Secret",
        "Gone",
        "note itself",
        "print",
        "A lamp",
        "x.y",
    ):
        assert words not in heard, words
    assert {"navigation", "form"} & set(left_out(made)) == {"form"}
    assert {
        *("what stands around the main part of the page", "deleted text", "hidden text", "side note", "link address"),
        *("footnote mark", "footnote", "code", "image", "table"),
    } <= set(left_out(made))


def test_a_page_without_a_main_part_is_its_body_and_lists_the_rest(tmp_path: Path) -> None:
    made = script(
        tmp_path / "p.htm",
        "<title>A title of its own</title><nav><a href=x>Menu</a></nav>"
        "One lamp burned there.<br><br>Another one did not."
        "<footer>Imprint</footer><script>x</script>",
    )
    assert made.title == "A title of its own"
    assert [text for _, text in blocks(made)] == ["One lamp burned there.", "Another one did not."]
    assert sorted(left_out(made)) == ["navigation", "page footer", "script"]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ('<meta charset="windows-1251">', "cp1251"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">', "cp1252"),
        ('<?xml version="1.0" encoding="koi8-r"?>', "koi8_r"),
        ("<meta charset=utf-8>", "utf-16"),  # its mark goes before what it says
        ("<meta charset=ascii>", "utf-8-sig"),
    ],
)
def test_a_page_is_read_in_the_encoding_that_it_names(tmp_path: Path, declared: str, encoding: str) -> None:
    words = "Café “Zur Lampe” stood there" if encoding == "cp1252" else "Лампа горела всю ночь"
    made = script(tmp_path / "p.html", f"{declared}<p>{words}.</p>".encode(encoding))
    assert words in made.text


def test_a_word_document_keeps_its_structure(tmp_path: Path) -> None:
    table = "".join(
        f"<w:tr><w:tc>{p(a)}</w:tc><w:tc>{p(b)}</w:tc></w:tr>" for a, b in [("Year", "Ships"), ("1890", "12")]
    )
    picture = (
        '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="The lamp at night"/><a:blip r:embed="i"/>'
        "</wp:inline></w:drawing></w:r>"
    )
    words = f"<w:txbxContent>{p('Words of a text box.')}</w:txbxContent>"
    box = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{words}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{words}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("seven")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>'
    made = script(
        tmp_path / "lamp.docx",
        docx(
            p("The Lamp", "Title")
            + p("Contents of it ........ 3", "TOC1")
            + p("The First Night", "Heading1")
            + p(
                run("It cost 2*3 shillings")
                + "<w:del><w:r><w:delText>or four</w:delText></w:r></w:del><w:ins>"
                + run(", they say")
                + "</w:ins>"
                + '<w:r><w:footnoteReference w:id="2"/></w:r>'
                + run(". See ")
                + f'<w:hyperlink r:id="l">{run("the page")}</w:hyperlink>'
                + '<w:r><w:commentReference w:id="1"/></w:r>'
                + run(" of ")
                + field
                + run(" nights.")
                + run("Not this.", "<w:vanish/>")
                + run("Nor this.", "<w:strike/>")
            )
            + p("What he saw", "berschrift2")
            + p("One ship", "ListBullet")
            + p("Item one", "", number)
            + p("Item two", "", number)
            + p("Quoted words of his.", "Quote")
            + p(picture)
            + p("Figure 1: The lamp", "Caption")
            + p("print(1)", "Code")
            + f"<w:tbl>{table}</w:tbl>"
            + p("A box hangs here." + "", "Circle")
            + p(box)
            + p("His own heading", "Mine")
            + p("# is no heading, and that was the end of it.")
        ),
    )
    assert made.title == "The Lamp"
    assert [(block.kind, block.level) for block in made.blocks if block.kind is BlockKind.HEADING] == [
        (BlockKind.HEADING, 1),
        (BlockKind.HEADING, 1),
        (BlockKind.HEADING, 2),
        (BlockKind.HEADING, 1),
    ]
    assert "1. Item one\n2. Item two" in made.text
    heard = said(made)
    for words in (
        "they say",
        "See the page of seven nights.",
        "One ship",
        "Quoted words",
        "hangs here",
        "His own heading",
    ):
        assert words in heard, words
    assert heard.count("Words of a text box.") == 1
    for words in (
        "or four",
        "Not this",
        "Nor this",
        "Contents",
        "Figure",
        "print",
        "Year",
        "The note",
        "Draft",
        "at night",
    ):
        assert words not in heard, words
    assert left_out(made)[:6] == [
        *("line of a table of contents", "tracked deletion", "comment", "hidden text", "struck text", "page header"),
    ]
    assert {"image", "code", "table", "footnote", "footnote mark", "link address"} <= set(left_out(made))


def test_a_book_gives_its_chapters(tmp_path: Path) -> None:
    note = "<aside epub:type='footnote' id='f'>Its note.</aside>"
    pages = {
        "cover.xhtml": "<p>Cover</p>",
        "copyright.xhtml": f'<section epub:type="copyright-page">{CHAPTER}</section>',
        "one.xhtml": f"<h2>The First Night</h2>{CHAPTER}",
        "one-b.xhtml": f"<p>It went on.</p>{CHAPTER}",
        "two.xhtml": f"<p>&nbsp;No heading here&hellip;</p>{CHAPTER}{note}",
        "three.xhtml": f"<h1>III</h1>{CHAPTER}<br>",  # not well formed
    }
    titles = {"one.xhtml": "Chapter 1", "two.xhtml": "The Second Night", "three.xhtml": "III"}
    held = drafts(tmp_path / "book.epub", epub(pages, titles))
    made = [each.script for each in held if isinstance(each, Draft)]
    assert len(made) == len(held) == 3
    assert [each.title for each in made] == ["The First Night", "The Second Night", "The Lamp Book: III"]
    assert [each.source.rpartition("book.epub")[2] for each in made] == [", part 3", ", part 5", ", part 6"]
    assert "It went on." in made[0].text
    assert "part of the book without a chapter (“cover.xhtml”, “copyright.xhtml”)" in left_out(made[0])
    assert "\u00a0No heading here…".strip() in made[1].text.replace("\u00a0", "")
    assert left_out(made[1]) == ["footnote"]
    assert all(each.tabled for each in held if isinstance(each, Draft))
    with pytest.raises(InputError, match="holds 3 scripts"):
        ScriptIntake().read(tmp_path / "book.epub")


def test_a_pdf_has_its_paragraphs_again(tmp_path: Path) -> None:
    body = [
        "The lamp was lit at dusk, and it burned all through the night, while the kee-",
        "per sat beside it and counted the ships of that well-known and self-",
        "made man. A co-operative said so: self-made it was, and the work went on",
        "until the morning came.",
    ]
    second = ["In the morning the relief came along the shore, as he did on every other day"]
    after = ["of the week, and brought bread."]
    page = [Put(280, 760, "The keeper of the lamp", 9), Put(300, 30, "12", 9)]
    made = script(
        tmp_path / "lamp.pdf",
        pdf(
            [
                [
                    *(*page, Put(72, 730, "The Keeper of the Lamp", 20, bold=True), *lines(body, top=690, indent=14)),
                    *(*lines(second, top=636, indent=14), Put(72, 60, "1 A note below the text.", 8)),
                ],
                [
                    *(page[0], Put(300, 30, "13", 9), *lines(after, top=700)),
                    *(Put(72, 660, "What He Saw", 14, bold=True), Put(80, 630, "• One ship came by")),
                    *(
                        Put(80, 616, "• Two boats went out"),
                        Put(72, 590, "Nothing else was seen, and the fire went out."),
                    ),
                ],
                [*page[:1], Put(300, 30, "14", 9), *lines(["That was the end of the night and of the lamp."])],
            ]
        ),
    )
    assert made.title == "The Keeper of the Lamp"
    assert blocks(made) == [
        ("heading", "The Keeper of the Lamp"),
        (
            "paragraph",
            (
                "The lamp was lit at dusk, and it burned all through the night, while the keeper sat beside it and "
                "counted the ships of that well-known and self-made man. A co-operative said so: self-made it was, and "
                "the work went on until the morning came."
            ),
        ),
        (
            "paragraph",
            f"{second[0]} {after[0]}",
        ),
        ("heading", "What He Saw"),
        ("list_item", "One ship came by"),
        ("list_item", "Two boats went out"),
        ("paragraph", "Nothing else was seen, and the fire went out."),
        ("paragraph", "That was the end of the night and of the lamp."),
    ]
    assert left_out(made) == ["page number ×3", "running title of a page ×3", "footnote"]


def test_lines_that_come_on_every_page_are_kept_where_they_are_the_text(tmp_path: Path) -> None:
    refrain = ["And still the lamp burned on, and nobody on the whole of the coast had slept.", "So it went."]
    made = script(tmp_path / "song.pdf", pdf([lines(refrain) for _ in range(4)]))
    assert said(made).count("And still the lamp burned on") == 4


def test_ssml_keeps_its_tags_in_the_lines(tmp_path: Path) -> None:
    ssml = (
        '<?xml version="1.0"?><speak version="1.1" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US">'
        "<metadata>x</metadata>"
        '<p>The lamp <break time="1s"/> was <emphasis level="strong">lit</emphasis> &amp; burned.</p>'
        '<prosody rate="slow"><p><s>One came</s> <s>Two went.</s></p><p>Three stayed.</p></prosody>'
        '<x:express-as xmlns:x="u">Happy words came.</x:express-as></speak>'
    )
    made = script(tmp_path / "lamp.ssml", ssml)
    assert made.text.split("\n\n") == [
        'The lamp <break time="1s"/> was <emphasis level="strong">lit</emphasis> & burned.',
        '<prosody rate="slow"><s>One came</s> <s>Two went.</s></prosody>',
        '<prosody rate="slow">Three stayed.</prosody>',
        "Happy words came.",
    ]
    assert left_out(made)[:2] == ["<metadata>", "tag <express-as>"]
    assert script(tmp_path / "lamp.xml", ssml).text == made.text
    (pasted,) = ScriptIntake().text_drafts(ssml, "Pasted text")
    assert isinstance(pasted, Draft)
    assert pasted.script.text == made.text
    with pytest.raises(InputError, match="XML, but not SSML"):
        drafts(tmp_path / "rss.xml", "<rss><channel/></rss>")


def test_front_matter_gives_settings_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "house.toml").write_text("")
    (tmp_path / "notes.md").write_text("Notes on it.")
    text = (
        '---\ntitle: "Yes"\nminutes: "12:30"\nvoice: builtin:heart\nbrand: house.toml\nlanguage: en-GB\n'
        "priority: high\n"
        "sources:\n  - notes.md\n  - https://example.org/a\nbrief: >\n  About\n  it\n"
        "tags: [a, b]\ndate: 2026-01-01\n---\n\n"
        "The lamp was lit, and it burned all night.\n"
    )
    (draft,) = drafts(tmp_path / "s.md", text)
    assert isinstance(draft, Draft)
    assert draft.script.title == "Yes"
    assert json.loads(draft.values) == {
        "voice": "builtin:heart",
        "brand": str(tmp_path / "house.toml"),
        "language": "en",
        "minutes": 12.5,
        "sources": f"{tmp_path / 'notes.md'}\nhttps://example.org/a",
    }
    assert draft.priority == 10
    assert "“tags”, “date”" in draft.note
    assert "A brief is used only" in draft.note
    assert left_out(draft.script) == ["front matter"]
    folded = "---\ntitle: >\n  The lamp\n  of the harbour\n---\n\nThe lamp was lit, and it burned all night.\n"
    assert script(tmp_path / "f.md", folded).title == "The lamp of the harbour"


@pytest.mark.parametrize(
    ("matter", "note"),
    [
        ("a: &a [x]\nb: *a\ntitle: One", "refers to itself"),
        ("title: [" + "[" * 30 + "]" * 31, "nested too deeply"),
        ("title: 'never closed", "line 2"),
        ("language: Klingon", "“language: Klingon”"),
        ("minutes: 100000", "“minutes: 100000”"),
        ("priority: 0.8", "“priority: 0.8”"),
        ("voice: {of: her}", "“voice”"),
        ("!!python/object:os.system x: y", ""),
    ],
)
def test_a_front_matter_that_cannot_be_used_is_noted_and_the_script_goes_on(
    tmp_path: Path, matter: str, note: str
) -> None:
    (draft,) = drafts(tmp_path / "s.md", f"---\n{matter}\n---\n\nThe lamp was lit, and it burned all night.\n")
    assert isinstance(draft, Draft)
    assert note in draft.note
    assert not draft.values


@pytest.mark.parametrize(
    ("matter", "words"), [("voice: Rachel", "PROVIDER:NAME"), ("brand: gone.toml", "no brand file")]
)
def test_a_front_matter_whose_mistake_would_cost_money_is_refused(tmp_path: Path, matter: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        drafts(tmp_path / "s.md", f"---\n{matter}\n---\n\nThe lamp was lit, and it burned all night.\n")
    assert "“s.md”" in caught.value.message


def test_every_kind_is_found_in_folders_and_what_only_lies_there_is_not(tmp_path: Path) -> None:
    taken = ["a.docx", "b.epub", "c.html", "d.json", "e.md", "f.pdf", "g.ssml", "h.xml", "i.csv", "j.XHTML"]
    for name in [*taken, "~$a.docx", "README.html", "c_files/ad.html", "LICENSE.pdf", "x.odt"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "d.json").write_text('[{"title": "One", "brief": "About it."}]')
    (tmp_path / "package.json").write_text('{"name": "left-pad", "version": "1.0.0", "description": "x"}')
    (tmp_path / "people.csv").write_text("name,email,phone\nAnn,a@b.c,1\n")
    (tmp_path / "i.csv").write_text("title,brief\nOne,About it.\n")
    (tmp_path / "h.xml").write_text("<speak>Hello to all.</speak>")
    (tmp_path / "feed.xml").write_text("<rss/>")
    assert [path.name for path in ScriptIntake().find([tmp_path])] == taken
    with pytest.raises(InputError) as caught:
        ScriptIntake().find([tmp_path / "x.odt"])
    for kind in ("Markdown", "Word (.docx)", "web pages", "EPUB", "PDF", "SSML", ".json"):
        assert kind in caught.value.message


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=120))
@example("R&amp;D, &#65; and a<b>c \\* d")
@example("*")
@example("1. *a* _b_ ~~c~~ `d`")
def test_plain_text_comes_out_of_markdown_as_it_went_in(text: str) -> None:
    sheet = Sheet()
    sheet.paragraph(escaped(" ".join(text.split())))
    found, skipped = read_blocks(sheet.text)
    # What the rules for plain text leave out (emoji, links, footnote marks) is left out of this as well, and listed.
    if not skipped and found:
        (block,) = found
        assert block.kind is BlockKind.PARAGRAPH
        made = Script("", "", sheet.text, found, skipped)
        ((_, cleaned),) = cleaned_blocks(made)
        assert [char for char in cleaned.text if char.isalnum() or char in "*_`#<>&"] == [
            char for char in " ".join(text.split()) if char.isalnum() or char in "*_`#<>&"
        ]


def test_kinds_are_told_by_their_content_where_the_name_lies(tmp_path: Path) -> None:
    for name, content, words in [
        ("a.docx", b"%PDF-1.7", "not a Word document"),
        ("a.pdf", docx(p("Hello to all.")), "not a PDF"),
        ("a.epub", b"<html>", "not an EPUB book"),
        ("a.html", docx(p("Hello to all.")), "not a web page"),
        ("a.ssml", b"%PDF-1.7", "not SSML"),
        ("a.docx", epub({"a.xhtml": CHAPTER}, {}), "not a Word document"),
    ]:
        with pytest.raises(InputError, match=words) as caught:
            drafts(tmp_path / name, content)
        assert caught.value.remedy


def test_what_nobody_sees_is_listed_and_not_in_titles(tmp_path: Path) -> None:
    made = script(
        tmp_path / "s.md",
        "# The \u202elamp\u202c\n\nIt was\u200b lit,\x02 and it \u2067burned\u2069 all night.\n" + KEPT * 5,
    )
    assert left_out(made) == ["mark of writing direction ×4", "invisible character", "control character"]
    assert "\u202e" not in made.title
    assert said(made).count("lit") == 1


def test_reading_leaves_nothing_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    broken = pdf([lines(["The lamp was lit, and it burned all night."])]).replace(b"startxref\n", b"startxref\n9")
    for name, content in [
        ("a.pdf", broken),
        ("b.html", PAGE.encode()),
        ("c.docx", docx(p("The lamp was lit at night."))),
    ]:
        assert drafts(tmp_path / name, content)
    assert not caplog.records


def test_a_file_name_of_any_bytes_is_told(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.docx"))
    with pytest.raises(InputError) as caught:
        drafts(path, b"PK\x03\x04broken")
    caught.value.message.encode()
